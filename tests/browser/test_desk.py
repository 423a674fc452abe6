"""The desk's pages around the work itself: lists, a question to the applicant, services, figures, delivery."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Look, looks_at
from browser.test_residents import parking
from browser.town import Town

pytestmark = pytest.mark.browser
SOURCE = hands.SERVICES / "parkeervergunning.yaml"


@looks_at("queue: team lead", "queue: empty", "queue, in English", "search", "search: nothing", "cases", "figures",
          "outbox")  # fmt: skip
def test_lists(town: Town, open_page: Open, look: Look) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Marco", "staff", "/werk/")
    look(page, "queue: team lead")
    for label, path in {
        "queue: empty": "?stand=mine",
        "search": "zoeken/",
        "search: nothing": "zoeken/?q=1999-AAAAAAA",
        "cases": "zaken/?alles=1",
        "figures": "cijfers/",
        "outbox": "bezorging/",
        "queue, in English": "?taal=en",
    }.items():
        page.goto(f"{town.home}/werk/{path}")
        look(page, label)
    expect(page.locator("h1")).to_have_text("Work queue")


@looks_at("receipt: for a person", "task: waits for the applicant", "case: with a question", "case: withdraw?",
          "case at the desk: refused", "outbox: not for you")  # fmt: skip
def test_a_question_to_the_applicant(town: Town, open_page: Open, look: Look, tmp_path: Path) -> None:
    resident = open_page()
    hands.log_in(resident, town.home, "Joris", "resident", "/diensten/parkeervergunning/")
    answers = parking() | {"eigenaar": "ander", "verklaring": [{"name": "brief.pdf"}]}
    hands.apply(resident, town.home, hands.definition("parkeervergunning"), answers, tmp_path)
    look(resident, "receipt: for a person")
    number = resident.locator(".rh-receipt__number").inner_text().strip()

    page = open_page()
    hands.log_in(page, town.home, "Murat", "staff", "/werk/")
    page.goto(f"{town.home}/werk/zoeken/?q={number}")
    case = page.url
    page.locator("main .rh-lines a.rh-line__title").first.click()
    hands.send(page, "Pak deze taak op")
    page.locator("summary", has_text="Vraag de aanvrager iets").click()
    page.locator("aside textarea[name=text]").fill("Van wie is de auto?")
    hands.send(page, "Verstuur de vraag")
    look(page, "task: waits for the applicant")
    page.goto(case)
    page.locator("summary", has_text="Schrijf de aanvrager").click()
    hands.press(page, "Verstuur")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    look(page, "case at the desk: refused")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{town.home}/werk/bezorging/?taal=nl")
    expect(page.locator("h1")).to_have_text("Dat mag u hier niet doen")
    look(page, "outbox: not for you")

    resident.get_by_role("link", name="Bekijk uw zaak").click()
    expect(resident.locator(".rh-message--asks")).to_contain_text("Van wie is de auto?")
    look(resident, "case: with a question")
    resident.get_by_role("link", name="Zaak intrekken").click()
    look(resident, "case: withdraw?")
    resident.get_by_role("button", name="Ja, trek in").click()
    expect(resident.locator("[aria-labelledby=withdraw]")).to_have_count(0)


@looks_at("services", "service at the desk", "service at the desk: draft with findings", "upload", "upload, refused")
def test_an_editor_makes_a_new_version(town: Town, open_page: Open, look: Look) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Tess", "staff", "/werk/diensten/")
    look(page, "services")
    page.get_by_role("link", name="Verhuizing doorgeven").click()
    look(page, "service at the desk")
    hands.press_link(page, "Nieuwe versie")
    look(page, "upload")
    text = SOURCE.read_text(encoding="utf-8")
    page.fill("[name=text]", text.replace("\npages:", "\nbladzijden:"))
    hands.press(page, "Bewaar als concept")
    expect(page.get_by_role("alert")).to_contain_text("regel")
    look(page, "upload, refused")
    page.fill("[name=text]", text.replace("law: ", "law: geen-", 1))
    hands.press(page, "Bewaar als concept")
    expect(page.locator(".rh-tag--bad").first).to_be_visible()
    look(page, "service at the desk: draft with findings")
    hands.press(page, "Gooi het concept weg")
    expect(page.get_by_role("status")).to_contain_text("weggegooid")


@looks_at("applications", "applications: none", "application: let in", "application: let in, refused",
          "application: its secret")  # fmt: skip
def test_an_application_is_let_in(town: Town, open_page: Open, look: Look) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Ada", "staff", "/werk/applicaties/")
    look(page, "applications: none")
    hands.press_link(page, "Laat een applicatie toe")
    look(page, "application: let in")
    page.fill("[name=label]", "Mijn zaken")
    page.fill("[name=client_id]", "mijn zaken")
    page.locator("label[for=f-right-3]").click()
    hands.press(page, "Laat toe en toon het geheim")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    look(page, "application: let in, refused")
    page.fill("[name=client_id]", "mijn-zaken")
    page.locator("label[for=f-zaaktype-1]").click()
    page.select_option("[name=level]", "zaakvertrouwelijk")
    hands.press(page, "Laat toe en toon het geheim")
    expect(page.locator("h1")).to_have_text("Het geheim van de applicatie")
    look(page, "application: its secret")
    page.get_by_role("link", name="Applicaties").last.click()
    look(page, "applications")
    page.locator("summary", has_text="Verwijder").click()
    hands.press(page, "Ja, verwijder")
    expect(page.get_by_role("status")).to_contain_text("kan er niet meer in")
