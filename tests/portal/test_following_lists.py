"""A group that follows a list: a row for each item, as a browser without scripts meets it."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse

from catalogue.services import STALL, broken
from house import House, sentences
from raadhuis.cases.models import Zaak
from raadhuis.cases.queries import staff_case
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue import actions as catalogue
from raadhuis.kernel.actor import SYSTEM

CHILDREN = {
    "id": "wie",
    "type": "choices",
    "label": {"nl": "Voor welke kinderen?"},
    "options_from": "person.children",
    "required": False,
}
GROUP = {
    "id": "kinderen",
    "type": "group",
    "label": {"nl": "Vertel over elk kind"},
    "item": {"nl": "Kind"},
    "for_each": "chosen(person.children, wie)",
    "given": {"naam": "label"},
    "questions": [
        {"id": "naam", "type": "text", "label": {"nl": "Hoe heet het kind?"}},
        {"id": "school", "type": "yes_no", "label": {"nl": "Gaat {naam} naar school?"}},
        {"id": "welke", "type": "text", "when": "school", "label": {"nl": "Welke school?"}},
    ],
}
FACT = {"name": "leerlingen", "type": "number", "value": "number_of(kinderen.welke)", "title": {"nl": "Leerlingen"}}


def service(*pages: dict[str, Any]) -> None:
    changes: dict[str, Any] = {"pages": list(pages), "facts": [FACT], "examples": [], "tasks.1.when": "leerlingen > 1"}
    changes |= {"who": {"kinds": ["resident"], "level": "substantial"}}
    catalogue.publish_document(broken(STALL, changes), SYSTEM)


def page(name: str, *questions: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "title": {"nl": name.capitalize()}, "questions": list(questions)}


class Family:
    """Fatima, who has children, fills in the form."""

    def __init__(self, house: House) -> None:
        self.house, self.browser = house, house.client("fatima")
        self.application: UUID = house.begin(self.browser, STALL)

    def show(self, name: str) -> str:
        return self.browser.get(f"/aanvraag/{self.application}/vraag/{name}/").content.decode()

    def send(self, name: str, form: dict[str, Any]) -> HttpResponse:
        return self.browser.post(f"/aanvraag/{self.application}/vraag/{name}/", form)

    def where(self) -> str:
        return str(self.browser.get(f"/aanvraag/{self.application}/").headers["Location"]).rstrip("/").rsplit("/")[-1]

    def overview(self) -> str:
        return self.browser.get(f"/aanvraag/{self.application}/overzicht/").content.decode()


@pytest.fixture
def family(house: House) -> Family:
    service(page("gezin", CHILDREN), page("over", GROUP))
    return Family(house)


def rows(html: str) -> list[str]:
    """The key of each row that a page shows."""
    return re.findall(r'name="kinderen\.\d+\.row" value="([^"]*)"', html)


def row(place: int, key: str, school: str, which: str = "") -> dict[str, str]:
    return {f"kinderen.{place}.row": key, f"kinderen.{place}.school": school, f"kinderen.{place}.welke": which}


def test_there_is_a_row_for_each_item_with_what_it_gives_and_no_way_to_add_one(family: Family) -> None:
    assert family.send("gezin", {"wie": ["k0", "k1"]}).status_code == 303
    shown = family.show("over")
    assert rows(shown) == ["k0", "k1"]
    names = re.findall(r"Gaat ([^<]*) naar school", shown)
    assert len(set(names)) == 2 and all(f"<p>{name}</p>" in shown for name in names)
    assert 'name="kinderen.0.naam"' not in shown, "what is known is not asked"
    assert 'name="add"' not in shown and 'name="remove"' not in shown
    for sly in ({"add": "kinderen"}, {"remove": "kinderen.0"}, row(7, "k9", "yes", "Ergens")):
        assert rows(family.send("over", row(0, "k0", "no") | row(1, "k1", "no") | sly).content.decode()) in (
            [],
            ["k0", "k1"],
        )
    assert "Ergens" not in family.overview()


def test_what_was_typed_stays_with_its_item_and_comes_back_with_it(family: Family) -> None:
    family.send("gezin", {"wie": ["k0", "k1"]})
    family.send("over", row(0, "k0", "yes", "De Kade") | row(1, "k1", "yes", "De Brink"))
    assert family.where() == "overzicht"
    family.send("gezin", {"wie": ["k1"]})
    overview = family.overview()
    assert "De Brink" in overview and "De Kade" not in overview
    family.send("gezin", {"wie": ["k0", "k1"]})
    assert family.where() == "overzicht", "nothing is asked again"
    assert "De Kade" in family.overview() and "De Kade" in family.show("over")


def test_an_item_that_comes_later_is_asked_about(family: Family) -> None:
    family.send("gezin", {"wie": ["k0"]})
    family.send("over", row(0, "k0", "no"))
    family.send("gezin", {"wie": ["k0", "k1"]})
    assert family.where() == "over"
    assert (
        family.browser.post(f"/aanvraag/{family.application}/overzicht/").headers["Location"].endswith("/vraag/over/")
    )
    late = family.send("over", row(0, "k0", "no"))  # A page from before the child was chosen.
    assert late.status_code == 200 and rows(late.content.decode()) == ["k0", "k1"] and "Fout" not in sentences(late)
    refused = family.send("over", row(0, "k0", "no") | row(1, "k1", ""))
    assert refused.status_code == 422 and "f-kinderen-1-school" in refused.content.decode()
    assert family.send("over", row(1, "k0", "no") | row(0, "k1", "yes", "De Kade")).status_code == 303
    overview = family.overview()
    assert "De Kade" in overview[overview.index("Kind 2") :], "the key counts, not the number"


def test_without_items_nothing_is_asked(family: Family) -> None:
    family.send("gezin", {})
    assert family.where() == "overzicht" and "Vertel over elk kind" not in family.overview()


def test_a_list_on_the_same_page_brings_its_rows_along(house: House) -> None:
    service(page("gezin", CHILDREN, GROUP))
    family = Family(house)
    assert rows(family.show("gezin")) == []
    grown = family.send("gezin", {"wie": ["k1"]})
    assert grown.status_code == 200 and rows(grown.content.decode()) == ["k1"]
    swapped = family.send("gezin", {"wie": ["k0"]} | row(0, "k1", "yes", "De Brink"))
    assert swapped.status_code == 200 and rows(swapped.content.decode()) == ["k0"]
    assert "De Brink" not in swapped.content.decode(), "another child goes to another school"
    assert family.send("gezin", {"wie": ["k0"]} | row(0, "k0", "no")).status_code == 303


def test_it_is_filed_with_what_was_given_and_decides_and_shows_at_the_desk(family: Family) -> None:
    family.send("gezin", {"wie": ["k0", "k1"]})
    family.send("over", row(0, "k0", "yes", "De Kade") | row(1, "k1", "yes", "De Brink"))
    family.send("gezin", {"wie": ["k1"]})
    family.house.submit(family.browser, family.application)
    zaak = Zaak.objects.get(submission=family.application)
    data = case_data(zaak)
    (filed,) = data["answers"]["kinderen"]
    assert filed == {"naam": filed["naam"], "school": True, "welke": "De Brink"} and filed["naam"]
    assert data["facts"]["leerlingen"] == 1
    seen = staff_case(zaak.id, family.house.staff("ria"), "nl")
    assert "De Brink" in str(seen) and filed["naam"] in str(seen) and "De Kade" not in str(seen)


def test_what_was_typed_wrong_is_shown_again_in_its_row(family: Family) -> None:
    family.send("gezin", {"wie": ["k0", "k1"]})
    refused = family.send("over", row(0, "k0", "yes", "") | row(1, "k1", "yes", "De Brink"))
    assert refused.status_code == 422 and "f-kinderen-0-welke" in refused.content.decode()
    family.send("gezin", {"wie": ["k1"]})
    shown = family.show("over")
    assert rows(shown) == ["k1"] and 'value="De Brink"' in shown
    assert family.where() == "over"
    assert family.send("over", row(0, "k1", "yes", "De Brink")).status_code == 303
    assert family.where() == "overzicht"


def test_saved_for_later_it_is_all_there_again(family: Family) -> None:
    family.send("gezin", {"wie": ["k0", "k1"]})
    family.send("over", row(0, "k0", "yes", "De Kade") | row(1, "k1", "") | {"later": "1"})
    again = Family.__new__(Family)
    again.house, again.browser, again.application = family.house, family.house.client("fatima"), family.application
    assert again.where() == "over"
    assert rows(again.show("over")) == ["k0", "k1"] and 'value="De Kade"' in again.show("over")
