"""Reading cases as other applications do: filtered, in pages, and never more than the client may see.

Always holds: a row that a client may not read is as absent as one that is not there; a list is one count and one page.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, QuerySet

from raadhuis.cases import trail
from raadhuis.cases.models import (
    Besluit,
    KlantContact,
    Resultaat,
    Rol,
    Status,
    Zaak,
    ZaakContactMoment,
    ZaakEigenschap,
    ZaakInformatieObject,
    ZaakNotitie,
    ZaakObject,
    ZaakVerzoek,
)
from raadhuis.cases.zrc import access, filters, lists, places, rendering, stored
from raadhuis.cases.zrc.resolving import own_id
from raadhuis.catalogue.ztc.writing import id_at as type_id_at
from raadhuis.clients.schema import Client
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.kernel.statements import Given, Several, Statement

PAGE = 100
READ = "zaken.lezen"
Values = Mapping[str, str]
TRAIL = "audittrails.lezen"


class Resource(msgspec.Struct, frozen=True):
    """A resource of the API: its table, how it is written as JSON, and by what it is filtered."""

    name: str
    model: Any
    render: Callable[[Sequence[Any]], list[bytes]]
    filters: tuple[str, ...] = ()
    paged: bool = True


RESOURCES = {
    one.name: one
    for one in (
        Resource("zaken", Zaak, rendering.zaken, filters.ZAAK_FILTERS),
        Resource("statussen", Status, rendering.statussen, ("zaak", "statustype", "indicatieLaatstGezetteStatus")),
        Resource("resultaten", Resultaat, rendering.resultaten, ("zaak", "resultaattype")),
        Resource("rollen", Rol, rendering.rollen, filters.ROL_FILTERS),
        Resource("zaakobjecten", ZaakObject, rendering.zaakobjecten, ("zaak", "object", "objectType")),
        Resource(
            "zaakinformatieobjecten",
            ZaakInformatieObject,
            rendering.zaakinformatieobjecten,
            ("zaak", "informatieobject"),
            paged=False,
        ),
        Resource("zaakeigenschappen", ZaakEigenschap, rendering.zaakeigenschappen, paged=False),
        Resource("besluiten", Besluit, rendering.besluiten, paged=False),
        Resource("klantcontacten", KlantContact, rendering.klantcontacten, ("zaak",)),
        Resource(
            "zaakcontactmomenten",
            ZaakContactMoment,
            rendering.zaakcontactmomenten,
            ("zaak", "contactmoment"),
            paged=False,
        ),
        Resource("zaakverzoeken", ZaakVerzoek, rendering.zaakverzoeken, ("zaak", "verzoek"), paged=False),
        Resource("zaaknotities", ZaakNotitie, rendering.zaaknotities, filters.NOTE_FILTERS),
    )
}
ORDERED = {"startdatum", "einddatum", "publicatiedatum", "archiefactiedatum", "registratiedatum", "identificatie"}
MOST_IN_A_PLAIN_LIST = 1000


def document(name: str, id: UUID, client: Client, zaak: UUID | None = None) -> bytes:
    """The document of one row; of that case, when one is named. Raises Absent."""
    if name == "zaken":
        return _document_of_zaak(id, client)
    rows = _rows(RESOURCES[name], client).filter(pk=id)
    bodies = RESOURCES[name].render(list(rows.filter(zaak=zaak) if zaak else rows))
    if not bodies:
        raise Absent
    return bodies[0]


_ZAAK = Statement(
    lambda: Zaak.objects.filter(pk=Given("id")).values_list("pk", "body", "zaaktype", "vertrouwelijkheidaanduiding")
)


def _document_of_zaak(id: UUID, client: Client) -> bytes:
    found = _ZAAK.first(id=id)
    if found is None or not access.allows_new(client, found[2], found[3], READ):
        raise Absent
    held: Any = found[:2]
    bodies = stored.completed([held])
    if not bodies:  # Taken away while its document was made.
        raise Absent
    return bodies[0]


def require_readable(zaak: UUID, client: Client, *scopes: str) -> None:
    """Raises Absent for a case that is not there, or not for this client."""
    if not Zaak.objects.filter(access.readable(client, *(scopes or (READ,))), pk=zaak).exists():
        raise Absent


def require_writable(zaak: UUID, client: Client, scope: str) -> None:
    """Raises Absent for a case that is not there, or not for this client; NotAllowed for one that it may only read."""
    require_readable(zaak, client, READ, scope)
    if not Zaak.objects.filter(access.readable(client, scope), pk=zaak).exists():
        raise NotAllowed("Voor deze zaak heeft deze applicatie dat recht niet.")


def require_decision(zaak: UUID, id: UUID) -> None:
    """Raises Absent for a decision that does not belong to the case."""
    if not Besluit.objects.filter(pk=id, zaak=zaak).exists():
        raise Absent


def object_type(id: UUID, client: Client) -> str:
    """What kind of object a zaakobject is about; "" when it is not there, or not for this client."""
    case = Zaak.objects.filter(access.readable(client, *access.NAMES), pk=OuterRef("zaak_id"))
    return ZaakObject.objects.filter(Exists(case), pk=id).values_list("object_type", flat=True).first() or ""


def relation_with_decision(zaak: UUID, decision: str) -> bytes:
    """The document of the relation of a case with the decision at an address. Raises Refused when there is none."""
    id = own_id(decision, f"{rendering.DECISIONS}besluiten/")
    row = Besluit.objects.filter(pk=id, zaak=zaak).first() if id is not None else None
    if row is None:
        words = "Dit besluit hoort niet bij deze zaak; leg dat vast in de Besluiten API."
        raise Refused(Fault("besluit", "inconsistent-relation", words))
    return rendering.besluiten([row])[0]


def documents(name: str, ids: Sequence[str], client: Client) -> dict[str, bytes]:
    """The documents of several rows by id; what is not there, or not for this client, is left out."""
    resource = RESOURCES[name]
    rows = _rows(resource, client).filter(pk__in=ids)
    if name == "zaken":
        return {str(id): body for id, body in stored.by_id(rows).items()}
    made = list(rows)
    return {str(row.pk): body for row, body in zip(made, resource.render(made), strict=True)}


def documents_within(name: str, ids: Sequence[str], client: Client) -> dict[str, bytes]:
    """As `documents`, of what hangs on cases that this client has just read: whoever reads a case reads these too."""
    if name == "rollen":
        return stored.rollen(ids)
    if name == "statussen":
        rows = _STATUSSEN.all(ids)
        return dict(zip((row[0] for row in rows), rendering.statussen_of(rows), strict=True))
    return documents(name, ids, client)


_STATUSSEN = Several(
    lambda ids: (
        Status.objects.filter(pk__in=ids)
        .annotate(
            later=Exists(
                Status.objects.filter(zaak=OuterRef("zaak"), datum_status_gezet__gt=OuterRef("datum_status_gezet"))
            ),
            documented=Exists(ZaakInformatieObject.objects.filter(status=OuterRef("pk"))),
        )
        .values_list(
            *("pk", "zaak", "statustype", "datum_status_gezet", "statustoelichting", "gezetdoor"),
            *("later", "documented"),
        )
    )
)


def listed(name: str, asked: Values, client: Client, page: int) -> tuple[int, list[bytes]]:
    """(how many there are, the documents of one page of 100). Raises Refused for a filter that makes no sense."""
    resource = RESOURCES[name]
    if name == "zaken" and lists.can_count(asked):
        return lists.page_of(asked, client, page)
    if name == "zaken" and page == 1 and (found := lists.of_person(asked, client)) is not None:
        return len(found), found
    rows = _filtered(resource, _rows(resource, client), asked)
    if name == "zaken":
        return rows.count(), stored.of(_page(rows.order_by(*_order(asked.get("ordering", ""))), page))
    return rows.count(), resource.render(list(_page(rows.order_by("pk"), page)))


def searched(asked: Mapping[str, Any], client: Client, page: int) -> tuple[int, list[bytes]]:
    """(how many there are, the documents of one page) of what a body asks: filters, `uuid__in`, a place to lie within.

    Raises Refused.
    """
    texts = {name: _as_text(value) for name, value in asked.items() if name not in {"zaakgeometrie", "uuid__in"}}
    rows = _filtered(RESOURCES["zaken"], Zaak.objects.filter(access.readable(client, READ)), texts)
    if "uuid__in" in asked:
        rows = rows.filter(pk__in=_ids(asked["uuid__in"]))
    if asked.get("zaakgeometrie") is not None:
        rows = rows.filter(pk__in=places.within(rows, asked["zaakgeometrie"]))
    return rows.count(), stored.of(_page(rows.order_by(*_order(texts.get("ordering", ""))), page))


def _page(rows: QuerySet[Any], page: int) -> QuerySet[Any]:
    return rows[(page - 1) * PAGE : page * PAGE]


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ids(values: list[Any]) -> list[UUID]:
    try:
        return [UUID(str(one)) for one in values]
    except ValueError:
        raise Refused(Fault("uuid__in", "invalid", "Dit zijn niet allemaal UUID's.")) from None


def all_of(name: str, asked: Values, client: Client, zaak: UUID | None = None) -> list[bytes]:
    """A list without pages. Raises Absent for a case that is not there; Refused."""
    resource = RESOURCES[name]
    rows = _filtered(resource, _rows(resource, client), asked)
    if zaak is not None:
        if not Zaak.objects.filter(access.readable(client, READ), pk=zaak).exists():
            raise Absent
        rows = rows.filter(zaak=zaak)
    return resource.render(list(rows.order_by("pk")[:MOST_IN_A_PLAIN_LIST]))


def _rows(resource: Resource, client: Client) -> QuerySet[Any]:
    """Every row of this resource that the client may read."""
    mine = access.readable(client, READ)
    if resource.name == "zaken":
        return Zaak.objects.filter(mine)
    rows: QuerySet[Any] = resource.model._default_manager.all()
    if client.everything:
        return rows.exclude(zaak=None) if resource.name == "besluiten" else rows
    return rows.filter(Exists(Zaak.objects.filter(mine, pk=OuterRef("zaak_id"))))


def _filtered(resource: Resource, rows: QuerySet[Any], asked: Values) -> QuerySet[Any]:
    return rows.filter(filters.condition(resource.name, resource.filters, asked))


def _order(text: str) -> list[str]:
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    if any(one.removeprefix("-") not in ORDERED for one in wanted):
        raise Refused(Fault("ordering", "invalid", "Op dit attribuut kan niet worden gesorteerd."))
    return [*wanted, "-pk"]


def trail_of(id: UUID, client: Client, line: UUID | None = None) -> list[bytes]:
    """The audit trail of a case, or one line of it. Raises Absent, NotAllowed."""
    require_readable(id, client, TRAIL)
    main = rendering.at("zaken", id) or ""

    def may_see(document: Values) -> bool:
        kind = type_id_at(document["zaaktype"], "zaaktypen")
        level = document["vertrouwelijkheidaanduiding"]
        return client.everything or (kind is not None and access.allows_new(client, kind, level, TRAIL))

    return [trail.line(main, line, may_see)] if line is not None else trail.lines(main, may_see)
