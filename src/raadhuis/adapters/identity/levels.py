"""What a provider says about how somebody logged in, in the three levels of eIDAS, and whether with two factors.

Always holds: a word that we do not know gives no level and no second factor.
Source: Implementing Regulation (EU) 2015/1502 for the levels; Logius, DigiD and eHerkenning (DigiD Basis and Midden are
"low", Substantieel and Hoog are themselves; eHerkenning 1 to 2+ are "low", 3 "substantial", 4 "high"); RFC 8176 for
amr.
"""

from collections.abc import Sequence
from typing import Final

RANK: Final = {"": 0, "low": 0, "substantial": 1, "high": 2}

_SAML: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_DIGID: Final = {
    "PasswordProtectedTransport": "low",
    "MobileTwoFactorContract": "low",
    "Smartcard": "substantial",
    "SmartcardPKI": "high",
}
_EHERKENNING: Final = {"loa1": "low", "loa2": "low", "loa2plus": "low", "loa3": "substantial", "loa4": "high"}
_EIDAS: Final = ("low", "substantial", "high")
_ETOEGANG: Final = "urn:etoegang:core:assurance-class:"

_LEVELS: Final[dict[str, str]] = {
    **{_SAML + name: level for name, level in _DIGID.items()},
    **{_ETOEGANG + name: level for name, level in _EHERKENNING.items()},
    **{f"http://eidas.europa.eu/LoA/{level}": level for level in _EIDAS},
    **{f"http://eidas.europa.eu/NotNotified/LoA/{level}": level for level in _EIDAS},
    **{level: level for level in _EIDAS},
}
# What to ask for: the lowest class that gives the level, in the words of the means that the realm logs in with.
_ASK: Final = {
    ("resident", "low"): _SAML + "PasswordProtectedTransport",
    ("resident", "substantial"): _SAML + "Smartcard",
    ("resident", "high"): _SAML + "SmartcardPKI",
    ("business", "low"): _ETOEGANG + "loa2plus",
    ("business", "substantial"): _ETOEGANG + "loa3",
    ("business", "high"): _ETOEGANG + "loa4",
}
_TWO_FACTORS: Final = {
    "https://refeds.org/profile/mfa",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "phr",
    "phrh",
}
_FACTORS: Final = {
    **dict.fromkeys(("pwd", "pin", "kba"), "knows"),
    **dict.fromkeys(("otp", "hwk", "swk", "sc", "sms", "tel", "pop"), "has"),
    **dict.fromkeys(("fpt", "face", "iris", "retina", "vbm"), "is"),
}


def level_of(acr: str) -> str:
    """ "low", "substantial" or "high" for an authentication context class; "" for an unknown one."""
    return _LEVELS.get(acr, "")


def acr_for(realm: str, level: str) -> str:
    """The `acr_values` that ask `realm`'s provider for `level`; "" where there are none."""
    return _ASK.get((realm, level), "")


def is_second_factor(amr: Sequence[str], acr: str) -> bool:
    """Whether somebody showed two kinds of proof: the provider says so, or names two that differ in kind."""
    kinds = {_FACTORS[word] for word in amr if word in _FACTORS}
    return "mfa" in amr or len(kinds) >= 2 or acr in _TWO_FACTORS or RANK[level_of(acr)] >= RANK["substantial"]
