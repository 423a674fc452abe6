"""The token with which an application signs each request (JWT, HS256).

In: the Authorization header. Out: the Client. Always holds: only HS256 is believed, whatever the token says of itself;
the signature is compared in constant time; every failure is a 403 with the code that clients know, never a 401.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson

from raadhuis.clients import queries as clients
from raadhuis.clients.schema import Client
from raadhuis.kernel import clock
from raadhuis.kernel.problems import NotAllowed

MOST_CHARACTERS = 4096
# Clocks differ, and some clients date their tokens minutes ahead on purpose.
AHEAD_SECONDS = 300
VALID_SECONDS = 3600


class Forbidden(NotAllowed):
    """403, with the code and the sentence that clients of these APIs know."""

    code = "permission_denied"
    title = "Je hebt geen toestemming om deze actie uit te voeren."


def client_of(header: str) -> tuple[Client, dict[str, Any]]:
    """(who signed, the claims). Raises Forbidden."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Forbidden("Er is geen (geldig) token meegestuurd.")
    head, claims, signed, signature = _parts(token.strip())
    if head.get("alg") != "HS256":
        raise Forbidden("Het token moet met HS256 zijn ondertekend.", code="invalid-jwt-algorithm")
    name = claims.get("client_id") or claims.get("iss")
    found = clients.client(name) if isinstance(name, str) and 0 < len(name) <= 50 and "\0" not in name else None
    if found is None or not found.secret:
        raise Forbidden("Deze client-id kennen wij niet.", code="invalid-client-identifier")
    if not hmac.compare_digest(hmac.digest(found.secret.encode(), signed, hashlib.sha256), signature):
        raise Forbidden("De handtekening van het token klopt niet.", code="invalid-jwt-signature")
    _require_in_time(claims)
    return found, claims


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    signed, _, signature = token.rpartition(".")
    head, dot, claims = signed.partition(".")
    try:
        if len(token) > MOST_CHARACTERS or not dot:
            raise ValueError
        decoded = orjson.loads(_decoded(head)), orjson.loads(_decoded(claims))
        if not all(isinstance(one, dict) for one in decoded):
            raise ValueError
        return *decoded, signed.encode("ascii"), _decoded(signature)
    except (ValueError, binascii.Error):
        raise Forbidden("Het token is niet te lezen.", code="jwt-not-decodable") from None


def _decoded(part: str) -> bytes:
    return base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _require_in_time(claims: dict[str, Any]) -> None:
    """`iat` is asked for, may lie some minutes ahead, and holds for an hour; `exp` and `nbf` count where they are."""
    now = clock.now().timestamp()
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise Forbidden("Het token zegt niet wanneer het is gemaakt (`iat`).", code="jwt-missing-iat")
    if issued > now + AHEAD_SECONDS:
        raise Forbidden("Het token is gemaakt in de toekomst.", code="jwt-immature")
    expires = claims.get("exp")
    ended = isinstance(expires, int | float) and not isinstance(expires, bool) and expires < now - AHEAD_SECONDS
    if issued < now - VALID_SECONDS or ended:
        raise Forbidden("Het token is verlopen.", code="jwt-expired")
    begins = claims.get("nbf")
    if isinstance(begins, int | float) and begins > now + AHEAD_SECONDS:
        raise Forbidden("Het token is nog niet geldig.", code="jwt-immature")
