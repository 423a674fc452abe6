"""Example cases are run, and an example that no longer comes true is found."""

from typing import Any

import pytest

from catalogue.services import codes, found, whole
from raadhuis.catalogue.check.examples import _on, run

PARKING, EVENT, STREET, MOVE = (
    "parkeervergunning",
    "evenementenvergunning",
    "melding-openbare-ruimte",
    "verhuizing",
)


def outcome(name: str, number: int) -> Any:
    definition = whole(name).definition
    with _on(definition.examples[number].on):
        return run(definition, definition.examples[number])


def test_a_permit_is_granted_with_its_fee_and_no_task_for_anybody() -> None:
    got = outcome(PARKING, 0)
    assert got.known["result"] == "grant"
    assert got.known["for_person"] is False
    assert got.known["fee_cents"] == 3600
    assert got.known["tasks"] == []
    assert got.known["facts"]["buurt"] == "Centrum"
    assert got.problems == []


def test_a_festival_gets_every_page_and_both_pieces_of_advice() -> None:
    got = outcome(EVENT, 1)
    assert len(got.pages) == 16
    assert got.known["tasks"] == ["controleren", "advies-veiligheid", "advies-verkeer", "besluiten"]


@pytest.mark.parametrize(
    ("name", "changes", "code", "path"),
    [
        (PARKING, {"examples.0.expect.result": "refuse"}, "example-differs", "examples.0.expect.result"),
        (PARKING, {"examples.1.earlier_granted": 0}, "example-differs", "examples.1.expect.fee_cents"),
        (PARKING, {"examples.3.facts.buurt": "Centrum"}, "example-differs", "examples.3.expect.row"),
        (PARKING, {"examples.0.pages": ["adres"]}, "example-pages", "examples.0.pages"),
        (PARKING, {"examples.0.expect.kleur": "rood"}, "example-unknown-expectation", "examples.0.expect.kleur"),
        (PARKING, {"examples.0.answers.kleur": "rood"}, "example-unknown-answer", "examples.0.answers.kleur"),
        (
            PARKING,
            {"examples.0.answers.verklaring": [{"id": "1"}]},
            "example-not-asked",
            "examples.0.answers.verklaring",
        ),
        (PARKING, {"examples.0.answers.eigenaar": "oma"}, "example-option", "examples.0.answers.eigenaar"),
        (PARKING, {"examples.0.answers.kenteken": ""}, "example-incomplete", "examples.0.answers"),
        (PARKING, {"examples.0.on": "gisteren"}, "example-day", "examples.0.on"),
        (PARKING, {"examples.0.expect": {}, "examples.0.pages": []}, "example-expects-nothing", "examples.0.expect"),
        (PARKING, {"examples": []}, "no-examples", "id"),
        (MOVE, {"examples.0.on": "2026-11-01"}, "example-differs", "examples.0.expect.result"),
        (STREET, {"tables.0.rows.6.then.working_days": 6}, "example-differs", "examples.2.expect.working_days"),
        (EVENT, {"tasks.1.when": "met_alcohol and bezoekers > 5000"}, "example-differs", "examples.1.expect.tasks"),
    ],
)
def test_an_example_that_does_not_come_true(name: str, changes: dict[str, Any], code: str, path: str) -> None:
    assert (code, path) in codes(name, changes)


def test_a_row_that_no_example_reaches_is_advice() -> None:
    (only,) = found(STREET, {"examples.6.facts.gevaarlijk": False, "examples.6.expect": {"team": "openbare-ruimte"}})
    assert (only.code, only.path, only.level) == ("row-without-example", "tables.0.rows.1", "advice")


def test_a_broken_expression_is_said_once_and_stops_the_examples() -> None:
    (only,) = found(PARKING, {"facts.2.value": "person.address.buurt"})
    assert only.code == "unknown-part"
