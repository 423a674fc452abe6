"""What Raadhuis asks of the address register, and the shape of what it answers."""

from typing import Protocol

import msgspec

from raadhuis.adapters.shapes import Address


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A place that was found. `label` is how people write it; `lat` and `lon` are degrees in WGS 84.

    `address` is None for a place without an address nearby, of which only the neighbourhood is known.
    """

    label: str
    lat: float
    lon: float
    neighbourhood: str = ""
    district: str = ""
    municipality: str = ""
    address: Address | None = None


class Addresses(Protocol):
    """The address register, as the rest of the house sees it. Every method may raise AdapterUnavailable."""

    def lookup(self, postcode: str, house_number: int, letter: str = "", addition: str = "") -> list[Address]:
        """The addresses with exactly this number, letter and addition; nearly always one, or none.

        People mix letter and addition up, so that "A" in either finds 12A; case, spaces and hyphens do not count.
        """
        ...

    def search(self, text: str, limit: int = 8) -> list[Hit]:
        """At most `limit` (1 to 50) addresses that fit what was typed, best first."""
        ...

    def reverse(self, lat: float, lon: float) -> Hit | None:
        """The nearest address, or else the neighbourhood, of a point; None outside the Netherlands."""
        ...
