"""What Raadhuis knows of a person, and the door through which it is asked.

Always holds: a date that the BRP knows only in part (a year, or not at all) is None, so that it goes to a person.
"""

from datetime import date
from typing import Literal, Protocol

import msgspec

from raadhuis.adapters.shapes import Address


class Relative(msgspec.Struct, frozen=True, kw_only=True):
    """A partner or a child. `bsn` is "" when the BRP does not have it."""

    bsn: str = ""
    name: str
    birth_date: date | None = None

    def __repr__(self) -> str:
        return "<Relative>"


class HouseholdMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else who is registered at the same address."""

    bsn: str
    name: str
    birth_date: date | None
    relation: Literal["partner", "child", "other"]

    def __repr__(self) -> str:
        return f"<HouseholdMember {self.relation}>"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person as registered today.

    `address` is None for who lives abroad (`country` names where) or has no known address; its `neighbourhood` is
    empty, for the BRP does not know it. `since` is the first day at that address. `municipality` is where the person is
    registered, also when abroad the last one. `secrecy` means that data may not be given to others on request (Wet BRP,
    article 2.59). `gender` is "M", "V" or "O". `nationality` names the first one, `nationalities` all.
    """

    bsn: str
    given_names: str
    prefix: str
    surname: str
    full_name: str
    birth_date: date | None
    gender: str
    address: Address | None
    since: date | None = None
    country: str = ""
    municipality: str = ""
    partner: Relative | None = None
    children: tuple[Relative, ...] = ()
    household: tuple[HouseholdMember, ...] = ()
    secrecy: bool = False
    deceased: bool = False
    nationality: str = ""
    nationalities: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "<Person>"  # A stray log line or traceback must not tell who.


class Persons(Protocol):
    """The BRP, as the rest of the house sees it."""

    def person(self, bsn: str, *, household: bool = True) -> Person | None:
        """The person with this BSN (9 digits), or None. With `household`, also who else lives at the address.

        Raises ValueError for what is no BSN, and AdapterUnavailable.
        """
        ...
