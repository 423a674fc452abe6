"""What Raadhuis knows of a vehicle, and the door through which it is asked."""

from typing import Protocol

import msgspec


class Vehicle(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle. `plate` without hyphens; `kind` such as "Personenauto"; `mass` in kilograms, ready to drive.

    `fuels` as RDW spells them ("Benzine", "Elektriciteit"); `emission_free` when every fuel is electricity or hydrogen,
    and False when the register names none.
    """

    plate: str
    brand: str
    model: str = ""
    kind: str = ""
    fuels: tuple[str, ...] = ()
    emission_free: bool = False
    mass: int | None = None


class Vehicles(Protocol):
    """The kentekenregister, as the rest of the house sees it."""

    def vehicle(self, plate: str) -> Vehicle | None:
        """The vehicle with this plate (with or without hyphens), or None. Raises ValueError and AdapterUnavailable."""
        ...
