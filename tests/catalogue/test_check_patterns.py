"""A pattern that can take for ever is refused before anybody types; the ones that people write are not."""

import re

import pytest

from catalogue.services import STALL, codes
from raadhuis.catalogue.check.patterns import MOST_STEPS, steps

GOOD = [
    r"[1-9][0-9]{3} ?(?!sa|sd|ss)[a-zA-Z]{2}",
    r"(?i)[1-9][0-9]{3}\s?[a-z]{2}",
    r"\d+",
    r".*",
    r"[A-Z].*",
    r"(\+31|0031|0)[1-9][0-9]{8}",
    r"\d{1,3}(\.\d{3})*(,\d{2})?",
    r"(\d+,)*\d+",
    r"[^@]+@[^@]+\.[a-z]{2,}",
    r"([A-Z]{2}|[0-9]{2})-([A-Z]{2,3}|[0-9]{1,3})-[A-Z0-9]{1,2}",
    r"NL[0-9]{2}[A-Z]{4}[0-9]{10}",
    r"https?://[^ ]+",
    r"[a-z]+ [a-z]+",
    r"(ja|nee)",
    r"(a|b|c)*",
    r"\w*\w*",
]
SLOW = [
    r"(a+)+",
    r"(a*)*",
    r"(a|a)*",
    r"(a|ab|b)*",
    r"(\w+\s?)*",
    r"([a-z]+)*!",
    r"(.*)*",
    r"(a?){30}a{30}",
    r"\w*\w*\w*\w*!",
    r"((ab)*|(abab)*)*",
    r"(\d+)+,",
    r"(?i)(ab|AB)*!",
    r"(?!(a+)+b).*",
]


@pytest.mark.parametrize("pattern", GOOD)
def test_a_pattern_that_people_write_is_fine(pattern: str) -> None:
    re.compile(pattern)
    assert steps(pattern, 1000) <= MOST_STEPS


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_can_take_for_ever_is_refused(pattern: str) -> None:
    re.compile(pattern)
    assert steps(pattern, 1000) > MOST_STEPS


def test_what_is_short_may_be_tried_in_more_ways() -> None:
    assert steps(r"\w*\w*\w*!", 100) <= MOST_STEPS < steps(r"\w*\w*\w*!", 1000)


def test_check_names_it() -> None:
    assert ("slow-pattern", "pages.0.questions.0.pattern") in codes(STALL, {"pages.0.questions.0.pattern": "(a+)+b"})
