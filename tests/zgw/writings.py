"""Every operation of the six APIs that reads a body of JSON, with a body that is right and the attributes it may have.

In: an application that may do everything. Out: writings. Always holds: an operation that is not here fails a test.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.test import Client

from raadhuis.cases.brc import shapes as decisions
from raadhuis.cases.drc import writing as documents
from raadhuis.cases.zrc import shapes
from raadhuis.catalogue.ztc.resources import RESOURCES
from raadhuis.kernel import clock
from raadhuis.kernel.shapes import Attribute
from raadhuis.zgw import autorisaties, notificaties
from zgw.clients import Application
from zgw.estate import LEVEL, NOWHERE, Lot
from zgw.register import RSIN, Register
from zgw.test_access import addresses
from zgw.test_catalogi import ROOT, Types
from zgw.test_rights import _question

METHODS = ("POST", "PUT", "PATCH")
# What reads no body of JSON: publishing and locking read nothing, a part is a form.
WITHOUT = re.compile(r"/(publish|lock)$|/bestandsdelen/")
_DOCUMENTS = {
    "_zoek": "EIOZoekRequest",
    "unlock": "UnlockEnkelvoudigInformatieObjectRequest",
    "gebruiksrechten": "GebruiksrechtenRequest",
    "verzendingen": "VerzendingRequest",
    "objectinformatieobjecten": "ObjectInformatieObjectRequest",
}
_DECISIONS = {"besluiten": "Besluit", "besluitinformatieobjecten": "BesluitInformatieObject"}
_CASES = {"_zoek": "zoek", "zaaknummer_reserveren": "nummers"}
_NOTICES = {"kanaal": "Kanaal", "abonnement": "Abonnement", "notificaties": "Message"}
# The attribute of which the shape depends on what the body says it is.
_WHO, _WHAT = "betrokkeneIdentificatie", "objectIdentificatie"


class Writing(NamedTuple):
    """One operation: where it is, what is sent to it, and what may be sent."""

    method: str
    place: str
    path: str
    body: dict[str, Any]
    attributes: tuple[Attribute, ...]

    def __str__(self) -> str:
        """As a person calls it."""
        return f"{self.method} {self.place}"


class Writings:
    """All operations that write, on rows that are there."""

    def __init__(self, app: Application, callback: str) -> None:
        self.app = app
        register = Register(app)
        self.whole = register.zaak(vertrouwelijkheidaanduiding=LEVEL)["url"]
        """A case of which the case of the lot is a part."""
        self.lot = Lot(register, LEVEL, hoofdzaak=self.whole)
        self.types = Types(app, "NIEUW")
        self._bodies = self._types()
        self._rows = {name: self._row(name) for name in RESOURCES}
        rights = [{"component": "zrc", "scopes": ["zaken.lezen"], "zaaktype": self.lot.register.zaaktype}]
        rights[0]["maxVertrouwelijkheidaanduiding"] = "intern"
        self._application = {"clientIds": ["nieuw"], "label": "Nieuw", "autorisaties": rights}
        self._rows["applicaties"] = f"/autorisaties/api/v1/applicaties/{Application(client_id='ander').id}"
        self._notices = {
            "kanaal": {"naam": "eigen", "documentatieLink": "https://elders.example/", "filters": ["soort"]},
            "abonnement": {"callbackUrl": callback, "auth": "Bearer x", "kanalen": [{"naam": "zaken", "filters": {}}]},
            "notificaties": {
                "kanaal": "zaken",
                "resource": "zaak",
                "actie": "create",
                "aanmaakdatum": "2026-01-01T00:00:00Z",
                "hoofdObject": self.lot.at["zaken"],
                "resourceUrl": self.lot.at["zaken"],
                "kenmerken": {"bronorganisatie": RSIN},
            },
        }
        self._rows["abonnement"] = app.post("/notificaties/api/v1/abonnement", self._notices["abonnement"])["url"]

    def _types(self) -> dict[str, dict[str, Any]]:
        kind = self.types.make("informatieobjecttypen", omschrijving="Bij een zaaktype")["url"]
        relation = {"zaaktype": self.types.zaaktype, "informatieobjecttype": kind, "volgnummer": 1}
        return {
            **self.types.bodies(),
            "zaaktypen": self.types.zaaktype_body(identificatie="NIEUW"),
            "catalogussen": {"domein": "ANDER", "rsin": RSIN, "contactpersoonBeheerNaam": "Tester"},
            "zaaktype-informatieobjecttypen": {**relation, "richting": "inkomend"},
        }

    def _row(self, name: str) -> str:
        if name == "catalogussen":
            return self.types.catalogus
        if name == "zaaktypen":
            return self.types.zaaktype
        made: str = self.app.post(f"{ROOT}/{name}", self._bodies[name])["url"]
        if "volgnummer" in self._bodies[name]:
            self._bodies[name]["volgnummer"] = 2
        return made

    def all(self) -> Iterator[Writing]:
        """Each operation, and roles and objects of every kind."""
        for method, place in operations():
            yield self._writing(method, place)
        yield from self._people()
        yield from self._objects()

    def _writing(self, method: str, place: str) -> Writing:
        api, name = place.split("/")[1], resource_of(place)
        if api in {"zaken", "documenten", "besluiten"}:
            asked = _question(method, place, self.lot, "zaken.geforceerd-bijwerken")
            return Writing(method, place, asked.path, asked.body | self._more(name), _attributes(method, place))
        bodies = {"catalogi": self._bodies, "notificaties": self._notices}.get(api, {"applicaties": self._application})
        body = dict(bodies[name])
        if method != "POST" and name == "catalogussen":
            body["domein"] = "NIEUW"
        if method != "POST" and "volgnummer" in body:
            body["volgnummer"] = 1
        path = self._rows[name] if "<" in place else place
        some = {key: body[key] for key in ("auth", "kanalen") if key in body}
        return Writing(method, place, path, some if method == "PATCH" else body, _attributes(method, place))

    def _more(self, name: str) -> dict[str, Any]:
        """Whole parts, where several resources are written at once."""
        register, moment = self.lot.register, clock.now().isoformat()
        if name == "zaak_afsluiten":
            return {"status": {"statustype": register.last, "datumStatusGezet": moment}}
        if name == "zaak_bijwerken":
            who = {key: value for key, value in self.lot.bodies["rollen"].items() if key != "zaak"}
            return {"status": {"statustype": register.second, "datumStatusGezet": moment}, "rollen": [who]}
        return {}

    def _people(self) -> Iterator[Writing]:
        body = self.lot.bodies["rollen"]
        for kind, schema in shapes.PEOPLE.items():
            part = Attribute(kind="object", name=_WHO, parts=shapes.attributes(schema))
            sent = {**body, "betrokkeneType": kind, _WHO: {}}
            yield Writing("POST", f"rollen ({kind})", "/zaken/api/v1/rollen", sent, (part,))

    def _objects(self) -> Iterator[Writing]:
        for kind, schema in shapes.OBJECTS.items():
            part = Attribute(kind="object", name=_WHAT, parts=shapes.attributes(schema))
            sent = {"zaak": self.lot.at["zaken"], "objectType": kind, _WHAT: {}}
            yield Writing("POST", f"zaakobjecten ({kind})", "/zaken/api/v1/zaakobjecten", sent, (part,))


@cache
def operations() -> list[tuple[str, str]]:
    """(method, address) of every operation that reads a body of JSON."""
    reading = [place for place in addresses() if not WITHOUT.search(place)]
    return [(method, place) for place in reading for method in METHODS if _is(method, place)]


def _is(method: str, place: str) -> bool:
    """Whether this address has this method: asked without a token, which comes after it."""
    answer = Client().generic(method, re.sub(r"<uuid:\w+>", NOWHERE.format(7), place))
    return answer.status_code == 403


def resource_of(place: str) -> str:
    """What stands before the last id of an address, or last."""
    return [one for one in place.split("/")[4:] if not one.startswith("<")][-1]


def _attributes(method: str, place: str) -> tuple[Attribute, ...]:
    """What may be sent to an operation, by our own copy of the contract."""
    api, name = place.split("/")[1], resource_of(place)
    if api == "catalogi":
        return RESOURCES[name].sent
    if api == "autorisaties":
        return autorisaties._attributes()
    if api == "notificaties":
        return notificaties._attributes(_NOTICES[name])
    if api == "besluiten":
        return decisions.attributes(_DECISIONS[name])
    if api == "documenten":
        own = documents.NEW if method == "POST" else documents.CHANGED
        return documents.contract()[_DOCUMENTS.get(name, own)]
    if name in {"zaak_afsluiten", "zaak_bijwerken"}:
        return _at_once(name)
    return shapes.attributes(shapes.SENT[_CASES.get(name, name)])


def _at_once(name: str) -> tuple[Attribute, ...]:
    """Several resources in one body; which case it is, the address says."""

    def part(within: str, resource: str) -> Attribute:
        known = tuple(one for one in shapes.attributes(shapes.SENT[resource]) if one.name != "zaak")
        return Attribute(kind="object", name=within, required=name == "zaak_afsluiten", parts=known)

    status = part("status", "statussen")
    if name == "zaak_afsluiten":
        return part("zaak", "zaken"), status, part("resultaat", "resultaten")
    roles = Attribute(kind="list", name="rollen", of=part("", "rollen"))
    return part("zaak", "zaken"), status, roles
