"""A published zaaktype with all that belongs to it, and cases on it: what most tests of writing begin with."""

from typing import Any

import orjson

from raadhuis.kernel import clock
from zgw.clients import HOST, Application
from zgw.test_catalogi import GRANTED, RESULT, Types

CASES, TYPES = "/zaken/api/v1", "/catalogi/api/v1"
DOCUMENTS, DECISIONS = "/documenten/api/v1", "/besluiten/api/v1"
CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
RSIN = "000000000"


class Register:
    """A zaaktype (published) and what a client needs to work with it; `app` may do everything."""

    def __init__(self, app: Application, domein: str = "TEST", **zaaktype: Any) -> None:
        self.app, self.types = app, Types(app, domein)
        kind = {"productenOfDiensten": ["https://producten.example/1", "https://producten.example/2"], **zaaktype}
        self.zaaktype = self.types.new_zaaktype(**{"identificatie": "REGISTER-1", **kind})
        self.types.zaaktype = self.zaaktype
        self.first = self._make("statustypen", omschrijving="Ontvangen", volgnummer=1)
        self.second = self._make("statustypen", omschrijving="In behandeling", volgnummer=2)
        self.last = self._make("statustypen", omschrijving="Afgehandeld", volgnummer=3)
        self.granted = self.resultaattype()
        self.initiator = self._make("roltypen")
        self.handler = self._make("roltypen", omschrijving="Behandelaar", omschrijvingGeneriek="behandelaar")
        self.eigenschap = self._make("eigenschappen")
        self.zaakobjecttype = self._make("zaakobjecttypen")
        self.document_type = self._make("informatieobjecttypen")
        relation = {"volgnummer": 1, "richting": "inkomend", "zaaktype": self.zaaktype}
        app.post(f"{TYPES}/zaaktype-informatieobjecttypen", {**relation, "informatieobjecttype": self.document_type})
        self.besluittype = self._make("besluittypen", informatieobjecttypen=[self.document_type])
        app.post(f"{self.document_type}/publish", {}, 200)
        app.post(f"{self.besluittype}/publish", {}, 200)
        app.patch(self.zaaktype, {"besluittypen": [self.besluittype]})
        app.post(f"{self.zaaktype}/publish", {}, 200)

    def _make(self, name: str, **other: Any) -> str:
        return str(self.types.make(name, **other)["url"])

    def resultaattype(self, **other: Any) -> str:
        """Another kind of result; as long as the zaaktype is a concept."""
        body = {
            "zaaktype": self.zaaktype,
            "omschrijving": f"Verleend {len(other)}",
            "resultaattypeomschrijving": GRANTED,
            "selectielijstklasse": RESULT,
            "brondatumArchiefprocedure": {"afleidingswijze": "afgehandeld"},
            "archiefactietermijn": "P5Y",
            "archiefnominatie": "vernietigen",
        }
        return str(self.app.post(f"{TYPES}/resultaattypen", {**body, **other})["url"])

    def zaak_body(self, **other: Any) -> dict[str, Any]:
        """A case as a client sends it."""
        return {
            "zaaktype": self.zaaktype,
            "bronorganisatie": RSIN,
            "verantwoordelijkeOrganisatie": RSIN,
            "startdatum": clock.today().isoformat(),
            **other,
        }

    def zaak(self, status: int = 201, *, app: Application | None = None, **other: Any) -> dict[str, Any]:
        """A new case, or the problem that there must be."""
        return sent(app or self.app, "POST", f"{CASES}/zaken", self.zaak_body(**other), status)

    def status(
        self, zaak: str, statustype: str, status: int = 201, *, app: Application | None = None, **other: Any
    ) -> Any:
        """Sets a status, now."""
        body = {"zaak": zaak, "statustype": statustype, "datumStatusGezet": clock.now().isoformat(), **other}
        return (app or self.app).post(f"{CASES}/statussen", body, status)

    def result(self, zaak: str, status: int = 201, **other: Any) -> Any:
        """Gives a result."""
        return self.app.post(f"{CASES}/resultaten", {"zaak": zaak, "resultaattype": self.granted, **other}, status)

    def closed(self, **other: Any) -> dict[str, Any]:
        """A case that was closed."""
        zaak = self.zaak(**other)
        self.result(zaak["url"])
        self.status(zaak["url"], self.last)
        return got(self.app, zaak["url"])

    def rol(self, zaak: str, status: int = 201, *, app: Application | None = None, **other: Any) -> Any:
        """A person as initiator."""
        body = {
            "zaak": zaak,
            "betrokkeneType": "natuurlijk_persoon",
            "roltype": self.initiator,
            "roltoelichting": "Aanvrager",
            "betrokkeneIdentificatie": {"inpBsn": "999990755", "geslachtsnaam": "Jansen"},
        }
        return (app or self.app).post(f"{CASES}/rollen", {**body, **other}, status)


def sent(app: Application, method: str, path: str, body: Any, status: int) -> Any:
    """Sends with the headers that the cases ask; what was answered."""
    response = app.ask(method, path, body, **CRS)
    assert response.status_code == status, (response.status_code, response.content[:1000])
    return orjson.loads(response.content) if response.content else None


def got(app: Application, path: str, status: int = 200) -> Any:
    """What is at an address."""
    response = app.ask("GET", path, **CRS)
    assert response.status_code == status, (response.status_code, response.content[:600])
    return orjson.loads(response.content)


def own(path: str) -> str:
    """A path as an address of ours."""
    return f"{HOST}{path}"
