"""Which cases an application may read, as one condition on the table of cases.

In: the rights of an application. Out: a condition. Always holds: every route asks here, so that a list, a detail, a
filter and `expand` can never show different things; a right follows a zaaktype over its versions, unless it was tied to
one on purpose.
"""

from collections import defaultdict
from uuid import UUID

from django.db.models import Q

from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.writing import id_at
from raadhuis.clients.schema import LEVELS, Client


def readable(client: Client, *scopes: str) -> Q:
    """The cases for which the client has one of these scopes (of the Zaken API)."""
    if client.everything:
        return Q()
    rights = [one for one in client.rights if one.component == "zrc" and not one.scopes.isdisjoint(scopes)]
    versions = types.versions_of({right.type for right in rights})
    by_level: dict[str, set[UUID]] = defaultdict(set)
    for right in rights:
        named = id_at(right.type, "zaaktypen")
        by_level[right.level] |= {one for one in versions.get(right.type, ()) if not right.one_version or one == named}
    found = Q(pk__in=[])
    for level, ids in by_level.items():
        if ids:
            found |= Q(zaaktype__in=sorted(ids), vertrouwelijkheidaanduiding__in=up_to(level))
    return found


def up_to(level: str) -> tuple[str, ...]:
    """The levels of confidentiality up to this one; none for a level that does not exist."""
    return LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else ()
