"""Groups that follow a list, in a definition: what cannot work is told where it stands."""

from typing import Any

import pytest

from catalogue.services import broken, codes
from raadhuis.catalogue import facts

MOVE = "verhuizing"
HERE = "pages.4.questions.0"
GROUP: dict[str, Any] = {
    "id": "gezin",
    "type": "group",
    "label": {"nl": "Wie verhuist er mee?", "en": "Who moves too?"},
    "item": {"nl": "Persoon", "en": "Person"},
    "for_each": "person.household",
    "given": {"naam": "label", "geboren": "birth_date", "soort": "relation"},
    "questions": [
        {"id": "naam", "type": "text", "label": {"nl": "Naam", "en": "Name"}},
        {"id": "geboren", "type": "date", "label": {"nl": "Geboren", "en": "Born"}},
        {
            "id": "soort",
            "type": "choice",
            "label": {"nl": "Soort", "en": "Kind"},
            "options": [{"id": key, "label": {"nl": key, "en": key}} for key in ("partner", "child")],
        },
        {"id": "mee", "type": "yes_no", "label": {"nl": "Gaat {naam} mee?", "en": "Does {naam} come?"}},
    ],
}
FILE = {"id": "foto", "type": "file", "document": "bewijs", "label": {"nl": "Foto", "en": "Photo"}}


def told(**more: Any) -> set[tuple[str, str]]:
    found = codes(MOVE, {f"{HERE.rsplit('.', 1)[0]}.+": GROUP | more})
    place = len(broken(MOVE, {}).definition.pages[4].questions)
    start = f"pages.4.questions.{place}"
    return {(code, path.removeprefix(start).lstrip(".")) for code, path in found if path.startswith(start)}


def test_a_list_that_is_followed_is_fine() -> None:
    assert told() == set()
    assert told(for_each='[["a", "Eerste"], ["b", "Tweede"]]', given={"naam": "label"}) == set()
    assert told(for_each='chosen(person.household, ["h0"])') == set(), "it has all that the list has"


@pytest.mark.parametrize(
    ("more", "code", "where"),
    [
        ({"for_each": "person.name"}, "wrong-kind", "for_each"),
        ({"for_each": "bestaat_niet"}, "unknown-name", "for_each"),
        ({"for_each": "gezin.naam"}, "expression-too-early", "for_each"),
        ({"for_each": "1 +"}, "bad-expression", "for_each"),
        ({"for_each": "", "given": {}, "key": "label"}, "not-following", "key"),
        ({"for_each": ""}, "not-following", "given"),
        ({"key": "bsn"}, "unknown-part", "key"),
        ({"given": {"naam": "voornaam"}}, "unknown-part", "given.naam"),
        ({"given": {"naamm": "label"}}, "unknown-question", "given.naamm"),
        ({"given": {"geboren": "label"}}, "wrong-kind", "given.geboren"),
        ({"given": {"mee": "label"}}, "wrong-kind", "given.mee"),
        ({"at_least": 1}, "bounds", "at_least"),
        ({"questions": [*GROUP["questions"], FILE]}, "file-in-list", "questions.4"),
        ({"given": dict.fromkeys(("naam", "geboren", "soort", "mee"), "label")}, "group-empty", ""),
    ],
)
def test_what_cannot_work_is_told(more: dict[str, Any], code: str, where: str) -> None:
    assert (code, where) in told(**more)


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (None, None),
        ("geen lijst", None),
        ([], None),
        ([{"id": "", "label": "x"}, {"id": True}, {"id": None}, {}, 3, None, ["a", "b", "c"]], None),
        ([{"id": 7, "label": "Zeven"}, {"id": "7", "label": "Weer zeven"}], [{"naam": "Zeven"}]),
        ([{"id": "a", "label": {"x": 1}, "birth_date": "morgen", "relation": "buur"}], [{}]),
        ([{"id": "a", "label": 12, "birth_date": "2020-02-29T10:00"}], [{"naam": "12", "geboren": "2020-02-29"}]),
        ([{"id": " a\n b\x00 ", "label": "x"}, {"id": "a b", "label": "y"}, {"id": " \t"}], [{"naam": "x"}]),
        (["a", ["b", "Bé"]], [{"naam": "a"}, {"naam": "Bé"}]),
        ([{"id": str(n), "label": "x"} for n in range(500)], [{"naam": "x"}] * 20),
    ],
)
def test_whatever_the_list_gives_the_rows_are_answers(given: Any, rows: Any) -> None:
    definition = broken(
        MOVE, {"pages": [{"id": "p", "title": {"nl": "P"}, "questions": [GROUP]}], "facts": []}
    ).definition
    walk = facts.walk(definition, {"person": {"household": given}, "gezin": [{"_of": "niemand", "naam": "weg"}]})
    assert walk.env.get("gezin") == rows
    assert [q.id for _, questions in walk.pages for q in questions] == ([] if rows is None else ["gezin"])
