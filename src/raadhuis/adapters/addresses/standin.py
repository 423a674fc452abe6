"""A stand-in for PDOK's Locatieserver: /free, /suggest, /lookup and /reverse over the addresses of Waterrijk.

Comes in: the query parameters of version 3.1. Goes out: Solr's JSON, with only the fields of `fl`.
Always holds: like the real one it refuses a parameter that it does not know, and a filter that it cannot read.
"""

import math
import re
from typing import Any, Final

from raadhuis.adapters.shapes import Address
from raadhuis.adapters.standins import town
from raadhuis.adapters.standins.web import Request, Response, json_response

_PARAMETERS: Final = {
    "/free": {"q", "fq", "fl", "rows", "start", "sort", "df", "bq", "qf", "wt", "lat", "lon"},
    "/suggest": {"q", "fq", "fl", "rows", "start", "sort", "df", "bq", "qf", "wt", "lat", "lon"},
    "/lookup": {"id", "fl", "wt"},
    "/reverse": {"lat", "lon", "X", "Y", "type", "distance", "rows", "start", "fl", "fq", "df", "wt"},
}
_DEFAULT_FIELDS: Final = "id,type,weergavenaam,score"
_FILTER = re.compile(r'(\w+):(?:"([^"]*)"|([\w-]+))')
_METRES_A_DEGREE = 111_195


def app(request: Request) -> Response:
    """Answers the four services; an unknown one is a 404."""
    allowed = _PARAMETERS.get(request.path)
    if allowed is None or request.method != "GET":
        return _problem(404, "Not Found")
    if unknown := {name for name, _ in request.query} - allowed:
        return _problem(400, f"Extra query parameter(s) {', '.join(sorted(unknown))} not in spec")
    try:
        documents = _SERVICES[request.path](request)
        start, rows = int(request.get("start", "0")), int(request.get("rows", "10"))
    except (ValueError, LookupError):
        return _problem(400, "Bad Request")
    if not 0 <= rows <= 100 or start < 0:
        return _problem(400, "Bad Request")
    fields = request.get("fl", _DEFAULT_FIELDS).replace(",", " ").split()
    shown = [d if "*" in fields else {k: v for k, v in d.items() if k in fields} for d in documents]
    found = {"numFound": len(shown), "start": start, "maxScore": 1.0, "numFoundExact": True}
    return json_response({"response": {**found, "docs": shown[start : start + rows]}})


def _problem(status: int, detail: str) -> Response:
    return json_response({"type": "about:blank", "title": detail, "status": status, "detail": detail}, status)


def document(a: Address) -> dict[str, Any]:
    """One address as the index holds it; empty parts are absent, as in Solr."""
    whole: dict[str, Any] = {
        "id": f"adr-{a.bag_id}",
        "type": "adres",
        "bron": "BAG",
        "weergavenaam": f"{a.street} {a.number}, {a.postcode} {a.city}",
        "straatnaam": a.street,
        "huisnummer": a.house_number,
        "huisletter": a.house_letter,
        "huisnummertoevoeging": a.addition,
        "huis_nlt": a.number,
        "postcode": a.postcode,
        "woonplaatsnaam": a.city,
        "gemeentenaam": a.municipality,
        "wijknaam": a.district,
        "buurtnaam": a.neighbourhood,
        "adresseerbaarobject_id": a.bag_id,
        "nummeraanduiding_id": a.bag_id[:4] + "20" + a.bag_id[6:],
        "centroide_ll": f"POINT({a.lon:.8f} {a.lat:.8f})",
        "score": 1.0,
    }
    return {key: value for key, value in whole.items() if value != ""}


_DOCUMENTS: Final = [document(a) for a in town.ADDRESSES]


def _filtered(request: Request) -> list[dict[str, Any]]:
    found = list(_DOCUMENTS)
    for text in request.all("fq"):
        match = _FILTER.fullmatch(text)
        if match is None:
            raise ValueError(text)
        wanted = match[2] or match[3]
        found = [d for d in found if str(d.get(match[1], "")).casefold() == wanted.casefold()]
    return found


def _words(text: str) -> list[str]:
    return [w for w in re.split(r"[\s,]+", text.casefold()) if w]


def _free(request: Request) -> list[dict[str, Any]]:
    words = _words(request.get("q", "*:*"))
    if words == ["*:*"]:
        return _filtered(request)
    return [d for d in _filtered(request) if set(words) <= _index(d)]


def _index(document: dict[str, Any]) -> set[str]:
    postcode = document["postcode"].casefold()
    return {*_words(document["weergavenaam"]), str(document["huisnummer"]), postcode[:4], postcode[4:]}


def _suggest(request: Request) -> list[dict[str, Any]]:
    words = _words(request.get("q"))
    if not words:
        raise ValueError("q is required")
    scored = []
    for d in _filtered(request):
        terms = _index(d)
        if all(any(term.startswith(word) for term in terms) for word in words):
            # Whole words weigh more than beginnings; then the order of the register.
            scored.append((-sum(word in terms for word in words), len(d["huis_nlt"]), d))
    return [d for _, _, d in sorted(scored, key=lambda row: row[:2])]


def _lookup(request: Request) -> list[dict[str, Any]]:
    return [d for d in _DOCUMENTS if d["id"] == request.get("id")]


def _metres(lat: float, lon: float, a: Address) -> float:
    north = (lat - (a.lat or 0)) * _METRES_A_DEGREE
    east = (lon - (a.lon or 0)) * _METRES_A_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)


def _reverse(request: Request) -> list[dict[str, Any]]:
    lat, lon = float(request.get("lat")), float(request.get("lon"))
    kinds = request.all("type") or ["adres"]
    within = float(request.get("distance", "inf"))
    near: list[tuple[float, dict[str, Any]]] = []
    if "adres" in kinds:
        near += [(_metres(lat, lon, a), document(a)) for a in town.ADDRESSES]
    if "buurt" in kinds:
        near += [(0.0, _buurt(feature)) for feature in town.neighbourhoods()["features"] if _holds(feature, lat, lon)]
    nearest = sorted((row for row in near if row[0] <= within), key=lambda row: row[0])
    return [{**d, "afstand": round(metres, 2)} for metres, d in nearest]


def _holds(feature: dict[str, Any], lat: float, lon: float) -> bool:
    return town.inside(feature["geometry"]["coordinates"][0], lat, lon)


def _buurt(feature: dict[str, Any]) -> dict[str, Any]:
    known = feature["properties"]
    corners = feature["geometry"]["coordinates"][0][:-1]
    lon, lat = (sum(c[axis] for c in corners) / len(corners) for axis in (0, 1))
    return {
        "id": f"brt-{known['buurtcode']}",
        "type": "buurt",
        "bron": "CBS",
        "weergavenaam": f"{known['buurtnaam']}, {known['gemeentenaam']}",
        "buurtnaam": known["buurtnaam"],
        "buurtcode": known["buurtcode"],
        "wijknaam": known["wijknaam"],
        "gemeentenaam": known["gemeentenaam"],
        "centroide_ll": f"POINT({lon:.8f} {lat:.8f})",
        "score": 1.0,
    }


_SERVICES: Final = {"/free": _free, "/suggest": _suggest, "/lookup": _lookup, "/reverse": _reverse}
