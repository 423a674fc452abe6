"""What axe and a ruler say of the resident's pages, at three widths; the desk's are in test_event and test_desk."""

import json
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Look, looks_at
from browser.test_residents import moving, parking, report
from browser.town import Town

pytestmark = pytest.mark.browser
ENGLISH = "?taal=en"


def mailed(town: Town, to: str, pattern: str) -> str:
    """The first match of `pattern` in the newest mail to `to`."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{town.standins}/mail/api", timeout=5) as answer:
        texts = [mail["text"] for mail in json.load(answer) if mail["to"] == to]
    return next((found.group(0) for text in texts if (found := re.search(pattern, text))), "")


@looks_at("start", "start, nothing found", "start, in English", "about", "service: event", "service: moving",
          "service: report", "service: parking", "service, in English", "follow", "follow, refused",
          "gallery")  # fmt: skip
def test_pages_that_anybody_sees(town: Town, open_page: Open, look: Look) -> None:
    page = open_page()
    services = {"event": "evenementenvergunning", "moving": "verhuizing", "report": "melding-openbare-ruimte"}
    for label, path in {
        "start": "",
        "start, nothing found": "?zoek=zwembad",
        "about": "over/",
        "service: parking": "diensten/parkeervergunning/",
        **{f"service: {label}": f"diensten/{service}/" for label, service in services.items()},
        "follow": "volgen/",
        "gallery": "_galerij/",
    }.items():
        page.goto(f"{town.home}/{path}")
        look(page, label)
    page.goto(f"{town.home}/volgen/")
    hands.press(page, "Bekijk")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    look(page, "follow, refused")
    page.goto(f"{town.home}/{ENGLISH}")
    expect(page.locator("h1")).to_have_text("What would you like to arrange?")
    look(page, "start, in English")
    page.goto(f"{town.home}/diensten/evenementenvergunning/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    look(page, "service, in English")


@looks_at("log-in of the stand-in", "log-in failed", "not found")
def test_doors_that_stay_shut(town: Town, open_page: Open, look: Look) -> None:
    page = open_page()
    page.goto(f"{town.home}/inloggen/resident/")
    look(page, "log-in of the stand-in")
    page.get_by_role("button", name="Annuleren").click()
    expect(page.locator("h1")).to_have_text("Inloggen is niet gelukt")
    look(page, "log-in failed")
    hands.log_in(page, town.home, "Fatima", "resident", "/mijn/zaken/")
    page.goto(f"{town.home}/mijn/zaken/0190aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa/")
    expect(page.locator("h1")).to_have_text("Deze pagina is er niet")
    look(page, "not found")


@looks_at("parking: licence plate", "parking: licence plate, refused", "parking: choice", "parking: date, refused",
          "overview", "overview, incomplete", "parking: a register was wrong", "my cases", "case: message refused",
          "start, with a draft and cases")  # fmt: skip
def test_a_parking_permit(town: Town, open_page: Open, look: Look, tmp_path: Path) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Willem", "resident", "/diensten/parkeervergunning/")
    hands.begin(page, town.home, "parkeervergunning")
    look(page, "parking: licence plate")
    page.fill("[name=kenteken]", "zomaar iets")
    hands.press(page, "Verder")
    look(page, "parking: licence plate, refused")
    page.fill("[name=kenteken]", "GT-417-R")
    hands.press(page, "Verder")
    look(page, "parking: choice")
    application = page.url.split("/vraag/")[0]
    page.goto(f"{application}/overzicht/")
    look(page, "overview, incomplete")
    page.goto(f"{application}/vraag/start/")
    hands.press(page, "Verder")
    look(page, "parking: date, refused")
    page.goto(f"{application}/")
    hands.fill_in(page, hands.definition("parkeervergunning"), parking() | {"kenteken": "GT417R"}, tmp_path)
    look(page, "overview")
    page.get_by_role("button", name="Dit klopt niet").first.click()
    look(page, "parking: a register was wrong")
    hands.press(page, "Verder")
    hands.press(page, "Verstuur")
    page.wait_for_url("**/klaar/")
    hands.begin(page, town.home, "verhuizing")
    page.goto(f"{town.home}/")
    look(page, "start, with a draft and cases")
    page.goto(f"{town.home}/mijn/zaken/")
    look(page, "my cases")
    page.locator(".rh-card__link").first.click()
    page.locator("summary", has_text="Schrijf ons een bericht").click()
    hands.press(page, "Verstuur")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    look(page, "case: message refused")


@looks_at("moving: address", "moving: address, unknown", "moving: address, in English", "moving: declaration")
def test_a_move(town: Town, open_page: Open, look: Look, tmp_path: Path) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Joris", "resident", "/diensten/verhuizing/")
    hands.begin(page, town.home, "verhuizing")
    page.goto(page.url.split("/vraag/")[0] + "/vraag/nieuw/")
    look(page, "moving: address")
    page.fill("[name='nieuw_adres.postcode']", "9990 ZZ")
    page.fill("[name='nieuw_adres.house_number']", "99")
    hands.press(page, "Verder")
    look(page, "moving: address, unknown")
    page.goto(page.url.split("?")[0] + ENGLISH)
    look(page, "moving: address, in English")
    page.goto(page.url.split("?")[0] + "?taal=nl")
    at = {"verklaring": "moving: declaration"}
    page.goto(page.url.split("/vraag/")[0] + "/vraag/huidig/")
    hands.fill_in(
        page,
        hands.definition("verhuizing"),
        moving() | {"bewoning": "koop"},
        tmp_path,
        lambda page_id: look(page, at[page_id]) if page_id in at else None,
    )


@looks_at("report: a question came up", "report: place, with map", "report: place, hits", "report: place, refused",
          "report: file, refused", "receipt: with a code", "save", "save, refused", "saved", "resume",
          "resume, refused")  # fmt: skip
def test_a_report(town: Town, open_page: Open, look: Look, tmp_path: Path) -> None:
    page = open_page()
    hands.begin(page, town.home, "melding-openbare-ruimte")
    hands.choose(page.locator('[name=categorie][value="verlichting"]'))
    hands.press(page, "Verder")
    expect(page.locator("[data-notice]")).to_be_focused()
    look(page, "report: a question came up")
    hands.press(page, "Verder")
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    look(page, "report: place, with map")
    page.fill("[name='plek.q']", "Lange Brugstraat")
    hands.press(page, "Zoek")
    look(page, "report: place, hits")
    page.fill("[name='plek.q']", "Nergensstraat 900")
    hands.press(page, "Zoek")
    look(page, "report: place, refused")
    page = come_back_later(town, open_page, look, page)
    page.fill("[name='plek.q']", "")
    page.fill("[name='plek.description']", "Naast de speeltuin aan de Leeuweriklaan")
    hands.press(page, "Verder")
    text = tmp_path / "verhaal.txt"
    text.write_text("geen foto")
    page.set_input_files("[name=foto]", text)
    hands.press(page, "Verder")
    look(page, "report: file, refused")
    hands.fill_in(page, hands.definition("melding-openbare-ruimte"), report(), tmp_path)
    hands.press(page, "Verstuur")
    look(page, "receipt: with a code")


def come_back_later(town: Town, open_page: Open, look: Look, page: Page) -> Page:
    """Saves, and goes on in another browser with the mailed link and the code from the screen."""
    hands.press(page, "Bewaar en ga later verder")
    look(page, "save")
    hands.press(page, "Mail mij de link")
    look(page, "save, refused")
    page.fill("[name=email]", "later@voorbeeld.example")
    hands.press(page, "Mail mij de link")
    look(page, "saved")
    code = page.locator(".rh-code-box__code").inner_text().strip()
    link = ""
    for _ in range(40):  # The mail goes out in the background.
        link = mailed(town, "later@voorbeeld.example", r"http://\S+/verder/\S+/")
        if link:
            break
        page.wait_for_timeout(250)
    other = open_page()
    other.goto(link)
    look(other, "resume")
    other.fill("[name=code]", "AAAAAA")
    hands.press(other, "Ga verder")
    expect(other.locator("[data-error-summary]")).to_be_focused()
    look(other, "resume, refused")
    other.fill("[name=code]", code)
    hands.press(other, "Ga verder")
    other.wait_for_url("**/vraag/waar/")
    return other
