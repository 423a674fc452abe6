"""Law 9: nothing unbounded. Every list stops, every body has an end. A new query without its line here fails."""

import inspect
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from cases.cosigning import waiting
from cases.work import PARKING, copy_of, lease, many, own, parking
from house import House
from raadhuis.cases import actions
from raadhuis.cases import queries as cases
from raadhuis.cases.models import Medewerker, Message, Task, ZaakInformatieObject
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.models import ServiceVersion
from raadhuis.intake import queries as intake
from raadhuis.intake.models import Application, Upload
from raadhuis.journal import queries as journal
from raadhuis.journal.actions import Parcel, send_all
from raadhuis.journal.models import Event, Outbox
from raadhuis.kernel import clock, ids
from raadhuis.kernel.db import durable
from raadhuis.site.example.filler import fill_in

Counted = Callable[[House], tuple[int, int]]


def _queue(house: House) -> tuple[int, int]:
    many(house)
    return len(cases.queue(house.staff("murat")).tasks), 50


def _mine(house: House) -> tuple[int, int]:
    many(house)
    murat = house.staff("murat")
    Task.objects.update(assignee=murat.pseudonym)
    return len(cases.my_tasks(murat).tasks), 50


def _case_list(house: House) -> tuple[int, int]:
    many(house)
    return len(cases.case_list(house.staff("murat"))[0]), 50


def _search(house: House) -> tuple[int, int]:
    many(house)
    return len(cases.search(house.staff("murat"), "2026-AAA", limit=10_000)[0]), 50


def _cases_of(house: House) -> tuple[int, int]:
    many(house)
    return len(cases.cases_of(house.person("fatima").owner, limit=10_000)), 50


def _resident(house: House) -> tuple[int, int]:
    case = parking(house)
    actor = house.staff("murat")
    actions.write_to_applicant(case.id, actor, text="x", key="k")
    one = Message.objects.get()
    Message.objects.bulk_create(copy_of(one, key=str(n)) for n in range(250))
    return len(cases.resident_case(case.id, opened=case.id).messages), 200


def _cosigned(house: House) -> tuple[int, int]:
    case = waiting(house)
    case.sign_along()
    row, zaak = case.signature, case.zaak
    copies = [copy_of(zaak, identificatie=f"2026-AAA{n:04}", submission=ids.uuid7()) for n in range(25)]
    type(zaak).objects.bulk_create(copies)
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    type(row).objects.bulk_create(type(row)(**values | {"zaak_id": copy.id}) for copy in copies)
    return len(cases.cosigned_by(row.signer)), 20


def _staff(house: House) -> tuple[int, int]:
    case = parking(house)
    task = case.task("beoordelen")
    Task.objects.bulk_create(copy_of(task) for _ in range(120))
    return len(cases.staff_case(case.id, house.staff("murat")).tasks), 100


def _documents(house: House) -> tuple[int, int]:
    case = parking(house)
    link = case.zaak.documenten.select_related("informatieobject").first()
    assert link is not None
    copies = [copy_of(link.informatieobject, event=None) for _ in range(220)]
    type(link.informatieobject).objects.bulk_create(copies)
    ZaakInformatieObject.objects.bulk_create(copy_of(link, informatieobject_id=copy.id) for copy in copies)
    return len(cases.documents_of(case.id, house.staff("murat"))), 200


def _colleagues(house: House) -> tuple[int, int]:
    Medewerker.objects.bulk_create(
        Medewerker(pseudonym=str(n), name="x", roles=[], teams=["parkeren"], seen=clock.now()) for n in range(230)
    )
    return len(cases.colleagues(house.staff("murat"))), 200


def _team_load(house: House) -> tuple[int, int]:
    case = parking(house)
    Task.objects.bulk_create(copy_of(case.task("beoordelen")) for _ in range(1010))
    (load,) = [one for one in cases.team_load(house.staff("murat")) if one.team == "parkeren"]
    return load.open, 1000


def _replay(house: House) -> tuple[int, int]:
    case = parking(house)
    record = case.zaak.decisions.get()
    type(record).objects.bulk_create(copy_of(record) for _ in range(20))
    return len(list(cases.replay_all(limit=10))), 10


