"""Every operation on cases, documents and decisions × scope × type × level: what an application reaches of real rows.

The committed table is `docs/zgw-rights.md`. A new operation without its line fails, and so does an answer that differs.
After a change on purpose: RAADHUIS_WRITE=1 pytest tests/zgw/test_rights.py, and read the difference.
"""

import os
import re
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.http import HttpResponse

from zgw.clients import HOST, Application
from zgw.estate import NOWHERE, Estate, Lot
from zgw.register import CASES, CRS, DECISIONS, DOCUMENTS, RSIN
from zgw.test_access import METHODS, SCOPES, addresses

TABLE = Path(__file__).resolve().parents[2] / "docs" / "zgw-rights.md"
APIS = {"zaken": "zrc", "documenten": "drc", "besluiten": "brc"}
FORM = "\r\n".join(
    (
        *("--g", 'Content-Disposition: form-data; name="inhoud"; filename="a"', "", "deel"),
        *("--g", 'Content-Disposition: form-data; name="lock"', "", "{}", "--g--", ""),
    )
)
ONE = re.compile(r"(?<=/)[0-9a-f-]{36}")
READING = {"zrc": "zaken.lezen", "drc": "documenten.lezen", "brc": "besluiten.lezen"}
# By column: how the application holds the scope, and what it asks for.
COLUMNS = {
    "own type": ("follows", "own"),
    "above the level": ("follows", "above"),
    "newer version": ("follows", "newer"),
    "newer version, right tied to the older": ("tied", "newer"),
    "other type": ("follows", "other"),
    "scope for another type only": ("elsewhere", "own"),
}
HEAD = """# What a right reaches

Made by a test (`tests/zgw/test_rights.py`) that asks every operation on cases, documents and decisions, of real rows,
as an application with one scope for one type, up to one level of confidentiality. Which scope opens an operation at
all is in `docs/zgw-access.md`.

- **yes**: it is done, or shown. Of a list, a search or `expand`: the row is in it.
- **left out**: the list, the count and `expand` do not have it; the answer is the one where there is no such row.
- **404**, **400**: as if it did not exist, to the letter: 400 where the address stands in a body.
- **403**: it may be read, but not this; or, of what is new: not for this type, or not so confidential.

The columns: a row of the *own type*, as confidential as the right goes; the same type, *above the level*; a *newer
version* of the type, by a right that follows versions; the same, by a *right tied to the older* version; an *other
type*; and the own type where the *scope* was given *for another type only* (with reading of the own type).
Decisions have no level of confidentiality, so theirs is that of nobody: *above the level* is open there.

"""


class Question:
    """A request about a lot. `sees`: the address that must be in the answer, for a list."""

    def __init__(self, method: str, path: str, body: Any = None, sees: str = "", **headers: str) -> None:
        self.method, self.path, self.body, self.sees = method, path.removeprefix(HOST), body, sees
        self.headers = {**CRS, **headers}

    def of_nothing(self, ids: dict[str, str]) -> "Question":
        """The same about rows that are not there."""

        def put(text: str) -> str:
            for one, other in ids.items():
                text = text.replace(one, other)
            return text

        body = orjson.loads(put(orjson.dumps(self.body).decode())) if self.body is not None else None
        return Question(self.method, put(self.path), body, put(self.sees), **self.headers)

    def ask(self, app: Application) -> HttpResponse:
        """Asks, and leaves everything as it was."""
        before = transaction.savepoint()
        try:
            if isinstance(self.body, dict) and "part" in self.body:
                form = FORM.format(self.body["part"])
                kind = "multipart/form-data; boundary=g"
                return app.ask(self.method, self.path, form.encode(), kind=kind, **self.headers)
            return app.ask(self.method, self.path, self.body, **self.headers)
        finally:
            transaction.savepoint_rollback(before)


def _operations() -> list[tuple[str, str]]:
    """(method, address) of every operation there is."""
    return [(m, place) for place in addresses() if place.split("/")[1] in APIS for m in METHODS if m != "HEAD"]


def _resource(place: str) -> str:
    """The resource of an address: what stands before its last id, or last."""
    parts = [one for one in place.split("/")[4:] if not one.startswith("<")]
    return parts[-1]


