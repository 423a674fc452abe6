"""The file store as a folder of files.

Comes in: streams. Goes out: files at FOLDER/ab/cd/abcd…, readable by this user only.
Always holds: a file is written aside, flushed to disk, and only then given its name; its folder is flushed before the
caller hears of it. A crash leaves at most a file in FOLDER/incoming, which `sweep` removes.

Why random keys, and not the hash of the content: two cases with the same file would share one copy, so that erasing
it from the one would take it from the other or need counting references across rooms; and a key would tell who knows
a document that it is there.
"""

import contextlib
import errno
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from django.utils.translation import gettext

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.files.port import Stored
from raadhuis.kernel import clock
from raadhuis.kernel.db import is_passing_failure
from raadhuis.kernel.problems import Absent, Invalid

CHUNK_BYTES: Final = 256 * 1024
_KEY = re.compile(r"[0-9a-f]{32}")
_MEGABYTE = 1024 * 1024


class FolderStore:
    """The real store. The folder is made at the first write; it must lie on one file system."""

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)
        self._incoming = self._folder / "incoming"

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """See FileStore.put."""
        incoming = self.begin(limit=limit)
        try:
            while chunk := stream.read(CHUNK_BYTES):
                incoming.write(chunk)
            return incoming.keep()
        except BaseException:
            incoming.abandon()
            raise

    def begin(self, *, limit: int) -> "FolderIncoming":
        """See FileStore.begin."""
        key = secrets.token_hex(16)
        with _translated():
            self._make(self._incoming)
            return FolderIncoming(self, key, self._incoming / key, limit)

    def put_bytes(self, content: bytes) -> Stored:
        """See FileStore.put_bytes."""
        return self.put(io.BytesIO(content), limit=len(content))

    def open(self, key: str) -> BinaryIO:
        """See FileStore.open."""
        path = self._path(key)
        with _translated():
            try:
                return path.open("rb")
            except FileNotFoundError:
                raise Absent from None

    def delete(self, key: str) -> None:
        """See FileStore.delete."""
        path = self._path(key)
        with _translated(), contextlib.suppress(FileNotFoundError):
            path.unlink()
            _flush_folder(path.parent)

    def keys(self, older_than: timedelta) -> Iterator[str]:
        """See FileStore.keys."""
        with _translated():
            for path in self._folder.glob("??/??/*"):
                if _KEY.fullmatch(path.name) and _is_older(path, older_than):
                    yield path.name

    def sweep(self, older_than: timedelta = timedelta(hours=24)) -> int:
        """Removes what a crash left half written; how many files. Younger ones may still be on their way in."""
        removed = 0
        with _translated():
            for path in self._incoming.glob("*"):
                if _is_older(path, older_than):
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise Absent
        return self._folder / key[:2] / key[2:4] / key

    def name(self, aside: Path, key: str) -> None:
        """Gives a file that was written aside its key, durably."""
        path = self._path(key)
        self._make(path.parent)
        aside.rename(path)
        _flush_folder(path.parent)

    def _make(self, folder: Path) -> None:
        """Makes `folder` and those above it, each flushed into the one above, so that none is lost with its files."""
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
            _flush_folder(each.parent)


class FolderIncoming:
    """See Incoming: a file that is written aside."""

    def __init__(self, store: FolderStore, key: str, aside: Path, limit: int) -> None:
        self._store, self._key, self._aside, self._limit = store, key, aside, limit
        self._digest, self.size = hashlib.sha256(), 0
        self._out = os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, piece: bytes) -> None:
        """See Incoming.write."""
        self.size += len(piece)
        if self.size > self._limit:
            words = gettext("Dit bestand is te groot. Kies een bestand tot %(size)s.")
            raise Invalid({"file": words % {"size": _readable(self._limit)}})
        self._digest.update(piece)
        with _translated():
            self._out.write(piece)

    def keep(self) -> Stored:
        """See Incoming.keep."""
        with _translated():
            self._out.flush()
            os.fsync(self._out.fileno())
            self._out.close()
            self._store.name(self._aside, self._key)
        return Stored(self._key, self.size, self._digest.hexdigest())

    def abandon(self) -> None:
        """See Incoming.abandon."""
        with contextlib.suppress(OSError):
            self._out.close()
        with contextlib.suppress(OSError):
            self._aside.unlink(missing_ok=True)


def _readable(limit: int) -> str:
    return f"{limit // _MEGABYTE} MB" if limit >= _MEGABYTE else f"{max(1, limit // 1024)} kB"


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_older(path: Path, age: timedelta) -> bool:
    try:
        return clock.now().timestamp() - path.stat().st_mtime > age.total_seconds()
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        word = "disk full" if is_passing_failure(error) else errno.errorcode.get(error.errno or 0, "error")
        raise AdapterUnavailable("files", word) from error
