"""An imported form that a second person signs, on two phones: the mail, the link, logging in, reading, signing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Look, Watcher, looks_at
from browser.test_accessible import mailed
from browser.test_event import WIDE
from browser.test_residents import SCRIPTS
from browser.town import Town
from open_forms.test_import import component, form

pytestmark = pytest.mark.browser

FORM = "ouders-en-kind"


@pytest.fixture(scope="module")
def service(town: Town, chromium: Browser) -> Iterator[str]:
    """A form with `cosign`, brought in and published at the desk; afterwards it is retired."""
    packed = form(
        component("textfield", "kind", "Hoe heet uw kind?"),
        component("cosign", "tweede", "Wat is het e-mailadres van de andere ouder?"),
        forms=[
            {
                "uuid": "99999999-2222",
                "name": "Ouders en kind",
                "slug": FORM,
                "login_required": True,
                "auth_backends": [{"backend": "digid", "options": {}}],
            }
        ],
    )
    context = chromium.new_context(viewport=WIDE, locale="nl-NL")
    watcher = Watcher(context, (town.home, town.standins))
    page = context.new_page()
    hands.log_in(page, town.home, "Tess", "staff", "/werk/diensten/")
    hands.press_link(page, "Nieuwe dienst of versie")
    page.set_input_files("[name=file]", {"name": "x.zip", "mimeType": "application/zip", "buffer": packed})
    page.select_option("[name=team]", label="Team Parkeren")
    hands.press(page, "Bewaar als concept")
    expect(page.get_by_role("status")).to_contain_text("concept geworden")
    hands.press(page, "Publiceer")
    expect(page.get_by_role("status")).to_contain_text("gepubliceerd")
    address = page.url.split("?")[0]
    yield address.rstrip("/").rsplit("/", 1)[-1]
    page.goto(address)
    page.locator("summary", has_text="Trek in").click()
    hands.press(page, "Ja, trek de dienst in")
    expect(page.get_by_role("status")).to_contain_text("geen nieuwe aanvragen")
    context.close()
    assert watcher.problems == []


def applied(page: Page, town: Town, service: str, email: str) -> str:
    """Fatima sends the form in; the number of the case."""
    hands.log_in(page, town.home, "Fatima", "resident", "/mijn/zaken/")
    hands.begin(page, town.home, service)
    page.get_by_label("Hoe heet uw kind?").fill("Noor")
    page.get_by_label("andere ouder").fill(email)
    hands.send(page, "Verder")
    expect(page.locator("main")).to_contain_text(f"Na het versturen vragen wij {email} om mee te ondertekenen")
    hands.press(page, "Verstuur")
    page.wait_for_url("**/klaar/")
    return page.locator(".rh-receipt__number").inner_text()


def link_to(page: Page, town: Town, email: str) -> str:
    """The link in the mail, once it has come."""
    for _ in range(40):
        found = mailed(town, email, r"https?://\S+/ondertekenen/\?\S+")
        if found:
            return found
        page.wait_for_timeout(250)
    raise AssertionError(f"no mail to {email}")


def enter(page: Page, town: Town, email: str) -> None:
    """Follows the link, and logs in as Joris."""
    page.goto(link_to(page, town, email))
    hands.send(page, "Lees wat u ondertekent")
    hands.press_link(page, "Log in met DigiD")
    page.get_by_role("button", name="Joris").first.click()
    page.wait_for_url("**/ondertekenen/*/")


@SCRIPTS
def test_two_phones_sign_one_application(town: Town, open_page: Open, service: str, *, scripts: bool) -> None:
    email = f"joris{scripts:d}@voorbeeld.example"
    fatima, joris = open_page(java_script_enabled=scripts), open_page(java_script_enabled=scripts)
    number = applied(fatima, town, service, email)
    expect(fatima.locator("main")).to_contain_text("Eerst moet een ander mee ondertekenen")
    enter(joris, town, email)
    expect(joris.locator("main")).to_contain_text("Noor")
    hands.send(joris, "Ik onderteken")
    expect(joris.get_by_role("heading", level=1)).to_have_text("U hebt ondertekend")
    hands.press_link(fatima, "Bekijk uw zaak")
    expect(fatima.locator("main")).to_contain_text(f"{email} ondertekende op")
    joris.goto(f"{town.home}/mijn/zaken/")
    expect(joris.locator("main")).to_contain_text(number)


@looks_at("receipt: a second person signs first", "case: waits for a signature", "case: address refused", "sign",
          "sign, refused", "sign: log in first", "sign: to read", "sign: without a reason", "sign: signed",
          "sign: my signatures", "case at the desk: waits for a signature")  # fmt: skip
def test_signing_is_accessible_at_every_step(town: Town, open_page: Open, look: Look, service: str) -> None:
    email = "zien@voorbeeld.example"
    fatima, joris = open_page(), open_page()
    number = applied(fatima, town, service, email)
    look(fatima, "receipt: a second person signs first")
    hands.press_link(fatima, "Bekijk uw zaak")
    look(fatima, "case: waits for a signature")
    fatima.locator("summary", has_text="verbeter het adres").click()
    fatima.locator("[name=email]").fill("geen adres")
    hands.send(fatima, "Stuur de e-mail")
    look(fatima, "case: address refused")
    desk = open_page(viewport=WIDE)
    hands.log_in(desk, town.home, "Murat", "staff", "/werk/")
    desk.goto(f"{town.home}/werk/zoeken/?q={number}")
    look(desk, "case at the desk: waits for a signature")
    joris.goto(link_to(joris, town, email))
    look(joris, "sign")
    joris.locator("[name=code]").fill("ABCDEFGHJK")
    hands.send(joris, "Lees wat u ondertekent")
    look(joris, "sign, refused")
    joris.goto(link_to(joris, town, email))
    hands.send(joris, "Lees wat u ondertekent")
    look(joris, "sign: log in first")
    hands.press_link(joris, "Log in met DigiD")
    joris.get_by_role("button", name="Joris").first.click()
    joris.wait_for_url("**/ondertekenen/*/")
    look(joris, "sign: to read")
    joris.locator("summary", has_text="Ik onderteken niet").click()
    hands.send(joris, "Verstuur: ik onderteken niet")
    expect(joris).to_have_title(re.compile("^Fout:"))
    look(joris, "sign: without a reason")
    hands.send(joris, "Ik onderteken")
    look(joris, "sign: signed")
    joris.goto(f"{town.home}/mijn/zaken/")
    look(joris, "sign: my signatures")


def test_signing_by_keyboard(town: Town, open_page: Open, service: str) -> None:
    """From the link in the mail to the signature, with nothing but Tab and Enter."""
    email = "toetsen@voorbeeld.example"
    applied(open_page(), town, service, email)
    page = open_page()
    page.goto(link_to(page, town, email))

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText || ''").strip() == name:
                return
        raise AssertionError(f"Tab does not come to {name!r}")

    tab_to("Lees wat u ondertekent")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to("Log in met DigiD")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Joris").first.click()  # The provider's page is not ours.
    page.wait_for_url("**/ondertekenen/*/")
    tab_to("Ik onderteken")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("U hebt ondertekend")
