"""A log worked out once, so that no analysis has to look back or forward in a case afterwards.

In: a relation with the columns of the internal event table (`events.SCHEMA`). Out, in a folder, Parquet:

- `steps/*.parquet`, each of cases that began one after another, sorted by arc (previous activity and activity), case
  and position: of each step the integer case, activity, resource and team, its position (from 0), the previous
  activity, resource and team (-1 for none), `since` (µs since the previous step, -1 for the first), `nth` (the how
  manieth time in this case, from 1), `touch` (µs of work told by start and complete, -1 where not told), `returns` (the
  team from which the work comes back to the one that had it before that, -1 where it does not) and `day` (Dutch, days
  since 1970).
- `cases/*.parquet`: name, start, end, length, duration, variant, first and last activity, first and last Dutch day,
  touch, `repeats` (steps that were done before in the case) and whether it is `closed`: only our own journal tells of
  cases that are not; of other logs every case ends with its last step.
- `activities.parquet`, `resources.parquet`, `teams.parquet`: what the integers stand for, in order of name.
- what `store` makes of these.

Always holds: time orders the steps of a case, and the source's order breaks ties; cases count up in order of their
start; a variant is the sum (modulo 2^64) of a token per activity and position, the same on every engine and in every
log; memory is that of some million steps, however many there are.

A step is an event that ends work: one without lifecycle, or `complete`. Other transitions (start, suspend, …) of an
activity that is completed somewhere in the log only tell how long it was worked on; an activity that is never completed
keeps all its events as steps, so that nothing disappears (IEEE 1849-2016, lifecycle extension, standard model).
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy

from raadhuis.lean import days, store, waiting
from raadhuis.lean.engine import arrays, copy, engine, quoted, write
from raadhuis.lean.source import Source

# Events worked out at a time, of a small log and of a large one: some hundred bytes each. More is hardly faster,
# and every part is a file that an analysis has to open.
AT_ONCE, MOST_AT_ONCE, PARTS = 75_000, 1_000_000, 16
_PHASE = (
    "CASE WHEN lower(lifecycle) IN ('', 'complete') THEN 0 "
    "WHEN lower(lifecycle) IN ('start', 'resume') THEN 1 ELSE 2 END"
)
_TABLES = (("activity", "activities"), ("resource", "resources"), ("team", "teams"))


class Encoded(msgspec.Struct, frozen=True):
    """How much there is of what. `first` and `last` in µs since 1970, 0 when there are no steps."""

    events: int
    steps: int
    cases: int
    activities: int
    resources: int
    teams: int
    variants: int
    first: int
    last: int


def encode(source: Source, folder: Path, between: Callable[[], None] = lambda: None) -> Encoded:
    """Works out the relations of `source` and writes the files named above into `folder`, which exists.

    `between` is called before each part of the work, and may raise to end it.
    """
    scratch = folder / "scratch"
    scratch.mkdir()
    try:
        with engine(scratch, threads=1) as made:
            _code(made, source)
            _name(made, source, folder)
            for number, (first, beyond) in enumerate(_ranges(made)):
                between()
                _work_out(made, folder, number, first, beyond)
                if source.waits:
                    waiting.work_out(made, folder, number, first, beyond)
            found = _finish(made, folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    between()
    store.ensure(folder)
    return found


def _code(made: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Every text becomes an integer: activities, resources and teams by name, cases by their start."""
    made.execute(f"CREATE TEMP VIEW raw AS {source.events}")
    made.execute("CREATE TABLE combined AS SELECT DISTINCT activity, lifecycle, resource, team FROM raw")
    for column, table in _TABLES:
        made.execute(
            f"CREATE TABLE {table} AS SELECT (row_number() OVER (ORDER BY name) - 1)::INTEGER AS {column}, name "  # noqa: S608
            f"FROM (SELECT DISTINCT {column} AS name FROM combined WHERE {column} <> '')"
        )
    closed = f'coalesce(name IN (SELECT "case" FROM ({source.closed})), false)' if source.closed else "true"  # noqa: S608
    made.execute(
        f"CREATE TABLE named AS SELECT (row_number() OVER (ORDER BY start, first) - 1)::INTEGER AS case, name, "  # noqa: S608
        f'{closed} AS closed FROM (SELECT "case" AS name, min(time) AS start, min(sequence) AS first FROM raw '
        'GROUP BY "case") ORDER BY 1'
    )
    # What every combination of texts is in integers: few against events, so that each event is looked up once.
    completed = f"({source.ends_told} OR bool_or({_PHASE} = 0) OVER (PARTITION BY activities.activity))"
    joined = (
        "combined JOIN activities ON activities.name = combined.activity LEFT JOIN resources ON "
        "resources.name = combined.resource LEFT JOIN teams ON teams.name = combined.team"
    )
    integers = "activities.activity AS a, coalesce(resources.resource, -1) AS r, coalesce(teams.team, -1) AS t"
    phase = f"(CASE WHEN {completed} THEN {_PHASE} ELSE 0 END)::TINYINT AS p"
    made.execute(f"CREATE TABLE codes AS SELECT combined.*, {integers}, {phase} FROM {joined}")  # noqa: S608
    made.execute(
        'CREATE TABLE coded AS SELECT named."case", a AS activity, r AS resource, t AS team, time, sequence, '
        'p AS phase FROM raw JOIN named ON named.name = raw."case" JOIN codes '
        "USING (activity, lifecycle, resource, team)"
    )
    if source.waits:
        told = f'({source.waits}) AS told JOIN named ON named.name = told."case"'
        columns = 'named."case", hash(task)::UBIGINT AS task, time, sequence, state::TINYINT AS state'
        made.execute(f"CREATE TABLE waits AS SELECT {columns} FROM {told}")  # noqa: S608


