"""OCEL 2.0 (Berti et al. 2024): events that each belong to several objects, in SQLite, JSON or XML.

In: a file, and of which type of object each one is a case. Out: events in a Sink, flattened: an event that belongs to
three of those objects is three events, one in each case; one that belongs to none of them is in no case and counted.
Always holds: events come in the order of the source; memory is that of the objects of the chosen types, not of the
events; nothing that a file could carry out (views, triggers, entities) is.
"""

import contextlib
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from itertools import groupby, zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import ijson
import orjson

from raadhuis.kernel.problems import Invalid, gettext
from raadhuis.lean.events import Sink
from raadhuis.lean.logs.moments import Clock
from raadhuis.lean.logs.report import BadLog, Place, Progress, Report
from raadhuis.lean.logs.unpacking import blocks

# More are a mistake: logs have some tens. Who knows better names one to the command.
MOST_TYPES = 200


class Happened(NamedTuple):
    """One event as the file tells it; `objects`: ids."""

    number: int
    type: str
    time: Any
    attributes: dict[str, Any]
    objects: list[str]


class Form:
    """One way of writing OCEL."""

    def __init__(self, file: Path, report: Report, progress: Progress | None) -> None:
        self.file, self.report, self.progress = file, report, progress

    def objects(self) -> Iterator[tuple[str, str]]:
        """The id and type of every object."""
        raise NotImplementedError

    def events(self) -> Iterator[Happened]:
        """Every event, in order."""
        raise NotImplementedError


def read(
    file: Path, kind: str, sink: Sink, mapping: Mapping[str, str], progress: Progress | None = None
) -> tuple[Report, dict[str, str]]:
    """Reads a log flattened on the objects of type `mapping["case"]`; those of `mapping["resource"]` are who did it.

    Raises Invalid when a type is not told or not there, BadLog when nothing can be used.
    """
    report = Report()
    form = _FORMS[kind](file, report, progress)
    with _bad_files():
        kinds = dict(form.objects())
        chosen = _chosen(mapping, sorted(set(kinds.values())))
        report.traces = sum(1 for told in kinds.values() if told == chosen["case"])
        _flatten(form, kinds, chosen, sink)
    sink.settle(whole=True)
    report.kept = sink.rows
    if not report.kept:
        reasons = ", ".join(f"{found.code}: {found.count}" for found in report.findings.values())
        raise BadLog(gettext("Dit OCEL-bestand is niet te lezen: %(why)s.") % {"why": reasons or "0 events"})
    return report, chosen


def types_told(file: Path, kind: str, most: int) -> tuple[list[str], list[list[str]]]:
    """The types of object, by name, and of each the first `most` objects, a row each ("" for no more).

    Raises BadLog, also when there is no object at all.
    """
    found: dict[str, list[str]] = {}
    with _bad_files():
        for id, told in _FORMS[kind](file, Report(), None).objects():
            first = found.setdefault(told, []) if len(found) < MOST_TYPES else found.get(told, [])
            if len(first) < most:
                first.append(id)
    if not found:
        raise BadLog(gettext("In dit OCEL-bestand staan geen objecten, en dus geen zaken."))
    types = sorted(found)
    return types, [list(row) for row in zip_longest(*(found[one] for one in types), fillvalue="")]


def _chosen(mapping: Mapping[str, str], types: list[str]) -> dict[str, str]:
    told = {field: mapping.get(field, "") for field in ("case", "resource")}
    shown = {"types": ", ".join(types[:30])}
    if not told["case"]:
        raise Invalid({"case": gettext("Zeg om welk soort object het gaat (case=…). Er zijn: %(types)s.") % shown})
    for field, name in told.items():
        if name and name not in types:
            words = gettext("Er is geen soort object %(name)s; er zijn: %(types)s.")
            raise Invalid({field: words % {"name": name, **shown}})
    return told


def _flatten(form: Form, kinds: dict[str, str], chosen: dict[str, str], sink: Sink) -> None:
    clock, report = Clock("iso"), form.report
    appends = sink.appends("case", "activity", "time", "lifecycle", "resource", "team", "attributes")
    for event in form.events():
        report.read += 1
        cases = list(dict.fromkeys(one for one in event.objects if kinds.get(one) == chosen["case"]))
        if not cases or not event.type:
            report.note("no-case" if event.type else "no-activity", Place(event.number), skipped=True)
            continue
        try:
            time = clock.micros(event.time)
        except (ValueError, TypeError, AttributeError):
            said = str(event.time)[:80]
            report.note("bad-time" if event.time else "no-time", Place(event.number, said=said), skipped=True)
            continue
        who = next((one for one in event.objects if chosen["resource"] and kinds.get(one) == chosen["resource"]), "")
        told = orjson.dumps(event.attributes, default=str).decode() if event.attributes else ""
        for case in cases:
            for append, value in zip(appends, (case, event.type, time, "", who, "", told), strict=True):
                append(value)
        sink.settle()
    if clock.unzoned:
        report.note("no-zone", skipped=False, count=clock.unzoned)


@contextlib.contextmanager
def _bad_files() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ijson.JSONError, ET.ParseError, KeyError, UnicodeDecodeError) as error:
        raise BadLog(gettext("Dit OCEL-bestand is niet te lezen: %(why)s.") % {"why": str(error)[:200]}) from error


