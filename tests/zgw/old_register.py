"""A register of an older version of the standard, as the one that most towns have answers, on loopback.

In: nothing. Out: a server in a thread. Always holds: it names itself by another host than the one it is asked at, a
page has two rows, `next` names an inner host, and what newer versions added is not there; empty groups are written as
groups of empty texts.
"""

import base64
import hashlib
import hmac
import re
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import orjson

from zgw.loopback import OnLoopback, Quiet
from zgw.test_catalogi import GRANTED, PROCESS, RESULT

OLD, INNER = "https://openzaak.oud.example", "http://openzaak-web:8000"
SECRET = "geheim-van-het-oude-register"
PAGE = 2
WORDS = {1: b"Eerste versie", 2: b"Tweede versie, met meer woorden"}
PLAIN = {"zaakinformatieobjecten", "besluitinformatieobjecten", "gebruiksrechten", "zaakeigenschappen"}
ZTC, ZRC, DRC, BRC = (f"{OLD}/{api}/api/v1" for api in ("catalogi", "zaken", "documenten", "besluiten"))
ABSENT = {"verzendingen", "klantcontacten", "zaaknotities", "zaakobjecttypen"}
"""Resources that this version does not have."""


def id(number: int) -> str:
    """A UUID as it is in that register: version 4."""
    return str(UUID(int=0x0ED0_0000_0000_4000_8000_0000_0000_0000 + number, version=4))


def at(base: str, resource: str, number: int) -> str:
    """An address there."""
    return f"{base}/{resource}/{id(number)}"


CATALOGUS, KIND, BESLUITTYPE = (
    at(ZTC, "catalogussen", 1),
    at(ZTC, "informatieobjecttypen", 2),
    at(ZTC, "besluittypen", 3),
)
ZAAKTYPEN = [at(ZTC, "zaaktypen", number) for number in (4, 5, 6)]
FIRST, LAST = at(ZTC, "statustypen", 7), at(ZTC, "statustypen", 8)
RESULT_TYPE, ROLE_TYPE, PROPERTY = at(ZTC, "resultaattypen", 9), at(ZTC, "roltypen", 10), at(ZTC, "eigenschappen", 11)
WHOLE, PART, BROKEN, LOST = (at(ZRC, "zaken", number) for number in (20, 21, 22, 23))
LETTER, FALSE = at(DRC, "enkelvoudiginformatieobjecten", 30), at(DRC, "enkelvoudiginformatieobjecten", 31)
DECISION = at(BRC, "besluiten", 60)


def zaaktype(number: int, name: str, **other: Any) -> dict[str, Any]:
    """A zaaktype, of before it had somebody responsible."""
    return {
        "url": at(ZTC, "zaaktypen", number),
        "identificatie": name,
        "omschrijving": f"Oud {name}",
        "omschrijvingGeneriek": "",
        "vertrouwelijkheidaanduiding": "openbaar",
        "doel": "Oud doel",
        "aanleiding": "Oude aanleiding",
        "toelichting": "",
        "indicatieInternOfExtern": "extern",
        "handelingInitiator": "aanvragen",
        "onderwerp": "Oud onderwerp",
        "handelingBehandelaar": "behandelen",
        "doorlooptijd": "P30D",
        "servicenorm": None,
        "opschortingEnAanhoudingMogelijk": False,
        "verlengingMogelijk": False,
        "verlengingstermijn": None,
        "trefwoorden": [],
        "publicatieIndicatie": False,
        "publicatietekst": "",
        "verantwoordingsrelatie": [],
        "productenOfDiensten": ["https://producten.oud.example/1"],
        "selectielijstProcestype": PROCESS,
        "referentieproces": {"naam": "Oud proces", "link": ""},
        "catalogus": CATALOGUS,
        "statustypen": [FIRST, LAST],
        "resultaattypen": [RESULT_TYPE],
        "eigenschappen": [PROPERTY],
        "informatieobjecttypen": [KIND],
        "roltypen": [ROLE_TYPE],
        "besluittypen": [BESLUITTYPE],
        "deelzaaktypen": [],
        "gerelateerdeZaaktypen": [],
        "beginGeldigheid": "2018-01-01",
        "eindeGeldigheid": None,
        "versiedatum": "2018-01-01",
        "concept": False,
        **other,
    }


