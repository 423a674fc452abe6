"""One deadline over everything that a call does on the network.

Comes in: a number of seconds, for the calls of this thread. Goes out: a network backend for httpcore that keeps to it.
Always holds: connecting, and every read and write, waits no longer than what is left; HTTP libraries count each of
these apart, so that a server which sends a byte now and then would hold a thread for hours. Looking a name
up is left to the resolver, which has bounds of its own.
"""

import contextlib
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore


class DeadlineBackend(httpcore.NetworkBackend):
    """Connects as httpcore does, within the deadline that `within` set for this thread."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()
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

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See httpcore.NetworkBackend."""
        within = self.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self, self._backend.connect_tcp(host, port, within, local_address, socket_options))


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
