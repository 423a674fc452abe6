"""The event form that came in as an export: imported and published at the desk, filled in on a phone, filed.

A small outdoor market and a festival walk it, with nothing but what they see. Each page that they meet is looked at by
axe, once, on a small phone; and on a desk's screen too when it holds a kind of question that was not seen there yet.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Watcher, axe_says
from browser.test_accessible import mailed
from browser.test_event import WIDE, at_case
from browser.test_residents import SCRIPTS
from browser.town import Town
from browser.visitor import Answers, Visitor
from open_forms.test_import import EVENT, needs_exports

pytestmark = [pytest.mark.browser, needs_exports]
EXTREMES = (320, 1280)
KINDS = "nodes => nodes.map((node) => node.className)"
# What only a festival meets.
FESTIVE = {"bouwsels-10m2", "risicoscan", "versterkte-muziek", "weg-vaarweg-afsluiten"}
BOTH: Answers = {
    "Waar vindt het evenement": ["Buiten op één of meerdere plaatsen"],
    "Waarvoor wilt u Eventloket gebruiken?": "U wilt voor uw evementen een aanvraag indienen",
    "Overige bijlagen": "plattegrond",
}
MARKET: Answers = {
    **BOTH,
    "Wat is de naam van het evenement?": "Kleine markt 🥕",
    "Wat voor soort evenement": ["Markt of braderie"],
    "Is het aantal aanwezigen": "Ja",
    "Vinden de activiteiten van uw evenement plaats": "Ja",
    "Wordt er alleen muziek/geluid": "Ja",
    "Is de geluidsproductie lager": "Ja",
    "Er vinden GEEN activiteiten plaats": "Ja",
    "Worden er minder dan": "Ja",
    "Indien er objecten geplaatst worden": "Ja",
    "Blijft de doorgaande weg vrij": "Ja",
    "Is er per 100 bezoekers een toilet": "Ja",
    "Ruimt u het terrein dezelfde dag op": "Ja",
    "Staat er een EHBO-post": "Ja",
    "Worden er gebiedsontsluitingswegen": "Nee",
}
WHAT = "Kruis aan wat van toepassing is voor uw evenement"
ROAD = "Een (een deel van) de weg of vaarweg afsluiten"
LARGE = ["Bouwsels plaatsen groter dan 10m2", ROAD]
FESTIVAL: Answers = {
    **BOTH,
    "Wat is de naam van het evenement?": "Groot feest",
    "Wat voor soort evenement": ["Festival"],
    "Is het aantal aanwezigen": "Nee",
    WHAT: ["(Versterkte) muziek", *LARGE],
    "Wat voor bouwsels plaats u": ["Tent(en)", "Podia"],
    "'Deelplan Tijdelijke constructies'": "deelplan",
    "Welke van de onderstaande activiteiten vinden verder": ["Vuurwerk afsteken"],
}


@pytest.fixture(scope="module")
def service(town: Town, chromium: Browser) -> Iterator[str]:
    """The id of the form, once an editor has brought it in and published it; afterwards it is retired."""
    context = chromium.new_context(viewport=WIDE, locale="nl-NL")
    watcher = Watcher(context, (town.home, town.standins))
    page = context.new_page()
    hands.log_in(page, town.home, "Tess", "staff", "/werk/diensten/")
    hands.press_link(page, "Nieuwe dienst of versie")
    page.set_input_files("[name=file]", EVENT)
    page.select_option("[name=team]", label="Team Evenementen")
    hands.press(page, "Bewaar als concept")
    expect(page.get_by_role("status")).to_contain_text("concept geworden")
    counts = re.findall(r"(\d+) van de (\d+) (\w+) kwamen mee", page.locator("main").inner_text())
    assert {(what, int(total)) for _, total, what in counts} == {
        ("stappen", 17),
        ("onderdelen", 399),
        ("regels", 144),
        ("variabelen", 28),
    }
    assert sum(int(mapped) for mapped, *_ in counts) >= 0.97 * sum(int(total) for _, total, _ in counts)
    expect(page.locator("main")).to_contain_text("Niet meegekomen")
    assert axe_says(page, EXTREMES) == []
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


@pytest.fixture(scope="module")
def looked() -> set[str]:
    """The pages, and the kinds of questions, that were looked at."""
    return set()


def eyes_on(page: Page, looked: set[str]) -> Callable[[str], None]:
    """Looks at a page of the form that nobody looked at yet."""

    def look(page_id: str) -> None:
        if page_id not in looked:
            kinds = set(page.locator("main [class*=rh-fieldset--], main [class*=rh-notice--]").evaluate_all(KINDS))
            kinds |= set() if "/vraag/" in page.url else {page_id}
            assert axe_says(page, EXTREMES if kinds - looked else EXTREMES[:1]) == [], page_id
            looked.update(kinds, {page_id})

    return look


def begin(page: Page, town: Town, service: str) -> None:
    """From the start page to the first question."""
    page.goto(f"{town.home}/")
    page.locator(f'main a[href$="/diensten/{service}/"]').first.click()
    page.locator('form[action$="/begin/"] button[type="submit"]').first.click()
    page.wait_for_url("**/vraag/**")


def submit(page: Page) -> str:
    """From the overview to the receipt; the number of the case."""
    hands.press(page, "Verstuur")
    page.wait_for_url("**/klaar/")
    number = page.locator(".rh-receipt__number").inner_text().strip()
    assert hands.NUMBER.fullmatch(number)
    return number


def is_filed(town: Town, open_page: Open, number: str, *said: str) -> Page:
    """The case at the desk holds what was said, and the files by name."""
    desk = at_case(town, open_page, "Jeroen", number)
    folded = desk.locator(".rh-folded details:not([open]) dd").first
    expect(folded).to_be_hidden()
    desk.emulate_media(media="print")
    expect(folded).to_be_visible()  # On paper all of it stands.
    desk.emulate_media(media="screen")
    desk.get_by_role("link", name="Vouw alle antwoorden uit").click()
    for words in said:
        expect(desk.locator("main")).to_contain_text(words)
    return desk


@SCRIPTS
def test_a_small_market_gives_notice(
    town: Town, open_page: Open, service: str, looked: set[str], tmp_path: Path, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    begin(page, town, service)
    visitor = Visitor(page, MARKET, tmp_path)
    visitor.go_on_until(at_page=eyes_on(page, looked) if scripts else lambda page_id: None)
    assert "melding" in visitor.met and not FESTIVE & set(visitor.met)
    if scripts:
        eyes_on(page, looked)("overview")
    number = submit(page)
    if scripts:
        eyes_on(page, looked)("receipt")
    page.go_back()
    page.goto(page.url.replace("/klaar/", "/overzicht/"))
    page.wait_for_url("**/klaar/")
    expect(page.locator(".rh-receipt__number")).to_contain_text(number)
    is_filed(town, open_page, number, "Kleine markt 🥕", "Markt of braderie", "plattegrond.pdf")


def test_a_festival_changes_its_mind_comes_back_and_files_only_what_applies(
    town: Town, open_page: Open, service: str, looked: set[str], tmp_path: Path
) -> None:
    page = open_page()
    begin(page, town, service)
    visitor = Visitor(page, FESTIVAL, tmp_path)
    visitor.go_on_until("versterkte-muziek", eyes_on(page, looked))
    page = visitor.page = come_back_later(town, open_page, page)
    assert hands.page_id(page) == "versterkte-muziek"
    page.get_by_role("link", name="Vorige").click()
    expect(page.get_by_role("checkbox", name="Vuurwerk afsteken")).to_be_checked()
    page.go_back()
    visitor.go_on_until(at_page=eyes_on(page, looked))
    assert set(visitor.met) > FESTIVE and "melding" not in visitor.met
    eyes_on(page, looked)("overview of a festival")
    music = page.get_by_role("heading", name="Versterkte muziek")
    for chosen, there in ((LARGE, 0), (FESTIVAL[WHAT], 1), (LARGE, 0)):
        change = page.locator("section[aria-labelledby=s-vergunningsaanvraag-soort]").get_by_role("link", name="Wijzig")
        with page.expect_navigation():
            change.click()
        visitor.answers[WHAT] = chosen
        visitor.fill()
        hands.press(page, "Bewaar")
        page.wait_for_url("**/overzicht/")  # What was typed about music was kept: nothing is asked again.
        expect(music).to_have_count(there)
    number = submit(page)
    said = ("Groot feest", "Vuurwerk afsteken", "Tent 1", "Podium 1", "plattegrond.pdf", "deelplan.pdf")
    desk = is_filed(town, open_page, number, *said)
    expect(desk.locator("main")).not_to_contain_text("Welke soorten muziek")
    assert axe_says(desk, EXTREMES) == []


def come_back_later(town: Town, open_page: Open, page: Page) -> Page:
    """Saves, and goes on in another browser with the mailed link and the code from the screen."""
    hands.press(page, "Bewaar en ga later verder")
    page.fill("[name=email]", "festival@voorbeeld.example")
    hands.press(page, "Mail mij de link")
    code = page.locator(".rh-code-box__code").inner_text().strip()
    link = ""
    for _ in range(40):  # The mail goes out in the background.
        link = link or mailed(town, "festival@voorbeeld.example", r"http://\S+/verder/\S+/")
        if link:
            break
        page.wait_for_timeout(250)
    other = open_page()
    other.goto(link)
    other.fill("[name=code]", code)
    hands.press(other, "Ga verder")
    other.wait_for_url("**/vraag/**")
    return other
