"""XES as nearly all tools write it: flat attributes, key before value, in double quotes. Read by column, not by event.

In: the bytes of a piece of a file. Out: its events as columns, and where traces begin and end among them; None when
anything in the piece is unusual.
Always holds: nothing is passed over. A piece is cut at its quotes; of what stands between a value and the next key
there are few kinds, and each is understood as a whole; a control character or a `<` inside a value makes the piece
unusual. A log has few shapes (which attributes, in which order) and many events, so that the work is done by column.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy
import orjson

from raadhuis.lean.logs import moments
from raadhuis.lean.logs.keys import GROUP, LIFECYCLE, NAME, RESOURCE, ROLE, TIME, TYPED, typed

# Texts that are remembered because they come again; a log in which they do not is not helped by more.
MOST_KNOWN = 20_000
_BETWEEN = re.compile(r"\s?/>\s*((?:</?(?:event|trace)>\s*)*)<(string|date|int|float|boolean|id) key=")
_MARK = re.compile(r"/?(?:event|trace)")
_REFERENCE = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);")
_CONTROLS = bytes(range(32))
_TAGS = ("string", "date", "int", "float", "boolean", "id")
_NO_MOMENT = (0, False)
_MIX = numpy.uint64(0x9E3779B97F4A7C15)

Attributes = tuple[tuple[str, str], ...]
"""Tag and key of each."""


class Boundary:
    """Before the event with this number (from 0, in the piece): ends and begins of traces, and what is told of one."""

    __slots__ = ("before", "marks", "told")

    def __init__(self, before: int, marks: Sequence[str], told: Mapping[str, Any]) -> None:
        self.before, self.marks, self.told = before, marks, told


class Events:
    """The events of a piece. `columns`: activity, time (µs), lifecycle, resource, team, attributes (JSON).

    `careful`: events of which the columns tell nothing, by their number, ascending, with all their attributes;
    `unzoned`: the numbers of those whose time tells no zone.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.columns: list[list[Any]] = [[] for _ in range(6)]
        self.careful: dict[int, dict[str, Any]] = {}
        self.unzoned: list[int] = []
        self.boundaries: list[Boundary] = []


class _Between:
    """What may stand between a value and the next key: the marks on the way, and the next attribute's tag."""

    def __init__(self, text: str, marks: list[str], tag: str) -> None:
        self.traces = [mark for mark in marks if mark.endswith("trace")]
        # Angles and controls; whether there is any mark; whether it begins and ends an event; the tag.
        controls, opens, closes = sum(letter < " " for letter in text), marks[-1:] == ["event"], marks[:1] == ["/event"]
        self.counts = (text.count("<"), controls, bool(marks), opens, closes, _TAGS.index(tag))


class _Shape:
    """The attributes of an event, in order; where in it stands what every log tells (-1: nowhere)."""

    def __init__(self, attributes: Attributes, named: str) -> None:
        self.attributes = attributes
        places = {key: place for place, (_, key) in enumerate(attributes)}  # Of two with one key the last counts.
        tags = {key: attributes[place][0] for key, place in places.items()}
        name = named if named in tags else NAME
        special = (name, TIME, LIFECYCLE, RESOURCE, GROUP)
        numbers = any(tags.get(key) in TYPED for key in (*special, ROLE))
        self.direct = name in tags and TIME in tags and not numbers and not (GROUP in tags and ROLE in tags)
        self.special = [places.get(key, -1) for key in special[:4]] + [places.get(GROUP, places.get(ROLE, -1))]
        rest = [key for key in tags if key not in special]
        self.rest = [(places[key], tags[key] if tags[key] in TYPED else "") for key in rest]
        names = (orjson.dumps(key).decode().replace("%", "%%") for key in rest)
        parts = (f"{name}:%s" if tag else f'{name}:"%s"' for name, (_, tag) in zip(names, self.rest, strict=True))
        self.form = f"{{{','.join(parts)}}}"
        self.places = numpy.arange(len(attributes))

    def told(self, values: Sequence[str]) -> dict[str, Any]:
        """The attributes by their keys, typed."""
        pairs = zip(self.attributes, values, strict=True)
        return {key: typed(tag, value) if tag in TYPED else value for (tag, key), value in pairs}


