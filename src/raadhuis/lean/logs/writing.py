"""A log goes out: XES (IEEE 1849-2016), CSV, Parquet, or OCEL 2.0 in SQLite, JSON or XML.

In: events of the internal table (a relation), and which attributes go along. Out: a file, whole or not at all.
Always holds: no personal data: who did a step is a number that means something in this file alone; attributes are left
out unless they are chosen by name. Events are in order of case, time and source; memory is flat.
"""

import csv
import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TextIO
from xml.sax.saxutils import quoteattr

import duckdb
import orjson

from raadhuis.kernel.problems import Invalid, gettext
from raadhuis.lean.engine import engine, quoted
from raadhuis.lean.logs.guarding import HEADER, guarded
from raadhuis.lean.logs.moments import iso_of

FORMATS = ("xes", "csv", "parquet", "ocel-sqlite", "ocel-json", "ocel-xml")


class Step(NamedTuple):
    """One event as it goes out; `time` in µs since 1970, `told` the chosen attributes."""

    case: str
    activity: str
    time: int
    lifecycle: str
    resource: str
    team: str
    told: dict[str, Any]


def write(events: str, target: Path, kind: str, attributes: Collection[str] = ()) -> int:
    """Writes the relation `events` (SQL) to `target`; how many events. Raises Invalid for an unknown format."""
    if kind not in FORMATS:
        raise Invalid({"format": gettext("Onbekend formaat: %(name)s.") % {"name": kind}})
    aside = target.with_name(target.name + ".part")
    aside.unlink(missing_ok=True)
    with engine() as made:
        try:
            count = _WRITERS[kind](_Steps(made, events, attributes), aside)
            aside.rename(target)
        finally:
            aside.unlink(missing_ok=True)
    return count


class _Steps:
    """The events, to be gone through as often as a format needs."""

    def __init__(self, made: duckdb.DuckDBPyConnection, events: str, attributes: Collection[str]) -> None:
        self._made, self.attributes = made, sorted(set(attributes))
        self._key = secrets.token_bytes(16)
        found = {str(row[0]) for row in made.execute(f"DESCRIBE {events}").fetchall()}
        more = ", attributes" if "attributes" in found and self.attributes else ", '' AS attributes"
        names = ", ".join(f'"{name}"::VARCHAR' if name == "case" else name for name in HEADER)
        self._query = f'SELECT {names}{more} FROM ({events}) ORDER BY "case", time, sequence'  # noqa: S608

    def __iter__(self) -> Iterator[Step]:
        with self._made.cursor() as asked:
            asked.execute(self._query)
            while rows := asked.fetchmany(10_000):
                for case, activity, time, lifecycle, resource, team, told in rows:
                    kept = orjson.loads(told) if told else {}
                    chosen = {name: kept[name] for name in self.attributes if name in kept}
                    yield Step(case, activity, time, lifecycle or "", self._person(resource), team or "", chosen)

    def _person(self, name: str | None) -> str:
        if not name:
            return ""
        return "person-" + hashlib.blake2b(name.encode(), key=self._key, digest_size=6).hexdigest()


def _xes(steps: _Steps, target: Path) -> int:
    count = 0
    with target.open("w", encoding="utf-8") as out:
        out.write(_XES_HEAD)
        for case, group in groupby(steps, key=itemgetter(0)):
            out.write(f'  <trace>\n    <string key="concept:name" value={_xml(case)}/>\n')
            for step in group:
                count += 1
                out.write("    <event>\n" + "".join(_xes_attributes(step)) + "    </event>\n")
            out.write("  </trace>\n")
        out.write("</log>\n")
    return count


_EXTENSIONS = {"Concept": "concept", "Time": "time", "Lifecycle": "lifecycle", "Organizational": "org"}
_XES_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    + "".join(
        f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in _EXTENSIONS.items()
    )
    + '  <global scope="trace">\n    <string key="concept:name" value=""/>\n  </global>\n'
    '  <global scope="event">\n    <string key="concept:name" value=""/>\n'
    '    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n  </global>\n'
    '  <classifier name="Activity" keys="concept:name"/>\n'
)


