"""Which cases an application may read, as one condition on the table of cases.

In: the rights of an application. Out: a condition. Always holds: every route asks here, so that a list, a detail, a
filter and `expand` can never show different things; a right follows a zaaktype over its versions, unless it was tied to
one on purpose.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Expression, Q
from django.db.models.lookups import In

from raadhuis.cases.models import Zaak
from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.writing import id_at
from raadhuis.clients.schema import LEVELS, Client

_Levels = Mapping[str, frozenset[UUID]]
"""By level of confidentiality, up to which level: the types."""
MOST_KNOWN = 2000
NAMES = ("zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.geforceerd-bijwerken")
"""With any of these scopes for a case an application may point at it; without, the case is not there for it."""
_known: dict[tuple[str, frozenset[str]], tuple[int, _Levels]] = {}


def readable(client: Client, *scopes: str, kinds: Expression | None = None) -> Q:
    """The cases for which the client has one of these scopes (of the Zaken API).

    `kinds` stands for the column of the type, where that must not be sought by.
    """
    if client.everything:
        return Q()
    found = Q()
    for level, ids in granted(client, *scopes).items():
        if ids:
            of_type = Q(zaaktype__in=sorted(ids)) if kinds is None else Q(In(kinds, sorted(ids)))
            found |= of_type & Q(vertrouwelijkheidaanduiding__in=up_to(level))
    return found or Q(pk__in=[])


def allows(client: Client, zaak: Zaak, *scopes: str) -> bool:
    """Whether the client has one of these scopes for this case."""
    return allows_new(client, zaak.zaaktype, zaak.vertrouwelijkheidaanduiding, *scopes)


def allows_new(client: Client, zaaktype: UUID, confidentiality: str, *scopes: str) -> bool:
    """Whether the client has one of these scopes for a case of this type and confidentiality."""
    return client.everything or any(
        zaaktype in ids and confidentiality in up_to(level) for level, ids in granted(client, *scopes).items()
    )


def granted(client: Client, *scopes: str) -> _Levels:
    """By level up to which: the ids of the types, in all their versions. Worked out once for each state of the rights.

    The number of the clients' tables (`stamp`) also rises when a version of a type is added.
    """
    key = client.client_id, frozenset(scopes)
    held = _known.get(key)
    if held is not None and held[0] == client.stamp:
        return held[1]
    rights = [one for one in client.rights if one.component == "zrc" and not one.scopes.isdisjoint(scopes)]
    versions = types.versions_of({right.type for right in rights})
    by_level: dict[str, set[UUID]] = defaultdict(set)
    for right in rights:
        named = id_at(right.type, "zaaktypen")
        by_level[right.level] |= {one for one in versions.get(right.type, ()) if not right.one_version or one == named}
    found = {level: frozenset(ids) for level, ids in by_level.items()}
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[key] = client.stamp, found
    return found


def forget_known() -> None:
    """Throws away what is kept in memory: the tables were put back to an earlier state."""
    _known.clear()


def up_to(level: str) -> tuple[str, ...]:
    """The levels of confidentiality up to this one; none for a level that does not exist."""
    return LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else ()
