"""The other inhabitants of Waterrijk: nobody can log in as them, but they live there, so that a past can be played.

Goes out: `population()`, the same people every time. Always holds: as with the named people, BSNs lie in the test range
and pass the eleven test, and every household lives at an address where no named person lives.
"""

import random
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from stdnum.nl import bsn as eleven_test

from raadhuis.adapters.shapes import Address
from raadhuis.adapters.standins import town
from raadhuis.adapters.standins.people import BUSINESSES, RESIDENTS, Resident

_FIRST_NUMBER: Final = 999_901_000
_WOMEN: Final = [
    "Aisha",
    "Anna",
    "Bo",
    "Carla",
    "Diana",
    "Elif",
    "Emma",
    "Fenna",
    "Gerda",
    "Hanneke",
    "Iris",
    "Jolanda",
    "Julia",
    "Leyla",
    "Lotte",
    "Merel",
    "Nora",
    "Priya",
]
_MEN: Final = [
    "Abdel",
    "Bram",
    "Cees",
    "Dirk",
    "Emre",
    "Finn",
    "Gijs",
    "Hans",
    "Ivo",
    "Jan",
    "Kees",
    "Lars",
    "Mees",
    "Noah",
    "Ravi",
    "Ruben",
    "Sven",
    "Thijs",
    "Youssef",
]
_SURNAMES: Final = [
    "Aalders",
    "Bos",
    "Brouwers",
    "Celik",
    "Dijk",
    "Driessen",
    "Evers",
    "Faber",
    "Gerritsen",
    "Haan",
    "Hermans",
    "Kaya",
    "Koster",
    "Kramer",
    "Meijer",
    "Molenaar",
    "Nijland",
    "Okafor",
    "Peeters",
    "Prins",
    "Ramdin",
    "Schouten",
    "Timmer",
    "Verhoef",
    "Vos",
    "Wagenaar",
    "Willems",
    "Yildiz",
    "Zandstra",
]


@lru_cache(maxsize=1)
def population() -> list[Resident]:
    """Some ninety people, one to three on each address that was free."""
    chance = random.Random(9999)  # noqa: S311 - invented people need no secrecy
    taken = {r.address for r in RESIDENTS} | {b.address for b in BUSINESSES}
    people: list[Resident] = []
    number = _FIRST_NUMBER
    for address in town.ADDRESSES:
        if address in taken or address == town.ELSEWHERE:
            continue
        surname = chance.choice(_SURNAMES)
        for _ in range(chance.choice((1, 1, 2, 2, 3))):
            number = _next(number)
            people.append(_person(str(number), surname, address, chance))
    return people


def _next(number: int) -> int:
    number += 1
    while not eleven_test.is_valid(str(number)):
        number += 1
    return number


def _person(bsn: str, surname: str, address: Address, chance: random.Random) -> Resident:
    woman = chance.random() < 0.5
    born = date(1944, 1, 1) + timedelta(days=chance.randrange(61 * 365))
    since = max(born, date(2000, 1, 1)) + timedelta(days=chance.randrange(5000))
    return Resident(
        id="",
        bsn=bsn,
        given_names=chance.choice(_WOMEN if woman else _MEN),
        surname=surname,
        birth_date=born,
        gender="V" if woman else "M",
        address=address,
        since=min(since, date(2025, 1, 1)),
    )
