"""Which documents an application may read or write, as one condition on the table of documents.

In: the rights of an application. Out: a condition, and the same answer for one type and level. Always holds: every
route asks here, so that a list, a detail, a download, a relation and `expand` can never show different things; a right
follows an informatieobjecttype over its versions, unless it was tied to one on purpose; who may read only what is ready
to be published meets nothing else, whatever else was granted.
"""

from uuid import UUID

import msgspec
from django.db.models import Q

from raadhuis.cases.models import EnkelvoudigInformatieObject
from raadhuis.cases.rights import Levels, granted, up_to
from raadhuis.clients.schema import Client


class Allowed(msgspec.Struct, frozen=True):
    """The types and levels for which an application has a scope. `types`: by level, up to which each of them goes."""

    everything: bool
    only_published: bool
    types: Levels

    def condition(self) -> Q:
        """The documents it is about."""
        ready = Q(is_gereed_voor_publicatie=True) if self.only_published else Q()
        if self.everything:
            return ready
        found = Q(pk__in=[])
        for level, ids in self.types.items():
            found |= Q(informatieobjecttype__in=sorted(ids), vertrouwelijkheidaanduiding__in=up_to(level))
        return ready & found

    def permits(self, row: EnkelvoudigInformatieObject) -> bool:
        """Whether this document, in this version, is among them."""
        ready = row.is_gereed_voor_publicatie or not self.only_published
        return bool(ready) and self.covers(row.informatieobjecttype, row.vertrouwelijkheidaanduiding)

    def covers(self, type: UUID, level: str) -> bool:
        """Whether a document of this type and level is among them, apart from whether it is ready to be published."""
        return self.everything or any(type in ids and level in up_to(most) for most, ids in self.types.items())


NAMES = ("documenten.lezen", "documenten.aanmaken", "documenten.bijwerken", "documenten.geforceerd-bijwerken")
"""With any of these scopes for a document an application may point at it; without, it is not there for it."""


def allowed(client: Client, *scopes: str) -> Allowed:
    """For which types and levels the client has one of these scopes (of the Documenten API)."""
    types = {} if client.everything else granted("drc", client, *scopes)
    return Allowed(client.everything, client.only_published, types)


def readable(client: Client, *scopes: str) -> Q:
    """The documents for which the client has one of these scopes (of the Documenten API)."""
    return allowed(client, *scopes).condition()
