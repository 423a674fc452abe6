"""Addresses of the other register, and what they are here.

In: decoded JSON of the other register. Out: the same with our mark for its server. Always holds: ids stay the same; an
attribute that can only name a row of these APIs is known by its last parts, whatever host it names (registers behind a
proxy name several); any other text only when it begins with a base of the register. No text comes in with our mark.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from raadhuis.adapters.registers import APIS
from raadhuis.catalogue.ztc.moving import localised
from raadhuis.kernel.documents import MARK

# What can only be a row of these APIs: by attribute the resource, below its API.
_TYPES = ("zaaktype", "statustype", "resultaattype", "roltype", "zaakobjecttype", "informatieobjecttype", "besluittype")
RELATIONS = {
    **{name: f"catalogi/api/v1/{name}n" for name in _TYPES},
    "eigenschap": "catalogi/api/v1/eigenschappen",
    "catalogus": "catalogi/api/v1/catalogussen",
    "zaak": "zaken/api/v1/zaken",
    "hoofdzaak": "zaken/api/v1/zaken",
    "gerelateerdAan": "zaken/api/v1/zaken",
    "gezetdoor": "zaken/api/v1/rollen",
    "informatieobject": "documenten/api/v1/enkelvoudiginformatieobjecten",
    "besluit": "besluiten/api/v1/besluiten",
}
_TAIL = re.compile(r"https?://[^\s?#]+/([A-Za-z-]+)/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})/?")
_NOT_OURS = "\x02"
"""Put in the place of our mark in texts of others: a control character, so that a text with it is refused."""


class Addresses:
    """By which bases the other register names itself. `known_as`: hosts that it had or has besides."""

    def __init__(self, bases: Mapping[str, str], known_as: Iterable[str] = ()) -> None:
        self._prefixes = {f"{base.rstrip('/')}/": f"{MARK}{api}/api/v1/" for api, base in bases.items()}
        for host in known_as:
            self._prefixes |= {f"{host.rstrip('/')}/{api}/api/v1/": f"{MARK}{api}/api/v1/" for api in APIS}
        self._here: dict[str, str] = {}

    @property
    def bases(self) -> tuple[str, ...]:
        """All bases that are known by now: a few, however many rows were read."""
        return tuple(self._prefixes)

    def learn(self, api: str, resource: str, url: str) -> None:
        """How the register names an API: from the address that it gives one of its own rows."""
        base, found, _ = url.rpartition(f"/{resource}/")
        if found and base.startswith(("http://", "https://")):
            self._prefixes.setdefault(f"{base}/", f"{MARK}{api}/api/v1/")

    def is_here_as(self, there: str, here: str) -> None:
        """A row of theirs that we have by another id: both addresses as ours."""
        self._here[there] = here

    def ours(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A row with our addresses."""
        return {name: self._value(value, RELATIONS.get(name)) for name, value in body.items()}

    def ours_of_catalogue(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the catalogue with our addresses: whatever looks like an address of a catalogue is one of this."""
        found: dict[str, Any] = localised(self.ours(body), None)
        return {name: self._renamed(one) if isinstance(one, str) else one for name, one in found.items()}

    def _value(self, value: Any, place: str | None) -> Any:
        if isinstance(value, str):
            return self._text(value.replace(MARK, _NOT_OURS), place)
        if isinstance(value, list):
            return [self._value(one, place) for one in value]
        if isinstance(value, Mapping):
            return {name: self._value(one, RELATIONS.get(name)) for name, one in value.items()}
        return value

    def _text(self, text: str, place: str | None) -> str:
        if place is not None and (match := _TAIL.fullmatch(text)) and match[1] == place.rpartition("/")[2]:
            return self._renamed(f"{MARK}{place}/{match[2].lower()}")
        for prefix, mark in self._prefixes.items():
            if text.startswith(prefix):
                return self._renamed(f"{mark}{text[len(prefix) :].rstrip('/')}")
        return text

    def _renamed(self, text: str) -> str:
        return self._here.get(text, text)


def id_in(url: Any) -> UUID | None:
    """The id at the end of an address; None when there is none."""
    try:
        return UUID(str(url).rstrip("/").rpartition("/")[2])
    except ValueError:
        return None
