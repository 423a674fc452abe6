"""Whether an ID token may be believed.

Comes in: the token as text. Goes out: its claims, or LoginFailed.
Always holds: RS256 or ES256 with a key that the issuer publishes, whatever the token itself says about keys; issuer,
audience, authorised party, times and nonce are as they should be.
Source: OpenID Connect Core 1.0, section 3.1.3.7.
"""

from typing import Any, Final

import orjson
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.util import urlsafe_b64decode

from raadhuis.adapters.identity.discovery import Published
from raadhuis.adapters.identity.port import LoginFailed, Provider
from raadhuis.kernel import clock

ALGORITHMS: Final = ["RS256", "ES256"]
# Clocks differ a little.
LEEWAY_SECONDS: Final = 60
# The token was made a moment ago, when the code was exchanged; an older one is a replay.
MOST_AGE_SECONDS: Final = 600
_LONGEST: Final = 32_768
_REASONS: Final = {"iss": "wrong-issuer", "aud": "wrong-audience", "azp": "wrong-audience", "nonce": "wrong-nonce"}


def believed(token: str, provider: Provider, source: Published, nonce: str, access_token: str) -> dict[str, Any]:
    """The claims of `token`. Raises LoginFailed, and AdapterUnavailable when the keys cannot be had."""
    if len(token) > _LONGEST:
        raise LoginFailed("bad-token")
    keys = source.keys(_kid(token))
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError):
        raise LoginFailed("bad-signature") from None
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
        },
        params={"nonce": nonce, "client_id": provider.client_id, "access_token": access_token},
    )
    moment = int(clock.now().timestamp())
    try:
        claims.validate(now=moment, leeway=LEEWAY_SECONDS)
    except ExpiredTokenError:
        raise LoginFailed("expired") from None
    except (InvalidClaimError, MissingClaimError) as error:
        raise LoginFailed(_REASONS.get(error.claim.split(",")[0], "bad-token")) from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise LoginFailed("bad-token") from None
    if claims["iat"] < moment - MOST_AGE_SECONDS - LEEWAY_SECONDS:
        raise LoginFailed("expired")
    return dict(claims)


def _kid(token: str) -> str:
    """The key that the token names, only to know whether to fetch keys anew."""
    try:
        header = orjson.loads(urlsafe_b64decode(token.split(".")[0].encode()))
        return str(header.get("kid") or "")
    except (ValueError, AttributeError):
        raise LoginFailed("bad-signature") from None
