"""Our own journal as an event log, and what its cases wait for."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.work import party
from house import House
from raadhuis.cases import actions as cases
from raadhuis.kernel import clock
from raadhuis.lean import actions, queries, waiting
from raadhuis.lean.models import EventLog
from raadhuis.lean.schema import CAUSES, Filter

HOUR = 3_600_000_000


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def test_a_case_waits_for_what_the_journal_tells(house: House) -> None:
    """A task lies four hours in the queue, is worked on one, lies with the resident for ten, and is done in two."""
    start = clock.now()
    case = party(house)
    task = case.task("controleren")
    jeroen = house.staff("jeroen")
    with clock.at(start + timedelta(hours=4)):
        cases.claim(task.id, jeroen)
    with clock.at(start + timedelta(hours=5)):
        cases.ask_applicant(task.id, jeroen, text="Hoe laat?", documents=False, suspend=False, key="1")
    with clock.at(start + timedelta(hours=15)):
        cases.resume(task.id, jeroen)
    with clock.at(start + timedelta(hours=17)):
        cases.complete(task.id, jeroen)
    id = actions.refresh_own()
    assert id is not None
    found = {one.cause: one for one in queries.causes(id)}
    hours = {cause: round(one.total_us / HOUR) for cause, one in found.items() if one.total_us > HOUR / 2}
    assert hours == {"queue": 4, "work": 3, "resident": 10}
    assert sum(one.share for one in found.values()) == pytest.approx(1)
    step = next(one for one in queries.step_times(id) if one.activity == "controleren")
    assert (step.steps, round(step.touch_us / HOUR)) == (1, 3)
    named = Filter(attributes=(("service", "evenementenvergunning"),))
    assert queries.durations(id, named).cases == 1
    assert queries.durations(id, Filter(attributes=(("service", "parkeervergunning"),))).cases == 0
    days = queries.flows(id).days
    assert (days[0].arrivals, days[-1].departures, days[-1].backlog) == (1, 0, 1)


def test_the_log_is_worked_out_anew_only_when_the_journal_has_grown(house: House) -> None:
    assert actions.refresh_own() is None
    case = party(house)
    id = actions.refresh_own()
    before = EventLog.objects.get().version
    assert actions.refresh_own() == id and EventLog.objects.get().version == before
    case.complete("controleren", "jeroen")
    assert actions.refresh_own() == id and EventLog.objects.get().version == before + 1
    assert queries.log(id).cases == 1 and queries.log(id).kind == "own"
    assert {one.name for one in queries.process_map(id).activities} >= {"case.created", "controleren"}
    for _ in range(3):
        party(house)
        actions.refresh_own()
    assert len(list(Path(queries.folder_of(id)).parent.glob(f"{id}*"))) == 2
    assert queries.log(id).cases == 4
    assert queries.durations(id).cases == 4, "also when the first times it was worked out are gone"


def _plain(case: list[int], task: list[int], state: list[int]) -> list[int]:
    """Case by case, event by event: what each waits for."""
    held: dict[int, dict[int, int]] = {}
    closed: dict[int, bool] = {}
    found = []
    for one, which, now in zip(case, task, state, strict=True):
        held.setdefault(one, {})[which] = now
        closed[one] = now == 7 or (closed.get(one, False) and now != 8)
        worst = min([*(kept for kept in held[one].values() if kept < waiting.NOTHING), waiting.NOTHING])
        found.append(-1 if closed[one] else worst)
    return found


@given(st.integers(0, 10**9))
def test_causes_equal_a_walk_through_the_events(seed: int) -> None:
    dice = random.Random(seed)
    case = sorted(dice.choices(range(4), k=30))
    task = dice.choices(range(3), k=30)
    state = dice.choices([0, 1, 2, 3, 4, 6, 6, 7, 8], k=30)
    # A task that closes a case is no task: these states come under a number of their own.
    task = [9 if now > 6 else which for which, now in zip(task, state, strict=True)]
    found = waiting.causes(*(numpy.array(column) for column in (case, task, state)))
    assert [int(cause) for cause in found] == _plain(case, task, state)


def test_causes_have_the_places_that_they_are_written_with() -> None:
    assert CAUSES[waiting.WORK] == "work" and CAUSES[waiting.QUEUE] == "queue" and CAUSES[waiting.OTHER] == "other"
    assert CAUSES[waiting.COLLEAGUE] == "colleague" and CAUSES[waiting.RESIDENT] == "resident"
