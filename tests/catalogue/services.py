"""The example services, one that uses what they do not (STALL), and a way to break one in one place."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

import raadhuis.site
from raadhuis.catalogue.check import check
from raadhuis.catalogue.loading import Loaded, load
from raadhuis.rules.schema import Finding

FOLDER = Path(raadhuis.site.__file__).parent / "example" / "services"
NAMES = sorted(file.stem for file in FOLDER.glob("*.yaml"))
STALL = "standplaats"
REMOVE = object()


class _Plain(yaml.SafeDumper):
    """Writes everything out: a definition has no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@lru_cache
def text(name: str) -> str:
    folder = Path(__file__).parent if name == STALL else FOLDER
    return (folder / f"{name}.yaml").read_text(encoding="utf-8")


def whole(name: str) -> Loaded:
    return load(text(name), f"{name}.yaml")


def broken(name: str, changes: dict[str, Any]) -> Loaded:
    """The service with other values at these dotted paths; "+" as last part appends, REMOVE removes."""
    document = msgspec.to_builtins(whole(name).definition)
    for path, value in changes.items():
        *above, last = path.split(".")
        place = document
        for part in above:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        if last == "+":
            place.append(value)
        elif value is REMOVE:
            del place[int(last) if isinstance(place, list) else last]
        else:
            place[int(last) if isinstance(place, list) else last] = value
    return load(yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False), f"{name}.yaml")


def found(name: str, changes: dict[str, Any]) -> list[Finding]:
    return check(broken(name, changes))


def codes(name: str, changes: dict[str, Any]) -> set[tuple[str, str]]:
    return {(finding.code, finding.path) for finding in found(name, changes)}
