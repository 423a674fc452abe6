"""Law 1: one fact, one event, one transaction. Every action, with a failure just before its commit, leaves nothing.

A new action without its line here fails.
"""

import contextlib
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.apps import apps
from django.http import QueryDict

from cases.cosigning import Signed, waiting
from cases.work import PARKING, REPORT, Case, big, lease, own, parking, report, street
from catalogue.services import broken
from house import House
from open_forms.test_import import NAME, form
from raadhuis.cases import actions as cases
from raadhuis.cases.models import Task
from raadhuis.catalogue import actions as catalogue
from raadhuis.intake import actions as intake
from raadhuis.intake.actions.files import kept_file
from raadhuis.intake.models import Upload
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import Unit
from raadhuis.site.example.filler import PDF, fill_in

Doing = Callable[[], object]
Scene = Callable[[House], Doing]
# Counters of attempts are no facts about a case, and sessions are not of these rooms.
ASIDE = {"kernel_throttle", "django_session", "django_migrations"}


class Broken(Exception):
    """The power goes, just before the commit."""


@contextlib.contextmanager
def failing_at(number: int) -> Iterator[list[int]]:
    """Within the block the commit with this number (1 is the first) fails after everything was written."""
    count: list[int] = []
    finish = Unit._finish

    def fail(unit: Unit) -> None:
        finish(unit)
        count.append(1)
        if len(count) == number:
            raise Broken

    Unit._finish = fail  # type: ignore[method-assign]
    try:
        yield count
    finally:
        Unit._finish = finish  # type: ignore[method-assign]


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database."""
    found = {}
    for model in apps.get_models():
        if model._meta.db_table not in ASIDE:
            found[model._meta.db_table] = sorted(model.objects.values_list(), key=repr)
    return found


# Scenes: what has to be there first; then the one action. ------------------------------------------------------
def _task(house: House, do: Callable[[Case, Task, House], Doing], *, claimed: bool = True) -> Doing:
    case = parking(house)
    task = case.claim("beoordelen", "murat") if claimed else case.task("beoordelen")
    return do(case, task, house)


def _on_task(call: Callable[[Task, Any], object], *, claimed: bool = True) -> Scene:
    return lambda house: _task(house, lambda c, t, h: lambda: call(t, h.staff("murat")), claimed=claimed)


def _on_case(call: Callable[[Case, Any], object]) -> Scene:
    def scene(house: House) -> Doing:
        case = parking(house)
        return lambda: call(case, house.staff("murat"))

    return scene


def _advice(house: House) -> Doing:
    case = big(house)
    case.complete("controleren", "jeroen")
    task = case.claim("advies-verkeer", "ria")
    return lambda: cases.give_advice(task.id, house.staff("ria"), advice="positive", text="Kan.")


def _complete(house: House) -> Doing:
    case = street(house)
    task = case.claim(next(iter(case.open_tasks())), "ria")
    result = broken(REPORT, {}).definition.zaaktype.resultaattypen[0].key
    return lambda: cases.complete(task.id, house.staff("ria"), result=result)


def _proposal(house: House, call: Callable[[UUID, Any], object]) -> Doing:
    case = big(house)
    case.complete("controleren", "jeroen")
    case.advise("advies-verkeer", "ria")
    case.advise("advies-veiligheid", "bas")
    case.decide("besluiten", "jeroen")
    task = case.claim("approve", "ingrid")
    return lambda: call(task.id, house.staff("ingrid"))


def _decided(house: House, call: Callable[[UUID, Any, UUID], object]) -> Doing:
    case = parking(house)
    record = case.decide("beoordelen", "ingrid")
    return lambda: call(case.id, house.staff("ingrid"), record.id)


def _handed_over(house: House) -> Doing:
    def ready(case: Case, task: Task, house: House) -> Doing:
        cases.register_staff(house.staff("ingrid"))
        cases.hand_over(task.id, house.staff("murat"), person=house.staff("ingrid").pseudonym)
        return lambda: cases.start(task.id, house.staff("ingrid"))

    return _task(house, ready)


def _paused(house: House) -> Doing:
    def ready(case: Case, task: Task, house: House) -> Doing:
        cases.pause(task.id, house.staff("murat"), "other")
        return lambda: cases.resume(task.id, house.staff("murat"))

    return _task(house, ready)


def _suspended(house: House) -> Doing:
    case = parking(house)
    cases.suspend_term(case.id, house.staff("murat"), reason="x")
    return lambda: cases.resume_term(case.id, house.staff("murat"))


def _written(house: House) -> Doing:
    case = parking(house)
    cases.write_to_applicant(case.id, house.staff("murat"), text="Dag.", key="k")
    return lambda: cases.mark_read(case.id, opened=case.id)


def _asked(house: House) -> Doing:
    case = parking(house)
    case.claim("beoordelen", "murat")
    case.ask("beoordelen", "murat")
    file = kept_file(io.BytesIO(PDF), "a.pdf", len(PDF), field="files")
    actor = house.staff("murat")
    return lambda: cases.write_to_town_hall(case.id, actor, text="Ja.", key="k", files=[file], opened=case.id)


def _cosign(call: Callable[[Signed], object], *, later: int = 0) -> Scene:
    """On a permit that waits for a second signature; `later` days after it was asked."""

    def scene(house: House) -> Doing:
        case = waiting(house, to_a_person=True)
        case.actor()  # Pseudonyms are made at sight.

        def do() -> None:
            with clock.at(clock.now() + timedelta(days=later)):
                call(case)

        return do

    return scene


def _letter(house: House) -> Doing:
    case = parking(house)
    event = UUID(int=5)
    return lambda: cases.deliver_letter(event, {"zaak": str(case.id)}, lambda content: ("0" * 32, len(content), "x"))


def _document(house: House) -> Doing:
    case = parking(house)
    file = kept_file(io.BytesIO(PDF), "a.pdf", len(PDF), field="file")
    return lambda: cases.add_document(case.id, house.staff("murat"), file, shared=True)


def _draft(house: House, call: Callable[[UUID, Any], object], answers: dict[str, Any] | None = None) -> Doing:
    person = house.person("fatima")
    application = fill_in(PARKING, person, answers or own())
    return lambda: call(application, person)


def _form(**controls: str) -> QueryDict:
    form = QueryDict(mutable=True)
    form.update(controls)
    return form


def _upload(house: House) -> Doing:
    content = PDF + b" "
    return _draft(
        house,
        lambda a, p: intake.keep_upload(a, "verklaring", "b.pdf", io.BytesIO(content), len(content), p),
        lease(),
    )


def _remove(house: House) -> Doing:
    return _draft(house, lambda a, p: intake.remove_upload(a, Upload.objects.get(application=a).id, p), lease())


def _resume(house: House) -> Doing:
    person = house.person("fatima")
    application = fill_in(PARKING, person, own())
    _, code = intake.save_for_later(application, "f@voorbeeld.example", person)
    house.background()
    secret = str(house.mails("f@voorbeeld.example")[0]).split("/verder/")[1].split("/")[0]
    return lambda: intake.resume(secret, code, person)


def _old(house: House) -> Doing:
    fill_in(PARKING, house.person("fatima"), own())

    def later() -> None:
        with clock.at(clock.now() + timedelta(days=400)):
            intake.expire_drafts()

    return later


def _submission(service: str, answers: Callable[[], dict[str, Any]], who: str) -> Scene:
    def scene(house: House) -> Doing:
        person = house.person(who) if who else house.nobody()
        application = fill_in(service, person, answers())
        mine = msgspec.structs.replace(person, applications=frozenset({application}))
        return lambda: intake.submit(application, mine)

    return scene


def _changed(text: str = "Nieuwe titel") -> Any:
    return broken(PARKING, {"title.nl": text})


def _drafted(call: Callable[[], object]) -> Scene:
    def scene(house: House) -> Doing:
        catalogue.draft(_changed(), SYSTEM)
        return call

    return scene


# (room, action): the scene, and the kinds of event that the one fact tells.
LINES: dict[tuple[str, str], tuple[Scene, set[str]]] = {
    ("cases", "add_document"): (_document, {"document.added"}),
    ("cases", "approve"): (
        lambda h: _proposal(h, lambda t, a: cases.approve(t, a)),
        {"decision.taken", "task.completed", "case.result_set", "case.status_set", "case.closed"},
    ),
    ("cases", "ask_advice"): (
        _on_task(lambda t, a: cases.ask_advice(t.id, a, team="veiligheid", question="?")),
        {"advice.asked", "task.offered", "task.paused"},
    ),
    ("cases", "ask_applicant"): (
        _on_task(lambda t, a: cases.ask_applicant(t.id, a, text="?", documents=False, suspend=True, key="k")),
        {"resident.asked", "task.paused", "case.term_suspended"},
    ),
    ("cases", "ask_cosigner_again"): (_cosign(lambda c: c.again("mei@voorbeeld.example")), {"cosign.asked"}),
    ("cases", "claim"): (
        _on_task(lambda t, a: cases.claim(t.id, a), claimed=False),
        {"task.claimed", "task.started"},
    ),
    ("cases", "complete"): (
        _complete,
        {"task.completed", "case.result_set", "case.status_set", "case.closed"},
    ),
    ("cases", "decide"): (
        _on_task(lambda t, a: cases.decide(t.id, a, result="refuse", motivation="Past niet.")),
        {"task.completed", "decision.taken", "case.result_set", "case.status_set", "case.closed"},
    ),
    ("cases", "deliver_letter"): (_letter, {"letter.made"}),
    ("cases", "extend_term"): (
        _on_case(lambda c, a: cases.extend_term(c.id, a, reason="x")),
        {"case.term_extended"},
    ),
    ("cases", "forget_person"): (
        lambda h: lambda: cases.forget_person("bsn", h.person("fatima").bsn, SYSTEM),
        {"person.forgotten"},
    ),
    ("cases", "give_advice"): (_advice, {"advice.given", "task.completed"}),
    ("cases", "hand_over"): (
        _on_task(lambda t, a: cases.hand_over(t.id, a, team="veiligheid")),
        {"task.handed_over"},
    ),
    ("cases", "mark_read"): (_written, set()),
    ("cases", "note"): (_on_task(lambda t, a: cases.note(t.id, a, "x", [0])), set()),
    ("cases", "pause"): (_on_task(lambda t, a: cases.pause(t.id, a, "other")), {"task.paused"}),
    ("cases", "refuse"): (
        _cosign(lambda c: c.refuse()),
        {"cosign.refused", "case.term_resumed", "task.offered"},
    ),
    ("cases", "register_staff"): (
        lambda h: lambda: cases.register_staff(h.staff("bas"), "bas@voorbeeld.example"),
        {"identity.logged_in"},
    ),
    ("cases", "release"): (_on_task(lambda t, a: cases.release(t.id, a)), {"task.released"}),
    ("cases", "release_now"): (lambda h: _decided(h, lambda z, a, r: cases.release_now(z, a, r)), set()),
    ("cases", "resume"): (_paused, {"task.resumed"}),
    ("cases", "resume_term"): (_suspended, {"case.term_resumed"}),
    ("cases", "return_proposal"): (
        lambda h: _proposal(h, lambda t, a: cases.return_proposal(t, a, why="Te kort.")),
        {"decision.returned", "task.completed", "task.resumed"},
    ),
    ("cases", "sign"): (
        _cosign(lambda c: c.sign_along()),
        {"cosign.given", "case.term_resumed", "task.offered", "case.status_set"},
    ),
    ("cases", "start"): (_handed_over, {"task.started"}),
    ("cases", "suspend_term"): (
        _on_case(lambda c, a: cases.suspend_term(c.id, a, reason="x")),
        {"case.term_suspended"},
    ),
    ("cases", "tend_signatures"): (_cosign(lambda c: cases.tend_signatures(), later=8), {"cosign.reminded"}),
    ("cases", "undo"): (
        lambda h: _decided(h, lambda z, a, r: cases.undo(z, a, r)),
        {"decision.undone", "case.reopened", "task.offered", "case.status_set"},
    ),
    ("cases", "withdraw"): (
        _on_case(lambda c, a: cases.withdraw(c.id, a, opened=c.id)),
        {"case.withdrawn", "case.result_set", "case.status_set", "case.closed", "task.cancelled"},
    ),
    ("cases", "write_note"): (_on_case(lambda c, a: cases.write_note(c.id, a, text="x", key="k")), set()),
    ("cases", "write_to_applicant"): (
        _on_case(lambda c, a: cases.write_to_applicant(c.id, a, text="x", key="k")),
        {"message.sent"},
    ),
    ("cases", "write_to_town_hall"): (
        _asked,
        {"document.added", "resident.answered", "task.resumed", "case.term_resumed"},
    ),
    ("intake", "correct_known"): (
        lambda h: _draft(h, lambda a, p: intake.correct_known(a, "adres", p)),
        {"application.prefill_corrected"},
    ),
    ("intake", "discard"): (lambda h: _draft(h, lambda a, p: intake.discard(a, p)), {"application.abandoned"}),
    ("intake", "expire_drafts"): (_old, {"application.abandoned"}),
    ("intake", "keep_upload"): (_upload, {"application.file_kept"}),
    ("intake", "note_shown"): (
        lambda h: _draft(h, lambda a, p: intake.note_shown(a, "auto", p)),
        {"application.page_shown"},
    ),
    ("intake", "remove_upload"): (_remove, set()),
    ("intake", "resume"): (_resume, {"application.resumed"}),
    ("intake", "save_for_later"): (
        lambda h: _draft(h, lambda a, p: intake.save_for_later(a, "x@voorbeeld.example", p)),
        {"application.saved"},
    ),
    ("intake", "save_page"): (
        lambda h: _draft(h, lambda a, p: intake.save_page(a, "auto", _form(kenteken="AB-12-34"), p)),
        {"application.page_answered"},
    ),
    ("intake", "start"): (
        lambda h: lambda: intake.start(PARKING, h.person("fatima")),
        {"application.started"},
    ),
    ("intake", "submit"): (
        _submission(PARKING, own, "fatima"),
        {
            "application.submitted",
            "case.created",
            "decision.taken",
            "case.result_set",
            "case.status_set",
            "case.closed",
        },
    ),
    ("catalogue", "discard_draft"): (_drafted(lambda: catalogue.discard_draft(PARKING, SYSTEM)), set()),
    ("catalogue", "draft"): (lambda h: lambda: catalogue.draft(_changed(), SYSTEM), {"service.drafted"}),
    ("catalogue", "import_form"): (
        lambda h: lambda: catalogue.import_form(form(NAME), "evenementen", SYSTEM),
        {"service.drafted"},
    ),
    ("catalogue", "publish"): (
        _drafted(lambda: catalogue.publish(PARKING, SYSTEM)),
        {"service.published", "service.retired"},
    ),
    ("catalogue", "publish_document"): (
        lambda h: lambda: catalogue.publish_document(_changed(), SYSTEM),
        {"service.drafted", "service.published", "service.retired"},
    ),
    ("catalogue", "retire"): (lambda h: lambda: catalogue.retire(PARKING, SYSTEM), {"service.retired"}),
}
# Within another's transaction, or only a computation.
NO_ACTION = {
    ("cases", name)
    for name in ("open_zaak", "applicant_hash", "cosign_hash", "follow_hash", "planned_end", "same_case_hash")
}


def test_every_action_has_its_line() -> None:
    found = {("cases", name) for name in cases.__all__} | {("intake", name) for name in intake.__all__}
    found |= {
        ("catalogue", name)
        for name, value in vars(catalogue).items()
        if callable(value)
        and getattr(value, "__module__", "") == catalogue.__name__
        and not name.startswith("_")
        and not isinstance(value, type)
    }
    assert found - NO_ACTION == set(LINES)


@pytest.mark.parametrize("line", sorted(LINES), ids=".".join)
def test_a_failure_just_before_the_commit_leaves_neither_row_nor_event(house: House, line: tuple[str, str]) -> None:
    scene, kinds = LINES[line]
    do = scene(house)
    (
        house.staff("murat"),
        house.staff("ingrid"),
        house.staff("bas"),
        house.person("fatima"),
    )  # Pseudonyms are made at sight.
    before, last = rows(), journal.last_sequence()
    for number in range(1, 9):
        with failing_at(number) as count:
            try:
                do()
            except Broken:
                pass
            else:
                assert len(count) < number, "the failure was swallowed"
                break
        assert rows() == before, f"commit {number} failed, and left something"
        assert journal.last_sequence() == last
    else:
        raise AssertionError("more commits than any action has")
    assert rows() != before, "without a failure it does change something"
    assert {event.kind for event in journal.after(last)} == kinds


@pytest.mark.parametrize(
    ("service", "answers", "who"),
    [(REPORT, report, ""), (PARKING, own, "fatima")],
)
def test_a_submission_that_fails_can_be_sent_again_and_makes_one_case(
    house: House, service: str, answers: Callable[[], dict[str, Any]], who: str
) -> None:
    do = _submission(service, answers, who)(house)
    with failing_at(1), pytest.raises(Broken):
        do()
    first, second = do(), do()
    assert first.zaak == second.zaak and (first.again, second.again) == (False, True)  # type: ignore[attr-defined]
