"""The values of attributes, of many events at once.

In: a piece of a file. Out: the piece cut at its quotes (Cut), and arrays of its values, as text or as JSON (Told).
Always holds: the same text is one object as long as the values of an attribute repeat; from when they do not, each is
made by itself. A Cut is valid UTF-8 in which every reference is one that XML knows.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy
import orjson

from raadhuis.lean.logs.keys import TIME, TYPED, typed
from raadhuis.lean.logs.texts import PADDING, Texts

# The types of values: text, and those of keys.TYPED.
TEXT = ""
KINDS = (TEXT, "int", "float", "boolean")
# Under one attribute as many new texts as there are names and roles; more in all are forgotten; none longer (bytes).
MOST_NEW, MOST_KNOWN, LONGEST = 2_000, 20_000, 128
# A piece is longer only when one event is; that is no usual one.
LARGEST = 8 << 20
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_QUOTE, _ANGLE, _SPACE = 34, 60, 32
# What follows the text before the first value, and comes before that after the last: read as if attributes stood there.
_BEFORE, _AFTER = b'"/>', b'<string key="" value="'


class Unusual(Exception):
    """This is to be read another way."""


class Cut:
    """A piece of a file cut at its quotes: a gap, a value, a gap, …, a gap. A gap runs from the end of one value to the
    begin of the next, with the key in between, quoted.

    Raises Unusual when it is not made of such, or of characters that XML does not know.
    """

    def __init__(self, content: bytes) -> None:
        if len(content) > LARGEST:
            raise Unusual
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise Unusual from None
        self.buffer = b"".join((_BEFORE, content, _AFTER, bytes(PADDING)))
        letters = numpy.frombuffer(self.buffer, dtype=numpy.uint8)[:-PADDING]
        quotes = numpy.flatnonzero(letters == _QUOTE)
        if len(quotes) % 4 or len(quotes) < 8:
            raise Unusual
        ends, starts = quotes[0::4], quotes[3::4]
        self.gaps = ends + 1
        self.gap_lengths = starts - self.gaps
        self.starts = starts[:-1] + 1
        self.lengths = ends[1:] - self.starts
        self.angles = int(numpy.count_nonzero(letters == _ANGLE))
        self.controls = int(numpy.count_nonzero(letters < _SPACE))
        self._ascii = len(text) == len(content)
        # One letter a byte, so that places in one are places in the other.
        self._text = self.buffer.decode("latin-1")
        self._refers = "&" in text
        if self._refers:
            _check_references(text)
        if not self._ascii and ("\ufffe" in text or "\uffff" in text):
            raise Unusual
        self.plain = not self._refers and "\\" not in text

    def texts(self, places: Any) -> list[str]:
        """The values with these numbers."""
        starts = self.starts[places]
        ends, text = (starts + self.lengths[places]).tolist(), self._text
        found = [text[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]
        if not self._ascii:
            found = [value if value.isascii() else value.encode("latin-1").decode() for value in found]
        return [_unescaped(value) if "&" in value else value for value in found] if self._refers else found


class Values:
    """What the attributes of a log tell, remembered from piece to piece as long as it repeats."""

    def __init__(self) -> None:
        self._kinds = {kind: _Kind(kind) for kind in KINDS}
        # By the number of an attribute: its place in KINDS, and how many texts were new in it, of traces and of events
        # (of those for which nothing is remembered, more than MOST_NEW).
        self._kind_of = numpy.zeros(0, dtype=numpy.int64)
        self._new = numpy.zeros((0, 2), dtype=numpy.int64)

    @property
    def many(self) -> bool:
        """Whether it is time to forget them."""
        return sum(len(kind.known.known) for kind in self._kinds.values()) > MOST_KNOWN

    def forget(self) -> None:
        """Numbers that were given before mean nothing any more."""
        self._kinds = {kind: _Kind(kind) for kind in KINDS}

    def read(self, cut: Cut, attributes: Any, of_event: Any, named: Sequence[tuple[str, str]]) -> "Told":
        """What a piece tells. Of each value: the number of its attribute, by which `named` has the tag and key, and
        whether it is told of an event. A trace's name is under the key of its events' names, and is no other's.
        """
        fresh = named[len(self._new) :]
        kinds = [KINDS.index(tag) if tag in TYPED else 0 for tag, _ in fresh]
        self._kind_of = numpy.append(self._kind_of, numpy.array(kinds, dtype=numpy.int64))
        new = numpy.array([[0 if key != TIME else MOST_NEW + 1] * 2 for _, key in fresh], dtype=numpy.int64)
        self._new = numpy.concatenate((self._new, new.reshape(-1, 2)))
        numbers = numpy.full(len(attributes), -1, dtype=numpy.int64)
        slots = 2 * attributes + of_event
        remembered = (self._new.ravel() <= MOST_NEW)[slots] & (cut.lengths <= LONGEST)
        of = numpy.where(remembered, self._kind_of[attributes], -1)
        for number, kind in enumerate(self._kinds.values()):
            places = numpy.flatnonzero(of == number)
            if len(places):
                numbers[places], met = kind.numbers(cut, places)
                numpy.add.at(self._new.reshape(-1), slots[places[met]], 1)
        return Told(cut, numbers, self._kinds)


class Told:
    """The values of a piece. `numbers`: the same where a kind of attribute tells the same, -1 where that is unknown."""

    def __init__(self, cut: Cut, numbers: Any, kinds: "dict[str, _Kind]") -> None:
        self.cut, self.numbers, self._kinds = cut, numbers, kinds

    def texts(self, places: Any, kind: str) -> Any:
        """The values with these numbers, all of one kind, as an array of objects."""
        return self._found(places, self._kinds[kind].texts, lambda texts: texts)

    def written(self, places: Any, kind: str) -> Any:
        """The same as JSON."""
        return self._found(
            places, self._kinds[kind].written, self._quoted if not kind and self.cut.plain else self._kinds[kind].json
        )

    def _found(self, places: Any, known: Any, made: Callable[[list[str]], list[str]]) -> Any:
        numbers = self.numbers[places]
        unknown = numpy.flatnonzero(numbers < 0)
        if not len(unknown):
            return known[numbers]
        if len(unknown) == len(numbers):
            return objects(made(self.cut.texts(places)))
        found = known[numbers]
        found[unknown] = made(self.cut.texts(places[unknown]))
        return found

    def _quoted(self, texts: list[str]) -> list[str]:
        return [f'"{text}"' for text in texts]


class _Kind:
    """Texts of attributes of one type (of KINDS), and as JSON."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.known = Texts()
        self.texts = self.written = numpy.empty(0, dtype=object)

    def numbers(self, cut: Cut, places: Any) -> tuple[Any, Any]:
        """Of these values; and which of them were met for the first time."""
        numbers = self.known.numbers(cut.buffer, cut.starts[places], cut.lengths[places])
        before = len(self.texts)
        if len(self.known.known) == before:
            return numbers, []
        fresh = [_unescaped(text.decode()) for text in self.known.known[before:]]
        self.texts = numpy.concatenate((self.texts, objects(fresh)))
        self.written = numpy.concatenate((self.written, objects(self.json(fresh))))
        _, first = numpy.unique(numbers[numbers >= before], return_index=True)
        return numbers, numpy.flatnonzero(numbers >= before)[first]

    def json(self, texts: list[str]) -> list[str]:
        """These values as JSON."""
        kind = self._kind
        return [orjson.dumps(typed(kind, text) if kind else text).decode() for text in texts]


def objects(values: Sequence[Any]) -> Any:
    """An array of these."""
    found = numpy.empty(len(values), dtype=object)
    found[:] = values
    return found


def _check_references(text: str) -> None:
    found = _REFERENCE.findall(text)
    if len(found) != text.count("&"):
        raise Unusual
    for _, decimal, hexadecimal in set(found):
        if decimal or hexadecimal:
            number = int(decimal) if decimal else int(hexadecimal, 16)
            # XML 1.0, production 2.
            if not (
                number in {9, 10, 13}
                or 0x20 <= number < 0xD800
                or 0xE000 <= number < 0xFFFE
                or 0x10000 <= number < 0x110000
            ):
                raise Unusual


def _unescaped(value: str) -> str:
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    return chr(int(found[2]) if found[2] else int(found[3], 16))
