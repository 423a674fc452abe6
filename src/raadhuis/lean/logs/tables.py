"""Logs in tables: CSV (also gzipped) and Parquet, a row an event.

In: a file, and which column is what (by hand, as remembered, or guessed). Out: events in a Sink, and a Report.
Always holds: rows are read one after another, so that memory is flat; a row that is damaged costs itself alone;
separator, encoding and way of writing dates are guessed from the first rows and can be seen in a preview before
anything is read.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import orjson

from raadhuis.kernel.problems import Invalid, gettext
from raadhuis.lean.engine import engine, quoted
from raadhuis.lean.events import Sink
from raadhuis.lean.logs import guessing
from raadhuis.lean.logs.guarding import HEADER, bared, is_ours
from raadhuis.lean.logs.moments import Clock
from raadhuis.lean.logs.report import BadLog, Place, Progress, Report
from raadhuis.lean.logs.unpacking import blocks

Row = list[Any]
# What is guessed from.
SAMPLE = 1000
# How a file begins that `writing` wrote, and that no spreadsheet saved since then, perhaps with other separators.
_OURS = ",".join(HEADER).encode()
MOST_COLUMNS = 500


class Columns(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which column is what. `time` ends the activity and `start`, where there is one, begins it; `dates` is a way of
    writing them (`moments.WAYS`).
    """

    case: str
    activity: str
    time: str
    start: str = ""
    lifecycle: str = ""
    resource: str = ""
    team: str = ""
    dates: str = ""


class Table(msgspec.Struct, frozen=True):
    """A file as it looks before it is read: its columns, its first rows, how it is written.

    `ours`: a CSV that we wrote, so that every cell comes back as it was, also spaces and ends of lines.
    """

    file: Path
    kind: str
    columns: list[str]
    sample: list[Row]
    signature: str
    delimiter: str = ","
    encoding: str = "utf-8"
    ours: bool = False


def look(file: Path, kind: str) -> Table:
    """The header and first rows. Raises BadLog for a table without columns or rows."""
    ours = False
    if kind == "parquet":
        columns, sample = _look_parquet(file)
        delimiter = encoding = ""
    else:
        head = next(blocks(file, Report()), b"")
        untouched = head.startswith(_OURS)
        encoding = "utf-8" if untouched else guessing.encoding(head)
        text = head.decode(encoding, "replace")
        delimiter = "," if untouched else guessing.delimiter(text)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        lines = [row for row, _ in zip(_lenient(rows), range(SAMPLE + 1), strict=False) if row]
        ours = bool(lines) and is_ours(lines[0])
        if ours:
            lines = [[*map(bared, row)] for row in lines]
        columns, sample = ([name if ours else name.strip() for name in lines[0]], lines[1:]) if lines else ([], [])
    if len(columns) < 2 or len(columns) > MOST_COLUMNS:
        raise BadLog(
            gettext("Dit is geen tabel met een kop en kolommen (gevonden: %(count)s).") % {"count": len(columns)}
        )
    if not sample:
        raise BadLog(gettext("Deze tabel heeft een kop en geen rijen."))
    named = [name or f"column {place}" for place, name in enumerate(columns, 1)]
    signature = hashlib.sha256("\x1f".join(named).encode()).hexdigest()
    return Table(file, kind, named, sample, signature, delimiter, encoding, ours)


def guessed(table: Table) -> dict[str, str]:
    """Which column is taken for what; of our own CSV nothing has to be guessed."""
    return dict(zip(HEADER, HEADER, strict=True)) if table.ours else guessing.columns(table.columns, table.sample)


