"""Nonsense and near-sense at every operation: what the contract allows, and what it does not, made by schemathesis.

In: the OpenAPI files. Out: for every operation some hundred requests. Always holds: no 500, no answer that the contract
does not know, every error problem+json with the headers. RAADHUIS_FUZZ says how many cases each API gets.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pytest
import schemathesis
import yaml
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from house import House
from zgw.clients import Application
from zgw.contracts import FILES, FOLDER
from zgw.papers import Papers
from zgw.receivers import Receiver
from zgw.register import CRS, Register
from zgw.test_catalogi import Types

_KINDS = "informatieobjecttypen"
PLURALS = {
    "catalogus": "catalogussen",
    "zaaktype": "zaaktypen",
    "informatieobjecttype": "informatieobjecttypen",
    "informatieobject": "enkelvoudiginformatieobjecten",
    "besluittype": "besluittypen",
    "besluit": "besluiten",
    "zaak": "zaken",
    "gerelateerdAan": "zaken",
    "hoofdzaak": "zaken",
    "statustype": "statustypen",
    "resultaattype": "resultaattypen",
    "roltype": "roltypen",
    "eigenschap": "eigenschappen",
    "zaakobjecttype": "zaakobjecttypen",
    "gezetdoor": "rollen",
    "status": "statussen",
}
CASES = int(os.environ.get("RAADHUIS_FUZZ", "2000"))


@lru_cache(maxsize=6)
def _schema(api: str) -> Any:
    raw = yaml.load((FOLDER / FILES[api]).read_text("utf-8"), Loader=yaml.CSafeLoader)
    schema = schemathesis.openapi.from_dict(raw)
    schema.config.generation.update(modes=list(GenerationMode))
    return schema


@pytest.fixture
def there(house: House, receivers: Callable[[], Receiver]) -> tuple[Application, list[str]]:
    """An application that may do everything, and addresses of what is there."""
    app = Application()
    types = Types(app)
    made = [types.make(name)["url"] for name in types.bodies()]
    applicatie = {"clientIds": ["fuzz"], "label": "Fuzz", "heeftAlleAutorisaties": True}
    receiver = {"callbackUrl": receivers().url, "auth": "x", "kanalen": [{"naam": "zaken"}]}
    return app, [
        types.catalogus,
        types.zaaktype,
        *made,
        app.post("/autorisaties/api/v1/applicaties", applicatie)["url"],
        app.post("/notificaties/api/v1/abonnement", receiver)["url"],
        app.get("/notificaties/api/v1/kanaal")[0]["url"],
    ]


def _documents(app: Application) -> list[str]:
    """Addresses of a type that was published, of a document that is whole, of one in parts, and of what hangs on it."""
    papers = Papers(app)
    whole, waiting = papers.make()["url"], papers.make(None, bestandsomvang=5)
    who = {"betrokkene": "https://elders.example/1", "contactPersoon": "https://elders.example/1"}
    terms = {"informatieobject": whole, "startdatum": "2026-01-01T00:00:00Z", "omschrijvingVoorwaarden": "Lezen"}
    sending = {"informatieobject": whole, "aardRelatie": "afzender", **who}
    papers.take_out(whole)
    return [
        *(papers.kind, whole, waiting["url"], waiting["bestandsdelen"][0]["url"]),
        app.post("/documenten/api/v1/gebruiksrechten", terms)["url"],
        app.post("/documenten/api/v1/verzendingen", sending)["url"],
    ]


def _decisions(app: Application, addresses: list[str]) -> list[str]:
    """Publishes the types that are there; the addresses of a decision, of its document, and of another document."""
    besluittype, kind = (next(a for a in addresses if f"/{name}/" in a) for name in ("besluittypen", _KINDS))
    app.post(f"{kind}/publish", {}, 200)
    app.patch(besluittype, {"informatieobjecttypen": [kind]})
    app.post(f"{besluittype}/publish", {}, 200)
    day = "2026-11-01"
    decision = {"verantwoordelijkeOrganisatie": "000000000", "datum": day, "ingangsdatum": day}
    made = app.post("/besluiten/api/v1/besluiten", {**decision, "besluittype": besluittype})["url"]
    papers = Papers(app)
    document, other = (papers.make(informatieobjecttype=kind)["url"] for _ in range(2))
    relation = {"besluit": made, "informatieobject": document}
    return [made, other, app.post("/besluiten/api/v1/besluitinformatieobjecten", relation)["url"]]


def _cases(app: Application) -> list[str]:
    """Addresses of a published zaaktype with what belongs to it, of a case, and of what hangs on it."""
    register = Register(app)
    zaak = register.zaak()["url"]
    rol = register.rol(zaak)["url"]
    status = register.status(zaak, register.first, gezetdoor=rol)["url"]
    result = register.result(zaak)["url"]
    fact = {"zaak": zaak, "eigenschap": register.eigenschap, "waarde": "12"}
    thing = {
        "zaak": zaak,
        "objectType": "overige",
        "objectTypeOverige": "boom",
        "objectIdentificatie": {"overigeData": {}},
    }
    paper = Papers(app).make(informatieobjecttype=register.document_type)["url"]
    hanging = {
        "zaakobjecten": {"zaak": zaak, **thing},
        "zaakinformatieobjecten": {"zaak": zaak, "informatieobject": paper},
        "klantcontacten": {"zaak": zaak, "datumtijd": "2026-01-01T00:00:00Z"},
        "zaakcontactmomenten": {"zaak": zaak, "contactmoment": "https://elders.example/1"},
        "zaakverzoeken": {"zaak": zaak, "verzoek": "https://elders.example/1"},
        "zaaknotities": {"gerelateerdAan": zaak, "onderwerp": "Let op", "tekst": "Dit"},
    }
    return [
        *(register.zaaktype, register.last, register.granted, register.initiator, register.eigenschap),
        *(register.zaakobjecttype, register.document_type, zaak, rol, status, result, paper),
        app.post(f"{zaak}/zaakeigenschappen", fact)["url"],
        *(app.post(f"/zaken/api/v1/{name}", body)["url"] for name, body in hanging.items()),
    ]


@pytest.mark.skipif(not FOLDER.exists(), reason="the OpenAPI files of the standard are not on this machine")
@pytest.mark.parametrize("api", FILES)
def test_nothing_breaks_it(request: pytest.FixtureRequest, house: House, api: str) -> None:
    if api == "zaken":
        app = Application()
        addresses = _cases(app)
    else:
        app, addresses = request.getfixturevalue("there")
    if api == "documenten":
        addresses = [*_documents(app), *addresses]
    if api == "besluiten":
        addresses = [*_decisions(app, addresses), *addresses]
    operations = [one.ok() for one in _schema(api).get_all_operations()]
    for operation in operations:
        _break(app, addresses, api, operation, max(2, CASES // len(operations)))


def _break(app: Application, addresses: list[str], api: str, operation: Any, times: int) -> None:
    path, method = operation.path, operation.method.upper()
    collection = path.split("/")[1]
    ids = [address.rpartition("/")[2] for address in addresses if f"/{collection}/" in address] or ["x"]

    # Without it every answer about a case is the same refusal.
    headers = CRS if api == "zaken" else {}

    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), real=st.sampled_from([*ids, ""]))
    def ask(case: Any, real: str) -> None:
        parameters = {name: real or str(value) for name, value in (case.path_parameters or {}).items()}
        place = f"/{api}/api/v1" + path.format(**{name: quote(v, safe="") for name, v in parameters.items()})
        query = urlencode({k: str(v) for k, v in (case.query or {}).items()})
        form = str(case.media_type or "").startswith("multipart/")
        body = None if isinstance(case.body, NotSet) else _form(case.body) if form else _real(case.body, addresses)
        kind = "multipart/form-data; boundary=grens" if form else "application/json"
        before = transaction.savepoint()
        try:
            app.ask(method, f"{place}?{query}" if query else place, body, kind=kind, **headers)
        except AssertionError as error:
            raise AssertionError(f"{method} {place}?{query} {body!r}: {error}") from None
        finally:
            transaction.savepoint_rollback(before)

    ask()


def _form(body: Any) -> bytes:
    """A body as a form with a file in it."""
    fields = body.items() if isinstance(body, dict) else [("inhoud", body)]
    lines = [
        b'--grens\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (
            str(name).encode("utf-8", "replace"),
            b'; filename="a"' * (name == "inhoud"),
            str(value).encode("utf-8", "replace"),
        )
        for name, value in fields
    ]
    return b"".join([*lines, b"--grens--\r\n"])


def _real(body: Any, addresses: list[str]) -> bytes:
    """A body whose addresses are sometimes those of something that is there."""
    if isinstance(body, dict):
        for name, plural in PLURALS.items():
            if len(str(body.get(name, ""))) % 2 and name in body:
                body[name] = next((one for one in addresses if f"/{plural}/" in one), "")
    try:
        return orjson.dumps(body)
    except (TypeError, ValueError):  # A number that JSON of ours does not write: sent as it is.
        return str(body).encode("utf-8", "replace")
