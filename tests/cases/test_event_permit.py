"""A permit for an event, from submission to the signed decision, and back again while it can be."""

from datetime import timedelta
from typing import Any

import pytest

from cases.work import PARKING, Case, big, own, parking, party, street, working_morning
from catalogue.services import REMOVE, broken
from house import House
from raadhuis.cases import actions, queries
from raadhuis.cases.models import Besluit, DecisionRecord, Resultaat, ZaakInformatieObject
from raadhuis.catalogue import actions as catalogue_actions
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow
from raadhuis.site import runner
from raadhuis.site.example.filler import apply


def statuses(case: Case) -> list[str]:
    return list(case.zaak.statussen.order_by("datum_status_gezet").values_list("key", flat=True))


@pytest.fixture
def proposed(house: House) -> Case:
    """A party whose decision Jeroen proposed."""
    case = party(house)
    case.complete("controleren", "jeroen")
    case.decide("besluiten", "jeroen")
    return case


def test_a_small_event_skips_the_advice_that_it_does_not_need(house: House) -> None:
    case = party(house)
    assert case.open_tasks() == {"controleren": "offered"}
    case.complete("controleren", "jeroen")
    assert case.open_tasks() == {"besluiten": "offered"}
    assert statuses(case) == ["ontvangen", "controle", "besluit"]


def test_a_festival_is_decided_on_only_when_all_advice_is_in(house: House) -> None:
    case = big(house)
    case.complete("controleren", "jeroen")
    assert case.open_tasks() == {"advies-veiligheid": "offered", "advies-verkeer": "offered"}
    case.advise("advies-verkeer", "ria")
    assert case.open_tasks() == {"advies-veiligheid": "offered"}
    case.advise("advies-veiligheid", "bas", "conditions")
    assert case.open_tasks() == {"besluiten": "offered"}
    view = queries.task_view(case.task("besluiten").id, house.staff("jeroen"))
    assert [(team, advice) for team, advice, _ in view.advice] == [
        ("openbare-ruimte", "positive"),
        ("veiligheid", "conditions"),
    ]
    assert statuses(case) == ["ontvangen", "controle", "advies", "besluit"]


def test_advisers_see_only_what_their_task_shows_and_no_other_case(house: House) -> None:
    case = big(house)
    with pytest.raises(Absent):
        queries.staff_case(case.id, house.staff("bas"))
    case.complete("controleren", "jeroen")
    view = queries.task_view(case.task("advies-verkeer").id, house.staff("ria"))
    shown = {question for page in view.answers for question, _, _ in page.lines}
    assert "afsluitingen" in shown and not {"contactpersoon", "telefoon", "email"} & shown


def test_a_decision_needs_two_people(proposed: Case, house: House) -> None:
    assert proposed.open_tasks() == {"besluiten": "paused", "approve": "offered"}
    assert proposed.zaak.einddatum is None and not Besluit.objects.filter(zaak=proposed.id).exists()
    record = proposed.sign("ingrid")
    assert (record.state, record.by_name, record.second_name) == ("taken", "Jeroen Kok", "Ingrid Hoekstra")
    zaak = proposed.zaak
    assert (zaak.result_key, zaak.einddatum, zaak.status_key) == ("verleend", clock.today(), "afgehandeld")
    assert proposed.open_tasks() == {}
    assert proposed.told()[-1] == "case.closed"


def test_who_proposed_never_signs_not_even_after_a_hand_over(house: House) -> None:
    case = party(house)
    case.complete("controleren", "jeroen")
    case.decide("besluiten", "ingrid")
    approve = case.task("approve")
    ingrid, marco = house.staff("ingrid"), house.staff("marco")
    with pytest.raises(NotAllowed):
        actions.claim(approve.id, ingrid)
    actions.register_staff(ingrid)
    actions.claim(approve.id, marco)
    actions.hand_over(approve.id, marco, person=ingrid.pseudonym, note="Wil jij?")
    with pytest.raises(NotAllowed, match="collega"):
        actions.approve(approve.id, ingrid)
    assert case.zaak.einddatum is None
    actions.release(approve.id, ingrid)
    case.sign("marco")
    assert case.zaak.result_key == "verleend"


