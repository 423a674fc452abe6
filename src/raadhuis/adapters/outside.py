"""Calling an address that somebody else chose: a subscriber's callback.

Comes in: an address, headers, bytes. Goes out: the status of the answer. Always holds: no call reaches an address of
the inside (loopback, private, link-local, shared, multicast, reserved, or an IPv6 address that stands for one of
these), except in networks that an administrator allowed; the name is looked up once, all that it leads to is checked,
and what is connected to is what was checked; the certificate is checked against the name; redirects are not followed;
one call ends within its deadline, and no more than some kilobytes of an answer are read.

It connects by itself, also where the environment names a proxy: a proxy would look the name up again.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

import httpcore
import httpx

from raadhuis.adapters.deadline import DeadlineBackend

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST_BYTES: Final = 64 * 1024
TIMEOUT_SECONDS: Final = 10.0
MOST_CONNECTIONS: Final = 64
# Shorter than most servers keep an idle connection, so that it is seldom closed just as we use it.
_IDLE_SECONDS: Final = 1.5
# Below 1024 live services that are no web servers (mail, for one), and that could be made to read what we send.
_WEB_PORTS: Final = {80, 443}
# Through which a network without IPv4 reaches all of IPv4 (RFC 6052): what counts is where it leads.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class NotReached(Exception):
    """No answer came: "timeout", "connection", "no address", "inside", "bad address". Never quotes what was sent."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks as `10.1.0.0/16` or a single address. Raises ValueError."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def is_inside(text: str) -> bool:
    """Whether an IP address is not one of the public internet."""
    try:
        address: Address = ipaddress.ip_address(text)
    except ValueError:
        return True
    if address in _NAT64:
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return any(_inside(one) for one in (address, *_carried(address)))


def _inside(one: Address) -> bool:
    site_local = isinstance(one, ipaddress.IPv6Address) and one.is_site_local
    return site_local or not one.is_global or one.is_multicast or one.is_reserved


def _carried(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    return [one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if one is not None]


def may_be_called(url: str) -> bool:
    """Whether an address is one that could be called at all: http or https, a host, a port of the web, no password."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError:
        return False
    named = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    return named and _is_web(port)


def _is_web(port: int) -> bool:
    return port in _WEB_PORTS or port >= 1024


class _Guarded(DeadlineBackend):
    """Connects only to addresses that may be called."""

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        super().__init__()
        self._allowed = allowed

    def addresses(self, host: str, port: int, within: float | None) -> list[str]:
        """See DeadlineBackend. One address that may not be called makes the name unusable."""
        if not _is_web(port):  # Once more: what reads the address to connect may read it otherwise than we did.
            raise NotReached("bad address")
        found = super().addresses(host, port, within)
        if not found:
            raise NotReached("no address")
        if not all(self._may(one) for one in found):
            raise NotReached("inside")
        return found

    def _may(self, text: str) -> bool:
        return not is_inside(text) or any(ipaddress.ip_address(text) in one for one in self._allowed)

    def connect_unix_socket(self, *_: object, **__: object) -> httpcore.NetworkStream:
        """Never."""
        raise NotReached("inside")


class Caller:
    """Calls addresses of others; threads may share it. `allowed`: networks of the inside that may be called."""

    def __init__(self, allowed: Iterable[str] = (), *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._timeout = timeout
        self._backend = _Guarded(networks(allowed))
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_CONNECTIONS // 2,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=self._backend,
        )

    def post(self, url: str, content: bytes, headers: Mapping[str, str], *, within: float | None = None) -> int:
        """The status of the answer. Raises NotReached."""
        if not may_be_called(url):
            raise NotReached("bad address")
        seconds = self._timeout if within is None else min(within, self._timeout)
        try:
            # httpx spells out what httpcore takes as it is: the host and its length headers.
            asked = httpx.Request("POST", url, content=content, headers={**headers, "Accept-Encoding": "identity"})
            return self._exchange(asked, seconds)
        except httpcore.TimeoutException:
            raise NotReached("timeout") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL, OSError, ValueError):
            raise NotReached("connection") from None

    def _exchange(self, asked: httpx.Request, seconds: float) -> int:
        limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)}
        request = httpcore.Request(
            "POST", str(asked.url), headers=asked.headers.raw, content=asked.read(), extensions=limits
        )
        with self._backend.within(seconds):
            response = self._pool.handle_request(request)
            try:
                read = 0
                for part in response.iter_stream():
                    read += len(part)
                    if read > MOST_BYTES:  # The status is what counts; the connection is not used again.
                        break
                return response.status
            finally:
                response.close()

    def close(self) -> None:
        """Lets go of every connection."""
        self._pool.close()