def document(number: int, **other: Any) -> dict[str, Any]:
    """A document of version 1.0: without what 1.1 and later added."""
    url = at(DRC, "enkelvoudiginformatieobjecten", number)
    return {
        "url": url,
        "identificatie": f"DOC-{number}",
        "bronorganisatie": "159351741",
        "creatiedatum": "2018-12-13",
        "titel": "Oude brief",
        "vertrouwelijkheidaanduiding": "openbaar",
        "auteur": "Oude schrijver",
        "status": "",
        "formaat": "text/plain",
        "taal": "dut",
        "versie": 1,
        "beginRegistratie": "2018-12-13T10:00:00+01:00",
        "bestandsnaam": "",
        "inhoud": f"{url}/download?versie=1",
        "bestandsomvang": len(WORDS[1]),
        "link": "",
        "beschrijving": "",
        "ontvangstdatum": None,
        "verzenddatum": None,
        "indicatieGebruiksrecht": None,
        "ondertekening": {"soort": "", "datum": None},
        "integriteit": {"algoritme": "", "waarde": "", "datum": None},
        "informatieobjecttype": KIND,
        "locked": False,
        **other,
    }


def zaak(url: str, number: str, **other: Any) -> dict[str, Any]:
    """A case of version 1.0: what hangs on it is not listed."""
    return {
        "url": url,
        "uuid": url[-36:],
        "identificatie": number,
        "bronorganisatie": "159351741",
        "omschrijving": "Oude zaak",
        "toelichting": "",
        "zaaktype": ZAAKTYPEN[0],
        "registratiedatum": "2019-02-03",
        "verantwoordelijkeOrganisatie": "159351741",
        "startdatum": "2019-02-01",
        "einddatum": None,
        "einddatumGepland": None,
        "uiterlijkeEinddatumAfdoening": None,
        "publicatiedatum": None,
        "communicatiekanaal": "https://referentielijsten.oud.example/kanaal/1",
        "productenOfDiensten": [],
        "vertrouwelijkheidaanduiding": "openbaar",
        "betalingsindicatie": "",
        "betalingsindicatieWeergave": "",
        "laatsteBetaaldatum": None,
        "zaakgeometrie": None,
        "verlenging": {"reden": "", "duur": None},
        "opschorting": {"indicatie": False, "reden": ""},
        "selectielijstklasse": "",
        "hoofdzaak": None,
        "deelzaken": [],
        "relevanteAndereZaken": [],
        "status": None,
        "kenmerken": [],
        "archiefnominatie": None,
        "archiefstatus": "nog_te_archiveren",
        "archiefactiedatum": None,
        "resultaat": None,
        **other,
    }


def _types() -> dict[str, list[dict[str, Any]]]:
    parts = {"deelzaaktypen": [ZAAKTYPEN[2]], "gerelateerdeZaaktypen": []}
    parts["gerelateerdeZaaktypen"] = [{"zaaktype": ZAAKTYPEN[1], "aardRelatie": "vervolg", "toelichting": ""}]
    owned = {"zaaktype": ZAAKTYPEN[0]}
    return {
        "catalogussen": [
            {
                "url": CATALOGUS,
                "domein": "OUD",
                "rsin": "159351741",
                "contactpersoonBeheerNaam": "Oude beheerder",
                "contactpersoonBeheerTelefoonnummer": "",
                "contactpersoonBeheerEmailadres": "",
                "zaaktypen": ZAAKTYPEN,
                "besluittypen": [BESLUITTYPE],
                "informatieobjecttypen": [KIND],
            }
        ],
        "informatieobjecttypen": [
            {
                "url": KIND,
                "catalogus": CATALOGUS,
                "omschrijving": "Oude brief",
                "vertrouwelijkheidaanduiding": "openbaar",
                "beginGeldigheid": "2018-01-01",
                "eindeGeldigheid": None,
                "concept": False,
            }
        ],
        "besluittypen": [
            {
                "url": BESLUITTYPE,
                "catalogus": CATALOGUS,
                "zaaktypen": ZAAKTYPEN,
                "omschrijving": "Oud besluit",
                "omschrijvingGeneriek": "",
                "besluitcategorie": "",
                "reactietermijn": None,
                "publicatieIndicatie": False,
                "publicatietekst": "",
                "publicatietermijn": None,
                "toelichting": "",
                "informatieobjecttypen": [KIND],
                "beginGeldigheid": "2018-01-01",
                "eindeGeldigheid": None,
                "concept": False,
            }
        ],
        "zaaktypen": [zaaktype(4, "OUD-1", **parts), zaaktype(5, "OUD-2"), zaaktype(6, "OUD-3", concept=True)],
        "statustypen": [
            {"url": url, **owned, "omschrijving": name, "omschrijvingGeneriek": "", "statustekst": "", "volgnummer": n}
            | {"isEindstatus": url == LAST, "informeren": False}
            for n, (url, name) in enumerate(((FIRST, "Begin"), (LAST, "Einde")), 1)
        ],
        "eigenschappen": [
            {
                "url": PROPERTY,
                **owned,
                "naam": "kleur",
                "definitie": "Welke kleur",
                "specificatie": {
                    "groep": "",
                    "formaat": "tekst",
                    "lengte": "10",
                    "kardinaliteit": "1",
                    "waardenverzameling": [],
                },
                "toelichting": "",
            }
        ],
        "resultaattypen": [
            {
                "url": RESULT_TYPE,
                **owned,
                "omschrijving": "Toegekend",
                "resultaattypeomschrijving": GRANTED,
                "omschrijvingGeneriek": "Verleend",
                "selectielijstklasse": RESULT,
                "toelichting": "",
                "archiefnominatie": "vernietigen",
                "archiefactietermijn": "P5Y",
                "brondatumArchiefprocedure": {
                    "afleidingswijze": "afgehandeld",
                    "datumkenmerk": "",
                    "einddatumBekend": False,
                    "objecttype": "",
                    "registratie": "",
                    "procestermijn": None,
                },
            }
        ],
        "roltypen": [{"url": ROLE_TYPE, **owned, "omschrijving": "Aanvrager", "omschrijvingGeneriek": "initiator"}],
        "zaaktype-informatieobjecttypen": [
            {
                "url": at(ZTC, "zaaktype-informatieobjecttypen", 12),
                **owned,
                "informatieobjecttype": KIND,
                "volgnummer": 1,
                "richting": "inkomend",
                "statustype": None,
            }
        ],
    }


