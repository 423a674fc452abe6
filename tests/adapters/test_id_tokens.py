"""ID tokens that must not be believed: each one by a provider that is right in everything else."""

import base64
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from adapters.oidc import CALLBACK, Liar, choose, liar, log_in, shared_key
from raadhuis.adapters.identity import LoginFailed, begin, finish
from raadhuis.adapters.standins.web import json_response
from raadhuis.kernel import clock

Claims = dict[str, Any]


def part(value: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def without(*names: str) -> Callable[[Claims], Claims]:
    return lambda claims: {k: v for k, v in claims.items() if k not in names}


def with_(**changes: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **changes}


def shifted(**seconds: int) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **{name: claims[name] + by for name, by in seconds.items()}}


CLAIMS: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "another nonce": (with_(nonce="ander"), "wrong-nonce"),
    "no nonce": (without("nonce"), "wrong-nonce"),
    "an empty nonce": (with_(nonce=""), "wrong-nonce"),
    "another issuer": (with_(iss="https://evil.example"), "wrong-issuer"),
    "no issuer": (without("iss"), "wrong-issuer"),
    "another audience": (with_(aud="ander"), "wrong-audience"),
    "other audiences": (with_(aud=["ander", "nog een"]), "wrong-audience"),
    "no audience": (without("aud"), "wrong-audience"),
    "more audiences and no party": (with_(aud=["raadhuis", "ander"]), "wrong-audience"),
    "more audiences and another party": (with_(aud=["raadhuis", "ander"], azp="ander"), "wrong-audience"),
    "another party": (with_(azp="ander"), "wrong-audience"),
    "expired": (shifted(exp=-600), "expired"),
    "no end": (without("exp"), "bad-token"),
    "an end that is no number": (with_(exp="later"), "bad-token"),
    "an end that is no time": (with_(exp=True), "bad-token"),
    "no beginning": (without("iat"), "bad-token"),
    "made in the future": (shifted(iat=600), "bad-token"),
    "made long ago": (shifted(iat=-3600), "expired"),
    "not yet": (lambda c: {**c, "nbf": c["iat"] + 600}, "bad-token"),
    "no subject": (without("sub"), "bad-token"),
    "an empty subject": (with_(sub=""), "bad-token"),
    "a subject that is no text": (with_(sub=7), "bad-token"),
    "a long subject": (with_(sub="x" * 300), "bad-token"),
    "the hash of another access token": (with_(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "bad-token"),
    "factors that are no list": (with_(amr="mfa"), "bad-token"),
}


@pytest.mark.parametrize("lie", CLAIMS)
def test_claims_that_do_not_fit(lie: str) -> None:
    change, reason = CLAIMS[lie]
    with liar() as (provider, agreed):
        provider.change = change
        with pytest.raises(LoginFailed) as caught:
            log_in(agreed, "fatima")
    assert caught.value.reason == reason


def none(provider: Liar, claims: Claims) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def none_with_kid(provider: Liar, claims: Claims) -> str:
    return f"{part({'alg': 'none', 'kid': provider.key.kid})}.{part(claims)}."


def none_in_capitals(provider: Liar, claims: Claims) -> str:
    return f"{part({'alg': 'NONE', 'kid': provider.key.kid})}.{part(claims)}."


def signed_by_hand(provider: Liar, claims: Claims, secret: bytes) -> str:
    """With HMAC, for the library rightly refuses to."""
    signed = f"{part({'alg': 'HS256', 'kid': provider.key.kid})}.{part(claims)}"
    digest = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def public_key_as_secret(provider: Liar, claims: Claims) -> str:
    pem = provider.key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return signed_by_hand(provider, claims, pem)


def client_secret_as_key(provider: Liar, claims: Claims) -> str:
    return signed_by_hand(provider, claims, b"demo")


def another_key_of_the_same_name(provider: Liar, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, shared_key(2))


def another_key(provider: Liar, claims: Claims) -> str:
    key = shared_key(2)
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def its_own_key(provider: Liar, claims: Claims) -> str:
    key = shared_key(2)
    header = {"alg": "RS256", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key)


