"""What Raadhuis knows of a business, and the door through which it is asked."""

from typing import Protocol

import msgspec

from raadhuis.adapters.shapes import Address


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """A business. `rsin` is "" for who is no legal person (a sole trader); `legal_form` as the register spells it."""

    kvk: str
    rsin: str = ""
    name: str
    address: Address | None = None
    legal_form: str = ""


class Businesses(Protocol):
    """The Handelsregister, as the rest of the house sees it."""

    def business(self, kvk: str) -> Business | None:
        """The business with this KVK number (8 digits), or None. Raises ValueError and AdapterUnavailable."""
        ...
