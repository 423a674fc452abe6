"""Whether a row here tells the same as the row there.

In: two documents with our addresses. Out: the attributes that differ. Always holds: what only one of them knows (an
older or newer version of the standard) is not compared, nor what follows from other rows, which are compared
themselves; ways to write nothing are the same, and so are ways to write a moment, and the order of a list of addresses
or groups.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from raadhuis.kernel.shapes import Fault

EIO = "enkelvoudiginformatieobjecten"
_ALWAYS = {"url", "_expand"}
# What follows from other rows, or from words of the standard.
_FOLLOWS = {
    "zaken": {
        *("rollen", "status", "zaakinformatieobjecten", "zaakobjecten", "eigenschappen", "deelzaken", "resultaat"),
        "betalingsindicatieWeergave",
    },
    "rollen": {"statussen"},
    "statussen": {"indicatieLaatstGezetteStatus", "zaakinformatieobjecten"},
    "zaakinformatieobjecten": {"aardRelatieWeergave"},
    EIO: {"inhoud", "bestandsdelen", "lock"},
    "besluiten": {"vervalredenWeergave"},
}
# What we add where the other register knows nothing.
_IF_TOLD = {EIO: {"integriteit"}, "zaken": {"communicatiekanaalNaam"}, "rollen": {"roltoelichting"}}
_RAW = {"zaakgeometrie"}
WORDS = "Dit is hier anders dan in het andere register."


def unlike(name: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """The attributes in which two rows of a resource differ."""
    shared = (there.keys() & here.keys()) - _ALWAYS - _FOLLOWS.get(name, set())
    theirs, ours = _comparable(name, there, shared), _comparable(name, here, shared)
    for one in _IF_TOLD.get(name, ()):
        if theirs.get(one) is None:
            ours.pop(one, None)
            theirs.pop(one, None)
    if _digest(theirs) == _digest(ours):
        return []
    return sorted(one for one in theirs.keys() | ours.keys() if theirs.get(one) != ours.get(one))


def faults(attributes: list[str]) -> tuple[Fault, ...]:
    """Differences, to be reported."""
    return tuple(Fault(one, "different", WORDS) for one in attributes)


def _comparable(name: str, body: Mapping[str, Any], shared: set[str]) -> dict[str, Any]:
    return {one: body[one] if one in _RAW else _plain(body[one]) for one in shared}


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(value: Any) -> Any:
    """A value without what says nothing, and with one way of writing the rest."""
    if isinstance(value, str):
        return _moment(value) if len(value) > 16 and value[4:5] == "-" and value[10:11] == "T" else value or None
    if isinstance(value, list):
        found = [_plain(one) for one in value]
        if all(isinstance(one, str | dict) for one in found):
            found.sort(key=lambda one: orjson.dumps(one, option=orjson.OPT_SORT_KEYS))
        return found or None
    if isinstance(value, Mapping):
        held = {name: _plain(one) for name, one in value.items()}
        return {name: one for name, one in held.items() if one not in (None, False)} or None
    return value


def _moment(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
