"""Every figure as one Ibis expression over the encoded log: the same on DuckDB and on Spark.

In: the tables of `encoding` (unbound, or of a filter). Out: expressions; `running` carries them out.
Always holds: nothing here looks forward or back in a case: what that would need was written when the log was encoded,
so that each figure is one pass over some columns, or a sum of what was counted by day. Counts and sums are integers;
percentiles are linear between neighbours.
"""

from functools import cache
from typing import Any, NamedTuple

import ibis

PERCENTILES = [0.1, 0.5, 0.9, 0.95]

_INTS = {"case": "int32", "activity": "int32", "resource": "int32", "team": "int32", "position": "int32"}
_PREVIOUS = {"previous_activity": "int32", "previous_resource": "int32", "previous_team": "int32"}
STEPS = {
    **_INTS,
    **_PREVIOUS,
    "time": "int64",
    "since": "int64",
    "nth": "int32",
    "touch": "int64",
    "returns": "int32",
    "day": "int32",
}
CASES = {
    "case": "int32",
    "start": "int64",
    "end": "int64",
    "duration": "int64",
    "length": "int32",
    "variant": "int64",
    "first_activity": "int32",
    "last_activity": "int32",
    "start_day": "int32",
    "end_day": "int32",
    "touch": "int64",
    "repeats": "int32",
    "closed": "boolean",
    "name": "string",
}
ATTRIBUTES = {"case": "int32", "key": "string", "value": "string"}
CALENDAR = {"on": "int32", "shift": "int64", "works": "int64", "before": "int64"}
INTERVALS = {"case": "int32", "cause": "int32", "begin": "int64", "length": "int64"}
_COUNTS = dict.fromkeys(("count", "first", "again", "second", "at_once"), "int64")
ARCS = {"start_day": "int32", "previous_activity": "int32", "activity": "int32", **_COUNTS}


class Tables(NamedTuple):
    """The encoded log, or the part of it that a filter leaves.

    `arcs` are the steps counted by previous and present activity: those kept by day, or `arcs_of` the steps.
    """

    steps: Any
    cases: Any
    arcs: Any
    attributes: Any
    intervals: Any
    calendar: Any


@cache
def tables() -> Tables:
    """The whole log, by name; bound to files or Spark tables when carried out."""
    return Tables(
        ibis.table(STEPS, name="steps"),
        ibis.table(CASES, name="cases"),
        ibis.table(ARCS, name="arcs"),
        ibis.table(ATTRIBUTES, name="attributes"),
        ibis.table(INTERVALS, name="intervals"),
        ibis.table(CALENDAR, name="calendar"),
    )


def arcs_of(steps: Any) -> Any:
    """What `arcs` counts, of these steps: in all, for the first time in a case, again, for the second time, at once."""
    again = steps.nth > 1
    return steps.group_by("previous_activity", "activity").aggregate(
        count=steps.count(),
        first=(steps.nth == 1).sum(),
        again=again.sum(),
        second=(steps.nth == 2).sum(),
        at_once=(again & (steps.previous_activity == steps.activity)).sum(),
    )


def follows(t: Tables) -> Any:
    """Directly-follows: how often each activity comes right after each other one (Van der Aalst 2016, 6.2)."""
    arcs = t.arcs.filter(t.arcs.previous_activity >= 0)
    return arcs.group_by("previous_activity", "activity").aggregate(count=arcs["count"].sum())


def follow_times(t: Tables) -> Any:
    """The same with the times between the two."""
    steps = t.steps.filter(t.steps.previous_activity >= 0)
    return _timed(steps.group_by("previous_activity", "activity"), steps.since, steps.count())


def follow_medians(t: Tables) -> Any:
    """Directly-follows with its exact median time alone."""
    steps = t.steps.filter(t.steps.previous_activity >= 0)
    return steps.group_by("previous_activity", "activity").aggregate(
        count=steps.count(), median=steps.since.quantile(0.5)
    )


def _timed(rows: Any, column: Any, count: Any) -> Any:
    """How many rows, and mean, percentiles and extremes of a column of µs. All percentiles come of one sorting."""
    return rows.aggregate(
        count=count,
        mean=column.mean(),
        lowest=column.min(),
        highest=column.max(),
        percentiles=column.quantile(PERCENTILES),
    )


def activities(t: Tables) -> Any:
    """How often each is done, and in how many cases: those in which it is done for the first time."""
    arcs = t.arcs
    return arcs.group_by("activity").aggregate(count=arcs["count"].sum(), cases=arcs["first"].sum())


def begins(t: Tables) -> Any:
    """With which activity cases begin."""
    return t.cases.group_by("first_activity").aggregate(count=t.cases.count())


def ends(t: Tables) -> Any:
    """With which activity cases end."""
    return t.cases.group_by("last_activity").aggregate(count=t.cases.count())


