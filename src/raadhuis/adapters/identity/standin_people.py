"""Who can log in at the stand-in, and what it then says about them."""

from typing import Any, Final

import msgspec

from raadhuis.adapters.standins.people import BUSINESSES, RESIDENTS, STAFF

# The words that DigiD and eHerkenning use themselves.
_DIGID: Final = {
    "low": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    "substantial": "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
    "high": "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
}
_EHERKENNING: Final = {
    "low": "urn:etoegang:core:assurance-class:loa2plus",
    "substantial": "urn:etoegang:core:assurance-class:loa3",
    "high": "urn:etoegang:core:assurance-class:loa4",
}
_LEVELS: Final = {"low": "laag", "substantial": "substantieel", "high": "hoog"}


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One person on the page; `level` in Dutch, "" where it does not matter."""

    id: str
    name: str
    why: str
    level: str = ""
    claims: dict[str, Any]


def choices(realm: str) -> list[Choice]:
    """The people of a realm, in the order of the page."""
    return {"resident": _residents, "business": _businesses, "staff": _staff}[realm]()


def _residents() -> list[Choice]:
    return [
        Choice(
            id=r.id,
            name=r.name,
            why=r.why,
            level=_LEVELS[r.level],
            claims={"sub": f"resident-{r.id}", "bsn": r.bsn, "name": r.name, "acr": _DIGID[r.level]},
        )
        for r in RESIDENTS
        if r.id
    ]


def _businesses() -> list[Choice]:
    return [
        Choice(
            id=b.id,
            name=f"{b.person}, {b.name}",
            why=b.why,
            level=_LEVELS[b.level],
            claims={"sub": f"business-{b.id}", "kvk": b.kvk, "name": b.name, "acr": _EHERKENNING[b.level]},
        )
        for b in BUSINESSES
    ]


def _staff() -> list[Choice]:
    return [
        Choice(
            id=e.id,
            name=e.name,
            why=e.why,
            claims={
                "sub": e.subject,
                "name": e.name,
                "email": e.email,
                "roles": [role.value for role in e.roles],
                "teams": list(e.teams),
                "amr": list(e.amr),
            },
        )
        for e in STAFF
    ]
