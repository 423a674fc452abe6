"""A second person signs along: what waits, what goes on, and who cannot."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from cases.cosigning import ASKED, SECOND, Signed, publish, waiting
from cases.work import PARKING, own, working_morning
from house import House
from raadhuis.cases import actions, queries
from raadhuis.cases.actions import tend_signatures
from raadhuis.cases.models import CoSignature, Rol
from raadhuis.cases.queries import replay_all
from raadhuis.cases.schema import Signer
from raadhuis.cases.sealed import case_data
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock, ids
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow
from raadhuis.site.example.filler import apply


def test_until_the_signature_is_there_no_rule_decides_and_no_task_is_offered(house: House) -> None:
    case = waiting(house)
    zaak = case.zaak
    assert (zaak.status_key, zaak.einddatum, case.open_tasks()) == ("ontvangen", None, {})
    assert not zaak.decisions.exists()
    told = case.told()
    assert "cosign.asked" in told and "case.term_suspended" in told and "decision.taken" not in told
    assert zaak.suspended_since == clock.today()
    (asked,) = [event for event in journal.of_zaak(case.id) if event.kind == "cosign.asked"]
    assert asked.data == {"waits_for": "cosigner", "level": "substantial", "times": 1}


def test_after_it_the_rules_decide_as_at_a_submission(house: House) -> None:
    case = waiting(house)
    case.sign_along()
    assert case.zaak.result_key == "verleend" and case.signature.state == "given"
    assert all(replayed.same for replayed in replay_all(case.id))
    assert "cosign.given" in case.told() and "case.term_resumed" in case.told()
    assert case.zaak.suspended_since is None


def test_or_a_person_gets_the_task_that_the_service_describes(house: House) -> None:
    case = waiting(house, to_a_person=True)
    assert case.open_tasks() == {}
    case.sign_along()
    assert case.open_tasks() == {"beoordelen": "offered"}
    case.decide("beoordelen", "ingrid")
    assert case.zaak.result_key == "verleend"


def test_a_case_without_a_condition_that_holds_waits_for_nobody(house: House) -> None:
    publish(when='eigenaar == "lease"')
    receipt = apply(PARKING, house.person("fatima"), own() | ASKED)
    assert receipt.waits_for == "" and receipt.decision is not None
    assert not CoSignature.objects.filter(zaak=receipt.zaak).exists()


def test_the_signature_decides_on_the_facts_of_that_day(house: House) -> None:
    """Two permits for one address that wait at the same time: the second one counts the first."""
    one, other = waiting(house), waiting(house)
    one.sign_along()
    other.sign_along()
    assert case_data(other.zaak)["facts"]["eerder_verleend"] == 1
    assert case_data(one.zaak)["facts"]["eerder_verleend"] == 0


def test_the_second_person_plays_a_part_that_nobody_reads_in_the_database(house: House) -> None:
    case = waiting(house)
    case.sign_along()
    role = case.zaak.rollen.get(omschrijving_generiek="mede_initiator")
    assert role.betrokkene_type == "natuurlijk_persoon" and role.lookup == house.person("joris").owner
    number = house.person("joris").bsn.encode()
    stored = b"".join(bytes(rol.identification) + bytes(rol.contact) for rol in Rol.objects.all())
    assert number not in stored and b"Joris" not in stored
    row = CoSignature.objects.filter(zaak=case.id).values().get()
    assert SECOND.encode() not in bytes(row["sealed"]) and SECOND not in str(row)
    assert "Joris" not in str(journal.of_zaak(case.id)) and SECOND not in str(journal.of_zaak(case.id))


def test_signing_twice_is_once(house: House) -> None:
    case = waiting(house, to_a_person=True)
    case.sign_along()
    told = case.told()
    case.sign_along()
    assert case.told() == told
    assert case.zaak.rollen.filter(omschrijving_generiek="mede_initiator").count() == 1


@pytest.mark.parametrize("who", ["fatima", "nobody", "low", "wrong code", "no code"])
def test_who_cannot_sign(house: House, who: str) -> None:
    case = waiting(house)
    joris = case.signer()
    signer, code, problem = {
        "fatima": (case.signer("fatima"), case.code, NotAllowed),
        "nobody": (Signer(), case.code, NotAllowed),
        "low": (Signer(lookup=joris.lookup, bsn=joris.bsn, level="low"), case.code, NotAllowed),
        "wrong code": (joris, actions.cosign_hash("ABCDEFGHJK"), Absent),
        "no code": (joris, "", Absent),
    }[who]
    for act in (
        lambda: actions.sign(case.id, case.actor(), signer, code=code),
        lambda: actions.refuse(case.id, case.actor(), signer, reason="Nee.", code=code),
    ):
        with pytest.raises(problem):
            act()
    assert case.signature.state == "asked" and "cosign.given" not in case.told()


def test_who_signed_reads_it_later_by_logging_in_and_nobody_else_does(house: House) -> None:
    case = waiting(house)
    case.sign_along()
    assert queries.cosign_case(case.id, case.signer()).state == "given"
    assert [line.id for line in queries.cosigned_by(case.signer().lookup)] == [case.id]
    for who, code in (("mei", ""), ("mei", case.code), ("fatima", case.code)):
        with pytest.raises(Absent):
            queries.cosign_case(case.id, case.signer(who), code=code)


def test_who_does_not_sign_says_why_and_a_person_looks(house: House) -> None:
    case = waiting(house)
    with pytest.raises(Invalid):
        case.refuse(reason="  ")
    assert case.signature.state == "asked"
    case.refuse()
    case.refuse()
    assert case.signature.state == "refused" and case.open_tasks() == {"cosign-refused": "offered"}
    assert case.zaak.suspended_since is None and not case.zaak.decisions.exists()
    with pytest.raises(NotNow):
        case.sign_along()
    assert "Wij gaan verhuizen." in [m.text for m in queries.staff_case(case.id, house.staff("murat")).messages]
    seen = queries.resident_case(case.id, lookup=house.person("fatima").owner)
    assert "verhuizen" not in str(seen.messages)
    case.complete("cosign-refused", "murat")
    assert case.open_tasks() == {"beoordelen": "offered"}, "a person goes on with it, and no rule decides"
    assert not case.zaak.decisions.exists()


def test_a_reminder_halfway_and_at_the_end_a_person(house: House) -> None:
    moment = working_morning()
    with clock.at(moment):
        case = waiting(house)
    with clock.at(moment + timedelta(days=6)):
        assert tend_signatures() == 0
    with clock.at(moment + timedelta(days=8)):
        assert tend_signatures() == 1 and tend_signatures() == 0
        assert case.signature.reminded and case.signature.state == "asked"
    with clock.at(moment + timedelta(days=20)):
        assert tend_signatures() == 1 and tend_signatures() == 0
        assert case.signature.state == "expired" and case.open_tasks() == {"cosign-expired": "offered"}
        with pytest.raises(NotNow):
            case.sign_along()
        zaak = case.zaak
        assert zaak.suspended_since is None and zaak.opschorting_eerdere
    assert case.told().count("cosign.reminded") == 1 and case.told().count("cosign.expired") == 1


def test_the_term_moves_by_the_days_that_the_case_waited(house: House) -> None:
    moment = working_morning()
    with clock.at(moment):
        case = waiting(house, to_a_person=True)
        before = case.zaak.term_runs_to
    with clock.at(moment + timedelta(days=5)):
        case.sign_along()
    assert before is not None and case.zaak.term_runs_to == before + timedelta(days=5)


def test_an_expired_case_can_be_asked_again_and_then_be_signed(house: House) -> None:
    moment = working_morning()
    with clock.at(moment):
        case = waiting(house)
    with clock.at(moment + timedelta(days=8)):
        tend_signatures()
    with clock.at(moment + timedelta(days=20)):
        tend_signatures()
        case.again()
        assert case.signature.state == "asked" and case.open_tasks() == {} and case.zaak.suspended_since
        case.sign_along()
        assert case.zaak.result_key == "verleend"


def test_a_corrected_address_makes_the_earlier_code_worthless(house: House) -> None:
    case = waiting(house)
    earlier = case.code
    case.again("mei@voorbeeld.example")
    assert case.code != earlier and case.signature.times == 2
    with pytest.raises(Absent):
        actions.sign(case.id, case.actor(), case.signer(), code=earlier)
    house.background()
    assert not [mail for mail in house.mails(SECOND) if case.zaak.identificatie in str(mail)], "it was still waiting"
    assert [mail for mail in house.mails("mei@voorbeeld.example") if case.zaak.identificatie in str(mail)]


def test_the_same_address_keeps_its_code_and_pressing_twice_sends_once(house: House) -> None:
    case = waiting(house)
    earlier = case.code
    case.again()
    case.again()
    assert case.code == earlier and case.signature.times == 2


def test_a_mailbox_is_not_flooded(house: House) -> None:
    moment = working_morning()
    with clock.at(moment):
        case = waiting(house)
    for number in range(1, 10):
        with clock.at(moment + timedelta(minutes=5 * number)):
            case.again()
    with clock.at(moment + timedelta(hours=2)), pytest.raises(NotNow):
        case.again()
    assert case.signature.times == 10


def test_the_applicant_cannot_ask_themselves(house: House) -> None:
    case = waiting(house)
    with pytest.raises(Invalid):
        case.again("FATIMA@voorbeeld.example")
    with pytest.raises(Absent):
        actions.ask_cosigner_again(case.id, case.actor("joris"), lookup=house.person("joris").owner)


def test_only_the_team_asks_again_at_the_desk(house: House) -> None:
    case = waiting(house)
    with pytest.raises(Absent):
        actions.ask_cosigner_again(case.id, house.staff("samira"))
    with pytest.raises(NotAllowed):
        actions.ask_cosigner_again(case.id, house.staff("els"))
    actions.ask_cosigner_again(case.id, house.staff("murat"))
    assert case.signature.times == 2
    shown = queries.staff_case(case.id, house.staff("murat")).cosign
    assert shown and (shown.who, shown.state) == ("Joris", "asked")


def test_withdrawing_ends_the_waiting(house: House) -> None:
    case = waiting(house)
    actions.withdraw(case.id, case.actor("fatima"), lookup=house.person("fatima").owner)
    assert case.signature.state == "cancelled"
    with pytest.raises(NotNow):
        case.sign_along()
    with pytest.raises(NotNow):
        case.again()
    seen = queries.cosign_case(case.id, case.signer(), code=case.code)
    assert seen.state == "cancelled" and not seen.sections and not seen.documents and not seen.text


def test_a_message_that_is_read_meanwhile_starts_nothing(house: House) -> None:
    """A message of the applicant becomes a task; finishing it must not let the case go on unsigned."""
    case = waiting(house)
    actions.write_to_town_hall(
        case.id, case.actor("fatima"), text="Duurt het lang?", key=ids.uuid7().hex, files=[], opened=case.id
    )
    task = case.claim("applicant-message", "murat")
    actions.ask_applicant(
        task.id, house.staff("murat"), text="Wat bedoelt u?", documents=False, suspend=True, key=ids.uuid7().hex
    )
    case.answer()
    assert case.zaak.suspended_since, "the answer came, the signature did not"
    actions.complete(task.id, house.staff("murat"), note="Gezien.")
    assert case.open_tasks() == {}
    case.sign_along()
    assert case.zaak.result_key == "verleend"


def test_without_logging_in_the_code_is_enough_and_the_address_says_who(house: House) -> None:
    case = waiting(house, level="")
    actions.sign(case.id, case.actor(), Signer(), code=case.code)
    assert case.signature.state == "given" and case.zaak.result_key == "verleend"
    assert case.zaak.rollen.filter(omschrijving_generiek="mede_initiator").count() == 1
    assert queries.cosign_case(case.id, Signer(), code=case.code).state == "given"
    with pytest.raises(Absent):
        queries.cosign_case(case.id, Signer())


def test_both_get_a_mail_and_the_one_that_asks_names_nobody(house: House) -> None:
    case = waiting(house, to_a_person=True)
    number = case.zaak.identificatie
    house.background()
    (asks,) = [mail for mail in house.mails(SECOND) if number in mail["subject"]]
    assert "Fatima" not in str(asks) and "GZ999R" not in str(asks)
    (first,) = [mail for mail in house.mails("fatima@voorbeeld.example") if number in mail["subject"]]
    assert "Joris moet eerst mee ondertekenen" in str(first)
    case.sign_along()
    house.background()
    assert [m for m in house.mails(SECOND) if number in m["subject"] and "ondertekend" in m["subject"]]
    assert [m for m in house.mails("fatima@voorbeeld.example") if number in m["subject"] and "mee" in m["subject"]]


def _told(case: Signed) -> list[str]:
    return [kind for kind in case.told() if kind.startswith("cosign.")]


def test_the_journal_tells_the_whole_story_in_order(house: House) -> None:
    case = waiting(house)
    case.again("mei@voorbeeld.example")
    case.refuse("mei")
    case.again()
    case.sign_along("mei")
    assert _told(case) == ["cosign.asked", "cosign.asked", "cosign.refused", "cosign.asked", "cosign.given"]


@pytest.mark.django_db(transaction=True)
def test_everything_at_the_same_moment_has_one_outcome(house: House) -> None:
    """Signed twice, refused, sent elsewhere and looked after by two runners: all at once, and one of them counts."""
    moment = working_morning()
    with clock.at(moment):
        case = waiting(house, to_a_person=True)
    code, signer, actor = case.code, case.signer(), case.actor()
    acts = {
        "sign": lambda: actions.sign(case.id, actor, signer, code=code),
        "sign again": lambda: actions.sign(case.id, actor, signer, code=code),
        "refuse": lambda: actions.refuse(case.id, actor, signer, reason="Nee.", code=code),
        "elsewhere": lambda: case.again("mei@voorbeeld.example"),
        "runner": tend_signatures,
        "other runner": tend_signatures,
    }
    ready = threading.Barrier(len(acts))

    def press(name: str) -> None:
        try:
            with clock.at(moment + timedelta(days=8)):
                ready.wait(10)
                acts[name]()
        except (Absent, NotNow):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(name,)) for name in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [kind for kind in _told(case) if kind != "cosign.reminded"]
    final = case.signature.state
    assert told.count("cosign.given") + told.count("cosign.refused") <= 1
    assert told[-1] == f"cosign.{final}", told
    open_tasks = set(case.open_tasks())
    assert open_tasks == {"given": {"beoordelen"}, "refused": {"cosign-refused"}, "asked": set()}[final]
    assert case.zaak.rollen.filter(omschrijving_generiek="mede_initiator").count() == (final == "given")
