"""A route and grounds: put together without a map, kept and shown again, and on the case as geometry and in words."""

import json
import random
import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse

from catalogue.services import STALL, broken
from house import House
from raadhuis.cases.models import Zaak
from raadhuis.catalogue import actions as publishing
from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel.actor import SYSTEM
from raadhuis.site.example.events import street_party
from raadhuis.site.example.filler import as_form

EVENT = "evenementenvergunning"
QUAY = [[5.0895, 52.1085], [5.0925, 52.1085], [5.0925, 52.11], [5.0895, 52.11], [5.0895, 52.1085]]
ROUTE = [[5.0998, 52.1], [5.0998, 52.102], [5.103, 52.102]]
WORDS = {"description": "Van het Raadhuisplein over de Lange Brugstraat tot de kade"}


def parade(**other: Any) -> dict[str, Any]:
    answers = street_party(random.Random(1))
    return answers | {"soort": "optocht", "plek": {"area": QUAY}, "route": {"line": ROUTE, **WORDS}} | other


class Drawn:
    """A parade, at the page that asks where."""

    def __init__(self, house: House) -> None:
        self.house, self.client = house, house.client("festival")
        self.application: UUID = house.begin(self.client, EVENT)
        self.at = f"/aanvraag/{self.application}/vraag"
        self.answers = parade()
        while not (where := self.client.get(f"/aanvraag/{self.application}/").headers["Location"]).endswith("/waar/"):
            self._pass(where)

    def _pass(self, where: str) -> None:
        page = next(p for p in catalogue.published(EVENT).definition.pages if f"/{p.id}/" in where)
        assert self.client.post(where, dict(as_form(page, self.answers).lists())).status_code == 303

    def send(self, **controls: str) -> HttpResponse:
        form = {name.replace("__", "."): value for name, value in controls.items()}
        return self.client.post(f"{self.at}/waar/", {"plek.lat": "52.1", "plek.lon": "5.1"} | form)


@pytest.fixture
def drawn(house: House) -> Drawn:
    return Drawn(house)


def value_of(page: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page.content.decode())
    assert found, f"no {name}"
    return unescape(found.group(1))


def test_who_has_no_map_puts_one_address_after_the_other(drawn: Drawn) -> None:
    first = drawn.send(route__q="Raadhuisplein 1", search="route")
    assert first.status_code == 200, "to add is no error"
    text = first.content.decode()
    assert "data-error-summary" not in text and "U hebt 1 punt gezet." in text
    points = value_of(first, "route.points")
    several = drawn.send(route__q="Lange Brugstraat", route__points=points, search="route")
    hits = re.findall(r'name="route\.pick" value="([^"]+)"', several.content.decode())
    assert len(hits) > 1 and "Zet dit adres als punt" in several.content.decode()
    two = drawn.send(route__q="Lange Brugstraat", route__points=points, route__pick=hits[1], search="route")
    assert "U hebt 2 punten gezet." in two.content.decode()
    assert value_of(two, "route.points").split()[0] == points
    fewer = drawn.send(route__points=value_of(two, "route.points"), search="route.undo")
    assert value_of(fewer, "route.points") == points
    none = drawn.send(route__points=points, search="route.clear")
    assert value_of(none, "route.points") == ""
    assert drawn.send(route__points=value_of(two, "route.points")).status_code == 303
    again = drawn.client.get(f"{drawn.at}/waar/")
    assert value_of(again, "route.points") == value_of(two, "route.points")


def test_one_point_is_no_line_when_one_goes_on(drawn: Drawn) -> None:
    refused = drawn.send(route__points="5.1,52.1")
    assert refused.status_code == 422
    assert "Een lijn heeft minstens twee punten" in refused.content.decode()
    assert drawn.send(route__description=WORDS["description"]).status_code == 303, "words will do"


def test_the_case_has_the_geometry_and_staff_see_it(house: House) -> None:
    client = house.client("festival")
    application = house.begin(client, EVENT)
    house.answer(client, application, parade())
    overview = client.get(f"/aanvraag/{application}/overzicht/").content.decode()
    assert "lijn van ongeveer 440 meter" in overview and "vlak van ongeveer 34.000 m²" in overview
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert zaak.zaakgeometrie == {"type": "Polygon", "coordinates": [QUAY]}
    page = house.client("jeroen").get(f"/werk/zaken/{zaak.id}/").content.decode()
    assert "lijn van ongeveer 440 meter" in page and WORDS["description"] in page
    shown = re.search(r'data-drawn="([^"]*)"', page)
    assert shown
    kinds = [one["geometry"]["type"] for one in json.loads(unescape(shown.group(1)))["features"]]
    assert kinds == ["Polygon", "LineString"]


def test_a_case_that_was_told_in_words_has_no_geometry_and_no_map(house: House) -> None:
    client = house.client("festival")
    application = house.begin(client, EVENT)
    house.answer(client, application, parade(plek=WORDS, route=WORDS))
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert zaak.zaakgeometrie is None
    page = house.client("jeroen").get(f"/werk/zaken/{zaak.id}/").content.decode()
    assert WORDS["description"] in page and "data-drawn" not in page


SPOTS = {
    "id": "plekken",
    "title": {"nl": "Uw plekken", "en": "Your places"},
    "questions": [
        {
            "id": "plekken",
            "type": "group",
            "required": False,
            "item": {"nl": "Plek", "en": "Place"},
            "label": {"nl": "Waar staat u?", "en": "Where are you?"},
            "questions": [
                {"id": "naam_plek", "type": "text", "label": {"nl": "Hoe heet de plek?", "en": "What is it called?"}},
                {"id": "waar", "type": "place", "shapes": ["line"], "label": {"nl": "Waar?", "en": "Where?"}},
            ],
        }
    ],
}


def test_a_search_in_a_row_shows_its_hits_there_and_keeps_the_other_rows(house: House) -> None:
    publishing.publish_document(broken(STALL, {"pages.+": SPOTS, "examples": []}), SYSTEM)
    client = house.client()
    application = house.begin(client, STALL)
    rows = {"plekken.0.row": "1", "plekken.0.naam_plek": "Markt", "plekken.0.waar.points": "5.1,52.1 5.2,52.2"}
    rows |= {"plekken.1.row": "1", "plekken.1.naam_plek": "Kade", "plekken.1.waar.q": "Lange Brugstraat"}

    def send(**controls: str) -> str:
        form = rows | {name.replace("__", "."): value for name, value in controls.items()}
        return client.post(f"/aanvraag/{application}/vraag/plekken/", form).content.decode()

    page = send(search="plekken.1.waar")
    hits = re.findall(r'name="plekken\.1\.waar\.pick" value="([^"]+)"', page)
    assert len(hits) > 1 and 'name="plekken.0.waar.pick"' not in page
    assert "Markt" in page and "Kade" in page and "data-error-summary" not in page
    page = send(plekken__1__waar__pick=hits[0], search="plekken.1.waar")
    assert "U hebt 1 punt gezet." in page and "U hebt 2 punten gezet." in page
    page = send(plekken__1__waar__q="Nergensstraat 900", search="plekken.1.waar")
    assert "Wij vinden dit adres niet" in page, "and says so at the row"
    page = send(plekken__1__waar__q="", plekken__1__waar__points="5.1,52.1 5.2,52.2", search="plekken.0.waar.undo")
    assert page.count('value="Markt"') == 1 and page.count('value="Kade"') == 1, "rows that are in order stay too"
