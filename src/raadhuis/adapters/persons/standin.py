"""A stand-in for the BRP: POST /personen, two of its question types, with `fields` carried out.

Comes in: the JSON of the national API. Goes out: only the fields that were asked for, about the people of Waterrijk.
Always holds: like the real one it refuses fields that it does not know, and a body that is no question, with a 400.
"""

from datetime import date
from typing import Any, Final

import orjson

from raadhuis.adapters.shapes import Address
from raadhuis.adapters.standins import town
from raadhuis.adapters.standins.people import RESIDENTS, Resident
from raadhuis.adapters.standins.population import population
from raadhuis.adapters.standins.web import Request, Response, json_response

_EVERYBODY: Final = [*RESIDENTS, *population()]
_BY_BSN: Final = {r.bsn: r for r in _EVERYBODY}
_AUTOMATIC: Final = ("geheimhoudingPersoonsgegevens", "opschortingBijhouding")
_TOP: Final = frozenset(
    {
        "aNummer",
        "adressering",
        "burgerservicenummer",
        "datumEersteInschrijvingGBA",
        "datumInschrijvingInGemeente",
        "geboorte",
        "gemeenteVanInschrijving",
        "geslacht",
        "gezag",
        "immigratie",
        "indicatieCurateleRegister",
        "kinderen",
        "leeftijd",
        "naam",
        "nationaliteiten",
        "ouders",
        "overlijden",
        "partners",
        "uitsluitingKiesrecht",
        "verblijfplaats",
        "verblijfplaatsBinnenland",
        "verblijfstitel",
    }
)
_TOP_OF_LIST: Final = frozenset({"adressering", "burgerservicenummer", "geboorte", "geslacht", "leeftijd", "naam"})


def app(request: Request) -> Response:
    """Answers POST /personen."""
    if request.path != "/personen":
        return _problem(404, "notFound")
    if request.method != "POST":
        return _problem(405, "methodNotAllowed")
    try:
        question = orjson.loads(request.body)
        fields = [str(f) for f in question["fields"]]
        kind = question["type"]
    except (ValueError, KeyError, TypeError):
        return _problem(400, "paramsValidation")
    allowed = _TOP if kind == "RaadpleegMetBurgerservicenummer" else _TOP_OF_LIST
    if not fields or len(fields) > 130 or any(f.split(".")[0] not in allowed for f in fields):
        return _problem(400, "paramsValidation")
    if kind == "RaadpleegMetBurgerservicenummer":
        numbers = question.get("burgerservicenummer")
        if not isinstance(numbers, list) or not 1 <= len(numbers) <= 20:
            return _problem(400, "paramsValidation")
        found = [_BY_BSN[str(n)] for n in numbers if str(n) in _BY_BSN]
    elif kind == "ZoekMetAdresseerbaarObjectIdentificatie":
        sought = question.get("adresseerbaarObjectIdentificatie")
        # The real one leaves out who has died, unless it is asked to include them.
        found = [r for r in _EVERYBODY if r.address and r.address.bag_id == sought and not r.deceased]
    else:
        return _problem(400, "paramsValidation")
    return json_response({"type": kind, "personen": [_chosen(_full(r), fields) for r in found]})


def _problem(status: int, code: str) -> Response:
    return json_response({"status": status, "code": code, "title": "Dat kan niet"}, status, "application/problem+json")


def _chosen(person: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    chosen: dict[str, Any] = {name: person[name] for name in _AUTOMATIC if name in person}
    for field in fields:
        _copy(person, chosen, field.split("."))
    return chosen


def _copy(source: dict[str, Any], target: dict[str, Any], path: list[str]) -> None:
    name, rest = path[0], path[1:]
    if name not in source:
        return
    value = source[name]
    if not rest:
        target[name] = value
    elif isinstance(value, list):
        rows = target.setdefault(name, [{} for _ in value])
        for row, copied in zip(value, rows, strict=True):
            _copy(row, copied, rest)
    else:
        # The type of a residence tells which fields it has, so it is always given.
        into = target.setdefault(name, {"type": value["type"]} if "type" in value else {})
        _copy(value, into, rest)


def _date(day: date) -> dict[str, str]:
    return {"type": "Datum", "datum": day.isoformat(), "langFormaat": f"{day.day} {_MONTHS[day.month - 1]} {day.year}"}


_MONTHS: Final = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_GENDERS: Final = {"M": "man", "V": "vrouw", "O": "onbekend"}


def _name(r: Resident, *, full: bool = False) -> dict[str, str]:
    name = {"voornamen": r.given_names, "voorvoegsel": r.prefix, "geslachtsnaam": r.surname}
    if full:
        name["volledigeNaam"] = " ".join(p for p in (r.given_names, r.prefix, r.surname) if p)
    return {key: value for key, value in name.items() if value}


def _relative(bsn: str) -> dict[str, Any]:
    r = _BY_BSN[bsn]
    return {"burgerservicenummer": bsn, "naam": _name(r), "geboorte": {"datum": _date(r.birth_date)}}


def _residence(r: Resident, a: Address | None) -> dict[str, Any]:
    since = {"datumVan": _date(r.since)} if r.since else {}
    if a is None:
        abroad = {"land": {"code": "5010", "omschrijving": r.country}, "regel1": "Voorbeeldlaan 1", "regel2": "Gent"}
        return {"type": "VerblijfplaatsBuitenland", "verblijfadres": abroad, **since}
    parts = {
        "officieleStraatnaam": a.street,
        "korteStraatnaam": a.street[:24],
        "huisnummer": a.house_number,
        "huisletter": a.house_letter,
        "huisnummertoevoeging": a.addition,
        "postcode": a.postcode,
        "woonplaats": a.city,
    }
    return {
        "type": "Adres",
        "adresseerbaarObjectIdentificatie": a.bag_id,
        "nummeraanduidingIdentificatie": a.bag_id[:4] + "20" + a.bag_id[6:],
        "functieAdres": {"code": "W", "omschrijving": "woonadres"},
        "verblijfadres": {key: value for key, value in parts.items() if value},
        **since,
    }


def _full(r: Resident) -> dict[str, Any]:
    code, place = (town.MUNICIPALITY_CODE, r.address.municipality) if r.address else ("1999", "RNI")
    person: dict[str, Any] = {
        "burgerservicenummer": r.bsn,
        "naam": _name(r, full=True),
        "geboorte": {"datum": _date(r.birth_date)},
        "geslacht": {"code": r.gender, "omschrijving": _GENDERS[r.gender]},
        "nationaliteiten": [
            {
                "type": "Nationaliteit",
                "nationaliteit": {"code": r.nationality[0], "omschrijving": r.nationality[1]},
            }
        ],
        "gemeenteVanInschrijving": {"code": code, "omschrijving": place},
        "verblijfplaats": _residence(r, r.address),
    }
    if r.partner:
        person["partners"] = [_relative(r.partner)]
        if r.deceased is None and (ended := _BY_BSN[r.partner].deceased):
            person["partners"][0]["ontbindingHuwelijkPartnerschap"] = {"datum": _date(ended)}
    if r.children:
        person["kinderen"] = [_relative(bsn) for bsn in r.children]
    if r.secrecy:
        person["geheimhoudingPersoonsgegevens"] = True
    if r.deceased:
        person["overlijden"] = {"datum": _date(r.deceased)}
        person["opschortingBijhouding"] = {"reden": {"code": "O", "omschrijving": "overlijden"}}
    elif r.country:
        person["opschortingBijhouding"] = {"reden": {"code": "E", "omschrijving": "emigratie"}}
    return person
