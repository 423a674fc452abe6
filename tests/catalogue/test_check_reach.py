"""Pages that nobody ever gets, and conditions that do nothing."""

from typing import Any

import pytest

from catalogue.services import codes

EVENT, PARKING, MOVE = "evenementenvergunning", "parkeervergunning", "verhuizing"
VISITORS = "pages.13.questions.0.when"  # Security guards; the number of visitors is known there.

NEVER = [
    (EVENT, VISITORS, "bezoekers > 100000"),
    (EVENT, VISITORS, "bezoekers > 500 and bezoekers < 100"),
    (EVENT, VISITORS, "bezoekers == 0"),
    (EVENT, VISITORS, "'podium' in onderdelen and not ('podium' in onderdelen)"),
    (EVENT, VISITORS, "soort == 'markt' and soort == 'sport'"),
    (EVENT, VISITORS, "alcohol_soort == 'zwak' and not ('alcohol' in onderdelen)"),
    (EVENT, VISITORS, "count(onderdelen) > 7"),
    (PARKING, "pages.3.when", "eigenaar == 'lease' and empty(eigenaar)"),
    (PARKING, "tasks.0.when", "leeftijd < 3 and leeftijd > 5"),
]
SOMETIMES = [
    (EVENT, VISITORS, "bezoekers > 99999"),
    (EVENT, VISITORS, "bezoekers == 1"),
    (EVENT, VISITORS, "count(onderdelen) == 4"),
    (EVENT, VISITORS, "count(onderdelen) > 6"),
    (EVENT, VISITORS, "'podium' in onderdelen and 'tent' in onderdelen and not ('muziek' in onderdelen)"),
    (EVENT, VISITORS, "count(tenten) > 3"),
    (EVENT, VISITORS, "sum(tenten.oppervlak) > 900"),
    (EVENT, VISITORS, "'gas' in kramen.bakt"),
    (EVENT, VISITORS, "any(tenten.gordijnen)"),
    (EVENT, VISITORS, "all(tenten.gordijnen)"),
    (EVENT, VISITORS, "begindatum < '2027-01-01'"),
    (EVENT, VISITORS, "days_until(begindatum) >= 56"),
    (EVENT, VISITORS, "not empty(business.name)"),
    (EVENT, VISITORS, "muziek_tot > '23:00'"),
    (PARKING, "pages.3.when", "years_since(person.birth_date) >= 67"),
    (PARKING, "pages.3.when", "lower(adres.city) == 'waterrijk'"),
    (PARKING, "tasks.0.when", "eerder_verleend > 2 or buurt == 'Centrum'"),
    (MOVE, "pages.4.when", "'other' in person.household.relation"),
    (MOVE, "pages.4.when", "count(person.household) > 4 and verhuisdatum < today()"),
]
ALWAYS = [
    (EVENT, VISITORS, "bezoekers > 0"),
    (EVENT, VISITORS, "soort == 'markt' or soort != 'markt'"),
    (EVENT, VISITORS, "bezoekers > 10 or bezoekers < 20"),
]


def seen(name: str, path: str, condition: str) -> set[str]:
    changes: dict[str, Any] = {path: condition}
    return {code for code, where in codes(name, changes) if where == path}


@pytest.mark.parametrize(("name", "path", "condition"), NEVER)
def test_never(name: str, path: str, condition: str) -> None:
    assert seen(name, path, condition) == {"never-true"}


@pytest.mark.parametrize(("name", "path", "condition"), SOMETIMES)
def test_sometimes(name: str, path: str, condition: str) -> None:
    assert seen(name, path, condition) == set()


@pytest.mark.parametrize(("name", "path", "condition"), ALWAYS)
def test_always(name: str, path: str, condition: str) -> None:
    assert seen(name, path, condition) == {"always-true"}


def test_a_dead_question_on_a_conditional_page() -> None:
    path = "pages.12.questions.1.when"  # On the page about fireworks.
    assert ("never-true", path) in codes(EVENT, {path: "not ('vuurwerk' in onderdelen)"})
    assert ("always-true", path) in codes(EVENT, {path: "'vuurwerk' in onderdelen"})


LOOK_UP = {"name": "bron", "title": {"nl": "Bron", "en": "Source"}, "service": "bron", "path": "x"}
GIVEN_NEVER = [
    "holds(bron.a) and not holds(bron.a)",
    "bron.a > 500 and bron.a < 100",
    "bron.a == 'x' and empty(bron.a)",
]
GIVEN_SOMETIMES = [
    "bron.a > 500",
    "bron.a == 12",
    "number_of(bron.all.name) >= 2",
    "count(bron.all) == 3",
    "not empty(gekozen)",
    "holds(gekozen.code) and bron.all.name != 'x'",
    "bron.all == 'x' or bron.all.name == 'x'",
]
CHOSEN = {
    "name": "gekozen",
    "type": "object",
    "value": "pick(bron.all, 0) if number_of(bron.all.name) == 1 else nothing",
    "title": {"nl": "Gekozen", "en": "Chosen"},
}


@pytest.mark.parametrize("condition", GIVEN_NEVER + GIVEN_SOMETIMES)
def test_of_what_a_look_up_gives_nobody_knows_the_shape(condition: str) -> None:
    found = codes(EVENT, {VISITORS: condition, "lookups": [LOOK_UP], "facts.+": CHOSEN})
    expected = {"never-true"} if condition in GIVEN_NEVER else set()
    assert {code for code, where in found if where == VISITORS} == expected
