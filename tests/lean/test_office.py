"""Time in office hours equals a walk from day to day over the Dutch calendar."""

import random
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from lean.logs import asked, encoded
from raadhuis.kernel import clock
from raadhuis.lean import office
from raadhuis.lean.analyses import expressions as e
from raadhuis.lean.analyses.filters import filtered
from raadhuis.lean.schema import EARLIEST, LATEST, USUAL, Filter

HOUR = 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CASES = 120


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def walked(begin: datetime, end: datetime, hours: tuple[int, int]) -> int:
    """What of the time between two moments lies in these hours of working days."""
    found, day = timedelta(), clock.local(begin).date()
    while day <= clock.local(end).date():
        if clock.is_working_day(day):
            midnight = datetime.combine(day, time(), tzinfo=clock.AMSTERDAM)
            opens, closes = (
                (midnight.replace(hour=at // 60 % 24, minute=at % 60) + timedelta(days=at // 1440)).astimezone(UTC)
                for at in hours
            )
            found += max(min(closes, end) - max(opens, begin), timedelta())
        day += timedelta(days=1)
    return found // timedelta(microseconds=1)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[datetime]]]:
    """Cases of three steps, around New Year, Easter, both days on which the clock changes, and Christmas."""
    folder, dice = tmp_path_factory.mktemp("office"), random.Random(5)
    around = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((1, 1), (3, 29), (4, 5), (10, 25), (12, 25))]
    moments = {
        str(case): sorted(dice.choice(around) + timedelta(seconds=dice.uniform(-6, 6) * 86_400) for _ in range(3))
        for case in range(CASES)
    }
    events = [
        {"case": case, "activity": "abc"[place], "time": micros(one)}
        for case, three in moments.items()
        for place, one in enumerate(three)
    ]
    encoded(events, folder)
    assert office.ensure(folder) and not office.ensure(folder), "made once"
    return folder, moments


@pytest.mark.parametrize("hours", [USUAL, (EARLIEST, LATEST), (7 * 60 + 30, 22 * 60 + 15)])
def test_it_equals_a_walk_over_the_calendar(
    log: tuple[Path, dict[str, list[datetime]]], hours: tuple[int, int]
) -> None:
    folder, moments = log
    with asked(folder) as (run, _names):
        t = filtered(e.tables(), Filter(hours=hours), {})
        lasted = dict(run.rows(t.cases.select("name", "duration")))
        steps = {(case, place): since for case, place, since in run.rows(t.steps.select("case", "position", "since"))}
        names = dict(run.rows(t.cases.select("case", "name")))
    assert lasted == {case: walked(three[0], three[2], hours) for case, three in moments.items()}
    for (case, place), since in steps.items():
        three = moments[names[case]]
        assert since == (walked(three[place - 1], three[place], hours) if place else -1)


def test_a_weekend_counts_nothing_and_a_day_counts_eight_hours(tmp_path: Path) -> None:
    friday = datetime(2026, 11, 27, 15, tzinfo=UTC)  # Four in the afternoon.
    events = [
        {"case": "1", "activity": "a", "time": micros(friday)},
        {"case": "1", "activity": "b", "time": micros(friday + timedelta(days=4))},
    ]
    encoded(events, tmp_path)
    office.ensure(tmp_path)
    with asked(tmp_path) as (run, _names):
        t = filtered(e.tables(), Filter(hours=USUAL), {})
        assert run.one(e.durations(t))[:2] == (1, (1 + 8 + 7) * HOUR)


def test_a_log_of_nothing_and_one_of_centuries(tmp_path: Path) -> None:
    assert not office.ensure(tmp_path)
    far = [{"case": "1", "activity": "a", "time": 0}, {"case": "1", "activity": "b", "time": 10**17}]
    encoded(far, tmp_path)
    office.ensure(tmp_path)
    with asked(tmp_path) as (run, _names):
        t = filtered(e.tables(), Filter(hours=USUAL), {})
        assert run.one(e.durations(t))[:2] == (1, None), "how long is not known"