def understand(table: Table, given: Mapping[str, str], before: Mapping[str, str] | None) -> Columns:
    """Which column is what: by hand first, then as it was understood before, then guessed.

    Raises Invalid when a column is named that is not there, or one of case, activity and time cannot be found.
    """
    known = set(Columns.__struct_fields__)
    if strange := sorted(set(given) - known):
        raise Invalid({"mapping": gettext("Onbekend in de indeling: %(name)s.") % {"name": strange[0]}})
    chosen = {
        **guessed(table),
        **(before or {}),
        **{k: v for k, v in given.items() if v},
    }
    for field, column in chosen.items():
        if field != "dates" and column and column not in table.columns:
            words = gettext("Er is geen kolom %(name)s; er zijn: %(columns)s.")
            raise Invalid({field: words % {"name": column, "columns": ", ".join(table.columns[:30])}})
    missing = [field for field in ("case", "activity", "time") if not chosen.get(field)]
    if missing:
        words = gettext("Zeg welke kolom dit is: %(fields)s. Er zijn: %(columns)s.")
        names = {"fields": ", ".join(missing), "columns": ", ".join(table.columns[:30])}
        raise Invalid(dict.fromkeys(missing[:1], words % names))
    if not chosen.get("dates"):
        place = table.columns.index(chosen["time"])
        chosen["dates"] = guessing.dates([row[place] for row in table.sample if len(row) > place])
    return msgspec.convert(chosen, Columns)


def read(table: Table, chosen: Columns, sink: Sink, progress: Progress | None = None) -> Report:
    """Reads all rows. Raises BadLog when none of them can be used."""
    report = Report()
    rows = _parquet_rows(table, progress) if table.kind == "parquet" else _csv_rows(table, report, progress)
    keeper = _Keeper(table, chosen, sink, report)
    for line, row in rows:
        keeper.keep(line, row)
    sink.settle(whole=True)
    report.kept = sink.rows
    keeper.conclude()
    return report


class _Keeper:
    def __init__(self, table: Table, chosen: Columns, sink: Sink, report: Report) -> None:
        self._sink, self._report, self._width = sink, report, len(table.columns)
        self._text = _exactly if table.ours else _text
        self._clock = Clock(chosen.dates)
        # Of two columns with one name the first is meant.
        self._place = {name: place for place, name in reversed([*enumerate(table.columns)])}
        self._of = {field: self._place.get(getattr(chosen, field), -1) for field in Columns.__struct_fields__[:-1]}
        used = {getattr(chosen, field) for field in Columns.__struct_fields__}
        self._others = [(name, place) for name, place in self._place.items() if name not in used]
        self._cases: set[int] = set()
        self._appends = sink.appends("case", "activity", "time", "lifecycle", "resource", "team", "attributes")

    def keep(self, line: int, row: Row) -> None:
        """Puts a row in the table as one event, or as two when it tells a start; or says why not."""
        report, of = self._report, self._of
        report.read += 1
        if len(row) != self._width:
            code = "short-row" if len(row) < self._width else "long-row"
            report.note(code, Place(line, said=f"{len(row)} / {self._width}"), skipped=True)
            return
        case, activity = self._text(row[of["case"]]), self._text(row[of["activity"]])
        if not case or not activity:
            report.note("no-activity" if case else "no-case", Place(line), skipped=True)
            return
        told = row[of["time"]]
        try:
            time = self._clock.micros(told)
        except (ValueError, TypeError, OverflowError):
            missing = told is None or told == ""
            report.note("no-time" if missing else "bad-time", Place(line, said=str(told)[:80]), skipped=True)
            return
        self._cases.add(hash(case))
        more = {name: _plain(row[place]) for name, place in self._others if row[place] not in (None, "")}
        attributes = orjson.dumps(more, default=str).decode() if more else ""
        who = [self._text(row[of[field]]) if of[field] >= 0 else "" for field in ("lifecycle", "resource", "team")]
        if of["start"] >= 0 and row[of["start"]] not in (None, ""):
            self._begin(line, row, case, activity, time, who)
            who[0] = who[0] or "complete"
        for append, value in zip(self._appends, (case, activity, time, *who, attributes), strict=True):
            append(value)
        self._sink.settle()

    def _begin(self, line: int, row: Row, case: str, activity: str, time: int, who: list[str]) -> None:
        try:
            start = self._clock.micros(row[self._of["start"]])
        except (ValueError, TypeError, OverflowError):
            self._report.note("bad-start", Place(line, said=str(row[self._of["start"]])[:80]), skipped=False)
            return
        if start > time:
            self._report.note("start-after-end", Place(line), skipped=False)
            return
        for append, value in zip(self._appends, (case, activity, start, "start", *who[1:], ""), strict=True):
            append(value)

    def conclude(self) -> None:
        """What can only be said at the end. Raises BadLog when there is nothing."""
        report = self._report
        report.traces = len(self._cases)
        if self._clock.unzoned:
            report.note("no-zone", skipped=False, count=self._clock.unzoned)
        if not report.kept:
            reasons = ", ".join(f"{found.code}: {found.count}" for found in report.findings.values())
            words = gettext("Geen van de %(count)s rijen is bruikbaar (%(why)s). Klopt de indeling van de kolommen?")
            raise BadLog(words % {"count": report.read, "why": reasons})


