"""Logging in through an identity provider, with OpenID Connect: DigiD and eHerkenning (through a broker), and staff.

Comes in: a provider, and what the browser brings back. Goes out: an Identity, or LoginFailed with a short code.
Always holds: authorization code flow with PKCE, state and nonce; nothing in an ID token counts before its signature,
issuer, audience, times and nonce are checked; no exception holds a number or a name.
Source: OpenID Connect Core 1.0; RFC 7636 (PKCE); RFC 9207 (issuer in the answer); OpenID Connect RP-Initiated Logout.
"""

from raadhuis.adapters.identity.flow import begin, finish, logout_url
from raadhuis.adapters.identity.port import Identity, LoginFailed, LoginRequest, Provider

__all__ = ["Identity", "LoginFailed", "LoginRequest", "Provider", "begin", "finish", "logout_url"]
