"""Documents of the national APIs as they are stored: JSON bytes whose addresses lack their server.

In: values. Out: bytes with a mark where the server's address goes. Always holds: nobody's text holds the mark
(`kernel.shapes` refuses control characters), so that putting the address in is one replacement.
"""

from typing import Any, TypeVar
from uuid import UUID

import msgspec
import orjson

Some = TypeVar("Some")

MARK = "\x01"
"""Stands where `https://this.server/` goes."""
_WRITTEN = b"\\u0001"


def address(path: str, id: UUID | str) -> str:
    """The address of a resource below `path` ("zaken/api/v1/zaken"), without its server."""
    return f"{MARK}{path}/{id}"


def written(value: object) -> bytes:
    """A value as a stored document."""
    return orjson.dumps(value).replace(_WRITTEN, MARK.encode())


def plain(body: bytes | memoryview) -> bytes:
    """A stored document as JSON that everybody can read; addresses still have the mark."""
    return bytes(body).replace(MARK.encode(), _WRITTEN)


def read(body: bytes | memoryview) -> dict[str, Any]:
    """A stored document as a value; addresses still have the mark."""
    found: dict[str, Any] = orjson.loads(plain(body))
    return found


def some_of(body: bytes, decoder: "msgspec.json.Decoder[Some]") -> Some:
    """Of a stored document the attributes that a decoder knows, and no other: no values are made of the rest."""
    return decoder.decode(plain(body))


def served(body: bytes, host: str) -> bytes:
    """A stored document with the server's address in it: `https://this.server/`."""
    return body.replace(MARK.encode(), host.encode())


def localised(value: Any, host: str) -> Any:
    """What a client sent, with the mark for our own address in every text that begins with it."""
    if isinstance(value, str):
        return f"{MARK}{value[len(host) :]}" if value.startswith(host) else value
    if isinstance(value, list):
        return [localised(one, host) for one in value]
    if isinstance(value, dict):
        return {key: localised(one, host) for key, one in value.items()}
    return value
