"""What fills a place: answers, parts of answers, facts and registers, as sentences."""

from typing import Any

import pytest

from catalogue.services import STALL, whole
from raadhuis.cases.answers import Known, as_sentence
from raadhuis.catalogue import facts
from raadhuis.kernel.texts import Text

QUESTIONS = facts.plan(whole(STALL).definition).questions
ENV: dict[str, Any] = {
    "naam": "Kaas & Zo",
    "breedte": 3,
    "warm": False,
    "opbouw": "2027-07-04T07:00",
    "soort": "brood",
    "dagen": ["za", "wo"],
    "dagen_open": [["za", "zaterdag"], ["wo", "woensdag"]],
    "groot": False,
    "spullen": [{"wat": "oven", "watt": 2000}, {"wat": "lamp"}],
    "person": {"name": "Jan", "birth_date": "1980-02-01", "address": {"postcode": "1234AB", "city": "Stad"}},
}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("naam", "Kaas & Zo"),
        ("breedte", "3 meter"),
        ("warm", "Nee"),
        ("opbouw", "4 juli 2027, 07:00"),
        ("soort", "brood"),
        ("dagen", "zaterdag, woensdag"),
        ("groot", "Nee"),
        ("spullen.wat", "oven, lamp"),
        ("spullen.watt", "2.000"),
        ("person.name", "Jan"),
        ("person.birth_date", "1 februari 1980"),
        ("person.address", "1234\xa0AB Stad"),
        ("email", ""),
        ("person.niets", ""),
        ("niets.niets", ""),
    ],
)
def test_a_place_says_what_is_known(path: str, said: str) -> None:
    assert Known(ENV, QUESTIONS).said(path) == said


def test_it_is_said_in_the_language_of_the_page() -> None:
    known = Known(ENV, QUESTIONS, "en")
    assert known.text(Text("x", "{opbouw}: {warm}, {breedte}")) == "4 July 2027, 07:00: No, 3 metres"


def test_a_long_answer_is_cut() -> None:
    assert len(Known({"naam": "x" * 2000}, QUESTIONS).said("naam")) == 500


def test_labels_in_the_rows_of_a_group_know_their_row() -> None:
    said = as_sentence(QUESTIONS["spullen"], ENV["spullen"], "nl", Known(ENV, QUESTIONS))
    assert "Hoeveel watt gebruikt oven? 2.000" in said and "{" not in said