def _events(count: int = 1200, **fields: Any) -> None:
    moment = clock.now()
    Event.objects.bulk_create(
        Event(
            id=ids.uuid7(),
            time=moment,
            kind_version=1,
            subjects="{}",
            actor="a",
            role="system",
            channel="system",
            data="{}",
            **{"kind": "case.created", "service": "x", "activity": ""} | fields,
        )
        for _ in range(count)
    )


def _after(house: House) -> tuple[int, int]:
    last = journal.last_sequence()
    _events()
    return len(journal.after(last, limit=10**9)), 1000


def _of_zaak(house: House) -> tuple[int, int]:
    _events(zaak=UUID(int=5))
    return len(journal.of_zaak(UUID(int=5), limit=10**9)), 1000


def _of_application(house: House) -> tuple[int, int]:
    _events(application=UUID(int=5))
    return len(journal.of_application(UUID(int=5), limit=10**9)), 1000


def _latest(house: House) -> tuple[int, int]:
    _events()
    return len(journal.latest("x", ["case.created"])), 1000


def _spans(house: House) -> tuple[int, int]:
    for n in range(60):
        _events(1, zaak=UUID(int=n))
        _events(1, zaak=UUID(int=n), kind="case.closed")
    return len(journal.spans("x", "case.created", "case.closed")), 50


def _undelivered(house: House) -> tuple[int, int]:
    moment = clock.now()
    Outbox.objects.bulk_create(
        Outbox(number=n, kind="mail", key=str(n), payload=b"", state="dead", made=moment, due=moment)
        for n in range(230)
    )
    return len(journal.undelivered(limit=10**9)), 200


def _versions(house: House) -> tuple[int, int]:
    one = ServiceVersion.objects.filter(service=PARKING).get()
    ServiceVersion.objects.bulk_create(copy_of(one, service=f"s{n}", state="retired") for n in range(520))
    return len(catalogue.versions(limit=10**9)), 500


def _drafts(house: House) -> tuple[int, int]:
    person = house.person("fatima")
    fill_in(PARKING, person, own())
    one = Application.objects.get()
    Application.objects.bulk_create(copy_of(one) for _ in range(25))
    return len(intake.drafts_of(person)), 20


def _advice(house: House) -> tuple[int, int]:
    case = parking(house)
    task = case.task("beoordelen")
    Task.objects.bulk_create(
        copy_of(task, kind="advice", state="done", open=False, sealed=b"", finished=clock.now()) for _ in range(60)
    )
    return len(cases.task_view(task.id, house.staff("murat")).advice), 50


def _known_uploads(house: House) -> tuple[int, int]:
    fill_in(PARKING, house.person("fatima"), lease())
    one = Upload.objects.get()
    Upload.objects.bulk_create(copy_of(one, file_key=f"k{n}") for n in range(520))
    return len(intake.known_files([f"k{n}" for n in range(520)])), 500


def _dead_by_receiver(house: House) -> tuple[int, int]:
    with durable():
        send_all("notice", [Parcel(receiver=ids.uuid7(), key=f"k{n}", payload={"title": "t"}) for n in range(520)])
    Outbox.objects.filter(kind="notice").update(state="dead")
    return len(journal.dead_by_receiver()), 500


def _known_documents(house: House) -> tuple[int, int]:
    link = parking(house).zaak.documenten.select_related("informatieobject").first()
    assert link is not None
    copies = [copy_of(link.informatieobject, event=None, file_key=f"k{n}") for n in range(520)]
    type(link.informatieobject).objects.bulk_create(copies)
    return len(cases.known_files([f"k{n}" for n in range(520)])), 500


