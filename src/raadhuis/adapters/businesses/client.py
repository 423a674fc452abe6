"""The Handelsregister over KVK's API Basisprofiel, version 1.

Comes in: a KVK number. Goes out: GET /v1/basisprofielen/{kvkNummer} with an API key.
Always holds: an answer about another number counts as unreadable.
Source: https://developers.kvk.nl/documentation/basisprofiel-api
"""

import msgspec

from raadhuis.adapters.businesses.port import Business
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import TIMEOUT_SECONDS, HttpClient
from raadhuis.adapters.shapes import Address, normal_postcode


class _Address(msgspec.Struct, rename="camel"):
    type: str = ""
    ind_afgeschermd: str = "Nee"
    straatnaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummer_toevoeging: str | None = None
    postcode: str | None = None
    plaats: str | None = None


class _Part(msgspec.Struct, rename="camel"):
    rsin: str | None = None
    rechtsvorm: str | None = None
    adressen: list[_Address] = []


class _Embedded(msgspec.Struct):
    hoofdvestiging: _Part | None = None
    eigenaar: _Part | None = None


class _Profile(msgspec.Struct, rename="camel"):
    kvk_nummer: str
    naam: str
    embedded: _Embedded | None = msgspec.field(default=None, name="_embedded")


class Basisprofiel:
    """The real client. `base_url` is what stands before /v1, such as https://api.kvk.nl/api."""

    def __init__(self, base_url: str, key: str = "", *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._http = HttpClient("businesses", base_url, headers={"apikey": key} if key else None, timeout=timeout)

    def business(self, kvk: str) -> Business | None:
        """See Businesses.business."""
        if not (kvk.isascii() and kvk.isdigit() and len(kvk) == 8):
            raise ValueError("not a KVK number")
        found = self._http.get(f"/v1/basisprofielen/{kvk}", answer=_Profile)
        if found is None:
            return None
        if found.kvk_nummer != kvk:
            raise AdapterUnavailable("businesses", "answers about another business")
        parts = found.embedded or _Embedded()
        owner = parts.eigenaar or _Part()
        seats = [*(parts.hoofdvestiging or _Part()).adressen, *owner.adressen]
        return Business(
            kvk=kvk,
            rsin=owner.rsin or "",
            name=found.naam,
            address=next((a for a in map(_address, seats) if a), None),
            legal_form=owner.rechtsvorm or "",
        )


def _address(found: _Address) -> Address | None:
    if found.type != "bezoekadres" or found.ind_afgeschermd != "Nee" or not found.straatnaam or not found.huisnummer:
        return None
    return Address(
        street=found.straatnaam,
        house_number=found.huisnummer,
        house_letter=found.huisletter or "",
        addition=found.huisnummer_toevoeging or "",
        postcode=normal_postcode(found.postcode or ""),
        city=found.plaats or "",
    )
