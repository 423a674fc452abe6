"""XES as nearly all tools write it: flat attributes, key before value, in double quotes. Read by column, not by event.

In: the bytes of a piece of a file. Out: its events as columns, and what is told of the traces that they are in; None
when anything in the piece is unusual.
Always holds: nothing is passed over. A piece is cut at its quotes; of what stands between a value and the next, key
included, there are few kinds, and each is understood as a whole; a control character or a `<` inside a value makes the
piece unusual, as do traces and events that do not take turns. A log has few shapes (which attributes, in which order)
and many events, so that the work is done by column.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy
import orjson

from raadhuis.lean.logs import instants, moments
from raadhuis.lean.logs.columns import TEXT, Cut, Told, Unusual, Values, objects
from raadhuis.lean.logs.keys import GROUP, LIFECYCLE, NAME, RESOURCE, ROLE, TIME, TYPED, typed
from raadhuis.lean.logs.texts import Rows, Texts, TooMany, windows

# What is remembered because it comes again; a log in which it does not is not helped by more.
MOST_KNOWN, MOST_TOGETHER = 20_000, 4_000
# So many shapes, and so few events of each, are read faster one by one.
MANY_SHAPES, FEW_EVENTS = 64, 8
_GAP = re.compile(
    rb"[ \t\r\n]?/>[ \t\r\n]*(</event>[ \t\r\n]*)?(</trace>[ \t\r\n]*)?(<trace>[ \t\r\n]*)?(<event>[ \t\r\n]*)?"
    rb"<(string|date|int|float|boolean|id) key=\"([^\"<&\x00-\x1f]*)\" value="
)
_NO_MOMENT = (0, False)

Attributes = tuple[tuple[str, str], ...]
"""Tag and key of each."""


class Events(NamedTuple):
    """The events of a piece. `columns`: activity, time (µs), lifecycle, resource, team, attributes (JSON) as arrays.

    `careful`: events of which the columns tell nothing, by their number, ascending, with all their attributes;
    `unzoned`: how many of the others have a time that tells no zone. Traces are counted from 1, 0 is the one that was
    open before: `traces`: how many begin; `ended`: whether the last one ends; `trace`: in which one each event is;
    `told`: of traces, ascending, which one, its name (None: not told) and other attributes (JSON, empty: none).
    """

    columns: dict[str, Any]
    careful: dict[int, dict[str, Any]]
    unzoned: int
    traces: int
    ended: bool
    trace: Any
    told: tuple[Any, list[str | None], list[str]]


class _Gaps:
    """What may stand between a value and the next one: the marks on the way, and the next attribute's tag and key."""

    def __init__(self) -> None:
        self.attributes: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._texts = Texts(self._understood)
        self._about = numpy.zeros((7, 0), dtype=numpy.int64)

    def read(self, cut: Cut) -> tuple[Any, ...]:
        """Of each gap: whether it closes an event, ends a trace, begins one, opens an event; the next attribute."""
        numbers = self._texts.numbers(cut.buffer, cut.gaps, cut.gap_lengths)
        fresh = [self._about_one(text) for text in self._texts.known[self._about.shape[1] :]]
        if fresh:
            self._about = numpy.concatenate((self._about, numpy.array(fresh, dtype=numpy.int64).T), axis=1)
        angles, controls = (int(about[numbers].sum()) for about in self._about[:2])
        if (angles, controls) != (cut.angles, cut.controls):
            raise Unusual
        closes, ends, begins, opens = (about[numbers] > 0 for about in self._about[2:6])
        return closes, ends, begins, opens, self._about[6][numbers]

    def _understood(self, text: bytes) -> re.Match[bytes]:
        found = _GAP.fullmatch(text)
        if found is None:
            raise Unusual
        if len(self._texts.known) >= MOST_KNOWN:
            raise TooMany
        return found

    def _about_one(self, text: bytes) -> tuple[int, ...]:
        found = self._understood(text)
        attribute = (found[5].decode(), found[6].decode())
        if attribute not in self._numbers:
            self._numbers[attribute] = len(self.attributes)
            self.attributes.append(attribute)
        marks = (int(found[place] is not None) for place in range(1, 5))
        return (text.count(b"<"), sum(letter < 32 for letter in text), *marks, self._numbers[attribute])


