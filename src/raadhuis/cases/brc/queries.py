"""Reading decisions as other applications do: filtered, in pages, and never more than the client may see.

Always holds: a row that a client may not read is as absent as one that is not there; a list is one count and one page.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from raadhuis.cases import trail
from raadhuis.cases.brc import access, rendering
from raadhuis.cases.models import Besluit, BesluitInformatieObject
from raadhuis.cases.zrc.resolving import own_id
from raadhuis.catalogue.ztc.writing import id_at
from raadhuis.clients.schema import Client
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Fault, Refused

PAGE = 100
MOST_IN_A_PLAIN_LIST = 1000
READ, TRAIL = "besluiten.lezen", "audittrails.lezen"
Values = Mapping[str, str]


class Resource(msgspec.Struct, frozen=True):
    """A resource of the API: its table, how it is written as JSON, and by what it is filtered."""

    model: Any
    render: Callable[[Sequence[Any]], list[bytes]]
    filters: tuple[str, ...]


RESOURCES = {
    "besluiten": Resource(
        Besluit, rendering.besluiten, ("identificatie", "verantwoordelijkeOrganisatie", "besluittype", "zaak")
    ),
    "besluitinformatieobjecten": Resource(
        BesluitInformatieObject, rendering.besluitinformatieobjecten, ("besluit", "informatieobject")
    ),
}
# By filter on an address: below which path it lies, and which column holds its id.
_ADDRESSES = {
    "zaak": (f"{rendering.ZAKEN}/", "zaak_id"),
    "besluit": (f"{rendering.DECISIONS}besluiten/", "besluit_id"),
    "informatieobject": (f"{rendering.DOCUMENTS}/", "informatieobject_id"),
}


def document(name: str, id: UUID, client: Client) -> bytes:
    """The document of one row. Raises Absent."""
    found = documents(name, [str(id)], client)
    if not found:
        raise Absent
    return found[str(id)]


def documents(name: str, ids: Sequence[str], client: Client) -> dict[str, bytes]:
    """The documents of several rows by id; what is not there, or not for this client, is left out."""
    rows = list(_rows(name, client).filter(pk__in=ids))
    return {str(row.pk): body for row, body in zip(rows, RESOURCES[name].render(rows), strict=True)}


def listed(asked: Values, client: Client, page: int) -> tuple[int, list[bytes]]:
    """(how many decisions there are, the documents of one page of 100). Raises Refused."""
    rows = _filtered("besluiten", client, asked)
    return rows.count(), rendering.besluiten(rows.order_by("pk")[(page - 1) * PAGE : page * PAGE])


def relations(asked: Values, client: Client) -> list[bytes]:
    """The relations with documents, at most 1,000. Raises Refused."""
    rows = _filtered("besluitinformatieobjecten", client, asked)
    return rendering.besluitinformatieobjecten(rows.order_by("pk")[:MOST_IN_A_PLAIN_LIST])


def trail_of(id: UUID, client: Client, line: UUID | None = None) -> list[bytes]:
    """The audit trail of a decision, or one line of it. Raises Absent."""
    mine, main = access.allowed(client, TRAIL), rendering.at("besluiten", id)
    if not Besluit.objects.filter(mine.condition(), pk=id).exists():
        raise Absent

    def may_see(document: Values) -> bool:
        kind = id_at(document["besluittype"], "besluittypen")
        return mine.everything or (kind is not None and mine.covers(kind))

    return [trail.line(main, line, may_see)] if line is not None else trail.lines(main, may_see)


def _rows(name: str, client: Client) -> QuerySet[Any]:
    mine = access.readable(client, READ)
    if name == "besluiten":
        return Besluit.objects.filter(mine)
    rows = BesluitInformatieObject.objects.all()
    return rows if client.everything else rows.filter(Exists(Besluit.objects.filter(mine, pk=OuterRef("besluit_id"))))


def _filtered(name: str, client: Client, asked: Values) -> QuerySet[Any]:
    rows, faults = _rows(name, client), []
    for attribute, text in asked.items():
        try:
            rows = rows.filter(_condition(attribute, text))
        except ValueError:
            faults.append(Fault(attribute, "invalid", "Deze waarde is niet geldig."))
    if faults:
        raise Refused(*faults)
    return rows


def _condition(name: str, text: str) -> Q:
    """One filter; an address that names nothing here finds nothing. Raises ValueError."""
    if "\0" in text:
        raise ValueError
    if name in {"identificatie", "verantwoordelijkeOrganisatie"}:
        return Q(**{{"verantwoordelijkeOrganisatie": "verantwoordelijke_organisatie"}.get(name, name): text})
    if not text.startswith((MARK, "http://", "https://")):
        raise ValueError
    if name == "besluittype":
        id, column = id_at(text, "besluittypen"), name
    else:
        place, column = _ADDRESSES[name]
        id = own_id(text, place)
    return Q(**{column: id}) if id is not None else Q(pk__in=[])
