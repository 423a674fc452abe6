"""A festival, from its organiser to the signed decision: every page of the form, then five people of staff.

The second signer works on a phone, the others at a desk.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from browser import hands
from browser.conftest import PHONE, Open
from browser.town import Town
from raadhuis.site.example.events import festival

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 800}


def at_case(town: Town, open_page: Open, who: str, number: str, viewport: dict[str, int] = WIDE) -> Page:
    """A colleague logs in and finds the case by its number."""
    page = open_page(viewport=viewport)
    hands.log_in(page, town.home, who, "staff", "/werk/")
    page.goto(f"{town.home}/werk/zoeken/?q={number}")
    expect(page.locator("main .rh-line__meta").first).to_contain_text(number)
    return page


def take(page: Page, title: str, state: str = "Nog niet opgepakt") -> None:
    """Opens a task of the case that is shown, and takes it."""
    page.locator("main .rh-line", has_text=title).filter(has_text=state).locator("a").first.click()
    hands.press(page, "Pak deze taak op")
    expect(page.get_by_role("status").first).to_contain_text("opgepakt")


def is_pdf(download: Download) -> bool:
    """Whether what was downloaded is a PDF."""
    return Path(download.path()).read_bytes().startswith(b"%PDF-")


def test_a_festival_from_the_first_question_to_the_letter(town: Town, open_page: Open, tmp_path: Path) -> None:
    definition = hands.definition("evenementenvergunning")
    organiser = open_page(accept_downloads=True)
    hands.log_in(organiser, town.home, "Omar", "business", "/diensten/evenementenvergunning/")
    met = hands.apply(organiser, town.home, definition, festival(), tmp_path)
    # Everything but the pages that a register answered, and none twice.
    known = [page.id for page in definition.pages if all(question.prefill for question in page.questions)]
    assert set(met) == {page.id for page in definition.pages} - set(known)
    number = organiser.locator(".rh-receipt__number").inner_text().strip()

    handler = at_case(town, open_page, "Jeroen", number)
    take(handler, "Kijken of alles erbij zit")
    for label in handler.locator(".rh-options label").all():
        label.click()
    hands.press(handler, "De taak is klaar")
    expect(handler.get_by_role("status").first).to_contain_text("klaar")

    for who in ("Bas", "Ria"):
        adviser = at_case(town, open_page, who, number)
        take(adviser, "Advies")
        hands.press(adviser, "Geef dit advies")
        expect(adviser.locator("[data-error-summary]")).to_be_focused()
        hands.choose(adviser.locator('[name=advice][value="conditions"]'))
        adviser.locator("#doen textarea[name=text]").fill("Houd vier meter vrij. Zet hekken bij de kade.")
        hands.press(adviser, "Geef dit advies")
        expect(adviser.get_by_role("status").first).to_contain_text("advies")

    decider = at_case(town, open_page, "Ingrid", number)
    take(decider, "Besluiten over de vergunning")
    hands.choose(decider.locator('[name=result][value="grant"]'))
    decider.fill("#f-motivation", "Het plan is veilig en de buurt is op tijd ingelicht.")
    decider.fill("#f-conditions", "Houd vier meter vrij\nMuziek tot 22.00 uur")
    hands.press(decider, "Bekijk de brief")
    expect(decider.locator("#brief")).to_contain_text("Muziek tot 22.00 uur")
    with decider.expect_download() as preview:
        hands.press(decider, "Brief als PDF")
    assert is_pdf(preview.value)
    hands.press(decider, "Leg voor aan een collega")
    expect(decider.get_by_role("status").first).to_contain_text("bewaard")

    second = at_case(town, open_page, "Marco", number, PHONE)
    take(second, "Besluit ondertekenen")
    assert second.get_by_role("link", name="Naar uw handtekening").bounding_box()["y"] < PHONE["height"]  # type: ignore[index]
    second.get_by_role("link", name="Naar uw handtekening").click()
    expect(second.get_by_role("button", name="Onderteken dit besluit")).to_be_in_viewport()
    hands.press(second, "Onderteken dit besluit")
    second.goto(f"{town.home}/werk/zoeken/?q={number}")
    hands.press(second, "Verstuur nu")
    expect(second.get_by_role("status").first).to_contain_text("de deur uit")

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
