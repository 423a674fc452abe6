"""The kentekenregister over RDW's open data (Socrata).

Comes in: a plate. Goes out: GET /resource/m9d7-ebf2.json (vehicles) and /resource/8ys7-d773.json (fuels).
Always holds: an answer about another plate counts as unreadable.
Source: https://opendata.rdw.nl, data sets "Gekentekende voertuigen" and "Gekentekende voertuigen brandstof".
"""

from typing import Final, TypeVar

import msgspec

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import TIMEOUT_SECONDS, HttpClient
from raadhuis.adapters.vehicles.port import Vehicle
from raadhuis.kernel import plates

T = TypeVar("T")

_EMISSION_FREE: Final = {"Elektriciteit", "Waterstof"}


class _Vehicle(msgspec.Struct):
    kenteken: str
    merk: str = ""
    handelsbenaming: str = ""
    voertuigsoort: str = ""
    massa_rijklaar: str = ""


class _Fuel(msgspec.Struct):
    kenteken: str
    brandstof_omschrijving: str = ""


class RdwOpenData:
    """The real client. `base_url` is what stands before /resource, such as https://opendata.rdw.nl."""

    def __init__(self, base_url: str, token: str = "", *, timeout: float = TIMEOUT_SECONDS) -> None:
        headers = {"X-App-Token": token} if token else None
        self._http = HttpClient("vehicles", base_url, headers=headers, timeout=timeout)

    def vehicle(self, plate: str) -> Vehicle | None:
        """See Vehicles.vehicle."""
        number = plates.normalise(plate)
        if not plates.is_plate(number):
            raise ValueError("not a Dutch plate")
        question = {"kenteken": number, "$limit": "10"}
        rows = self._rows("m9d7-ebf2", question, _Vehicle)
        if not rows:
            return None
        fuels = self._rows("8ys7-d773", question, _Fuel)
        if {row.kenteken for row in rows} | {fuel.kenteken for fuel in fuels} != {number}:
            raise AdapterUnavailable("vehicles", "answers about another vehicle")
        names = tuple(f.brandstof_omschrijving for f in fuels if f.brandstof_omschrijving)
        found = rows[0]
        return Vehicle(
            plate=number,
            brand=found.merk,
            model=found.handelsbenaming,
            kind=found.voertuigsoort,
            fuels=names,
            emission_free=bool(names) and set(names) <= _EMISSION_FREE,
            mass=int(found.massa_rijklaar) if found.massa_rijklaar.isdecimal() else None,
        )

    def _rows(self, data_set: str, question: dict[str, str], kind: type[T]) -> list[T]:
        rows = self._http.get(f"/resource/{data_set}.json", question, answer=list[kind])  # type: ignore[valid-type]
        if rows is None:
            # What RDW does not know is an empty list: a 404 means that we asked at the wrong place.
            raise AdapterUnavailable("vehicles", "status 404")
        return rows
