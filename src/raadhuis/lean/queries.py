"""Every figure about how work flows, in typed shapes; `docs/lean.md` says in plain words how each is computed.

In: the id of a log and a Filter. Out: the structs of `schema`.
Always holds: no person is named and no figure of fewer than FEWEST_PERSONS persons is given; every list is bounded. A
log that is not there raises Absent; a filter that leaves nothing gives empty shapes.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.conf import settings

from raadhuis.kernel.problems import Absent
from raadhuis.lean import days
from raadhuis.lean.logs.report import Report
from raadhuis.lean.models import ColumnMapping, EventLog
from raadhuis.lean.schema import (
    CAUSES,
    FEWEST_PERSONS,
    Activity,
    Arc,
    Cause,
    Durations,
    Filter,
    FindingView,
    Flow,
    Flows,
    Handover,
    Handovers,
    Little,
    Load,
    LogView,
    PingPong,
    PlaceView,
    ProcessMap,
    Repeat,
    Rework,
    StepTime,
    Times,
    Variant,
    Variants,
)

if TYPE_CHECKING:
    from raadhuis.lean.source import Source

NOTHING = Filter()
# The folder of a journal's Parquet export: of our own below that of all logs, of another below its log's.
JOURNAL = "journal"
MOST_LOGS, MOST_ARCS, MOST_VARIANTS, MOST_DAYS = 200, 100_000, 1000, 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def folder_of(id: UUID, version: int = 0) -> Path:
    """Where the files of a log are."""
    return Path(settings.RAADHUIS_LEAN_FOLDER) / (f"{id}-{version}" if version else str(id))


def logs() -> list[LogView]:
    """The newest MOST_LOGS logs, newest first. Index: eventlog_newest."""
    return [_view(row) for row in EventLog.objects.order_by("-made", "id")[:MOST_LOGS]]


def log(id: UUID) -> LogView:
    """One log. Raises Absent."""
    row = EventLog.objects.filter(id=id).first()
    if row is None:
        raise Absent
    return _view(row)


def is_there(id: UUID) -> bool:
    """Whether there is such a log."""
    return EventLog.objects.filter(id=id).exists()


def named(words: str) -> LogView:
    """The newest log of this name, or the one with this id. Raises Absent."""
    row = EventLog.objects.filter(name=words).order_by("-made", "id").first()
    if row is not None:
        return _view(row)
    try:
        return log(UUID(words))
    except ValueError:
        raise Absent from None


def source_of(id: UUID) -> "Source":
    """What a log was worked out from. Raises Absent."""
    from raadhuis.lean.logs import journal
    from raadhuis.lean.source import imported

    exported = journal_of(id)
    return journal.source(exported) if exported else imported(folder_of(id))


def journal_of(id: UUID) -> Path | None:
    """The Parquet export of the journal that a log was worked out from; None when it was no journal. Raises Absent."""
    row = EventLog.objects.filter(id=id).first()
    if row is None:
        raise Absent
    if row.kind == "own":
        return Path(settings.RAADHUIS_LEAN_FOLDER) / JOURNAL
    return folder_of(id) / JOURNAL if row.kind == "journal" else None


def findings(id: UUID) -> list[FindingView]:
    """What was repaired or skipped when this log was read. Raises Absent."""
    row = EventLog.objects.filter(id=id).first()
    if row is None:
        raise Absent
    return findings_of(msgspec.convert(row.report, Report))


def findings_of(report: Report) -> list[FindingView]:
    """A reader's report, the most frequent trouble first."""
    found = sorted(report.findings.values(), key=lambda one: -one.count)
    return [
        FindingView(one.code, one.skipped, one.count, [PlaceView(p.line, p.trace, p.said) for p in one.places])
        for one in found
    ]


def remembered(signature: str) -> Mapping[str, str] | None:
    """How a table with this header was understood before."""
    return ColumnMapping.objects.filter(signature=signature).values_list("mapping", flat=True).first()


def activity_names(id: UUID) -> list[str]:
    """Which activities there are, by name. Raises Absent."""
    run, _, _t = asked(id, NOTHING)
    return sorted(run.named("activities"))


