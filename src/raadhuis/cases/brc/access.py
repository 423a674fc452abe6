"""Which decisions an application may read or write, as one condition on the table of decisions.

In: the rights of an application. Out: a condition, or the types. Always holds: every route asks here; a right follows a
besluittype over its versions, unless it was tied to one on purpose. Types of decisions have no confidentiality.
"""

from uuid import UUID

import msgspec
from django.db.models import Q

from raadhuis.cases.rights import granted
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


NAMES = ("besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken")
"""With any of these scopes for a decision an application may point at it; without, it is not there for it."""


def allowed(client: Client, *scopes: str) -> Allowed:
    """For which types the client has one of these scopes (of the Besluiten API)."""
    if client.everything:
        return Allowed(True, frozenset())
    return Allowed(False, frozenset().union(*granted("brc", client, *scopes).values()))


def readable(client: Client, *scopes: str) -> Q:
    """The decisions for which the client has one of these scopes."""
    return allowed(client, *scopes).condition()
