"""When a process changed: seldom said of one that did not, nearly always of one that did, and near to the day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy
import pytest

from lean.logs import EDITOR
from raadhuis.lean import actions
from raadhuis.lean.changepoints import pooled, quartiles, splits
from raadhuis.lean.drift import LIKELY, drift

CASES = 300


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def _weeks(count: int = CASES) -> tuple[Any, ...]:
    return numpy.arange(count) // 7, numpy.arange(count) // 2


def test_a_process_that_never_changed_seldom_looks_changed() -> None:
    """Of a hundred logs, ways and times of which come from one distribution, at most three (one is expected)."""
    dice = numpy.random.default_rng(11)
    alarms = 0
    for _ in range(100):
        ways = dice.choice(6, CASES, p=[0.4, 0.25, 0.15, 0.1, 0.05, 0.05])
        lasted = quartiles(dice.lognormal(10, 1, CASES))
        alarms += any(splits(one, _weeks(), LIKELY / 2) for one in (ways, lasted))
    assert alarms <= 3


def test_busy_weeks_are_no_change() -> None:
    """Weeks differ at random from each other, and cases of one week are alike: without blocks one in four logs would
    look changed.
    """
    dice = numpy.random.default_rng(12)
    alarms = lone = 0
    for _ in range(30):
        weeks = _weeks()[0]
        lasted = quartiles(dice.normal(0, 1, weeks.max() + 1)[weeks] + dice.normal(0, 1, CASES))
        alarms += bool(splits(lasted, _weeks(), LIKELY / 2))
        lone += bool(splits(lasted, (), LIKELY / 2))
    assert alarms <= 2 and lone >= 5


@pytest.mark.parametrize(("at", "moved"), [(150, 0.3), (100, 0.35), (200, 0.35)])
def test_a_change_is_found_near_to_where_it_is(at: int, moved: float) -> None:
    """Of thirty logs, in which from one case on so many in a hundred take another way, at least 27 are seen."""
    dice = numpy.random.default_rng(13)
    errors = []
    for _ in range(30):
        before = dice.choice(3, at, p=[0.6, 0.3, 0.1])
        after = dice.choice(3, CASES - at, p=[0.6 - moved, 0.3, 0.1 + moved])
        found = splits(numpy.r_[before, after], _weeks(), LIKELY / 2)
        errors += [min(abs(one.at - at) for one in found)] if found else []
    assert len(errors) >= 27 and numpy.median(errors) <= 15


def test_two_changes_are_both_found() -> None:
    dice = numpy.random.default_rng(14)
    parts = [dice.choice(2, 200, p=p) for p in ([0.9, 0.1], [0.3, 0.7], [0.9, 0.1])]
    found = splits(numpy.concatenate(parts), _weeks(600), LIKELY / 2)
    assert [round(one.at / 100) for one in found] == [2, 4]


def test_few_cases_and_one_category_are_no_change() -> None:
    assert splits(numpy.zeros(0), (), 0.5) == [] and splits(numpy.zeros(99), (), 0.5) == []
    assert splits(numpy.zeros(200), _weeks(200), 0.5) == []
    assert pooled(numpy.arange(40)).max() == 0, "ways that everybody takes alone tell nothing"


def log(tmp_path: Path, cases: int, *, change: int | None = None) -> Any:
    """A case a day; from `change` on an advice is asked, which takes ten days, and the form is another."""
    rows, begin = ["zaak;stap;tijd;versie"], datetime(2025, 1, 1, 9, tzinfo=UTC)
    for case in range(cases):
        came, new = begin + timedelta(days=case), change is not None and case >= change
        days = 2 + case % 3 + 10 * new
        steps = [("Begin", 0), *[("Advies", 1)] * new, *[("Extra", 1)] * (case % 2), ("Klaar", days)]
        rows += [f"{case};{name};{came + timedelta(days=day):%Y-%m-%d %H:%M};{1 + new}" for name, day in steps]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(rows))
    return actions.import_log(file, EDITOR).id


@pytest.mark.django_db
def test_what_goes_with_a_change_is_told(tmp_path: Path) -> None:
    found = drift(log(tmp_path, 240, change=120))
    (change,) = found.changes
    assert abs((change.day - datetime(2025, 5, 1, tzinfo=UTC).date()).days) <= 5
    assert sorted(change.what) == ["time", "ways"] and change.chance <= LIKELY / 2
    named = {(one.kind, one.value) for one in change.shifts}
    assert {("activity", "Advies"), ("attribute", "2"), ("attribute", "1")} <= named
    assert ("activity", "Extra") not in named
    assert change.half_after_us > 3 * change.half_before_us
    assert found.cases + found.late == found.of == 240


@pytest.mark.django_db
def test_too_few_or_nothing_changed(tmp_path: Path) -> None:
    steady = drift(log(tmp_path, 200))
    assert steady.enough and steady.changes == []
    few = drift(log(tmp_path, 30))
    assert not few.enough and few.changes == []
    one = tmp_path / "een.csv"
    one.write_text("zaak;stap;tijd\n" + "\n".join(f"{n};a;2026-03-01 09:00" for n in range(150)))
    assert drift(actions.import_log(one, EDITOR).id).changes == []