def _text(value: Any) -> str:
    return "" if value is None else value.strip() if isinstance(value, str) else str(value)


def _exactly(value: Any) -> str:
    return str(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else str(value)


def _lenient(rows: Any) -> Iterator[Row]:
    while True:
        try:
            yield next(rows)
        except csv.Error:
            yield []
        except StopIteration:
            return


def _csv_rows(table: Table, report: Report, progress: Progress | None) -> Iterator[tuple[int, Row]]:
    lines = _lines(blocks(table.file, report, progress), table.encoding, as_they_are=table.ours)
    rows = csv.reader(lines, delimiter=table.delimiter)
    header = True
    while True:
        try:
            row = next(rows)
        except csv.Error as error:
            report.read += 1
            report.note("broken-row", Place(rows.line_num, said=str(error)[:80]), skipped=True)
            continue
        except StopIteration:
            return
        if header:
            header = False
        elif row:
            yield rows.line_num, [*map(bared, row)] if table.ours else row


def _lines(source: Iterable[bytes], encoding: str, *, as_they_are: bool) -> Iterator[str]:
    """Lines with their ends, decoded as they come; every end a newline, unless they must stay as they are."""
    decoder = io.IncrementalNewlineDecoder(guessing.decoder(encoding), translate=not as_they_are)
    held = ""
    for block in source:
        held += decoder.decode(block)
        *lines, held = held.split("\n")
        yield from (line + "\n" for line in lines)
    if held:
        yield held


def _look_parquet(file: Path) -> tuple[list[str], list[Row]]:
    import duckdb

    try:
        with engine() as made:
            found = made.execute(f"SELECT * FROM read_parquet({quoted(file)}) LIMIT {SAMPLE}")  # noqa: S608
            return [str(column[0]) for column in found.description or []], [list(row) for row in found.fetchall()]
    except duckdb.Error as error:
        raise BadLog(gettext("Dit Parquet-bestand is niet te lezen: %(why)s.") % {"why": _first_line(error)}) from error


def _parquet_rows(table: Table, progress: Progress | None) -> Iterator[tuple[int, Row]]:
    import duckdb

    with engine() as made:
        try:
            count = (made.execute(f"SELECT count(*) FROM read_parquet({quoted(table.file)})").fetchone() or (0,))[0]  # noqa: S608
            found = made.execute(f"SELECT * FROM read_parquet({quoted(table.file)})")  # noqa: S608
            line = 0
            while rows := found.fetchmany(10_000):
                for row in rows:
                    line += 1
                    yield line, list(row)
                if progress is not None:
                    progress(line, count)
        except duckdb.Error as error:
            words = gettext("Dit Parquet-bestand is niet te lezen: %(why)s.")
            raise BadLog(words % {"why": _first_line(error)}) from error


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
