"""One deadline over everything that a call does on the network.

Comes in: a number of seconds, for the calls of this thread. Goes out: a network backend for httpcore that keeps to it.
Always holds: looking the name up, connecting to each of its addresses, and every read and write, wait no longer than
what is left; HTTP libraries count each of these apart, so that a server which sends a byte now and then would hold a
thread for hours, and the resolver knows no deadline at all. A name is looked up once at a time, so that a resolver
that hangs holds one thread for each name, however many ask.
"""

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Any, Final

import httpcore

_MOST_ADDRESSES: Final = 8
_Found = Future[list[str]]


class Names:
    """Looks names up in threads of its own, for as long as whoever asks can wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: dict[tuple[str, int], _Found] = {}

    def addresses(self, host: str, port: int, within: float | None) -> list[str]:
        """The addresses of `host`, at most 8. Raises httpcore.ConnectTimeout; OSError when there is no such name."""
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(host.strip("[]")))]
        with self._lock:
            found = self._busy.get((host, port))
            if found is None:
                found = self._busy[host, port] = Future()
                threading.Thread(target=self._look, args=(host, port, found), daemon=True).start()
        try:
            return found.result(within)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None

    def _look(self, host: str, port: int, found: _Found) -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            outcome: list[str] | OSError = error if isinstance(error, OSError) else OSError("no name")
        else:
            outcome = list(dict.fromkeys(str(row[4][0]) for row in rows))[:_MOST_ADDRESSES]
        with self._lock:
            del self._busy[host, port]
        if isinstance(outcome, OSError):
            found.set_exception(outcome)
        else:
            found.set_result(outcome)


class DeadlineBackend(httpcore.NetworkBackend):
    """Connects as httpcore does, within the deadline that `within` set for this thread."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()
        self._names = Names()
        self._held = threading.local()

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """The calls of this thread, inside the block, end `seconds` from now."""
        self._held.until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._held.until = None

    def left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
        """The seconds that remain, at most `timeout`. Raises `late` when there are none."""
        until = getattr(self._held, "until", None)
        if until is None:
            return timeout
        remains = float(until - time.monotonic())
        if remains <= 0:
            raise late
        return remains if timeout is None else min(timeout, remains)

    def addresses(self, host: str, port: int, within: float | None) -> list[str]:
        """Where to connect to for a host: looked up once, and what is connected to is what was looked up."""
        return self._names.addresses(host, port, within)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See httpcore.NetworkBackend. Tries every address of the host, until one answers or the time is up."""
        refused: httpcore.ConnectError | None = None
        for address in self.addresses(host, port, self.left(timeout, httpcore.ConnectTimeout)):
            within = self.left(timeout, httpcore.ConnectTimeout)
            try:
                return _Stream(self, self._backend.connect_tcp(address, port, within, local_address, socket_options))
            except httpcore.ConnectError as error:
                refused = error
        raise refused or httpcore.ConnectError("no address")


class _Stream(httpcore.NetworkStream):
    def __init__(self, backend: DeadlineBackend, stream: httpcore.NetworkStream) -> None:
        self._backend, self._stream = backend, stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        within = self._backend.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend, self._stream.start_tls(ssl_context, server_hostname, within))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
