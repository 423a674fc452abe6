"""Two changed copies of one document become one: what was imported, what was edited here, and the newer import.

In: three documents as plain values. Out: the merged one, and the places where both changed the same thing. Always
holds: an edit made here is never lost: where both changed something, what stands here stays, and the place is named.
"""

from typing import Any

import msgspec

_NAMES = ("id", "key", "name", "fact")
_MISSING: Any = object()


class Merged(msgspec.Struct, frozen=True):
    """`conflicts` are dotted paths, with names instead of numbers, where the edit made here won."""

    document: dict[str, Any]
    conflicts: list[str]


def merge(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> Merged:
    """`theirs` is newer than `base`; `ours` was edited from `base`."""
    conflicts: list[str] = []
    return Merged(_objects(base, ours, theirs, "", conflicts), conflicts)


def _value(base: Any, ours: Any, theirs: Any, path: str, conflicts: list[str]) -> Any:
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _objects(base if isinstance(base, dict) else {}, ours, theirs, path, conflicts)
    if _named(ours) and _named(theirs):
        return _lists(base if _named(base) else [], ours, theirs, path, conflicts)
    conflicts.append(path)
    return theirs if ours is _MISSING else ours


def _objects(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any], path: str, conflicts: list[str]
) -> dict[str, Any]:
    found = {}
    for key in dict.fromkeys([*ours, *theirs]):
        value = _value(
            base.get(key, _MISSING),
            ours.get(key, _MISSING),
            theirs.get(key, _MISSING),
            f"{path}.{key}".strip("."),
            conflicts,
        )
        if value is not _MISSING:
            found[key] = value
    return found


def _name(item: Any) -> str:
    return next((str(item[key]) for key in _NAMES if key in item), "") if isinstance(item, dict) else ""


def _named(value: Any) -> bool:
    return isinstance(value, list) and all(_name(item) for item in value)


def _lists(base: list[Any], ours: list[Any], theirs: list[Any], path: str, conflicts: list[str]) -> list[Any]:
    """Lists of named things: the order of the newer import, with what was added here after what it stood behind."""
    before, here, there = ({_name(item): item for item in items} for items in (base, ours, theirs))
    found = {}
    for name in dict.fromkeys([*there, *here]):
        value = _value(
            before.get(name, _MISSING), here.get(name, _MISSING), there.get(name, _MISSING), f"{path}.{name}", conflicts
        )
        if value is not _MISSING:
            found[name] = value
    order = [name for name in there if name in found]
    last = ""
    for name in here:
        if name in found and name not in there:
            order.insert(order.index(last) + 1 if last in order else 0, name)
        last = name
    return [found[name] for name in order]