def _documents() -> dict[str, list[dict[str, Any]]]:
    newest = {"versie": 2, "inhoud": f"{LETTER}/download?versie=2", "bestandsomvang": len(WORDS[2])}
    wrong = {"algoritme": "sha_256", "waarde": "0" * 64, "datum": "2018-12-13"}
    terms = {"startdatum": "2018-12-24T00:00:00Z", "einddatum": None, "omschrijvingVoorwaarden": "Alleen lezen"}
    return {
        "enkelvoudiginformatieobjecten": [
            document(30, titel="Oude brief, beter", indicatieGebruiksrecht=True, **newest),
            document(31, integriteit=wrong),
        ],
        "gebruiksrechten": [{"url": at(DRC, "gebruiksrechten", 32), "informatieobject": LETTER, **terms}],
    }


def _cases() -> dict[str, list[dict[str, Any]]]:
    closed = {"einddatum": "2019-04-01", "archiefnominatie": "blijvend_bewaren", "archiefactiedatum": "2031-05-06"}
    others = [{"url": PART, "aardRelatie": "vervolg"}]
    who = {"inpBsn": "999990755", "geslachtsnaam": "Ouderling", "voornamen": None, "verblijfsadres": None}
    person = {"betrokkene": "", "betrokkeneType": "natuurlijk_persoon", "roltype": ROLE_TYPE}
    person |= {"omschrijving": "Aanvrager", "omschrijvingGeneriek": "initiator", "roltoelichting": "Vroeg het aan"}
    person |= {"registratiedatum": "2019-02-03T09:00:00Z", "indicatieMachtiging": "", "betrokkeneIdentificatie": who}
    street = {"identificatie": "1", "wplWoonplaatsNaam": "Oudestad", "gorOpenbareRuimteNaam": "Oudestraat"}
    street |= {"huisnummer": 1, "huisletter": "", "huisnummertoevoeging": "", "postcode": ""}
    relation = {"informatieobject": LETTER, "aardRelatieWeergave": "Hoort bij, omgekeerd: kent", "titel": ""}
    relation |= {"beschrijving": "", "registratiedatum": "2019-02-04T08:00:00.123456Z"}

    def status(number: int, url: str, kind: str, moment: str) -> dict[str, Any]:
        row = {"url": at(ZRC, "statussen", number), "uuid": id(number), "zaak": url, "statustype": kind}
        return {**row, "datumStatusGezet": moment, "statustoelichting": ""}

    return {
        "zaken": [
            zaak(PART, "OUD-0002", hoofdzaak=WHOLE, startdatum="2019-03-01"),
            zaak(WHOLE, "OUD-0001", deelzaken=[PART], relevanteAndereZaken=others, **closed),
            zaak(BROKEN, "OUD-0003", bronorganisatie="123456789"),
            zaak(LOST, "OUD-0004", zaaktype=at(ZTC, "zaaktypen", 99)),
        ],
        "statussen": [
            status(40, WHOLE, LAST, "2019-04-01T10:00:00Z"),
            status(41, WHOLE, FIRST, "2019-02-01T10:00:00Z"),
            status(42, BROKEN, FIRST, "2019-02-01T10:00:00Z"),
        ],
        "resultaten": [
            {"url": at(ZRC, "resultaten", 43), "uuid": id(43), "zaak": WHOLE, "resultaattype": RESULT_TYPE}
            | {"toelichting": "Mag"}
        ],
        "rollen": [{"url": at(ZRC, "rollen", 44), "uuid": id(44), "zaak": WHOLE, **person}],
        "zaakobjecten": [
            {"url": at(ZRC, "zaakobjecten", 45), "uuid": id(45), "zaak": WHOLE, "object": "", "objectType": "adres"}
            | {"objectTypeOverige": "", "relatieomschrijving": "", "objectIdentificatie": street}
        ],
        "zaakinformatieobjecten": [
            {"url": at(ZRC, "zaakinformatieobjecten", 46), "uuid": id(46), "zaak": WHOLE, **relation}
        ],
        "zaakeigenschappen": [
            {"url": f"{WHOLE}/zaakeigenschappen/{id(47)}", "uuid": id(47), "zaak": WHOLE, "eigenschap": PROPERTY}
            | {"naam": "kleur", "waarde": "blauw"}
        ],
    }


