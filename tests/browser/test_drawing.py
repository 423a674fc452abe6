"""A route and grounds on the map: drawn by mouse, by thumb and by keyboard, or put together without scripts."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser import hands
from browser.conftest import Open
from browser.eyes import Look, looks_at
from browser.keys import Keys
from browser.town import Town
from raadhuis.site.example.events import street_party

pytestmark = pytest.mark.browser
EVENT = "evenementenvergunning"
ROUTE, GROUNDS = "route", "plek"
WHERE = {"description": "Op straat, tussen de kerk en de molen"}


def parade() -> dict[str, Any]:
    return street_party(random.Random(1)) | {"soort": "optocht", "plek": WHERE, "route": WHERE}


def at_where(town: Town, page: Page, folder: Path) -> None:
    """As a business, at the page that asks where the parade is."""
    hands.log_in(page, town.home, "Omar", "business", f"/diensten/{EVENT}/")
    hands.begin(page, town.home, EVENT)
    while hands.page_id(page) != "waar":
        hands.fill_page(page, hands.definition(EVENT), parade(), folder)
        hands.send(page, "Verder")


def box(page: Page, name: str) -> Locator:
    return page.locator(f"#f-{name}")


def map_of(page: Page, name: str) -> Locator:
    box(page, name).locator("[data-map]").scroll_into_view_if_needed()  # It is only made when it comes into view.
    canvas = box(page, name).locator("canvas.maplibregl-canvas")
    canvas.scroll_into_view_if_needed()
    expect(box(page, name).locator(".rh-map__name").first).to_be_attached()
    return canvas


def points(page: Page, name: str) -> list[str]:
    return page.locator(f'[name="{name}.points"]').input_value().split()


@looks_at("event: drawn", "event: drawn, refused", "case at the desk: with a map")
def test_drawn_with_the_mouse_from_the_form_to_the_desk(
    town: Town, open_page: Open, look: Look, tmp_path: Path
) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    at_where(town, page, tmp_path)
    box(page, GROUNDS).get_by_text("Een vlak, zoals een terrein").click()
    canvas = map_of(page, GROUNDS)
    for x, y in ((100, 80), (260, 200), (260, 80), (100, 200)):
        canvas.click(position={"x": x, "y": y})
    canvas = map_of(page, ROUTE)
    canvas.click(position={"x": 120, "y": 200})
    expect(page.locator("#f-route-said")).to_have_text("U hebt 1 punt gezet.")
    canvas.click(position={"x": 200, "y": 120})
    canvas.dblclick(position={"x": 300, "y": 160})
    expect(page.locator("#f-route-said")).to_contain_text("De lijn is ongeveer")
    assert len(points(page, ROUTE)) == 4, "two touches soon after one another are two points"
    hands.send(page, "Verder")
    expect(page.locator("[data-error-summary]")).to_contain_text("De randen van het vlak lopen door elkaar")
    map_of(page, GROUNDS)
    look(page, "event: drawn, refused")
    for _ in range(2):
        box(page, GROUNDS).get_by_role("button", name="Haal het laatste punt weg").click()
    canvas = map_of(page, GROUNDS)
    canvas.click(position={"x": 40, "y": 40})
    expect(page.locator("#f-plek-said")).to_contain_text("Het vlak is ongeveer")
    assert len(points(page, GROUNDS)) == 3
    expect(page.get_by_role("button", name="Haal de speld weg")).to_have_count(0)
    look(page, "event: drawn")
    hands.send(page, "Verder")
    number = the_rest(page, tmp_path)
    desk = open_page(viewport={"width": 1280, "height": 900})
    hands.log_in(desk, town.home, "Jeroen Kok", "staff", "/werk/")
    desk.goto(f"{town.home}/werk/zoeken/?q={number}")
    expect(desk.locator("main")).to_contain_text("vlak van ongeveer")
    desk.locator("[data-map]").scroll_into_view_if_needed()
    canvas = desk.locator("canvas.maplibregl-canvas")
    canvas.scroll_into_view_if_needed()
    expect(canvas).to_be_visible()
    expect(desk.locator(".rh-map__name").first).to_be_attached()
    expect(desk.locator(".rh-map__name--end")).to_have_text(["begin", "einde"])
    look(desk, "case at the desk: with a map")


def the_rest(page: Page, folder: Path) -> str:
    """On to the receipt; the number of the case."""
    while "/overzicht/" not in page.url:
        hands.fill_page(page, hands.definition(EVENT), parade(), folder)
        hands.send(page, "Verder")
    expect(page.locator("main")).to_contain_text("lijn van ongeveer")
    hands.press(page, "Verstuur")
    page.wait_for_url("**/klaar/")
    found = re.search(r"\b\d{4}-[A-Z0-9]{7}\b", page.locator("main").inner_text())
    assert found
    return found.group()


def test_drawn_with_the_keyboard_and_a_thumb(town: Town, open_page: Open, tmp_path: Path) -> None:
    page = open_page(has_touch=True)
    at_where(town, page, tmp_path)
    page.fill('[name="plek.description"]', WHERE["description"])
    canvas = map_of(page, ROUTE)
    canvas.focus()
    hand = Keys(page)
    hand.press("Enter")
    hand.press("ArrowRight")
    expect(page.locator("#f-route-said")).to_have_text("U hebt 1 punt gezet.")
    page.wait_for_timeout(600)  # The map glides on.
    hand.press("Enter")
    expect(page.locator("#f-route-said")).to_contain_text("U hebt 2 punten gezet. De lijn is ongeveer")
    hand.press("Backspace")
    expect(page.locator("#f-route-said")).to_have_text("U hebt 1 punt gezet.")
    canvas.tap(position={"x": 60, "y": 60})
    assert len(points(page, ROUTE)) == 2
    box(page, ROUTE).get_by_role("button", name="Haal alle punten weg").click()
    assert points(page, ROUTE) == []
    expect(canvas).to_be_focused()
    hand.press("Enter")
    canvas.tap(position={"x": 60, "y": 60})
    hands.send(page, "Verder")
    page.wait_for_url("**/vraag/bezoekers/")
    page.go_back()
    map_of(page, ROUTE)
    assert len(points(page, ROUTE)) == 2, "it stands there again"


def test_put_together_from_addresses_without_scripts(town: Town, open_page: Open, tmp_path: Path) -> None:
    page = open_page(java_script_enabled=False)
    at_where(town, page, tmp_path)
    page.fill('[name="plek.description"]', WHERE["description"])
    for address, said in (("Raadhuisplein 1", "1 punt"), ("Raadhuisplein 2", "2 punten")):
        page.fill('[name="route.q"]', address)
        box(page, ROUTE).get_by_role("button", name="Zoek").click()
        expect(page.locator("#f-route-said")).to_contain_text(f"U hebt {said} gezet.")
    page.fill('[name="route.q"]', "Lange Brugstraat")
    box(page, ROUTE).get_by_role("button", name="Zoek").click()
    page.locator(".rh-hits label").nth(3).click()
    box(page, ROUTE).get_by_role("button", name="Zet dit adres als punt").click()
    expect(page.locator("#f-route-said")).to_contain_text("U hebt 3 punten gezet.")
    box(page, ROUTE).get_by_role("button", name="Haal het laatste punt weg").click()
    expect(page.locator("#f-route-said")).to_contain_text("U hebt 2 punten gezet.")
    hands.send(page, "Verder")
    page.wait_for_url("**/vraag/bezoekers/")
