"""From claims to an Identity.

Comes in: the claims of an ID token that is believed, and of the userinfo endpoint. Goes out: an Identity.
Always holds: a BSN passes the eleven test, a KVK number has eight digits; what belongs to another realm is left out.
"""

from typing import Any, Final

from stdnum.nl import bsn as eleven_test

from raadhuis.adapters.identity.levels import is_second_factor, level_of
from raadhuis.adapters.identity.port import Identity, LoginFailed, Provider

# Brokers name the numbers themselves, or pass the names of the Afsprakenstelsel Elektronische Toegangsdiensten on.
BSN_CLAIMS: Final = ("bsn", "urn:etoegang:1.12:EntityConcernedID:BSN")
KVK_CLAIMS: Final = ("kvk", "urn:etoegang:1.9:EntityConcernedID:KvKnr")
_MOST_WORDS: Final = 50
_LONGEST: Final = 200


def lacks(realm: str, claims: dict[str, Any]) -> bool:
    """Whether the ID token leaves out what the realm is for, so that userinfo is to be asked."""
    if realm == "resident":
        return not _first(claims, BSN_CLAIMS)
    if realm == "business":
        return not _first(claims, KVK_CLAIMS)
    return "roles" not in claims


def identity(provider: Provider, claims: dict[str, Any], token: str) -> Identity:
    """The Identity that `claims` describe. Raises LoginFailed."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise LoginFailed("bad-token")
    acr = _text(claims, "acr")
    staff = provider.realm == "staff"
    return Identity(
        realm=provider.realm,
        subject=subject,
        name=_text(claims, "name") or f"{_text(claims, 'given_name')} {_text(claims, 'family_name')}".strip(),
        email=_text(claims, "email"),
        bsn=_bsn(claims) if provider.realm == "resident" else "",
        kvk=_kvk(claims) if provider.realm == "business" else "",
        level=level_of(acr),
        roles=_words(claims, "roles") if staff else (),
        teams=_words(claims, "teams") if staff else (),
        second_factor=staff and is_second_factor(_words(claims, "amr"), acr),
        id_token=token,
    )


def _first(claims: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _text(claims, name))), "")


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""


def _words(claims: dict[str, Any], name: str) -> tuple[str, ...]:
    value = claims.get(name)
    return tuple(v for v in value if isinstance(v, str))[:_MOST_WORDS] if isinstance(value, list) else ()


def _bsn(claims: dict[str, Any]) -> str:
    # A BSN of eight digits lost its leading zero on the way.
    number = _first(claims, BSN_CLAIMS)
    number = number.zfill(9) if len(number) == 8 else number
    if not (number.isascii() and number.isdigit() and len(number) == 9 and eleven_test.is_valid(number)):
        raise LoginFailed("no-bsn")
    return number


def _kvk(claims: dict[str, Any]) -> str:
    number = _first(claims, KVK_CLAIMS)
    if not (number.isascii() and number.isdigit() and len(number) == 8):
        raise LoginFailed("no-kvk")
    return number
