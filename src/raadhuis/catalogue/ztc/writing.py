"""From what was sent to the columns of a row, and back to what it holds now.

In: values by attribute, addresses still as text. Out: a row with its relations. Always holds: a relation may be named
by its address or, where the standard says so, by its omschrijving or identificatie; what cannot be found is a fault.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from raadhuis.catalogue.models import ZaakType, ZaakTypeBesluitType
from raadhuis.catalogue.ztc.resources import RESOURCES, ROOT, Resource
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.shapes import Attribute, Fault, Refused, column_of

Values = dict[str, Any]
MOST_ADDRESS = 200
_ADDRESS = re.compile(rf"{MARK}{ROOT}([a-z-]+)/([0-9a-fA-F-]{{36}})/?")
# By which name a type may be called where several are listed.
_NAMED_BY = {"zaaktypen": "identificatie", "besluittypen": "omschrijving", "informatieobjecttypen": "omschrijving"}


def id_at(text: str, resource: str) -> UUID | None:
    """The id in an address of ours of a resource; None when it is none."""
    return _id_at(text, resource) if len(text) <= MOST_ADDRESS else None


@lru_cache(maxsize=4096)
def _id_at(text: str, resource: str) -> UUID | None:
    match = _ADDRESS.fullmatch(text)
    if match is None or match[1] != resource:
        return None
    try:
        return UUID(match[2])
    except ValueError:
        return None


def found_at(text: str, resource: str) -> Any:
    """The row of a resource at an address of ours; None when there is none."""
    id = id_at(text, resource)
    return None if id is None else RESOURCES[resource].rows.filter(pk=id).first()


def resolved(resource: Resource, sent: Mapping[str, Any], row: Any) -> Values:
    """What was sent, with rows for addresses and names. Raises Refused."""
    values, faults = dict(sent), list[Fault]()
    for name, target in resource.to_one.items():
        if values.get(name) is None:
            continue
        one = found_at(values[name], target)
        if one is None and target == "informatieobjecttypen" and not values[name].startswith(("http", MARK)):
            one = _rows(target, [values[name]], _catalogue(values, row)).get(values[name])
        if one is None:
            faults.append(_missing(name, values[name]))
        values[name] = one
    faults += _other_catalogue(resource, values, row)
    for name, target in resource.to_many.items():
        listed = [(n, text) for n, text in enumerate(values.get(name) or ()) if text is not None]
        there = _rows(target, [text for _, text in listed], _catalogue(values, row))
        faults += [_missing(f"{name}.{n}", text) for n, text in listed if text not in there]
        if name in values:
            values[name] = list(dict.fromkeys(there.get(text) for _, text in listed))
    parts = [(n, text) for n, text in enumerate(values.get("deelzaaktypen") or ()) if text and text.startswith(MARK)]
    known = _rows("zaaktypen", [text for _, text in parts], None)
    faults += [_missing(f"deelzaaktypen.{n}", text) for n, text in parts if text not in known]
    if faults:
        raise Refused(*faults)
    return values


def _other_catalogue(resource: Resource, values: Values, row: Any) -> Iterator[Fault]:
    """What belongs to a zaaktype may say its catalogue, which then is that of the zaaktype."""
    text, own = values.get("catalogus"), _catalogue({**values, "catalogus": None}, row)
    if resource.child and isinstance(text, str) and own is not None:
        one = found_at(text, "catalogussen")
        if one is None:
            yield _missing("catalogus", text)
        elif one.pk != own:
            yield Fault("catalogus", "relations-incorrect-catalogus", "Dit is niet de catalogus van het zaaktype.")


def _missing(name: str, text: str) -> Fault:
    if _ADDRESS.fullmatch(text):
        return Fault(name, "does_not_exist", "Wat hier staat, bestaat niet.")
    return Fault(name, "no_match", "Dit is geen adres van deze API.")


def _catalogue(values: Values, row: Any) -> Any:
    """The id of the catalogue in which names are looked up."""
    zaaktype = values.get("zaaktype") or getattr(row, "zaaktype", None)
    if isinstance(zaaktype, ZaakType):
        return zaaktype.catalogus_id
    catalogus = values.get("catalogus") or getattr(row, "catalogus", None)
    return getattr(catalogus, "pk", None)


def _rows(target: str, texts: list[str], catalogus: Any) -> dict[str, Any]:
    """By address or name: the row that there is. Two statements, however many are named."""
    ids = {text: id for text in texts if (id := id_at(text, target)) is not None}
    rows = RESOURCES[target].rows.in_bulk(list(ids.values())) if ids else {}
    found = {text: rows[id] for text, id in ids.items() if id in rows}
    names = {text for text in texts if not text.startswith(MARK)}
    if catalogus is None or target not in _NAMED_BY or not names:
        return found
    named = RESOURCES[target].rows.filter(catalogus=catalogus, **{f"{_NAMED_BY[target]}__in": names})
    for one in named.order_by("-concept", "begin_geldigheid"):  # The newest that is definitive comes last, and stays.
        found[getattr(one, _NAMED_BY[target])] = one
    return found


def held(resource: Resource, row: Any) -> Values:
    """What a row holds now, in the same shape as what is sent."""
    values: Values = {}
    for attribute in resource.sent:
        name = attribute.name
        special = _SPECIAL.get((resource.name, name))
        if special is not None:
            values[name] = special[0](row)
        elif name in resource.to_one:
            values[name] = getattr(row, name)
        elif name in resource.to_many:
            values[name] = list(getattr(row, name).all())
        elif (column := _column(row, attribute)) is not None:
            values[name] = getattr(row, column)
    return values


def completed(resource: Resource, values: Values) -> Values:
    """The values of a new row: what was left out gets what it is by default."""
    return {attribute.name: _default(attribute) for attribute in resource.sent if not attribute.read_only} | values


def _default(attribute: Attribute) -> Any:
    if attribute.nullable:
        return None
    return {"list": [], "boolean": False, "object": None, "date": None, "integer": None}.get(attribute.kind, "")


def write(resource: Resource, row: Any, values: Values) -> None:
    """Writes all values on a row and saves it, new or old."""
    later: list[Callable[[], None]] = []
    for attribute in resource.sent:
        name = attribute.name
        if attribute.read_only or name not in values:
            continue
        special = _SPECIAL.get((resource.name, name))
        if special is not None:
            wait = special[1](row, values[name])
            later += [wait] if wait is not None else []
        elif name in resource.to_one:
            setattr(row, name, values[name])
        elif name in resource.to_many:
            later.append(_many(row, name, values[name]))
        elif (column := _column(row, attribute)) is not None:
            setattr(row, column, _kept(row, column, values[name]))
    row.save()
    for step in later:
        step()


def _many(row: Any, name: str, rows: list[Any]) -> Callable[[], None]:
    return lambda: getattr(row, name).set(rows)


def _column(row: Any, attribute: Attribute) -> str | None:
    """The column of an attribute; None for what is worked out (beginObject) or no longer kept (a child's catalogus)."""
    column = column_of(attribute.name)
    return column if any(field.name == column for field in row._meta.concrete_fields) else None


def _kept(row: Any, column: str, value: Any) -> Any:
    """Texts that are not there are kept as empty texts."""
    field = row._meta.get_field(column)
    return "" if value is None and not field.null else value


# Attributes that are not a column of their own: how they are read, and how they are written


def _process(row: Any, value: Mapping[str, Any] | None) -> None:
    row.referentieproces_naam = (value or {}).get("naam", "")
    row.referentieproces_link = (value or {}).get("link", "")


def _archive(row: Any, value: Mapping[str, Any] | None) -> None:
    row.afleidingswijze = (value or {}).get("afleidingswijze", "")
    row.brondatum = {k: v for k, v in value.items() if k != "afleidingswijze"} if value else None


def _held_archive(row: Any) -> Values | None:
    return {"afleidingswijze": row.afleidingswijze, **(row.brondatum or {})} if row.afleidingswijze else None


def _decided(row: Any, value: list[Any]) -> Callable[[], None]:
    def write() -> None:
        kept = {one.besluittype_id: one for one in row.besluittypen.all()}
        for besluittype in value:
            if besluittype.pk not in kept:
                ZaakTypeBesluitType.objects.create(zaaktype=row, besluittype=besluittype)
        gone = set(kept) - {one.pk for one in value}
        row.besluittypen.filter(besluittype__in=gone).delete()

    return write


def _statuses(row: Any, value: list[Any]) -> Callable[[], None]:
    def write() -> None:
        row.eigenschappen.exclude(pk__in=[one.pk for one in value]).update(statustype=None)
        for one in value:
            one.statustype = row
            one.save(update_fields=["statustype"])

    return write


def _parts(row: Any, value: list[str]) -> None:
    row.deelzaaktypen = [identificatie_of(text) for text in value if text]


def identificatie_of(text: str) -> str:
    """The identificatie of a type that is named by it, or by the address of a version."""
    one = found_at(text, "zaaktypen")
    return str(one.identificatie) if one is not None else text


def _related(row: Any, value: list[Mapping[str, Any]]) -> None:
    row.gerelateerde_zaaktypen = [
        {**one, "zaaktype": identificatie_of(one["zaaktype"]), "toelichting": one.get("toelichting", "")}
        for one in value
    ]


def _list_of(name: str) -> Callable[[Any], list[Any]]:
    return lambda row: list(getattr(row, name))


_SPECIAL: dict[tuple[str, str], tuple[Callable[[Any], Any], Callable[[Any, Any], Callable[[], None] | None]]] = {
    ("zaaktypen", "referentieproces"): (
        lambda row: {"naam": row.referentieproces_naam, "link": row.referentieproces_link},
        _process,
    ),
    ("zaaktypen", "besluittypen"): (
        lambda row: [one.besluittype for one in row.besluittypen.select_related("besluittype")],
        _decided,
    ),
    ("zaaktypen", "deelzaaktypen"): (_list_of("deelzaaktypen"), _parts),
    ("zaaktypen", "gerelateerdeZaaktypen"): (_list_of("gerelateerde_zaaktypen"), _related),
    ("resultaattypen", "brondatumArchiefprocedure"): (_held_archive, _archive),
    ("statustypen", "eigenschappen"): (lambda row: list(row.eigenschappen.all()), _statuses),
}
