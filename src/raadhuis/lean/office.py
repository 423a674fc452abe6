"""Time that counts only while the town hall is open: hours of working days instead of hours by the clock.

In: the tables of an encoded log, and from when to when a day counts. Out: the same tables, of which every length of
time is the part of it that falls in those hours.
Always holds: Saturdays, Sundays and recognised holidays count nothing (Algemene termijnenwet, article 3;
`kernel.clock`); a length is the difference of two readings of one clock that runs only in those hours, so that lengths
still add up; both engines do it with one join on a small table of days, `calendar`, made when it is first asked for.
"""

from pathlib import Path
from typing import Any

import ibis

from raadhuis.kernel import clock
from raadhuis.lean import days
from raadhuis.lean.analyses.expressions import CALENDAR, Tables
from raadhuis.lean.engine import engine, quoted, write

MINUTE = 60_000_000
_PLACES = {"cases": ("start", '"end"'), "intervals": ("begin", "begin + length")}


def ensure(folder: Path) -> bool:
    """Makes `calendar/days.parquet` when it is not there; whether it did.

    Of each day of UTC: how far Dutch time is ahead (µs), whether it is a working day (1 or 0), and how many
    working days came before it.
    """
    target = folder / "calendar" / "days.parquet"
    if target.exists() or not any((folder / "cases").glob("*.parquet")):
        return False
    import numpy

    with engine(threads=1) as made:
        first, last = _span(made, folder)
        numbers = range(max(first, -days.MOST // 2), min(last, days.MOST) + 1)
        works = numpy.array([clock.is_working_day(days.date_of(day)) for day in numbers], dtype=numpy.int64)
        # By the shift at midnight: the clock changes on Sundays, which count nothing.
        shift = [day * days.DAY - days.begin_of(day) for day in numbers]
        columns = {
            "on": numpy.array(numbers, dtype=numpy.int32),
            "shift": numpy.array(shift, dtype=numpy.int64),
            "works": works,
            "before": numpy.cumsum(works) - works,
        }
        write(made, columns, target)
    return True


def _span(made: Any, folder: Path) -> tuple[int, int]:
    """The first and last day of UTC that any length of time touches, with a day around them."""
    found: list[int] = []
    for table, (begin, end) in _PLACES.items():
        if any((folder / table).glob("*.parquet")):
            files = quoted(folder / table / "*.parquet")
            (row,) = made.execute(f"SELECT min({begin}), max({end}) FROM read_parquet({files})").fetchall()  # noqa: S608
            found += row
    return min(found) // days.DAY - 1, max(found) // days.DAY + 1


def converted(t: Tables, hours: tuple[int, int]) -> Tables:
    """The tables with `duration`, `since` and `length` in time that counts. What was worked (`touch`) stays as it was.

    A moment of which the day is unknown (a typing error of centuries) leaves its length empty.
    """
    # The first step of a case comes after nothing (-1): its time since is none, and stays so.
    steps = t.steps.mutate(begun=ibis.greatest(t.steps.since, 0) * -1 + t.steps.time)
    spans = t.intervals.mutate(until=t.intervals.begin + t.intervals.length)
    return t._replace(
        cases=_counted(t.cases, t.calendar, ("start", "end"), "duration", hours).select(*t.cases.columns),
        steps=_counted(steps, t.calendar, ("begun", "time"), "since", hours).select(*t.steps.columns),
        intervals=_counted(spans, t.calendar, ("begin", "until"), "length", hours).select(*t.intervals.columns),
    )


def _counted(table: Any, calendar: Any, ends: tuple[str, str], column: str, hours: tuple[int, int]) -> Any:
    """The table with `column` as what counts between two moments; what was below zero stays."""
    for number, end in enumerate(ends):
        day = calendar.select(**{f"{name}_{number}": calendar[name] for name in CALENDAR})
        on = (table[end] // days.DAY).cast("int32")
        table = table.left_join(day, on == day[f"on_{number}"])
    read = _read(table, ends[1], 1, hours) - _read(table, ends[0], 0, hours)
    return table.mutate(**{column: (table[column] < 0).ifelse(table[column], read)})


def _read(table: Any, moment: str, number: int, hours: tuple[int, int]) -> Any:
    """What the clock says that runs only in these hours."""
    opens, length = hours[0] * MINUTE, (hours[1] - hours[0]) * MINUTE
    day, shift, works, before = (table[f"{name}_{number}"] for name in CALENDAR)
    today = table[moment] - day.cast("int64") * days.DAY + shift - opens
    return before * length + works * ibis.least(ibis.greatest(today, 0), length)
