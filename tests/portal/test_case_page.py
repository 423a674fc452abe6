"""The page of a case, for who applied: where it stands, what happens now, and what they can do."""

import random
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from cases.work import EVENT, PARKING, Case, lease, own, parking, party, street, working_morning
from house import House, sentences
from raadhuis.cases import actions, queries
from raadhuis.cases.answers import long_date
from raadhuis.cases.models import Message, Zaak
from raadhuis.cases.queries.advantage import forget_cached
from raadhuis.intake import queries as intake
from raadhuis.intake.actions import submit
from raadhuis.kernel import clock
from raadhuis.site import runner
from raadhuis.site.example.events import festival, street_party
from raadhuis.site.example.filler import PDF, apply, fill_in


@pytest.fixture
def client(house: House) -> Client:
    return house.client("fatima")


@pytest.fixture
def case(house: House) -> Case:
    return parking(house)


def path(case: Case) -> str:
    return f"/mijn/zaken/{case.id}/"


def text(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def now(client: Client, case: Case) -> str:
    """The sentence under "what happens now"."""
    return text(client.get(path(case))).split("rh-now__say")[1].split(">")[1].split("<")[0]


# What happens now -----------------------------------------------------------------------------------------------
def test_the_page_says_in_one_sentence_what_happens_now(house: House, client: Client, case: Case) -> None:
    assert now(client, case) == "Uw zaak ligt bij Team Parkeren. Een medewerker pakt uw zaak op."
    case.claim("beoordelen", "murat")
    assert now(client, case) == "Team Parkeren is met uw zaak bezig. U hoeft niets te doen."
    case.ask("beoordelen", "murat")
    assert now(client, case) == "Wij wachten op uw antwoord. U vindt onze vraag bij de berichten."
    case.answer()
    assert now(client, case) == "Team Parkeren is met uw zaak bezig. U hoeft niets te doen."
    actions.withdraw(case.id, house.staff("murat"), opened=case.id)
    assert now(client, case) == "U hebt deze aanvraag ingetrokken."


def test_no_page_of_an_applicant_names_who_works_on_it(client: Client, case: Case) -> None:
    case.claim("beoordelen", "murat")
    assert "Murat" not in text(client.get(path(case)))


def test_a_decision_shows_when_it_is_released(house: House, client: Client) -> None:
    with clock.at(working_morning()):
        case = parking(house)
        case.decide("beoordelen", "ingrid", "refuse")
        assert now(client, case) == "Wij ronden uw zaak af."
        page = text(client.get(path(case)))
        assert "U krijgt geen parkeervergunning" not in page and "Het plan is veilig." not in page
    with clock.at(working_morning() + timedelta(minutes=31)):
        runner.deliver()
        assert now(client, case) == "Er is een besluit. U leest het hieronder."
        page = text(client.get(path(case)))
        for said in ("U krijgt geen parkeervergunning", "Het plan is veilig.", "Muziek uit om 22 uur.", "bezwaar"):
            assert said in page
        assert "Dit besluit nam een medewerker." in page


def test_a_decision_of_the_machine_says_so(house: House, client: Client) -> None:
    zaak = apply(PARKING, house.person("fatima"), own()).zaak
    page = text(client.get(f"/mijn/zaken/{zaak}/"))
    assert "Dit besluit nam ons programma, met vaste regels." in page


def test_what_is_handled_without_a_decision_shows_its_outcome(house: House) -> None:
    case = street(house)
    task = case.claim(next(iter(case.open_tasks())), "ria")
    actions.complete(task.id, house.staff("ria"), result="opgelost")
    seen = queries.resident_case(case.id, opened=case.id)
    assert (seen.now, seen.result) == ("Deze zaak is klaar. U hoeft niets te doen.", "Het is opgelost")


def test_the_steps_show_what_was_what_is_and_what_comes(house: House) -> None:
    case = party(house)
    states = [(s.key, s.state) for s in queries.resident_case(case.id, opened=case.id).steps]
    assert states == [
        ("ontvangen", "done"),
        ("controle", "current"),
        ("advies", "later"),
        ("besluit", "later"),
        ("afgehandeld", "later"),
    ]
    case.complete("controleren", "jeroen")
    states = [(s.key, s.state) for s in queries.resident_case(case.id, opened=case.id).steps]
    assert states[:3] == [("ontvangen", "done"), ("controle", "done"), ("besluit", "current")], (
        "what was skipped is not shown"
    )


# What may be expected -------------------------------------------------------------------------------------------
def test_after_ten_closed_cases_the_page_says_how_long_it_takes(house: House, client: Client, case: Case) -> None:
    forget_cached()
    for _ in range(9):
        other = parking(house, "joris")
        actions.withdraw(other.id, house.staff("murat"), opened=other.id)
    assert "Van de laatste" not in text(client.get(path(case))), "nine say too little"
    late = parking(house, "joris")
    with clock.at(clock.now() + timedelta(days=14)):
        actions.withdraw(late.id, house.staff("murat"), opened=late.id)
    forget_cached()
    assert "Van de laatste 10 zaken waren 8 van de 10 klaar binnen 1 werkdag." in text(client.get(path(case)))


def test_a_case_that_is_closed_expects_nothing_more(house: House, client: Client) -> None:
    forget_cached()
    done = [parking(house, "fatima") for _ in range(10)]
    for one in done:
        actions.withdraw(one.id, house.staff("murat"), opened=one.id)
    forget_cached()
    page = text(client.get(path(done[0])))
    assert "Van de laatste" not in page and "U hoort uiterlijk" not in page


# Messages -------------------------------------------------------------------------------------------------------
def write(client: Client, case: Case, words: str, key: str = "k", **more: object) -> HttpResponse:
    return client.post(f"{path(case)}bericht/", {"text": words, "key": key} | more)


def test_messages_go_both_ways_and_are_marked_as_read(house: House, client: Client, case: Case) -> None:
    actions.write_to_applicant(case.id, house.staff("murat"), text="Wij kijken ernaar.", key="m1")
    assert Message.objects.get().read is None
    page = text(client.get(path(case)))
    assert "Wij kijken ernaar." in page and Message.objects.get().read is not None
    assert write(client, case, "Dank u wel.").status_code == 303
    page = text(client.get(path(case)))
    assert page.index("Wij kijken ernaar.") < page.index("Dank u wel.")
    assert [m.text for m in queries.staff_case(case.id, house.staff("murat")).messages] == [
        "Wij kijken ernaar.",
        "Dank u wel.",
    ]


def test_pressing_twice_sends_one_message_and_a_new_form_sends_another(client: Client, case: Case) -> None:
    keys = re.findall(r'name="key" value="(\w+)"', client.get(path(case)).content.decode())
    assert keys
    for _ in range(2):
        assert write(client, case, "Eén keer.", keys[0]).status_code == 303
    assert Message.objects.count() == 1
    again = re.findall(r'name="key" value="(\w+)"', client.get(path(case)).content.decode())
    assert again[0] != keys[0]
    write(client, case, "Eén keer.", again[0])
    assert Message.objects.count() == 2


@pytest.mark.parametrize("key", ["", "\x00", "x" * 500, "é" * 64, "' OR 1=1 --"])
def test_whatever_key_a_form_brings_the_message_arrives(client: Client, case: Case, key: str) -> None:
    assert write(client, case, "Dag\x00 allemaal.", key).status_code == 303
    assert [m.text for m in queries.resident_case(case.id, opened=case.id).messages] == ["Dag allemaal."]


@pytest.mark.parametrize("words", ["", "   ", "x" * 5001])
def test_a_message_that_cannot_be_sent_comes_back_with_what_was_typed(client: Client, case: Case, words: str) -> None:
    response = write(client, case, words)
    assert response.status_code == 422 and "bericht" in sentences(response)
    assert words.strip() in response.content.decode()
    assert Message.objects.count() == 0


def test_a_message_is_shown_as_text_and_never_run(client: Client, case: Case) -> None:
    write(client, case, "<script>alert(1)</script> {{ 7*7 }}")
    page = client.get(path(case)).content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page and "{{ 7*7 }}" in page


def test_a_question_is_answered_with_documents(house: House, client: Client, case: Case) -> None:
    case.claim("beoordelen", "murat")
    case.ask("beoordelen", "murat")
    page = text(client.get(path(case)))
    assert "Hoe breed is de steeg?" in page and "De termijn staat stil" in page
    assert "Stuur de documenten mee" in page
    response = write(client, case, "", files=SimpleUploadedFile("foto.pdf", PDF))
    assert response.status_code == 303, "documents alone are an answer"
    page = text(client.get(path(case)))
    assert "foto.pdf" in page and "Vraag, beantwoord" in page and "De termijn staat stil" not in page
    assert case.open_tasks() == {"beoordelen": "started"}
    assert "resident.answered" in case.told()


# Withdrawing ----------------------------------------------------------------------------------------------------
def test_withdrawing_is_asked_once_more(client: Client, case: Case) -> None:
    page = text(client.get(path(case)))
    assert "?intrekken=1" in page and "Wilt u deze zaak intrekken?" not in page
    assert "Wilt u deze zaak intrekken?" in text(client.get(f"{path(case)}?intrekken=1"))
    assert case.zaak.einddatum is None, "looking changes nothing"
    assert client.get(f"{path(case)}intrekken/").status_code == 405
    for _ in range(2):
        assert client.post(f"{path(case)}intrekken/").status_code == 303
    assert case.told().count("case.withdrawn") == 1
    page = text(client.get(path(case)))
    assert "?intrekken=1" not in page and "U hebt uw aanvraag ingetrokken" in page


def test_what_is_decided_is_not_withdrawn(house: House, client: Client) -> None:
    zaak = apply(PARKING, house.person("fatima"), own()).zaak
    refused = client.post(f"/mijn/zaken/{zaak}/intrekken/")
    assert refused.status_code == 409 and "al afgesloten" in refused.content.decode()
    assert Zaak.objects.get(id=zaak).result_key == "verleend"


# The list -------------------------------------------------------------------------------------------------------
def test_my_cases_show_the_newest_first_and_what_was_begun(house: House, client: Client) -> None:
    made = []
    for days in (30, 20, 10):
        with clock.at(clock.now() - timedelta(days=days)):
            made.append(parking(house))
    made[1].claim("beoordelen", "murat")
    made[1].ask("beoordelen", "murat")
    parking(house, "joris")
    fill_in(PARKING, house.person("fatima"), lease())
    page = text(client.get("/mijn/zaken/"))
    places = [page.index(one.zaak.identificatie) for one in made]
    assert places == sorted(places, reverse=True)
    assert "/aanvraag/" in page, "the draft can be gone on with"
    lines = queries.cases_of(house.person("fatima").owner)
    assert [line.question_open for line in lines] == [False, True, False]
    assert len(lines) == 3, "and nobody else's"


def test_who_is_not_logged_in_is_sent_to_the_log_in_and_back(house: House, case: Case) -> None:
    for address in ("/mijn/zaken/", path(case)):
        away = house.client().get(address)
        assert away.status_code == 302
        assert away.headers["Location"].startswith("/inloggen/resident/?verder=%2Fmijn%2F")


def test_another_persons_case_is_not_there(house: House, case: Case) -> None:
    joris, nowhere = house.client("joris"), f"/mijn/zaken/{UUID(int=7)}/"
    for address in (path(case), nowhere):
        assert joris.get(address).status_code == 404
        assert joris.post(f"{address}bericht/", {"text": "x"}).status_code == 404
        assert joris.post(f"{address}intrekken/").status_code == 404
    assert case.zaak.einddatum is None and Message.objects.count() == 0


# Why it takes longer --------------------------------------------------------------------------------------------
def test_who_applied_reads_why_the_term_stands_still_and_why_it_was_extended(house: House, client: Client) -> None:
    case, jeroen = party(house), house.staff("jeroen")
    actions.suspend_term(case.id, jeroen, reason="De politie moet nog antwoorden.")
    page = text(client.get(path(case)))
    assert "De termijn staat stil. De reden: De politie moet nog antwoorden." in page
    assert "tot wij uw antwoord hebben" not in page
    actions.resume_term(case.id, jeroen)
    actions.extend_term(case.id, jeroen, reason="Het is een groot feest.")
    page = text(client.get(path(case)))
    assert "De politie moet" not in page
    assert "Wij hebben meer tijd nodig. De reden: Het is een groot feest." in page


def test_the_overview_promises_the_day_that_the_case_gets(house: House) -> None:
    for event in (street_party(random.Random(3)), festival()):
        person = house.person("festival")
        application = fill_in(EVENT, person, event)
        promised = intake.overview(application, person).expects
        receipt = submit(application, person)
        assert receipt.expected_before is not None
        assert long_date(receipt.expected_before.isoformat()) in promised


def test_a_head_is_answered_as_a_get_without_its_body(client: Client, case: Case) -> None:
    for address in ("/", "/diensten/parkeervergunning/", "/volgen/", "/mijn/zaken/", path(case)):
        assert client.head(address).status_code == client.get(address).status_code == 200
        assert client.head(address).content == b""


# What comes in is read ------------------------------------------------------------------------------------------
def test_an_objection_to_what_the_program_decided_comes_before_a_person(house: House, client: Client) -> None:
    zaak = apply(PARKING, house.person("fatima"), own()).zaak
    case = Case(house, zaak)
    assert case.zaak.einddatum is not None and not case.open_tasks()
    for key, words in (("a", "Ik maak bezwaar: de buurt klopt niet."), ("b", "En nog iets.")):
        assert write(client, case, words, key).status_code == 303
    assert case.open_tasks() == {"applicant-message": "offered"}, "one task, however much is written"
    task, desk = case.task("applicant-message"), house.client("murat")
    assert (task.team, task.due) == ("parkeren", clock.Term(working_days=2).end(clock.today()))
    assert "Bericht van de aanvrager lezen" in text(desk.get("/werk/"))
    desk.post(f"/werk/taken/{task.id}/oppakken/")
    shown = text(desk.get(f"/werk/taken/{task.id}/"))
    assert "Ik maak bezwaar: de buurt klopt niet." in shown and "En nog iets." in shown
    assert "Vraag een ander team om advies" not in shown, "the case itself stays closed"
    assert desk.post(f"/werk/taken/{task.id}/klaar/").status_code == 303
    assert case.open_tasks() == {} and case.zaak.einddatum is not None


def test_who_asked_sees_the_answer_on_the_page_of_the_task(house: House, case: Case) -> None:
    case.claim("beoordelen", "murat")
    task = case.ask("beoordelen", "murat")
    case.answer()
    shown = text(house.client("murat").get(f"/werk/taken/{task.id}/"))
    assert "Hoe breed is de steeg?" in shown and "beantwoord" in shown
    assert set(case.open_tasks()) == {"beoordelen"}, "who works on it sees it there"
