"""How every register is asked over HTTP: with a deadline, a bound, and a type for the answer.

Comes in: a path and parameters. Goes out: an instance of the type that was asked for, or None for a 404.
Always holds: one call ends within its deadline, also against a server that drips bytes; at most MAX_BYTES of an answer
are read, and none are decompressed; anything but a readable answer with status 200 becomes AdapterUnavailable, whose
reason never quotes what was sent or received; redirects are not followed.
"""

import ipaddress
import math
import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx
import msgspec

from raadhuis.adapters.deadline import DeadlineBackend
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.kernel import clock

T = TypeVar("T")

MAX_BYTES: Final = 1024 * 1024
TIMEOUT_SECONDS: Final = 5.0
_MOST_CONNECTIONS: Final = 32
# Shorter than servers and balancers keep an idle connection, so that it is seldom closed just as we use it.
_IDLE_SECONDS: Final = 4.0
_TOO_MANY: Final = 429


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address) is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class HttpClient:
    """Asks one outside system. Safe to share between threads; connections open at the first call."""

    def __init__(
        self,
        system: str,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT_SECONDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.system = system
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        self.max_bytes = max_bytes
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        self._lock = threading.Lock()
        self._backend = DeadlineBackend()
        self._pool: httpcore.ConnectionPool | None = None

    def get(
        self, path: str, params: Any = None, *, answer: type[T], headers: Mapping[str, str] | None = None
    ) -> T | None:
        """GET `path` (below the base, or a whole URL). None when it is not there (404)."""
        status, body = self.request("GET", path, params=params, headers=dict(headers or {}))
        if status == 404:
            return None
        return self._read(status, body, answer)

    def post_json(self, path: str, value: object, *, answer: type[T]) -> T:
        """POST `value` as JSON to `path`."""
        headers = {"Content-Type": "application/json"}
        status, body = self.request("POST", path, content=msgspec.json.encode(value), headers=headers)
        return self._read(status, body, answer)

    def request(self, method: str, path: str, *, within: float = math.inf, **options: Any) -> tuple[int, bytes]:
        """The status and the whole body, at most `max_bytes`. Raises AdapterUnavailable, also for 429 and from 500.

        `within` shortens the deadline of this call, in seconds; `options` are those of httpx.Request: params, headers,
        content, data.
        """
        url = path if path.startswith(("http://", "https://")) else self.base_url + path
        headers = {**self._headers, **options.pop("headers", {})}
        try:
            asked = httpx.Request(method, url, headers=headers, **options)
            status, body, after = self._exchange(asked, min(within, self.timeout))
        except httpcore.TimeoutException:
            raise AdapterUnavailable(self.system, "timeout") from None
        except _FAILURES:
            raise AdapterUnavailable(self.system, "connection") from None
        self._require_served(status, after)
        return status, body

    def download(self, path: str, write: Callable[[bytes], object], **options: Any) -> int:
        """GET a file of any size: each piece goes to `write` as it comes in; the status.

        Nothing is written unless it is 200. The deadline holds for each piece. Raises AdapterUnavailable, also for 429
        and from 500, and also halfway; whatever `write` raises comes through.
        """
        headers = {**self._headers, **options.pop("headers", {})}
        try:
            asked = httpx.Request("GET", self.base_url + path, headers=headers, **options)
            request = self._request_of(asked, self.timeout)
            with self._backend.within(self.timeout):
                response = self._open().handle_request(request)
            try:
                if response.status == 200:
                    self._require_plain(response)
                    self._hand_on(response, write)
            finally:
                response.close()
        except httpcore.TimeoutException:
            raise AdapterUnavailable(self.system, "timeout") from None
        except _FAILURES:
            raise AdapterUnavailable(self.system, "connection") from None
        self._require_served(response.status, _retry_after(response))
        return response.status

    def _require_served(self, status: int, after: float) -> None:
        if status >= 500 or status == _TOO_MANY:
            raise AdapterUnavailable(self.system, f"status {status}", asked_to_wait=after)

    def _hand_on(self, response: httpcore.Response, write: Callable[[bytes], object]) -> None:
        pieces = iter(response.iter_stream())
        while True:
            with self._backend.within(self.timeout):
                piece = next(pieces, None)
            if piece is None:
                return
            write(piece)

    def _exchange(self, asked: httpx.Request, seconds: float) -> tuple[int, bytes, float]:
        request = self._request_of(asked, seconds)
        with self._backend.within(seconds):
            response = self._open().handle_request(request)
            try:
                return response.status, self._body(response), _retry_after(response)
            finally:
                response.close()

    def _request_of(self, asked: httpx.Request, seconds: float) -> httpcore.Request:
        limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)}
        return httpcore.Request(
            asked.method, str(asked.url), headers=asked.headers.raw, content=asked.read(), extensions=limits
        )

    def _require_plain(self, response: httpcore.Response) -> None:
        encodings = {value.lower() for name, value in response.headers if name.lower() == b"content-encoding"}
        if encodings - {b"identity"}:
            raise AdapterUnavailable(self.system, "compressed")

    def _body(self, response: httpcore.Response) -> bytes:
        self._require_plain(response)
        parts, size = [], 0
        for part in response.iter_stream():
            size += len(part)
            if size > self.max_bytes:
                raise AdapterUnavailable(self.system, "too large")
            parts.append(part)
        return b"".join(parts)

    def _read(self, status: int, body: bytes, answer: type[T]) -> T:
        if status != 200:
            raise AdapterUnavailable(self.system, f"status {status}")
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # The message of a validation error could quote the answer, which may be about a person.
            raise AdapterUnavailable(self.system, "unreadable") from None

    def _open(self) -> httpcore.ConnectionPool:
        with self._lock:
            if self._pool is None:
                self._pool = self._new_pool()
            return self._pool

    def _new_pool(self) -> httpcore.ConnectionPool:
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        # A proxy of the organisation is honoured for the outside world, never for this machine itself.
        proxy = None if is_loopback(host) or proxy_bypass(host) else getproxies().get(parts.scheme)
        return httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context() if parts.scheme == "https" else None,
            proxy=_proxy(proxy) if proxy else None,
            max_connections=_MOST_CONNECTIONS,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=self._backend,
        )


_FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    OSError,
    ValueError,
)


def _retry_after(response: httpcore.Response) -> float:
    """How many seconds the server asks to be left alone: it says so in seconds, or by a moment."""
    said = next((value for name, value in response.headers if name.lower() == b"retry-after"), b"").decode("latin-1")
    if said.strip().isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - clock.now()).total_seconds())
    except (ValueError, TypeError):  # Nothing, or a moment without its zone.
        return 0.0


def _proxy(url: str) -> httpcore.Proxy:
    known = httpx.Proxy(url)
    return httpcore.Proxy(str(known.url), auth=known.raw_auth)
