"""Places in texts: filled with words, gone without a trace, never markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raadhuis.cases.answers import Known
from raadhuis.kernel.texts import fill_in
from raadhuis.site.prose import prose

NAMES = {"a": "Jan", "b": "", "x.houseLetter": "B", "x.adres.Straat": "Kade"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Dag {a}!", "Dag Jan!"),
        ("Dag {b}!", "Dag!"),
        ("op {b} om", "op om"),
        ("{b} en dan", "en dan"),
        ("met {b} {b} erbij", "met erbij"),
        ("met {a} {b} erbij", "met Jan erbij"),
        ("einde {b}", "einde"),
        ("{a}{b}{a}", "JanJan"),
        ("geen { a } plek {A}", "geen { a } plek {A}"),
        ("nummer {x.houseLetter}", "nummer B"),
        ("{x.adres.Straat}", "Kade"),
        ("{x()} {x[0]} {x.y!r} {x..y} {x.1a} {x.y-z} {X.y}", "{x()} {x[0]} {x.y!r} {x..y} {x.1a} {x.y-z} {X.y}"),
    ],
)
def test_a_place_is_filled_or_leaves_no_trace(text: str, filled: str) -> None:
    assert fill_in(text, lambda name: NAMES[name]) == filled


def test_a_place_reads_values_and_nothing_else() -> None:
    known = Known({"x": {"houseLetter": "B", "naam": "Kade"}})
    assert fill_in("{x.houseLetter} {x.__class__} {x.naam.upper} {x.keys}", known.said) == "B"


@pytest.mark.parametrize(
    "answer",
    ["<b>x</b>", "**x**", "[x](https://kwaad.example)", "- x", "1. x", "• x", "\\[x](/a)", "a\n\n- b", "\x00", "{a}"],
)
def test_an_answer_in_prose_stays_what_it_is(answer: str) -> None:
    shown = prose(fill_in("{a}", lambda name: answer, prose=True))
    assert not {"<b>", "<strong>", "<a ", "<li", "<br"} & set(shown.replace(">", "> ").split(" "))
    assert "<a" not in shown and "<strong" not in shown and "<li" not in shown and shown.count("<p") <= 1


@given(st.text(max_size=60))
def test_whatever_is_filled_in_reads_the_same(answer: str) -> None:
    from html import unescape
    from re import sub

    shown = unescape(sub(r"<[^>]*>", "", prose("Voor " + fill_in("{a}", lambda name: answer, prose=True) + " na")))
    assert shown.split() == f"Voor {answer} na".replace("\x00", "").split()


def test_the_markup_around_a_place_still_works() -> None:
    shown = prose(fill_in("**{a}** en [{b}](/x)", lambda name: f"*{name}*", prose=True))
    assert "<strong>*a*</strong>" in shown and ">*b*</a>" in shown
