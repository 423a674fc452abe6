"""Work on tasks: who takes it, who waits, who is asked, and what that does to the legal term."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from cases.work import Case, big, own, parking, party, street, working_morning
from house import House
from raadhuis.cases import actions, queries
from raadhuis.cases.models import Message, Task, Zaak
from raadhuis.kernel import clock, ids
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow, Problem
from raadhuis.site.example.filler import apply


@pytest.fixture
def case(house: House) -> Case:
    return parking(house)


# Taking work up -------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_six_who_press_at_once_one_has_the_task(house: House) -> None:
    case = parking(house)
    task, people = case.task("beoordelen"), [house.staff(who) for who in ("murat", "ingrid", "marco")] * 2
    outcomes: list[str] = []
    ready = threading.Barrier(len(people))

    def press(number: int) -> None:
        ready.wait()
        try:
            actions.claim(task.id, people[number])
            outcomes.append("mine")
        except Problem as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(n,)) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotNow"] * 5 + ["mine"]
    assert case.told().count("task.claimed") == 1
    assert Task.objects.get(id=task.id).revision == 2


def test_who_comes_second_is_told_who_was_first(case: Case, house: House) -> None:
    task = case.claim("beoordelen", "murat")
    with pytest.raises(NotNow, match="Murat Yilmaz"):
        actions.claim(task.id, house.staff("ingrid"))


@pytest.mark.parametrize("verb", ["pause", "note", "complete", "decide", "release", "hand_over", "ask_advice", "ask"])
def test_who_acts_on_an_older_page_changes_nothing(case: Case, house: House, verb: str) -> None:
    murat = house.staff("murat")
    task = case.claim("beoordelen", "murat")
    stale = Task.objects.get(id=task.id).revision
    actions.note(task.id, murat, "Nieuwer.", [])
    told = case.told()
    doing: dict[str, Any] = {
        "pause": lambda: actions.pause(task.id, murat, "other", stale),
        "note": lambda: actions.note(task.id, murat, "Ouder.", [], stale),
        "complete": lambda: actions.complete(task.id, murat, revision=stale),
        "decide": lambda: actions.decide(task.id, murat, result="grant", motivation="x", revision=stale),
        "release": lambda: actions.release(task.id, murat, stale),
        "hand_over": lambda: actions.hand_over(task.id, murat, team="veiligheid", revision=stale),
        "ask_advice": lambda: actions.ask_advice(task.id, murat, team="veiligheid", question="?", revision=stale),
        "ask": lambda: actions.ask_applicant(
            task.id, murat, text="?", documents=False, suspend=False, key="k", revision=stale
        ),
    }
    with pytest.raises(NotNow, match="veranderd"):
        doing[verb]()
    assert case.told() == told
    assert queries.task_view(task.id, murat).note == "Nieuwer."
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "answer"), [("samira", Absent), ("bas", Absent), ("els", NotAllowed), ("tess", Absent), ("ada", Absent)]
)
def test_who_is_not_of_the_team_or_only_reads_takes_nothing_up(
    case: Case, house: House, who: str, answer: type[Problem]
) -> None:
    with pytest.raises(answer):
        actions.claim(case.task("beoordelen").id, house.staff(who))


def test_only_who_holds_a_task_works_on_it(case: Case, house: House) -> None:
    task = case.claim("beoordelen", "murat")
    ingrid = house.staff("ingrid")
    for attempt in (
        lambda: actions.pause(task.id, ingrid, "other"),
        lambda: actions.resume(task.id, ingrid),
        lambda: actions.note(task.id, ingrid, "x", []),
        lambda: actions.decide(task.id, ingrid, result="grant", motivation="x"),
        lambda: actions.ask_advice(task.id, ingrid, team="veiligheid", question="?"),
    ):
        with pytest.raises(NotNow, match="niet \\(meer\\) van u"):
            attempt()
    with pytest.raises(NotAllowed):
        actions.release(task.id, ingrid)
    actions.release(task.id, house.staff("marco"))
    assert case.open_tasks() == {"beoordelen": "offered"}, "a team lead may put it back"


def test_a_task_waits_and_goes_on(case: Case, house: House) -> None:
    murat, task = house.staff("murat"), case.claim("beoordelen", "murat")
    with pytest.raises(Invalid):
        actions.pause(task.id, murat, "koffie")
    with pytest.raises(NotNow):
        actions.resume(task.id, murat)
    actions.pause(task.id, murat, "colleague")
    actions.pause(task.id, murat, "colleague")
    actions.pause(task.id, murat, "other-organisation")
    actions.resume(task.id, murat)
    assert case.told()[-3:] == ["task.paused", "task.paused", "task.resumed"]
    assert case.open_tasks() == {"beoordelen": "started"}


# Handing over ---------------------------------------------------------------------------------------------------
def test_a_colleague_gets_a_task_with_a_note_and_begins_with_it(case: Case, house: House) -> None:
    murat, ingrid = house.staff("murat"), house.staff("ingrid")
    task = case.claim("beoordelen", "murat")
    with pytest.raises(Invalid) as unknown:
        actions.hand_over(task.id, murat, person=ingrid.pseudonym)
    assert set(unknown.value.fields) == {"person"}, "who never logged in here is nobody"
    actions.register_staff(ingrid)
    actions.hand_over(task.id, murat, person=ingrid.pseudonym, note="Wil jij kijken?")
    assert case.open_tasks() == {"beoordelen": "claimed"}
    view = queries.task_view(task.id, ingrid)
    assert view.mine and view.handover == "Wil jij kijken?"
    with pytest.raises(NotNow):
        actions.note(task.id, murat, "x", [])
    actions.start(task.id, ingrid)
    with pytest.raises(NotNow):
        actions.start(task.id, ingrid)
    assert case.told()[-2:] == ["task.handed_over", "task.started"]


def test_another_team_gets_a_task_and_may_read_the_case_from_then_on(case: Case, house: House) -> None:
    murat, bas = house.staff("murat"), house.staff("bas")
    task = case.claim("beoordelen", "murat")
    with pytest.raises(Absent):
        queries.staff_case(case.id, bas)
    for team in ("", "parkeren"):
        with pytest.raises(Invalid):
            actions.hand_over(task.id, murat, team=team)
    actions.hand_over(task.id, murat, team="veiligheid")
    assert [line.id for line in queries.queue(bas).tasks] == [task.id]
    actions.claim(task.id, bas)
    with pytest.raises(NotAllowed):
        actions.claim(task.id, murat)
    assert queries.staff_case(case.id, murat), "the owner's team keeps reading"


def test_a_colleague_of_another_team_is_not_handed_a_task_of_this_one(case: Case, house: House) -> None:
    samira = house.staff("samira")
    actions.register_staff(samira)
    task = case.claim("beoordelen", "murat")
    with pytest.raises(Invalid):
        actions.hand_over(task.id, house.staff("murat"), person=samira.pseudonym)
    actions.hand_over(task.id, house.staff("murat"), person=samira.pseudonym, team="burgerzaken")
    assert queries.task_view(task.id, samira).mine


# Advice ---------------------------------------------------------------------------------------------------------
def test_a_task_waits_for_all_the_advice_that_was_asked(case: Case, house: House) -> None:
    murat = house.staff("murat")
    task = case.claim("beoordelen", "murat")
    with pytest.raises(Invalid):
        actions.ask_advice(task.id, murat, team="veiligheid", question=" ")
    with pytest.raises(Invalid):
        actions.ask_advice(task.id, murat, team="parkeren", question="Wij?")
    actions.ask_advice(task.id, murat, team="veiligheid", question="Kan dit?")
    actions.ask_advice(task.id, murat, team="openbare-ruimte", question="En dit?")
    assert queries.task_view(case.task("advice-veiligheid").id, house.staff("bas")).instruction == "Kan dit?"
    case.advise("advice-veiligheid", "bas", "negative")
    assert case.open_tasks() == {"beoordelen": "paused", "advice-openbare-ruimte": "offered"}
    case.advise("advice-openbare-ruimte", "ria")
    assert case.open_tasks() == {"beoordelen": "started"}
    assert case.told().count("advice.given") == 2


def test_advice_is_one_of_three_words_and_a_reason(house: House) -> None:
    case = big(house)
    case.complete("controleren", "jeroen")
    task, bas = case.claim("advies-veiligheid", "bas"), house.staff("bas")
    for advice, text, field in (("", "x", "advice"), ("maybe", "x", "advice"), ("positive", " ", "text")):
        with pytest.raises(Invalid) as refused:
            actions.give_advice(task.id, bas, advice=advice, text=text)
        assert set(refused.value.fields) == {field}
    with pytest.raises(NotNow):
        actions.complete(task.id, bas)


# Asking the applicant, and the term -----------------------------------------------------------------------------
def test_a_question_stops_the_term_and_the_answer_moves_its_last_days(house: House) -> None:
    start = working_morning()
    with clock.at(start):
        case = parking(house)
        before, due = case.zaak, case.task("beoordelen").due
        case.claim("beoordelen", "murat")
        case.ask("beoordelen", "murat")
        zaak = case.zaak
        assert (zaak.suspended_since, zaak.opschorting_indicatie) == (clock.today(), True)
        assert case.open_tasks() == {"beoordelen": "paused"}
        seen = queries.resident_case(case.id, opened=case.id)
        assert seen.suspended and seen.open_question is not None and seen.open_question.asks_documents
        assert "op uw antwoord" in seen.now
    with clock.at(start + timedelta(days=10)):
        case.answer()
        zaak = case.zaak
        assert (zaak.suspended_since, zaak.opschorting_indicatie, zaak.opschorting_eerdere) == (None, False, True)
        assert before.term_runs_to is not None and before.einddatum_gepland is not None
        assert zaak.term_runs_to == before.term_runs_to + timedelta(days=10)
        assert zaak.uiterlijke_einddatum_afdoening == clock.next_working_day(zaak.term_runs_to)
        assert zaak.einddatum_gepland == clock.next_working_day(before.einddatum_gepland + timedelta(days=10))
        assert due is not None
        task = case.task("beoordelen")
        assert task.due == task.sort_due == clock.next_working_day(due + timedelta(days=10))
        assert task.state == "started"
        assert queries.resident_case(case.id, opened=case.id).open_question is None
    told = case.told()
    assert [k for k in told if k.startswith(("resident", "case.term"))] == [
        "resident.asked",
        "case.term_suspended",
        "resident.answered",
        "case.term_resumed",
    ]


def test_a_question_that_does_not_stop_the_term_leaves_the_dates(case: Case) -> None:
    before = case.zaak
    case.claim("beoordelen", "murat")
    case.ask("beoordelen", "murat", suspend=False)
    assert case.zaak.suspended_since is None
    with clock.at(clock.now() + timedelta(days=4)):
        case.answer()
    assert case.zaak.einddatum_gepland == before.einddatum_gepland
    assert "case.term_resumed" not in case.told()


def test_one_answer_answers_all_that_was_asked(house: House) -> None:
    case = big(house)
    case.complete("controleren", "jeroen")
    case.claim("advies-veiligheid", "bas")
    case.claim("advies-verkeer", "ria")
    case.ask("advies-veiligheid", "bas")
    case.ask("advies-verkeer", "ria")
    assert case.told().count("case.term_suspended") == 1
    case.answer()
    assert case.open_tasks() == {"advies-veiligheid": "started", "advies-verkeer": "started"}
    assert not Message.objects.filter(asks=True, answered=None).exists()


def test_the_same_form_sent_twice_asks_and_answers_once(case: Case, house: House) -> None:
    task, murat = case.claim("beoordelen", "murat"), house.staff("murat")
    for _ in range(2):
        actions.ask_applicant(task.id, murat, text="Welke auto?", documents=False, suspend=True, key="een")
        actions.write_to_applicant(case.id, murat, text="Wij kijken ernaar.", key="twee")
        actions.write_note(case.id, murat, text="Let op.", key="drie")
    assert Message.objects.filter(zaak=case.id).count() == 3
    assert case.told().count("resident.asked") == case.told().count("message.sent") == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_a_message_has_words_and_an_end(case: Case, house: House, text: str) -> None:
    murat = house.staff("murat")
    with pytest.raises(Invalid):
        actions.write_to_applicant(case.id, murat, text=text, key="k")
    with pytest.raises(Invalid):
        actions.write_note(case.id, murat, text=text, key="k")
    with pytest.raises(Invalid):
        case.answer(text)
    assert not Message.objects.exists()


def test_a_term_that_stood_still_counts_no_weekend_twice(house: House) -> None:
    """Eight weeks from 30 October run to Christmas, so end on Monday the 28th; five days on is Wednesday the 30th."""
    murat, begun = house.staff("murat"), datetime(2026, 10, 30, 9, tzinfo=UTC)
    with clock.at(begun):
        case = parking(house)
        assert case.zaak.uiterlijke_einddatum_afdoening == date(2026, 12, 28)
        actions.suspend_term(case.id, murat, reason="Wij wachten op de rechter.")
    with clock.at(begun + timedelta(days=5)):
        actions.resume_term(case.id, murat)
        assert case.zaak.uiterlijke_einddatum_afdoening == date(2026, 12, 30)
        actions.suspend_term(case.id, murat, reason="En nog eens.")
    with clock.at(begun + timedelta(days=8)):
        actions.resume_term(case.id, murat)
        assert case.zaak.uiterlijke_einddatum_afdoening == date(2027, 1, 4)
        assert case.zaak.term_runs_to == date(2027, 1, 2)
        actions.extend_term(case.id, murat, reason="Het is druk.")
        assert case.zaak.uiterlijke_einddatum_afdoening == date(2027, 2, 1)
    assert case.zaak.opschorting_eerdere


def test_a_case_that_ends_while_its_term_stands_still_was_suspended(case: Case, house: House) -> None:
    murat = house.staff("murat")
    actions.suspend_term(case.id, murat, reason="Wij wachten op de rechter.")
    actions.withdraw(case.id, murat, opened=case.id)
    zaak = case.zaak
    assert (zaak.suspended_since, zaak.opschorting_indicatie, zaak.opschorting_eerdere) == (None, False, True)


def test_staff_stop_and_start_the_term_with_a_reason(case: Case, house: House) -> None:
    murat = house.staff("murat")
    with pytest.raises(Invalid):
        actions.suspend_term(case.id, murat, reason=" ")
    with pytest.raises(NotNow):
        actions.resume_term(case.id, murat)
    actions.suspend_term(case.id, murat, reason="Wij wachten op de rechter.")
    with pytest.raises(NotNow):
        actions.suspend_term(case.id, murat, reason="Nog eens.")
    assert queries.staff_case(case.id, murat).suspension_reason == "Wij wachten op de rechter."
    actions.resume_term(case.id, murat)
    with pytest.raises(NotAllowed):
        actions.suspend_term(case.id, house.staff("els"), reason="Ik lees alleen.")


def test_a_term_is_extended_once_and_the_applicant_hears_it(case: Case, house: House) -> None:
    murat, before = house.staff("murat"), case.zaak.term_runs_to
    assert before is not None
    with pytest.raises(Invalid):
        actions.extend_term(case.id, murat, reason="")
    actions.extend_term(case.id, murat, reason="Het is druk.")
    zaak = case.zaak
    assert zaak.uiterlijke_einddatum_afdoening == clock.next_working_day(before + timedelta(weeks=4))
    assert zaak.einddatum_gepland == zaak.uiterlijke_einddatum_afdoening
    assert (zaak.verlenging_reden, zaak.verlenging_duur) == ("Het is druk.", "P28D")
    with pytest.raises(NotNow, match="al een keer"):
        actions.extend_term(case.id, murat, reason="Nog drukker.")
    assert not queries.staff_case(case.id, murat).can_extend
    house.background()
    assert any("meer tijd nodig" in str(mail["subject"]) for mail in house.mails("fatima@voorbeeld.example"))


def test_a_service_without_extension_has_none(house: House) -> None:
    case = street(house)
    with pytest.raises(NotNow, match="niet worden verlengd"):
        actions.extend_term(case.id, house.staff("ria"), reason="x")


# Withdrawing ----------------------------------------------------------------------------------------------------
def test_an_applicant_takes_an_application_back_once(house: House) -> None:
    case = party(house)
    case.claim("controleren", "jeroen")
    lookup = house.person("fatima").owner
    with pytest.raises(Absent):
        actions.withdraw(case.id, house.staff("jeroen"), lookup=house.person("joris").owner)
    for _ in range(2):
        actions.withdraw(case.id, house.staff("jeroen"), lookup=lookup)
    zaak = case.zaak
    assert (zaak.result_key, zaak.einddatum) == ("ingetrokken", clock.today())
    assert case.open_tasks() == {} and case.told().count("case.withdrawn") == case.told().count("case.closed") == 1
    assert queries.resident_case(case.id, lookup=lookup).now == "U hebt deze aanvraag ingetrokken."


def test_what_is_decided_cannot_be_taken_back(house: House) -> None:
    receipt = apply("parkeervergunning", house.person("fatima"), own())
    with pytest.raises(NotNow):
        actions.withdraw(receipt.zaak, house.staff("murat"), lookup=house.person("fatima").owner)


CLOSED = {
    "suspend_term": lambda c, a: actions.suspend_term(c.id, a, reason="x"),
    "resume_term": lambda c, a: actions.resume_term(c.id, a),
    "extend_term": lambda c, a: actions.extend_term(c.id, a, reason="x"),
    "claim": lambda c, a: actions.claim(c.task("beoordelen", open_only=False).id, a),
    "release": lambda c, a: actions.release(c.task("beoordelen", open_only=False).id, a),
    "pause": lambda c, a: actions.pause(c.task("beoordelen", open_only=False).id, a, "other"),
    "decide": lambda c, a: actions.decide(c.task("beoordelen", open_only=False).id, a, result="grant", motivation="x"),
    "hand_over": lambda c, a: actions.hand_over(c.task("beoordelen", open_only=False).id, a, team="veiligheid"),
    "note": lambda c, a: actions.note(c.task("beoordelen", open_only=False).id, a, "x", []),
}


@pytest.mark.parametrize("verb", sorted(CLOSED))
def test_a_closed_case_is_left_as_it_is(house: House, verb: str) -> None:
    case = parking(house)
    case.claim("beoordelen", "murat")
    actions.withdraw(case.id, house.staff("murat"), opened=case.id)
    told = case.told()
    with pytest.raises(NotNow):
        CLOSED[verb](case, house.staff("murat"))
    assert case.told() == told


def test_a_message_after_the_end_reaches_the_case(house: House) -> None:
    case = parking(house)
    actions.withdraw(case.id, house.staff("murat"), opened=case.id)
    case.answer("Ik heb nog een vraag.")
    assert [m.text for m in queries.staff_case(case.id, house.staff("murat")).messages] == ["Ik heb nog een vraag."]


def test_notes_among_staff_are_not_for_the_applicant(case: Case, house: House) -> None:
    actions.write_note(case.id, house.staff("murat"), text="Let op: tweede auto.", key=ids.uuid7().hex)
    assert queries.resident_case(case.id, opened=case.id).messages == []
    assert [m.direction for m in queries.staff_case(case.id, house.staff("els")).messages] == ["internal"]
    with pytest.raises(NotAllowed):
        actions.write_note(case.id, house.staff("els"), text="Ik lees alleen.", key="k")
    assert Zaak.objects.get(id=case.id).messages.count() == 1
