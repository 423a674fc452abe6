"""What may be sent to the Besluiten API: the shape of each resource, from the contract of the standard."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from raadhuis.kernel.shapes import Attribute, read

CONTRACT = Path(__file__).with_name("contract.json")


@lru_cache(maxsize=2)
def attributes(schema: str) -> tuple[Attribute, ...]:
    """What may be sent, by the name of a schema."""
    shapes = msgspec.json.decode(CONTRACT.read_bytes(), type=dict[str, tuple[Attribute, ...]])
    return tuple(_ours(one) for one in shapes[schema])


def _ours(one: Attribute) -> Attribute:
    """No reason is told as an empty text, as registers do; an address is as long as addresses are."""
    if one.name == "vervalreden":
        return msgspec.structs.replace(one, options=("", *one.options))
    return msgspec.structs.replace(one, most=1000) if one.kind == "uri" else one


def sent(schema: str, body: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """The values of a body. Raises Refused."""
    return read(attributes(schema), body, partial=partial)


DEFAULTS: dict[str, Any] = {
    one.name: None if one.nullable else "" for one in attributes("Besluit") if not one.read_only and not one.required
}
"""What is not said of a decision."""
