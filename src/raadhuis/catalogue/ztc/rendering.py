"""The national representation of the catalogue: JSON, made when something is written and kept beside the row.

In: rows. Out: bytes. Always holds: addresses are stored without their server (a mark stands there instead); a document
that mentions another row is made anew with it, in the same transaction.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from raadhuis.catalogue.models import Catalogus, InformatieObjectType, ResultaatType, ZaakType
from raadhuis.catalogue.ztc.resources import RESOURCES, ROOT, Resource
from raadhuis.kernel.db import current_unit
from raadhuis.kernel.documents import address, written
from raadhuis.kernel.shapes import Attribute, column_of

_STALE = "catalogue.stale"
Special = Callable[[Any], Any]


def link(resource: str, id: UUID | None) -> str | None:
    """The address of a row, without its server."""
    return address(f"{ROOT}{resource}", id) if id else None


def render(resource: Resource, row: Any) -> bytes:
    """The document of a row."""
    special = _SPECIAL.get(resource.name, {})
    found: dict[str, Any] = {}
    for attribute in resource.attributes:
        make = special.get(attribute.name) or _COMMON.get(attribute.name)
        if attribute.name == "url":
            found["url"] = link(resource.name, row.id)
        elif make is not None:
            found[attribute.name] = make(row)
        elif attribute.name in resource.to_one:
            found[attribute.name] = link(resource.to_one[attribute.name], getattr(row, f"{attribute.name}_id"))
        elif attribute.name in resource.to_many:
            found[attribute.name] = _links(resource.to_many[attribute.name], getattr(row, attribute.name))
        else:
            found[attribute.name] = _plain(attribute, getattr(row, column_of(attribute.name)))
    # The contract asks for an attribute (resultaattypeOmschrijving of a zaaktype) that it does not describe.
    return written(found | {name: make(row) for name, make in special.items() if name not in found})


def _plain(attribute: Attribute, value: Any) -> Any:
    if value == "" and attribute.nullable and attribute.kind in {"duration", "date"}:
        return None
    return value


def refresh(row: Any) -> None:
    """Has the documents of a row, and of what mentions it, made anew just before this transaction commits."""
    unit = current_unit()
    stale = unit.notes.get(_STALE)
    if not isinstance(stale, dict):
        unit.notes[_STALE] = stale = {}
        unit.before_commit(lambda: _render_all(stale))
    for one in _mentioning(row):
        stale[type(one), one.pk] = one


def _mentioning(row: Any) -> Iterable[Any]:
    """The row itself and every row whose document may change with it."""
    yield row
    if isinstance(row, Catalogus):
        return
    if isinstance(row, ZaakType):
        yield from _family(row)
        yield from ZaakType.objects.filter(catalogus=row.catalogus_id, identificatie=row.identificatie)
    elif hasattr(row, "zaaktype_id"):
        yield row.zaaktype
        yield from _family(row.zaaktype)
    else:
        yield row.catalogus
        yield from _users(row)


def _family(zaaktype: ZaakType) -> Iterable[Any]:
    yield zaaktype.catalogus
    for related in (zaaktype.statustypen, zaaktype.resultaattypen, zaaktype.roltypen, zaaktype.eigenschappen):
        yield from related.all()
    yield from zaaktype.zaakobjecttypen.all()
    for relation in zaaktype.informatieobjecttypen.select_related("informatieobjecttype"):
        yield relation
        yield relation.informatieobjecttype
    for decided in zaaktype.besluittypen.select_related("besluittype"):
        yield decided.besluittype


def _users(row: Any) -> Iterable[Any]:
    """Who mentions an informatieobjecttype or a besluittype."""
    for relation in row.zaaktypen.select_related("zaaktype"):
        yield relation.zaaktype
    yield from row.resultaattypen.all()
    if isinstance(row, InformatieObjectType):
        yield from row.besluittypen.all()
    else:
        yield from row.informatieobjecttypen.all()


def _render_all(stale: dict[Any, Any]) -> None:
    resources = {resource.model: resource for resource in RESOURCES.values()}
    for model, key in stale:
        row = model._default_manager.filter(pk=key).first()  # As it is now: others may have changed it since.
        if row is not None:
            body = render(resources[model], row)
            if body != bytes(row.body):
                model._default_manager.filter(pk=key).update(body=body)


# What is not simply a column


def _links(resource: str, related: Any) -> list[str]:
    return [address(f"{ROOT}{resource}", id) for id in related.order_by("id").values_list("id", flat=True)]


def _through(related: Any, resource: str, column: str) -> list[str]:
    ids = related.order_by("id").values_list(column, flat=True)
    return [address(f"{ROOT}{resource}", id) for id in dict.fromkeys(ids)]


def _names(related: Any, column: str = "omschrijving") -> list[str]:
    return list(dict.fromkeys(related.order_by("id").values_list(column, flat=True)))


def _first_day(row: Any) -> date | None:
    """beginObject: when the first version began."""
    first: date | None = _versions(row).order_by("begin_geldigheid").values_list("begin_geldigheid", flat=True).first()
    return first


def _last_day(row: Any) -> date | None:
    """eindeObject: when the last version ends; None while one has no end."""
    ends = list(_versions(row).values_list("einde_geldigheid", flat=True))
    return None if None in ends or not ends else max(ends)


def _versions(row: Any) -> Any:
    rows = type(row)._default_manager.filter(catalogus=row.catalogus_id)
    by = "identificatie" if isinstance(row, ZaakType) else "omschrijving"
    return rows.filter(**{by: getattr(row, by)})


def _related_types(row: ZaakType) -> list[dict[str, str]]:
    found = []
    for one in row.gerelateerde_zaaktypen:
        named = str(one["zaaktype"])
        here = _version_of(row, named)
        found.append(
            {
                "zaaktype": link("zaaktypen", here) or named,
                "zaaktypeIdentificatie": named if here else "",
                "aardRelatie": one["aardRelatie"],
                "toelichting": one.get("toelichting", ""),
            }
        )
    return found


def _version_of(row: ZaakType, identificatie: str) -> UUID | None:
    """The newest version of a type with this name in the same catalogue; a published one where there is one."""
    versions = ZaakType.objects.filter(catalogus=row.catalogus_id, identificatie=identificatie)
    newest = versions.order_by("concept", "-begin_geldigheid", "-id").values_list("id", flat=True)
    return newest.first()


def _parts_of(row: ZaakType) -> list[str]:
    found = (_version_of(row, identificatie) for identificatie in row.deelzaaktypen)
    return [address(f"{ROOT}zaaktypen", id) for id in found if id]


def _archive(row: ResultaatType) -> dict[str, Any] | None:
    if not row.afleidingswijze:
        return None
    rest = row.brondatum or {}
    return {
        "afleidingswijze": row.afleidingswijze,
        "datumkenmerk": rest.get("datumkenmerk", ""),
        "einddatumBekend": rest.get("einddatumBekend", False),
        "objecttype": rest.get("objecttype", ""),
        "registratie": rest.get("registratie", ""),
        "procestermijn": rest.get("procestermijn"),
    }


def _is_last(row: Any) -> bool:
    return not row.zaaktype.statustypen.filter(volgnummer__gt=row.volgnummer).exists()


def _by_zaaktype(make: Special) -> Special:
    return lambda row: make(row.zaaktype)


_GENERIC: dict[str, str] = {
    "informatieobjecttypeOmschrijvingGeneriek": "",
    "definitieInformatieobjecttypeOmschrijvingGeneriek": "",
    "herkomstInformatieobjecttypeOmschrijvingGeneriek": "",
    "hierarchieInformatieobjecttypeOmschrijvingGeneriek": "",
    "opmerkingInformatieobjecttypeOmschrijvingGeneriek": "",
}
_OBJECT_DAYS: dict[str, Special] = {"beginObject": _first_day, "eindeObject": _last_day}
_CHILD_DAYS: dict[str, Special] = {"beginObject": _by_zaaktype(_first_day), "eindeObject": _by_zaaktype(_last_day)}
_COMMON: dict[str, Special] = {"zaaktypeIdentificatie": lambda row: row.zaaktype.identificatie}
_IN_CATALOGUE: dict[str, Special] = {"catalogus": lambda row: link("catalogussen", row.zaaktype.catalogus_id)}
_SPECIAL: dict[str, dict[str, Special]] = {
    "catalogussen": {
        "zaaktypen": lambda row: _links("zaaktypen", row.zaaktypen),
        "besluittypen": lambda row: _links("besluittypen", row.besluittypen),
        "besluittypeOmschrijving": lambda row: _names(row.besluittypen),
        "informatieobjecttypen": lambda row: _links("informatieobjecttypen", row.informatieobjecttypen),
        "informatieobjecttypeOmschrijving": lambda row: _names(row.informatieobjecttypen),
    },
    "zaaktypen": _OBJECT_DAYS
    | {
        "referentieproces": lambda row: {"naam": row.referentieproces_naam, "link": row.referentieproces_link},
        "broncatalogus": lambda row: row.broncatalogus or {"url": "", "domein": "", "rsin": ""},
        "bronzaaktype": lambda row: row.bronzaaktype or {"url": "", "identificatie": "", "omschrijving": ""},
        "statustypen": lambda row: _links("statustypen", row.statustypen),
        "resultaattypen": lambda row: _links("resultaattypen", row.resultaattypen),
        "resultaattypeOmschrijving": lambda row: _names(row.resultaattypen),
        "eigenschappen": lambda row: _links("eigenschappen", row.eigenschappen),
        "roltypen": lambda row: _links("roltypen", row.roltypen),
        "zaakobjecttypen": lambda row: _links("zaakobjecttypen", row.zaakobjecttypen),
        "informatieobjecttypen": lambda row: _through(
            row.informatieobjecttypen, "informatieobjecttypen", "informatieobjecttype_id"
        ),
        "informatieobjecttypeOmschrijving": lambda row: _names(
            row.informatieobjecttypen, "informatieobjecttype__omschrijving"
        ),
        "besluittypen": lambda row: _through(row.besluittypen, "besluittypen", "besluittype_id"),
        "besluittypeOmschrijving": lambda row: _names(row.besluittypen, "besluittype__omschrijving"),
        "deelzaaktypen": _parts_of,
        "deelzaaktypeIdentificaties": lambda row: list(row.deelzaaktypen),
        "gerelateerdeZaaktypen": _related_types,
    },
    "statustypen": _CHILD_DAYS
    | _IN_CATALOGUE
    | {
        "isEindstatus": _is_last,
        "eigenschappen": lambda row: _links("eigenschappen", row.eigenschappen),
    },
    "resultaattypen": _CHILD_DAYS
    | _IN_CATALOGUE
    | {
        "brondatumArchiefprocedure": _archive,
        "besluittypeOmschrijving": lambda row: _names(row.besluittypen),
        "informatieobjecttypeOmschrijving": lambda row: _names(row.informatieobjecttypen),
    },
    "roltypen": _CHILD_DAYS | _IN_CATALOGUE,
    "eigenschappen": _CHILD_DAYS | _IN_CATALOGUE,
    "informatieobjecttypen": _OBJECT_DAYS
    | {
        "omschrijvingGeneriek": lambda row: row.omschrijving_generiek or _GENERIC,
        "zaaktypen": lambda row: _through(row.zaaktypen, "zaaktypen", "zaaktype_id"),
        "zaaktypeIdentificaties": lambda row: _names(row.zaaktypen, "zaaktype__identificatie"),
        "besluittypen": lambda row: _links("besluittypen", row.besluittypen),
        "besluittypeOmschrijving": lambda row: _names(row.besluittypen),
    },
    "besluittypen": _OBJECT_DAYS
    | {
        "zaaktypen": lambda row: _through(row.zaaktypen, "zaaktypen", "zaaktype_id"),
        "zaaktypeIdentificaties": lambda row: _names(row.zaaktypen, "zaaktype__identificatie"),
        "informatieobjecttypeOmschrijvingen": lambda row: _names(row.informatieobjecttypen),
        "resultaattypen": lambda row: _links("resultaattypen", row.resultaattypen),
        "resultaattypenOmschrijving": lambda row: _names(row.resultaattypen),
        "vastgelegdIn": lambda row: _names(row.informatieobjecttypen),
    },
    "zaakobjecttypen": _CHILD_DAYS
    | _IN_CATALOGUE
    | {
        # The standard lets nobody write these: which results and statuses an object belongs to is kept nowhere.
        "resultaattypen": lambda row: [],
        "resultaattypeOmschrijving": lambda row: [],
        "statustypen": lambda row: [],
    },
    "zaaktype-informatieobjecttypen": _IN_CATALOGUE,
}
