"""From the bytes of a message to a JSON object, or what is wrong with them.

In: bytes. Out: a dict. Always holds: what cannot be read, tells a name twice, or lies deeper than anything in the
standard does, is refused with the name at which it went wrong, before anything is looked up or written. What is sent
is read once by the fast reader; only when it seems to tell a name twice, once more by the slow one.
"""

import json
import re
from typing import Any

import orjson

from raadhuis.kernel.shapes import Fault, Refused

MOST_DEPTH = 50
_NAME = re.compile(rb'"\s*:')
_BEFORE = re.compile(r'"([^"\\]{1,100})"\s*:\s*-?$')


class Unreadable(Refused):
    """A body that is no JSON."""

    code, title = "parse_error", "Malformed request."


def decoded(raw: bytes) -> dict[str, Any]:
    """The object that these bytes are. Raises Unreadable, Refused."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        named = _BEFORE.search(error.doc[max(0, error.pos - 200) : error.pos])
        name = named[1] if named else "nonFieldErrors"
        raise Unreadable(Fault(name, "parse_error", f"Dit is geen JSON: {str(error)[:200]}")) from None
    if not isinstance(found, dict):
        raise Refused(Fault("nonFieldErrors", "invalid", "Hier hoort een JSON-object te staan."))
    names = sum(_names(value, name, 1) for name, value in found.items()) + len(found)
    # A text may hold what looks like a name, so that there may seem to be more names than there are; never fewer.
    if sum(1 for _ in _NAME.finditer(raw)) != names:
        json.loads(raw, object_pairs_hook=_once)
    return found


def _names(value: object, name: str, depth: int) -> int:
    """How many names lie below a value. Raises Refused for what lies too deep."""
    if depth > MOST_DEPTH:
        raise Refused(Fault(name, "too-deep", "Dit is te diep genest."))
    if isinstance(value, dict):
        return len(value) + sum(_names(one, name, depth + 1) for one in value.values())
    if isinstance(value, list):
        return sum(_names(one, name, depth + 1) for one in value)
    return 0


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(Fault(twice[:100], "duplicate", "Deze naam staat twee keer in hetzelfde object."))
    return found
