"""XES (IEEE 1849-2016), also gzipped, read leniently: what real tools write seldom keeps to the schema.

In: a file. Out: events in a Sink, and a Report.
Always holds: the file is read in pieces that end with an event or a trace, so that memory is flat however long the
log or one of its traces is; a document type, and so an entity of its own, never reaches the parser; damage costs the
event that it is in and no other; of a file that breaks off comes all that stood before.

A trace is a case under its `concept:name`. Two traces of one name are one case, as in every tool that reads tables;
the report says how often. What else a trace or an event tells is kept as attributes, typed; what hangs below an
attribute is kept under both keys, "outer/inner".
"""

import contextlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import numpy
import orjson

from raadhuis.kernel.problems import gettext
from raadhuis.lean.events import Sink
from raadhuis.lean.logs import moments
from raadhuis.lean.logs.columns import objects
from raadhuis.lean.logs.keys import GROUP, LIFECYCLE, NAME, PLAIN, RESOURCE, ROLE, TIME, TYPED, typed
from raadhuis.lean.logs.pieces import Piece, head_of, pieces
from raadhuis.lean.logs.report import BadLog, Place, Progress, Report
from raadhuis.lean.logs.usual import Events, Usual

_COLUMNS = ("activity", "time", "lifecycle", "resource", "team", "attributes")
_TOKEN = re.compile(
    rb"<(?P<open>trace)\b[^>]*>|</(?P<close>trace)\s*>|<event\b[^<>]*/>|"
    rb"<(?P<event>event)\b[^>]*>(?:(?!<event\b|<trace\b|</trace).)*?(?P<ended></event\s*>)|"
    rb"<event\b(?:(?!<event\b|<trace\b|</trace).)*",
    re.DOTALL,
)
_SOMETHING = re.compile(rb"<\w")
_CLASSIFIER = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?classifier\b[^>]*\bkeys\s*=\s*([\"'])(.*?)\1")


def read(file: Path, sink: Sink, progress: Progress | None = None, named: str = "") -> Report:
    """Reads a whole log. `named`: the key of what a step is called, where an event has it; else `concept:name`.

    Raises BadLog when nothing in it is a log or no event has a time.
    """
    report = Report()
    reader = _Reader(sink, report, named or NAME)
    for piece in pieces(file, report, progress):
        reader.take(piece)
        sink.settle()
    reader.end_trace()
    sink.settle(whole=True)
    report.kept = sink.rows
    if reader.unzoned:
        report.note("no-zone", skipped=False, count=reader.unzoned)
    if not report.kept:
        raise BadLog(_why_empty(report))
    return report


def names_told(file: Path, count: int) -> tuple[list[str], list[list[str]]]:
    """By which keys its steps can be called, and what the first events tell under these, as far as they are whole.

    `concept:name` is the first; others are what a classifier of the log begins with, where events tell something else
    under it. Raises BadLog when the file is no XES.
    """
    found = (match[2].decode("utf-8", "replace").split() for match in _CLASSIFIER.finditer(head_of(file)))
    known = {NAME, TIME, LIFECYCLE, RESOURCE, GROUP, ROLE}
    keys = [NAME, *dict.fromkeys(one[0] for one in found if one and one[0] not in known)]
    told: list[dict[str, str]] = []
    piece = next(pieces(file, Report()), None)
    for token in _TOKEN.finditer(piece.content if piece else b""):
        if piece and token["event"] and len(told) < count:
            with contextlib.suppress(ET.ParseError):
                event = ET.fromstring(piece.wrapped(token[0]))[0]  # noqa: S314 - see above
                told.append({str(node.get("key")): node.get("value") or "" for node in event})
    keys = [key for key in keys if key == NAME or any(one.get(key, "") not in {"", one.get(NAME)} for one in told)]
    return keys, [[one.get(key, "") for key in keys] for one in told]


def _why_empty(report: Report) -> str:
    if not report.read:
        return gettext("Dit logboek bevat geen enkele gebeurtenis.")
    found = sorted(report.findings.values(), key=lambda one: (-one.count, one.code))
    reasons = ", ".join(f"{one.code}: {one.count}" for one in found)
    return gettext(
        "Van de %(count)s gebeurtenissen is er geen bruikbaar (%(why)s). Zonder tijd valt er niets te ordenen."
    ) % {
        "count": report.read,
        "why": reasons,
    }


class _Reader:
    """Holds the trace that is being read; it may run over many pieces."""

    def __init__(self, sink: Sink, report: Report, named: str) -> None:
        self._sink, self._report, self._named = sink, report, named
        self.unzoned = 0
        self._usual = Usual(named)
        self._open = False
        self._trace: dict[str, Any] = {}
        self._unnamed = 0  # Events in the table that have no case yet.
        self._case = ""
        self._names: set[int] = set()
        self._appends = sink.appends(*_COLUMNS)
        self._cases = sink.columns["case"]

    def take(self, piece: Piece) -> None:
        """Reads a piece; when it is not well-formed, event by event."""
        found = self._usual.events(piece.content, opened=self._open)
        if found is not None:
            self._take_usual(found, _Places(piece))
            return
        try:
            root = ET.fromstring(piece.whole(opened=self._open))  # noqa: S314 - see above
        except ET.ParseError:
            self._repair(piece)
            return
        place = _Places(piece)
        for number, node in enumerate(root):
            if node.tag == "trace":
                continued = number == 0 and self._open
                if not continued:
                    self.begin_trace()
                self._take_trace(node, place)
                if node is not root[-1] or piece.closed:
                    self.end_trace()
            elif node.tag == "event":
                place.next()
                self._report.read += 1
                self._skip("no-case", place, self._report.traces)

    def _take_usual(self, found: Events, place: "_Places") -> None:
        """Puts the events of a piece in which there is nothing unusual in the table."""
        before = self._report.traces
        cases = objects([*self._continued(found), *self._begun(found)])
        self._report.read += len(found.trace)
        self.unzoned += found.unzoned
        columns = {"case": cases[found.trace], **found.columns}
        if found.careful:
            kept = numpy.ones(len(found.trace), dtype=bool)
            for place.event, told in found.careful.items():
                values = self._understood(told, place, before + int(found.trace[place.event]))
                kept[place.event] = values is not None
                for name, value in zip(_COLUMNS, values or (), strict=False):
                    columns[name][place.event] = value
            columns = {name: column[kept] for name, column in columns.items()}
        self._sink.take(columns)

    def _continued(self, found: Events) -> list[str]:
        """The case of the trace that was open before a piece; the trace ends where another begins."""
        if not self._open:
            return [""]
        self._tell(found, 0)
        self._name_case()
        if found.traces or found.ended:
            self.end_trace()
        return [self._case]

    def _begun(self, found: Events) -> list[str]:
        """The cases of the traces that begin in a piece."""
        whole = found.traces - (not found.ended) if found.traces else 0
        first, beyond = numpy.searchsorted(found.told[0], (1, whole + 1)).tolist()
        told = found.told[1][first:beyond]
        names: list[str] = []
        # Nearly always each trace is told of once, and tells a name that no other has.
        if numpy.array_equal(found.told[0][first:beyond], numpy.arange(1, whole + 1)) and self._all_new(told):
            names += told
            self._report.traces += whole
            for case, attributes in zip(names, found.told[2][first:beyond], strict=True):
                if attributes:
                    self._sink.case_attributes(case, attributes)
        for number in range(len(names) + 1, found.traces + 1):
            self.begin_trace()
            self._tell(found, number)
            self._name_case()
            names.append(self._case)
            if number < found.traces or found.ended:
                self.end_trace()
        return names

    def _tell(self, found: Events, number: int) -> None:
        first, beyond = numpy.searchsorted(found.told[0], (number, number + 1)).tolist()
        for name, told in zip(*(column[first:beyond] for column in found.told[1:]), strict=True):
            if name is not None:
                self._trace[NAME] = name
            if told:
                self._trace.update(orjson.loads(told))

    def _all_new(self, names: list[str | None]) -> TypeGuard[list[str]]:
        """Whether all are names, no two are the same, and none was met before; if so, they are now."""
        met = set(map(hash, names))
        if not all(name and name.strip() for name in names) or len(met) < len(names) or not met.isdisjoint(self._names):
            return False
        self._names |= met
        return True

    def begin_trace(self) -> None:
        """A new trace; one that was still open ends."""
        self.end_trace()
        self._report.traces += 1
        self._open, self._trace, self._case = True, {}, ""

    def end_trace(self) -> None:
        """Gives the trace's events their case, and tells what else is known of it."""
        if not self._open:
            return
        self._name_case()
        self._open = False
        attributes = {key: value for key, value in self._trace.items() if key != NAME}
        if attributes:
            self._sink.case_attributes(self._case, orjson.dumps(attributes).decode())

    def _name_case(self) -> None:
        """The case of the events that wait for it: told by now, or else by the trace's place."""
        if not self._case:
            name = self._trace.get(NAME)
            place = Place(0, self._report.traces)
            if name is None or not str(name).strip():
                self._report.note("trace-without-name", place, skipped=False)
                name = f"trace {self._report.traces}"
            self._case = str(name)
            known = len(self._names)
            self._names.add(hash(self._case))
            if len(self._names) == known:
                self._report.note("trace-named-before", Place(0, self._report.traces, self._case[:80]), skipped=False)
        self._cases.extend([self._case] * self._unnamed)
        self._unnamed = 0

    def _take_trace(self, trace: Any, place: "_Places") -> None:
        for node in trace:
            if node.tag == "event":
                place.next()
                self._take_event(node, place)
            else:
                _value(node, self._trace, "")
        self._name_case()  # Also of a trace that goes on: its events may be written now.

    def _take_event(self, event: Any, place: "_Places") -> None:
        told: dict[str, Any] = {}
        for node in event:
            key = node.get("key")
            if key is None or len(node) or node.tag not in PLAIN:
                _value(node, told, "")
            else:
                value = node.get("value")
                if value is not None:
                    told[key] = typed(node.tag, value) if node.tag in TYPED else value
        self._keep(told, place)

    def _keep(self, told: dict[str, Any], place: "_Places") -> None:
        """Puts an event in the table, or says why not."""
        self._report.read += 1
        values = self._understood(told, place, self._report.traces)
        if values is not None:
            for append, value in zip(self._appends, values, strict=True):
                append(value)
            self._unnamed += 1

    def _understood(self, told: dict[str, Any], place: "_Places", trace: int) -> tuple[Any, ...] | None:
        """The values in the columns of an event, or None after saying why there are none."""
        time = told.pop(TIME, None)
        activity = told.pop(self._named if self._named in told else NAME, None)
        if time is None or activity is None or activity == "":
            self._skip("no-time" if time is None else "no-activity", place, trace)
            return None
        try:
            micros, zoned = moments.parse(time)
        except (ValueError, TypeError):
            self._skip("bad-time", place, trace, said=str(time)[:80])
            return None
        self.unzoned += not zoned
        return (
            str(activity),
            micros,
            str(told.pop(LIFECYCLE, "")),
            str(told.pop(RESOURCE, "")),
            str(told.pop(GROUP, "") or told.get(ROLE, "")),
            orjson.dumps(told).decode() if told else "",
        )

    def _skip(self, code: str, place: "_Places", trace: int, *, said: str = "") -> None:
        self._report.note(code, Place(place.line(), trace, said), skipped=True)

    def _repair(self, piece: Piece) -> None:
        """Reads what is whole in a piece that is not, event by event."""
        at = 0
        place = _Places(piece)
        for token in _TOKEN.finditer(piece.content):
            self._between(piece, piece.content[at : token.start()], at)
            at = token.end()
            if token["open"]:
                if not token[0].endswith(b"/>"):
                    self.begin_trace()
            elif token["close"]:
                self.end_trace()
            else:
                place.next()
                self._repair_event(piece, token, place)
        self._between(piece, piece.content[at:], at)
        if self._open:
            self._name_case()

    def _repair_event(self, piece: Piece, token: "re.Match[bytes]", place: "_Places") -> None:
        line = piece.line_at(token.start())
        try:
            event = ET.fromstring(piece.wrapped(token[0]))[0]  # noqa: S314 - see above
        except ET.ParseError:
            self._report.read += 1
            said = token[0][:80].decode("utf-8", "replace")
            self._report.note("broken-xml", Place(line, self._report.traces, said), skipped=True)
            return
        if self._open:
            place.at = token.start()
            self._take_event(event, place)
        else:
            self._report.read += 1
            self._report.note("no-case", Place(line, self._report.traces), skipped=True)

    def _between(self, piece: Piece, text: bytes, at: int) -> None:
        """What stands between events: the attributes of a trace, or wreckage."""
        if not _SOMETHING.search(text):
            return
        try:
            for node in ET.fromstring(piece.wrapped(text)):  # noqa: S314 - see above
                _value(node, self._trace, "")
        except ET.ParseError:
            place = Place(piece.line_at(at), self._report.traces, text.strip()[:80].decode("utf-8", "replace"))
            self._report.note("broken-xml-between", place, skipped=False)
            for node in _loose(piece, text):
                _value(node, self._trace, "")


def _loose(piece: Piece, text: bytes) -> Iterator[Any]:
    """The attributes that are whole in a text that is not."""
    for token in re.finditer(rb"<[a-z]+\s[^<>]*/>", text):
        try:
            yield ET.fromstring(piece.wrapped(token[0]))[0]  # noqa: S314 - see above
        except ET.ParseError:
            continue


class _Places:
    """Where the event stands that is being read: looked up only when there is something to say about it."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self.event = -1
        self.at = -1

    def next(self) -> None:
        """One event further."""
        self.event += 1

    def line(self) -> int:
        """The line on which this event begins."""
        return self._piece.line_at(self.at if self.at >= 0 else self._piece.start_of_event(self.event))


def _value(node: Any, told: dict[str, Any], before: str) -> None:
    """Puts an attribute, and what hangs below it, among those told. One without a key is passed over."""
    key, value = node.get("key"), node.get("value")
    if key is None:
        if node.tag == "values":  # What is in a list.
            for inner in node:
                _value(inner, told, before)
        return
    name = f"{before}{key}"
    if value is not None:
        told[name] = typed(node.tag, value)
    for inner in node:
        _value(inner, told, f"{name}/")
