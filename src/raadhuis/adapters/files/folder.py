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
        key = secrets.token_hex(16)
        aside = self._incoming / key
        with _translated():
            try:
                self._make(self._incoming)
                size, digest = _write(stream, aside, limit)
                self._name(aside, key)
            except BaseException:
                with contextlib.suppress(OSError):
                    aside.unlink(missing_ok=True)
                raise
        return Stored(key, size, digest)

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

    def _name(self, aside: Path, key: str) -> None:
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


def _write(stream: BinaryIO, path: Path, limit: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise Invalid(
                    {
                        "file": gettext("Dit bestand is te groot. Kies een bestand tot %(size)s.")
                        % {"size": _readable(limit)}
                    }
                )
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


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
