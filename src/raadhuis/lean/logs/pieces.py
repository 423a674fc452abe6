"""An XES file cut into pieces that can be parsed one at a time.

In: the bytes of a file. Out: pieces of half a megabyte or more, each ending with the end of an event or of a
trace.
Always holds: what stands before the first trace (globals, classifiers, a document type) is left out; line numbers are
those of the file; whatever its encoding was, a piece is UTF-8.
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import numpy

from raadhuis.kernel.problems import gettext
from raadhuis.lean.logs.report import BadLog, Progress, Report
from raadhuis.lean.logs.unpacking import blocks

# What is read by column is read in some hundred steps of its own for each piece, however long.
LEAST = 1 << 19
# Nothing that describes itself is so long: what has no end by then is no event.
LONGEST = 64 << 20
_START = re.compile(rb"<(?:(?P<prefix>[A-Za-z_][\w.\-]*):)?(?:trace|event)(?=[\s>/])")
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?log(?=[\s>/])[^>]*>")
_NAMESPACE = re.compile(rb"xmlns:[\w.\-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]+)[\"']")
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BREAK = 10
_BEGINS_EVENT = re.compile(rb"<event(?=[\s>/])")
_TRACE = re.compile(rb"<trace(?=[\s>/])[^>]*>")


class Piece:
    """Some traces and events. `closed`: it ends with a trace's end, so that the next begins a new one."""

    def __init__(self, content: bytes, line: int, namespaces: bytes) -> None:
        self.content, self._line, self._namespaces = content, line, namespaces
        self.closed = content.endswith(b"</trace>")
        self._events: list[int] | None = None
        self._breaks: list[int] | None = None

    def whole(self, *, opened: bool) -> bytes:
        """As a document, with the begin and end of a trace that runs over the edges of this piece."""
        before = b"<trace>" if opened else b""
        after = b"</trace>" if self._left_open(opened=opened) else b""
        return b"".join((b"<log ", self._namespaces, b">", before, self.content, after, b"</log>"))

    def wrapped(self, part: bytes) -> bytes:
        """A part of this piece as a document."""
        return b"".join((b"<log ", self._namespaces, b">", part, b"</log>"))

    def line_at(self, place: int) -> int:
        """The line of the file on which this byte of the piece stands."""
        if self._breaks is None:
            self._breaks = [found.start() for found in re.finditer(rb"\n", self.content)]
        return self._line + bisect_right(self._breaks, place)

    def start_of_event(self, number: int) -> int:
        """The byte at which the event with this number (from 0) begins."""
        if self._events is None:
            self._events = [found.start() for found in _BEGINS_EVENT.finditer(self.content)]
        return self._events[number] if 0 <= number < len(self._events) else 0

    def _left_open(self, *, opened: bool) -> bool:
        last = self.content.rfind(b"<trace")
        ended = self.content.rfind(b"</trace")
        return last > ended if last >= 0 else opened and ended < 0


def pieces(file: Path, report: Report, progress: Progress | None = None) -> Iterator[Piece]:
    """The pieces of a log. Raises BadLog when the file is no XES."""
    source = _as_utf8(blocks(file, report, progress))
    head, held = _head(source)
    namespaces, prefix = _about(head)
    line, ended = 1 + head.count(b"\n"), False
    while True:
        block = _some(source)
        held += block
        if prefix:
            held = _without_prefix(held, prefix)
        cut = _cut(held)
        if cut:
            yield Piece(held[:cut], line, namespaces)
            line += int(numpy.count_nonzero(numpy.frombuffer(held, dtype=numpy.uint8, count=cut) == _BREAK))
            held = held[cut:]
        if not block:
            break
        if len(held) > LONGEST:
            raise BadLog(gettext("Regel %(line)s: hier begint iets dat nergens eindigt.") % {"line": line})
    ended = b"</log" in held
    if not ended:
        report.truncated = True
    if _TRACE.search(held) or _BEGINS_EVENT.search(held):  # The last trace has no end, or no events.
        yield Piece(held[: held.index(b"</log")] if ended else held, line, namespaces)


def head_of(file: Path) -> bytes:
    """What stands before the first trace. Raises BadLog when the file is no XES."""
    return _head(_as_utf8(blocks(file, Report())))[0]


def _some(source: Iterator[bytes]) -> bytes:
    """About as much as a piece is, of what is left; nothing at the end."""
    read: list[bytes] = []
    for block in source:
        read.append(block)
        if sum(map(len, read)) >= LEAST:
            break
    return b"".join(read)


def _cut(held: bytes) -> int:
    """Where the last event or trace ends; 0 when nothing does."""
    last = max(held.rfind(b"</event>"), held.rfind(b"</trace>"))
    return last + 8 if last >= 0 else 0


def _head(source: Iterator[bytes]) -> tuple[bytes, bytes]:
    held = b""
    for block in source:
        held += block
        if found := _START.search(held):
            return held[: found.start()], held[found.start() :]
        if len(held) > LONGEST:
            break
    if _ROOT.search(held):
        return held, b""
    raise BadLog(gettext("Dit is geen XES: er staat geen <log> in met sporen (<trace>) en gebeurtenissen (<event>)."))


def _about(head: bytes) -> tuple[bytes, bytes]:
    root = _ROOT.search(head)
    if root is None:
        raise BadLog(
            gettext("Dit is geen XES: er staat geen <log> in met sporen (<trace>) en gebeurtenissen (<event>).")
        )
    before = root[0][1:].split(b"log", 1)[0]
    return b" ".join(_NAMESPACE.findall(root[0])), before


def _without_prefix(held: bytes, prefix: bytes) -> bytes:
    """Elements may be named with a prefix; all that is looked for here is named without."""
    return re.sub(rb"(</?)" + re.escape(prefix), rb"\1", held)


def _as_utf8(source: Iterator[bytes]) -> Iterator[bytes]:
    first = next(source, b"")
    mark = next((mark for mark in _MARKS if first.startswith(mark)), b"")
    found = _ENCODING.match(first)
    encoding = _MARKS[mark] if mark else found[1].decode() if found else "utf-8"
    first = first[len(mark) :]
    try:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
    except LookupError:
        raise BadLog(gettext("Dit bestand heeft een onbekende tekencodering: %(name)s.") % {"name": encoding}) from None
    if codecs.lookup(encoding).name == "utf-8":
        yield first
        yield from source
        return
    yield decoder.decode(first).encode()
    for block in source:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", True).encode()