def process_map(id: UUID, chosen: Filter = NOTHING, *, timed: bool = True) -> ProcessMap:
    """Directly-follows graph with counts and, when `timed`, times."""
    run, e, t = asked(id, chosen)
    names = run.named("activities")
    begins, ends = dict(run.rows(e.begins(t))), dict(run.rows(e.ends(t)))
    found = [
        Activity(names[place], count, cases, begins.get(place, 0), ends.get(place, 0))
        for place, count, cases in run.rows(e.activities(t))
    ]
    rows = run.rows(e.follow_times(t) if timed else e.follows(t))
    arcs = [Arc(names[a], names[b], count, _times(*times) if times else None) for a, b, count, *times in rows]
    found.sort(key=lambda one: (-one.count, one.name))
    arcs.sort(key=lambda one: (-one.count, one.source, one.target))
    return ProcessMap(sum(begins.values()), found, arcs[:MOST_ARCS])


def variants(id: UUID, chosen: Filter = NOTHING, limit: int = 20) -> Variants:
    """The `limit` (≤ MOST_VARIANTS) variants of most cases."""
    run, e, t = asked(id, chosen)
    expression = e.variants(t)
    total, cases = run.one(e.variant_totals(t))
    shown = run.rows(expression.order_by([expression["count"].desc(), "example"]).limit(min(limit, MOST_VARIANTS)))
    names = run.named("activities")
    ways: dict[int, list[tuple[int, str]]] = {}
    for case, position, activity in run.rows(e.ways(t, [row[2] for row in shown])) if shown else ():
        ways.setdefault(case, []).append((position, names[activity]))
    found, covered = [], 0
    for variant, count, example, mean, median in shown:
        covered += count
        way = [name for _, name in sorted(ways[example])]
        found.append(Variant(variant, way, count, count / cases, covered / cases, median, mean))
    return Variants(cases, total, found)


def durations(id: UUID, chosen: Filter = NOTHING) -> Durations:
    """From first to last step of a case."""
    run, e, t = asked(id, chosen)
    count, *times = run.one(e.durations(t))
    return Durations(count, _times(*times))


def _times(mean: float | None, lowest: int, highest: int, percentiles: list[float] | None) -> Times | None:
    """None where there are no times, or none is known (outside the years of the calendar)."""
    if mean is None or percentiles is None:
        return None
    p10, p50, p90, p95 = percentiles
    return Times(mean, p10, p50, p90, p95, lowest, highest)


def rework(id: UUID, chosen: Filter = NOTHING) -> Rework:
    """What is done again, and what goes back and forth between teams."""
    run, e, t = asked(id, chosen)
    names, teams, shown = run.named("activities"), run.named("teams"), large_teams(run, e)
    repeats = [Repeat(names[a], *row) for a, *row in run.rows(e.rework(t))]
    back = [
        PingPong(teams[team], teams[other], count)
        for team, other, count in run.rows(e.ping_pong(t))
        if {team, other} <= shown
    ]
    of, cases = run.one(e.repeated_cases(t))
    repeats.sort(key=lambda one: (-one.cases, one.activity))
    back.sort(key=lambda one: (-one.count, one.team, one.other))
    return Rework(cases or 0, of, repeats, back)


def handovers(id: UUID, chosen: Filter = NOTHING) -> Handovers:
    """Work that went from hand to hand; between teams by name, between persons in one figure."""
    run, e, t = asked(id, chosen)
    teams, shown = run.named("teams"), large_teams(run, e)
    moved = [row for row in run.rows(e.handover(t, "team")) if row[0] != row[1]]
    steps, between, persons = run.one(e.between_persons(t))
    known = [Handover(teams[a], teams[b], count) for a, b, count in moved if {a, b} <= shown]
    known.sort(key=lambda one: (-one.count, one.source, one.target))
    hidden = sum(row[2] for row in moved) - sum(one.count for one in known)
    enough = persons >= FEWEST_PERSONS
    return Handovers(known, hidden, between or 0 if enough else 0, steps if enough else 0, persons if enough else 0)


