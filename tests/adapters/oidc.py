"""A browser for logging in, and an identity provider that can be told to lie."""

import contextlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc.jwk import RSAKey

from adapters.servers import BROWSER, serving
from raadhuis.adapters.identity import Identity, LoginRequest, Provider, begin, finish
from raadhuis.adapters.identity.standin import Grant, OidcProvider, new_key
from raadhuis.adapters.standins.web import App, Request, Response

CALLBACK = "http://localhost:8000/inloggen/klaar"


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def choose(request: LoginRequest, who: str) -> dict[str, str]:
    """What the browser brings back after choosing `who`."""
    answer = BROWSER.get(f"{request.url}&login_hint={who}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(CALLBACK + "?")
    return query_of(answer.headers["location"])


def log_in(provider: Provider, who: str, required_level: str | None = None) -> Identity:
    request = begin(provider, CALLBACK, required_level)
    return finish(provider, request, choose(request, who), CALLBACK)


@lru_cache
def shared_key(number: int = 1) -> RSAKey:
    """A key made once for all tests; another `number` gives another key."""
    return new_key()


class Liar(OidcProvider):
    """The stand-in, with claims and signing that a test replaces, and answers put before its own."""

    def __init__(self, realm: str, issuer: str) -> None:
        super().__init__(realm, issuer, shared_key())
        self.change: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.token: Callable[[dict[str, Any]], str] = super().sign
        self.instead: dict[str, App] = {}

    def __call__(self, request: Request) -> Response:
        return self.instead.get(request.path, super().__call__)(request)

    def claims(self, grant: Grant) -> dict[str, Any]:
        return self.change(super().claims(grant))

    def sign(self, claims: dict[str, Any]) -> str:
        return self.token(claims)


@contextlib.contextmanager
def liar(realm: str = "resident") -> Iterator[tuple[Liar, Provider]]:
    """A provider of its own, and what we agreed with it."""
    made: list[Liar] = []
    with serving(lambda request: made[0](request)) as url:
        made.append(Liar(realm, url))
        yield made[0], Provider(realm=realm, issuer=url, client_id="raadhuis", client_secret="demo")