class Usual:
    """Reads pieces; remembers what it met in those before. `named`: the key of what a step is called."""

    def __init__(self, named: str = NAME) -> None:
        self._named = named
        self._betweens: list[_Between] = []
        self._codes: dict[str, int] = {}
        self._counts = numpy.zeros((0, 6), dtype=numpy.int64)
        self._keys: dict[str, int] = {}
        self._names: list[str] = []
        self._shapes: dict[bytes, _Shape] = {}
        self._times: dict[str, tuple[int, bool]] = {}
        self._numbers: dict[str, dict[str, str]] = {}

    def events(self, content: bytes) -> Events | None:
        """What is in a piece, in order."""
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return None
        parts = text.split('"')
        if len(parts) < 5 or len(parts) % 4 != 1 or set(parts[2::4]) != {" value="}:
            return None
        values, plain = parts[3::4], "\\" not in text
        if "&" in text:
            if text.count("&") != len(_REFERENCE.findall("".join(values))):
                return None
            values, plain = [html.unescape(value) if "&" in value else value for value in values], False
        # The first follows no attribute and the last precedes none: read as if they did.
        parts[0], parts[-1] = f"/>{parts[0]}", f"{parts[-1]}<string key="
        between = self._coded(parts[0::4])
        if between is None:
            return None
        angles, controls = self._counts[between, :2].sum(axis=0).tolist()
        if angles != 1 + text.count("<") or controls != len(content) - len(content.translate(None, _CONTROLS)):
            return None
        return self._cut(between, self._tagged(between, parts[1::4]), numpy.array(values, dtype=object), plain=plain)

    def _coded(self, texts: list[str]) -> Any:
        """A number for each kind of text between a value and a key; None when one is not understood."""
        codes = self._codes
        for text in set(texts) - codes.keys():
            found = _BETWEEN.fullmatch(text)
            marks = _MARK.findall(found[1]) if found else []
            if found is None or "event" in marks[:-1] or "/event" in marks[1:] or len(codes) > MOST_KNOWN:
                return None
            codes[text] = len(codes)
            self._betweens.append(_Between(text, marks, found[2]))
            self._counts = numpy.vstack((self._counts, self._betweens[-1].counts))
        return numpy.fromiter(map(codes.__getitem__, texts), dtype=numpy.int64, count=len(texts))

    def _tagged(self, between: Any, keys: list[str]) -> Any:
        """A number for each attribute's tag and key."""
        known = self._keys
        for key in set(keys) - known.keys():
            known[key] = len(known)
        numbers = numpy.fromiter(map(known.__getitem__, keys), dtype=numpy.int64, count=len(keys))
        return self._counts[between[:-1], 5] + numbers * len(_TAGS)

    def _attribute(self, number: int) -> tuple[str, str]:
        key, tag = divmod(number, len(_TAGS))
        if len(self._names) <= key:
            self._names = list(self._keys)
        return _TAGS[tag], self._names[key]

    def _cut(self, between: Any, tags: Any, values: Any, *, plain: bool) -> Events | None:
        """Where events and what stands between them begin and end; None when they do not take turns."""
        marked, opens, closes = (self._counts[between, place].astype(bool) for place in (2, 3, 4))
        marked[0] = True
        starts = numpy.flatnonzero(marked[:-1])
        beyond = numpy.append(starts[1:], len(tags))
        is_event = opens[starts]
        if closes[0] or (closes[beyond] != is_event).any():
            return None
        found = Events(int(is_event.sum()))
        self._bound(found, between, tags, values, (starts, beyond, is_event))
        if found.count and not self._fill(found, tags, values, (starts[is_event], beyond[is_event]), plain=plain):
            return None
        return found

    def _bound(self, found: Events, between: Any, tags: Any, values: Any, cuts: tuple[Any, Any, Any]) -> None:
        """Where traces begin and end, and what is told of them."""
        starts, beyond, is_event = cuts
        traces = numpy.array([bool(one.traces) for one in self._betweens])[numpy.append(between[starts], between[-1])]
        places = numpy.flatnonzero(traces | ~numpy.append(is_event, True))
        before = numpy.append(numpy.cumsum(is_event) - is_event, found.count)[places].tolist()
        # Of one that begins with an event, and of the last, nothing is told.
        first = numpy.append(starts, len(tags))[places].tolist()
        last = numpy.append(numpy.where(is_event, starts, beyond), len(tags))[places].tolist()
        marks = map([one.traces for one in self._betweens].__getitem__, between[first].tolist())
        numbers, texts, known = tags.tolist(), values.tolist(), self._attribute
        add = found.boundaries.append
        for number, at, end, mark in zip(before, first, last, marks, strict=True):
            told: dict[str, Any] = {}
            for place in range(at, end):
                tag, key = known(numbers[place])
                told[key] = typed(tag, texts[place]) if tag in TYPED else texts[place]
            add(Boundary(number, mark, told))

    def _fill(self, found: Events, tags: Any, values: Any, cuts: tuple[Any, Any], *, plain: bool) -> bool:
        """The columns, a shape at a time; whether all events of a shape have it indeed."""
        starts, beyond = cuts
        columns = [numpy.full(found.count, "", dtype=object) for _ in range(6)]
        lengths = beyond - starts
        for rows in _alike(tags, starts, lengths):
            count = int(lengths[rows[0]])
            first = tags[starts[rows[0]] : beyond[rows[0]]]
            places = starts[rows]
            if (lengths[rows] != count).any() or (tags[places[:, None] + numpy.arange(count)] != first).any():
                return False  # Two shapes with one digest.
            shape = self._shape(first)
            if not shape.direct:
                for row, place in zip(rows.tolist(), places.tolist(), strict=True):
                    found.careful[row] = shape.told(values[place : place + count].tolist())
                continue
            for column, at in zip(columns, shape.special, strict=False):
                if at >= 0:
                    column[rows] = values[places + at]
            if shape.rest:
                told = [values[places + at].tolist() for at, _ in shape.rest]
                columns[5][rows] = numpy.array(self._written(shape, told, plain=plain), dtype=object)
        found.columns = [column.tolist() for column in columns]
        self._time(found, starts, beyond, tags, values)
        found.careful = dict(sorted(found.careful.items()))
        return True

    def _shape(self, tags: Any) -> _Shape:
        code = tags.tobytes()
        if code not in self._shapes:
            if len(self._shapes) > MOST_KNOWN:
                self._shapes.clear()
            self._shapes[code] = _Shape(tuple(map(self._attribute, tags.tolist())), self._named)
        return self._shapes[code]

    def _written(self, shape: _Shape, columns: list[list[str]], *, plain: bool) -> list[str]:
        """What is left of the attributes as JSON objects."""
        if plain:
            told = [
                self._numbers_of(tag, column) if tag else column
                for column, (_, tag) in zip(columns, shape.rest, strict=True)
            ]
            return [shape.form % row for row in zip(*told, strict=True)]
        names = [shape.attributes[place][1] for place, _ in shape.rest]
        rows = (
            {
                name: typed(tag, value) if tag else value
                for name, (_, tag), value in zip(names, shape.rest, row, strict=True)
            }
            for row in zip(*columns, strict=True)
        )
        return [orjson.dumps(row).decode() for row in rows]

    def _numbers_of(self, tag: str, column: list[str]) -> list[str]:
        known = self._numbers.setdefault(tag, {})
        if len(known) > MOST_KNOWN:
            known.clear()
        for value in set(column) - known.keys():
            known[value] = orjson.dumps(typed(tag, value)).decode()
        return list(map(known.__getitem__, column))

    def _time(self, found: Events, starts: Any, beyond: Any, tags: Any, values: Any) -> None:
        """Times become microseconds; an event without a name or with a time that is none needs care."""
        known = self._times
        if len(known) > MOST_KNOWN:
            known.clear()
        texts, wrong = found.columns[1], set()
        for text in set(texts) - known.keys():
            try:
                known[text] = moments.parse(text)
            except ValueError:
                known[text] = _NO_MOMENT
        moment = list(map(known.__getitem__, texts))
        found.columns[1] = [micros for micros, _ in moment]
        if not all(zoned for _, zoned in moment):
            found.unzoned = [row for row, (_, zoned) in enumerate(moment) if not zoned]
            wrong |= {row for row in found.unzoned if moment[row] is _NO_MOMENT}
        if "" in found.columns[0]:
            wrong |= {row for row, activity in enumerate(found.columns[0]) if not activity}
        for row in wrong - found.careful.keys():
            place = slice(int(starts[row]), int(beyond[row]))
            found.careful[row] = self._shape(tags[place]).told(values[place].tolist())


def _alike(tags: Any, starts: Any, lengths: Any) -> list[Any]:
    """The numbers of the events with the same attributes in the same order, together."""
    place = numpy.arange(lengths.sum()) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
    of_event = tags[numpy.repeat(starts, lengths) + place].astype(numpy.uint64)
    with numpy.errstate(over="ignore"):
        mixed = (of_event + numpy.uint64(1)) * _MIX
        mixed = (mixed ^ (mixed >> numpy.uint64(29))) * (2 * place.astype(numpy.uint64) + numpy.uint64(1)) * _MIX
        digests = numpy.add.reduceat(mixed ^ (mixed >> numpy.uint64(32)), numpy.cumsum(lengths) - lengths)
    if (digests == digests[0]).all():
        return [numpy.arange(len(starts))]
    _, inverse = numpy.unique(digests, return_inverse=True)
    order = numpy.argsort(inverse, kind="stable")
    return numpy.split(order, numpy.flatnonzero(numpy.diff(inverse[order])) + 1)