def another_algorithm(provider: Liar, claims: Claims) -> str:
    return jwt.encode({"alg": "RS512", "kid": provider.key.kid}, claims, provider.key, algorithms=["RS512"])


def changed_after_signing(provider: Liar, claims: Claims) -> str:
    head, _, signature = jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key).split(".")
    return f"{head}.{part({**claims, 'bsn': '999900055'})}.{signature}"


def cut_off(provider: Liar, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key).rpartition(".")[0]


def no_token(provider: Liar, claims: Claims) -> str:
    return "onzin"


def a_list(provider: Liar, claims: Claims) -> str:
    return f"{part([1])}.{part([2])}.{part([3])}"


def a_number_as_kid(provider: Liar, claims: Claims) -> str:
    return f"{part({'alg': 'RS256', 'kid': 7})}.{part(claims)}.AAAA"


def critical_extension(provider: Liar, claims: Claims) -> str:
    _, body, signature = jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key).split(".")
    return f"{part({'alg': 'RS256', 'kid': provider.key.kid, 'crit': ['exp']})}.{body}.{signature}"


FORGERIES = [
    none,
    none_with_kid,
    none_in_capitals,
    public_key_as_secret,
    client_secret_as_key,
    another_key_of_the_same_name,
    another_key,
    its_own_key,
    another_algorithm,
    changed_after_signing,
    cut_off,
    no_token,
    a_list,
    a_number_as_kid,
    critical_extension,
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_signatures_that_do_not_hold(forge: Callable[[Liar, Claims], str]) -> None:
    with liar() as (provider, agreed):
        provider.token = lambda claims: forge(provider, claims)
        with pytest.raises(LoginFailed) as caught:
            log_in(agreed, "fatima")
    assert caught.value.reason == "bad-signature"


def test_a_token_that_is_absent_or_huge() -> None:
    with liar() as (provider, agreed):
        for token, reason in (("", "no-token"), ("x" * 40_000, "bad-token")):
            provider.token = lambda claims, token=token: token  # type: ignore[misc]
            with pytest.raises(LoginFailed) as caught:
                log_in(agreed, "fatima")
            assert caught.value.reason == reason


def test_what_may_differ_is_believed() -> None:
    with liar() as (provider, agreed):
        for change in (
            with_(aud=["raadhuis"]),
            with_(aud=["raadhuis", "ander"], azp="raadhuis"),
            shifted(iat=30, exp=-330),
        ):
            provider.change = change
            assert log_in(agreed, "fatima").bsn == "999900006"


def test_a_provider_with_an_elliptic_key() -> None:
    key = ECKey.generate_key("P-256")
    with liar() as (provider, agreed):
        provider.instead = {
            "/jwks": lambda request: json_response({"keys": [{**key.as_dict(private=False), "kid": "e"}]})
        }
        provider.token = lambda claims: jwt.encode({"alg": "ES256", "kid": "e"}, claims, key)
        assert log_in(agreed, "fatima").bsn == "999900006"
        # The right key under the wrong algorithm is not believed.
        provider.token = lambda claims: f"{part({'alg': 'RS256', 'kid': 'e'})}.{part(claims)}.AAAA"
        with pytest.raises(LoginFailed, match=r"^bad-signature$"):
            log_in(agreed, "fatima")


def test_a_token_without_a_key_name_and_more_keys_is_not_guessed_at() -> None:
    with liar() as (provider, agreed):
        keys = [key.as_dict(private=False) for key in (provider.key, shared_key(2))]
        provider.instead = {"/jwks": lambda request: json_response({"keys": keys})}
        provider.token = lambda claims: jwt.encode({"alg": "RS256"}, claims, provider.key)
        with pytest.raises(LoginFailed, match=r"^bad-signature$"):
            log_in(agreed, "fatima")


def test_a_login_that_lay_too_long_is_expired() -> None:
    with liar() as (_, agreed):
        request = begin(agreed, CALLBACK)
        params = choose(request, "fatima")
        with clock.at(clock.now() + timedelta(minutes=20)), pytest.raises(LoginFailed, match=r"^expired$"):
            finish(agreed, request, params, CALLBACK)
