"""Signing along as browsers meet it, without scripts: the mail, the link, logging in, reading, and the answer."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from cases.cosigning import ASKED, SECOND, publish
from cases.work import PARKING, lease, own
from catalogue.services import STALL
from house import House, sentences
from raadhuis.cases.models import CoSignature, Zaak

NOWHERE = UUID(int=7)


class Asked:
    """A parking permit of Fatima in one browser, and the mail that somebody else got."""

    def __init__(self, house: House, *, answers: dict[str, Any] | None = None, **changes: Any) -> None:
        publish(**changes)
        self.house, self.fatima = house, house.client("fatima")
        application = house.begin(self.fatima, PARKING)
        house.answer(self.fatima, application, (answers or own()) | ASKED)
        self.receipt = house.submit(self.fatima, application).content.decode()
        self.application = application
        self.zaak = Zaak.objects.get(submission=application)
        self.page = f"/ondertekenen/{self.zaak.id}/"

    def now(self) -> Zaak:
        return Zaak.objects.get(id=self.zaak.id)

    @property
    def signature(self) -> CoSignature:
        return CoSignature.objects.get(zaak=self.zaak)

    def link(self, to: str = SECOND) -> str:
        """The path and query of the link in the newest mail."""
        self.house.background()
        mail = next(m for m in self.house.mails(to) if self.zaak.identificatie in m["subject"])
        found = re.search(r"https?://\S+/ondertekenen/\?\S+", str(mail["text"]).replace("=\n", ""))
        assert found, mail
        parts = urlsplit(found.group(0))
        return f"{parts.path}?{parts.query}"

    def enter(self, client: Client, link: str = "") -> HttpResponse:
        """Follows the link, and presses the button with what it filled in."""
        link = link or self.link()
        page = client.get(link).content.decode()
        given = {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}
        assert all(f'value="{value}"' in page for value in given.values())
        return client.post("/ondertekenen/", {"number": given["nummer"], "code": given["code"]})

    def case(self, client: Client | None = None) -> str:
        return (client or self.fatima).get(f"/mijn/zaken/{self.zaak.id}/").content.decode()


@pytest.fixture
def asked(house: House) -> Asked:
    return Asked(house)


def test_the_receipt_and_the_case_say_who_must_sign(asked: Asked) -> None:
    assert "Eerst moet een ander mee ondertekenen" in asked.receipt and "Joris" in asked.receipt
    assert "U hoort uiterlijk op" not in asked.receipt
    assert "Wacht op de handtekening van Joris" in asked.case()
    assert "Wacht op een handtekening" in asked.fatima.get("/mijn/zaken/").content.decode()


def test_the_overview_says_it_before_sending(house: House) -> None:
    publish()
    client = house.client("fatima")
    application = house.begin(client, PARKING)
    house.answer(client, application, own() | ASKED)
    page = client.get(f"/aanvraag/{application}/overzicht/").content.decode()
    assert "vragen wij Joris om mee te ondertekenen" in page and "direct antwoord" not in page


def test_link_log_in_read_sign(asked: Asked) -> None:
    joris = asked.house.client()
    assert asked.enter(joris).headers["Location"] == asked.page
    first = joris.get(asked.page).content.decode()
    assert "Log eerst in" in first and "GZ" not in first and "Fatima" not in first
    assert f"verder={asked.page.replace('/', '%2F')}" in first or f"verder={asked.page}" in first
    assert joris.post(f"{asked.page}antwoord/", {"answer": "sign"}).status_code == 403
    asked.house.log_in(joris, "joris", "resident", "substantial")
    shown = joris.get(asked.page).content.decode()
    assert "Fatima" in shown and "GZ-999-R" in shown and "voor de deur staat" in shown and "Ik onderteken" in shown
    assert joris.post(f"{asked.page}antwoord/", {"answer": "sign"}).status_code == 303
    assert joris.post(f"{asked.page}antwoord/", {"answer": "sign"}).status_code == 303
    after = joris.get(asked.page).content.decode()
    assert "U hebt ondertekend" in after and "Ik onderteken" not in after
    assert asked.now().result_key == "verleend"
    assert "Joris ondertekende op" in asked.case()
    fresh = asked.house.client("joris")
    assert asked.page in fresh.get("/mijn/zaken/").content.decode()
    assert "U hebt ondertekend" in fresh.get(asked.page).content.decode()


def test_the_mail_of_thanks_leads_back_to_what_was_signed(asked: Asked) -> None:
    joris = asked.house.client()
    asked.enter(joris)
    asked.house.log_in(joris, "joris", "resident", "substantial")
    joris.post(f"{asked.page}antwoord/", {"answer": "sign"})
    later = asked.house.client()
    asked.enter(later)
    shown = later.get(asked.page).content.decode()
    assert "U hebt ondertekend" in shown and "Log eerst in" in shown and "GZ-999-R" not in shown
    assert later.post(f"{asked.page}antwoord/", {"answer": "refuse", "reason": "x"}).status_code == 403
    asked.house.log_in(later, "joris", "resident", "substantial")
    assert "GZ-999-R" in later.get(asked.page).content.decode()
    stranger = asked.house.client()
    asked.enter(stranger)
    asked.house.log_in(stranger, "anouk", "resident", "substantial")
    assert stranger.get(asked.page).status_code == 404


def test_documents_are_read_as_attachments_and_by_nobody_else(house: House) -> None:
    asked = Asked(house, answers=lease())
    joris = house.client()
    asked.enter(joris)
    house.log_in(joris, "joris", "resident", "substantial")
    found = re.findall(rf'href="({asked.page}document/[^"]+)"', joris.get(asked.page).content.decode())
    assert len(found) == 1, "what was sent in, and not the confirmation"
    got = joris.get(found[0])
    assert got.status_code == 200 and "attachment" in got.headers["Content-Disposition"]
    for client in (house.client(), house.client("mei"), asked.fatima, house.client("murat")):
        assert client.get(found[0]).status_code == 404
    letter = asked.zaak.documenten.exclude(informatieobject__direction="inkomend").first()
    assert letter is not None
    assert joris.get(f"{asked.page}document/{letter.informatieobject_id}/").status_code == 404
    assert joris.get(f"/mijn/document/{letter.informatieobject_id}/").status_code == 404
    assert joris.get(f"/mijn/zaken/{asked.zaak.id}/").status_code == 404, "it is not their case"


def test_not_signing_needs_a_reason_and_keeps_what_was_typed(asked: Asked) -> None:
    joris = asked.house.client()
    asked.enter(joris)
    asked.house.log_in(joris, "joris", "resident", "substantial")
    empty = joris.post(f"{asked.page}antwoord/", {"answer": "refuse", "reason": " "})
    assert empty.status_code == 422 and "Schrijf op waarom u niet ondertekent." in sentences(empty)
    assert joris.post(f"{asked.page}antwoord/", {"answer": "refuse", "reason": "Geen plek."}).status_code == 303
    assert "U hebt niet ondertekend" in joris.get(asked.page).content.decode()
    assert "wil niet mee ondertekenen" in asked.case() and "Geen plek." not in asked.case()
    murat = asked.house.client("murat")
    assert "Geen plek." in murat.get(f"/werk/zaken/{asked.zaak.id}/").content.decode()
    late = joris.post(f"{asked.page}antwoord/", {"answer": "sign"})
    assert late.status_code == 409


def test_the_applicant_cannot_sign_with_the_link_of_the_other(asked: Asked) -> None:
    asked.enter(asked.fatima)
    page = asked.fatima.get(asked.page).content.decode()
    assert "U vroeg dit zelf aan" in page and "Ik onderteken" not in page
    assert asked.fatima.post(f"{asked.page}antwoord/", {"answer": "sign"}).status_code == 403
    assert asked.signature.state == "asked"


@pytest.mark.parametrize("who", ["", "fatima", "mei", "festival", "murat", "samira", "ada"])
def test_without_the_code_it_looks_as_if_there_is_nothing(asked: Asked, who: str) -> None:
    client = asked.house.client(who)
    other = f"/ondertekenen/{NOWHERE}/"
    for path in ("", f"document/{NOWHERE}/"):
        assert client.get(asked.page + path).status_code == client.get(other + path).status_code
        assert client.get(asked.page + path).status_code in {302, 404}
    for page in (asked.page, other):
        assert client.post(f"{page}antwoord/", {"answer": "sign"}).status_code == 404
        assert client.post(f"{page}antwoord/", {"answer": "refuse", "reason": "x"}).status_code == 404
    again = f"/mijn/zaken/{asked.zaak.id}/handtekening/"
    assert client.post(again).status_code == (303 if who == "fatima" else 404)
    assert client.post(f"/mijn/zaken/{NOWHERE}/handtekening/").status_code == 404


@pytest.mark.parametrize("how", ["wrong code", "code of another", "wrong number", "nothing", "earlier code"])
def test_what_does_not_belong_together_opens_nothing(house: House, asked: Asked, how: str) -> None:
    code = parse_qs(urlsplit(asked.link()).query)["code"][0]
    number = asked.zaak.identificatie
    if how == "code of another":
        number = Asked(house).zaak.identificatie
    if how == "earlier code":
        asked.fatima.post(f"/mijn/zaken/{asked.zaak.id}/handtekening/", {"email": "mei@voorbeeld.example"})
    typed = {
        "wrong code": (number, "ABCDEFGHJK"),
        "wrong number": ("2026-ABCDEFG", code),
        "nothing": ("", ""),
    }.get(how, (number, code))
    browser = house.client()
    response = browser.post("/ondertekenen/", {"number": typed[0], "code": typed[1]})
    assert response.status_code == 422
    assert browser.get(asked.page).headers["Location"] == "/ondertekenen/"


def test_a_browser_that_was_in_is_out_when_the_address_is_corrected(asked: Asked) -> None:
    stranger = asked.house.client()
    asked.enter(stranger)
    asked.house.log_in(stranger, "anouk", "resident", "substantial")
    assert "GZ-999-R" in stranger.get(asked.page).content.decode(), "whoever has the mail, and logs in, may sign"
    asked.fatima.post(f"/mijn/zaken/{asked.zaak.id}/handtekening/", {"email": "ander@voorbeeld.example"})
    assert stranger.get(asked.page).status_code == 404
    assert stranger.post(f"{asked.page}antwoord/", {"answer": "sign"}).status_code == 404
    assert "ander@voorbeeld.example" in asked.case()


def test_after_ten_wrong_codes_the_right_one_waits_too(asked: Asked) -> None:
    browser, link = asked.house.client(), asked.link()
    for _ in range(10):
        wrong = browser.post("/ondertekenen/", {"number": asked.zaak.identificatie, "code": "ABCDEFGHJK"})
        assert wrong.status_code == 422
    assert asked.enter(browser, link).status_code == 429


@pytest.mark.parametrize("email", ["geen adres", "fatima@voorbeeld.example"])
def test_a_bad_address_changes_nothing_and_says_so(asked: Asked, email: str) -> None:
    before = asked.signature.code
    response = asked.fatima.post(f"/mijn/zaken/{asked.zaak.id}/handtekening/", {"email": email})
    assert response.status_code == 422 and 'href="#f-email"' in response.content.decode()
    assert asked.signature.code == before


def test_the_form_refuses_ones_own_address(house: House) -> None:
    publish()
    client = house.client("fatima")
    application = house.begin(client, PARKING)
    with pytest.raises(AssertionError, match="hetzelfde adres"):
        house.answer(client, application, own() | ASKED | {"mede_email": "Fatima@voorbeeld.example"})
    sent = client.post(f"/aanvraag/{application}/overzicht/")
    assert sent.status_code == 303 and sent.headers["Location"].endswith("/vraag/contact/")
    assert not Zaak.objects.filter(submission=application).exists()


def test_somebody_who_did_not_log_in_can_ask_somebody_who_does_not_either(house: House) -> None:
    publish(STALL, level="", text={"nl": "Ik sta borg voor {naam}.", "en": "I stand surety for {naam}."})
    client = house.client()
    application = house.begin(client, STALL)
    answers = {"naam": "Kaas", "breedte": 3, "warm": False, "email": "kaas@voorbeeld.example"}
    house.answer(client, application, answers | ASKED)
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert not zaak.tasks.exists()
    asked = Asked.__new__(Asked)
    asked.house, asked.zaak, asked.page = house, zaak, f"/ondertekenen/{zaak.id}/"
    browser = house.client()
    asked.enter(browser)
    assert "Ik sta borg voor Kaas." in browser.get(asked.page).content.decode()
    assert browser.get(f"/mijn/zaken/{zaak.id}/").status_code == 302, "reading to sign is not owning"
    assert browser.post(f"/mijn/zaken/{zaak.id}/intrekken/").status_code == 404
    assert browser.post(f"{asked.page}antwoord/", {"answer": "sign"}).status_code == 303
    assert zaak.tasks.filter(open=True).exists()
    other = house.client()
    asked.enter(other)
    assert "U hebt ondertekend" in other.get(asked.page).content.decode()


def test_the_confirmations_of_receipt_go_to_the_applicant_and_not_to_the_other(house: House) -> None:
    """Whichever address is asked first: the one of who signs along is not the applicant's."""
    publish(PARKING, 1)
    client = house.client("fatima")
    application = house.begin(client, PARKING)
    house.answer(client, application, own() | ASKED)
    house.submit(client, application)
    house.background()
    number = Zaak.objects.get(submission=application).identificatie
    assert [m for m in house.mails("fatima@voorbeeld.example") if "ontvangen" in m["subject"] and number in str(m)]
    assert not [m for m in house.mails(SECOND) if "ontvangen" in m["subject"] and number in str(m)]


