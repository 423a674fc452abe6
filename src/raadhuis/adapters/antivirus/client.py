"""ClamAV's daemon over its own protocol, command INSTREAM.

Comes in: a stream. Goes out: chunks with their length before them, then one line of answer.
Always holds: at most one chunk of the file is in memory; one scan ends within the deadline.
Source: clamd(8), "INSTREAM": "zINSTREAM" and NUL, chunks of <length as 4 bytes big-endian><data>, a length of zero.
"""

import contextlib
import select
import socket
import struct
import time
from collections.abc import Iterator
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit

from raadhuis.adapters.antivirus.port import Clean, Infected, TooLargeToScan
from raadhuis.adapters.errors import AdapterUnavailable

CHUNK_BYTES: Final = 64 * 1024
# A file of 100 MB takes clamd some seconds; a resident waits for it.
DEADLINE_SECONDS: Final = 30.0
# clamd itself stops at StreamMaxLength (100 MB unless configured).
MAX_BYTES: Final = 100 * 1024 * 1024
_LONGEST_ANSWER: Final = 4096
# With AlertExceedsMax, clamd calls a limit of its own a find.
_LIMITS: Final = "Heuristics.Limits.Exceeded"


class ClamAv:
    """The real client. `url`: tcp://host:port (3310 without port) or unix:///path/of/the/socket. Raises ValueError."""

    def __init__(self, url: str, *, deadline: float = DEADLINE_SECONDS, max_bytes: int = MAX_BYTES) -> None:
        parts = urlsplit(url)
        self._path = unquote(parts.path) if parts.scheme == "unix" else ""
        self._address = (parts.hostname or "", parts.port or 3310)
        if not self._path and not (parts.scheme == "tcp" and parts.hostname):
            raise ValueError("a virus scanner is tcp://host:port or unix:///path")
        self._deadline, self._max_bytes = deadline, max_bytes

    def scan(self, stream: BinaryIO) -> Clean | Infected:
        """See Antivirus.scan."""
        until = time.monotonic() + self._deadline
        with self._connection(until) as clamd:
            answer = self._stream(clamd, stream, until)
        return _verdict(answer)

    def ping(self) -> bool:
        """Whether the scanner answers as it should."""
        until = time.monotonic() + self._deadline
        try:
            with self._connection(until) as clamd:
                clamd.sendall(b"zPING\0")
                return _answer(clamd, until) == "PONG"
        except (AdapterUnavailable, OSError):
            return False

    @contextlib.contextmanager
    def _connection(self, until: float) -> Iterator[socket.socket]:
        try:
            if self._path:
                clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                clamd.settimeout(_left(until))
                clamd.connect(self._path)
            else:
                clamd = socket.create_connection(self._address, timeout=_left(until))
        except OSError:
            raise AdapterUnavailable("antivirus", "connection") from None
        with clamd:
            yield clamd

    def _stream(self, clamd: socket.socket, stream: BinaryIO, until: float) -> str:
        sent = 0
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            _send(clamd, b"zINSTREAM\0", until)
            while chunk := stream.read(CHUNK_BYTES):
                sent += len(chunk)
                if sent > self._max_bytes:
                    raise TooLargeToScan
                # An answer before the end means that clamd stopped reading: its size limit, or no room.
                if select.select([clamd], [], [], 0)[0]:
                    break
                _send(clamd, struct.pack(">I", len(chunk)) + chunk, until)
            else:
                _send(clamd, struct.pack(">I", 0), until)
        return _answer(clamd, until)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise AdapterUnavailable("antivirus", "timeout")
    return left


def _send(clamd: socket.socket, data: bytes, until: float) -> None:
    clamd.settimeout(_left(until))
    try:
        clamd.sendall(data)
    except TimeoutError:
        raise AdapterUnavailable("antivirus", "timeout") from None
    except (BrokenPipeError, ConnectionResetError):
        raise  # clamd stopped reading; it may have said why.
    except OSError:
        raise AdapterUnavailable("antivirus", "connection") from None


def _answer(clamd: socket.socket, until: float) -> str:
    """What clamd says, up to its NUL or the end; "" when it hung up without a word."""
    got = b""
    try:
        while b"\0" not in got and len(got) < _LONGEST_ANSWER:
            clamd.settimeout(_left(until))
            part = clamd.recv(1024)
            if not part:
                break
            got += part
    except TimeoutError:
        raise AdapterUnavailable("antivirus", "timeout") from None
    except OSError:
        raise AdapterUnavailable("antivirus", "connection") from None
    return got.split(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> Clean | Infected:
    if answer == "stream: OK":
        return Clean()
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        signature = answer.removeprefix("stream: ").removesuffix(" FOUND")
        if signature.startswith(_LIMITS):
            raise TooLargeToScan
        return Infected(signature)
    if "size limit exceeded" in answer.lower():
        raise TooLargeToScan
    raise AdapterUnavailable("antivirus", "error" if answer.endswith("ERROR") else "unreadable")
