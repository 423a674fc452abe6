"""Every address × every role: who gets in. The committed table is `docs/access-matrix.md`.

A new address without its line here fails; an answer that differs from the table fails. After a change on purpose:
RAADHUIS_WRITE=1 pytest tests/test_access_matrix.py, and read the difference.
"""

import copy
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from house import House
from raadhuis.cases import actions, queries
from raadhuis.cases.models import DecisionRecord, Zaak, ZaakInformatieObject
from raadhuis.clients.actions import add_applicatie
from raadhuis.clients.schema import NewApplicatie
from raadhuis.desk.views import cases as desk_cases
from raadhuis.desk.views import clients as desk_clients
from raadhuis.desk.views import services as desk_services
from raadhuis.desk.views import tasks as desk_tasks
from raadhuis.intake.models import Upload
from raadhuis.journal.actions import send
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import durable
from raadhuis.lean import coming, uploads
from raadhuis.notices.models import Abonnement
from raadhuis.site.example.filler import fill_in

TABLE = Path(__file__).resolve().parent.parent / "docs" / "access-matrix.md"
ROLES = {
    "nobody": "",
    "the applicant": "fatima",
    "another resident": "joris",
    "a business": "festival",
    "reader": "els",
    "handler": "murat",
    "handler, other team": "samira",
    "decider": "ingrid",
    "team lead": "marco",
    "service editor": "tess",
    "administrator": "ada",
}
HEAD = """# Who gets in where

Made by a test (`tests/test_access_matrix.py`) that asks every address as every role, about a case of one resident that
lies with one team. 200: shown. 302: on to the log-in or the provider. 303: done, and on to the next page. 400, 409,
422: may be here, but this cannot be done so. 403: known, not allowed. 404: not there, or not yours: the two look the
same.

"""


@pytest.fixture
def things(house: House, settings: Any, tmp_path: Path) -> dict[str, str]:
    """A case of Fatima that lies with team Parkeren, a decision to undo, a draft, a dead letter."""
    murat, ingrid = house.staff("murat"), house.staff("ingrid")
    answers = {
        "kenteken": "GZ999R",
        "eigenaar": "lease",
        "verklaring": [{"name": "brief.pdf"}],
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
    }
    client = house.client("fatima")
    application = house.begin(client, "parkeervergunning")
    house.answer(client, application, answers)
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    draft = fill_in("parkeervergunning", house.person("fatima"), answers)
    house.background()
    decided = house.begin(client, "parkeervergunning")
    house.answer(client, decided, answers)
    house.submit(client, decided)
    other = Zaak.objects.get(submission=decided)
    actions.claim(other.tasks.get().id, ingrid)
    actions.decide(other.tasks.get().id, ingrid, result="grant", motivation="Het klopt.")
    actions.claim(zaak.tasks.get().id, murat)
    with durable():
        send("mail", {"to": "x@voorbeeld.example"}, key="dead")
    Outbox.objects.filter(key="dead").update(state="dead")
    listens = Abonnement.objects.create(callback_url="https://elders.example/", auth=b"")
    new = NewApplicatie(label="Zaaksysteem", client_ids=["zaaksysteem"], everything=True)
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"
    ada, events = house.staff("ada"), b"zaak;stap;tijd\n1;Ontvangen;2026-01-05 09:00\n1;Klaar;2026-01-06 09:00\n"
    log = uploads.keep([events], "stappen.csv", ada)
    coming.ask(log, ada)
    coming.bring_in()
    return {
        "log": str(log),
        "kept": str(uploads.keep([events], "stappen.csv", ada)),
        "client": str(add_applicatie(new, SYSTEM)),
        "zaak": str(zaak.id),
        "task": str(zaak.tasks.get().id),
        "document_id": str(ZaakInformatieObject.objects.filter(zaak=zaak).first().informatieobject_id),  # type: ignore[union-attr]
        "application": str(draft),
        "decided": str(other.id),
        "record": str(DecisionRecord.objects.get(zaak=other, state="taken").id),
        "subscription": str(listens.id),
        "row": str(Outbox.objects.get(key="dead").id),
        "upload": str(Upload.objects.filter(application=draft).first().id),  # type: ignore[union-attr]
    }


# name: the methods to ask with; "GET" is the default.
METHODS = {
    "begin": ["POST"],
    "discard": ["POST"],
    "correct": ["POST"],
    "write": ["POST"],
    "withdraw": ["POST"],
    "sign": ["GET", "POST"],
    "sign_again": ["POST"],
    "sign_answer": ["POST"],
    "form_page": ["GET", "POST"],
    "overview": ["GET", "POST"],
    "save_for_later": ["GET", "POST"],
    "resume": ["GET", "POST"],
    "follow": ["GET", "POST"],
    "logout": ["POST"],
    "language": ["POST"],
    "desk_case_act": ["POST"],
    "desk_task_act": ["POST"],
    "desk_resend": ["POST"],
    "desk_resend_all": ["POST"],
    "desk_service_upload": ["GET", "POST"],
    "desk_service_act": ["POST"],
    "desk_process_new": ["GET", "POST"],
    "desk_process_table": ["GET", "POST"],
    "desk_process_coming": ["GET", "POST"],
    "desk_process_throw_away": ["POST"],
    "desk_client_new": ["GET", "POST"],
    "desk_client_act": ["POST"],
}
VERBS = {
    "desk_case_act": sorted(desk_cases.ACTS),
    "desk_task_act": [*sorted(desk_tasks.ACTS), "brief"],
    "desk_service_act": sorted(desk_services.ACTS),
    "desk_client_act": sorted(desk_clients.ACTS),
}
FORM = {
    "text": "Tekst",
    "note": "Notitie",
    "reason": "other",
    "extend_reason": "Meer tijd nodig",
    "why": "Zo maar",
    "question": "Wat vindt u?",
    "team": "veiligheid",
    "advice": "positive",
    "result": "grant",
    "motivation": "Het klopt.",
    "email": "fatima@voorbeeld.example",
    "kenteken": "GZ-111-R",
    "code": "ABCDEF",
    "number": "2026-ABCDEFG",
}


