"""What a person does at a page: log in, fill in whatever it asks, go on."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from raadhuis.catalogue.loading import load
from raadhuis.catalogue.questions import FileQuestion, GroupQuestion
from raadhuis.catalogue.schema import Definition
from raadhuis.catalogue.schema import Page as FormPage
from raadhuis.site.example import filler
from raadhuis.site.example.filler import PDF, PNG, as_form

SERVICES = Path(filler.__file__).parent / "services"
NUMBER = re.compile(r"\d{4}-[0-9A-Z]{7}")


@cache
def definition(service: str) -> Definition:
    """An example service, as its file describes it."""
    return load((SERVICES / f"{service}.yaml").read_text(encoding="utf-8")).definition


class Hand:
    """A hand that counts what it does: every touch, and every field that is typed in."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.actions = 0

    def tap(self, what: Locator) -> None:
        self.actions += 1
        what.first.click()

    def type(self, name: str, text: str) -> None:
        self.actions += 1
        self._page.locator(f'[name="{name}"]').fill(text)


def log_in(page: Page, home: str, who: str, realm: str, then: str) -> None:
    """Through the stand-in's own page, by its buttons. `who` is a name on it."""
    page.goto(f"{home}/inloggen/{realm}/?verder={then}")
    page.get_by_role("button", name=who).first.click()
    page.wait_for_url(f"{home}{then}*")


def choose(control: Locator) -> None:
    """Clicks what belongs to a radio button or checkbox: its label covers it."""
    control.locator("xpath=following-sibling::label").click()


def fill_page(page: Page, definition: Definition, answers: Mapping[str, Any], folder: Path) -> None:
    """Answers everything on the page that is shown, without pressing the button."""
    form_page = _shown(page, definition)
    for question in form_page.questions:
        if isinstance(question, GroupQuestion):
            for number in range(len(answers.get(question.id, []))):
                row = page.locator(f'[name="{question.id}.{number}.row"]')
                if not row.count():
                    page.locator(f'button[name="add"][value="{question.id}"]').click()
                    row.wait_for(state="attached")  # The page comes again; what is typed before that is lost with it.
                    page.wait_for_load_state()
        if isinstance(question, FileQuestion) and answers.get(question.id):
            _attach(page, question, folder)
    form = as_form(form_page, answers)
    for name in form:
        if name.endswith(".row"):
            continue
        for value in form.getlist(name):
            _put(page, name, str(value))


def _shown(page: Page, definition: Definition) -> FormPage:
    return next(one for one in definition.pages if one.id == page_id(page))


def page_id(page: Page) -> str:
    """Which page of a form this is, by its address."""
    return urlsplit(page.url).path.rstrip("/").rsplit("/", 1)[-1]


def _attach(page: Page, question: FileQuestion, folder: Path) -> None:
    control = page.locator(f'input[type="file"][name="{question.id}"]')
    if not control.count():
        return
    file = folder / ("stuk.pdf" if "pdf" in question.kinds else "foto.png")
    file.write_bytes(PDF if "pdf" in question.kinds else PNG)
    control.set_input_files(file)


def _put(page: Page, name: str, value: str) -> None:
    control = page.locator(f'[name="{name}"]')
    if not control.count():
        return
    kind = control.first.get_attribute("type") or ""
    if kind in {"radio", "checkbox"}:
        exact = page.locator(f'[name="{name}"][value="{value}"]')
        if not exact.is_checked():
            choose(exact)
    elif kind == "hidden":  # What a map or a look-up fills in.
        control.first.evaluate("(node, value) => { node.value = value }", value)
    else:
        control.first.fill(value)


def press(page: Page, label: str) -> None:
    """Presses a button in the main part of the page."""
    page.locator("main").get_by_role("button", name=label, exact=True).first.click()


def send(page: Page, label: str) -> None:
    """Presses a button and waits for the page that it brings: not to go on with the one that is still there."""
    with page.expect_navigation():
        press(page, label)


def press_link(page: Page, label: str) -> None:
    """Follows a link in the main part of the page."""
    page.locator("main").get_by_role("link", name=label, exact=True).first.click()


def begin(page: Page, home: str, service: str) -> None:
    """From the service's page to the first question."""
    page.goto(f"{home}/diensten/{service}/")
    page.locator('form[action$="/begin/"] button[type="submit"]').first.click()
    page.wait_for_url("**/vraag/**")


def apply(
    page: Page,
    home: str,
    definition: Definition,
    answers: Mapping[str, Any],
    folder: Path,
    at_page: Callable[[str], None] = lambda page_id: None,
) -> list[str]:
    """From the service's page to the receipt; the ids of the pages that were met; `at_page` is called at each."""
    begin(page, home, definition.id)
    met = fill_in(page, definition, answers, folder, at_page)
    press(page, "Verstuur")
    page.wait_for_url("**/klaar/")
    return met


def fill_in(
    page: Page,
    definition: Definition,
    answers: Mapping[str, Any],
    folder: Path,
    at_page: Callable[[str], None] = lambda page_id: None,
) -> list[str]:
    """From a question to the overview; the ids of the pages that were met."""
    met: list[str] = []
    pressed = 0
    while "/overzicht/" not in page.url:
        here = page_id(page)
        is_new = here not in met
        met += [here] if here not in met[-1:] else []
        pressed += 1
        if pressed > 60:
            raise AssertionError(f"the form does not end: {met[-5:]}")
        fill_page(page, definition, answers, folder)
        if is_new:
            at_page(here)
        send(page, "Verder")
        problems = page.locator("[data-error-summary]")
        if problems.count():
            raise AssertionError(problems.inner_text())
    return met
