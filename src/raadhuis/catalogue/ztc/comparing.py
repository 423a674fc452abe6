"""Two catalogues side by side: that of production and that of a test, say.

In: a ZIP of the one; the other is ours. Out: differences. Always holds: a row is known by its name and first day, not
by its id, which is another in every register; an address counts by what it names.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.catalogue.ztc.moving import (
    DERIVED,
    FILES,
    bare,
    camel,
    documents,
    localised,
    name_of,
    unpacked,
)
from raadhuis.catalogue.ztc.resources import RESOURCES
from raadhuis.kernel.documents import MARK


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: of what (`zaaktypen BEZWAAR 2026-01-01`), in which attribute, and both values.

    Without an attribute the whole row is in one of them only.
    """

    what: str
    attribute: str
    here: Any
    there: Any


def compare(packed: bytes, catalogus: UUID) -> list[Difference]:
    """How the catalogue in a ZIP differs from ours, by name and first day; addresses count by what they name.

    Raises Invalid.
    """
    lists, _ = unpacked(packed)
    there = _by_key({name: [localised(camel(row), None) for row in found] for name, found in lists.items()})
    here = _by_key(documents(catalogus, None))
    found: list[Difference] = []
    for key in sorted(here.keys() | there.keys()):
        ours, theirs = here.get(key), there.get(key)
        if ours is None or theirs is None:
            found.append(Difference(what=key, attribute="", here=ours is not None, there=theirs is not None))
            continue
        found += [
            Difference(what=key, attribute=name, here=ours[name], there=theirs[name])
            for name in sorted(ours.keys() & theirs.keys())
            if ours[name] != theirs[name]
        ]
    return found


def _by_key(lists: Mapping[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Rows by a name that means the same in both catalogues, without what is different by nature."""
    names = {
        body["url"]: name_of(RESOURCES[FILES[name]], body)
        for name, found in lists.items()
        for body in found
        if body.get("url")
    }
    keyed = {}
    for name, found in lists.items():
        resource = RESOURCES[FILES[name]]
        if resource.name == "catalogussen":
            continue
        for body in found:
            owner = names.get(str(body.get("zaaktype")), "") if resource.child else ""
            begin = str(body.get("beginGeldigheid") or "") if resource.published else ""
            key = " ".join(part for part in (resource.name, owner, name_of(resource, body), begin) if part)
            written = {one.name for one in resource.sent if not one.read_only} - DERIVED - {"catalogus", "zaaktype"}
            keyed[key] = {
                one.name: bare(one, _named(body[one.name], names))
                for one in resource.sent
                if one.name in written and one.name in body
            }
    return keyed


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value.replace(MARK, "/"))
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    return {key: _named(one, names) for key, one in value.items()} if isinstance(value, Mapping) else value
