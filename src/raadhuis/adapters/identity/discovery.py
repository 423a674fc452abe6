"""What a provider publishes about itself: its endpoints and its keys.

Comes in: an issuer. Goes out: Metadata and a KeySet, from memory when they are fresh.
Always holds: a document is about the issuer that was asked for; every address in it is https, or on this machine like
the issuer itself; a key that we do not know is looked for again at most once every RETRY_SECONDS.
Source: OpenID Connect Discovery 1.0, sections 3 and 4.3.
"""

import threading
import time
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import HttpClient, is_loopback

# Providers change keys by publishing the new one well before they sign with it.
FRESH_SECONDS: Final = 600
RETRY_SECONDS: Final = 30
# When a provider does not answer, what it said before still holds for a while.
STALE_SECONDS: Final = 6 * 3600
TIMEOUT_SECONDS: Final = 4.0


class Metadata(msgspec.Struct, frozen=True):
    """The part of a discovery document that we use."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Keys(msgspec.Struct):
    keys: list[dict[str, Any]]


class Published:
    """What one issuer publishes. Safe to share between threads; fetching happens outside the lock."""

    def __init__(self, issuer: str, *, timeout: float = TIMEOUT_SECONDS, retry: float = RETRY_SECONDS) -> None:
        self.http = HttpClient("identity", issuer, timeout=timeout)
        self._issuer, self._retry = issuer, retry
        self._lock = threading.Lock()
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def metadata(self) -> Metadata:
        """The discovery document. Raises AdapterUnavailable."""
        held = self._metadata
        if held is None or time.monotonic() - held[0] > FRESH_SECONDS:
            try:
                held = (time.monotonic(), self._fetch_metadata())
            except AdapterUnavailable:
                if held is None or time.monotonic() - held[0] > STALE_SECONDS:
                    raise
            with self._lock:
                self._metadata = held
        return held[1]

    def keys(self, kid: str) -> KeySet:
        """The provider's keys; fetched anew when `kid` is not among them. Raises AdapterUnavailable."""
        held = self._keys
        age = time.monotonic() - held[0] if held else STALE_SECONDS
        unknown = held is not None and bool(kid) and all(key.kid != kid for key in held[1])
        if held is None or age > FRESH_SECONDS or (unknown and age > self._retry):
            try:
                held = (time.monotonic(), self._fetch_keys())
            except AdapterUnavailable:
                if held is None or age >= STALE_SECONDS:
                    raise
            with self._lock:
                self._keys = held
        return held[1]

    def _fetch_metadata(self) -> Metadata:
        self._require_safe(self._issuer)
        found = self.http.get("/.well-known/openid-configuration", answer=Metadata)
        if found is None:
            raise AdapterUnavailable("identity", "status 404")
        if found.issuer != self._issuer:
            raise AdapterUnavailable("identity", "describes another issuer")
        for url in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            self._require_safe(url)
        for url in (found.userinfo_endpoint, found.end_session_endpoint):
            if url:
                self._require_safe(url)
        return found

    def _require_safe(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        here = parts.scheme == "http" and is_loopback(host) and is_loopback(urlsplit(self._issuer).hostname or "")
        if not here and (parts.scheme != "https" or not host):
            raise AdapterUnavailable("identity", "not https")

    def _fetch_keys(self) -> KeySet:
        found = self.http.get(self.metadata().jwks_uri, answer=_Keys)
        if found is None:
            raise AdapterUnavailable("identity", "status 404")
        try:
            return KeySet.import_key_set({"keys": found.keys})
        except (JoseError, ValueError, TypeError, KeyError):
            raise AdapterUnavailable("identity", "unreadable") from None


_lock = threading.Lock()
_published: dict[str, Published] = {}


def published(issuer: str) -> Published:
    """The memory of this process about `issuer`."""
    with _lock:
        if issuer not in _published:
            _published[issuer] = Published(issuer)
        return _published[issuer]
