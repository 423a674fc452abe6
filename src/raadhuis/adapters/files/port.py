"""How the rest of the house keeps files."""

from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO, Protocol

import msgspec


class Stored(msgspec.Struct, frozen=True):
    """A kept file. `key` opens it again; `size` in bytes; `sha256` of the content, as 64 hex characters."""

    key: str
    size: int
    sha256: str


class Incoming(Protocol):
    """A file that is coming in piece by piece, and is not kept yet."""

    size: int
    """How many bytes came in so far."""

    def write(self, piece: bytes) -> None:
        """Adds a piece. Raises Invalid beyond the limit; may raise AdapterUnavailable."""
        ...

    def keep(self) -> Stored:
        """Makes it a kept file."""
        ...

    def abandon(self) -> None:
        """Throws away what came in; after `keep` it does nothing."""
        ...


class FileStore(Protocol):
    """The file store, as the rest of the house sees it. Every method may raise AdapterUnavailable."""

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keeps `stream`, from where it stands to its end. Raises Invalid beyond `limit` bytes, and keeps nothing."""
        ...

    def begin(self, *, limit: int) -> Incoming:
        """Begins a file that comes in piece by piece, at most `limit` bytes; whoever begins it keeps or abandons it."""
        ...

    def put_bytes(self, content: bytes) -> Stored:
        """Keeps `content`."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The file, for reading; the caller closes it. Raises Absent."""
        ...

    def delete(self, key: str) -> None:
        """Removes the file for good; one that is not there is no fault. Raises Absent for what is no key."""
        ...

    def sweep(self, older_than: timedelta = ...) -> int:
        """Removes what a crash left half written; how many files."""
        ...

    def keys(self, older_than: timedelta) -> Iterator[str]:
        """The keys of files kept longer ago than `older_than`, for whoever looks for files that no row knows."""
        ...
