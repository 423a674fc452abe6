"""What a form can say beyond the examples, as a browser without scripts meets it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from catalogue.services import STALL, whole
from house import House, sentences
from raadhuis.cases.answers import long_date
from raadhuis.catalogue import actions as catalogue
from raadhuis.intake.models import Application
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM

SMALL: dict[str, Any] = {"naam": "Kaas", "breedte": 3, "warm": False, "email": "kaas@voorbeeld.example"}
HOT: dict[str, Any] = SMALL | {"naam": "Poffers", "breedte": 6, "warm": True, "blusser": False}


class Stall:
    """An application for a pitch, in one browser."""

    def __init__(self, house: House) -> None:
        catalogue.publish_document(whole(STALL), SYSTEM)
        self.house = house
        self.browser: Client = house.client()
        self.application: UUID = house.begin(self.browser, STALL)

    def page(self, name: str) -> str:
        response = self.browser.get(f"/aanvraag/{self.application}/vraag/{name}/")
        assert response.status_code == 200, response.headers
        return response.content.decode()

    def send(self, name: str, **controls: Any) -> Any:
        form = {key.replace("__", "."): value for key, value in controls.items()}
        return self.browser.post(f"/aanvraag/{self.application}/vraag/{name}/", form)

    def where(self) -> str:
        return str(self.browser.get(f"/aanvraag/{self.application}/").headers["Location"]).rstrip("/").rsplit("/")[-1]

    def overview(self) -> str:
        return self.browser.get(f"/aanvraag/{self.application}/overzicht/").content.decode()

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        return [(event.kind, event.data) for event in journal.of_application(self.application)]


@pytest.fixture
def stall(house: House) -> Stall:
    return Stall(house)


def test_a_note_is_shown_as_text_and_asks_nothing(stall: Stall) -> None:
    assert stall.house.answer(stall.browser, stall.application, SMALL) == ["kraam", "uitleg", "contact"]
    shown = stall.page("uitleg")
    assert "<li" in shown and "U komt om 7 uur." in shown and 'name="regels"' not in shown
    assert "U komt om" not in stall.overview()
    assert "Hier mist" not in stall.overview()
    filed = stall.house.submit(stall.browser, stall.application)
    assert filed.status_code == 200
    (counted,) = [data for kind, data in stall.events() if kind == "application.submitted"]
    assert (counted["pages"], counted["questions_asked"]) == (2, 6)


def test_a_note_that_comes_up_by_an_answer_is_shown_before_going_on(stall: Stall) -> None:
    stall.send("kraam", naam="Poffers", breedte="6", warm="yes")
    assert "niet</strong> bakken" not in stall.page("brand")
    again = stall.send("brand", blusser="no")
    assert again.status_code == 200 and "niet</strong> bakken" in again.content.decode(), sentences(again)
    assert "uitleg bij gekomen" in again.content.decode()
    assert stall.send("brand", blusser="no").status_code == 303
    assert stall.where() == "uitleg"


def test_a_page_to_read_is_shown_once_and_can_be_passed(stall: Stall) -> None:
    stall.send("kraam", naam="Kaas", breedte="3", warm="no")
    assert stall.where() == "uitleg"
    assert stall.send("uitleg").status_code == 303
    assert stall.where() == "contact"


def test_a_fact_that_changes_makes_a_page_disappear_and_files_only_what_applies(stall: Stall) -> None:
    stall.house.answer(stall.browser, stall.application, HOT)
    assert "brandblusser" in stall.overview()
    stall.send("kraam", naam="Poffers", breedte="3", warm="yes", wijzig="1")
    assert "brandblusser" not in stall.overview()
    stall.house.submit(stall.browser, stall.application)
    assert Application.objects.get(id=stall.application).state == "submitted"


def test_a_moment_is_asked_in_four_boxes_and_told_in_words(stall: Stall) -> None:
    shown = stall.page("kraam")
    assert all(f'name="opbouw.{part}"' in shown for part in ("day", "month", "year", "time"))
    first = clock.today() + timedelta(days=10)
    parts = {"day": f"{first.day}", "month": f"{first.month}", "year": f"{first.year}"}
    controls = {"naam": "Kaas", "breedte": "3", "warm": "no"} | {f"eerste_dag__{k}": v for k, v in parts.items()}
    later = first + timedelta(days=1)
    wrong = {"opbouw__day": f"{later.day}", "opbouw__month": f"{later.month}", "opbouw__year": f"{later.year}"}
    refused = stall.send("kraam", **controls, **wrong, opbouw__time="7:00")
    assert refused.status_code == 422
    assert "uw antwoord op “Wat is uw eerste marktdag?”" in refused.content.decode()
    right = {f"opbouw__{k}": v for k, v in parts.items()} | {"opbouw__time": "7.00"}
    assert stall.send("kraam", **controls, **right).status_code == 303
    assert f"{long_date(first.isoformat())}, 07:00" in stall.overview()