def _name(made: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> None:
    for column, table in _TABLES:
        copy(made, f"SELECT {column}, name FROM {table} ORDER BY {column}", folder / f"{table}.parquet")  # noqa: S608
    if source.attributes:
        told = (
            f'SELECT named."case", key, value FROM ({source.attributes}) AS told JOIN named ON named.name = told."case"'  # noqa: S608
        )
        copy(made, told, folder / "attributes" / "told.parquet")


def _ranges(made: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """Ranges of cases with about as many events each as are worked out at a time."""
    count = (made.execute("SELECT count(*) FROM coded").fetchone() or (0,))[0]
    yield from made.execute(
        'SELECT min("case"), max("case") + 1 FROM (SELECT "case", (sum(count(*)) OVER (ORDER BY "case") - count(*)) '
        '// ? AS part FROM coded GROUP BY "case") GROUP BY part ORDER BY part',
        [min(max(count // PARTS, AT_ONCE), MOST_AT_ONCE)],
    ).fetchall()


def _work_out(made: duckdb.DuckDBPyConnection, folder: Path, number: int, first: int, beyond: int) -> None:
    held = arrays(
        made,
        'SELECT "case", activity, resource, team, time, phase FROM coded WHERE "case" >= ? AND "case" < ? '
        'ORDER BY "case", time, sequence',
        first,
        beyond,
    )
    touch = _touch(held)
    ends = held["phase"] == 0
    held = {name: column[ends] for name, column in held.items()}
    if not len(held["case"]):
        return
    starts = numpy.flatnonzero(numpy.diff(held["case"], prepend=-1))
    lengths = numpy.diff(starts, append=len(held["case"]))
    position = numpy.arange(len(held["case"]), dtype=numpy.int32) - numpy.repeat(starts, lengths).astype(numpy.int32)
    steps = {
        **{name: held[name].astype(numpy.int32) for name in ("case", "activity", "resource", "team")},
        "position": position,
        **{f"previous_{name}": _shifted(held[name], starts) for name in ("activity", "resource", "team")},
        "time": held["time"],
        "since": _since(held["time"], starts),
        "nth": _nth(held["case"], held["activity"]),
        "touch": touch[ends],
        "returns": _returns(held["case"], held["team"]),
        "day": days.of(held["time"]),
    }
    write(made, _by_arc(steps), folder / "steps" / f"{number:06d}.parquet")
    began = {"start_day": numpy.repeat(steps["day"][starts], lengths)}
    store.count_arcs(made, steps | began, folder / "arcs" / f"{number:06d}.parquet")
    _keep_cases(made, folder, number, steps, starts, lengths)


def _by_arc(steps: dict[str, Any]) -> dict[str, Any]:
    """Sorted by arc: what counts or times arcs then stays with one of them for long, which costs a tenth less."""
    arc = (steps["previous_activity"].astype(numpy.int64) + 1) * (int(steps["activity"].max()) + 1) + steps["activity"]
    narrow = arc.max() < 1 << 16  # Numbers of two bytes are sorted by counting.
    order = numpy.argsort(arc.astype(numpy.uint16) if narrow else arc, kind="stable")
    return {name: column[order] for name, column in steps.items()}


def _shifted(column: Any, starts: Any) -> Any:
    """The value of the previous step; -1 for the first of a case."""
    moved = numpy.empty(len(column), dtype=numpy.int32)
    moved[1:] = column[:-1]
    moved[starts] = -1
    return moved


def _since(time: Any, starts: Any) -> Any:
    since = numpy.diff(time, prepend=0)
    since[starts] = -1
    return since


def _nth(case: Any, activity: Any) -> Any:
    """The how manieth time each activity is done in its case, from 1; steps are sorted by case and position."""
    order = numpy.argsort(case.astype(numpy.int64) * (1 << 31) + activity, kind="stable")
    first = numpy.ones(len(order), dtype=bool)
    first[1:] = (case[order][1:] != case[order][:-1]) | (activity[order][1:] != activity[order][:-1])
    begins = numpy.flatnonzero(first)
    counts = numpy.arange(len(order)) - numpy.repeat(begins, numpy.diff(begins, append=len(order))) + 1
    nth = numpy.empty(len(order), dtype=numpy.int32)
    nth[order] = counts
    return nth


def _returns(case: Any, team: Any) -> Any:
    """From which team (B) the work comes back with this step to the team (A) that had it before: A → B → A; else -1."""
    found = numpy.full(len(team), -1, dtype=numpy.int32)
    told = numpy.flatnonzero(team >= 0)
    if not len(told):
        return found
    of_case, of_team = case[told], team[told]
    change = numpy.ones(len(told), dtype=bool)
    change[1:] = (of_case[1:] != of_case[:-1]) | (of_team[1:] != of_team[:-1])
    stretches = numpy.flatnonzero(change)
    back = numpy.zeros(len(stretches), dtype=bool)
    back[2:] = (of_case[stretches][2:] == of_case[stretches][:-2]) & (of_team[stretches][2:] == of_team[stretches][:-2])
    found[told[stretches[back]]] = of_team[stretches[numpy.flatnonzero(back) - 1]]
    return found


def _touch(held: dict[str, Any]) -> Any:
    """µs between each begin (or resumption) and what follows it of the same activity, added up to its completion.

    -1 where no begin was told since the last completion of this activity in this case.
    """
    count, phase = len(held["case"]), held["phase"]
    unknown = numpy.full(count, -1, dtype=numpy.int64)
    if not (phase == 1).any():
        return unknown
    key = held["case"].astype(numpy.int64) * (1 << 31) + held["activity"]
    order = numpy.argsort(key, kind="stable")
    key, phase, time = key[order], phase[order], held["time"][order]
    within = numpy.zeros(count, dtype=bool)
    within[:-1] = (key[1:] == key[:-1]) & (phase[:-1] == 1)
    work = numpy.zeros(count, dtype=numpy.int64)
    work[:-1][within[:-1]] = (time[1:] - time[:-1])[within[:-1]]
    worked = numpy.cumsum(work) - work
    begun = numpy.cumsum(phase == 1)
    ends = numpy.flatnonzero(phase == 0)
    before = numpy.r_[-1, ends[:-1]]
    same = numpy.zeros(len(ends), dtype=bool)
    same[1:] = key[ends[1:]] == key[ends[:-1]]
    first = numpy.flatnonzero(numpy.r_[True, key[1:] != key[:-1]])
    opening = numpy.where(same, before, first[numpy.searchsorted(first, ends, side="right") - 1])
    told = begun[ends] - begun[opening] + (phase[opening] == 1) > 0
    unknown[order[ends]] = numpy.where(told, worked[ends] - worked[opening], -1)
    return unknown


def _keep_cases(
    made: duckdb.DuckDBPyConnection, folder: Path, number: int, steps: dict[str, Any], starts: Any, lengths: Any
) -> None:
    ends = starts + lengths - 1
    touch = numpy.where(steps["touch"] < 0, 0, steps["touch"])
    told = numpy.maximum.reduceat(steps["touch"], starts) >= 0
    columns = {
        "case": steps["case"][starts],
        "start": steps["time"][starts],
        "end": steps["time"][ends],
        "duration": steps["time"][ends] - steps["time"][starts],
        "length": lengths.astype(numpy.int32),
        "variant": _variants(made, steps, starts),
        "first_activity": steps["activity"][starts],
        "last_activity": steps["activity"][ends],
        "start_day": steps["day"][starts],
        "end_day": steps["day"][ends],
        "touch": numpy.where(told, numpy.add.reduceat(touch, starts), -1),
        "repeats": numpy.add.reduceat((steps["nth"] > 1).astype(numpy.int32), starts).astype(numpy.int32),
    }
    made.register("written", columns)
    try:
        names = ", ".join(f'written."{name}"' for name in columns)
        first, last = columns["case"][0], columns["case"][-1]
        here = f'(SELECT * FROM named WHERE "case" BETWEEN {first} AND {last}) AS named'  # noqa: S608
        found = f"SELECT {names}, closed, named.name::VARCHAR AS name FROM written"  # noqa: S608
        query = f'{found} JOIN {here} USING ("case") ORDER BY 1'
        copy(made, query, folder / "cases" / f"{number:06d}.parquet")
    finally:
        made.unregister("written")


def _variants(made: duckdb.DuckDBPyConnection, steps: dict[str, Any], starts: Any) -> Any:
    tokens = arrays(made, "SELECT name FROM activities ORDER BY activity")["name"]
    seeds = numpy.array([token_of(str(name)) for name in tokens], dtype=numpy.uint64)
    with numpy.errstate(over="ignore"):
        mixed = _mixed(seeds[steps["activity"]] + steps["position"].astype(numpy.uint64) * _GOLDEN)
        return numpy.add.reduceat(mixed, starts).view(numpy.int64)


_GOLDEN = numpy.uint64(0x9E3779B97F4A7C15)


def token_of(activity: str) -> int:
    """64 bits that stand for an activity's name, the same in every log."""
    return int.from_bytes(hashlib.blake2b(activity.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _mixed(value: Any) -> Any:
    """SplitMix64 (Steele, Lea and Flood 2014): every bit of the input reaches every bit of the output."""
    value = (value ^ (value >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return value ^ (value >> numpy.uint64(31))


def _finish(made: duckdb.DuckDBPyConnection, folder: Path) -> Encoded:
    def one(query: str) -> Any:
        return (made.execute(query).fetchone() or (0,))[0]

    cases = f"read_parquet({quoted(folder / 'cases' / '*.parquet')})"
    events = one("SELECT count(*) FROM coded")
    if not (folder / "cases").exists():
        return Encoded(events, 0, 0, 0, 0, 0, 0, 0, 0)
    counted = made.execute(
        f'SELECT sum(length)::BIGINT, count(*), count(DISTINCT variant), min(start), max("end") FROM {cases}'  # noqa: S608
    ).fetchone() or (0, 0, 0, 0, 0)
    names = [one(f"SELECT count(*) FROM {table}") for table in ("activities", "resources", "teams")]  # noqa: S608
    return Encoded(events, counted[0], counted[1], names[0], names[1], names[2], counted[2], counted[3], counted[4])
