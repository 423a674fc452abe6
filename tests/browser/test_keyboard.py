"""All four services with the keyboard alone; the focus is seen wherever it comes."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser import hands, keys
from browser.conftest import Open
from browser.keys import Keys
from browser.test_residents import moving, parking, party, report
from browser.town import Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("service", "who", "realm", "begin", "end"),
    [
        ("parkeervergunning", "Fatima", "resident", "Begin uw aanvraag", "Uw aanvraag is binnen|Ja, u krijgt het"),
        ("verhuizing", "Willem", "resident", "Begin met doorgeven", "Wij hebben het ontvangen"),
        ("evenementenvergunning", "Omar", "business", "Begin uw aanvraag", "Uw aanvraag is binnen"),
        ("melding-openbare-ruimte", "", "", "Begin uw melding", "Uw melding is binnen"),
    ],
    ids=["parking", "moving", "event", "report"],
)
def test_a_service_from_its_page_to_the_receipt(
    town: Town, open_page: Open, tmp_path: Path, service: str, who: str, realm: str, begin: str, end: str
) -> None:
    answers = {
        "parkeervergunning": parking,
        "verhuizing": moving,
        "evenementenvergunning": party,
        "melding-openbare-ruimte": report,
    }[service]()
    if service == "melding-openbare-ruimte":  # Enter on the map puts the pin in its middle.
        answers["plek"] = {"lat": 52.1, "lon": 5.1}
    page = open_page(viewport={"width": 1280, "height": 800})
    hand = Keys(page)
    if who:
        hand.log_in(town.home, who, realm, f"/diensten/{service}/")
    else:
        page.goto(f"{town.home}/diensten/{service}/")
    hand.enter(begin)
    page.wait_for_url("**/vraag/**")
    keys.fill_in(hand, hands.definition(service), answers, tmp_path)
    hand.skip()
    hand.enter("Verstuur")
    page.wait_for_url("**/klaar/")
    assert page.locator("h1").inner_text() in end.split("|")
    hand.skip()
    hand.tab_to("Bekijk uw zaak")


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        (":focus { outline: 3px solid }", True),
        (":focus { outline: none }", False),
        ("button { position: fixed; top: 3000px }", False),
    ],
)
def test_a_focus_that_nobody_sees_is_told(open_page: Open, style: str, seen: bool) -> None:
    """What the other tests here lean on."""
    page = open_page()
    page.set_content(f"<style>{style}</style><button>Verder</button>")
    hand = Keys(page)
    hand.press("Tab")
    if seen:
        hand.expect_seen(within=5)
    else:
        with pytest.raises(AssertionError, match="the focus is not seen"):
            hand.expect_seen(within=1)


def test_the_list_of_errors_has_the_focus_and_leads_to_the_control(town: Town, open_page: Open) -> None:
    page = open_page()
    hand = Keys(page)
    hands.log_in(page, town.home, "Joris", "resident", "/diensten/parkeervergunning/")
    hands.begin(page, town.home, "parkeervergunning")
    hand.skip()
    hand.enter("Verder")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    hand.tab()
    hand.press("Enter")
    assert hand.here()["name"] == "kenteken"
    assert page.title().startswith("Fout:")


def test_the_queue_is_walked_with_j_k_and_enter(town: Town, open_page: Open) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    hand = Keys(page)
    hands.log_in(page, town.home, "Marco", "staff", "/werk/zaken/")
    page.goto(f"{town.home}/werk/zaken/?alles=1")
    links = page.locator("[data-key-item] a")
    hand.press("j")
    expect(links.first).to_be_focused()
    hand.press("j")
    hand.press("k")
    expect(links.first).to_be_focused()
    hand.press("Enter")
    page.wait_for_url("**/werk/zaken/*-*/")
