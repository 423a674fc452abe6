"""How long a case still takes: learned from the past, scored on what came later, shown only when it is worth it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy
import pytest

from lean.logs import EDITOR
from lean.story import Case, told
from raadhuis.kernel import clock
from raadhuis.lean import actions, queries
from raadhuis.lean.prediction.answering import left, states_of
from raadhuis.lean.prediction.learning import Cases, learn
from raadhuis.lean.prediction.queries import kept, left_of, prediction
from raadhuis.lean.prediction.shapes import COVERS

HOUR, DAY = 3_600_000_000, 86_400_000_000
NAMES = ["begin", "quick", "slow", "end"]
SERVICE = "evenementenvergunning"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def cases(count: int, *, telling: bool, seed: int = 1) -> Cases:
    """Cases a day apart. When `telling`, the second step says whether it takes some days more or some weeks."""
    dice = numpy.random.default_rng(seed)
    begin = numpy.arange(count) * DAY // 4
    slow = dice.random(count) < 0.5
    rest = numpy.where(slow, dice.uniform(20, 30, count), dice.uniform(2, 6, count)) * DAY
    second = begin + DAY
    end = (second + rest).astype(numpy.int64)
    code = numpy.where(slow, 2, 1) if telling else dice.integers(1, 3, count)
    time = numpy.stack([begin, second, end], axis=1).ravel()
    activity = numpy.stack([numpy.zeros(count, int), code, numpy.full(count, 3)], axis=1).ravel()
    return Cases(begin, end, numpy.full(count, 3), time, activity)


def test_a_step_that_tells_beats_the_median_and_covers_what_it_says() -> None:
    model = learn(cases(800, telling=True), NAMES)
    assert model is not None and model.score is not None and model.beats_naive
    assert model.score.error_us < 0.6 * model.score.naive_us
    assert COVERS - 0.07 <= model.score.covered <= COVERS + 0.12
    after = {name: left(states_of(model), model.margin_us, name, 2, 0) for name in ("quick", "slow")}
    assert after["quick"] and after["quick"].middle_us < 7 * DAY
    assert after["slow"] and 20 * DAY < after["slow"].middle_us < 30 * DAY
    later = left(states_of(model), 0, "slow", 2, 19 * DAY)
    assert later and later.middle_us < 8 * DAY, "what has passed since the step counts"
    assert left(states_of(model), 0, "slow", 2, 40 * DAY) is None, "nothing like it was seen"


def test_what_was_learned_and_holds_no_more_is_not_shown() -> None:
    """From some day on the step means the opposite: the score is of later cases, so that it tells."""
    for seed in range(5):
        turned = cases(800, telling=True, seed=seed)
        late = numpy.repeat(numpy.arange(800) >= 500, 3) & numpy.isin(turned.activity, (1, 2))
        turned.activity = numpy.where(late, 3 - turned.activity, turned.activity)
        model = learn(turned, NAMES)
        assert model is not None and model.score is not None and not model.beats_naive


def test_few_cases_teach_nothing() -> None:
    assert learn(cases(99, telling=True), NAMES) is None
    nothing = numpy.zeros(200, dtype=numpy.int64)
    at_once = learn(Cases(nothing, nothing, numpy.ones(200, int), nothing, nothing), NAMES)
    assert at_once is not None and at_once.states == [] and not at_once.beats_naive


@pytest.mark.django_db
def test_a_log_of_another_system(tmp_path: Path) -> None:
    rows, begin = ["zaak;stap;tijd"], datetime(2025, 1, 1, 9, tzinfo=UTC)
    for case in range(300):
        came, days = begin + timedelta(days=case), 20 + case % 3 if case % 2 else 2 + case % 3
        steps = [("Begin", 0), ("Moeilijk" if case % 2 else "Simpel", 1), ("Klaar", days)]
        rows += [f"{case};{name};{came + timedelta(days=day):%Y-%m-%d %H:%M}" for name, day in steps]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(rows))
    model = prediction(actions.import_log(file, EDITOR).id)
    assert model is not None and model.cases == 300 and model.beats_naive
    file.write_text("zaak;stap;tijd\n1;a;2026-03-01 09:00")
    assert prediction(actions.import_log(file, EDITOR).id) is None


def town(telling: bool) -> UUID:
    """A hundred and sixty cases that are over, and one that runs and has had its check."""
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with told():
        for number in range(160):
            slow = bool(number % 2)
            case = Case(SERVICE, start + timedelta(hours=12 * number))
            case.task("moeilijk" if slow and telling else "simpel", wait=10)
            case.task("besluit", wait=(400 if slow else 30) + number % 7).tell("case.closed", result="grant")
        running = Case(SERVICE, start + timedelta(days=110)).task("moeilijk" if telling else "simpel", wait=10)
    id = actions.refresh_own()
    assert id is not None
    return running.id


@pytest.mark.django_db
def test_a_case_of_ours_is_told_when_it_is_worth_it(django_assert_max_num_queries: Any) -> None:
    zaak = town(telling=True)
    folder = next(queries.folder_of(zaak).parent.glob("*/prediction.json")).parent
    assert set(kept(folder)) == {SERVICE}
    with clock.at(datetime(2026, 6, 22, 8, tzinfo=UTC)), django_assert_max_num_queries(2):
        found = left_of(zaak, SERVICE)
    assert found is not None and 13 * DAY < found.low_us <= found.middle_us <= found.high_us < 18 * DAY
    assert left_of(zaak, "verhuizing") is None
    before = kept(folder)[SERVICE]
    with told():
        Case(SERVICE, datetime(2026, 6, 22, 9, tzinfo=UTC))
    actions.refresh_own()
    newest = max(folder.parent.glob("*/prediction.json"), key=lambda one: one.stat().st_mtime).parent
    assert newest != folder and kept(newest)[SERVICE] == before, "what was learned goes along for a day"
