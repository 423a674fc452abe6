"""Waterrijk, a municipality that does not exist: its neighbourhoods, streets and some sixty addresses.

Goes out: ADDRESSES, the one list from which the stand-ins of persons, businesses and addresses all speak, and
`neighbourhoods()`, the same six areas as GeoJSON.
Always holds: every address of Waterrijk lies inside the polygon of its neighbourhood (a test checks it); municipality
code 9999 and the streets are invented.
"""

import json
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from raadhuis.adapters.shapes import Address

MUNICIPALITY: Final = "Waterrijk"
MUNICIPALITY_CODE: Final = "9999"
CENTRE: Final = (52.1000, 5.1000)

# street, neighbourhood, district, postcode, latitude and longitude of the first address, step to the next, numbers.
_STREETS: Final[list[tuple[str, str, str, str, float, float, tuple[float, float], str]]] = [
    ("Raadhuisplein", "Centrum", "Binnenstad", "9990AA", 52.1001, 5.0998, (0.0001, 0.0003), "1 2 3"),
    (
        "Lange Brugstraat",
        "Centrum",
        "Binnenstad",
        "9990AB",
        52.1012,
        5.0960,
        (0.0001, 0.0006),
        "2 4 8 12 12A 12B 16 21",
    ),
    ("Visbankgracht", "Centrum", "Binnenstad", "9990AC", 52.0975, 5.1010, (0.0004, 0.0004), "1 3 7 9 15"),
    ("Scheepmakerskade", "Havenkwartier", "Waterkant", "9991AA", 52.1090, 5.0900, (0.0002, 0.0008), "10 14 18 22 30"),
    ("Ankerstraat", "Havenkwartier", "Waterkant", "9991AB", 52.1120, 5.0850, (0.0001, 0.0001), "5-1 5-2 5-3 7 9 11"),
    ("Leeuweriklaan", "Oosterveld", "Oost", "9992AA", 52.1000, 5.1130, (0.0005, 0.0006), "1 5 9 13 17 21"),
    ("Kievitstraat", "Oosterveld", "Oost", "9992AB", 52.1060, 5.1150, (0.0003, 0.0009), "2 6 10 14"),
    ("Korenmolenstraat", "Molenwijk", "West", "9993AA", 52.0980, 5.0780, (0.0004, 0.0007), "3 11 19 27 33 45"),
    ("Wiekslag", "Molenwijk", "West", "9993AB", 52.1030, 5.0820, (0.0002, 0.0008), "4 8 40 102"),
    ("Magnolialaan", "De Plantage", "Zuid", "9994AA", 52.0900, 5.0950, (0.0003, 0.0009), "6 12 18 24 30 36"),
    ("Tulpenboomplein", "De Plantage", "Zuid", "9994AB", 52.0860, 5.1050, (0.0002, 0.0003), "1 2 3 4"),
    ("Polderdijk", "Buitengebied", "Landelijk", "9995AA", 52.0740, 5.0800, (-0.0010, 0.0080), "1 5 12 30"),
    ("Grutterslaantje", "Buitengebied", "Landelijk", "9995AB", 52.0680, 5.1150, (0.0005, 0.0040), "2 2A 7"),
]


def _parts(number: str) -> tuple[int, str, str]:
    body, _, addition = number.partition("-")
    digits = body.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits), body[len(digits) :], addition


def _waterrijk() -> list[Address]:
    found: list[Address] = []
    for street, neighbourhood, district, postcode, lat, lon, (dlat, dlon), numbers in _STREETS:
        for n, number in enumerate(numbers.split()):
            house_number, letter, addition = _parts(number)
            found.append(
                Address(
                    street=street,
                    house_number=house_number,
                    house_letter=letter,
                    addition=addition,
                    postcode=postcode,
                    city=MUNICIPALITY,
                    bag_id=f"{MUNICIPALITY_CODE}01{len(found) + 1:010d}",
                    neighbourhood=neighbourhood,
                    district=district,
                    municipality=MUNICIPALITY,
                    lat=round(lat + n * dlat, 6),
                    lon=round(lon + n * dlon, 6),
                )
            )
    return found


ELSEWHERE: Final = Address(
    street="Sluiswachterspad",
    house_number=8,
    postcode="9998AA",
    city="Polderstad",
    bag_id="9998010000000001",
    neighbourhood="Sluisbuurt",
    district="Polderstad-Noord",
    municipality="Polderstad",
    lat=52.2100,
    lon=5.3000,
)

ADDRESSES: Final[list[Address]] = [*_waterrijk(), ELSEWHERE]
_BY_NUMBER: Final = {(a.street, a.number): a for a in ADDRESSES}


def at(street: str, number: str) -> Address:
    """The address at `street` and `number` ("12", "12A", "5-2"). KeyError when it does not exist."""
    return _BY_NUMBER[street, number]


@lru_cache(maxsize=1)
def neighbourhoods() -> dict[str, Any]:
    """The six neighbourhoods as a GeoJSON FeatureCollection (WGS 84); properties: buurtcode, buurtnaam, wijknaam."""
    collection: dict[str, Any] = json.loads(Path(__file__).with_name("neighbourhoods.geojson").read_text("utf-8"))
    return collection


def inside(ring: list[list[float]], lat: float, lon: float) -> bool:
    """Whether a point lies within a closed ring of [longitude, latitude] (even-odd rule)."""
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1
