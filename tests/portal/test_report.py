"""A report without logging in: a number and a code, in this browser and in another, and nobody guesses them."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from house import House
from raadhuis.cases import actions
from raadhuis.cases.models import Zaak
from raadhuis.kernel import clock

REPORT = "melding-openbare-ruimte"


def answers(**other: object) -> dict[str, object]:
    return {
        "categorie": "verlichting",
        "lampnummer": "WR-1234",
        "plek": {"lat": 52.1, "lon": 5.1, "description": "Op de hoek bij de bakker"},
        "gevaar": False,
        "omschrijving": "De lamp knippert al een week.",
        **other,
    }


class Reported:
    """A report, and what its reporter holds."""

    def __init__(self, house: House, client: Client, **other: object) -> None:
        self.client = client
        application = house.begin(client, REPORT)
        house.answer(client, application, answers(**other))
        self.receipt = house.submit(client, application)
        self.application = application
        self.zaak = Zaak.objects.get(submission=application)
        self.number = self.zaak.identificatie
        self.code = code_on(self.receipt)


def code_on(page: HttpResponse) -> str:
    return page.content.decode().split("rh-code-box__code")[1].split(">")[1].split("<")[0].strip()


@pytest.fixture
def reported(house: House) -> Reported:
    return Reported(house, house.client())


def follow(client: Client, number: str, code: str) -> HttpResponse:
    return client.post("/volgen/", {"number": number, "code": code})


def test_who_reports_gets_a_number_and_a_code_and_may_look_at_once(reported: Reported) -> None:
    text = reported.receipt.content.decode()
    assert reported.number in text and len(re.sub(r"\W", "", reported.code)) == 10
    page = reported.client.get(f"/mijn/zaken/{reported.zaak.id}/")
    assert page.status_code == 200
    assert "De lamp knippert al een week." in page.content.decode()


def test_the_code_is_not_kept_as_it_is(reported: Reported) -> None:
    row = str(Zaak.objects.filter(id=reported.zaak.id).values())
    assert reported.code not in row and len(reported.zaak.follow_code) == 64


def test_another_browser_opens_the_case_with_number_and_code_only(house: House, reported: Reported) -> None:
    other, address = house.client(), f"/mijn/zaken/{reported.zaak.id}/"
    away = other.get(address)
    assert away.status_code == 302 and "/inloggen/" in away.headers["Location"]
    typed = reported.number.replace("-", " ").lower(), f" {reported.code[:5].lower()} {reported.code[5:]} "
    opened = follow(other, *typed)
    assert opened.status_code == 303 and opened.headers["Location"] == address
    assert reported.number in other.get(address).content.decode()
    assert "De lamp knippert" in other.get(address).content.decode()


@pytest.mark.parametrize("how", ["wrong code", "code of another", "wrong number", "nothing", "no code"])
def test_what_does_not_belong_together_opens_nothing(house: House, reported: Reported, how: str) -> None:
    another = Reported(house, house.client())
    number, code = {
        "wrong code": (reported.number, "ABCDEFGHJK"),
        "code of another": (reported.number, another.code),
        "wrong number": ("2026-ABCDEFG", reported.code),
        "nothing": ("", ""),
        "no code": (reported.number, ""),
    }[how]
    browser = house.client()
    response = follow(browser, number, code)
    said = "Vul het nummer en de code in." if not code else "kennen wij niet"
    assert response.status_code == 422 and said in response.content.decode()
    assert browser.get(f"/mijn/zaken/{reported.zaak.id}/").status_code == 302


def test_a_case_of_somebody_who_logged_in_has_no_code_to_open_it_with(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, "parkeervergunning")
    own = {
        "kenteken": "GZ999R",
        "eigenaar": "eigen",
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
    }
    house.answer(client, application, own)
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert zaak.follow_code == ""
    assert follow(house.client(), zaak.identificatie, "").status_code == 422


def test_after_ten_wrong_codes_also_the_right_one_waits_and_another_report_does_not(
    house: House, reported: Reported
) -> None:
    another, browser = Reported(house, house.client()), house.client()
    for _ in range(10):
        assert follow(browser, reported.number, "ABCDEFGHJK").status_code == 422
    refused = follow(browser, reported.number, reported.code)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 60
    assert follow(house.client(), reported.number, reported.code).status_code == 429, "a new browser is no new chance"
    assert follow(browser, another.number, another.code).status_code == 303
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert follow(browser, reported.number, reported.code).status_code == 303


def test_who_knows_the_code_may_look_as_often_as_they_like(house: House, reported: Reported) -> None:
    for _ in range(15):
        assert follow(house.client(), reported.number, reported.code).status_code == 303


def test_a_browser_that_opened_one_report_does_not_see_another(house: House, reported: Reported) -> None:
    another, browser = Reported(house, house.client()), house.client()
    follow(browser, reported.number, reported.code)
    assert browser.get(f"/mijn/zaken/{another.zaak.id}/").status_code == 302
    assert browser.post(f"/mijn/zaken/{another.zaak.id}/bericht/", {"text": "x"}).status_code == 404
    assert browser.post(f"/mijn/zaken/{another.zaak.id}/intrekken/").status_code == 404
    assert another.zaak.messages.count() == 0


def test_somebody_else_does_not_see_the_receipt_or_the_draft(house: House, reported: Reported) -> None:
    for path in ("klaar/", "overzicht/", "vraag/wat/", "bewaren/", ""):
        assert house.client().get(f"/aanvraag/{reported.application}/{path}").status_code == 404, path


def test_the_receipt_can_be_read_again_in_the_same_browser(reported: Reported) -> None:
    again = reported.client.get(f"/aanvraag/{reported.application}/klaar/")
    assert code_on(again) == reported.code
    assert reported.client.get(f"/aanvraag/{reported.application}/vraag/wat/").status_code == 303


def test_the_confirmation_goes_to_the_address_that_was_given_with_number_and_code(house: House) -> None:
    reported = Reported(house, house.client(), email="lamp@voorbeeld.example")
    house.background()
    (mail,) = house.mails("lamp@voorbeeld.example")
    assert reported.number in str(mail) and reported.code in str(mail)


def test_without_an_address_nobody_is_mailed_and_the_report_is_handled(house: House, reported: Reported) -> None:
    before = len(house.mails())
    house.background()
    task, ria = reported.zaak.tasks.get(), house.staff("ria")
    actions.claim(task.id, ria)
    results = reported.client.get(f"/mijn/zaken/{reported.zaak.id}/").content.decode()
    assert "is met uw zaak bezig" in results
    actions.complete(task.id, ria, result="opgelost")
    house.background()
    assert len(house.mails()) == before
    page = reported.client.get(f"/mijn/zaken/{reported.zaak.id}/").content.decode()
    assert "Deze zaak is klaar" in page and "Het is opgelost" in page


def test_saving_for_later_cannot_be_used_to_flood_a_mailbox(house: House) -> None:
    client = house.client()
    application = house.begin(client, REPORT)
    statuses = [
        client.post(f"/aanvraag/{application}/bewaren/", {"email": f"slachtoffer{n}@voorbeeld.example"}).status_code
        for n in range(12)
    ]
    assert statuses == [200] * 10 + [429] * 2


def test_beginning_over_and_over_is_throttled(house: House) -> None:
    client = house.client()
    statuses = [client.post(f"/diensten/{REPORT}/begin/").status_code for _ in range(31)]
    assert statuses == [303] * 30 + [429]