def test_a_handler_who_may_not_decide_cannot_sign(proposed: Case, house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.claim(proposed.task("approve").id, house.staff("jeroen"))


@pytest.mark.parametrize("how", ["as it is", "paused and resumed", "released and taken up by another", "handed over"])
def test_while_a_proposal_waits_nobody_makes_another(proposed: Case, house: House, how: str) -> None:
    task, jeroen, ingrid = proposed.task("besluiten"), house.staff("jeroen"), house.staff("ingrid")
    who = jeroen
    if how == "paused and resumed":
        actions.pause(task.id, jeroen, "other")
        actions.resume(task.id, jeroen)
    elif how == "released and taken up by another":
        actions.release(task.id, jeroen)
        actions.claim(task.id, ingrid)
        who = ingrid
    elif how == "handed over":
        actions.register_staff(ingrid)
        actions.hand_over(task.id, jeroen, person=ingrid.pseudonym)
        who = ingrid
    with pytest.raises(NotNow, match="collega"):
        actions.decide(task.id, who, result="refuse", motivation="Toch niet.")
    assert list(DecisionRecord.objects.filter(zaak=proposed.id).values_list("state", flat=True)) == ["proposed"]
    actions.return_proposal(proposed.claim("approve", "marco").id, house.staff("marco"), why="Nog eens kijken.")
    assert queries.task_view(task.id, who).returned == "Nog eens kijken."
    actions.decide(task.id, who, result="refuse", motivation="Toch niet.")


def test_a_proposal_comes_back_with_the_reason_and_can_be_made_again(proposed: Case, house: House) -> None:
    approve, ingrid = proposed.claim("approve", "ingrid"), house.staff("ingrid")
    with pytest.raises(Invalid):
        actions.return_proposal(approve.id, ingrid, why="  ")
    actions.return_proposal(approve.id, ingrid, why="De omleiding ontbreekt.")
    assert proposed.open_tasks() == {"besluiten": "started"}
    view = queries.task_view(proposed.task("besluiten").id, house.staff("jeroen"))
    assert view.returned == "De omleiding ontbreekt." and view.mine
    actions.decide(proposed.task("besluiten").id, house.staff("jeroen"), result="grant", motivation="Nu wel.")
    proposed.sign("marco")
    states = DecisionRecord.objects.filter(zaak=proposed.id).order_by("made").values_list("state", flat=True)
    assert list(states) == ["returned", "taken"]
    assert {"decision.proposed", "decision.returned", "decision.taken"} <= set(proposed.told())


@pytest.mark.parametrize(
    ("result", "motivation", "field"),
    [("grant", "", "motivation"), ("refuse", " ", "motivation"), ("maybe", "x", "result")],
)
def test_a_decision_without_a_reason_is_none(house: House, result: str, motivation: str, field: str) -> None:
    case = parking(house)
    task = case.claim("beoordelen", "murat")
    with pytest.raises(Invalid) as refused:
        actions.decide(task.id, house.staff("murat"), result=result, motivation=motivation)
    assert set(refused.value.fields) == {field}
    assert case.open_tasks() == {"beoordelen": "started"}


def test_a_proposal_is_withdrawn_with_its_case(proposed: Case, house: House) -> None:
    actor = house.staff("jeroen")
    actions.withdraw(proposed.id, actor, opened=proposed.id)
    assert proposed.open_tasks() == {} and proposed.zaak.result_key == "ingetrokken"
    assert set(proposed.zaak.tasks.values_list("state", flat=True)) == {"done", "cancelled"}
    with pytest.raises(NotNow):
        actions.approve(proposed.task("approve", open_only=False).id, house.staff("ingrid"))


# Before it leaves the house -------------------------------------------------------------------------------------
def waiting(case: Case) -> list[tuple[str, str]]:
    return list(Outbox.objects.filter(zaak=case.id, key__startswith="besluit:").values_list("kind", "state"))


def test_a_decision_waits_in_the_house_and_the_applicant_does_not_see_it_yet(house: House) -> None:
    with clock.at(working_morning()):
        case = parking(house)
        runner.deliver()
        case.decide("beoordelen", "ingrid")
        runner.deliver()
        assert waiting(case) == [("letter", "waiting"), ("mail", "waiting")]
        seen = queries.resident_case(case.id, opened=case.id)
        assert (seen.decision, seen.closed, seen.result, seen.can_withdraw) == (None, None, "", False)
        assert seen.now == "Wij ronden uw zaak af." and seen.steps[-1].state == "later"
        assert seen.advantage is not None and seen.advantage.days is None, "a count of days would tell it"
        line = queries.cases_of(house.person("fatima").owner)[0]
        assert line.closed is None and "Er is een besluit" not in line.status
        assert "besluit" not in " ".join(d.title.lower() for d in seen.documents)
    with clock.at(working_morning() + timedelta(minutes=31)):
        runner.deliver()
        assert waiting(case) == [("letter", "done"), ("mail", "done")]
        seen = queries.resident_case(case.id, opened=case.id)
        assert seen.decision is not None and seen.decision.motivation == "Het plan is veilig."
        assert seen.decision.conditions == ["Muziek uit om 22 uur."]
        assert seen.closed and seen.now.startswith("Er is een besluit")


def test_a_decision_is_undone_on_the_same_day_while_nothing_left(house: House) -> None:
    with clock.at(working_morning()):
        case = parking(house)
        record = case.decide("beoordelen", "ingrid", "refuse")
        runner.deliver()
        sent = len(house.mails())
        with pytest.raises(NotAllowed):
            actions.undo(case.id, house.staff("murat"), record.id)
        actions.undo(case.id, house.staff("ingrid"), record.id, "Verkeerde knop.")
        zaak = case.zaak
        assert (zaak.einddatum, zaak.result_key, zaak.status_key) == (None, "", "in-behandeling")
        assert (zaak.archiefnominatie, zaak.archiefactiedatum) == ("", None)
        assert not Resultaat.objects.filter(zaak=zaak).exists() and not Besluit.objects.filter(zaak=zaak).exists()
        assert case.open_tasks() == {"beoordelen": "offered"}
        assert queries.task_view(case.task("beoordelen").id, house.staff("murat")).returned == "Verkeerde knop."
        assert waiting(case) == []
        assert case.told()[-4:] == ["decision.undone", "case.reopened", "task.offered", "case.status_set"]
        with pytest.raises(Absent):
            actions.undo(case.id, house.staff("ingrid"), record.id)
        case.decide("beoordelen", "murat", "grant")
    with clock.at(working_morning() + timedelta(hours=1)):
        runner.deliver()
        assert case.zaak.result_key == "verleend"
        assert len(house.mails()) - sent == 1, "about the second decision only"
        letters = ZaakInformatieObject.objects.filter(zaak=case.id, informatieobject__direction="uitgaand")
        assert letters.count() == 2, "the confirmation of receipt, and one decision"
        assert queries.resident_case(case.id, opened=case.id).decision.result == "grant"  # type: ignore[union-attr]


def test_after_it_left_the_house_a_decision_stays(house: House) -> None:
    with clock.at(working_morning()):
        case = parking(house)
        record = case.decide("beoordelen", "ingrid")
        with pytest.raises(NotAllowed):
            actions.release_now(case.id, house.staff("murat"), record.id)
        actions.release_now(case.id, house.staff("ingrid"), record.id)
        with pytest.raises(NotNow):
            actions.undo(case.id, house.staff("ingrid"), record.id)
        runner.deliver()
        assert waiting(case) == [("letter", "done"), ("mail", "done")]
        assert queries.resident_case(case.id, opened=case.id).decision is not None
        with pytest.raises(NotNow):
            actions.undo(case.id, house.staff("ingrid"), record.id)


def test_a_letter_that_is_under_way_cannot_be_called_back(house: House) -> None:
    with clock.at(working_morning()):
        case = parking(house)
        record = case.decide("beoordelen", "ingrid")
        Outbox.objects.filter(zaak=case.id, kind="letter", key__startswith="besluit:").update(attempts=1)
        with pytest.raises(NotNow, match="verstuurd"):
            actions.undo(case.id, house.staff("ingrid"), record.id)
    assert case.zaak.result_key == "verleend"


def test_the_next_day_is_too_late_to_undo(house: House, settings: Any) -> None:
    settings.RAADHUIS_UNDO_MINUTES = 48 * 60
    with clock.at(working_morning()):
        case = parking(house)
        record = case.decide("beoordelen", "ingrid")
    with clock.at(working_morning() + timedelta(days=1)), pytest.raises(NotNow):
        actions.undo(case.id, house.staff("ingrid"), record.id)


def test_both_signatories_can_undo_and_nobody_else(proposed: Case, house: House) -> None:
    record = proposed.sign("ingrid")
    assert queries.staff_case(proposed.id, house.staff("ingrid")).can_undo == record.id
    assert queries.staff_case(proposed.id, house.staff("jeroen")).can_undo == record.id
    assert queries.staff_case(proposed.id, house.staff("marco")).can_undo is None
    with pytest.raises(NotAllowed):
        actions.undo(proposed.id, house.staff("marco"), record.id)


def test_an_undone_decision_leaves_an_open_status_also_where_the_task_names_none(house: House) -> None:
    without = broken(PARKING, {"tasks.0.status": REMOVE})
    catalogue_actions.publish_document(without, SYSTEM)
    case = parking(house)
    before = case.zaak.status_key
    record = case.decide("beoordelen", "ingrid")
    assert case.zaak.status_key == "afgehandeld"
    actions.undo(case.id, house.staff("ingrid"), record.id)
    assert case.zaak.status_key == before != "afgehandeld"


def test_a_decision_by_the_machine_is_not_undone_with_a_button(house: House) -> None:
    receipt = apply(PARKING, house.person("fatima"), own())
    record = DecisionRecord.objects.get(zaak=receipt.zaak)
    for who in ("ingrid", "marco", "murat"):
        with pytest.raises(NotAllowed):
            actions.undo(receipt.zaak, house.staff(who), record.id)


def test_a_report_is_finished_with_a_result_and_no_decision(house: House) -> None:
    case = street(house)
    key = next(iter(case.open_tasks()))
    task = case.claim(key, "ria")
    with pytest.raises(NotNow):
        actions.decide(task.id, house.staff("ria"), result="grant", motivation="x")
    with pytest.raises(Invalid):
        actions.complete(task.id, house.staff("ria"), result="verzonnen")
    results = [r for r, _ in queries.task_view(task.id, house.staff("ria")).results]
    assert "ingetrokken" not in results
    actions.complete(task.id, house.staff("ria"), result=results[0], note="Opgeruimd.")
    assert case.zaak.result_key == results[0] and case.zaak.einddatum == clock.today()
    assert queries.resident_case(case.id, opened=case.id).decision is None
