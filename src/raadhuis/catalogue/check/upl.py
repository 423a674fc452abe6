"""The national product list (Uniforme Productnamenlijst): which names and URIs exist.

In: name and URI of a definition. Out: a finding when the list does not know them. Always holds: the list is the one
of municipalities, version 30 April 2025 (open data of standaarden.overheid.nl), kept beside this file as `upl.csv`.
"""

import csv
import difflib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from raadhuis.catalogue.schema import Upl
from raadhuis.rules.schema import Finding


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """URI by name, for every product of municipalities."""
    with Path(__file__).with_name("upl.csv").open(encoding="utf-8", newline="") as file:
        return {row["naam"]: row["uri"] for row in csv.DictReader(file)}


def check_upl(upl: Upl | None) -> Iterator[Finding]:
    """Whether name and URI stand in the list, and belong together."""
    if upl is None:
        message = "Zoek het product op in de landelijke productenlijst (UPL): zo vinden landelijke sites deze dienst."
        yield Finding("upl-missing", "upl", message, "warning")
        return
    known = names()
    if upl.name not in known:
        close = difflib.get_close_matches(upl.name, known, n=3, cutoff=0.5)
        hint = f" Bedoelt u {' of '.join(f'“{name}”' for name in close)}?" if close else ""
        message = f"“{upl.name}” staat niet in de landelijke productenlijst (UPL).{hint}"
        yield Finding("upl-unknown", "upl.name", message)
    elif known[upl.name] != upl.uri:
        message = f"De URI hoort niet bij “{upl.name}”. In de lijst staat: {known[upl.name]}"
        yield Finding("upl-uri", "upl.uri", message)
