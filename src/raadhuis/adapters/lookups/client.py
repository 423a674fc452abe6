"""The services that an administrator allowed, over HTTP and JSON.

Comes in: what Lookups.ask takes. Goes out: one request below the base address of the service, and what its JSON says.
Always holds: a service without an address is never asked; at most MAX_ANSWER bytes are read, nested at most DEEPEST
deep, and what comes out can be kept as JSON again; a service that failed RESTS_AFTER times in a row is left alone for
some seconds, so that one that hangs does not keep everybody's pages.
"""

import re
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import HttpClient
from raadhuis.adapters.lookups.paths import BadPath, safe_path
from raadhuis.adapters.lookups.port import SECONDS, Method, UnknownService

MAX_ANSWER: Final = 256 * 1024
MAX_QUESTION: Final = 64 * 1024
DEEPEST: Final = 32
RESTS_AFTER: Final = 5
RESTS_SECONDS: Final = 10.0
_SYSTEM: Final = "lookups"
_LARGEST: Final = 2**53
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_JSON: Final = {"Content-Type": "application/json"}


class _Service:
    """One service: its client, and how it did of late."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else None
        self.http = HttpClient(_SYSTEM, url, headers=headers, timeout=SECONDS, max_bytes=MAX_ANSWER)
        self._lock = threading.Lock()
        self._failed, self._rests_until = 0, 0.0

    def require_awake(self) -> None:
        """Raises AdapterUnavailable while it rests."""
        with self._lock:
            if time.monotonic() < self._rests_until:
                raise AdapterUnavailable(_SYSTEM, "resting")

    def did(self, *, well: bool) -> None:
        """Notes how a question went."""
        with self._lock:
            self._failed = 0 if well else self._failed + 1
            if self._failed >= RESTS_AFTER:
                self._failed, self._rests_until = 0, time.monotonic() + RESTS_SECONDS


class HttpLookups:
    """The real client. `services`: by name the base address (`url`) and, where it asks one, a bearer `token`."""

    def __init__(self, services: Mapping[str, Mapping[str, str]]) -> None:
        self._services = {name: _Service(one["url"], one.get("token", "")) for name, one in services.items()}

    def ask(
        self,
        service: str,
        path: str,
        method: Method,
        query: Mapping[str, Any],
        body: Mapping[str, Any],
        *,
        within: float = SECONDS,
    ) -> Any:
        """See Lookups.ask."""
        known = self._services.get(service)
        if known is None:
            raise UnknownService
        options = _options(path, method, query, body)
        known.require_awake()
        try:
            status, answer = known.http.request(method.upper(), within=within, **options)
        except AdapterUnavailable:
            known.did(well=False)
            raise
        known.did(well=True)
        if status == 404:
            return None
        if status not in {200, 201}:
            raise AdapterUnavailable(_SYSTEM, f"status {status}")
        return _read(answer)


def _options(path: str, method: Method, query: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    try:
        where = safe_path(path)
    except BadPath as error:
        raise AdapterUnavailable(_SYSTEM, f"path: {error}") from None
    try:
        options: dict[str, Any] = {"path": where, "params": {name: _said(value) for name, value in query.items()}}
        if method == "post":
            options |= {"content": msgspec.json.encode(dict(body)), "headers": _JSON}
    except (TypeError, ValueError, RecursionError):
        raise AdapterUnavailable(_SYSTEM, "question is not JSON") from None
    size = sum(len(name) + len(text) for name, text in options["params"].items()) + len(options.get("content", b""))
    if size > MAX_QUESTION:
        raise AdapterUnavailable(_SYSTEM, "question too large")
    if not options["params"]:
        del options["params"]
    return options


def _said(value: Any) -> str:
    """A query's value: a text as it is, anything else as JSON writes it."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _read(answer: bytes) -> Any:
    try:
        return _plain(msgspec.json.decode(answer), DEEPEST)
    except (msgspec.DecodeError, ValueError, RecursionError):
        # The message of an error could quote the answer, which may be about a person.
        raise AdapterUnavailable(_SYSTEM, "unreadable") from None


def _plain(value: Any, deep: int) -> Any:
    """The value without control characters. Raises ValueError for what is nested too deep or too large a number."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        raise ValueError("a number beyond what JSON's readers agree on")
    if not isinstance(value, dict | list):
        return value
    if not deep:
        raise ValueError("nested too deep")
    if isinstance(value, list):
        return [_plain(one, deep - 1) for one in value]
    return {_CONTROL.sub("", name): _plain(one, deep - 1) for name, one in value.items()}