def _in(place: str, lot: Lot) -> str:
    """The address of an operation, for the rows of a lot."""
    name = _resource(place)
    if name == "besluiten" and "/zaken/<" in place:
        name = "mirrored"
    if "<" not in place:
        return place
    if name == "audittrail" and place.endswith(">"):
        return lot.at[f"trail of {place.split('/')[4]}"]
    if name in {"zaak_afsluiten", "zaak_bijwerken"}:
        return f"{CASES}/{name}/{lot.at['fresh'][-36:]}"
    if place.endswith(">"):
        return lot.at[name]
    return f"{lot.at[place.split('/')[4]]}/{place.rpartition('/')[2]}"


def _question(method: str, place: str, lot: Lot, scope: str) -> Question:
    """The request that an operation is asked with."""
    name, path = _resource(place), _in(place, lot)
    register, api = lot.register, place.split("/")[1]
    if name == "_zoek":
        main = "zaken" if api == "zaken" else "enkelvoudiginformatieobjecten"
        return Question("POST", path, {"uuid__in": [lot.at[main][-36:]]}, f'"url":"{lot.at[main]}"')
    if method in {"GET", "DELETE"}:
        if place.endswith((">", "/download", "/audittrail")):
            freed = {"enkelvoudiginformatieobjecten": "free"}.get(name, name)
            return Question(method, lot.at[freed] if method == "DELETE" and freed == "free" else path)
        return Question(method, path, sees="" if place.count("<") else f'"url":"{lot.at[name]}"')
    return Question(method, path, _body(method, place, lot, scope, register))


def _body(method: str, place: str, lot: Lot, scope: str, register: Any) -> Any:
    name, api = _resource(place), place.split("/")[1]
    done = {"statustype": register.last, "datumStatusGezet": "2027-01-01T00:00:00Z"}
    special: dict[str, Any] = {
        "lock": {},
        "unlock": {"lock": lot.own_lock},
        "bestandsdelen": {"part": lot.lock},
        "zaaknummer_reserveren": {"bronorganisatie": RSIN},
        "zaak_bijwerken": {"zaak": {"toelichting": "x"}},
        "zaak_afsluiten": {"status": done, "resultaat": {"resultaattype": register.granted}},
    }
    if name in special:
        return special[name]
    if name == "besluiten" and api == "zaken":
        return {"besluit": lot.at["besluiten"]}
    body = dict(lot.bodies[name])
    body.pop("hoofdzaak", None)
    if method == "POST" and name == "statussen":
        body["zaak"] = lot.at["closed" if scope == "zaken.heropenen" else "fresh"]
    elif method == "POST" and name == "resultaten":
        body["zaak"] = lot.at["fresh"]
    elif method == "POST" and name in {"zaakinformatieobjecten", "besluitinformatieobjecten"}:
        body["informatieobject"] = lot.at["spare"]
    elif name == "enkelvoudiginformatieobjecten" and method != "POST":
        body["lock"] = lot.own_lock
    elif name == "besluiten" and method == "PUT":
        body["identificatie"] = ""
    return body if method != "PATCH" else {key: body[key] for key in _partly(name, body)}


def _partly(name: str, body: dict[str, Any]) -> list[str]:
    words = {"lock", "startdatum", "titel", "waarde", "onderwerp", "ingangsdatum", "objectTypeOverige", "aardRelatie"}
    return [key for key in body if key in words]


def _shown(question: Question, response: HttpResponse) -> str:
    """What an answer comes to."""
    status = response.status_code
    if question.sees and status == 200 and not response.streaming:
        told = orjson.loads(response.content)
        assert not isinstance(told, dict) or "count" not in told or told["count"] == len(told["results"])
        return "yes" if question.sees.encode() in response.content else "left out"
    if status in {200, 201, 204, 304}:
        return "yes"
    if status == 400 and _always_refused(response):
        return "yes"
    return str(status)


def _always_refused(response: HttpResponse) -> bool:
    """Whether it came through all rights, to a rule that refuses what cannot be written here (drc-004, brc-006)."""
    faults = orjson.loads(response.content)["invalidParams"]
    return {one["code"] for one in faults} <= {"unique", "inconsistent-relation", "existing-lock", "future_not_allowed"}


@pytest.fixture
def estate(app: Application) -> Estate:
    return Estate(app)


@pytest.fixture
def holders(estate: Estate) -> Any:
    """Makes the applications, each once."""

    @cache
    def holder(component: str, scope: str, how: str) -> Application:
        return estate.holder(component, scope, tied=how == "tied", elsewhere=how == "elsewhere")

    return holder


