"""Which documents an application may read or write, as one condition on the table of documents.

In: the rights of an application. Out: a condition, and the same answer for one type and level. Always holds: every
route asks here, so that a list, a detail, a download, a relation and `expand` can never show different things; a right
follows an informatieobjecttype over its versions, unless it was tied to one on purpose; who may read only what is ready
to be published meets nothing else, whatever else was granted.
"""

from collections import defaultdict
from uuid import UUID

import msgspec
from django.db.models import Q

from raadhuis.cases.models import EnkelvoudigInformatieObject
from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.writing import id_at
from raadhuis.clients.schema import LEVELS, Client


class Allowed(msgspec.Struct, frozen=True):
    """The types and levels for which an application has a scope. `types`: by level, up to which each of them goes."""

    everything: bool
    only_published: bool
    types: dict[str, frozenset[UUID]]

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


MOST_KNOWN = 2000
NAMES = ("documenten.lezen", "documenten.aanmaken", "documenten.bijwerken", "documenten.geforceerd-bijwerken")
"""With any of these scopes for a document an application may point at it; without, it is not there for it."""
_known: dict[tuple[str, frozenset[str]], tuple[int, Allowed]] = {}


def allowed(client: Client, *scopes: str) -> Allowed:
    """For which types and levels the client has one of these scopes (of the Documenten API).

    Worked out once for each state of the rights: the number of the clients' tables (`stamp`) rises with every change of
    them, and also when a version of a type is added.
    """
    if client.everything:
        return Allowed(True, client.only_published, {})
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
    rights = [one for one in client.rights if one.component == "drc" and not one.scopes.isdisjoint(scopes)]
    versions = types.versions_of({right.type for right in rights}, "informatieobjecttypen")
    by_level: dict[str, set[UUID]] = defaultdict(set)
    for right in rights:
        named = id_at(right.type, "informatieobjecttypen")
        by_level[right.level] |= {one for one in versions.get(right.type, ()) if not right.one_version or one == named}
    return Allowed(False, client.only_published, {level: frozenset(ids) for level, ids in by_level.items() if ids})


def readable(client: Client, *scopes: str) -> Q:
    """The documents for which the client has one of these scopes (of the Documenten API)."""
    return allowed(client, *scopes).condition()


def up_to(level: str) -> tuple[str, ...]:
    """The levels of confidentiality up to this one; none for a level that does not exist."""
    return LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else ()
