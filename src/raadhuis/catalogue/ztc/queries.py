"""Reading the catalogue as other applications do: stored documents, filtered and in pages.

Always holds: a list is one count and one page of documents; no row is made an object unless its document is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from raadhuis.catalogue.ztc import history
from raadhuis.catalogue.ztc.rendering import render
from raadhuis.catalogue.ztc.resources import RESOURCES, ROOT, Resource
from raadhuis.catalogue.ztc.writing import found_at, id_at
from raadhuis.kernel import clock
from raadhuis.kernel.documents import MARK, address, read, written
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Fault, Refused, fault
from raadhuis.kernel.statements import Given, Several, Statement

PAGE = 100
FILTERS: dict[str, tuple[str, ...]] = {
    "catalogussen": ("domein", "domein__in", "rsin", "rsin__in"),
    "zaaktypen": ("catalogus", "identificatie", "trefwoorden", "status", "datumGeldigheid"),
    "statustypen": ("zaaktype", "zaaktypeIdentificatie", "status", "datumGeldigheid"),
    "resultaattypen": (
        *("zaaktype", "zaaktypeIdentificatie", "zaaktype_identificatie"),
        *("status", "datumGeldigheid", "datum_geldigheid"),
    ),
    "roltypen": ("zaaktype", "zaaktypeIdentificatie", "omschrijvingGeneriek", "status", "datumGeldigheid"),
    "eigenschappen": ("zaaktype", "zaaktypeIdentificatie", "status", "datumGeldigheid"),
    "informatieobjecttypen": ("catalogus", "omschrijving", "status", "datumGeldigheid"),
    "besluittypen": (
        *("catalogus", "zaaktypen", "informatieobjecttypen"),
        *("omschrijving", "status", "datumGeldigheid"),
    ),
    "zaakobjecttypen": (
        *("anderObjecttype", "catalogus", "datumBeginGeldigheid", "datumEindeGeldigheid", "datumGeldigheid"),
        *("objecttype", "relatieOmschrijving", "zaaktype", "zaaktypeIdentificatie"),
    ),
    "zaaktype-informatieobjecttypen": ("zaaktype", "informatieobjecttype", "richting", "status"),
}
DAYS = ("datumGeldigheid", "datum_geldigheid")


def _stored(resource: Resource) -> tuple[str, ...]:
    """What is read of a row: (id, body), and of what may be another tomorrow between which days that body holds."""
    return ("pk", "body", "holds_from", "holds_until") if resource.name in history.DATED else ("pk", "body")


def _several(resource: Resource) -> Several:
    return Several(lambda ids: resource.rows.filter(pk__in=ids).values_list(*_stored(resource)))


_BY_ID = {name: _several(resource) for name, resource in RESOURCES.items()}
STATUSES = {"alles": None, "concept": True, "definitief": False}


def document(name: str, id: UUID, day: date | None = None) -> bytes:
    """The document of one row, as it is today or on that day. Raises Absent, also when it is not valid on that day."""
    resource = RESOURCES[name]
    rows = resource.rows.filter(pk=id)
    stored = (rows if day is None else rows.filter(_valid_on(resource, day))).values_list(*_stored(resource)).first()
    if stored is None:
        raise Absent
    return _shown(resource, [stored], day or clock.today())[0]


def documents(name: str, ids: Sequence[str], day: date | None = None) -> dict[str, bytes]:
    """The documents of several rows by id, as they are today or on that day; what is not there is left out."""
    found = _BY_ID[name].all(ids)
    shown = _shown(RESOURCES[name], found, day or clock.today())
    return {row[0]: body for row, body in zip(found, shown, strict=True)}


def as_related(name: str, ids: Sequence[str]) -> dict[str, bytes]:
    """The documents of several rows by id, each with the very versions that it was once related to."""
    found = documents(name, ids)
    if name not in history.DATED:
        return found
    shown = history.shown(name, [UUID(id) for id in ids], None)
    return {id: written(read(body) | shown[UUID(id)].values) for id, body in found.items()}


def listed(name: str, asked: Mapping[str, str], page: int) -> tuple[int, list[bytes]]:
    """(how many there are, the documents of one page of 100). Raises Refused for a filter that makes no sense."""
    resource = RESOURCES[name]
    rows = _filtered(resource, asked)
    shown = list(rows.order_by("pk").values_list(*_stored(resource))[(page - 1) * PAGE : page * PAGE])
    return rows.count(), _shown(resource, shown, day_of(asked) or clock.today())


def day_of(asked: Mapping[str, str]) -> date | None:
    """The day on which a client looks. Raises Refused."""
    name = next((one for one in DAYS if one in asked), None)
    if name is None:
        return None
    try:
        return date.fromisoformat(asked[name])
    except ValueError:
        raise fault(name, "invalid", "Dit is geen datum; geef jaar-maand-dag.") from None


def _shown(resource: Resource, stored: list[Any], day: date) -> list[bytes]:
    """The documents of rows, as (id, body, from, until), on a day: as stored, but for what is otherwise then."""
    if resource.name not in history.DATED:
        return [bytes(body) or render(resource, resource.rows.get(pk=id)) for id, body in stored]
    other = {id: UUID(str(id)) for id, body, since, until in stored if not (body and since and since <= day < until)}
    shown = history.shown(resource.name, list(other.values()), day)
    found = []
    for id, body, *_ in stored:
        there = shown.get(other[id]) if id in other else None
        if there is None:
            found.append(bytes(body))
        elif body:
            found.append(written(read(body) | there.values))
        else:
            found.append(render(resource, resource.rows.get(pk=id), there.values))
    return found


def _filtered(resource: Resource, asked: Mapping[str, str]) -> QuerySet[Any]:
    rows: QuerySet[Any] = resource.rows.all()
    faults: list[Fault] = []
    for name, text in asked.items():
        if name in {"page", "expand"}:
            continue
        try:
            rows = rows.filter(_condition(resource, name, text))
        except ValueError:
            faults.append(Fault(name, "invalid", "Deze waarde is niet geldig."))
    if faults:
        raise Refused(*faults)
    if "status" not in asked and "status" in FILTERS[resource.name]:
        rows = rows.filter(_condition(resource, "status", "definitief"))
    return rows.distinct() if resource.name == "besluittypen" else rows


def _condition(resource: Resource, name: str, text: str) -> Q:
    """One filter. Raises ValueError."""
    if "\0" in text:
        raise ValueError
    owner = "zaaktype__" if resource.child else ""
    if name == "status":
        concept = STATUSES[text] if text in STATUSES else _never()
        return Q() if concept is None else Q(**{f"{owner}concept": concept})
    if name in DAYS:
        return _valid_on(resource, date.fromisoformat(text))
    if name in {"datumBeginGeldigheid", "datumEindeGeldigheid"}:
        column = {"datumBeginGeldigheid": "begin_geldigheid", "datumEindeGeldigheid": "einde_geldigheid"}[name]
        return Q(**{column: date.fromisoformat(text)})
    if name in _ADDRESSES:
        return _at(resource, name, text)
    if name == "trefwoorden":
        return _has_words(text)
    if name == "anderObjecttype":
        return Q(ander_objecttype={"true": True, "false": False}.get(text) if text in {"true", "false"} else _never())
    column = _COLUMNS.get(name, name)
    return Q(**{column: text.split(",") if name.endswith("__in") else text})


def _valid_on(resource: Resource, day: date) -> Q:
    """Valid from its first up to and including its last day; what belongs to a zaaktype is as valid as that."""
    owner = "zaaktype__" if resource.child else ""
    begun = Q(**{f"{owner}begin_geldigheid__lte": day})
    return begun & (Q(**{f"{owner}einde_geldigheid": None}) | Q(**{f"{owner}einde_geldigheid__gte": day}))


def _never() -> bool:
    raise ValueError


def _has_words(text: str) -> Q:
    """trefwoorden: every word that is asked for. The words of all types fit in a glance; neither database can look
    into a list in the same way.
    """
    wanted = set(text.split(","))
    rows = RESOURCES["zaaktypen"].rows.values_list("pk", "trefwoorden")
    return Q(pk__in=[pk for pk, words in rows if wanted <= set(words)])


_ADDRESSES = {
    "catalogus": "catalogussen",
    "zaaktype": "zaaktypen",
    "zaaktypen": "zaaktypen",
    "informatieobjecttype": "informatieobjecttypen",
    "informatieobjecttypen": "informatieobjecttypen",
}
_COLUMNS = {
    "zaaktypeIdentificatie": "zaaktype__identificatie",
    "zaaktype_identificatie": "zaaktype__identificatie",
    "omschrijvingGeneriek": "omschrijving_generiek",
    "relatieOmschrijving": "relatie_omschrijving",
}


def _at(resource: Resource, name: str, text: str) -> Q:
    """A filter by address; that of another server names nothing here, so nothing is found."""
    if not text.startswith((MARK, "http://", "https://")):
        raise ValueError
    row = found_at(text, _ADDRESSES[name])
    if row is None:
        return Q(pk__in=[])
    if resource.name == "besluittypen" and name in _NAMED:
        return _named_alike(name, row)
    if name == "informatieobjecttype":
        return Q(informatieobjecttype__catalogus=row.catalogus_id, informatieobjecttype__omschrijving=row.omschrijving)
    if name == "catalogus" and resource.child:
        return Q(zaaktype__catalogus=row)
    return Q(**{name: row})


def catalogue_named(domein: str, rsin: str) -> UUID | None:
    """The catalogue with this domein and RSIN; None when there is none."""
    found: UUID | None = (
        RESOURCES["catalogussen"].rows.filter(domein=domein, rsin=rsin).values_list("pk", flat=True).first()
    )
    return found


_NAMED = ("zaaktypen", "informatieobjecttypen")


def _named_alike(name: str, row: Any) -> Q:
    """Besluittypen of which a version belongs to this zaaktype, or to a version of this informatieobjecttype."""
    rows = RESOURCES["besluittypen"].rows
    if name == "zaaktypen":
        related = rows.filter(zaaktypen__zaaktype=row)
    else:
        same = {"catalogus": row.catalogus_id, "omschrijving": row.omschrijving}
        related = rows.filter(informatieobjecttypen__in=RESOURCES[name].rows.filter(**same))
    found = Q(pk__in=[])
    for catalogus, omschrijving in set(related.values_list("catalogus_id", "omschrijving")):
        found |= Q(catalogus=catalogus, omschrijving=omschrijving)
    return found


def catalogue(domein: str, rsin: str) -> UUID:
    """The catalogue with this domein and RSIN. Raises Absent, with a sentence that lists the ones there are."""
    found = catalogue_named(domein, rsin)
    if found is None:
        rows = RESOURCES["catalogussen"].rows
        known = ", ".join(f"{d} ({r})" for d, r in rows.values_list("domein", "rsin").order_by("domein")[:20])
        raise Absent(f"Er is geen catalogus {domein or '(zonder domein)'} met RSIN {rsin or '-'}. Er zijn: {known}.")
    return found


def versions_of(addresses: Iterable[str], resource: str = "zaaktypen") -> dict[str, list[UUID]]:
    """By address of a type of ours: all versions of that type. Two statements, however many there are."""
    ids = {text: id for text in addresses if (id := id_at(text, resource)) is not None}
    rows, named_by = RESOURCES[resource].rows, "identificatie" if resource == "zaaktypen" else "omschrijving"
    columns = ("pk", "catalogus_id", named_by)
    named = {pk: (catalogus, name) for pk, catalogus, name in rows.filter(pk__in=ids.values()).values_list(*columns)}
    versions: dict[tuple[UUID, str], list[UUID]] = {}
    same = rows.filter(**{f"{named_by}__in": {name for _, name in named.values()}})
    for pk, catalogus, name in same.values_list(*columns):
        versions.setdefault((catalogus, name), []).append(pk)
    return {text: versions.get(named[id], []) for text, id in ids.items() if id in named}


_LAST_STATUSTYPE: Statement[UUID] = Statement(
    lambda: (
        RESOURCES["statustypen"]
        .rows.filter(zaaktype=Given("zaaktype"))
        .order_by("-volgnummer")
        .values_list("pk", flat=True)[:1]
    )
)
_RESULTAATTYPE: Statement[Any] = Statement(
    lambda: RESOURCES["resultaattypen"].rows.defer("body").filter(pk=Given("id"))
)


def last_statustype(zaaktype: UUID) -> UUID | None:
    """The status with which a case of this type ends: the one with the highest volgnummer."""
    return _LAST_STATUSTYPE.first(zaaktype=zaaktype)


def resultaattype(id: UUID) -> Any:
    """The row of a type of result; None when it is not there."""
    return _RESULTAATTYPE.first(id=id)


def eigenschap(id: UUID) -> Any:
    """The row of a property; None when it is not there."""
    return RESOURCES["eigenschappen"].rows.defer("body").filter(pk=id).first()


def has_document_type(zaaktype: UUID, informatieobjecttype: UUID) -> bool:
    """Whether documents of this type, in any of its versions, belong to cases of that type (zrc-017)."""
    kinds = RESOURCES["informatieobjecttypen"].rows
    own = kinds.filter(pk=informatieobjecttype).values_list("catalogus_id", "omschrijving").first()
    if own is None:
        return False
    versions = kinds.filter(catalogus=own[0], omschrijving=own[1]).values("pk")
    rows = RESOURCES["zaaktype-informatieobjecttypen"].rows
    return bool(rows.filter(zaaktype=zaaktype, informatieobjecttype__in=versions).exists())


def has_decision_type(zaaktype: UUID, besluittype: UUID) -> bool:
    """Whether cases of this type lead to decisions of that type, in any of its versions (brc-007)."""
    versions = _versions("besluittypen", besluittype)
    return bool(RESOURCES["zaaktypen"].rows.filter(pk=zaaktype, besluittypen__besluittype__in=versions).exists())


def has_document_type_of_decision(besluittype: UUID, informatieobjecttype: UUID) -> bool:
    """Whether decisions of this type are laid down in documents of that type, in any of its versions (brc-008)."""
    versions = _versions("informatieobjecttypen", informatieobjecttype)
    return bool(RESOURCES["besluittypen"].rows.filter(pk=besluittype, informatieobjecttypen__in=versions).exists())


def _versions(resource: str, id: UUID) -> Any:
    """The ids of all versions of a type that is named by its omschrijving."""
    rows = RESOURCES[resource].rows
    own = rows.filter(pk=id).values_list("catalogus_id", "omschrijving").first()
    return rows.filter(catalogus=own[0], omschrijving=own[1]).values("pk") if own is not None else []


class KindOfCase(msgspec.Struct, frozen=True):
    """A zaaktype, in its newest published version; `address` lacks the server."""

    address: str
    identificatie: str
    omschrijving: str


def newest_zaaktypen(limit: int = 500) -> list[KindOfCase]:
    """All kinds of cases that were published, by name; each in its newest version."""
    rows = RESOURCES["zaaktypen"].rows.filter(concept=False).order_by("begin_geldigheid", "pk")
    found = rows.values_list("catalogus_id", "identificatie", "pk", "omschrijving")
    newest = {
        (catalogus, name): KindOfCase(address(f"{ROOT}zaaktypen", pk), name, words)
        for catalogus, name, pk, words in found
    }
    return sorted(newest.values(), key=lambda one: one.omschrijving.casefold())[:limit]


def newest_zaaktype(catalogus: UUID, identificatie: str) -> UUID:
    """The newest version of a zaaktype. Raises Absent."""
    rows = RESOURCES["zaaktypen"].rows.filter(catalogus=catalogus, identificatie=identificatie)
    found: UUID | None = rows.order_by("-begin_geldigheid", "-pk").values_list("pk", flat=True).first()
    if found is None:
        raise Absent(f"Er is geen zaaktype {identificatie[:60]} in deze catalogus.")
    return found


class KindOfDocument(msgspec.Struct, frozen=True):
    """An informatieobjecttype, and how confidential its documents are unless somebody says otherwise."""

    id: UUID
    concept: bool
    level: str


_KIND: Statement[tuple[UUID, bool, str]] = Statement(
    lambda: (
        RESOURCES["informatieobjecttypen"]
        .rows.filter(pk=Given("id"))
        .values_list("pk", "concept", "vertrouwelijkheidaanduiding")
    )
)


def kind_of_document(address: str) -> KindOfDocument | None:
    """The informatieobjecttype at an address of ours; None when there is none."""
    id = id_at(address, "informatieobjecttypen")
    found = _KIND.first(id=id) if id is not None else None
    return None if found is None else KindOfDocument(*found)
