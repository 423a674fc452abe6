"""The national representation of the catalogue: JSON, made when something is written and kept beside the row.

In: rows. Out: bytes. Always holds: addresses are stored without their server (a mark stands there instead); a document
that mentions another row is made anew with it, in the same transaction; what a document shows of other versions is that
of the day on which it was made, and beside it stands until when it is so (`history`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from raadhuis.catalogue.models import BesluitType, Catalogus, InformatieObjectType, ResultaatType, ZaakType
from raadhuis.catalogue.ztc import history
from raadhuis.catalogue.ztc.resources import RESOURCES, ROOT, Resource
from raadhuis.kernel import clock
from raadhuis.kernel.db import Unit, current_unit, durable
from raadhuis.kernel.documents import address, written
from raadhuis.kernel.shapes import Attribute, column_of

_STALE, _LATER = "catalogue.stale", "catalogue.later"
MOST_AT_ONCE = 200
_NOTHING: Mapping[str, Any] = {}
Special = Callable[[Any], Any]


def link(resource: str, id: UUID | None) -> str | None:
    """The address of a row, without its server."""
    return address(f"{ROOT}{resource}", id) if id else None


def render(resource: Resource, row: Any, dated: Mapping[str, Any] = _NOTHING) -> bytes:
    """The document of a row. `dated`: what it shows of other versions on a day, for a resource that does."""
    special = _SPECIAL.get(resource.name, {})
    found: dict[str, Any] = {}
    for attribute in resource.attributes:
        make = special.get(attribute.name) or _COMMON.get(attribute.name)
        if attribute.name == "url":
            found["url"] = link(resource.name, row.id)
        elif attribute.name in dated:
            found[attribute.name] = dated[attribute.name]
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
    if isinstance(later := unit.notes.get(_LATER), set):
        later.add(_catalogue_of(row))
        return
    stale = unit.notes.get(_STALE)
    if not isinstance(stale, dict):
        unit.notes[_STALE] = stale = {}
        unit.before_commit(lambda: _render_all(stale))
    for one in _mentioning(row):
        stale[type(one), one.pk] = one


def put_off(unit: Unit) -> None:
    """What is written in this transaction has documents made later: when one is asked for, or by `make_missing`.

    Those of its whole catalogue are taken away: finding out which of them mention a new type costs more than making
    them all once, when very many types come in.
    """
    catalogues = unit.notes[_LATER] = set[UUID]()
    unit.before_commit(lambda: _take_away(catalogues))


def _take_away(catalogues: set[UUID]) -> None:
    for resource in RESOURCES.values() if catalogues else ():
        path = "pk" if resource.model is Catalogus else "zaaktype__catalogus" if resource.child else "catalogus"
        resource.rows.filter(**{f"{path}__in": catalogues}).exclude(body=b"").update(body=b"")


def _catalogue_of(row: Any) -> UUID:
    found: UUID = row.pk if isinstance(row, Catalogus) else getattr(row, "zaaktype", row).catalogus_id
    return found


def make_missing(limit: int = MOST_AT_ONCE) -> int:
    """Makes documents that were put off; how many there were."""
    for resource in RESOURCES.values():
        ids = list(resource.rows.filter(body=b"").order_by("pk").values_list("pk", flat=True)[:limit])
        if ids:
            with durable():
                store(resource, ids)
            return len(ids)
    return 0


def _mentioning(row: Any) -> Iterable[Any]:
    """The row itself and every row whose document may change with it."""
    yield row
    if isinstance(row, Catalogus):
        return
    if isinstance(row, ZaakType):
        yield from _family(row)
        yield from _same(ZaakType, {(row.catalogus_id, row.identificatie)})
        yield from _naming(row)
    elif hasattr(row, "zaaktype_id"):
        yield row.zaaktype
        yield from _family(row.zaaktype)
        if isinstance(row, ResultaatType):
            yield from _same(BesluitType, _keys(row.besluittypen, ""))
    else:
        yield row.catalogus
        for version in _same(type(row), {(row.catalogus_id, row.omschrijving)}):
            yield version
            yield from _users(version)


def _family(zaaktype: ZaakType) -> Iterable[Any]:
    yield zaaktype.catalogus
    for related in (zaaktype.statustypen, zaaktype.resultaattypen, zaaktype.roltypen, zaaktype.eigenschappen):
        yield from related.all()
    yield from zaaktype.zaakobjecttypen.all()
    yield from zaaktype.informatieobjecttypen.all()
    yield from _same(InformatieObjectType, _keys(zaaktype.informatieobjecttypen, "informatieobjecttype__"))
    decided = _keys(zaaktype.besluittypen, "besluittype__")
    given = BesluitType.objects.filter(resultaattypen__zaaktype=zaaktype)
    yield from _same(BesluitType, decided | _keys(given, ""))


def _naming(zaaktype: ZaakType) -> Iterable[Any]:
    """Who calls this zaaktype by its name: as a part of it, or as related to it."""
    name = zaaktype.identificatie
    others = ZaakType.objects.filter(catalogus=zaaktype.catalogus_id).exclude(
        deelzaaktypen=[], gerelateerde_zaaktypen=[]
    )
    for other in others:
        if name in other.deelzaaktypen or any(one["zaaktype"] == name for one in other.gerelateerde_zaaktypen):
            yield other


def _users(row: Any) -> Iterable[Any]:
    """Who mentions an informatieobjecttype or a besluittype."""
    for relation in row.zaaktypen.select_related("zaaktype"):
        if isinstance(row, InformatieObjectType):
            yield relation
        yield relation.zaaktype
    yield from row.resultaattypen.all()
    if isinstance(row, InformatieObjectType):
        yield from row.besluittypen.all()
    else:
        yield from _same(InformatieObjectType, _keys(row.informatieobjecttypen, ""))


def _keys(related: Any, below: str) -> set[history.Key]:
    """The catalogues and names of related rows."""
    return set(related.values_list(f"{below}catalogus_id", f"{below}omschrijving"))


def _same(model: Any, keys: set[history.Key]) -> Iterable[Any]:
    """All versions of the types with these names."""
    return history.versions_of(model, keys) if keys else ()


def _render_all(stale: dict[Any, Any]) -> None:
    """Makes documents as they are today, of rows as they are now: others may have changed them since."""
    keys: dict[Any, list[UUID]] = {}
    for model, key in stale:
        keys.setdefault(model, []).append(key)
    for resource in RESOURCES.values():
        store(resource, keys.get(resource.model, []))


def store(resource: Resource, ids: list[UUID]) -> None:
    """Makes the documents of these rows anew, as they are today, and keeps what changed of them.

    The rows are locked first, always in the same order: what is read then is all that others changed.
    """
    rows = {row.pk: row for row in resource.rows.select_for_update().filter(pk__in=ids).order_by("pk")} if ids else {}
    shown = history.shown(resource.name, list(rows), clock.today()) if resource.name in history.DATED else {}
    for id, row in rows.items():
        held: dict[str, Any] = {"body": bytes(row.body)}
        if id in shown:
            held |= {"holds_from": row.holds_from, "holds_until": row.holds_until}
        kept: dict[str, Any] = {"body": render(resource, row, shown[id].values if id in shown else _NOTHING)}
        if id in shown:
            kept |= {"holds_from": shown[id].since, "holds_until": shown[id].until}
        if kept != held:
            resource.rows.filter(pk=id).update(**kept)


# What is not simply a column


def _links(resource: str, related: Any) -> list[str]:
    return [address(f"{ROOT}{resource}", id) for id in related.order_by("id").values_list("id", flat=True)]


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
        "informatieobjecttypeOmschrijving": lambda row: _names(
            row.informatieobjecttypen, "informatieobjecttype__omschrijving"
        ),
        "besluittypeOmschrijving": lambda row: _names(row.besluittypen, "besluittype__omschrijving"),
        "deelzaaktypeIdentificaties": lambda row: list(row.deelzaaktypen),
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
    },
    "besluittypen": _OBJECT_DAYS
    | {
        "informatieobjecttypeOmschrijvingen": lambda row: _names(row.informatieobjecttypen),
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
