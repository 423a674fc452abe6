"""When a process changed, and what goes with it: a version, a team, a step, whatever the log tells.

In: the id of a log and a Filter. Out: a Drift. Always holds: two things are tested, the ways that cases take and how
long they last, each at half of LIKELY; cases that began so late that slow ones cannot be over yet are left out, because
the quick ones among them would look like a change.
"""

import statistics
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.lean import days, queries, traits
from raadhuis.lean.certainty import adjusted, difference, of_table
from raadhuis.lean.schema import Filter

# A process that never changed looks changed in about one of a hundred logs.
LIKELY = 0.01
MOST_CASES, MOST_TOLD, LEAST_DIFFERENCE = 5000, 8, 0.05


class Shift(msgspec.Struct, frozen=True):
    """A trait of `before` in so many of the cases before, `after` of those after (shares); `low`, `high`: bounds of the
    difference (Newcombe 1998, 95 %); `chance` as corrected for all traits.
    """

    kind: str
    key: str
    value: str
    before: float
    after: float
    low: float
    high: float
    chance: float


class Change(msgspec.Struct, frozen=True):
    """The first day of the change, what changed ("ways", "time"), and how likely it is by chance; how many cases there
    are before and after it, up to the changes beside it, within what half and nine in ten of them were done; what goes
    with it.
    """

    day: date
    what: list[str]
    chance: float
    before: int
    after: int
    half_before_us: float
    half_after_us: float
    most_before_us: float
    most_after_us: float
    shifts: list[Shift]


class Drift(msgspec.Struct, frozen=True):
    """`cases` that were looked at (`of` in all, of which `late` began too late to tell); `enough`: whether they are
    enough to tell anything; changes in order of time.
    """

    of: int
    cases: int
    late: int
    enough: bool
    since: date | None
    until: date | None
    changes: list[Change]


def drift(id: UUID, chosen: Filter = queries.NOTHING) -> Drift:
    """When the process of these cases changed. Raises Absent."""
    run, e, t = queries.asked(id, chosen, told=True)
    of, over, late, last = _sizes(run, t)
    kept = t.cases.filter(t.cases.closed & (t.cases.start <= late)) if over else t.cases.limit(0)
    rows = _sampled(run, kept)
    from raadhuis.lean import changepoints

    known = Drift(of, len(rows), of - last, len(rows) >= 2 * changepoints.FEWEST, None, None, [])
    if not rows:
        return known
    known = msgspec.structs.replace(known, since=days.date_of(rows[0][1]), until=days.date_of(rows[-1][1]))
    if not known.enough:
        return known
    found = _found(rows)
    services = any(key == "service" for key, _ in chosen.attributes)
    skip = frozenset() if services else frozenset({"service_version"})
    edges = [0, *(at for at, _ in found), len(rows)]
    changes = []
    for place, (at, what) in enumerate(found):
        stretch = rows[edges[place] : edges[place + 2]]
        shifts = _shifts(run, e, t, (stretch[0][0], rows[at][0], stretch[-1][0]), skip)
        changes.append(_change(rows, (edges[place], at, edges[place + 2]), what, shifts))
    return msgspec.structs.replace(known, changes=changes)


def _sizes(run: Any, t: Any) -> tuple[int, int, int, int]:
    """(all cases, those that are over, the last begin that is not too late, how many began by then)

    Too late: less before the end of the log than nine in ten cases take.
    """
    of, last = run.one(t.cases.aggregate(of=t.cases.count(), last=t.cases.end.max()))
    closed = t.cases.filter(t.cases.closed)
    over, most = run.one(closed.aggregate(over=closed.count(), most=(closed.end - closed.start).quantile(0.9)))
    if not over:
        return of, 0, 0, 0
    late = int(last - most)
    (early,) = run.one(t.cases.aggregate(early=(t.cases.start <= late).cast("int64").sum()))
    return of, over, late, early or 0


def _sampled(run: Any, cases: Any) -> list[tuple[int, int, int, float]]:
    """(case, day, way, µs) in order of begin, of at most MOST_CASES cases spread evenly."""
    (count,) = run.one(cases.aggregate(count=cases.count()))
    every = -(-count // MOST_CASES) or 1
    return sorted(
        (case, day, way, lasted or 0)
        for case, day, way, lasted in run.rows(
            cases.filter(cases.case % every == 0).select("case", "start_day", "variant", "duration")
        )
    )


def _found(rows: list[tuple[int, int, int, float]]) -> list[tuple[int, dict[str, float]]]:
    """Where something changed: what, with its chance. Two changes of different things that lie together are one."""
    import numpy

    from raadhuis.lean import changepoints

    day = numpy.array([row[1] for row in rows])
    weeks = ((day + 3) // 7, day)
    views = {
        "ways": numpy.array([row[2] for row in rows]),
        "time": changepoints.quartiles(numpy.array([row[3] for row in rows], dtype=numpy.float64)),
    }
    found: list[tuple[int, str, float]] = []
    for what, category in views.items():
        found += [(at, what, chance) for at, chance in changepoints.splits(category, weeks, LIKELY / len(views))]
    together: list[tuple[int, dict[str, float]]] = []
    near = max(changepoints.FEWEST, len(rows) // 20)
    for at, what, chance in sorted(found):
        if together and at - together[-1][0] <= near and what not in together[-1][1]:
            together[-1][1][what] = chance
        else:
            together.append((at, {what: chance}))
    return together


def _shifts(run: Any, e: Any, t: Any, cases: tuple[int, int, int], skip: frozenset[str]) -> list[Shift]:
    """What cases have more or less often from the second of these cases on, among those from the first to the last."""
    first, at, last = cases
    chosen = t.cases.filter((t.cases.case >= first) & (t.cases.case <= last) & t.cases.closed)
    marked = chosen.select("case", mark=chosen.case >= at)
    whole, after = run.one(marked.aggregate(cases=marked.count(), after=marked.mark.cast("int64").sum()))
    found = traits.counted(run, t, marked, queries.large_teams(run, e), skip)
    before = whole - after
    chances = [of_table(one.marked, after - one.marked, one.all - one.marked, before - one.all + one.marked)
               for one in found]  # fmt: skip
    shifts = []
    for one, chance in zip(found, adjusted(chances), strict=True):
        apart, low, high = difference(one.marked, after, one.all - one.marked, before)
        if chance <= LIKELY and abs(apart) >= LEAST_DIFFERENCE:
            shares = (one.all - one.marked) / before, one.marked / after
            shifts.append(Shift(*one.trait, *shares, low, high, chance))
    shifts.sort(key=lambda one: (-abs(one.after - one.before), one.kind, one.key, one.value))
    return shifts[:MOST_TOLD]


def _change(
    rows: list[tuple[int, int, int, float]], edges: tuple[int, int, int], what: dict[str, float], shifts: list[Shift]
) -> Change:
    first, at, beyond = edges
    before, after = (sorted(row[3] for row in rows[a:b]) for a, b in ((first, at), (at, beyond)))
    return Change(
        day=days.date_of(rows[at][1]),
        what=sorted(what, reverse=True),
        chance=min(what.values()),
        before=len(before),
        after=len(after),
        half_before_us=statistics.median(before),
        half_after_us=statistics.median(after),
        most_before_us=before[(len(before) - 1) * 9 // 10],
        most_after_us=after[(len(after) - 1) * 9 // 10],
        shifts=shifts,
    )
