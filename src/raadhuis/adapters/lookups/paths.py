"""Paths that stay below the address of a service, whatever is filled in.

Comes in: a path with `{places}` from a definition, and values. Goes out: a percent-encoded path.
Always holds: what is filled in stays one segment, or a part of one; no segment climbs, also not after decoding it
several times, as some servers and proxies do.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote

_PLACE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\}")
_ENCODED: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LITERAL: Final = "/!$&'()*+,;=:@"
_DECODED_TIMES = 3
MOST_FILLED: Final = 200
LONGEST: Final = 2000


class BadPath(ValueError):
    """This path could lead elsewhere; the message holds nothing of it."""


def places_in(template: str) -> list[str]:
    """The names between braces."""
    return _PLACE.findall(template)


def fill_path(template: str, say: Callable[[str], str | None]) -> str | None:
    """The path with its places filled; None when `say` does not know one, or knows "". Raises BadPath."""
    parts: list[str] = []
    for number, part in enumerate(_PLACE.split(template)):
        if not number % 2:
            parts.append(quote(part, safe=_LITERAL))
            continue
        value = say(part)
        if not value:
            return None
        if len(value) > MOST_FILLED:
            raise BadPath("too long")
        parts.append(quote(value, safe=""))
    return safe_path("".join(parts))


def safe_path(path: str) -> str:
    """The same path, with one slash before it. Raises BadPath for what is no path below an address."""
    if len(path) > LONGEST or not _ENCODED.fullmatch(path):
        raise BadPath("not a path")
    seen = path
    for _ in range(_DECODED_TIMES + 1):
        if _CONTROL.search(seen) or any(_climbs(part) for part in re.split(r"[/\\]", seen)):
            raise BadPath("climbs")
        seen = unquote(seen, errors="replace")
    return "/" + path.lstrip("/")


def _climbs(segment: str) -> bool:
    # Some servers leave out what follows a semicolon.
    return segment.split(";")[0].strip() in {".", ".."}
