"""Reading cases as other applications do: filtered, in pages, and never more than the client may see.

Always holds: a row that a client may not read is as absent as one that is not there; a list is one count and one page.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from raadhuis.cases.actions.opening import applicant_hash
from raadhuis.cases.actions.roles import ROL
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
from raadhuis.cases.zrc import access, places, rendering, stored
from raadhuis.catalogue.ztc.writing import found_at
from raadhuis.clients.schema import LEVELS, Client
from raadhuis.kernel import privacy
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Fault, Refused

PAGE = 100
READ = "zaken.lezen"
Values = Mapping[str, str]


class Resource(msgspec.Struct, frozen=True):
    """A resource of the API: its table, how it is written as JSON, and by what it is filtered."""

    name: str
    model: Any
    render: Callable[[Sequence[Any]], list[bytes]]
    filters: tuple[str, ...] = ()
    paged: bool = True


_PERSON = "betrokkeneIdentificatie__"
_WHO = (
    *("natuurlijkPersoon__inpBsn", "natuurlijkPersoon__anpIdentificatie", "natuurlijkPersoon__inpA_nummer"),
    *("nietNatuurlijkPersoon__innNnpId", "nietNatuurlijkPersoon__annIdentificatie", "vestiging__vestigingsNummer"),
    *("organisatorischeEenheid__identificatie", "medewerker__identificatie"),
)
_COMPARED = {
    "startdatum": ("", "__gt", "__gte", "__lt", "__lte"),
    "registratiedatum": ("", "__gt", "__lt"),
    "einddatum": ("", "__gt", "__lt", "__isnull"),
    "einddatumGepland": ("", "__gt", "__lt"),
    "uiterlijkeEinddatumAfdoening": ("", "__gt", "__lt"),
    "archiefactiedatum": ("", "__gt", "__lt", "__isnull"),
}
_DAYS = {f"{name}{how}" for name, ways in _COMPARED.items() for how in ways}
_LISTED = ("bronorganisatie", "archiefnominatie", "archiefstatus")
ZAAK_FILTERS = (
    *("identificatie", "zaaktype", "zaaktype__in", "maximaleVertrouwelijkheidaanduiding", "ordering"),
    *(f"{name}{how}" for name in _LISTED for how in ("", "__in")),
    *sorted(_DAYS),
    *("rol__betrokkeneType", "rol__betrokkene", "rol__omschrijvingGeneriek"),
    *(f"rol__{_PERSON}{who}" for who in _WHO),
)
_ROL_FILTERS = (
    *("zaak", "betrokkene", "betrokkeneType", "roltype", "omschrijving", "omschrijvingGeneriek"),
    *(f"{_PERSON}{who}" for who in _WHO),
)
_MOMENTS = {
    f"{name}{how}" for name in ("aanmaakdatum", "wijzigingsdatum") for how in ("", "__gt", "__gte", "__lt", "__lte")
}
# What a note says rests encrypted, so that it can be read but not searched.
NOTE_FILTERS = ("gerelateerdAan", "notitieType", "status", *sorted(_MOMENTS))
RESOURCES = {
    one.name: one
    for one in (
        Resource("zaken", Zaak, rendering.zaken, ZAAK_FILTERS),
        Resource("statussen", Status, rendering.statussen, ("zaak", "statustype", "indicatieLaatstGezetteStatus")),
        Resource("resultaten", Resultaat, rendering.resultaten, ("zaak", "resultaattype")),
        Resource("rollen", Rol, rendering.rollen, _ROL_FILTERS),
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
        Resource("zaaknotities", ZaakNotitie, rendering.zaaknotities, NOTE_FILTERS),
    )
}
ORDERED = {"startdatum", "einddatum", "publicatiedatum", "archiefactiedatum", "registratiedatum", "identificatie"}
MOST_IN_A_PLAIN_LIST = 1000


def document(name: str, id: UUID, client: Client, zaak: UUID | None = None) -> bytes:
    """The document of one row; of that case, when one is named. Raises Absent."""
    rows = _rows(RESOURCES[name], client).filter(pk=id)
    if name == "zaken":
        bodies = stored.of(rows)
    else:
        bodies = RESOURCES[name].render(list(rows.filter(zaak=zaak) if zaak else rows))
    if not bodies:
        raise Absent
    return bodies[0]


def require_readable(zaak: UUID, client: Client, *scopes: str) -> None:
    """Raises Absent for a case that is not there, or not for this client."""
    if not Zaak.objects.filter(access.readable(client, *(scopes or (READ,))), pk=zaak).exists():
        raise Absent


def object_type(id: UUID) -> str:
    """What kind of object a zaakobject is about; "" when it is not there."""
    return ZaakObject.objects.filter(pk=id).values_list("object_type", flat=True).first() or ""


def relation_with_decision(zaak: UUID, decision: str) -> bytes:
    """The document of the relation of a case with the decision at an address. Raises Refused when there is none."""
    id = _own(decision, f"{rendering.DECISIONS}besluiten/")
    row = Besluit.objects.filter(pk=id, zaak=zaak).first() if id is not None else None
    if row is None:
        words = "Dit besluit hoort niet bij deze zaak; leg dat vast in de Besluiten API."
        raise Refused(Fault("besluit", "inconsistent-relation", words))
    return rendering.besluiten([row])[0]


def documents(name: str, ids: list[UUID], client: Client) -> dict[UUID, bytes]:
    """The documents of several rows by id; what is not there, or not for this client, is left out."""
    if name == "zaken":
        return stored.by_id(_rows(RESOURCES[name], client).filter(pk__in=ids))
    rows = list(_rows(RESOURCES[name], client).filter(pk__in=ids))
    return {row.pk: body for row, body in zip(rows, RESOURCES[name].render(rows), strict=True)}


def listed(name: str, asked: Values, client: Client, page: int) -> tuple[int, list[bytes]]:
    """(how many there are, the documents of one page of 100). Raises Refused for a filter that makes no sense."""
    resource = RESOURCES[name]
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


def _order(text: str) -> list[str]:
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    if any(one.removeprefix("-") not in ORDERED for one in wanted):
        raise Refused(Fault("ordering", "invalid", "Op dit attribuut kan niet worden gesorteerd."))
    return [*wanted, "-pk"]


def _filtered(resource: Resource, rows: QuerySet[Any], asked: Values) -> QuerySet[Any]:
    faults, about_roles = [], Q()
    for name, text in asked.items():
        try:
            if "\0" in text:
                raise ValueError
            if name.startswith("rol__"):
                about_roles &= _rol(name.removeprefix("rol__"), text)
            elif name in resource.filters and name != "ordering":
                rows = rows.filter(_condition(resource, name, text))
        except ValueError:
            faults.append(Fault(name, "invalid", "Deze waarde is niet geldig."))
    if faults:
        raise Refused(*faults)
    if about_roles:  # All that is asked of a role is asked of one and the same.
        rows = rows.filter(Exists(Rol.objects.filter(about_roles, zaak_id=OuterRef("pk"))))
    return rows


def _condition(resource: Resource, name: str, text: str) -> Q:
    """One filter. Raises ValueError."""
    if name in _DAYS:
        return _day(name, text)
    if name == "maximaleVertrouwelijkheidaanduiding":
        if text not in LEVELS:
            raise ValueError
        return Q(vertrouwelijkheidaanduiding__in=access.up_to(text))
    if name == "zaaktype__in":
        rows = [found_at(one, "zaaktypen") for one in text.split(",")]
        return Q(zaaktype__in=[row.pk for row in rows if row is not None])
    if name in {"zaaktype", "statustype", "resultaattype", "roltype"}:
        row = found_at(text, f"{name}n")
        return Q(**{name: row.pk}) if row is not None else _nothing(text)
    if name in _MOMENTS:
        return _moment(name, text)
    if name in {"zaak", "gerelateerdAan"}:
        id = _own(text, f"{rendering.ZAKEN}zaken/")
        return Q(zaak_id=id) if id else _nothing(text)
    if name == "informatieobject":
        id = _own(text, f"{rendering.DOCUMENTS}enkelvoudiginformatieobjecten/")
        return Q(informatieobject_id=id) if id else _nothing(text)
    if name == "indicatieLaatstGezetteStatus":
        later = Status.objects.filter(
            zaak_id=OuterRef("zaak_id"), datum_status_gezet__gt=OuterRef("datum_status_gezet")
        )
        return {"true": ~Exists(later), "false": Q(Exists(later))}.get(text) or _never()  # type: ignore[return-value]
    if resource.name == "rollen":
        return _rol(name, text)
    if name.endswith("__in"):
        return Q(**{name: text.split(",")})
    return Q(**{{"objectType": "object_type", "notitieType": "notitie_type"}.get(name, name): text})


def _never() -> Q:
    raise ValueError


def _day(name: str, text: str) -> Q:
    attribute, _, how = name.partition("__")
    column = "".join(f"_{c.lower()}" if c.isupper() else c for c in attribute)
    if how == "isnull":
        if text not in {"true", "false"}:
            raise ValueError
        return Q(**{f"{column}__isnull": text == "true"})
    return Q(**{f"{column}__{how}" if how else column: date.fromisoformat(text)})


def _moment(name: str, text: str) -> Q:
    attribute, _, how = name.partition("__")
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Q(**{f"{attribute}__{how}" if how else attribute: aware})


def _rol(name: str, text: str) -> Q:
    """A condition on a role. Identifying numbers are found by keyed hash."""
    if name.startswith(_PERSON):
        return _person(name.removeprefix(_PERSON), text)
    if name == "roltype":
        row = found_at(text, "roltypen")
        return Q(roltype=row.pk) if row is not None else _nothing(text)
    columns = {
        "betrokkene": "betrokkene",
        "betrokkeneType": "betrokkene_type",
        "omschrijving": "omschrijving",
        "omschrijvingGeneriek": "omschrijving_generiek",
    }
    return Q(**{columns[name]: text})


def _person(who: str, text: str) -> Q:
    kinds = {
        "natuurlijkPersoon": "natuurlijk_persoon",
        "nietNatuurlijkPersoon": "niet_natuurlijk_persoon",
        "organisatorischeEenheid": "organisatorische_eenheid",
    }
    kind, _, attribute = who.partition("__")
    lookups = {
        "inpBsn": applicant_hash(bsn=text),
        "innNnpId": applicant_hash(kvk=text),
        "annIdentificatie": applicant_hash(kvk=text),
    }
    found = lookups.get(attribute) or privacy.keyed_hash(ROL, text)
    return Q(betrokkene_type=kinds.get(kind, kind), lookup=found) if text else Q(pk__in=[])


def _own(text: str, below: str) -> UUID | None:
    """The id in an address of ours below that path."""
    head, _, last = text.rstrip("/").rpartition("/")
    if f"{head}/" != f"{MARK}{below}":
        return None
    try:
        return UUID(last)
    except ValueError:
        return None


def _nothing(text: str) -> Q:
    """A filter by an address that names nothing here. Raises ValueError for what is no address."""
    if not text.startswith((MARK, "http://", "https://")):
        raise ValueError
    return Q(pk__in=[])