class _Shape:
    """The attributes of an event or a trace, in order; `rest`: the places of those of which no key is special."""

    def __init__(self, attributes: Attributes, special: Sequence[str]) -> None:
        self.attributes = attributes
        self.places = {key: place for place, (_, key) in enumerate(attributes)}  # Of two with one key the last counts.
        rest = [key for key in self.places if key not in special]
        self.rest = numpy.array([self.places[key] for key in rest], dtype=numpy.int64)
        self._kinds = [self.kind(key) for key in rest]
        names = (orjson.dumps(key).decode().replace("%", "%%") for key in rest)
        self._form = f"{{{','.join(f'{name}:%s' for name in names)}}}"
        self._together: Rows | None = Rows(len(rest)) if rest else None
        self._written = numpy.empty(0, dtype=object)

    @property
    def held(self) -> int:
        """How many objects it remembers."""
        return len(self._written)

    def kind(self, key: str) -> str:
        """Of which of KINDS the attribute with this key is."""
        tag = self.attributes[self.places[key]][0]
        return tag if tag in TYPED else TEXT

    def told(self, values: Sequence[str]) -> dict[str, Any]:
        """The attributes by their keys, typed."""
        pairs = zip(self.attributes, values, strict=True)
        return {key: typed(tag, value) if tag in TYPED else value for (tag, key), value in pairs}

    def written(self, told: Told, starts: Any) -> Any:
        """What is not special, as JSON objects: an array. `starts`: the number of the first value of each."""
        places = starts[:, None] + self.rest
        numbers = told.numbers[places]
        if self._together is not None and (numbers >= 0).all():
            try:
                return self._repeated(self._together, told, places, numbers)
            except TooMany:
                self._together = None
        return objects(self._made(told, places))

    def _repeated(self, together: Rows, told: Told, places: Any, numbers: Any) -> Any:
        rows: list[int] = []

        def new(row: int) -> int:
            if len(self._written) + len(rows) >= MOST_TOGETHER:
                raise TooMany
            rows.append(row)
            return len(self._written) + len(rows) - 1

        found = together.numbers(numbers.view(numpy.uint64), new)
        if rows:
            self._written = numpy.concatenate((self._written, objects(self._made(told, places[rows]))))
        return self._written[found]

    def _made(self, told: Told, places: Any) -> list[str]:
        columns = (told.written(column, kind).tolist() for column, kind in zip(places.T, self._kinds, strict=True))
        return [self._form % row for row in zip(*columns, strict=True)]


class _Shapes:
    """The shapes that were met, of events or of traces."""

    def __init__(self, special: Sequence[str]) -> None:
        self._special = special
        self._known: list[_Shape] = []
        self._of_length: dict[int, Rows] = {}

    @property
    def many(self) -> bool:
        """Whether it is time to forget them."""
        return sum(1 + shape.held for shape in self._known) > MOST_KNOWN

    def alike(
        self, named: Sequence[tuple[str, str]], attributes: Any, starts: Any, lengths: Any
    ) -> Iterator[tuple[_Shape, Any]]:
        """Each shape, with which of these have it. Raises TooMany."""
        for length in numpy.flatnonzero(numpy.bincount(lengths)).tolist():
            rows = numpy.flatnonzero(lengths == length)
            words = windows(attributes, starts[rows] * 8, length * 8).view(numpy.uint64).reshape(-1, length)

            def new(row: int, words: Any = words) -> int:
                self._known.append(_Shape(tuple(named[one] for one in words[row].tolist()), self._special))
                return len(self._known) - 1

            if length not in self._of_length:
                self._of_length[length] = Rows(length)
            numbers = self._of_length[length].numbers(words, new)
            kinds = numpy.flatnonzero(numpy.bincount(numbers)).tolist()
            if len(kinds) > MANY_SHAPES and len(kinds) * FEW_EVENTS > len(rows):
                raise TooMany
            for number in kinds:
                yield self._known[number], rows[numbers == number]


