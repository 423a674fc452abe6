"""At the desk: the model of a process, and whether cases go as agreed."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from house import House
from lean.story import MONDAY, Case, told
from lean.trees import mined, words
from raadhuis.desk.views.process_model import in_words
from raadhuis.kernel import clock
from raadhuis.lean import actions, coming, queries
from raadhuis.lean.conformance.queries import declared, kept_terms
from raadhuis.lean.discovery.schema import SILENT
from raadhuis.lean.schema import Filter
from raadhuis.site.commands import run

PLACE = "/werk/processen/"
EVENT, PARKING = "evenementenvergunning", "parkeervergunning"


@pytest.fixture
def editor(house: House, settings: Any, tmp_path: Path) -> Client:
    """Somebody who improves services; logs lie in a folder of this test."""
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"
    return house.client("ada")


def _imported(editor: Client) -> str:
    """Nine cases in order, one that skips a step and one that does it twice; where its pages begin."""
    rows = ["zaaknummer;stap;datum"]
    for case in range(11):
        steps = ["Ontvangen", "Toetsen", "Besluiten"]
        if case > 8:
            steps = ["Ontvangen", "Besluiten"] if case == 9 else ["Ontvangen", "Toetsen", "Besluiten", "Ontvangen"]
        rows += [f"{case};{step};2026-01-{case + 1:02} {9 + at:02}:00" for at, step in enumerate(steps)]
    file = SimpleUploadedFile("werk.csv", "\n".join(rows).encode())
    place = editor.post(f"{PLACE}nieuw/", {"file": file}).headers["Location"]
    assert editor.post(place, _mapped()).status_code == 303
    coming.bring_in()
    return f"{PLACE}{queries.logs()[0].id}/"


def _mapped() -> dict[str, str]:
    return {"case": "zaaknummer", "activity": "stap", "time": "datum", "name": "Werk"}


def _text(editor: Client, place: str) -> str:
    answer = editor.get(place)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_model_is_drawn_told_in_words_and_taken_along(editor: Client) -> None:
    place = _imported(editor)
    text = _text(editor, f"{place}model/?zeldzaam=20&soorten=3")
    assert "Gemaakt van 11 zaken." in text and "<svg" in text
    assert text.index(">Ontvangen</td>") < text.index(">Toetsen</td>") < text.index(">Besluiten</td>")
    assert "1 zeldzame soort stap doet niet mee" in _text(editor, f"{place}model/?soorten=2")
    answer = editor.get(f"{place}model.bpmn?zeldzaam=20")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proces.bpmn"'
    names = {one.get("name") for one in ElementTree.fromstring(answer.content).iter() if "}task" in one.tag}
    assert names == {"Ontvangen", "Toetsen", "Besluiten"}
    for query in ("?zeldzaam=9999&soorten=nul", "?zeldzaam=-1", "?van=gisteren", "?stap=niets", "?langer=9999"):
        assert editor.get(f"{place}model/{query}").status_code == 200
        assert editor.get(f"{place}model.bpmn{query}").status_code == 200


def test_a_model_is_told_in_words_that_can_be_read_aloud() -> None:
    tree = mined(words(abcf=3, acbf=2, adf=2, aeegef=1, af=1))
    assert in_words(tree, str.upper) == [
        ("1", "A"),
        ("2", "Hoogstens één van deze:"),
        ("2.1", "Allemaal, in welke volgorde ook:"),
        ("2.1.1", "B"),
        ("2.1.2", "C"),
        ("2.2", "D"),
        ("2.3", "Een of meer keer het eerste, met daartussen steeds het tweede:"),
        ("2.3.1", "Een of meer keer: E"),
        ("2.3.2", "G"),
        ("3", "F"),
    ]
    assert in_words(SILENT, str) == [("1", "niets")]
    assert in_words(mined(words(aa=1, _=1)), str) == [("1", "Soms, een of meer keer: a")]


def test_a_log_of_another_system_is_held_against_its_model(editor: Client) -> None:
    text = _text(editor, f"{_imported(editor)}afspraak/?zeldzaam=20")
    assert "9 van de 11 zaken (82 %) gingen precies zo." in text
    assert "Overgeslagen" in text and "Extra of nog eens gedaan" in text and "De termijn" not in text


def _journal() -> Any:
    """Events of which eight went as declared, one skipped a check and one took its advice after the decision."""
    with told():
        for number in range(10):
            case = Case(EVENT, MONDAY + timedelta(days=number))
            if number != 8:
                case.task("controleren", work=2)
            if number % 2 and number != 9:
                case.task("advies-verkeer", wait=30 * 24 if number == 7 else 3)
            case.tell("decision.proposed", activity="besluiten", result="grant", automatic=False)
            case.task("approve").task("besluiten")
            case.decide("besluiten")
            if number == 9:
                case.task("advies-verkeer")
        Case(EVENT, MONDAY).task("controleren")
        Case(EVENT, MONDAY).tell("case.withdrawn")
        Case(PARKING, MONDAY).decide("beoordelen", automatic=True)
    return actions.refresh_own()


@pytest.mark.usefixtures("editor")
def test_a_command_holds_them_against_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    _journal()
    assert run(["lean", "show", "Raadhuis", "conformance", "--service", EVENT]) == 0
    shown = capsys.readouterr().out
    assert "80.00%" in shown and re.search(r"skipped +controleren +1", shown) and "withdrawn: not" in shown
    assert run(["lean", "show", "Raadhuis", "conformance", "--service", "nergens"]) == 1
    assert run(["lean", "show", "Raadhuis", "map", "--service", EVENT]) == 2


def test_our_own_cases_are_held_against_what_their_service_declares(editor: Client) -> None:
    id = _journal()
    with clock.at(MONDAY + timedelta(days=40)):
        found = declared(id, EVENT).found
        assert (found.conformance.cases, found.conformance.fitting, found.open, found.withdrawn) == (10, 8, 1, 1)
        deviations = {(one.kind, one.activity): one.cases for one in found.conformance.deviations}
        assert deviations == {("skipped", "controleren"): 1, ("extra", "advies-verkeer"): 1}
        assert declared(id, PARKING).found.conformance.fitting == 1
        text = _text(editor, f"{PLACE}{id}/afspraak/")
    assert "8 van de 10 zaken (80 %) gingen precies zo." in text and "Zo is het bedoeld" in text
    assert (
        "zaken die nog lopen (1) en zaken die de aanvrager introk (1)" in text and "Kijken of alles erbij zit" in text
    )
    assert "Evenement organiseren, versie" in text


def test_terms_of_law_are_kept_or_not(editor: Client) -> None:
    """The term of an event is eight weeks: a wait of ninety days is too long, unless the term stood still meanwhile."""
    with told():
        late = Case(EVENT, MONDAY).task("controleren", wait=90 * 24).decide("besluiten")
        still = Case(EVENT, MONDAY).tell("case.term_suspended", reason="by-staff")
        still.tell("case.term_resumed", hours=60 * 24, reason="resumed", days=60)
        still.task("controleren", wait=40 * 24).decide("besluiten")
        Case(EVENT, MONDAY).tell("case.term_extended", reason="extended", days=42).task(
            "controleren", wait=70 * 24
        ).decide("besluiten")
        Case(EVENT, MONDAY)
        Case(EVENT, MONDAY).tell("case.withdrawn", hours=99 * 24)
    id = actions.refresh_own()
    assert id is not None
    with clock.at(MONDAY + timedelta(days=30)):
        found = kept_terms(id)
        assert found is not None and (found.cases, found.open, found.late_closed, found.late_open) == (4, 1, 1, 0)
    with clock.at(MONDAY + timedelta(days=120)):
        found = kept_terms(id, Filter(attributes=(("service", EVENT),)))
        text = _text(editor, f"{PLACE}{id}/afspraak/")
    assert found is not None and found.late_open == 1
    assert [(one.step, one.cases) for one in found.steps] == [("controleren", 1)]
    example = next(one for one in found.examples if one.case == str(late.id))
    due = date(2026, 4, 28)  # Eight weeks after 2 March is King's Day, which is no working day.
    assert example.days == (date(2026, 5, 31) - due).days and example.share > 0.99
    assert "1 van de 3 afgesloten zaken waren te laat." in text and "zijn er 1 over hun termijn heen" in text


def test_a_log_of_another_system_tells_no_terms(editor: Client) -> None:
    place = _imported(editor)
    assert kept_terms(queries.logs()[0].id) is None and place


def test_nothing_happened_yet(editor: Client) -> None:
    """A service without a closed case, and a filter that leaves nothing."""
    with told():
        Case(EVENT, MONDAY)
    id = actions.refresh_own()
    assert "Er is nog geen zaak van deze dienst afgesloten." in _text(editor, f"{PLACE}{id}/afspraak/")
    for part in ("afspraak", "model"):
        text = _text(editor, f"{PLACE}{id}/{part}/?tot=1999-01-01")
        assert "Er zijn geen zaken die aan uw keuze voldoen." in text
        assert editor.get(f"{PLACE}{id}/{part}/?dienst=bestaat-niet").status_code == 200
