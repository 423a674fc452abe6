"""A stand-in for an identity provider: one realm, with the people of Waterrijk as buttons.

Comes in: what OpenID Connect sends. Goes out: discovery, a page to choose somebody, tokens, userinfo, keys, log-out.
Always holds: like a real one it demands PKCE and the client's secret, gives a code out once, and sends browsers only
to addresses on this machine. `login_hint` chooses somebody without the page.
"""

import base64
import hashlib
import hmac
import secrets
import threading
from typing import Any, Final
from urllib.parse import unquote, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from raadhuis.adapters.http import is_loopback
from raadhuis.adapters.identity.standin_pages import choice_page, message_page
from raadhuis.adapters.identity.standin_people import Choice, choices
from raadhuis.adapters.standins.web import Request, Response, json_response, origin_of
from raadhuis.kernel import clock

CLIENT_ID: Final = "raadhuis"
CLIENT_SECRET: Final = "demo"  # noqa: S105 - the stand-in guards nothing
CODE_SECONDS: Final = 60
TOKEN_SECONDS: Final = 300
_MOST_PENDING: Final = 1000
_ASKED: Final = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
)


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What a code or an access token stands for."""

    person: Choice
    redirect_uri: str
    nonce: str
    challenge: str
    at: float


class OidcProvider:
    """The app of one realm. `issuer` is its full address; `key` signs (the realms of one process share it)."""

    def __init__(self, realm: str, issuer: str, key: RSAKey | None = None) -> None:
        self.realm, self.issuer = realm, issuer
        self.key = key or new_key()
        self._people = {choice.id: choice for choice in choices(realm)}
        self._lock = threading.Lock()
        self._codes: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}

    def __call__(self, request: Request) -> Response:
        """Answers below the issuer's path."""
        services = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": self._jwks,
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
            "/end_session": self._end_session,
        }
        service = services.get(request.path)
        return service(request) if service else Response(404)

    def _discovery(self, request: Request) -> Response:
        at = self.issuer
        return json_response(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/userinfo",
                "jwks_uri": f"{at}/jwks",
                "end_session_endpoint": f"{at}/end_session",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "profile", "email"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def _jwks(self, request: Request) -> Response:
        return json_response({"keys": [self.key.as_dict(private=False, use="sig", alg="RS256")]})

    def _authorize(self, request: Request) -> Response:
        form = request.form() if request.method == "POST" else {}
        asked = {name: form.get(name) or request.get(name) for name in _ASKED}
        if asked["client_id"] != CLIENT_ID or not _is_here(asked["redirect_uri"]):
            return message_page("Dit kan niet", "De vraag om in te loggen komt niet van een bekende site.", 400)
        if error := _wrong(asked):
            return self._back(asked, {"error": error})
        if "cancel" in form:
            return self._back(asked, {"error": "access_denied"})
        chosen = self._people.get(form.get("person") or request.get("login_hint"))
        if chosen is None:
            return choice_page(self.realm, list(self._people.values()), asked, origin_of(asked["redirect_uri"]))
        code = secrets.token_urlsafe(24)
        grant = Grant(
            person=chosen,
            redirect_uri=asked["redirect_uri"],
            nonce=asked["nonce"],
            challenge=asked["code_challenge"],
            at=clock.now().timestamp(),
        )
        self._keep(self._codes, code, grant)
        return self._back(asked, {"code": code})

    def _back(self, asked: dict[str, str], answer: dict[str, str]) -> Response:
        uri = asked["redirect_uri"]
        query = urlencode({**answer, "state": asked["state"], "iss": self.issuer})
        # 303, so that a browser that posted the choice follows with a GET.
        return Response(303, b"", {"Location": f"{uri}{'&' if '?' in uri else '?'}{query}"})

    def _keep(self, where: dict[str, Grant], name: str, grant: Grant) -> None:
        with self._lock:
            where[name] = grant
            while len(where) > _MOST_PENDING:
                where.pop(next(iter(where)))

    def _token(self, request: Request) -> Response:
        form = request.form()
        if request.method != "POST" or not _is_client(request, form):
            return json_response({"error": "invalid_client"}, 401)
        if form.get("grant_type") != "authorization_code":
            return json_response({"error": "unsupported_grant_type"}, 400)
        with self._lock:
            grant = self._codes.pop(form.get("code", ""), None)
        if grant is None or not _fits(grant, form):
            return json_response({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(24)
        self._keep(self._access, access, grant)
        tokens = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return json_response({**tokens, "id_token": self.sign(self.claims(grant))})

    def claims(self, grant: Grant) -> dict[str, Any]:
        """What the ID token for `grant` says."""
        moment = int(clock.now().timestamp())
        return {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": moment,
            "auth_time": moment,
            "exp": moment + TOKEN_SECONDS,
            "nonce": grant.nonce,
            **grant.person.claims,
        }

    def sign(self, claims: dict[str, Any]) -> str:
        """`claims` as an ID token."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def _userinfo(self, request: Request) -> Response:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            grant = self._access.get(token) if kind == "Bearer" else None
        if grant is None or clock.now().timestamp() > grant.at + CODE_SECONDS + TOKEN_SECONDS:
            return json_response({"error": "invalid_token"}, 401)
        return json_response(grant.person.claims)

    def _end_session(self, request: Request) -> Response:
        form = request.form() if request.method == "POST" else {}
        after = form.get("post_logout_redirect_uri") or request.get("post_logout_redirect_uri")
        hint = form.get("id_token_hint") or request.get("id_token_hint")
        if after and _is_here(after) and self._is_ours(hint):
            return Response(303, b"", {"Location": after})
        return message_page("Uitgelogd", "U bent uitgelogd bij de inlogdienst.")

    def _is_ours(self, token: str) -> bool:
        try:
            return jwt.decode(token, self.key, algorithms=["RS256"]).claims.get("iss") == self.issuer
        except (JoseError, ValueError):
            return False


def new_key() -> RSAKey:
    """A signing key of its own for every start."""
    key = RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    return key


def _is_here(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "")
    except ValueError:
        return False


def _wrong(asked: dict[str, str]) -> str:
    if asked["response_type"] != "code":
        return "unsupported_response_type"
    if "openid" not in asked["scope"].split():
        return "invalid_scope"
    if asked["code_challenge_method"] != "S256" or len(asked["code_challenge"]) != 43 or not asked["state"]:
        return "invalid_request"
    return ""


def _is_client(request: Request, form: dict[str, str]) -> bool:
    name, secret = form.get("client_id", ""), form.get("client_secret", "")
    kind, _, pair = request.headers.get("authorization", "").partition(" ")
    if kind == "Basic":
        try:
            decoded = base64.b64decode(pair, validate=True).decode("utf-8")
        except ValueError:
            return False
        name, _, secret = (unquote(part) for part in decoded.partition(":"))
    return name == CLIENT_ID and hmac.compare_digest(secret.encode(), CLIENT_SECRET.encode())


def _fits(grant: Grant, form: dict[str, str]) -> bool:
    """Whether the code is young, was given for this address, and the verifier is the one it was asked with."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    young = clock.now().timestamp() <= grant.at + CODE_SECONDS
    same = grant.redirect_uri == form.get("redirect_uri")
    return young and same and hmac.compare_digest(challenge, grant.challenge)
