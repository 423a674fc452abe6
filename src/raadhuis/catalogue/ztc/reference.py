"""The national retention list (selectielijst 2020), in the shape of the reference-list API, from our own shelf.

In: an address of anybody's reference-list API, or an id. Out: the row. Always holds: nothing outside is asked; a row is
known by its id, wherever the address says it is served.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

SHELF = Path(__file__).with_name("selectielijst")
LISTS = ("procestypen", "resultaten", "resultaattypeomschrijvingen")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_TERM = "nihil"
LIFETIME = "ingeschatte_bestaansduur_procesobject"


@lru_cache(maxsize=3)
def rows(name: str) -> dict[str, dict[str, Any]]:
    """A list by id. Raises KeyError for a list that is not there."""
    if name not in LISTS:
        raise KeyError(name)
    found: list[dict[str, Any]] = orjson.loads((SHELF / f"{name}.json").read_bytes())
    return {str(row["url"]): row for row in found}


def find(name: str, url: str) -> dict[str, Any] | None:
    """The row that an address names; None when it names none of this list."""
    head, _, last = url.rstrip("/").rpartition("/")
    if not _ID.fullmatch(last) or not head.endswith(f"/{name}"):
        return None
    return rows(name).get(last)
