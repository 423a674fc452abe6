"""A large log comes in: how far it is stands on a page that renews itself, with scripts and without."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Look, looks_at
from browser.test_processes import COMES_IN
from browser.town import Town

pytestmark = pytest.mark.browser
EVENTS = 400_000


def large(folder: Path) -> Path:
    """A table of 100,000 cases, that takes some seconds."""
    file = folder / "groot.csv"
    with file.open("w") as out:
        out.write("zaak;stap;tijd\n")
        for number in range(EVENTS):
            out.write(f"{number // 4};Stap {number % 4};2026-01-05 0{number % 4 + 4}:00\n")
    return file


def send(page: Page, town: Town, file: Path) -> None:
    """Sends a table and says that its columns were guessed well."""
    page.goto(f"{town.home}/werk/processen/nieuw/")
    page.locator("input[type=file]").set_input_files(file)
    hands.send(page, "Haal binnen")
    hands.send(page, "Haal binnen")


def share(page: Page) -> float:
    """How full the bar is, in percent."""
    return float(page.get_by_role("progressbar").get_attribute("value") or 0)


@looks_at("log: coming in", "processes: some coming in", "log: stopped", "log: not come in")
def test_a_large_log_says_how_far_it_is(town: Town, open_page: Open, look: Look, tmp_path: Path) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Ada", "staff", "/werk/processen/nieuw/")
    send(page, town, large(tmp_path))
    expect(page.locator("main")).to_contain_text("Bezig met lezen", timeout=COMES_IN)
    with town.held("bring-in"):
        expect(page.get_by_role("status")).to_contain_text("Bezig met lezen: ")
        look(page, "log: coming in")
        page.get_by_role("link", name="Processen").last.click()
        look(page, "processes: some coming in")
        page.get_by_role("link", name="groot").click()
        stop = page.get_by_role("button", name="Stop")
        stop.focus()
        before = share(page)
    page.wait_for_function(f"() => document.querySelector('progress').value > {before}")
    expect(stop).to_be_focused()
    with town.held("bring-in"):
        hands.send(page, "Stop met binnenhalen")
    expect(page.locator("main")).to_contain_text("Het binnenhalen is gestopt", timeout=COMES_IN)
    look(page, "log: stopped")
    hands.send(page, "Probeer opnieuw")
    expect(page.locator("main")).to_contain_text("Dit gaat over 100.000 zaken.", timeout=COMES_IN)
    file = tmp_path / "leeg.xes"
    file.write_text("<log></log>")
    page.goto(f"{town.home}/werk/processen/nieuw/")
    page.locator("input[type=file]").set_input_files(file)
    hands.send(page, "Haal binnen")
    expect(page.locator("main")).to_contain_text("Dit logboek bevat geen enkele gebeurtenis.", timeout=COMES_IN)
    look(page, "log: not come in")
    hands.send(page, "Gooi het bestand weg")
    expect(page.locator("body")).to_contain_text("Het bestand is weg.")


def test_without_scripts_the_page_renews_itself_whole(town: Town, open_page: Open, tmp_path: Path) -> None:
    page = open_page(java_script_enabled=False)
    hands.log_in(page, town.home, "Ada", "staff", "/werk/processen/nieuw/")
    send(page, town, large(tmp_path))
    expect(page.locator("main")).to_contain_text("Bezig met lezen", timeout=COMES_IN)
    with town.held("bring-in"):
        assert 0 < share(page) < 100
        page.get_by_role("link", name="Ververs niet meer vanzelf").click()
        page.get_by_role("link", name="Ververs deze pagina").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        page.go_back()
    expect(page.locator("main")).to_contain_text("Dit gaat over", timeout=COMES_IN)
