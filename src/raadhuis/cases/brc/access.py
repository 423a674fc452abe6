"""Which decisions an application may read or write, as one condition on the table of decisions.

In: the rights of an application. Out: a condition, or the types. Always holds: every route asks here; a right follows a
besluittype over its versions, unless it was tied to one on purpose. Types of decisions have no confidentiality.
"""

from uuid import UUID

import msgspec
from django.db.models import Q

from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.writing import id_at
from raadhuis.clients.schema import Client


class Allowed(msgspec.Struct, frozen=True):
    """The types for which an application has a scope."""

    everything: bool
    types: frozenset[UUID]

    def condition(self) -> Q:
        """The decisions it is about."""
        return Q() if self.everything else Q(besluittype__in=sorted(self.types))

    def covers(self, besluittype: UUID) -> bool:
        """Whether decisions of this type are among them."""
        return self.everything or besluittype in self.types


MOST_KNOWN = 2000
NAMES = ("besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken")
"""With any of these scopes for a decision an application may point at it; without, it is not there for it."""
_known: dict[tuple[str, frozenset[str]], tuple[int, Allowed]] = {}


def allowed(client: Client, *scopes: str) -> Allowed:
    """For which types the client has one of these scopes (of the Besluiten API).

    Worked out once for each state of the rights: the number of the clients' tables (`stamp`) rises with every change of
    them, and also when a version of a type is added.
    """
    if client.everything:
        return Allowed(True, frozenset())
    key = client.client_id, frozenset(scopes)
    held = _known.get(key)
    if held is None or held[0] != client.stamp:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        held = _known[key] = client.stamp, _worked_out(client, *scopes)
    return held[1]


def forget_known() -> None:
    """Throws away what is kept in memory: the tables were put back to an earlier state."""
    _known.clear()


def _worked_out(client: Client, *scopes: str) -> Allowed:
    rights = [one for one in client.rights if one.component == "brc" and not one.scopes.isdisjoint(scopes)]
    versions = types.versions_of({right.type for right in rights}, "besluittypen")
    found: set[UUID] = set()
    for right in rights:
        named = id_at(right.type, "besluittypen")
        found |= {one for one in versions.get(right.type, ()) if not right.one_version or one == named}
    return Allowed(False, frozenset(found))


def readable(client: Client, *scopes: str) -> Q:
    """The decisions for which the client has one of these scopes."""
    return allowed(client, *scopes).condition()
