"""The bytes of documents: how they come in, how parts become one file, how they go out.

In: base64, or a stream of parts. Out: keys of the file store. Always holds: bytes are kept before the row that
names them is written, and thrown away when it is not; those of every version stay until the document goes; what a crash
leaves behind, the sweep of unknown files takes away.
"""

import binascii
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO, RawIOBase
from typing import Any, BinaryIO, Literal, cast

import msgspec
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from raadhuis.adapters.files import FileStore, FolderStore, Incoming, Stored
from raadhuis.cases.drc.scanning import look_over
from raadhuis.cases.queries.staff import known_files
from raadhuis.kernel.problems import Absent, Problem
from raadhuis.kernel.shapes import Fault, Refused, fault

log = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024
# What a part takes besides its bytes: the form around them.
ROOM = MEGABYTE


class Sent(msgspec.Struct, frozen=True):
    """What a message says of the content of a document.

    `how`: "kept" (nothing said: it stays as it is), "none" (there is none), "whole" (here it is), "parts" (it comes).
    """

    how: Literal["kept", "none", "whole", "parts"]
    size: int | None = None
    bytes: bytes = b""


def store() -> FileStore:
    """Where files are kept."""
    return FolderStore(settings.RAADHUIS_ADAPTERS["files_folder"])


def sent(values: dict[str, Any], *, new: bool) -> Sent:
    """What was said of the content; takes `inhoud` and `bestandsomvang` out of the values. Raises Refused."""
    said, size = "inhoud" in values, values.pop("bestandsomvang", None)
    text = values.pop("inhoud", None)
    if size is not None and size > settings.RAADHUIS_MAX_DOCUMENT_BYTES:
        most = settings.RAADHUIS_MAX_DOCUMENT_BYTES // MEGABYTE
        raise fault("bestandsomvang", "max_value", f"Een document is hoogstens {most} MB groot.")
    if text is not None:
        content = decoded(text)
        if size is not None and size != len(content):
            raise _other_size("bestandsomvang", size, len(content))
        return Sent("whole", len(content), content)
    if not said and not new:
        return Sent("kept", size)
    if size == 0:
        return Sent("whole", 0)
    return Sent("parts", size) if size else Sent("none")


def decoded(text: object) -> bytes:
    """The bytes of base64; line breaks in it are passed over. Raises Refused."""
    if not isinstance(text, str):
        raise fault("inhoud", "invalid", "Hier hoort base64 te staan.")
    try:
        try:
            return binascii.a2b_base64(text, strict_mode=True)
        except binascii.Error:
            return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (binascii.Error, ValueError) as error:  # ValueError: not ASCII.
        code = "incorrect-base64-padding" if "padding" in str(error).lower() else "invalid"
        raise fault("inhoud", code, "Dit is geen geldige base64.") from None


def sizes_of_parts(size: int) -> list[int]:
    """How many bytes each part has."""
    most = max(1, min(settings.RAADHUIS_PART_BYTES, settings.RAADHUIS_MAX_BODY_BYTES - ROOM))
    whole, rest = divmod(size, most)
    return [most] * whole + ([rest] if rest else [])


class Kept(msgspec.Struct, frozen=True):
    """A kept file: its key, its SHA-256, and whether it was looked over for viruses ("clean", "unscanned")."""

    key: str
    sha256: str
    scanned: str


@contextmanager
def kept(content: bytes) -> Iterator[Kept]:
    """Keeps bytes for as long as the block goes well; thrown away when it does not. Raises Refused for a virus."""
    scanned = look_over(BytesIO(content))
    with _unless_wrong(store().put_bytes(content)) as stored:
        yield Kept(stored.key, stored.sha256, scanned)


@contextmanager
def _unless_wrong(stored: Stored) -> Iterator[Stored]:
    try:
        yield stored
    except BaseException:
        throw_away([stored.key])
        raise


@contextmanager
def incoming(size: int) -> Iterator[Incoming]:
    """A part that comes in; thrown away unless it is kept in the block."""
    file = store().begin(limit=size)
    try:
        yield file
    finally:
        file.abandon()


@contextmanager
def keep_part(file: Incoming, size: int) -> Iterator[Stored]:
    """Keeps a part that came in whole, for as long as the block goes well. Raises Refused when its size differs."""
    if file.size != size:
        raise _other_size("inhoud", size, file.size)
    with _unless_wrong(file.keep()) as stored:
        yield stored


@contextmanager
def joined(keys: list[str], size: int) -> Iterator[Kept]:
    """One file of several, read piece by piece; thrown away when the block goes wrong. Raises Refused."""
    try:
        with _OneAfterAnother(keys) as stream:
            stored = store().put(cast(BinaryIO, stream), limit=size)
    except Absent:  # Somebody else put them together at the same time, and was first.
        raise fault("nonFieldErrors", "incomplete-upload", "De bestandsdelen zijn er niet meer.") from None
    with looked_over(stored, size) as whole:
        yield whole


@contextmanager
def looked_over(stored: Stored, size: int) -> Iterator[Kept]:
    """A file that is kept already, for as long as the block goes well. Raises Refused for another size, or a virus."""
    with _unless_wrong(stored):
        if stored.size != size:
            raise _other_size("bestandsomvang", size, stored.size)
        with store().open(stored.key) as whole:
            scanned = look_over(whole)
        yield Kept(stored.key, stored.sha256, scanned)


class _OneAfterAnother(RawIOBase):
    """Kept files as one stream; one of them is open at a time."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__()
        self._keys, self._open = list(keys), cast("BinaryIO | None", None)

    def read(self, size: int = -1) -> bytes:
        while self._open is not None or self._keys:
            if self._open is None:
                self._open = store().open(self._keys.pop(0))
            if piece := self._open.read(size):
                return piece
            self._open.close()
            self._open = None
        return b""

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        super().close()


def throw_away(keys: Iterable[str]) -> None:
    """Removes files that no row knows any more; what cannot be removed now, the sweep takes later."""
    wanted = [key for key in dict.fromkeys(keys) if key]
    for start in range(0, len(wanted), 500):
        batch = wanted[start : start + 500]
        try:
            for key in set(batch) - known_files(batch):
                store().delete(key)
        except (Problem, DatabaseError, InterfaceError) as error:
            log.warning("files stay until the sweep: %s", type(error).__name__)


def _other_size(name: str, told: int, came: int) -> Refused:
    return Refused(Fault(name, "file-size", f"Er zijn {came} bytes, en geen {told}."))
