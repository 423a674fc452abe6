"""A town's journal that was never lived: synthetic events, the same for the same seed.

In: how many events, and a folder. Out: `journal/events/month=…/….parquet` as the journal exports itself,
`plain.parquet` with the same events in the columns that pm4py asks, and, when asked, `log.xes` with as many
attributes an event as a log of fines has.
Always holds: one event is one step, so that both count the same; about a tenth of the steps share their moment with the
one before; cases go some thousands of different ways, most of them a few.
"""

from pathlib import Path
from typing import Any

import duckdb
import numpy

PER_CASE = 10.2
ACTIVITIES, RESOURCES, TEAMS = 26, 240, 12
# More than fit in memory are made in parts, each of other cases in the same years.
MOST_AT_ONCE = 10_000_000
_START = 1_577_836_800_000_000
_DAY = 86_400_000_000


def make(events: int, folder: Path, seed: int = 1) -> None:
    """Writes both Parquets; of more than MOST_AT_ONCE events the journal's alone."""
    for first in range(0, events, MOST_AT_ONCE):
        _make_part(first, min(MOST_AT_ONCE, events - first), folder, seed + first // MOST_AT_ONCE)
    if events > MOST_AT_ONCE:
        (folder / "plain.parquet").unlink()


def _make_part(first: int, events: int, folder: Path, seed: int) -> None:
    target = folder / "journal" / "events" / "month=2020-01"
    target.mkdir(parents=True, exist_ok=True)
    columns = _events(events, seed)
    named = f"z{first}-" if first else "z"
    with duckdb.connect() as made:
        made.register("made", columns)
        made.execute(
            f"CREATE TABLE log AS SELECT md5('{named}' || made.case)::UUID AS zaak, 'stap ' || activity AS activity, "
            "'medewerker-' || md5('m' || resource)[:12] AS actor, 'team-' || team AS team, "
            f"make_timestamp(time) AT TIME ZONE 'UTC' AS time, sequence + {first} AS sequence FROM made"
        )
        data = """'{"outcome":"done","task":"' || activity || '","team":"' || team || '"}'"""
        made.execute(
            "COPY (SELECT sequence, uuid() AS id, time, 'task.completed' AS kind, 1::SMALLINT AS kind_version, zaak, "
            """NULL::UUID AS application, '{"task":"' || md5(sequence::VARCHAR)::UUID || '"}' AS subjects, """
            "actor, 'handler' AS role, 'desk' AS channel, 'vergunning' AS service, 1::INTEGER AS service_version, "
            f"activity, {data} AS data FROM log ORDER BY sequence) "
            f"TO '{target}/{first + 1:012d}-{first + events:012d}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
        made.execute(
            'COPY (SELECT zaak::VARCHAR AS "case:concept:name", activity AS "concept:name", time AS "time:timestamp", '
            'actor AS "org:resource" FROM log ORDER BY sequence) '
            f"TO '{folder}/plain.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )


def open_cases(folder: Path, services: int) -> None:
    """Adds to the journal that each case was created, for one of so many services: as our own tells it."""
    place = folder / "journal" / "events" / "month=2020-01"
    with duckdb.connect() as made:
        made.execute(
            "CREATE TABLE begun AS SELECT zaak, min(sequence) AS first, min(time) AS time "
            f"FROM read_parquet('{place}/*.parquet') GROUP BY zaak"
        )
        last = (made.execute(f"SELECT max(sequence) FROM read_parquet('{place}/*.parquet')").fetchone() or (0,))[0]
        cases = (made.execute("SELECT count(*) FROM begun").fetchone() or (0,))[0]
        made.execute(
            f"COPY (SELECT {last} + row_number() OVER (ORDER BY first) AS sequence, uuid() AS id, time, "
            "'case.created' AS kind, 1::SMALLINT AS kind_version, zaak, NULL::UUID AS application, '{}' AS subjects, "
            "'inwoner' AS actor, 'resident' AS role, 'portal' AS channel, "
            f"'dienst-' || hash(zaak) % {services} AS service, 1::INTEGER AS service_version, '' AS activity, "
            "'{}' AS data FROM begun ORDER BY 1) "
            f"TO '{place}/{last + 1:012d}-{last + cases:012d}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )


def _events(events: int, seed: int) -> dict[str, Any]:
    """Integer columns in order of time. A case walks from activity to activity, mostly the next, now and then back."""
    dice = numpy.random.default_rng(seed)
    cases = max(1, round(events / PER_CASE))
    lengths = numpy.clip(dice.poisson(PER_CASE - 1, cases) + 1, 1, 60)
    lengths[-1] += events - lengths.sum() if events > lengths.sum() - lengths[-1] else 0
    case = numpy.repeat(numpy.arange(cases, dtype=numpy.int32), lengths)[:events]
    starts = numpy.flatnonzero(numpy.diff(case, prepend=-1))
    step = dice.choice([1, 1, 1, 1, 1, 1, 1, 1, 2, -1], len(case))
    step[starts] = 0
    walked = numpy.cumsum(step)
    activity = (walked - numpy.repeat(walked[starts], numpy.diff(starts, append=len(case)))) % ACTIVITIES
    wait = (dice.exponential(0.8 * _DAY, len(case)) * (dice.random(len(case)) > 0.1)).astype(numpy.int64)
    wait[starts] = 0
    since = numpy.cumsum(wait)
    begun = _START + (dice.random(cases) * 5 * 365 * _DAY).astype(numpy.int64)
    time = begun[case] + since - numpy.repeat(since[starts], numpy.diff(starts, append=len(case)))
    time -= time % 1000
    team = (activity * 7 + case % 3) % TEAMS
    resource = team * (RESOURCES // TEAMS) + dice.integers(0, RESOURCES // TEAMS, len(case))
    order = numpy.argsort(time, kind="stable")
    held = {"case": case, "activity": activity, "time": time, "team": team, "resource": resource}
    columns = {name: column[order] for name, column in held.items()}
    return columns | {"sequence": numpy.arange(1, len(case) + 1)}


def make_xes(events: int, file: Path, seed: int = 1) -> None:
    """Writes an XES of short cases with six attributes an event, as a log of traffic fines has."""
    dice = numpy.random.default_rng(seed)
    amounts = dice.integers(20, 200, events)
    with file.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'
        )
        written = 0
        while written < events:
            out.write(f'\t<trace>\n\t\t<string key="concept:name" value="A{written}"/>\n')
            for place in range(min(1 + written % 7, events - written)):
                out.write(_event(written, place, int(amounts[written])))
                written += 1
            out.write("\t</trace>\n")
        out.write("</log>\n")


def _event(number: int, place: int, amount: int) -> str:
    time = f"20{number % 20 + 10}-0{place + 1}-11T0{place}:00:00+02:00"
    told = (
        *(("float", "amount", f"{amount}.0"), ("string", "org:resource", f"{number % 150}")),
        *(("string", "concept:name", f"step {place}"), ("string", "lifecycle:transition", "complete")),
        *(("date", "time:timestamp", time), ("int", "article", "157")),
    )
    lines = "".join(f'\t\t\t<{tag} key="{key}" value="{value}"/>\n' for tag, key, value in told)
    return f"\t\t<event>\n{lines}\t\t</event>\n"
