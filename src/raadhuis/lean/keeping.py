"""What is worked out once, when our own log is, because it is asked by pages that everybody opens.

In: the folder of the encoded log, and that of the journal's export. Out: `figures.json` in the first.
Always holds: a year back from today; days are Dutch days, and working days those of `kernel.clock`; a case counts when
it was closed and stayed so, and was not withdrawn by who applied.
"""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy

from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel import clock
from raadhuis.kernel.clock import Term
from raadhuis.kernel.problems import Absent
from raadhuis.lean import days
from raadhuis.lean.engine import arrays, engine, quoted
from raadhuis.lean.public import FILE, ServiceFigures, Wait
from raadhuis.lean.schema import CAUSES, FEWEST_PERSONS

SPAN = timedelta(days=365)
# A case of an application beside ours has that application as its actor: then the case itself stands for a person.
_PERSON = "CASE WHEN role IN ('client', 'system') THEN events.zaak::VARCHAR ELSE actor END"
_STILL = "('case.term_suspended', 'case.term_resumed', 'case.closed')"
_DAYS = "regexp_extract(data, '\"days\":([0-9]+)', 1)"


class _Closed(msgspec.Struct):
    """Working days that closed cases took, how many were in time, and by whom they were asked for."""

    lasted: list[int] = []
    in_time: int = 0
    persons: set[str] = set()


def keep(folder: Path, exported: Path) -> None:
    """Works out the figures of every service and writes them. Raises OSError when the disk refuses."""
    until = clock.today()
    since = until - SPAN
    first, beyond = days.begin_of(days.day_of(since)), days.begin_of(days.day_of(until) + 1)
    with engine(threads=1) as made:
        files = quoted(exported / "events" / "*" / "*.parquet")
        made.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({files}, hive_partitioning = false)")  # noqa: S608
        _cases(made)
        applied = _applied(made, first, beyond)
        closed = _closed(made, first, beyond)
        waits = _waits(made, folder, first, beyond)
    found = {}
    for service, (count, persons) in applied.items():
        if persons < FEWEST_PERSONS:
            continue
        done = closed.get(service, _Closed())
        figures = ServiceFigures(since, until, count, 0)
        if len(done.persons) >= FEWEST_PERSONS:
            figures = _with(figures, done, waits.get(service, []))
        found[service] = figures
    (folder / FILE).write_bytes(msgspec.json.encode(found))


def _cases(made: Any) -> None:
    """A table of cases: service, version, who applied, when it came in, when it was closed and stayed so, and by how
    many days its term stood still or was extended.
    """
    _stood_still(made)
    made.execute(
        "CREATE TABLE came AS SELECT events.zaak, service, coalesce(service_version, 0) AS version, "  # noqa: S608
        f"{_PERSON} AS person, epoch_us(time) AS came, ends.closed, coalesce(still.days, 0) AS still, extended "
        "FROM events LEFT JOIN (SELECT zaak, "
        "arg_max(kind, sequence) FILTER (kind IN ('case.closed', 'case.reopened')) AS last, "
        "coalesce(max(sequence) FILTER (kind = 'case.withdrawn'), 0) > "
        "coalesce(max(sequence) FILTER (kind = 'case.reopened'), 0) AS withdrawn, "
        "epoch_us(max(time) FILTER (kind = 'case.closed')) AS closed, "
        f"sum(try_cast({_DAYS} AS INTEGER)) FILTER (kind = 'case.term_extended') AS extended "
        "FROM events WHERE kind IN ('case.closed', 'case.withdrawn', 'case.reopened', 'case.term_extended') "
        "GROUP BY zaak) AS ends ON ends.zaak = events.zaak AND ends.last = 'case.closed' "
        "AND NOT ends.withdrawn "
        "LEFT JOIN still ON still.zaak = events.zaak "
        "WHERE kind = 'case.created' AND service <> ''"
    )


def _stood_still(made: Any) -> None:
    """A table of cases and the Dutch days that their terms stood still: from the one event to the next."""
    held = arrays(
        made,
        "SELECT zaak::VARCHAR AS zaak, since, until FROM (SELECT zaak, kind, epoch_us(time) AS since, "  # noqa: S608
        "epoch_us(lead(time) OVER (PARTITION BY zaak ORDER BY sequence)) AS until FROM events "
        f"WHERE kind IN {_STILL}) WHERE kind = 'case.term_suspended' AND until IS NOT NULL",
    )
    made.register("pauses", {"zaak": held["zaak"], "days": days.of(held["until"]) - days.of(held["since"])})
    made.execute("CREATE TABLE still AS SELECT zaak::UUID AS zaak, sum(days) AS days FROM pauses GROUP BY zaak")
    made.unregister("pauses")


