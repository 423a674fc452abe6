"""Which cases an application may read, as one condition on the table of cases.

In: the rights of an application. Out: a condition. Always holds: every route asks here, so that a list, a detail, a
filter and `expand` can never show different things; a right follows a zaaktype over its versions, unless it was tied to
one on purpose.
"""

from uuid import UUID

from django.db.models import Expression, Q
from django.db.models.lookups import In

from raadhuis.cases.models import Zaak
from raadhuis.cases.rights import granted, up_to
from raadhuis.clients.schema import Client

NAMES = ("zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.geforceerd-bijwerken")
"""With any of these scopes for a case an application may point at it; without, the case is not there for it."""


def readable(client: Client, *scopes: str, kinds: Expression | None = None) -> Q:
    """The cases for which the client has one of these scopes (of the Zaken API).

    `kinds` stands for the column of the type, where that must not be sought by.
    """
    if client.everything:
        return Q()
    found = Q()
    for level, ids in granted("zrc", client, *scopes).items():
        of_type = Q(zaaktype__in=sorted(ids)) if kinds is None else Q(In(kinds, sorted(ids)))
        found |= of_type & Q(vertrouwelijkheidaanduiding__in=up_to(level))
    return found or Q(pk__in=[])


def allows(client: Client, zaak: Zaak, *scopes: str) -> bool:
    """Whether the client has one of these scopes for this case."""
    return allows_new(client, zaak.zaaktype, zaak.vertrouwelijkheidaanduiding, *scopes)


def allows_new(client: Client, zaaktype: UUID, confidentiality: str, *scopes: str) -> bool:
    """Whether the client has one of these scopes for a case of this type and confidentiality."""
    return client.everything or any(
        zaaktype in ids and confidentiality in up_to(level) for level, ids in granted("zrc", client, *scopes).items()
    )