def _decisions() -> dict[str, list[dict[str, Any]]]:
    day = "2019-04-01"
    return {
        "besluiten": [
            {
                "url": DECISION,
                "identificatie": "BES-1",
                "verantwoordelijkeOrganisatie": "159351741",
                "besluittype": BESLUITTYPE,
                "zaak": WHOLE,
                "datum": day,
                "toelichting": "",
                "bestuursorgaan": "",
                "ingangsdatum": day,
                "vervaldatum": None,
                "vervalreden": "",
                "vervalredenWeergave": "",
                "publicatiedatum": None,
                "verzenddatum": None,
                "uiterlijkeReactiedatum": None,
            }
        ],
        "besluitinformatieobjecten": [
            {"url": at(BRC, "besluitinformatieobjecten", 61), "informatieobject": LETTER, "besluit": DECISION}
        ],
    }


class OldRegister(OnLoopback):
    """The server, in a thread. `rows`: by resource what it has; a test may change it."""

    def __init__(self) -> None:
        self.rows = {**_types(), **_documents(), **_cases(), **_decisions()}
        self.away: set[str] = set()
        """APIs that answer 404 to everything."""
        self.hidden = 0
        """How many rows each list counts but does not show."""
        outer = self

        class Handler(Quiet, BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, kind, body = outer.answer(self.path, self.headers.get("Authorization", ""))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        super().__init__(Handler)

    def answer(self, target: str, authorization: str) -> tuple[int, str, bytes]:
        """(status, kind, body)."""
        if not _is_signed(authorization):
            return 403, "application/problem+json", orjson.dumps({"code": "not_authenticated", "status": 403})
        parts, asked = urlsplit(target), dict(parse_qsl(urlsplit(target).query))
        match = re.fullmatch(r"/(\w+)/api/v1/([\w-]+)(?:/([0-9a-f-]{36}))?(?:/(\w+))?", parts.path)
        if match is None or match[1] in self.away or match[2] in ABSENT:
            return 404, "application/problem+json", b"{}"
        if "expand" in asked:  # It is older than that.
            return 400, "application/problem+json", orjson.dumps({"code": "unknown-parameters", "status": 400})
        if match[4] == "download":
            return 200, "application/octet-stream", WORDS[int(asked.get("versie", "2"))]
        if match[4]:
            whole = f"{OLD}/{match[1]}/api/v1/{match[2]}/{match[3]}"
            return _json([row for row in self.rows.get(match[4], ()) if row["zaak"] == whole])
        if match[3]:
            return self._one(match[2], match[3], asked)
        return self._list(parts.path, match[2], asked)

    def _one(self, resource: str, id: str, asked: dict[str, str]) -> tuple[int, str, bytes]:
        row = next((row for row in self.rows[resource] if row["url"].endswith(id)), None)
        if row is not None and asked.get("versie") == "1":
            return _json(document(30, titel="Oude brief", indicatieGebruiksrecht=True))
        return _json(row) if row is not None else (404, "application/problem+json", b"{}")

    def _list(self, path: str, resource: str, asked: dict[str, str]) -> tuple[int, str, bytes]:
        number = int(asked.pop("page", "1"))
        asked.pop("status", None)
        rows = [row for row in self.rows.get(resource, []) if all(row[name] == text for name, text in asked.items())]
        if resource in PLAIN:
            return _json(rows)
        shown = rows[(number - 1) * PAGE : number * PAGE]
        following = f"{INNER}{path}?page={number + 1}" if len(rows) > number * PAGE else None
        return _json({"count": len(rows) + self.hidden, "next": following, "previous": None, "results": shown})


def _json(value: object) -> tuple[int, str, bytes]:
    return 200, "application/json", orjson.dumps(value)


def _is_signed(authorization: str) -> bool:
    signed, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
    made = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(made).rstrip(b"=").decode(), signature)