BOUNDED: dict[tuple[str, str], Counted] = {
    ("cases", "queue"): _queue,
    ("cases", "my_tasks"): _mine,
    ("cases", "case_list"): _case_list,
    ("cases", "search"): _search,
    ("cases", "cases_of"): _cases_of,
    ("cases", "resident_case"): _resident,
    ("cases", "cosigned_by"): _cosigned,
    ("cases", "staff_case"): _staff,
    ("cases", "task_view"): _advice,
    ("cases", "documents_of"): _documents,
    ("cases", "colleagues"): _colleagues,
    ("cases", "team_load"): _team_load,
    ("cases", "replay_all"): _replay,
    ("journal", "after"): _after,
    ("journal", "of_zaak"): _of_zaak,
    ("journal", "of_application"): _of_application,
    ("journal", "latest"): _latest,
    ("journal", "spans"): _spans,
    ("journal", "undelivered"): _undelivered,
    ("journal", "dead_by_receiver"): _dead_by_receiver,
    ("catalogue", "versions"): _versions,
    ("intake", "drafts_of"): _drafts,
    ("intake", "known_files"): _known_uploads,
    ("cases", "known_files"): _known_documents,
}
# One row, one number, one document; or as long as the definition itself, which `check` bounds.
SINGLE = (
    {
        ("cases", name)
        for name in (
            *("cosign_case", "document_to_sign", "opened_to_sign"),
            *("case_advantage", "decision_view", "document_for_applicant", "document_for_staff", "earlier_granted"),
            *(
                "expectation",
                "followed",
                "letter_pdf",
                "letter_preview",
                "measures_of",
                "readable",
                "service_advantage",
            ),
        )
    }
    | {("journal", name) for name in ("cursor_of", "last_sequence", "left_the_house")}
    | {("catalogue", name) for name in ("by_version_id", "draft_of", "imported", "published", "services", "source_of")}
    | {
        ("intake", name)
        for name in (
            *(
                "context_for",
                "earlier_granted",
                "first_page",
                "open_row",
                "overview",
                "page",
                "receipt",
                "route",
                "same_case_value",
            ),
            "where_to_go_on",
            "working_days_of",
        )
    }
)


def test_every_query_has_its_bound_or_gives_one_thing() -> None:
    found = set()
    for room, module in (("cases", cases), ("journal", journal), ("catalogue", catalogue), ("intake", intake)):
        names = getattr(module, "__all__", None) or [
            name
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        ]
        found |= {(room, name) for name in names}
    assert found == set(BOUNDED) | SINGLE


@pytest.mark.parametrize("query", sorted(BOUNDED), ids=".".join)
def test_a_list_stops_at_its_bound_however_much_there_is(house: House, query: tuple[str, str]) -> None:
    counted, most = BOUNDED[query](house)
    assert counted == most


def test_a_body_that_is_too_large_is_refused_before_it_is_read(house: House, settings: Any) -> None:
    client = house.client()
    over = settings.RAADHUIS_MAX_BODY_BYTES + 1
    for path in ("/", "/volgen/", "/werk/", "/nergens/", "/static/x.css"):
        response = client.generic("POST", path, b"x", CONTENT_LENGTH=str(over))
        assert response.status_code == 413 and response.headers["X-Content-Type-Options"] == "nosniff", path
    assert client.generic("POST", "/volgen/", b"x", CONTENT_LENGTH="veel").status_code == 413


@pytest.mark.parametrize(
    "form",
    [{"number": "x" * (1024 * 1024 + 10)}, {f"v{n}": "x" for n in range(1001)}],
    ids=["a megabyte of text", "a thousand fields"],
)
def test_a_form_that_no_page_has_is_answered_413_with_a_sentence(house: House, form: dict[str, str]) -> None:
    response = house.client().post("/volgen/", form)
    assert response.status_code == 413
    assert "Er is niets bewaard" in response.content.decode()


def test_a_draft_has_an_end_to_what_it_holds(house: House) -> None:
    browser = house.client()
    application = house.begin(browser, "melding-openbare-ruimte")
    browser.post(f"/aanvraag/{application}/vraag/wat/", {"categorie": "afval"})
    response = browser.post(f"/aanvraag/{application}/vraag/hoe/", {"gevaar": "no", "omschrijving": "x" * 500_000})
    assert response.status_code == 422
    assert len(bytes(Application.objects.get(id=application).sealed)) < 50_000
