"""A stand-in for the Handelsregister: GET /v1/basisprofielen/{kvkNummer} about the businesses of Waterrijk."""

from typing import Any

from raadhuis.adapters.standins.people import BUSINESSES, Company
from raadhuis.adapters.standins.web import Request, Response, json_response


def app(request: Request) -> Response:
    """Answers with a Basisprofiel, or KVK's own form of error."""
    number = request.path.removeprefix("/v1/basisprofielen/")
    if request.method != "GET" or number == request.path:
        return Response(404)
    if not number.isdigit() or len(number) != 8:
        return _error(400, "IPD0004", "Het KVK-nummer is niet valide.")
    found = next((b for b in BUSINESSES if b.kvk == number), None)
    return json_response(_profile(found)) if found else _error(404, "IPD0005", "Product niet leverbaar.")


def _error(status: int, code: str, text: str) -> Response:
    return json_response({"fout": [{"code": code, "omschrijving": text}]}, status)


def _profile(b: Company) -> dict[str, Any]:
    seat: dict[str, Any] = {
        "type": "bezoekadres",
        "indAfgeschermd": "Nee",
        "volledigAdres": b.address.line,
        "straatnaam": b.address.street,
        "huisnummer": b.address.house_number,
        "postcode": b.address.postcode,
        "plaats": b.address.city,
        "land": "Nederland",
    }
    owner = {"rsin": b.rsin or None, "rechtsvorm": b.legal_form, "adressen": [seat]}
    return {
        "kvkNummer": b.kvk,
        "indNonMailing": "Ja",
        "naam": b.name,
        "handelsnamen": [{"naam": b.name, "volgorde": 0}],
        "_embedded": {
            "hoofdvestiging": {"kvkNummer": b.kvk, "eersteHandelsnaam": b.name, "adressen": [seat]},
            "eigenaar": {key: value for key, value in owner.items() if value is not None},
        },
    }
