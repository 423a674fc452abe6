"""What residents do, on a phone: all four services to the end, with scripts and without."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Look, looks_at
from browser.town import Town
from raadhuis.kernel import clock
from raadhuis.site.example.events import street_party

pytestmark = pytest.mark.browser

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def soon(days: int = 7) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def parking() -> dict[str, Any]:
    return {
        "kenteken": "GZ999R",
        "eigenaar": "eigen",
        "ingangsdatum": soon(),
        "email": "fatima@voorbeeld.example",
    }


def moving() -> dict[str, Any]:
    return {
        "nieuw_adres": {"postcode": "9990AC", "house_number": 7},
        "verhuisdatum": soon(3),
        "bewoning": "inwoning",
        "toestemmingsbrief": [{"name": "brief.pdf"}],
        "email": "verhuizer@voorbeeld.example",
        "naar_waarheid": True,
    }


def report() -> dict[str, Any]:
    return {
        "categorie": "verlichting",
        "plek": {"description": "Naast de speeltuin aan de Leeuweriklaan"},
        "gevaar": False,
        "omschrijving": "De lantaarn brandt al een week niet.",
        "foto": [{"name": "foto.png"}],
    }


def party() -> dict[str, Any]:
    answers = street_party(random.Random(1))
    return answers | {"plek": {"description": "Op straat, halverwege de Leeuweriklaan"}}


class TestParkingPermit:
    @looks_at("receipt: granted", "case: decided")
    def test_from_the_start_page_to_the_decision_with_reasons_in_under_25_actions(
        self, town: Town, open_page: Open, look: Look
    ) -> None:
        page = open_page()
        hand = hands.Hand(page)
        page.goto(f"{town.home}/")
        hand.tap(page.get_by_role("link", name="Parkeervergunning voor bewoners"))
        hand.tap(page.get_by_role("button", name="Log in als inwoner"))
        hand.tap(page.get_by_role("button", name="Fatima"))
        hand.tap(page.get_by_role("button", name="Begin uw aanvraag"))
        hand.type("kenteken", "gz-999-r")
        hand.tap(page.get_by_role("button", name="Verder", exact=True))
        hand.tap(page.locator("label", has_text="Op mijn eigen naam"))
        hand.tap(page.get_by_role("button", name="Verder", exact=True))
        year, month, day = soon().split("-")
        hand.type("ingangsdatum.day", day)
        hand.type("ingangsdatum.month", month)
        hand.type("ingangsdatum.year", year)
        hand.tap(page.get_by_role("button", name="Verder", exact=True))
        hand.type("email", "fatima@voorbeeld.example")
        hand.tap(page.get_by_role("button", name="Verder", exact=True))
        expect(page.get_by_text("Dit weten wij al")).to_be_visible()
        hand.tap(page.get_by_role("button", name="Verstuur", exact=True))
        expect(page.locator("h1")).to_have_text("Ja, u krijgt het")
        decision = page.locator(".rh-decision")
        expect(decision.locator("h3")).to_have_text("Waarom")
        assert decision.locator("li").count() >= 1
        assert decision.locator(".rh-decision__law").first.inner_text()
        assert hand.actions < 25
        look(page, "receipt: granted")
        hands.press_link(page, "Bekijk uw zaak")
        look(page, "case: decided")


@SCRIPTS
class TestEveryService:
    """The same flows with JavaScript and without."""

    def open(self, open_page: Open, scripts: bool) -> Page:
        return open_page(java_script_enabled=scripts)

    def test_a_parking_permit_is_granted_at_once(
        self, town: Town, open_page: Open, scripts: bool, tmp_path: Path
    ) -> None:
        page = self.open(open_page, scripts)
        hands.log_in(page, town.home, "Joris", "resident", "/diensten/parkeervergunning/")
        hands.apply(page, town.home, hands.definition("parkeervergunning"), parking(), tmp_path)
        hands.press_link(page, "Bekijk uw zaak")
        expect(page.locator("h1")).to_have_text("Parkeervergunning voor bewoners")

    def test_a_household_moves_and_the_landlord_agrees(
        self, town: Town, open_page: Open, scripts: bool, tmp_path: Path
    ) -> None:
        page = self.open(open_page, scripts)
        hands.log_in(page, town.home, "Fatima", "resident", "/diensten/verhuizing/")
        met = hands.apply(page, town.home, hands.definition("verhuizing"), moving(), tmp_path)
        assert "toestemming" in met
        expect(page.locator(".rh-receipt__number")).to_have_text(hands.NUMBER)

    def test_a_street_party_is_filed(self, town: Town, open_page: Open, scripts: bool, tmp_path: Path) -> None:
        page = self.open(open_page, scripts)
        hands.log_in(page, town.home, "Omar", "business", "/diensten/evenementenvergunning/")
        hands.apply(page, town.home, hands.definition("evenementenvergunning"), party(), tmp_path)
        expect(page.locator("h1")).to_have_text("Uw aanvraag is binnen")

    def test_an_anonymous_report_is_followed_with_number_and_code(
        self, town: Town, open_page: Open, scripts: bool, tmp_path: Path
    ) -> None:
        page = self.open(open_page, scripts)
        hands.apply(page, town.home, hands.definition("melding-openbare-ruimte"), report(), tmp_path)
        number = page.locator(".rh-receipt__number").inner_text().strip()
        code = page.locator(".rh-code-box__code").inner_text().strip()
        other = self.open(open_page, scripts)
        other.goto(f"{town.home}/volgen/")
        other.fill("[name=number]", number.lower().replace("-", " "))
        other.fill("[name=code]", code.lower())
        hands.press(other, "Bekijk")
        expect(other.locator(".rh-case-head__number")).to_contain_text(number)
        other.locator("summary", has_text="Schrijf ons een bericht").click()
        other.fill("textarea[name=text]", "Het is de derde lantaarn vanaf de brug.")
        hands.press(other, "Verstuur")
        expect(other.locator(".rh-messages")).to_contain_text("derde lantaarn")

    def test_a_wrong_code_opens_nothing(self, town: Town, open_page: Open, scripts: bool) -> None:
        page = self.open(open_page, scripts)
        page.goto(f"{town.home}/volgen/")
        page.fill("[name=number]", "2026-AAAAAAA")
        page.fill("[name=code]", "AAAAA-AAAAA")
        hands.press(page, "Bekijk")
        expect(page.locator("[data-error-summary]")).to_contain_text("Deze combinatie kennen wij niet")


class TestPlace:
    """The question that has a map: by a touch on the map, by a search, in words."""

    def at_the_place(self, town: Town, open_page: Open, scripts: bool = True) -> Page:
        page = open_page(java_script_enabled=scripts)
        hands.begin(page, town.home, "melding-openbare-ruimte")
        hands.choose(page.locator('[name=categorie][value="groen"]'))
        hands.press(page, "Verder")
        expect(page.locator("h1")).to_have_text("Waar is het?")
        return page

    def test_a_touch_on_the_map_sets_the_pin_and_the_address_comes_with_it(self, town: Town, open_page: Open) -> None:
        page = self.at_the_place(town, open_page)
        canvas = page.locator("canvas.maplibregl-canvas")
        canvas.scroll_into_view_if_needed()
        expect(page.locator(".rh-map__name").first).to_be_attached()
        canvas.click()
        expect(page.locator(".rh-map__pin")).to_be_visible()
        assert page.locator('[name="plek.lat"]').input_value().startswith("52.")
        hands.press(page, "Verder")
        page.wait_for_url("**/vraag/hoe/")
        page.go_back()
        expect(page.locator("#f-plek-said")).not_to_be_empty()

    def test_a_search_with_more_hits_is_a_next_step_and_no_error(self, town: Town, open_page: Open) -> None:
        for scripts in (True, False):
            page = self.at_the_place(town, open_page, scripts)
            page.fill('[name="plek.q"]', "Lange Brugstraat")
            hands.press(page, "Zoek")
            hits = page.locator(".rh-hits")
            expect(hits).to_contain_text("9990\u00a0AB")
            expect(page.locator("[data-error-summary]")).to_have_count(0)
            expect(page.locator("[aria-invalid=true]")).to_have_count(0)
            expect(page.locator("[data-notice]")).to_contain_text("Kies hieronder")
            hits.locator("label").nth(1).click()
            hands.press(page, "Verder")
            page.wait_for_url("**/vraag/hoe/")

    def test_nothing_at_all_is_an_error_that_gets_the_focus(self, town: Town, open_page: Open) -> None:
        page = self.at_the_place(town, open_page)
        hands.press(page, "Verder")
        expect(page.locator("[data-error-summary]")).to_be_focused()
        page.fill("textarea[name='plek.description']", "Bij de brug over de vaart")
        hands.press(page, "Verder")
        page.wait_for_url("**/vraag/hoe/")