def _applied(made: Any, first: int, beyond: int) -> dict[str, tuple[int, int]]:
    query = "SELECT service, count(*), count(DISTINCT person) FROM came WHERE came >= ? AND came < ? GROUP BY service"
    return {service: (count, persons) for service, count, persons in made.execute(query, [first, beyond]).fetchall()}


def _closed(made: Any, first: int, beyond: int) -> dict[str, _Closed]:
    held = arrays(
        made,
        "SELECT service, version, person, came, closed, still::INTEGER AS still, "
        "coalesce(extended, 0)::INTEGER AS more "
        "FROM came WHERE closed >= ? AND closed < ? AND closed >= came",
        first,
        beyond,
    )
    found: dict[str, _Closed] = defaultdict(lambda: _Closed([], 0, set()))
    began, ended = days.of(held["came"]), days.of(held["closed"])
    still, more = held["still"], held["more"]
    columns = (held["service"], held["version"], held["person"], began, ended, still, more, _worked(began, ended))
    terms: dict[tuple[str, int], Term | None] = {}
    last_days: dict[tuple[str, int, int], date | None] = {}
    for service, version, person, begin, end, paused, extended, worked in zip(*columns, strict=True):
        begun, done, one = days.date_of(int(begin)), days.date_of(int(end)), found[service]
        one.lasted.append(int(worked))
        one.persons.add(person)
        key = (service, int(version))
        if key not in terms:
            terms[key] = _term(*key)
        term = terms[key]
        if (*key, int(begin)) not in last_days:
            last_days[*key, int(begin)] = term.runs_to(begun) if term else None
        last = last_days[*key, int(begin)]
        moved = last + timedelta(days=int(paused) + int(extended)) if last else None
        one.in_time += moved is None or term is None or done <= term.lawful_end(moved)
    return found


def _worked(began: Any, ended: Any) -> Any:
    """The working days after each first day, up to and with the last, as `clock.working_days_between` counts them."""
    if not len(began):
        return began
    first = int(began.min())
    works = [clock.is_working_day(days.date_of(day)) for day in range(first, int(ended.max()) + 1)]
    told = numpy.cumsum(works)
    return told[ended - first] - told[began - first]


def _term(service: str, version: int) -> Term | None:
    """The term of law of this version of a service; of the current one when it is not known any more."""
    for line in catalogue.versions(service):
        if line.version == version and line.state != "draft":
            return catalogue.by_version_id(line.id).definition.zaaktype.doorlooptijd
    try:
        return catalogue.published(service).definition.zaaktype.doorlooptijd
    except Absent:
        return None


def _waits(made: Any, folder: Path, first: int, beyond: int) -> dict[str, list[Wait]]:
    """By service, what the cases that were closed waited for, most time first."""
    if not any((folder / "intervals").glob("*.parquet")):
        return {}
    cases, spans = (quoted(folder / table / "*.parquet") for table in ("cases", "intervals"))
    rows = made.execute(
        f"SELECT service, cause, sum(spans.length)::BIGINT FROM read_parquet({spans}) AS spans "  # noqa: S608
        f'JOIN read_parquet({cases}) AS cases ON cases."case" = spans."case" JOIN came ON '
        "came.zaak::VARCHAR = cases.name WHERE came.closed >= ? AND came.closed < ? GROUP BY ALL",
        [first, beyond],
    ).fetchall()
    whole: dict[str, int] = defaultdict(int)
    for service, _, length in rows:
        whole[service] += length
    found: dict[str, list[Wait]] = defaultdict(list)
    for service, cause, length in sorted(rows, key=lambda row: -row[2]):
        found[service].append(Wait(CAUSES[cause], length / whole[service]))
    return found


def _with(figures: ServiceFigures, done: _Closed, waits: list[Wait]) -> ServiceFigures:
    lasted = sorted(done.lasted)

    def within(hundredths: int) -> int:
        """The fewest working days in which so many in a hundred were done."""
        return max(0, lasted[-(-len(lasted) * hundredths // 100) - 1])

    return msgspec.structs.replace(
        figures,
        closed=len(lasted),
        half=within(50),
        most=within(90),
        nearly_all=within(95),
        in_term=done.in_time / len(lasted),
        waits=waits,
    )