def variants(t: Tables) -> Any:
    """Cases that took the same way, with one of them as an example."""
    cases = t.cases
    return cases.group_by("variant").aggregate(
        count=cases.count(), example=cases.case.min(), mean=cases.duration.mean(), median=cases.duration.quantile(0.5)
    )


def variant_counts(t: Tables) -> Any:
    """Variants with their number of cases alone."""
    return t.cases.group_by("variant").aggregate(count=t.cases.count(), example=t.cases.case.min())


def variant_totals(t: Tables) -> Any:
    """How many variants there are, and how many cases."""
    return t.cases.aggregate(variants=t.cases.variant.nunique(), cases=t.cases.count())


def ways(t: Tables, cases: list[int]) -> Any:
    """The activities of these cases, in order."""
    steps = t.steps.filter(t.steps.case.isin(cases))
    return steps.select("case", "position", "activity")


def whole_ways(t: Tables, most: int) -> Any:
    """Every step of an example of each way, with the cases that went it: the `most` most frequent ways."""
    ways = variant_counts(t)
    ways = ways.order_by([ways["count"].desc(), ways["example"]]).limit(most)
    found = t.steps.inner_join(ways, t.steps.case == ways.example)
    return found.select("case", "position", "activity", "count")


def size(t: Tables) -> Any:
    """How many cases, and how many steps."""
    return t.cases.aggregate(cases=t.cases.count(), steps=t.cases.length.sum())


def durations(t: Tables) -> Any:
    """Of all cases: how many, and how long."""
    return _timed(t.cases, t.cases.duration, t.cases.count())


def rework(t: Tables) -> Any:
    """Activities done again in a case: how often, in how many cases, and how often directly after itself."""
    arcs = t.arcs.filter(t.arcs.again > 0)
    return arcs.group_by("activity").aggregate(
        again=arcs.again.sum(), cases=arcs.second.sum(), at_once=arcs.at_once.sum()
    )


def repeated_cases(t: Tables) -> Any:
    """How many cases there are, and in how many something was done again."""
    return t.cases.aggregate(of=t.cases.count(), cases=(t.cases.repeats > 0).sum())


def ping_pong(t: Tables) -> Any:
    """Work that came back to the team that had it before the previous one."""
    steps = t.steps.filter(t.steps.returns >= 0)
    return steps.group_by("team", "returns").aggregate(count=steps.count())


def handover(t: Tables, by: str) -> Any:
    """Steps by who did the one before (Van der Aalst, Reijers and Song 2005: handover of work); `by` resource or team.

    Also those that stay with who had it: who wants handovers alone leaves the diagonal out.
    """
    before, now = t.steps[f"previous_{by}"], t.steps[by]
    steps = t.steps.filter((before >= 0) & (now >= 0))
    return steps.group_by(f"previous_{by}", by).aggregate(count=steps.count())


def persons(t: Tables) -> Any:
    """How many persons work in each team."""
    steps = t.steps.filter((t.steps.team >= 0) & (t.steps.resource >= 0))
    return steps.group_by("team").aggregate(persons=steps.resource.nunique())


def between_persons(t: Tables) -> Any:
    """Steps that tell a person, those of which the one before was somebody else's, and how many persons there are."""
    steps = t.steps.filter(t.steps.resource >= 0)
    moved = (steps.previous_resource >= 0) & (steps.previous_resource != steps.resource)
    return steps.aggregate(steps=steps.count(), moved=moved.sum(), persons=steps.resource.nunique())


def load(t: Tables) -> Any:
    """Steps per team and day."""
    steps = t.steps.filter(t.steps.team >= 0)
    return steps.group_by("team", "day").aggregate(steps=steps.count())


def arrivals(t: Tables) -> Any:
    """Cases that begin, by day."""
    return t.cases.group_by("start_day").aggregate(count=t.cases.count())


def departures(t: Tables) -> Any:
    """Cases that are over, by the day of their last step."""
    cases = t.cases.filter(t.cases.closed)
    return cases.group_by("end_day").aggregate(count=cases.count())


def open_starts(t: Tables) -> Any:
    """Of cases that are not over, by the day on which they began."""
    cases = t.cases.filter(~t.cases.closed)
    return cases.group_by("start_day").aggregate(count=cases.count())


def step_times(t: Tables) -> Any:
    """Per activity: work that was told, the wait before it, and the time of which only the end is known."""
    steps = t.steps
    told, known = steps.touch >= 0, steps.since >= 0
    nothing = ibis.literal(0, "int64")
    wait = ibis.greatest(steps.since - steps.touch, nothing)
    return steps.group_by("activity").aggregate(
        steps=steps.count(),
        touch=told.ifelse(steps.touch, nothing).sum(),
        wait=(told & known).ifelse(wait, nothing).sum(),
        untold=(~told).sum(),
        untold_time=(~told & known).ifelse(steps.since, nothing).sum(),
    )


def causes(t: Tables) -> Any:
    """What cases wait for (our own journal)."""
    spans = t.intervals
    return spans.group_by("cause").aggregate(total=spans.length.sum(), cases=spans.case.nunique())
