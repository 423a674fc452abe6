"""The one shape that several registers share: an address.

Always holds: a postcode is written as 1234AB, without space; an unknown part is "" (or None for coordinates).
"""

import re

import msgspec

_POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An address in the Netherlands, as the BAG knows it.

    `bag_id` is the adresseerbaarobject (16 digits); `neighbourhood` and `district` are the names of buurt and wijk;
    `lat` and `lon` are degrees in WGS 84 (EPSG:4326).
    """

    street: str
    house_number: int
    house_letter: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    bag_id: str = ""
    neighbourhood: str = ""
    district: str = ""
    municipality: str = ""
    lat: float | None = None
    lon: float | None = None

    @property
    def number(self) -> str:
        """House number, letter and addition as people write them: 12, 12A, 12-2, 12A-bis."""
        return f"{self.house_number}{self.house_letter}" + (f"-{self.addition}" if self.addition else "")

    @property
    def line(self) -> str:
        """The whole address on one line."""
        place = f"{self.postcode[:4]} {self.postcode[4:]} {self.city}".strip()
        return f"{self.street} {self.number}, {place}".rstrip(", ")


def normal_postcode(typed: str) -> str:
    """`typed` as 1234AB, or "" when it is no Dutch postcode."""
    postcode = "".join(typed.split()).upper()
    return postcode if _POSTCODE.fullmatch(postcode) else ""
