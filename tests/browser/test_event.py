"""A festival, from its organiser to the signed decision: every page of the form, then five people of staff.

The second signer works on a phone, the others at a desk.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from browser import hands
from browser.conftest import PHONE, Open
from browser.eyes import Look, looks_at
from browser.pages import FORM_PAGES
from browser.town import Town
from raadhuis.site.example.events import festival

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 800}


def at_case(town: Town, open_page: Open, who: str, number: str, viewport: dict[str, int] = WIDE) -> Page:
    """A colleague logs in and finds the case by its number."""
    page = open_page(viewport=viewport)
    hands.log_in(page, town.home, who, "staff", "/werk/")
    find(page, town, number)
    return page


def find(page: Page, town: Town, number: str) -> None:
    """The case with this number."""
    page.goto(f"{town.home}/werk/zoeken/?q={number}")
    expect(page.locator("main .rh-line__meta").first).to_contain_text(number)


def open_task(page: Page, title: str) -> None:
    """Opens a task of the case that nobody took yet."""
    page.locator("main .rh-line", has_text=title).filter(has_text="Nog niet opgepakt").locator("a").first.click()


def take(page: Page) -> None:
    """Takes the task that is shown."""
    hands.press(page, "Pak deze taak op")
    expect(page.get_by_role("status").first).to_contain_text("opgepakt")


def propose(page: Page, why: str) -> None:
    """Proposes to grant."""
    hands.choose(page.locator('[name=result][value="grant"]'))
    page.fill("#f-motivation", why)
    hands.press(page, "Leg voor aan een collega")
    expect(page.get_by_role("status").first).to_contain_text("bewaard")


def is_pdf(download: Download) -> bool:
    """Whether what was downloaded is a PDF."""
    return Path(download.path()).read_bytes().startswith(b"%PDF-")


FORM = [f"event: {page}" for page in FORM_PAGES]


@looks_at(*FORM, "queue", "search: hits", "case at the desk: open", "task: offered", "task: check", "task: done",
          "task: advice", "task: advice, refused", "task: decide", "task: the letter", "task: waits for a signature",
          "task: approve", "task: returned", "case at the desk: not sent yet", "case at the desk: closed")  # fmt: skip
def test_a_festival_from_the_first_question_to_the_letter(
    town: Town, open_page: Open, look: Look, tmp_path: Path
) -> None:
    definition = hands.definition("evenementenvergunning")
    organiser = open_page(accept_downloads=True)
    hands.log_in(organiser, town.home, "Omar", "business", "/diensten/evenementenvergunning/")
    met = hands.apply(
        organiser, town.home, definition, festival(), tmp_path, lambda page_id: look(organiser, f"event: {page_id}")
    )
    # Everything but the pages that a register answered, and none twice.
    known = [page.id for page in definition.pages if all(question.prefill for question in page.questions)]
    assert set(met) == {page.id for page in definition.pages} - set(known)
    number = organiser.locator(".rh-receipt__number").inner_text().strip()

    handler = open_page(viewport=WIDE)
    hands.log_in(handler, town.home, "Jeroen", "staff", "/werk/")
    look(handler, "queue")
    handler.goto(f"{town.home}/werk/zoeken/?q={number[:6]}")
    look(handler, "search: hits")
    find(handler, town, number)
    look(handler, "case at the desk: open")
    open_task(handler, "Kijken of alles erbij zit")
    look(handler, "task: offered")
    take(handler)
    look(handler, "task: check")
    for label in handler.locator(".rh-options label").all():
        label.click()
    hands.press(handler, "De taak is klaar")
    expect(handler.get_by_role("status").first).to_contain_text("klaar")
    look(handler, "task: done")

    for who in ("Bas", "Ria"):
        adviser = at_case(town, open_page, who, number)
        open_task(adviser, "Advies")
        take(adviser)
        if who == "Ria":
            look(adviser, "task: advice")
            hands.press(adviser, "Geef dit advies")
            expect(adviser.locator("[data-error-summary]")).to_be_focused()
            look(adviser, "task: advice, refused")
        hands.choose(adviser.locator('[name=advice][value="conditions"]'))
        adviser.locator("#doen textarea[name=text]").fill("Houd vier meter vrij. Zet hekken bij de kade.")
        hands.press(adviser, "Geef dit advies")
        expect(adviser.get_by_role("status").first).to_contain_text("advies")

    decider = at_case(town, open_page, "Ingrid", number)
    open_task(decider, "Besluiten over de vergunning")
    take(decider)
    look(decider, "task: decide")
    task = decider.url.split("?")[0]
    propose(decider, "Het plan is veilig.")
    look(decider, "task: waits for a signature")

    second = at_case(town, open_page, "Marco", number, PHONE)
    open_task(second, "Besluit ondertekenen")
    take(second)
    look(second, "task: approve")
    jump = second.get_by_role("link", name="Naar uw handtekening")
    assert jump.bounding_box()["y"] < PHONE["height"]  # type: ignore[index]
    jump.click()
    expect(second.get_by_role("button", name="Onderteken dit besluit")).to_be_in_viewport()
    second.locator("summary", has_text="Geef het voorstel terug").click()
    second.fill("#f-why", "Schrijf ook wat de buurt ervan vindt.")
    hands.send(second, "Geef terug")

    decider.goto(task)
    expect(decider.locator("main")).to_contain_text("wat de buurt ervan vindt")
    look(decider, "task: returned")
    if decider.get_by_role("button", name="Ga verder met deze taak").count():
        hands.send(decider, "Ga verder met deze taak")
    decider.fill("#f-conditions", "Houd vier meter vrij\nMuziek tot 22.00 uur")
    hands.choose(decider.locator('[name=result][value="grant"]'))
    decider.fill("#f-motivation", "Het plan is veilig en de buurt is op tijd ingelicht.")
    hands.press(decider, "Bekijk de brief")
    expect(decider.locator("#brief")).to_contain_text("Muziek tot 22.00 uur")
    look(decider, "task: the letter")
    with decider.expect_download() as preview:
        hands.press(decider, "Brief als PDF")
    assert is_pdf(preview.value)
    hands.press(decider, "Leg voor aan een collega")
    expect(decider.get_by_role("status").first).to_contain_text("bewaard")

    find(second, town, number)
    open_task(second, "Besluit ondertekenen")
    take(second)
    hands.send(second, "Onderteken dit besluit")
    find(second, town, number)
    look(second, "case at the desk: not sent yet")
    hands.press(second, "Verstuur nu")
    expect(second.get_by_role("status").first).to_contain_text("de deur uit")
    look(second, "case at the desk: closed")

    organiser.get_by_role("link", name="Bekijk uw zaak").click()
    expect(organiser.locator(".rh-decision")).to_contain_text("Muziek tot 22.00 uur")
    letter = organiser.locator(".rh-document a", has_text="vergunning")
    for _ in range(40):  # The letter is made in the background.
        if letter.count():
            break
        organiser.wait_for_timeout(500)
        organiser.reload()
    with organiser.expect_download() as coming:
        letter.first.click()
    assert is_pdf(coming.value)
