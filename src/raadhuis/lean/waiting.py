"""What cases wait for, worked out from what the journal tells of their tasks.

In: per event the case, the task and the state that the task has from then on. Out: intervals (case, cause, begin,
length).
Always holds: every moment between the first event of a case and its last has one cause, so that causes add up to all
time; time after a case is closed is nobody's, until it is reopened.

A case may have several tasks at a time. What the town hall itself could do comes first: is somebody at work on any
task, the case is worked on; else it waits for the task that nobody took up, for the colleague who has one, for
another team or organisation, and only when none of these is so for the resident (docs/lean.md, "What cases wait
for").
"""

from pathlib import Path
from typing import Any

import duckdb
import numpy

from raadhuis.lean.engine import arrays, write
from raadhuis.lean.schema import CAUSES

# States of a task: the places of CAUSES ("nothing" is a case's, not a task's), and beyond.
WORK, QUEUE, COLLEAGUE, OTHER, RESIDENT, NOTHING = range(len(CAUSES))
_CLOSES, _REOPENS = 7, 8


def work_out(made: duckdb.DuckDBPyConnection, folder: Path, number: int, first: int, beyond: int) -> None:
    """Writes the intervals of a range of cases; the table `waits` has the events."""
    held = arrays(
        made,
        'SELECT "case", task, time, sequence, state FROM waits WHERE "case" >= ? AND "case" < ? '
        'ORDER BY "case", sequence',
        first,
        beyond,
    )
    if not len(held["case"]):
        return
    cause = causes(held["case"], held["task"], held["state"])
    same = held["case"][1:] == held["case"][:-1]
    length = numpy.maximum(numpy.diff(held["time"]), 0)
    kept = numpy.flatnonzero(same & (length > 0) & (cause[:-1] >= 0))
    columns = {
        "case": held["case"][kept].astype(numpy.int32),
        "cause": cause[kept].astype(numpy.int32),
        "begin": held["time"][kept],
        "length": length[kept],
    }
    write(made, columns, folder / "intervals" / f"{number:06d}.parquet")


def causes(case: Any, task: Any, state: Any) -> Any:
    """What each case waits for from each event on, -1 where it is closed; events are sorted by case and sequence."""
    before = _before(case, task, state)
    worst = numpy.full(len(case), NOTHING)
    for cause in reversed(range(NOTHING)):
        number = numpy.cumsum((state == cause).astype(numpy.int64) - (before == cause))
        worst[number - _at_start(case, number, state == cause, before == cause) > 0] = cause
    return numpy.where(_closed(case, state), -1, worst)


def _before(case: Any, task: Any, state: Any) -> Any:
    """The state that the task had before; NOTHING when it is new."""
    order = numpy.lexsort((numpy.arange(len(case)), task, case))
    before = numpy.full(len(case), NOTHING)
    again = (case[order][1:] == case[order][:-1]) & (task[order][1:] == task[order][:-1])
    before[order[1:][again]] = state[order[:-1][again]]
    return before


def _at_start(case: Any, number: Any, more: Any, less: Any) -> Any:
    """What a running number was before the case of each event began."""
    first = numpy.r_[True, case[1:] != case[:-1]]
    begun = (number - more.astype(numpy.int64) + less)[first]
    return numpy.repeat(begun, numpy.diff(numpy.flatnonzero(first), append=len(case)))


def _closed(case: Any, state: Any) -> Any:
    """Whether the last that was told of opening or closing is that the case is closed."""
    place = numpy.arange(len(case))
    told = (state == _CLOSES) | (state == _REOPENS) | numpy.r_[True, case[1:] != case[:-1]]
    return state[numpy.maximum.accumulate(numpy.where(told, place, 0))] == _CLOSES
