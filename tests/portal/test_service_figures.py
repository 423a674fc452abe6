"""The figures of a service, for everybody: kept when our own log is worked out, read without working anything out."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from house import House
from lean.story import Case, told
from raadhuis.kernel import clock
from raadhuis.lean import actions
from raadhuis.lean.public import figures_of

MONDAY = datetime(2026, 9, 7, 8, tzinfo=UTC)
SERVICE = "evenementenvergunning"
PLACE = f"/diensten/{SERVICE}/cijfers/"


@pytest.fixture
def today(house: House, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"
    with clock.at(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        yield


def words(path: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", Client().get(path).content.decode())).split())


def case(days: int, **more: Any) -> Case:
    """A case that is worked on for an hour on the last of so many days, and closed."""
    return Case(SERVICE, MONDAY, **more).task("toets", wait=days * 24 - 1, work=1)


def test_how_long_it_takes_and_whether_that_is_in_time(today: None) -> None:
    with told():
        for days in (1, 1, 1, 4, 4, 4, 4, 9, 9, 70):
            case(days).tell("case.closed", result="grant")
        for days in (70, 71):  # Stood still for so long that it is in time.
            one = Case(SERVICE, MONDAY).tell("case.term_suspended", reason="resident-asked")
            one.tell("case.term_resumed", hours=(days - 2) * 24, reason="resident-asked")
            one.tell("case.closed", hours=24, result="grant")
        case(2).tell("case.withdrawn").tell("case.closed", result="ingetrokken")
        case(3).tell("case.closed", result="grant").tell("case.reopened")
        Case(SERVICE, MONDAY - timedelta(days=400)).tell("case.closed", hours=24, result="grant")
    actions.refresh_own()
    found = figures_of(SERVICE)
    assert found is not None
    assert (found.applied, found.closed) == (14, 12)
    assert (found.half, found.most) == (4, 50)
    assert found.in_term == 11 / 12
    assert {one.cause for one in found.waits} == {"queue", "work", "nothing"}
    assert sum(one.share for one in found.waits) == pytest.approx(1)
    said = words(PLACE)
    assert "De helft van de aanvragen was binnen 4 werkdagen klaar." in said and "92 %" in said
    assert "20 november 2025 en 20 november 2026" in said
    assert "Half of the applications" in words(f"{PLACE}?taal=en")


def test_below_five_people_nothing_is_shown(today: None) -> None:
    assert "nog te weinig aanvragen om iets" in words(PLACE)
    with told():
        for number in range(8):
            case(2, who=f"r-{number % 4}").tell("case.closed", result="grant")
    actions.refresh_own()
    assert figures_of(SERVICE) is None and "nog te weinig aanvragen om iets" in words(PLACE)
    with told():
        case(2, who="r-5")
    actions.refresh_own()
    found = figures_of(SERVICE)
    assert found is not None and found.applied == 9 and found.half is None and found.waits == []
    assert "nog te weinig aanvragen afgehandeld" in words(PLACE)


def test_it_costs_one_small_read(today: None, django_assert_max_num_queries: Any) -> None:
    with told():
        for _ in range(6):
            case(1).tell("case.closed", result="grant")
    actions.refresh_own()
    figures_of(SERVICE)
    with django_assert_max_num_queries(1):
        assert figures_of(SERVICE) is not None
    assert Client().get("/diensten/bestaat-niet/cijfers/").status_code == 404
    assert PLACE in Client().get(f"/diensten/{SERVICE}/").content.decode()
