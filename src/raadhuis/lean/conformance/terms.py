"""Terms of law: which cases of a journal were past theirs, and on which step most of the time went.

In: an encoded log that can be asked, the journal's export, which cases (an expression). Out: the shapes of `schema`.
Always holds: the term is that of the case's own version of its service, moved by the days that it stood still (Awb
4:15) and by what it was extended (Awb 4:14); days are Dutch days; a case that was withdrawn is not looked at; one that
is open is held against a day, today for our own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import numpy

from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel.clock import Term
from raadhuis.kernel.problems import Absent
from raadhuis.lean import days
from raadhuis.lean.analyses.running import Running, sql_of
from raadhuis.lean.conformance.schema import Late, LateStep, Terms
from raadhuis.lean.engine import quoted

MOST_EVENTS, MOST_LATE, MOST_SHOWN = 500_000, 5_000, 20
_KINDS = ("created", "closed", "withdrawn", "reopened", "term_suspended", "term_resumed", "term_extended")


class _Case(msgspec.Struct):
    """One case as its events tell it, in Dutch days since 1970."""

    name: str
    service: str
    version: int
    begun: int
    closed: int | None = None
    withdrawn: bool = False
    since: int | None = None
    moved: int = 0


class _Laws:
    """The terms of law of services, by version; a version that is not known any more has that of the current one."""

    def __init__(self) -> None:
        self._of: dict[str, dict[int, Term]] = {}

    def term(self, service: str, version: int) -> Term | None:
        if service not in self._of:
            self._of[service] = self._read(service)
        return self._of[service].get(version) or self._of[service].get(0)

    def _read(self, service: str) -> dict[int, Term]:
        found = {
            line.version: catalogue.by_version_id(line.id).definition.zaaktype.doorlooptijd
            for line in catalogue.versions(service)
            if line.state != "draft"
        }
        try:
            return found | {0: catalogue.published(service).definition.zaaktype.doorlooptijd}
        except Absent:
            return found


def terms(run: Running, folder: Path, t: Any, until: date) -> Terms:
    """How the cases of `t` kept their terms; those that are open are held against `until`."""
    judged = late_closed = late_open = open_cases = 0
    late: list[tuple[int, _Case]] = []
    today, laws = days.day_of(until), _Laws()
    for case in _cases(run, folder, t):
        last = None if case.withdrawn else _last_day(laws, case, today)
        if last is None:
            continue
        judged += 1
        open_cases += case.closed is None
        over = (today if case.closed is None else case.closed) - last
        if over > 0:
            late_closed += case.closed is not None
            late_open += case.closed is None
            late.append((over, case))
    late.sort(key=lambda one: (-one[0], one[1].name))
    slowest = _slowest(run, t, [case.name for _, case in late[:MOST_LATE]])
    return Terms(
        cases=judged,
        open=open_cases,
        late_closed=late_closed,
        late_open=late_open,
        steps=_by_step(late, slowest),
        examples=[Late(case.name, over, *slowest.get(case.name, ("", 0, 0.0))) for over, case in late[:MOST_SHOWN]],
    )


def _by_step(late: list[tuple[int, _Case]], slowest: dict[str, tuple[str, int, float]]) -> list[LateStep]:
    cases: Counter[str] = Counter()
    spent: dict[str, list[int]] = defaultdict(list)
    for _, case in late:
        if case.name in slowest:
            step, micros, _share = slowest[case.name]
            cases[step] += 1
            spent[step].append(micros)
    return [LateStep(step, count, float(numpy.median(spent[step]))) for step, count in cases.most_common(MOST_SHOWN)]


def _cases(run: Running, folder: Path, t: Any) -> Iterator[_Case]:
    """The cases, each from its events in order."""
    files = quoted(folder / "events" / "*" / "*.parquet")
    kinds = ", ".join(quoted(f"case.{kind}") for kind in _KINDS)
    rows = run.told(
        "SELECT zaak::VARCHAR AS name, kind, epoch_us(time) AS time, service, coalesce(service_version, 0) AS version, "  # noqa: S608
        f"coalesce(try_cast(nullif(regexp_extract(data, '\"days\":([0-9]+)', 1), '') AS INTEGER), 0) AS days "
        f"FROM read_parquet({files}, hive_partitioning = false) WHERE kind IN ({kinds}) "
        f"AND zaak::VARCHAR IN (SELECT name FROM mine) ORDER BY zaak, sequence LIMIT {MOST_EVENTS}",
        sql_of(t.cases.select("name")),
    )
    found = days.of(numpy.array([row[2] for row in rows], dtype=numpy.int64)).tolist()
    for _, events in groupby(zip(rows, found, strict=True), key=lambda pair: pair[0][0]):
        case = _told(events)
        if case is not None:
            yield case


def _told(events: Iterable[tuple[tuple[Any, ...], int]]) -> _Case | None:
    case: _Case | None = None
    for (name, kind, _, service, version, extended), day in events:
        if kind == "case.created":
            case = _Case(str(name), service, int(version), day)
        elif case is None:
            continue
        elif kind == "case.term_suspended":
            case.since = day
        elif kind == "case.term_extended":
            case.moved += extended
        elif kind == "case.reopened":
            case.closed = None
        if case is not None and case.since is not None and kind in {"case.term_resumed", "case.closed"}:
            case.moved, case.since = case.moved + day - case.since, None
        if case is not None and kind in {"case.closed", "case.withdrawn"}:
            case.closed, case.withdrawn = day, case.withdrawn or kind == "case.withdrawn"
    return case


def _last_day(laws: _Laws, case: _Case, today: int) -> int | None:
    """The last day of the term; of a case whose term stands still, as if it ran on today."""
    term = laws.term(case.service, case.version)
    if term is None:
        return None
    moved = case.moved + (today - case.since if case.since is not None and case.closed is None else 0)
    runs_to: date = term.runs_to(days.date_of(case.begun)) + timedelta(days=moved)
    return days.day_of(term.lawful_end(runs_to))


def _slowest(run: Running, t: Any, names: list[str]) -> dict[str, tuple[str, int, float]]:
    """By case: the step before which most time passed, how much (µs), and which share of the case that is."""
    if not names:
        return {}
    cases = t.cases.filter(t.cases.name.isin(names)).select("case", "name")
    steps = t.steps.filter(t.steps.since > 0).inner_join(cases, "case")
    rows = run.rows(steps.group_by(["name", "activity"]).aggregate(spent=steps.since.sum()))
    acts = run.named("activities")
    whole: Counter[str] = Counter()
    best: dict[str, tuple[int, str]] = {}
    for name, activity, spent in rows:
        whole[name] += int(spent)
        best[name] = max(best.get(name, (0, "")), (int(spent), acts[activity]))
    return {name: (step, spent, spent / whole[name]) for name, (spent, step) in best.items()}
