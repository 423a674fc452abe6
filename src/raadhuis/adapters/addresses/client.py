"""The address register over PDOK's Locatieserver, version 3.1.

Comes in: what Addresses takes. Goes out: GET /free, /suggest and /reverse; at most three requests a call.
Always holds: a document without a readable point is left out of hits; a filter holds only checked letters and digits.
Source: https://api.pdok.nl/bzk/locatieserver/search/v3_1/ui/
"""

import re
from typing import Final

import msgspec

from raadhuis.adapters.addresses.port import Hit
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import TIMEOUT_SECONDS, HttpClient
from raadhuis.adapters.shapes import Address, normal_postcode

_POINT = re.compile(r"POINT\((-?\d{1,3}(?:\.\d+)?) (-?\d{1,3}(?:\.\d+)?)\)")
_FIELDS: Final = (
    "id,type,weergavenaam,straatnaam,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaatsnaam,"
    "gemeentenaam,wijknaam,buurtnaam,adresseerbaarobject_id,centroide_ll"
)
# One number may hold a few hundred rooms (5-1 to 5-250), of which the service gives a hundred at a time.
_PAGE, _PAGES = 100, 3
_LONGEST_QUERY = 120
# What Solr would read as syntax; a space says the same to a person who searches.
_SYNTAX = re.compile(r"[^\w\s.,'-]|(?<!\w)-")
# Farther away, an address says nothing about a place; its neighbourhood still does.
_NEAR_METRES = 150
_NETHERLANDS: Final = (50.5, 53.8, 3.1, 7.4)


class _Document(msgspec.Struct):
    weergavenaam: str = ""
    straatnaam: str = ""
    huisnummer: int | None = None
    huisletter: str = ""
    huisnummertoevoeging: str = ""
    postcode: str = ""
    woonplaatsnaam: str = ""
    gemeentenaam: str = ""
    wijknaam: str = ""
    buurtnaam: str = ""
    adresseerbaarobject_id: str = ""
    centroide_ll: str = ""


class _Found(msgspec.Struct, rename="camel"):
    num_found: int
    docs: list[_Document]


class _Answer(msgspec.Struct):
    response: _Found


class Locatieserver:
    """The real client. `base_url` is what stands before /free: https://api.pdok.nl/bzk/locatieserver/search/v3_1."""

    def __init__(self, base_url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._http = HttpClient("addresses", base_url, timeout=timeout)

    def lookup(self, postcode: str, house_number: int, letter: str = "", addition: str = "") -> list[Address]:
        """See Addresses.lookup."""
        code = normal_postcode(postcode)
        if not code or not 1 <= house_number <= 99999:
            return []
        wanted = _suffix(letter, addition)
        found: list[Address] = []
        for page in range(_PAGES):
            filters = ["type:adres", f"postcode:{code}", f"huisnummer:{house_number}"]
            answer = self._ask("/free", {"fq": filters, "rows": str(_PAGE), "start": str(page * _PAGE)})
            for document in answer.docs:
                address = _address(document)
                # The service filters too, but a wrong answer here would put a wrong street into an application.
                if address and (address.postcode, address.house_number) == (code, house_number):
                    found += [address] if _suffix(address.house_letter, address.addition) == wanted else []
            if found or answer.num_found <= (page + 1) * _PAGE:
                break
        return found

    def search(self, text: str, limit: int = 8) -> list[Hit]:
        """See Addresses.search."""
        # In lower case, for AND, OR and NOT in capitals are operators.
        query = " ".join(_SYNTAX.sub(" ", text[:_LONGEST_QUERY]).lower().split())
        if not query:
            return []
        rows = max(1, min(limit, 50))
        answer = self._ask("/suggest", {"q": query, "fq": ["type:adres"], "rows": str(rows)})
        return [hit for hit in map(_hit, answer.docs) if hit][:rows]

    def reverse(self, lat: float, lon: float) -> Hit | None:
        """See Addresses.reverse."""
        south, north, west, east = _NETHERLANDS
        if not (south <= lat <= north and west <= lon <= east):
            return None
        point = {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}", "rows": "1"}
        near = self._ask("/reverse", {**point, "type": "adres", "distance": str(_NEAR_METRES)})
        around = near if near.docs else self._ask("/reverse", {**point, "type": "buurt"})
        return _hit(around.docs[0]) if around.docs else None

    def _ask(self, path: str, question: dict[str, str | list[str]]) -> _Found:
        answer = self._http.get(path, {**question, "fl": _FIELDS}, answer=_Answer)
        if answer is None:
            # What the service does not know is an empty list: a 404 means that we asked at the wrong place.
            raise AdapterUnavailable("addresses", "status 404")
        return answer.response


def _suffix(letter: str, addition: str) -> str:
    return re.sub(r"[\s-]", "", letter + addition).casefold()


def _point(text: str) -> tuple[float, float] | None:
    """(lat, lon) of "POINT(lon lat)"."""
    found = _POINT.fullmatch(text)
    return (float(found[2]), float(found[1])) if found else None


def _address(found: _Document) -> Address | None:
    if not found.straatnaam or not found.huisnummer:
        return None
    lat, lon = _point(found.centroide_ll) or (None, None)
    return Address(
        street=found.straatnaam,
        house_number=found.huisnummer,
        house_letter=found.huisletter,
        addition=found.huisnummertoevoeging,
        postcode=normal_postcode(found.postcode),
        city=found.woonplaatsnaam,
        bag_id=found.adresseerbaarobject_id,
        neighbourhood=found.buurtnaam,
        district=found.wijknaam,
        municipality=found.gemeentenaam,
        lat=lat,
        lon=lon,
    )


def _hit(found: _Document) -> Hit | None:
    point = _point(found.centroide_ll)
    if point is None or not found.weergavenaam:
        return None
    return Hit(
        label=found.weergavenaam,
        lat=point[0],
        lon=point[1],
        neighbourhood=found.buurtnaam,
        district=found.wijknaam,
        municipality=found.gemeentenaam,
        address=_address(found),
    )
