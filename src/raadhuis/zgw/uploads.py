"""A part of a file as it comes in: a form of two fields, `inhoud` and `lock`, read as it streams by.

In: a request, and a file that is coming in. Out: the lock, and the bytes in the file. Always holds: no more than a
piece of it is in memory at once, whatever the order of the fields; more bytes than were told of are refused before
they are all read.
"""

from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from raadhuis.adapters.files import Incoming
from raadhuis.kernel.shapes import Fault, fault
from raadhuis.zgw.bodies import Unreadable
from raadhuis.zgw.door import Asked, Unsupported

PIECE = 256 * 1024
FORM, URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
# Three characters a byte, and a form of this kind is held whole: large parts come as multipart.
MOST_URLENCODED = 3 * 1024 * 1024


class _IntoFile(FileUploadHandler):
    """Hands the bytes of `inhoud` on as they come; other files are passed over."""

    chunk_size = PIECE

    def __init__(self, file: Incoming, most: int) -> None:
        super().__init__()
        self._file, self._most, self.came = file, most, False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name != "inhoud":
            raise SkipFile
        if self.came:
            raise fault("inhoud", "invalid", "De inhoud is meer dan één keer meegestuurd.")
        self.came = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        _add(self._file, raw_data, self._most)

    def file_complete(self, file_size: int) -> None:
        return None


def _add(file: Incoming, piece: bytes, most: int) -> None:
    if file.size + len(piece) > most:
        raise fault("inhoud", "file-size", f"Dit bestandsdeel hoort {most} bytes te hebben, en geen byte meer.")
    file.write(piece)


def read_part(asked: Asked, file: Incoming, size: int) -> str:
    """Writes `inhoud` to the file; the lock ("" when it is not there). Raises Refused, Unreadable, Unsupported."""
    if asked.request.content_type == FORM:
        lock, came = _multipart(asked, file, size)
    elif asked.request.content_type == URLENCODED:
        lock, came = _urlencoded(asked, file, size)
    else:
        raise Unsupported(f"Stuur een formulier: {FORM}.")
    if not came:
        raise fault("inhoud", "required", "Dit veld is vereist.")
    if not lock:
        raise fault("lock", "required", "Dit veld is vereist.")
    return lock


def _multipart(asked: Asked, file: Incoming, size: int) -> tuple[str, bool]:
    handler, told = _IntoFile(file, size), asked.request.META
    # Of the length the parser wants to know only that it is not nothing; it reads to the last boundary.
    meta = {"CONTENT_TYPE": told.get("CONTENT_TYPE", ""), "CONTENT_LENGTH": told.get("CONTENT_LENGTH") or size + 1}
    try:
        fields, _ = MultiPartParser(meta, asked.stream, [handler], "utf-8").parse()
    except (MultiPartParserError, SuspiciousOperation) as error:
        words = f"Dit formulier is niet te lezen: {type(error).__name__}."
        raise Unreadable(Fault("nonFieldErrors", "parse_error", words)) from None
    if "inhoud" in fields and not handler.came:
        raise fault("inhoud", "invalid", "Stuur de inhoud als bestand, met een bestandsnaam.")
    return str(fields.get("lock", "")), handler.came


def _urlencoded(asked: Asked, file: Incoming, size: int) -> tuple[str, bool]:
    raw = asked.stream.read(MOST_URLENCODED + 1)
    if len(raw) > MOST_URLENCODED:
        raise fault("inhoud", "too-large", f"Stuur grote bestandsdelen als {FORM}.")
    fields = dict(pair.partition(b"=")[::2] for pair in raw.replace(b"+", b" ").split(b"&"))
    if b"inhoud" in fields:
        _add(file, unquote_to_bytes(fields[b"inhoud"]), size)
    return unquote_to_bytes(fields.get(b"lock", b"")).decode("utf-8", "replace"), b"inhoud" in fields
