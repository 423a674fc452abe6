"""The shapes of logging in."""

import re

import msgspec

_CODE = re.compile(r"[a-z-]+")


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """An identity provider as the organisation agreed with it. `realm` is "resident", "business" or "staff".

    `scope` is what is asked for; the discovery document is at `issuer`/.well-known/openid-configuration.
    """

    realm: str
    issuer: str
    client_id: str
    client_secret: str = ""
    scope: str = "openid"

    def __repr__(self) -> str:
        return f"<Provider {self.realm}>"  # The secret stays out of logs.


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who the provider says this is.

    `subject` is the provider's own name for somebody. `bsn` (9 digits) only in the realm of residents, `kvk` (8 digits)
    only in that of businesses; `roles`, `teams` and `second_factor` only for staff. `level` is "low", "substantial" or
    "high" (eIDAS), or "" when the provider does not say.
    """

    realm: str
    subject: str
    name: str = ""
    email: str = ""
    bsn: str = ""
    kvk: str = ""
    level: str = ""
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    second_factor: bool = False
    id_token: str = ""

    def __repr__(self) -> str:
        return f"<Identity {self.realm}>"


class LoginRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A login that was begun: where to send the browser (`url`), and what only this browser's session may know."""

    url: str
    issuer: str
    state: str
    nonce: str
    verifier: str
    required_level: str = ""

    def __repr__(self) -> str:
        return "<LoginRequest>"


class LoginFailed(Exception):
    """Nobody was logged in. `reason` is a short code of lower-case words and hyphens, fit for the journal:

    cancelled, provider-error, wrong-state, wrong-provider, no-code, code-refused, no-token, bad-signature, bad-token,
    wrong-issuer, wrong-audience, wrong-nonce, expired, no-bsn, no-kvk, level-too-low.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        if not _CODE.fullmatch(reason):
            raise ValueError("a reason is a short code")
        self.reason = reason
