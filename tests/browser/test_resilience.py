"""No connection, a button pressed twice, the back button, a second window, another language: nothing gets lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser import hands
from browser.conftest import Open
from browser.test_residents import SCRIPTS, parking, party, report
from browser.town import Town

pytestmark = pytest.mark.browser


def is_kept(page: Page, text: str) -> None:
    """Waits until the script has kept what was typed, which is a moment after the last key."""
    page.wait_for_function("text => Object.values(sessionStorage).some((kept) => kept.includes(text))", arg=text)


class TestConnection:
    def test_without_connection_nothing_is_sent_and_nothing_is_lost(self, town: Town, open_page: Open) -> None:
        page = open_page()
        hands.begin(page, town.home, "melding-openbare-ruimte")
        hands.choose(page.locator('[name=categorie][value="groen"]'))
        page.context.set_offline(True)
        expect(page.locator(".rh-offline")).to_be_visible()
        hands.press(page, "Verder")
        expect(page.locator(".rh-form__said")).to_contain_text("nog niet verstuurd")
        expect(page.locator('[name=categorie][value="groen"]')).to_be_checked()
        page.context.set_offline(False)
        expect(page.locator(".rh-offline")).to_be_hidden()
        hands.press(page, "Verder")
        page.wait_for_url("**/vraag/waar/")

    def test_what_was_typed_comes_back_after_the_page_was_left(self, town: Town, open_page: Open) -> None:
        page = open_page()
        hands.begin(page, town.home, "melding-openbare-ruimte")
        form = page.url
        hands.choose(page.locator('[name=categorie][value="groen"]'))
        hands.press(page, "Verder")
        page.wait_for_url("**/vraag/waar/")
        place = page.url
        page.fill("[name='plek.description']", "Naast de speeltuin")
        is_kept(page, "speeltuin")
        page.goto(f"{town.home}/over/")
        page.goto(place)
        expect(page.locator("[name='plek.description']")).to_have_value("Naast de speeltuin")
        expect(page.locator(".rh-form__said")).to_contain_text("teruggezet")
        page.goto(form)
        expect(page.locator(".rh-form__said")).to_be_empty()


def test_who_does_nothing_is_warned_before_being_logged_out(town: Town, open_page: Open) -> None:
    page = open_page()
    page.clock.install()
    hands.log_in(page, town.home, "Anouk", "resident", "/mijn/zaken/")
    page.clock.fast_forward("12:00")
    expect(page.locator("dialog.rh-idle")).to_be_hidden()
    page.clock.fast_forward("01:30")
    expect(page.locator("dialog.rh-idle")).to_be_visible()
    expect(page.get_by_role("heading", name="Bent u er nog?")).to_be_visible()
    with page.expect_response("**/over/") as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == 200
    expect(page.locator("dialog.rh-idle")).to_be_hidden()
    page.clock.fast_forward("13:30")
    expect(page.locator("dialog.rh-idle")).to_be_visible()


@SCRIPTS
def test_pressing_twice_submits_once(town: Town, open_page: Open, tmp_path: Path, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    hands.log_in(page, town.home, "Anouk", "resident", "/mijn/zaken/")
    before = page.locator(".rh-card").count()
    hands.begin(page, town.home, "parkeervergunning")
    hands.fill_in(page, hands.definition("parkeervergunning"), parking(), tmp_path)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/overzicht/" in request.url else None)
    page.locator("main").get_by_role("button", name="Verstuur", exact=True).dblclick()
    page.wait_for_url("**/klaar/")
    if scripts:
        assert sent.count("POST") == 1
    page.goto(f"{town.home}/mijn/zaken/")
    assert page.locator(".rh-card").count() == before + 1


@SCRIPTS
def test_the_back_button_works_on_every_page(town: Town, open_page: Open, tmp_path: Path, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    definition = hands.definition("evenementenvergunning")
    answers = party()
    hands.log_in(page, town.home, "Omar", "business", "/diensten/evenementenvergunning/")
    hands.begin(page, town.home, definition.id)
    met = list(dict.fromkeys(hands.fill_in(page, definition, answers, tmp_path)))
    for page_id in reversed(met):
        while f"/vraag/{page_id}/" not in page.url:  # A page that came again stands in the history twice.
            came = page.go_back()
            assert came is None or came.status == 200
        title = next(one.title.nl for one in definition.pages if one.id == page_id)
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("[data-error-summary]")).to_have_count(0)
    expect(page.locator("[name=naam_evenement]")).to_have_value(answers["naam_evenement"])
    page.fill("[name=naam_evenement]", "Een andere naam")
    hands.fill_in(page, definition, answers | {"naam_evenement": "Een andere naam"}, tmp_path)
    expect(page.locator("main")).to_contain_text("Een andere naam")


def test_a_second_window_overwrites_nothing_unseen(town: Town, open_page: Open) -> None:
    first = open_page()
    hands.begin(first, town.home, "melding-openbare-ruimte")
    second = first.context.new_page()
    second.goto(first.url)
    hands.choose(first.locator('[name=categorie][value="groen"]'))
    hands.press(first, "Verder")
    first.wait_for_url("**/vraag/waar/")
    hands.choose(second.locator('[name=categorie][value="water"]'))
    hands.press(second, "Verder")
    expect(second.locator("[data-notice]")).to_contain_text("in een ander venster")
    expect(second.locator("[data-notice]")).to_be_focused()
    first.reload()
    first.go_back()
    expect(first.locator('[name=categorie][value="groen"]')).to_be_checked()
    hands.press(second, "Verder")
    second.wait_for_url("**/vraag/waar/")


def test_another_language_keeps_the_page_and_what_was_typed(town: Town, open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    hands.begin(page, town.home, "melding-openbare-ruimte")
    hands.choose(page.locator('[name=categorie][value="groen"]'))
    is_kept(page, "groen")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator('[name=categorie][value="groen"]')).to_be_checked()
    hands.press(page, "Continue")
    page.wait_for_url("**/vraag/waar/")
    hands.press(page, "Continue")
    expect(page.locator("#error-summary-title")).to_have_text("Something is not right yet")
    page.get_by_role("link", name="Nederlands").click()
    page.wait_for_url("**/vraag/waar/?taal=nl")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    hands.fill_in(page, hands.definition("melding-openbare-ruimte"), report(), tmp_path)
    expect(page.locator("h1")).to_have_text("Kijk alles na en verstuur")
