"""From the bytes of a message to a JSON object, or what is wrong with them.

In: bytes. Out: a dict. Always holds: what cannot be read, tells a name twice, lies deeper or has more parts than
anything in the standard does, is refused before anything is looked up or written, with the name at which it went wrong
where there is one. Parts are counted before they are read, so that ten megabytes of nothing cost no more than some
milliseconds; what is sent is read once by the fast reader, and only when it seems to tell a name twice, once more by
the slow one.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from raadhuis.kernel.shapes import Fault, Refused

MOST_DEPTH = 50
LONG, FEW = 20_000, 200
# By sign, how many there may be in a message. A list has at most a thousand rows, a long text some hundreds of signs;
# the largest there is, is an area of many thousands of points.
MOST_PARTS = {b"[": 20_000, b"{": 20_000, b":": 20_000, b",": 100_000}
_BEFORE = re.compile(r'"([^"\\]{1,100})"\s*:\s*-?$')


class Unreadable(Refused):
    """A body that is no JSON."""

    code, title = "parse_error", "Malformed request."


def decoded(raw: bytes) -> dict[str, Any]:
    """The object that these bytes are. Raises Unreadable, Refused."""
    if any(raw.count(sign) > most for sign, most in MOST_PARTS.items()):
        raise Refused(Fault("nonFieldErrors", "too-large", "Dit bericht heeft te veel onderdelen."))
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
    if _seeming_names(raw) != names:
        json.loads(raw, object_pairs_hook=_once)
    return found


def _seeming_names(raw: bytes) -> int:
    """How many colons stand after a quote. What is looked for is one sign: in a long text nothing is found faster."""
    if len(raw) > LONG and raw.count(b":") < FEW:  # A file, and what is said of it: the file is not copied.
        return sum(_after_a_quote(raw, place) for place in _colons(raw))
    before = raw.split(b":")[:-1]
    return sum(one[-1:] == b'"' or (one[-1:].isspace() and one.rstrip()[-1:] == b'"') for one in before)


def _colons(raw: bytes) -> Iterator[int]:
    place = raw.find(b":")
    while place >= 0:
        yield place
        place = raw.find(b":", place + 1)


def _after_a_quote(raw: bytes, place: int) -> bool:
    while place and raw[place - 1 : place].isspace():
        place -= 1
    return raw[place - 1 : place] == b'"'


def _names(value: object, name: str, depth: int) -> int:
    """How many names lie below a value. Raises Refused for what lies too deep."""
    if depth > MOST_DEPTH:
        raise Refused(Fault(name, "too-deep", "Dit is te diep genest."))
    if isinstance(value, dict):
        below = [one for one in value.values() if isinstance(one, dict | list)]
        return len(value) + sum(_names(one, name, depth + 1) for one in below)
    if isinstance(value, list):
        return sum(_names(one, name, depth + 1) for one in value if isinstance(one, dict | list))
    return 0


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen = set[str]()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise Refused(Fault(twice[:100], "duplicate", "Deze naam staat twee keer in hetzelfde object."))
    return found
