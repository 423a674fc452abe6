"""A dotted chart: every step a dot, by when it was done and which case it is of (Song and Van der Aalst 2007).

In: the id of a log and a Filter. Out: Dots. Always holds: at most MOST_DOTS dots, of whole cases that are spread
evenly; how many are left out is told; the activities of most steps have a colour of their own, all others share one.
"""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.lean import days, queries
from raadhuis.lean.schema import Filter

# More dots than this are a blot, and a page of a megabyte. So many colours can be told apart.
MOST_DOTS, COLOURS = 5000, 6
WIDTH, HEIGHT, EDGE, TOP = 960, 560, 64, 20


class Kind(msgspec.Struct, frozen=True):
    """An activity ("" for all others) with its dots as the path of an SVG: `steps` in all, of which `drawn` are drawn.
    `first`, `last`: the days of the first and the last of all its steps.
    """

    activity: str
    steps: int
    drawn: int
    path: str
    first: date
    last: date


class Dots(msgspec.Struct, frozen=True):
    """The chart in pixels: time from left to right, cases from top to bottom in order of begin; `drawn` of the `cases`
    and of the `steps`. `ticks`: days to write along the time, with their x. `by_case`: time counts from the begin of
    each case (days since), else it is the calendar.
    """

    cases: int
    steps: int
    drawn_cases: int
    drawn: int
    kinds: list[Kind]
    ticks: list[tuple[float, date]]
    longest_us: int


def dots(id: UUID, chosen: Filter = queries.NOTHING, *, by_case: bool = False) -> Dots:
    """The chart of the cases that the filter leaves; with `by_case` every case begins at the left. Raises Absent."""
    run, _, t = queries.asked(id, queries.by_the_clock(chosen))
    cases, steps, first, last, longest = run.one(
        t.cases.aggregate(
            cases=t.cases.count(),
            steps=t.cases.length.sum(),
            first=t.cases.start.min(),
            last=t.cases.end.max(),
            longest=(t.cases.end - t.cases.start).max(),
        )
    )
    if not cases:
        return Dots(0, 0, 0, 0, [], [], 0)
    rows = _sampled(run, t, steps)
    place = {case: number for number, case in enumerate(sorted({row[0] for row in rows}))}
    scale = _Scale(0 if by_case else first, longest if by_case else last, len(place))
    placed = [
        (activity, scale.at(time - begin if by_case else time, place[case])) for case, activity, time, begin in rows
    ]
    whole = run.rows(
        t.steps.group_by("activity").aggregate(steps=t.steps.count(), first=t.steps.day.min(), last=t.steps.day.max())
    )
    kinds = _kinds(placed, whole, run.named("activities"))
    return Dots(cases, steps, len(place), len(rows), kinds, [] if by_case else _ticks(first, last, scale), longest)


class _Scale:
    """Where a moment and a case stand."""

    def __init__(self, first: int, last: int, cases: int) -> None:
        self._first, self._wide = first, max(1, last - first)
        self._high = max(1, cases - 1)

    def x(self, moment: int) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (moment - self._first) / self._wide

    def at(self, moment: int, place: int) -> str:
        return f"M{self.x(moment):.0f} {TOP + (HEIGHT - 2 * TOP) * place / self._high:.0f}h0"


def _sampled(run: Any, t: Any, steps: int) -> list[tuple[int, int, int, int]]:
    """(case, activity, time, begin of the case) of the steps of every so manieth case."""
    every = -(-steps // MOST_DOTS)
    chosen = t.cases.filter(t.cases.case % every == 0).select("case", "start")
    if not run.one(chosen.aggregate(cases=chosen.count()))[0]:  # A filter left cases of which none is one of those.
        chosen = t.cases.select("case", "start").order_by("case").limit(1)
    joined = t.steps.join(chosen, "case").select("case", "activity", "time", "start")
    rows = sorted(run.rows(joined))
    # Cases of very different lengths may be more than fit together: then some of their dots are left out too.
    return rows[:: -(-len(rows) // MOST_DOTS) or 1]


def _kinds(placed: list[tuple[int, str]], whole: Any, names: list[str]) -> list[Kind]:
    told = sorted(whole, key=lambda row: (-row[1], names[row[0]]))
    colour = {row[0]: number for number, row in enumerate(told[:COLOURS])}
    paths: list[list[str]] = [[] for _ in range(COLOURS + 1)]
    for activity, dot in placed:
        paths[colour.get(activity, COLOURS)].append(dot)
    found = [_kind(names[row[0]], [row], paths[number]) for number, row in enumerate(told[:COLOURS])]
    if told[COLOURS:]:
        found.append(_kind("", told[COLOURS:], paths[COLOURS]))
    return found


def _kind(name: str, rows: list[tuple[int, int, int, int]], path: list[str]) -> Kind:
    first, last = min(row[2] for row in rows), max(row[3] for row in rows)
    dots_once = "".join(dict.fromkeys(path))
    return Kind(name, sum(row[1] for row in rows), len(path), dots_once, days.date_of(first), days.date_of(last))


def _ticks(first: int, last: int, scale: _Scale) -> list[tuple[float, date]]:
    """Some days along the time, evenly."""
    moments = [first + (last - first) * part // 4 for part in range(5)] if last > first else [first]
    return [(round(scale.x(one), 1), days.date_of(one // days.DAY)) for one in moments]