class Usual:
    """Reads pieces; remembers what it met in those before. `named`: the key of what a step is called."""

    def __init__(self, named: str = NAME) -> None:
        self._named = named
        self._gaps = _Gaps()
        self._values = Values()
        self._times: dict[str, tuple[int, bool]] = {}
        self._forget()

    def _forget(self) -> None:
        self._values.forget()
        self._of_events = _Shapes((self._named, TIME, LIFECYCLE, RESOURCE, GROUP))
        self._of_traces = _Shapes((NAME,))

    def events(self, content: bytes, *, opened: bool) -> Events | None:
        """What is in a piece, in order. `opened`: it begins inside a trace."""
        try:
            return self._read(Cut(content), opened=opened)
        except (Unusual, TooMany):
            return None

    def _read(self, cut: Cut, *, opened: bool) -> Events:
        closes, ends, begins, opens, attributes = self._gaps.read(cut)
        turns = ends == begins  # One trace ends where the next one begins, but for the first and the last of a piece.
        turns[0] = not ends[0] and begins[0] if not opened else turns[0]
        turns[-1] = not begins[-1] and not opens[-1]
        marked = closes | begins | opens
        marked[0] = True
        starts = numpy.flatnonzero(marked[:-1])
        beyond = numpy.append(starts[1:], len(marked) - 1)
        of_event = opens[starts]
        if not turns.all() or closes[0] or (closes[beyond] != of_event).any():
            raise Unusual
        trace = numpy.cumsum(begins[starts])
        lengths = beyond - starts
        if self._values.many or self._of_events.many or self._of_traces.many:
            self._forget()
        told = self._values.read(cut, attributes[:-1], numpy.repeat(of_event, lengths), self._gaps.attributes)
        names, rest = self._tell(told, attributes, starts[~of_event], lengths[~of_event])
        columns, careful, unzoned = self._fill(told, attributes, starts[of_event], lengths[of_event])
        return Events(
            columns=columns,
            careful=careful,
            unzoned=unzoned,
            traces=int(trace[-1]),
            ended=bool(ends[-1]),
            trace=trace[of_event],
            told=(trace[~of_event], names, rest),
        )

    def _tell(self, told: Told, attributes: Any, starts: Any, lengths: Any) -> tuple[list[str | None], list[str]]:
        """The names of traces, and what else is told of them."""
        names, rest = (numpy.full(len(starts), without, dtype=object) for without in (None, ""))
        for shape, rows in self._of_traces.alike(self._gaps.attributes, attributes, starts, lengths):
            if NAME in shape.places:
                kind = shape.kind(NAME)
                texts = told.texts(starts[rows] + shape.places[NAME], kind)
                names[rows] = objects([str(typed(kind, text)) for text in texts]) if kind else texts
            if len(shape.rest):
                rest[rows] = shape.written(told, starts[rows])
        return names.tolist(), rest.tolist()

    def _fill(self, told: Told, attributes: Any, starts: Any, lengths: Any) -> tuple[dict[str, Any], Any, int]:
        """The columns, a shape at a time; the events that need care; how many times told no zone."""
        names = ("activity", "lifecycle", "resource", "team", "attributes")
        columns = {name: numpy.full(len(starts), "", dtype=object) for name in names}
        columns["time"] = numpy.zeros(len(starts), dtype=numpy.int64)
        careful: dict[int, dict[str, Any]] = {}
        unzoned = 0
        for shape, rows in self._of_events.alike(self._gaps.attributes, attributes, starts, lengths):
            at = starts[rows]
            wrong, without = self._fill_alike(told, shape, rows, at, columns)
            for row, place in zip(rows[wrong].tolist(), at[wrong].tolist(), strict=True):
                careful[row] = shape.told(told.cut.texts(numpy.arange(place, place + len(shape.attributes))))
            unzoned += int((without & ~wrong).sum())
        return columns, dict(sorted(careful.items())), unzoned

    def _fill_alike(self, told: Told, shape: _Shape, rows: Any, at: Any, columns: dict[str, Any]) -> tuple[Any, Any]:
        """The columns of events of one shape; which of them need care, and which tell no zone."""
        places, lengths = shape.places, told.cut.lengths
        name = self._named if self._named in places else NAME
        # Of a group and a role the group counts, where it is told.
        special = (
            (name, "activity"),
            (LIFECYCLE, "lifecycle"),
            (RESOURCE, "resource"),
            (ROLE, "team"),
            (GROUP, "team"),
        )
        here = [(key, column) for key, column in special if key in places]
        if name not in places or TIME not in places or any(map(shape.kind, [TIME, *(key for key, _ in here)])):
            return numpy.ones(len(rows), dtype=bool), numpy.zeros(len(rows), dtype=bool)
        columns["time"][rows], wrong, without = self._time(told.cut, at + places[TIME])
        for key, column in here:
            values = at + places[key]
            filled = numpy.flatnonzero(lengths[values]) if key == GROUP else slice(None)
            columns[column][rows[filled]] = told.texts(values[filled], TEXT)
        if len(shape.rest):
            columns["attributes"][rows] = shape.written(told, at)
        return wrong | (lengths[at + places[name]] == 0), without

    def _time(self, cut: Cut, places: Any) -> tuple[Any, Any, Any]:
        """Times in microseconds; which of them are no times, and which tell no zone."""
        micros = numpy.zeros(len(places), dtype=numpy.int64)
        without, wrong = (numpy.zeros(len(places), dtype=bool) for _ in range(2))
        lengths, left = cut.lengths[places], []
        for length in numpy.flatnonzero(numpy.bincount(lengths)).tolist():
            rows = numpy.flatnonzero(lengths == length)
            if length in instants.WIDTHS:
                letters = windows(cut.buffer, cut.starts[places[rows]], length).reshape(-1, length)
                micros[rows], understood = instants.parsed(letters)
                rows = rows[~understood]
            left.extend(rows.tolist())
        if left:
            found = list(map(self._moment, cut.texts(places[left])))
            micros[left] = [moment for moment, _ in found]
            without[left] = [not zoned for _, zoned in found]
            wrong[left] = [moment is _NO_MOMENT for moment in found]
        return micros, wrong, without

    def _moment(self, text: str) -> tuple[int, bool]:
        if text not in self._times:
            if len(self._times) > MOST_KNOWN:
                self._times.clear()
            try:
                self._times[text] = moments.parse(text)
            except ValueError:
                self._times[text] = _NO_MOMENT
        return self._times[text]
