"""The main job: a resident applies, the rules decide at once, everything can be followed; all of it without scripts."""

from datetime import timedelta

import pytest

from house import House
from raadhuis.cases.models import DecisionRecord, Zaak
from raadhuis.intake.models import Application
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock

SERVICE = "parkeervergunning"


def answers(**other: object) -> dict[str, object]:
    return {
        "kenteken": "GZ999R",
        "eigenaar": "eigen",
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
        **other,
    }


def test_a_resident_holds_the_decision_with_its_reasons(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    assert house.answer(client, application, answers()) == ["auto", "eigenaar", "start", "contact"]
    receipt = house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    text = receipt.content.decode()
    assert zaak.identificatie in text
    assert "U woont in het gebied" in text
    assert "artikel 3" in text
    assert "bezwaar" in text
    house.background()
    page = client.get(f"/mijn/zaken/{zaak.id}/").content.decode()
    assert "U hebt een parkeervergunning" in page
    letters = [link for link in page.split('href="') if link.startswith("/mijn/document/")]
    assert len(letters) == 2, "the confirmation and the letter of the decision"
    paper = client.get(letters[1].split('"')[0])
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(paper.streaming_content).startswith(b"%PDF-")
    subjects = [mail["subject"] for mail in house.mails("fatima@voorbeeld.example")][:2]
    assert any(zaak.identificatie in subject for subject in subjects)


def test_the_journal_tells_the_story_without_saying_who(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    house.answer(client, application, answers())
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    told = [event.kind for event in journal.of_application(application)]
    assert told[0] == "application.started"
    assert told.count("application.page_answered") == 4
    assert "application.submitted" in told
    case = [event.kind for event in journal.of_zaak(zaak.id)]
    assert {"case.created", "decision.taken", "case.closed"} <= set(case)
    everything = " ".join(str(event) for event in [*journal.of_application(application), *journal.of_zaak(zaak.id)])
    for private in ("999900006", "Fatima", "Amrani", "GZ999R", "fatima@", "9990AB"):
        assert private not in everything


def test_pressing_twice_makes_one_case_and_the_same_receipt(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    house.answer(client, application, answers())
    first, second = house.submit(client, application), house.submit(client, application)
    assert Zaak.objects.filter(submission=application).count() == 1
    number = Zaak.objects.get(submission=application).identificatie
    assert number in first.content.decode() and number in second.content.decode()


def test_a_refusal_goes_to_a_person(house: House) -> None:
    """Law 7: who lives outside the area is not refused by the machine."""
    client = house.client("anouk")
    application = house.begin(client, SERVICE)
    house.answer(client, application, answers(email="anouk@voorbeeld.example"))
    receipt = house.submit(client, application).content.decode()
    assert "Dat betekent niet dat het nee wordt: een mens bekijkt het." in receipt
    zaak = Zaak.objects.get(submission=application)
    assert zaak.einddatum is None
    record = DecisionRecord.objects.get(zaak=zaak)
    assert (record.state, record.result, record.automatic) == ("advised", "refuse", False)
    assert zaak.tasks.get().team == "parkeren"


def test_a_third_permit_for_an_address_goes_to_a_person(house: House) -> None:
    for turn, who in enumerate(("fatima", "joris", "fatima")):
        client = house.client(who)
        application = house.begin(client, SERVICE)
        house.answer(client, application, answers(kenteken=f"GZ99{turn}R"))
        house.submit(client, application)
    granted = [zaak.einddatum is not None for zaak in Zaak.objects.order_by("made")]
    assert granted == [True, True, False]


def test_what_is_known_is_not_asked_and_can_be_said_to_be_wrong(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    house.answer(client, application, answers())
    overview = client.get(f"/aanvraag/{application}/overzicht/").content.decode()
    assert "Lange Brugstraat 12" in overview
    said = client.post(f"/aanvraag/{application}/klopt-niet/adres/")
    assert said.headers["Location"].endswith("/vraag/adres/")
    house.answer(client, application, answers(adres={"postcode": "9990AC", "house_number": 7}))
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert zaak.einddatum is None, "another address than the register's is for a person"
    assert "application.prefill_corrected" in [e.kind for e in journal.of_application(application)]
    case = house.client("murat").get(f"/werk/zaken/{zaak.id}/").content.decode()
    assert "Visbankgracht 7" in case and "Lange Brugstraat 12" in case, "staff see what was said against the register"
    house.background()
    signal = next(mail for mail in house.mails("terugmeldingen@") if zaak.identificatie in mail["subject"])
    assert "Visbankgracht" not in str(signal), "the signal itself tells nothing about the person"


def test_wrong_answers_get_a_sentence_and_are_kept(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    page = f"/aanvraag/{application}/vraag/auto/"
    response = client.post(page, {"kenteken": "dit is geen kenteken"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "geen Nederlands kenteken" in text
    assert "dit is geen kenteken" in client.get(page).content.decode(), "what was typed is still there later"
    rejected = [e for e in journal.of_application(application) if e.kind == "application.question_rejected"]
    assert rejected[0].data == {"page": "auto", "question": "kenteken", "rule": "not-a-plate"}


def test_an_answer_that_made_a_page_go_away_is_not_filed(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    met = house.answer(client, application, answers(eigenaar="lease", verklaring=[{"name": "brief.pdf"}]))
    assert "bewijs" in met
    back = f"/aanvraag/{application}/vraag/eigenaar/"
    assert client.post(back, {"eigenaar": "eigen", "wijzig": "1"}).status_code == 303
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert zaak.einddatum is not None, "granted: the car is theirs after all"
    assert not zaak.documenten.filter(informatieobject__direction="inkomend").exists()


def test_another_persons_application_and_case_are_not_there(house: House) -> None:
    client, other = house.client("fatima"), house.client("joris")
    application = house.begin(client, SERVICE)
    house.answer(client, application, answers())
    assert other.get(f"/aanvraag/{application}/overzicht/").status_code == 404
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert client.get(f"/mijn/zaken/{zaak.id}/").status_code == 200
    assert other.get(f"/mijn/zaken/{zaak.id}/").status_code == 404
    assert other.post(f"/mijn/zaken/{zaak.id}/intrekken/").status_code == 404


def test_a_level_that_is_too_low_does_not_get_in(house: House) -> None:
    client = house.client()
    response = house.log_in(client, "mei", "resident", level="substantial")
    assert response.status_code == 403
    assert client.post(f"/diensten/{SERVICE}/begin/").headers["Location"].startswith("/inloggen/resident/")


def test_another_window_does_not_overwrite_unseen(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    page = f"/aanvraag/{application}/vraag/auto/"
    assert client.post(page, {"kenteken": "GZ-999-R", "token": "0"}).status_code == 303
    late = client.post(page, {"kenteken": "GZ-111-R", "token": "0"})
    assert late.status_code == 200
    assert "ander venster" in late.content.decode()
    assert "GZ-111-R" in late.content.decode(), "what was typed here is not lost"
    assert "GZ-999-R" in client.get(page).content.decode(), "and nothing was overwritten"
    assert client.post(page, {"kenteken": "GZ-111-R", "token": "1"}).status_code == 303
    same = client.post(page, {"kenteken": "GZ-111-R", "token": "0"})
    assert same.status_code == 303, "the same answer again is no conflict"


@pytest.mark.parametrize("page", ["nergens", "bewijs"])
def test_a_page_that_does_not_apply_sends_on_or_is_absent(house: House, page: str) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    expected = {"nergens": 404, "bewijs": 303}[page]
    assert client.get(f"/aanvraag/{application}/vraag/{page}/").status_code == expected


def test_save_and_go_on_on_another_device(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    saved = client.post(f"/aanvraag/{application}/vraag/auto/", {"kenteken": "half", "later": "1"})
    assert saved.headers["Location"].endswith("/bewaren/"), "also with an answer that is not right yet"
    shown = client.post(f"/aanvraag/{application}/bewaren/", {"email": "fatima@voorbeeld.example"})
    code = shown.content.decode().split("rh-code-box__code")[1].split(">")[1].split("<")[0].strip()
    house.background()
    mail = next(m for m in house.mails("fatima@voorbeeld.example") if "/verder/" in str(m))
    assert code not in str(mail), "the link and the code travel apart"
    link = "/verder/" + str(mail).split("/verder/")[1].split("/")[0] + "/"
    other = house.client("fatima")
    assert other.post(link, {"code": "FOUT99"}).status_code == 422
    resumed = other.post(link, {"code": code})
    assert resumed.status_code == 303
    assert "half" in other.get(f"/aanvraag/{application}/vraag/auto/").content.decode()
    assert house.client("joris").post(link, {"code": code}).status_code == 404


def test_throwing_away_twice_is_no_fault(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, SERVICE)
    assert client.post(f"/aanvraag/{application}/weggooien/").status_code == 303
    row = Application.objects.get(id=application)
    assert (row.state, bytes(row.sealed)) == ("abandoned", b"")
    assert client.post(f"/aanvraag/{application}/weggooien/").status_code == 303
