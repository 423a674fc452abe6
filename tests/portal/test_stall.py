"""What a form can say beyond the examples, as a browser without scripts meets it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from catalogue.services import STALL, whole
from house import House, sentences
from raadhuis.cases.answers import long_date
from raadhuis.cases.models import Zaak
from raadhuis.cases.papers.compose import confirmation
from raadhuis.cases.queries import staff_case
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue import actions as catalogue
from raadhuis.catalogue.queries import by_version_id
from raadhuis.intake.models import Application
from raadhuis.intake.state import unseal
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
    assert (counted["pages"], counted["questions_asked"]) == (2, 9)


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


def test_places_are_filled_with_the_answers_of_this_applicant(stall: Stall) -> None:
    name = "<b>Poffers</b> **& Zo**"
    stall.send("kraam", naam=name, breedte="6", warm="yes")
    shown = stall.page("brand")
    assert "Heeft &lt;b&gt;Poffers&lt;/b&gt; **&amp; Zo** een brandblusser?" in shown
    assert "Uw kraam is <strong>6 meter</strong> lang. U begint op of later." in shown
    refused = stall.send("brand").content.decode()
    assert "Kies een antwoord bij: Heeft &lt;b&gt;Poffers" in refused
    stall.send("brand", blusser="yes")
    shown = stall.page("contact")
    assert "Wie is de baas van &lt;b&gt;Poffers&lt;/b&gt; **&amp; Zo**?" in shown
    assert "U noemde uw kraam: &lt;b&gt;Poffers&lt;/b&gt; **&amp; Zo**." in shown and "<strong>&amp; Zo" not in shown
    english = stall.browser.get(f"/aanvraag/{stall.application}/vraag/contact/?taal=en").content.decode()
    assert "Who runs &lt;b&gt;Poffers" in english


def test_labels_are_filled_at_the_desk_and_on_paper(stall: Stall) -> None:
    stall.house.answer(stall.browser, stall.application, HOT | {"blusser": True})
    stall.house.submit(stall.browser, stall.application)
    zaak = Zaak.objects.get(submission=stall.application)
    pages = staff_case(zaak.id, stall.house.staff("ria")).answers
    told = [label for page in pages for _, label, _ in page.lines]
    assert "Heeft Poffers een brandblusser?" in told and not any("{" in label for label in told)
    data = case_data(zaak)
    published = by_version_id(zaak.version)
    paper = confirmation(published, data, zaak)
    assert "Heeft Poffers een brandblusser? Ja" in paper.sections[1][2]


def test_options_come_from_a_fact(stall: Stall) -> None:
    stall.house.answer(stall.browser, stall.application, SMALL)
    shown = stall.page("contact")
    assert 'value="brood"' in shown and 'value="vis"' not in shown and "zaterdag" in shown
    assert stall.send("contact", email="k@v.example", soort="vis").status_code == 422
    assert stall.send("contact", email="k@v.example", soort="brood", dagen="wo").status_code == 303
    assert "woensdag" in stall.overview()


def test_a_check_stops_the_page_and_says_why(stall: Stall) -> None:
    refused = stall.send("kraam", naam="Vis", breedte="21", warm="no")
    assert refused.status_code == 422
    text = refused.content.decode()
    assert 'href="#f-breedte">Voor Vis is geen plek: 21 meter is te lang.' in text
    assert 'value="21"' in text and stall.where() == "kraam"
    rejected = [data for kind, data in stall.events() if kind == "application.question_rejected"]
    assert rejected == [{"page": "kraam", "question": "breedte", "rule": "check"}]
    whole = stall.send("kraam", naam="Vis", breedte="1", warm="yes").content.decode()
    assert 'href="#f--page">Een kraam die zo smal is mag niet bakken.' in whole and 'id="f--page"' in whole
    assert stall.send("kraam", naam="Vis", breedte="1", warm="no").status_code == 303


def test_a_check_that_an_earlier_answer_breaks_stops_submission(stall: Stall) -> None:
    stall.house.answer(stall.browser, stall.application, SMALL | {"soort": "brood"})
    assert "Hier mist" not in stall.overview()
    stall.send("kraam", naam="Kaas", breedte="3", warm="yes", wijzig="1")
    assert "Hier mist" in stall.overview()
    stopped = stall.browser.post(f"/aanvraag/{stall.application}/overzicht/")
    assert stopped.status_code == 303 and stopped.headers["Location"].endswith("/vraag/contact/")
    assert "Warm brood mag niet." in stall.page("contact")
    assert Application.objects.get(id=stall.application).state == "open"
    stall.send("contact", email="k@v.example", soort="kaas")
    assert stall.house.submit(stall.browser, stall.application).status_code == 200


def test_a_check_that_cannot_be_determined_stops_nobody(stall: Stall) -> None:
    refused = stall.send("kraam", naam="Vis", breedte="veel", warm="yes").content.decode()
    assert "mag niet bakken" not in refused and "Vul een getal in" in refused


def test_a_question_refuses_in_its_own_words(stall: Stall) -> None:
    assert "Zonder naam weten wij niet wie u bent." in stall.send("kraam", breedte="3").content.decode()
    assert "Begin met een hoofdletter." in stall.send("kraam", naam="kaas", breedte="3").content.decode()
    stall.browser.get(f"/aanvraag/{stall.application}/vraag/kraam/?taal=en")
    assert "Begin with a capital." in stall.send("kraam", naam="kaas", breedte="3").content.decode()


def test_a_default_is_shown_first_and_is_no_answer_until_sent(stall: Stall) -> None:
    box = 'name="breedte" type="text" value="4"'
    assert box in stall.page("kraam")
    assert "breedte" not in unseal(Application.objects.get(id=stall.application)).answers
    cleared = stall.send("kraam", naam="Vis", breedte="", warm="no").content.decode()
    assert box not in cleared and "Vul in: Hoeveel meter is uw kraam?" in cleared
    assert stall.send("kraam", naam="Vis", breedte="4", warm="no").status_code == 303
    assert unseal(Application.objects.get(id=stall.application)).answers["breedte"] == 4
