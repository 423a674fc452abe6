"""The three steps of logging in and out: begin, finish, and the address of the log-out.

Comes in: a provider, and the parameters that the browser brings back. Goes out: LoginRequest, Identity, a URL.
Always holds: `state` is compared before anything else is looked at; the code is exchanged once, with the verifier that
only this session knows.
"""

import base64
import hmac
import secrets
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.identity.claims import identity, lacks
from raadhuis.adapters.identity.discovery import Metadata, Published, published
from raadhuis.adapters.identity.levels import RANK, acr_for
from raadhuis.adapters.identity.port import Identity, LoginFailed, LoginRequest, Provider
from raadhuis.adapters.identity.token import believed

T = TypeVar("T")

_LONGEST_CODE: Final = 4096


class _Tokens(msgspec.Struct):
    id_token: str = ""
    access_token: str = ""


class _Refusal(msgspec.Struct):
    error: str = ""


def begin(provider: Provider, callback: str, required_level: str | None = None) -> LoginRequest:
    """Where to send the browser; keep the answer in its session until `finish`.

    `callback` is the absolute URL that the provider sends the browser back to. `required_level` is "low",
    "substantial" or "high". Raises AdapterUnavailable, and ValueError for another level.
    """
    if required_level and required_level not in RANK:
        raise ValueError("a level is low, substantial or high")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    url = prepare_grant_uri(
        published(provider.issuer).metadata().authorization_endpoint,
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=callback,
        scope=provider.scope,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        acr_values=acr_for(provider.realm, required_level or "") or None,
    )
    return LoginRequest(
        url=url,
        issuer=provider.issuer,
        state=state,
        nonce=nonce,
        verifier=verifier,
        required_level=required_level or "",
    )


def finish(provider: Provider, request: LoginRequest, params: dict[str, str], callback: str) -> Identity:
    """Who logged in. `params` is the query of the callback. Raises LoginFailed, AdapterUnavailable."""
    if not hmac.compare_digest(params.get("state", "").encode(), request.state.encode()):
        raise LoginFailed("wrong-state")
    if request.issuer != provider.issuer or params.get("iss", provider.issuer) != provider.issuer:
        raise LoginFailed("wrong-provider")
    if error := params.get("error"):
        raise LoginFailed("cancelled" if error == "access_denied" else "provider-error")
    code = params.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise LoginFailed("no-code")
    source = published(provider.issuer)
    tokens = _exchange(provider, source, code, request.verifier, callback)
    claims = believed(tokens.id_token, provider, source, request.nonce, tokens.access_token)
    if lacks(provider.realm, claims):
        claims = {**_userinfo(source, claims, tokens.access_token), **claims}
    found = identity(provider, claims, tokens.id_token)
    if RANK[found.level] < RANK[request.required_level]:
        raise LoginFailed("level-too-low")
    return found


def logout_url(provider: Provider, id_token: str, after: str) -> str:
    """Where to send the browser to end the session at the provider too, and then to `after`.

    "" when the provider has no such place or is away: logging out here must not depend on it.
    """
    try:
        endpoint = published(provider.issuer).metadata().end_session_endpoint
    except AdapterUnavailable:
        return ""
    if not endpoint:
        return ""
    params = {"id_token_hint": id_token, "post_logout_redirect_uri": after, "client_id": provider.client_id}
    return str(add_params_to_uri(endpoint, list(params.items())))


def _exchange(provider: Provider, source: Published, code: str, verifier: str, callback: str) -> _Tokens:
    metadata = source.metadata()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}
    headers = _client(provider, metadata, form)
    status, body = source.http.request("POST", metadata.token_endpoint, data=form, headers=headers)
    if status != 200:
        if _read(body, _Refusal).error == "invalid_grant":
            raise LoginFailed("code-refused")
        raise AdapterUnavailable("identity", f"status {status}")
    tokens = _read(body, _Tokens)
    if not tokens.id_token:
        raise LoginFailed("no-token")
    return tokens


def _client(provider: Provider, metadata: Metadata, form: dict[str, str]) -> dict[str, str]:
    """Who we are: headers, or fields added to `form`, as the provider wants it (RFC 6749, section 2.3.1)."""
    methods = metadata.token_endpoint_auth_methods_supported
    if not provider.client_secret:
        form["client_id"] = provider.client_id
        return {}
    if "client_secret_basic" not in methods and "client_secret_post" in methods:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
        return {}
    pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _userinfo(source: Published, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    endpoint = source.metadata().userinfo_endpoint
    if not endpoint or not access_token:
        return {}
    headers = {"Authorization": f"Bearer {access_token}"}
    found = source.http.get(endpoint, answer=dict[str, Any], headers=headers) or {}
    # Section 5.3.2: an answer about another subject must not be used.
    if found.get("sub") != claims.get("sub"):
        raise LoginFailed("bad-token")
    return found


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AdapterUnavailable("identity", "unreadable") from None