def _row(estate: Estate, holders: Any, component: str, scope: str, ask: Any) -> list[str]:
    """The cells of a line. What is not there for the application is as absent as what is not there at all."""
    cells = []
    for how, name in COLUMNS.values():
        question: Question = ask(estate.lots[name])
        app = holders(component, scope, how)
        response = question.ask(app)
        cells.append(_shown(question, response))
        if question.method == "GET":
            _require_same_head(question, app, response)
        if cells[-1] in {"404", "400", "left out"}:
            ids = estate.without(estate.lots[name])
            nothing = question.of_nothing(ids)
            absent = nothing.ask(app)
            assert (response.status_code, _told(response, ids)) == (absent.status_code, _told(absent, ids)), (
                question.method,
                question.path,
                scope,
            )
    return cells


def _require_same_head(question: Question, app: Application, response: HttpResponse) -> None:
    """HEAD tells what GET told, without what it holds."""
    head = Question("HEAD", question.path, **question.headers).ask(app)
    assert (head.status_code, head.headers.get("ETag")) == (response.status_code, response.headers.get("ETag"))
    assert head.content == b""
    if response.status_code == 200 and not response.streaming:
        assert int(head.headers["Content-Length"]) == len(response.content)


def _told(response: HttpResponse, ids: dict[str, str]) -> str:
    """What an answer says, apart from which rows it was asked about."""
    text = re.sub(r"urn:uuid:[0-9a-f-]{36}", "", response.content.decode())
    for one, other in ids.items():
        text = text.replace(one, other)
    return re.sub(r'(?<="(?:next)":")[^"]*', "", text)


def _lines(estate: Estate, holders: Any) -> Iterator[tuple[str, str, list[str]]]:
    """(operation, scopes with the same outcome, cells)"""
    for method, place in _operations():
        found: dict[tuple[str, ...], list[str]] = {}
        component = APIS[place.split("/")[1]]
        for scope in SCOPES[component]:
            full = scope if scope.startswith("audittrails") else f"{place.split('/')[1]}.{scope}"
            empty = {} if method[0] == "P" else None
            nowhere = re.sub(r"<uuid:\w+>", NOWHERE.format(7), place)
            if holders(component, full, "follows").ask(method, nowhere, empty).status_code in {403, 405}:
                continue
            cells = _row(estate, holders, component, full, partial(_asked, method, place, full))
            found.setdefault(tuple(cells), []).append(f"`{full}`")
        shown = re.sub(r"<uuid:(\w+)>", r"{\1}", place)
        for outcome, scopes in found.items():
            yield f"{method} `{shown}`", ", ".join(scopes), list(outcome)


def _asked(method: str, place: str, scope: str, lot: Lot) -> Question:
    return _question(method, place, lot, scope)


def _search(lot: Lot, sees: str, **body: Any) -> Question:
    return Question("POST", f"{CASES}/zaken/_zoek", body, lot.at.get(sees, sees))