class _Sqlite(Form):
    """Tables `event`, `object`, `event_object` and one for each type of event (`event_map_type`)."""

    def _opened(self) -> contextlib.closing[sqlite3.Connection]:
        made = sqlite3.connect(f"file:{quote(str(self.file))}?mode=ro&immutable=1", uri=True)
        made.execute("PRAGMA trusted_schema = OFF")
        return contextlib.closing(made)

    def objects(self) -> Iterator[tuple[str, str]]:
        with self._opened() as made:
            yield from made.execute("SELECT CAST(ocel_id AS TEXT), ocel_type FROM object")

    def events(self) -> Iterator[Happened]:
        with self._opened() as made:
            told = made.execute(
                f"SELECT e.rowid, e.ocel_type, t.ocel_time, t.told FROM event e LEFT JOIN ({self._tables(made)}) t "  # noqa: S608
                "ON t.ocel_id = e.ocel_id ORDER BY e.rowid"
            )
            related = made.execute(
                "SELECT e.rowid, CAST(o.ocel_object_id AS TEXT) FROM event e JOIN event_object o "
                "ON o.ocel_event_id = e.ocel_id ORDER BY e.rowid"
            )
            groups = groupby(related, key=itemgetter(0))
            number, objects = next(groups, (None, iter(())))
            for row, kind, time, more in told:
                while number is not None and number < row:
                    number, objects = next(groups, (None, iter(())))
                mine = [one for _, one in objects] if number == row else []
                yield Happened(row, kind or "", time, orjson.loads(more) if more else {}, mine)

    def _tables(self, made: sqlite3.Connection) -> str:
        """All tables of types of events, with their own columns as JSON."""
        parts = []
        for (name,) in made.execute("SELECT DISTINCT ocel_type_map FROM event_map_type").fetchall():
            table = _name(f"event_{name}")
            columns = [row[1] for row in made.execute(f"PRAGMA table_info({table})")]
            pairs = [f"{_text(column)}, {_name(column)}" for column in columns if not column.startswith("ocel_")]
            more = f"json_object({', '.join(pairs)})" if pairs else "''"
            parts.append(f"SELECT ocel_id, ocel_time, {more} AS told FROM {table}")  # noqa: S608
        return " UNION ALL ".join(parts) or "SELECT '' AS ocel_id, '' AS ocel_time, '' AS told WHERE 0"


def _name(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


class _Blocks:
    """A file, unpacked on the way, as something that can be read from."""

    def __init__(self, form: Form) -> None:
        self._source, self._held = blocks(form.file, form.report, form.progress), b""

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        if size and not self._held:
            self._held = next(self._source, b"")
        found, self._held = self._held[:size], self._held[size:]
        return found


class _Json(Form):
    """{"objects": [{id, type, …}], "events": [{id, type, time, attributes, relationships}]}."""

    def objects(self) -> Iterator[tuple[str, str]]:
        for one in self._items("objects.item"):
            yield str(one.get("id", "")), str(one.get("type", ""))

    def events(self) -> Iterator[Happened]:
        for number, one in enumerate(self._items("events.item"), 1):
            told = {str(pair.get("name")): pair.get("value") for pair in one.get("attributes") or ()}
            related = [str(link.get("objectId")) for link in one.get("relationships") or ()]
            yield Happened(number, str(one.get("type", "")), one.get("time"), told, related)

    def _items(self, path: str) -> Iterator[Any]:
        try:
            for one in ijson.items(_Blocks(self), path, use_float=True):
                if isinstance(one, dict):
                    yield one
        except ijson.IncompleteJSONError:
            self.report.truncated = True


class _Xml(Form):
    """<log><objects><object id type>…, <events><event id type time>…<relationship object-id>."""

    def objects(self) -> Iterator[tuple[str, str]]:
        for node in self._nodes("object"):
            yield node.get("id", ""), node.get("type", "")

    def events(self) -> Iterator[Happened]:
        for number, node in enumerate(self._nodes("event"), 1):
            told = {one.get("name", ""): one.text or "" for one in node.iterfind("attributes/attribute")}
            related = [one.get("object-id", "") for one in node.iterfind(".//relationship")]
            yield Happened(number, node.get("type", ""), node.get("time"), told, related)

    def _nodes(self, tag: str) -> Iterator[Any]:
        parser: Any = ET.XMLPullParser(["start", "end"])
        roots: list[Any] = []
        try:
            for block in blocks(self.file, self.report, self.progress):
                if b"<!DOCTYPE" in block:
                    raise BadLog(gettext("Dit OCEL-bestand is niet te lezen: %(why)s.") % {"why": "DOCTYPE"})
                parser.feed(block)
                for event, node in parser.read_events():
                    if event == "start":
                        roots.append(node)
                        continue
                    roots.pop()
                    if len(roots) == 2 and node.tag == tag:
                        yield node
                    if len(roots) == 2:
                        roots[1].remove(node)
            parser.close()
        except ET.ParseError:
            self.report.truncated = True


_FORMS: dict[str, type[Form]] = {"ocel-sqlite": _Sqlite, "ocel-json": _Json, "ocel-xml": _Xml}