def _xes_attributes(step: Step) -> Iterator[str]:
    pairs = {"concept:name": step.activity, "lifecycle:transition": step.lifecycle}
    pairs |= {"org:resource": step.resource, "org:group": step.team}
    for key, text in pairs.items():
        if text or key == "concept:name":
            yield f'      <string key="{key}" value={_xml(text)}/>\n'
    yield f'      <date key="time:timestamp" value="{iso_of(step.time)}"/>\n'
    for key, value in step.told.items():
        if key in pairs or key == "time:timestamp" or value is None:
            continue
        tag = _TAGS.get(type(value), "string")
        text = str(value).lower() if tag == "boolean" else str(value)
        yield f"      <{tag} key={_xml(key)} value={_xml(text)}/>\n"


_TAGS: dict[type, str] = {bool: "boolean", int: "int", float: "float"}
_NO_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def _xml(text: str) -> str:
    """As the value of an attribute; what XML cannot hold is left out."""
    return quoteattr(text.translate(_NO_XML), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _csv(steps: _Steps, target: Path, cell: Callable[[str], str] = guarded) -> int:
    count = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow([*HEADER, *map(cell, steps.attributes)])
        for step in steps:
            count += 1
            told = [_as_cell(step.told.get(name), cell) for name in steps.attributes]
            who = [cell(text) for text in (step.lifecycle, step.resource, step.team)]
            rows.writerow([cell(step.case), cell(step.activity), iso_of(step.time), *who, *told])
    return count


def _as_cell(value: Any, cell: Callable[[str], str]) -> str:
    """Numbers as they are; of a text, and of what has parts, what can be opened without danger."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) else cell(str(value))


def _parquet(steps: _Steps, target: Path) -> int:
    """By way of CSV, of which every column is text but the time. No spreadsheet opens that, so its cells are bare."""
    aside = target.with_name(target.name + ".csv")
    try:
        count = _csv(steps, aside, str)
        with engine() as made:
            made.execute(
                f"COPY (SELECT * REPLACE (time::TIMESTAMPTZ AS time) FROM read_csv({quoted(aside)}, header = true, "  # noqa: S608
                f"all_varchar = true)) TO {quoted(target)} (FORMAT parquet)"
            )
    finally:
        aside.unlink(missing_ok=True)
    return count


def _objects(step: Step) -> Iterator[tuple[str, str, str]]:
    """Id, type and part of what an event belongs to."""
    yield f"case:{step.case}", "case", "case"
    if step.resource:
        yield step.resource, "person", "by"
    if step.team:
        yield f"team:{step.team}", "team", "of"


def _all_objects(steps: _Steps) -> dict[str, str]:
    return {id: kind for step in steps for id, kind, _ in _objects(step)}


def _activities(steps: _Steps) -> list[str]:
    return sorted({step.activity for step in steps})


def _ocel_sqlite(steps: _Steps, target: Path) -> int:
    names = {activity: f"type{number}" for number, activity in enumerate(_activities(steps), 1)}
    made = sqlite3.connect(target)
    count = 0
    try:
        _make_tables(made, names, steps.attributes)
        for id, kind in _all_objects(steps).items():
            made.execute("INSERT INTO object VALUES (?, ?)", (id, kind))
            made.execute(f"INSERT INTO object_{kind} VALUES (?, '1970-01-01T00:00:00Z', NULL)", (id,))  # noqa: S608
        marks = ", ".join("?" * (2 + len(steps.attributes)))
        for count, step in enumerate(steps, 1):
            id = f"e{count}"
            told = [None if (value := step.told.get(name)) is None else str(value) for name in steps.attributes]
            made.execute("INSERT INTO event VALUES (?, ?)", (id, step.activity))
            made.execute(f"INSERT INTO event_{names[step.activity]} VALUES ({marks})", (id, iso_of(step.time), *told))  # noqa: S608
            made.executemany(
                "INSERT INTO event_object VALUES (?, ?, ?)", [(id, o, part) for o, _, part in _objects(step)]
            )
        made.commit()
    finally:
        made.close()
    return count


def _make_tables(made: sqlite3.Connection, names: dict[str, str], attributes: list[str]) -> None:
    made.executescript(
        "CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);"
        "CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);"
        "CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);"
        "CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);"
        "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT, "
        "PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));"
        "CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);"
    )
    more = "".join(', "' + name.replace('"', '""') + '" TEXT' for name in attributes)
    for activity, name in names.items():
        made.execute("INSERT INTO event_map_type VALUES (?, ?)", (activity, name))
        made.execute(f"CREATE TABLE event_{name} (ocel_id TEXT PRIMARY KEY, ocel_time TEXT{more})")
    for kind in ("case", "person", "team"):
        made.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, kind))
        made.execute(f"CREATE TABLE object_{kind} (ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT)")


def _ocel_json(steps: _Steps, target: Path) -> int:
    count = 0
    with target.open("wb") as out:
        types: list[dict[str, Any]] = [{"name": name, "attributes": []} for name in ("case", "person", "team")]
        told = [{"name": name, "type": "string"} for name in steps.attributes]
        happened = [{"name": name, "attributes": told} for name in _activities(steps)]
        out.write(
            b'{"objectTypes":' + orjson.dumps(types) + b',"eventTypes":' + orjson.dumps(happened) + b',"objects":['
        )
        for number, (id, kind) in enumerate(_all_objects(steps).items()):
            one = {"id": id, "type": kind, "attributes": [], "relationships": []}
            out.write((b",\n" if number else b"\n") + orjson.dumps(one))
        out.write(b'],"events":[')
        for count, step in enumerate(steps, 1):
            out.write((b",\n" if count > 1 else b"\n") + orjson.dumps(_json_event(count, step)))
        out.write(b"]}\n")
    return count


def _json_event(number: int, step: Step) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "type": step.activity,
        "time": iso_of(step.time),
        "attributes": [{"name": name, "value": str(value)} for name, value in step.told.items() if value is not None],
        "relationships": [{"objectId": id, "qualifier": part} for id, _, part in _objects(step)],
    }


def _ocel_xml(steps: _Steps, target: Path) -> int:
    count = 0
    with target.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log>\n<object-types>\n')
        for kind in ("case", "person", "team"):
            out.write(f'<object-type name="{kind}"><attributes/></object-type>\n')
        out.write("</object-types>\n<event-types>\n")
        told = "".join(f'<attribute name={_xml(name)} type="string"/>' for name in steps.attributes)
        for activity in _activities(steps):
            out.write(f"<event-type name={_xml(activity)}><attributes>{told}</attributes></event-type>\n")
        out.write("</event-types>\n<objects>\n")
        for id, kind in _all_objects(steps).items():
            out.write(f'<object id={_xml(id)} type="{kind}"><attributes/><objects/></object>\n')
        out.write("</objects>\n<events>\n")
        for count, step in enumerate(steps, 1):
            _xml_event(out, count, step)
        out.write("</events>\n</log>\n")
    return count


def _xml_event(out: TextIO, number: int, step: Step) -> None:
    told = "".join(
        f"<attribute name={_xml(name)}>{_xml(str(value))[1:-1]}</attribute>"
        for name, value in step.told.items()
        if value is not None
    )
    links = "".join(f'<relationship object-id={_xml(id)} qualifier="{part}"/>' for id, _, part in _objects(step))
    out.write(
        f'<event id="e{number}" type={_xml(step.activity)} time="{iso_of(step.time)}">'
        f"<attributes>{told}</attributes><objects>{links}</objects></event>\n"
    )


_WRITERS: dict[str, Callable[[_Steps, Path], int]] = {
    "xes": _xes,
    "csv": _csv,
    "parquet": _parquet,
    "ocel-sqlite": _ocel_sqlite,
    "ocel-json": _ocel_json,
    "ocel-xml": _ocel_xml,
}
