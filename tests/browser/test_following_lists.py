"""A form from elsewhere whose list grows with another: on a phone, with and without scripts, by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Watcher, axe_says
from browser.town import Town
from open_forms.test_import import SHARED, needs_exports

pytestmark = [pytest.mark.browser, needs_exports]
SERVICE, GROUP = "children-flow", "extra_child_details"
PHONES = (320, 390)
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


@pytest.fixture(scope="module")
def service(town: Town, chromium: Browser) -> Iterator[str]:
    """The form, once an editor has brought it in and published it; afterwards it is retired."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL")
    watcher = Watcher(context, (town.home, town.standins))
    page = context.new_page()
    hands.log_in(page, town.home, "Tess", "staff", "/werk/diensten/")
    hands.press_link(page, "Nieuwe dienst of versie")
    page.set_input_files("[name=file]", SHARED / f"{SERVICE}.zip")
    hands.press(page, "Bewaar als concept")
    expect(page.get_by_role("status")).to_contain_text("concept geworden")
    expect(page.locator("main")).to_contain_text("1 van de 1 regels")
    hands.press(page, "Publiceer")
    expect(page.get_by_role("status")).to_contain_text("gepubliceerd")
    address = page.url.split("?")[0]
    yield SERVICE
    page.goto(address)
    page.locator("summary", has_text="Trek in").click()
    hands.press(page, "Ja, trek de dienst in")
    context.close()
    assert watcher.problems == []


def begin(page: Page, town: Town, service: str) -> list[str]:
    """Fatima begins; the ids of her children."""
    hands.log_in(page, town.home, "Fatima", "resident", f"/diensten/{service}/")
    page.locator('form[action$="/begin/"] button[type="submit"]').first.click()
    page.wait_for_url("**/vraag/children-step-1/")
    return [str(box.get_attribute("value")) for box in page.locator('[name="children"]').all()]


def rows(page: Page) -> list[str]:
    """The child of each row."""
    return [str(one.get_attribute("value")) for one in page.locator(f'[name^="{GROUP}."][name$=".row"]').all()]


def until_kept(page: Page) -> None:
    """Waits until this tab holds what was typed and not yet sent."""
    for _ in range(100):
        if GROUP in page.evaluate("JSON.stringify({...sessionStorage})"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("what was typed is not kept")


@SCRIPTS
def test_rows_come_and_go_with_the_children_that_are_chosen(
    town: Town, open_page: Open, service: str, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    children = begin(page, town, service)
    assert len(children) >= 2
    for child in children[:2]:
        hands.choose(page.locator(f'[name="children"][value="{child}"]'))
    hands.press(page, "Verder")
    page.wait_for_url("**/vraag/children-step-2/")
    assert rows(page) == children[:2]
    names = page.locator(".rh-given p:not(.rh-label)").all_inner_texts()
    assert len(set(names)) == 2 and page.locator("button[name=add], button[name=remove]").count() == 0
    if scripts:
        assert axe_says(page, PHONES) == []
    hands.choose(page.locator(f'[name="{GROUP}.1.goes_to_school"][value="yes"]'))
    hands.press(page, "Verder")
    page.wait_for_url("**/overzicht/")
    expect(page.locator("main")).to_contain_text(re.compile(f"{re.escape(names[1])}.*yes", re.DOTALL))
    if scripts:
        assert axe_says(page, PHONES) == []
    page.locator("section[aria-labelledby=s-children-step-1]").get_by_role("link", name="Wijzig").click()
    hands.choose(page.locator(f'[name="children"][value="{children[0]}"]'))
    hands.press(page, "Bewaar")
    page.wait_for_url("**/overzicht/")
    expect(page.locator("main")).not_to_contain_text(names[0])
    expect(page.locator("main")).to_contain_text(names[1])
    hands.press(page, "Verstuur")
    page.wait_for_url("**/klaar/")


def test_what_was_typed_and_not_sent_does_not_come_back_with_another_child(
    town: Town, open_page: Open, service: str
) -> None:
    page = open_page()
    children = begin(page, town, service)
    for child in children[:2]:
        hands.choose(page.locator(f'[name="children"][value="{child}"]'))
    hands.press(page, "Verder")
    page.wait_for_url("**/vraag/children-step-2/")
    hands.choose(page.locator(f'[name="{GROUP}.0.goes_to_school"][value="yes"]'))
    until_kept(page)
    page.get_by_role("link", name="Vorige").click()
    page.wait_for_url("**/vraag/children-step-1/")
    hands.choose(page.locator(f'[name="children"][value="{children[0]}"]'))
    hands.press(page, "Verder")
    page.wait_for_url("**/vraag/children-step-2/")
    assert rows(page) == [children[1]]
    expect(page.locator(f'[name="{GROUP}.0.goes_to_school"][value="yes"]')).not_to_be_checked()


def test_a_row_is_filled_in_by_keyboard(town: Town, open_page: Open, service: str) -> None:
    page = open_page()
    children = begin(page, town, service)
    page.locator(f'[name="children"][value="{children[0]}"]').press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vraag/children-step-2/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == f"{GROUP}.0.goes_to_school":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/overzicht/")
    expect(page.locator("main")).to_contain_text("yes")