def test_the_desk_sees_who_must_sign_and_sends_it_again(asked: Asked) -> None:
    murat, page = asked.house.client("murat"), f"/werk/zaken/{asked.zaak.id}/"
    shown = murat.get(page).content.decode()
    assert "Mede-ondertekenaar" in shown and "Joris" in shown and "wij wachten op een handtekening" in shown
    assert asked.zaak.identificatie not in murat.get("/werk/").content.decode()
    assert murat.post(f"{page}mede-ondertekenen/").status_code == 303
    assert asked.signature.times == 2
    assert asked.house.client("els").post(f"{page}mede-ondertekenen/").status_code == 403
    assert asked.house.client("samira").post(f"{page}mede-ondertekenen/").status_code == 404


@pytest.mark.parametrize(("when", "said"), [("", "Iemand anders moet"), ('eigenaar == "lease"', "Soms moet iemand")])
def test_the_page_of_the_service_says_it_beforehand_and_promises_nothing_at_once(
    house: House, when: str, said: str
) -> None:
    assert "direct antwoord" in house.client().get(f"/diensten/{PARKING}/").content.decode()
    publish(**({"when": when} if when else {}))
    page = house.client().get(f"/diensten/{PARKING}/").content.decode()
    assert said in page and "direct antwoord" not in page


def test_logging_in_with_less_than_the_service_asks_shows_nothing(asked: Asked) -> None:
    mei = asked.house.client("mei")  # Whose DigiD is of the lowest level.
    asked.enter(mei)
    shown = mei.get(asked.page).content.decode()
    assert "een veiliger manier van inloggen nodig" in shown and "GZ-999-R" not in shown and "Fatima" not in shown
    assert mei.post(f"{asked.page}antwoord/", {"answer": "sign"}).status_code == 403