def _round(estate: Estate) -> list[tuple[str, str, Any]]:
    """(what is asked, the component, the question about a lot): the ways round by which rights were read before."""
    hub, eio = estate.hub, f"{DOCUMENTS}/enkelvoudiginformatieobjecten"
    paper = "enkelvoudiginformatieobjecten"

    def get(component: str, path: str, sees: str, *, inside: bool = False, **headers: str) -> tuple[str, str, Any]:
        """`inside`: what must be seen stands in what was put in."""

        def ask(lot: Lot) -> Question:
            text = re.sub(r"<(\w+)>", lambda found: lot.at[found[1]], path)
            return Question("GET", text, sees=f'"url":"{lot.at[sees]}"' if inside else lot.at[sees], **headers)

        shown = re.sub(r"<(\w+)>", r"{\1}", path).replace(hub, f"{CASES}/zaken/{{own}}").replace(HOST, "")
        return f"GET `{re.sub(ONE, '{type}', shown)}`{' with `If-None-Match`' * bool(headers)}", component, ask

    def seek(label: str, sees: str, inside: bool = False, **body: Any) -> tuple[str, str, Any]:
        def ask(lot: Lot) -> Question:
            about = {k: [lot.at["zaken"][-36:], hub[-36:]] if k == "uuid__in" else v for k, v in body.items()}
            return _search(lot, f'"url":"{lot.at[sees]}"' if inside else sees, **about)

        return f"POST `/zaken/api/v1/zaken/_zoek` {label}", "zrc", ask

    person = "betrokkeneIdentificatie__natuurlijkPersoon__inpBsn=999990755"
    hanging = (
        *("statussen", "resultaten", "rollen", "zaakobjecten", "zaakinformatieobjecten", "klantcontacten"),
        *("zaakcontactmomenten", "zaakverzoeken"),
    )
    return [
        get("zrc", f"{hub}?expand=deelzaken", "zaken", inside=True),
        get("zrc", f"{hub}?expand=deelzaken.rollen", "rollen", inside=True),
        get("zrc", f"{hub}?expand=deelzaken.hoofdzaak.deelzaken.status", "statussen", inside=True),
        get("zrc", f"{CASES}/zaken?expand=deelzaken.zaakobjecten", "zaakobjecten", inside=True),
        get("zrc", f"{CASES}/zaken?rol__{person}", "zaken", inside=True),
        get("zrc", f"{CASES}/zaken?zaaktype={estate.own.zaaktype}&ordering=-identificatie", "zaken", inside=True),
        get("zrc", f"{CASES}/zaken?maximaleVertrouwelijkheidaanduiding=zeer_geheim", "zaken", inside=True),
        get("zrc", f"{CASES}/rollen?{person}&expand=zaak", "rollen", inside=True),
        *(get("zrc", f"{CASES}/{name}?zaak=<zaken>", name, inside=True) for name in hanging),
        get("zrc", f"{CASES}/zaakinformatieobjecten?informatieobject=<{paper}>", "zaakinformatieobjecten", inside=True),
        get("zrc", f"{CASES}/zaaknotities?gerelateerdAan=<zaken>", "zaaknotities", inside=True),
        get("zrc", "<zaken>", "zaken", **{"If-None-Match": "*"}),
        seek("by `uuid__in`", "zaken", True, uuid__in=[]),
        seek("with `fields`", "zaken", True, uuid__in=[], fields=["url", {"deelzaken": ["url"]}]),
        seek("with `expand`", "rollen", True, uuid__in=[], expand="deelzaken.rollen"),
        get("drc", f"{eio}?objectinformatieobjecten__object=<zaken>", paper, inside=True),
        get("drc", f"{eio}?titel=brief&ordering=-titel", paper, inside=True),
        get("drc", f"<{paper}>/download?versie=1", paper),
        get("drc", f"<{paper}>?registratieOp=2099-01-01T00:00:00Z", paper),
        get("drc", f"<{paper}>", paper, **{"If-None-Match": "*"}),
        *(
            get("drc", f"{DOCUMENTS}/{name}?informatieobject=<{paper}>", name, inside=True)
            for name in ("gebruiksrechten", "verzendingen", "objectinformatieobjecten")
        ),
        get("drc", f"{DOCUMENTS}/objectinformatieobjecten?object=<zaken>&expand=informatieobject", paper, inside=True),
        get("brc", f"{DECISIONS}/besluiten?zaak=<zaken>", "besluiten", inside=True),
        get(
            "brc", f"{DECISIONS}/besluitinformatieobjecten?besluit=<besluiten>&expand=besluit", "besluiten", inside=True
        ),
        get("brc", f"{DECISIONS}/besluitinformatieobjecten?informatieobject=<{paper}>", "besluitinformatieobjecten"),
        get("brc", "<besluiten>", "besluiten", **{"If-None-Match": "*"}),
    ]


def _table(lines: list[tuple[str, ...]], *first: str) -> str:
    head = (*first, *COLUMNS)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), *lines)) + "\n"


def test_every_operation_reaches_what_the_table_says(estate: Estate, holders: Any) -> None:
    lines = [(name.replace("GET ", "GET, HEAD "), scopes, *cells) for name, scopes, cells in _lines(estate, holders)]
    around = [
        (name, *_row(estate, holders, component, READING[component], ask)) for name, component, ask in _round(estate)
    ]
    text = HEAD + _table(lines, "operation", "with") + "\n## Ways round\n\n"
    text += "What is put in, filtered by or told along reaches no further than what is asked for by itself.\n\n"
    text += _table(around, "what is asked, with the scope of reading")
    if os.environ.get("RAADHUIS_WRITE"):
        TABLE.write_text(text, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == text
