"""How every register is asked over HTTP: with a deadline, a bound, and a type for the answer.

Comes in: a path and parameters. Goes out: an instance of the type that was asked for, or None for a 404.
Always holds: one call ends within its deadline plus one read timeout, also against a server that drips bytes;
at most MAX_BYTES of an answer are read, and none are decompressed; anything but a readable answer with status 200
becomes AdapterUnavailable, whose reason never quotes what was sent or received; redirects are not followed.
"""

import ipaddress
import threading
import time
from collections.abc import Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from raadhuis.adapters.errors import AdapterUnavailable

T = TypeVar("T")

MAX_BYTES: Final = 1024 * 1024
TIMEOUT_SECONDS: Final = 5.0


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
        self, system: str, base_url: str, *, headers: Mapping[str, str] | None = None, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self.system = system
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None

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

    def request(self, method: str, path: str, **options: Any) -> tuple[int, bytes]:
        """The status and the whole body, at most MAX_BYTES. Raises AdapterUnavailable, also from 500."""
        deadline = time.monotonic() + self.timeout  # A duration: no matter for the house's clock.
        url = path if path.startswith(("http://", "https://")) else self.base_url + path
        try:
            with self._open().stream(method, url, **options) as response:
                if response.headers.get("content-encoding", "identity") != "identity":
                    raise AdapterUnavailable(self.system, "compressed")
                parts, size = [], 0
                for part in response.iter_raw():
                    size += len(part)
                    if size > MAX_BYTES:
                        raise AdapterUnavailable(self.system, "too large")
                    if time.monotonic() > deadline:
                        raise AdapterUnavailable(self.system, "timeout")
                    parts.append(part)
        except httpx.TimeoutException:
            raise AdapterUnavailable(self.system, "timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise AdapterUnavailable(self.system, "connection") from None
        if response.status_code >= 500:
            raise AdapterUnavailable(self.system, f"status {response.status_code}")
        return response.status_code, b"".join(parts)

    def _read(self, status: int, body: bytes, answer: type[T]) -> T:
        if status != 200:
            raise AdapterUnavailable(self.system, f"status {status}")
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # The message of a validation error could quote the answer, which may be about a person.
            raise AdapterUnavailable(self.system, "unreadable") from None

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                # A proxy of the organisation is honoured for the outside world, never for this machine itself.
                outside = not is_loopback(urlsplit(self.base_url).hostname or "")
                self._client = httpx.Client(timeout=self.timeout, headers=self._headers, trust_env=outside)
            return self._client