def _routes() -> dict[str, str]:
    """Every named address with its pattern."""
    found = {}

    def walk(patterns: list[object], prefix: str) -> None:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)  # type: ignore[attr-defined]
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, path)
            else:
                assert pattern.name, f"/{path} has no name"  # type: ignore[attr-defined]
                # The national APIs know applications, not people: their table is docs/zgw-access.md.
                if not pattern.name.startswith("zgw_"):  # type: ignore[attr-defined]
                    found[pattern.name] = path  # type: ignore[attr-defined]

    walk(get_resolver().url_patterns, "")
    return found


def _address(pattern: str, values: dict[str, str]) -> str:
    while "<" in pattern:
        start, end = pattern.index("<"), pattern.index(">")
        name = pattern[start + 1 : end].split(":")[-1]
        pattern = pattern[:start] + values[name] + pattern[end + 1 :]
    return "/" + pattern


def _lines(things: dict[str, str]) -> list[tuple[str, str, str]]:
    """(label, method, address) of everything to ask."""
    base = {
        **things,
        "part": "kaart",
        "service_id": "parkeervergunning",
        "service": "parkeervergunning",
        "page_id": "auto",
        "question_id": "adres",
        "secret": "geen-geheim",
        "realm": "resident",
    }
    lines = []
    for name, pattern in sorted(_routes().items()):
        for method in METHODS.get(name, ["GET"]):
            for verb in VERBS.get(name, [""]):
                values = base | ({"verb": verb} if verb else {})
                if verb in {"terugdraaien", "nu-versturen"}:
                    values["zaak"] = things["decided"]
                shown = pattern.replace("<slug:verb>", verb) if verb else pattern
                for kind in ("uuid:", "slug:"):
                    shown = shown.replace(f"<{kind}", "<")
                lines.append((f"/{shown}", method, _address(pattern, values)))
    return lines


def _ask(client: Client, method: str, address: str, things: dict[str, str]) -> int:
    """The status; whatever it changed is undone."""
    saved, cookies = transaction.savepoint(), copy.deepcopy(client.cookies)
    try:
        data = FORM | {"record": things["record"]}
        return client.generic("GET", address).status_code if method == "GET" else client.post(address, data).status_code
    finally:
        transaction.savepoint_rollback(saved)
        client.cookies = cookies


def test_everybody_gets_in_where_the_table_says(house: House, things: dict[str, str]) -> None:
    clients = {role: house.client(who) for role, who in ROLES.items()}
    rows = []
    for label, method, address in _lines(things):
        statuses = [_ask(client, method, address, things) for client in clients.values()]
        assert all(status < 500 for status in statuses), f"{method} {label}: {statuses}"
        rows.append(f"| `{label}` | {method} | " + " | ".join(map(str, statuses)) + " |")
    head = "| address | method | " + " | ".join(ROLES) + " |\n|---|---|" + "---|" * len(ROLES) + "\n"
    table = HEAD + head + "\n".join(rows) + "\n"
    if os.environ.get("RAADHUIS_WRITE"):
        TABLE.write_text(table, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == table


def test_an_object_that_is_absent_looks_like_one_that_is_not_yours(house: House, things: dict[str, str]) -> None:
    """For every address with an id: the applicant, staff and nobody get no other status for an id that is nowhere."""
    nowhere = str(UUID(int=7))
    absent = {
        name: nowhere if name in {"zaak", "task", "document_id", "application", "row", "kept"} else v
        for name, v in things.items()
    }
    foreign = {"resident": house.client("joris"), "staff": house.client("samira"), "admin": house.client("ada")}
    for (label, method, address), (_, _, gone) in zip(_lines(things), _lines(absent), strict=True):
        if address == gone:
            continue
        for who, client in foreign.items():
            if who == "admin" and ("bezorging" in label or "<kept>" in label):
                continue  # Administrators may resend; and the file is one that she sent herself.
            theirs, none = _ask(client, method, address, things), _ask(client, method, gone, things)
            assert theirs == none, f"{who}: {method} {label} gives {theirs}, and {none} for what is not there"


def test_the_case_of_the_table_is_readable_by_its_team(house: House, things: dict[str, str]) -> None:
    """So that the table's 404s mean something: the same case opens for who may read it."""
    assert queries.staff_case(UUID(things["zaak"]), house.staff("murat")).identificatie
