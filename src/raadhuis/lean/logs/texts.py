"""Many short texts in one buffer of bytes, compared at once: of a text that was met before no Python object is made.

In: a buffer, and where in it texts begin and how long they are. Out: a number for each, the same for the same text.
Always holds: two texts get one number only when all their bytes are the same. They are found by a digest, and then
compared as a whole; two with one digest are refused, not confused.
"""

from collections.abc import Callable
from typing import Any

import numpy

# Bytes that must follow the last text, since eight are taken at a time.
PADDING = 8
LONGEST_WORDS = 256
# Each odd, so that of two rows that differ in one word the digests differ too.
MIX = numpy.random.default_rng(1849).integers(0, 1 << 63, LONGEST_WORDS, dtype=numpy.uint64) * numpy.uint64(2)
MIX += numpy.uint64(1)
_WITHIN = numpy.array([(1 << 8 * count) - 1 for count in range(9)], dtype=numpy.uint64)


class TooMany(Exception):
    """More texts, or longer ones, than are worth remembering."""


class Rows:
    """Numbers for rows of `width` words (of 64 bits)."""

    def __init__(self, width: int) -> None:
        if width > LONGEST_WORDS:
            raise TooMany
        self._words = numpy.zeros((0, width), dtype=numpy.uint64)
        self._digests = numpy.zeros(0, dtype=numpy.uint64)
        self._numbers = numpy.zeros(0, dtype=numpy.int64)

    def numbers(self, words: Any, new: Callable[[int], int]) -> Any:
        """The number of each row. `new` gives the number of a row that was never met, by its place; it may raise."""
        digests = words[:, 0] * MIX[0]
        for place in range(1, words.shape[1]):
            digests += words[:, place] * MIX[place]
        places, known = self._found(digests)
        if not known.all():
            self._add(words, digests, numpy.flatnonzero(~known), new)
            places, _ = self._found(digests)
        if (self._words[places] != words).any():
            raise TooMany
        return self._numbers[places]

    def _found(self, digests: Any) -> tuple[Any, Any]:
        if not len(self._digests):
            return None, numpy.zeros(len(digests), dtype=bool)
        places = numpy.searchsorted(self._digests, digests)
        numpy.minimum(places, len(self._digests) - 1, out=places)
        return places, self._digests[places] == digests

    def _add(self, words: Any, digests: Any, missing: Any, new: Callable[[int], int]) -> None:
        _, first = numpy.unique(digests[missing], return_index=True)
        rows = missing[numpy.sort(first)]
        numbers = [new(row) for row in rows.tolist()]
        found = numpy.concatenate((self._digests, digests[rows]))
        order = numpy.argsort(found, kind="stable")
        self._digests = found[order]
        self._words = numpy.concatenate((self._words, words[rows]))[order]
        self._numbers = numpy.concatenate((self._numbers, numpy.array(numbers, dtype=numpy.int64)))[order]


class Texts:
    """Numbers, from 0 in the order of coming, for texts without NUL bytes; `known`: the texts.

    `check` may refuse a new one by raising.
    """

    def __init__(self, check: Callable[[bytes], object] = len) -> None:
        self.known: list[bytes] = []
        self._check = check
        self._of_width: dict[int, Rows] = {}

    def numbers(self, buffer: bytes, starts: Any, lengths: Any) -> Any:
        """The number of each text. Raises TooMany, or what `check` raises. The buffer ends with PADDING."""
        widths = numpy.maximum(lengths + 7 >> 3, 1)
        found = numpy.empty(len(starts), dtype=numpy.int64)
        for width in numpy.flatnonzero(numpy.bincount(widths)).tolist():
            rows = numpy.flatnonzero(widths == width)
            begins, sizes = starts[rows], lengths[rows]
            words = windows(buffer, begins, 8 * width).view("<u8").reshape(-1, width)
            words[:, -1] &= _WITHIN[sizes - 8 * (width - 1)]

            def new(row: int, begins: Any = begins, sizes: Any = sizes) -> int:
                return self._new(buffer[begins[row] : begins[row] + sizes[row]])

            if width not in self._of_width:
                self._of_width[width] = Rows(width)
            before = len(self.known)
            try:
                found[rows] = self._of_width[width].numbers(words, new)
            except Exception:
                del self.known[before:]
                raise
        return found

    def _new(self, text: bytes) -> int:
        self._check(text)
        self.known.append(text)
        return len(self.known) - 1


def windows(buffer: Any, starts: Any, size: int) -> Any:
    """`size` bytes of the buffer from each of `starts` (in bytes), as one array of bytes."""
    held = memoryview(buffer).nbytes
    shown = numpy.ndarray((held - size + 1,), f"V{size}", buffer, strides=(1,))
    return shown[starts].view(numpy.uint8)