def flows(id: UUID, chosen: Filter = NOTHING) -> Flows:
    """Arrivals, departures and what is under way, day by day, and whether Little's law holds; always by the clock."""
    run, e, t = asked(id, by_the_clock(chosen))
    begun, ended = dict(run.rows(e.arrivals(t))), dict(run.rows(e.departures(t)))
    count, mean, *_ = run.one(e.durations(t))
    open_days = [day for day, number in run.rows(e.open_starts(t)) for _ in range(number)]
    if not begun:
        return Flows([], None, [])
    first, last = min(begun), max([*begun, *ended])
    shown, backlog = [], 0
    for day in range(first, min(last, first + MOST_DAYS) + 1):
        backlog += begun.get(day, 0) - ended.get(day, 0)
        shown.append(Flow(days.date_of(day), begun.get(day, 0), ended.get(day, 0), backlog))
    ages = sorted(last - day for day in open_days)
    tenths = [ages[len(ages) * tenth // 10] for tenth in range(1, 10)] if ages else []
    return Flows(shown, _little(shown, count, mean), tenths)


def _little(shown: list[Flow], count: int, mean: float) -> Little:
    arrivals, lasts = count / len(shown), mean / days.DAY
    # Under way at midnight counts a case of a few hours as none, just as the law does on average over the day.
    measured = sum(day.backlog for day in shown) / len(shown)
    expected = arrivals * lasts
    return Little(arrivals, lasts, expected, measured, abs(expected - measured) <= 0.1 * max(expected, measured))


def load(id: UUID, chosen: Filter = NOTHING) -> list[Load]:
    """Steps per team (of FEWEST_PERSONS or more) and day, by team and day."""
    run, e, t = asked(id, chosen)
    teams, shown = run.named("teams"), large_teams(run, e)
    rows = [Load(teams[team], days.date_of(day), steps) for team, day, steps in run.rows(e.load(t)) if team in shown]
    return sorted(rows, key=lambda one: (one.team, one.day))


def step_times(id: UUID, chosen: Filter = NOTHING) -> list[StepTime]:
    """Waiting against touch time, the activity that waits longest first; always by the clock, as work is told."""
    run, e, t = asked(id, by_the_clock(chosen))
    names = run.named("activities")
    rows = [StepTime(names[activity], *row) for activity, *row in run.rows(e.step_times(t))]
    return sorted(rows, key=lambda one: (-one.wait_us - one.untold_us, one.activity))


def causes(id: UUID, chosen: Filter = NOTHING) -> list[Cause]:
    """What the cases of our own journal wait for, in the order of CAUSES; empty for a log that does not tell."""
    run, e, t = asked(id, chosen)
    found = {cause: (int(total), cases) for cause, total, cases in run.rows(e.causes(t))}
    whole = sum(total for total, _ in found.values())
    return [
        Cause(name, found[place][0], found[place][0] / whole, found[place][1])
        for place, name in enumerate(CAUSES)
        if place in found
    ]


def by_the_clock(chosen: Filter) -> Filter:
    """The same cases, with every hour counted."""
    return msgspec.structs.replace(chosen, hours=None)


def large_teams(run: Any, e: Any) -> set[int]:
    """The teams that may be named, by the whole log and not by a filter: else a filter could single somebody out."""
    return {team for team, persons in run.rows(e.persons(e.tables())) if persons >= FEWEST_PERSONS}


@cache
def get_ready() -> None:
    """Begins to load what works with logs, once in a process, for who is about to ask figures; answers at once."""
    threading.Thread(target=_load, name="lean", daemon=True).start()


def _load() -> None:
    import pygraphviz  # noqa: F401 - the map is drawn by it

    from raadhuis.lean.analyses import expressions, filters, running

    made = filters.filtered(expressions.tables(), Filter(start=date(2000, 1, 1)), {})
    running.sql_of(expressions.follow_times(made))


def asked(id: UUID, chosen: Filter, *, told: bool = False) -> tuple[Any, Any, Any]:
    """The log ready to be asked, the expressions, and its tables as the filter leaves them: for this room alone.
    With `told` also what the source tells of cases, which is worked out when it is first needed.

    Ibis, DuckDB and numpy are loaded here, or in `get_ready`: they cost a second and much memory, which a process that
    shows no figures does not pay.
    """
    version = EventLog.objects.filter(id=id).values_list("version", flat=True).first()
    # Its files go before whoever still has the page open knows.
    if version is None or not folder_of(id, version).is_dir():
        raise Absent
    from raadhuis.lean import attributes, office
    from raadhuis.lean.analyses import expressions, filters, running

    folder = folder_of(id, version)
    made = (told or bool(chosen.attributes)) and attributes.ensure(folder)
    if (bool(chosen.hours) and office.ensure(folder)) or made:
        running.running.cache_clear()
    run = running.running(folder)
    names = {name: place for place, name in enumerate(run.named("activities"))}
    return run, expressions, filters.filtered(expressions.tables(), chosen, names)


def _view(row: EventLog) -> LogView:
    counts = row.counts
    return LogView(
        id=row.id,
        name=row.name,
        kind=row.kind,
        made=row.made,
        **{name: counts[name] for name in ("events", "steps", "cases", "activities", "variants")},
        first=_moment(counts["first"]) if counts["cases"] else None,
        last=_moment(counts["last"]) if counts["cases"] else None,
        source=row.source,
        findings={code: found["count"] for code, found in row.report.get("findings", {}).items()},
    )


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
