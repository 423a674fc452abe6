"""Which versions of other types a type shows on a day: the history model of Catalogi 1.3.

In: ids of one resource, and a day. Out: by id, the attributes that depend on the day, and from which day until before
which day they are so. Always holds: a relation is one of names, not of versions; of a name that version is shown that
is valid on the day (first and last day included) and definitive; a concept shows concepts too, where nothing definitive
is valid; without a day every row shows what it was once related to. A page of rows takes a handful of statements.
Source: API-standaard Catalogi 1.3.3, on the addresses in answers of GET, and its note on the history model.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from raadhuis.catalogue.models import (
    BesluitType,
    InformatieObjectType,
    ResultaatType,
    ZaakType,
    ZaakTypeBesluitType,
    ZaakTypeInformatieObjectType,
)
from raadhuis.catalogue.ztc.resources import ROOT
from raadhuis.kernel.documents import address

MOST_AT_ONCE = 500
Key = tuple[UUID, str]
"""A catalogue and a name in it."""
NAMED_BY: dict[Any, str] = {
    ZaakType: "identificatie",
    BesluitType: "omschrijving",
    InformatieObjectType: "omschrijving",
}


class Shown(NamedTuple):
    """Attributes of a row as they are from the day `since` until before the day `until`."""

    values: dict[str, Any]
    since: date
    until: date


class _Version(NamedTuple):
    id: UUID
    key: Key
    begin: date
    end: date | None
    concept: bool


class _Relation(NamedTuple):
    """That a row, or one version of its name, is named by another: by a version of a type, or by what belongs to it."""

    target: UUID
    version: _Version
    id: UUID
    name: str


class _Look:
    """One row looked at on a day; it keeps between which days the same would be seen."""

    def __init__(self, id: UUID, day: date | None, *, concept: bool) -> None:
        self.id, self.day, self._concept = id, day, concept
        self._since, self._until = date.min, date.max

    def valid(self, versions: Iterable[_Version]) -> list[_Version]:
        """The versions, of one name, that are shown on the day; the newest last."""
        if self.day is None:
            return list(versions)
        valid = []
        for one in versions:
            after = one.end + timedelta(days=1) if one.end and one.end < date.max else date.max
            for turn in (one.begin, after):
                if turn <= self.day:
                    self._since = max(self._since, turn)
                else:
                    self._until = min(self._until, turn)
            if one.begin <= self.day < after:
                valid.append(one)
        definitive = [one for one in valid if not one.concept]
        shown = definitive or (valid if self._concept else [])
        return sorted(shown, key=lambda one: (one.begin, one.id))

    def one_of(self, related: UUID | None, versions: Iterable[_Version]) -> UUID | None:
        """The version of a name that is shown: the one that was related itself, as long as it is valid."""
        shown = {one.id: one for one in self.valid(versions)}
        return related if related in shown else next(reversed(shown), None)

    def links(self, resource: str, related: Iterable[tuple[UUID, list[_Version]]]) -> list[str]:
        """The addresses of the versions of what this row is related to."""
        found = [id if self.day is None else self.one_of(id, versions) for id, versions in related]
        return _links(resource, found)

    def named_by(self, relations: Iterable[_Relation]) -> list[_Relation]:
        """Those that name this row."""
        if self.day is None:
            return [one for one in relations if one.target == self.id]
        by_name: dict[Key, list[_Relation]] = {}
        for one in relations:
            by_name.setdefault(one.version.key, []).append(one)
        found: list[_Relation] = []
        for same in by_name.values():
            shown = set(self.valid({one.version for one in same}))
            found += [one for one in same if one.version in shown]
        return found

    def shown(self, values: dict[str, Any]) -> Shown:
        """These attributes, with the days between which they are so."""
        return Shown(values, self._since, self._until)


def shown(resource: str, ids: list[UUID], day: date | None) -> dict[UUID, Shown]:
    """What rows of a resource show on a day, by id; as they were related, when no day is told."""
    found: dict[UUID, Shown] = {}
    for start in range(0, len(ids), MOST_AT_ONCE):
        found |= {look.id: made for look, made in _SHOWN[resource](ids[start : start + MOST_AT_ONCE], day)}
    return found


def versions_of(model: Any, keys: set[Key]) -> Any:
    """The rows of all versions with these names; rows with a name of one key and the catalogue of another too."""
    names, catalogues = {name for _, name in keys}, {catalogus for catalogus, _ in keys}
    return model._default_manager.filter(catalogus_id__in=catalogues, **{f"{NAMED_BY[model]}__in": names})


def _versions(model: Any, keys: set[Key]) -> dict[Key, list[_Version]]:
    found: dict[Key, list[_Version]] = {key: [] for key in keys}
    for one in map(_version, versions_of(model, keys).values_list(*_columns(model))) if keys else ():
        found.setdefault(one.key, []).append(one)
    return found


def _columns(model: Any, below: str = "") -> list[str]:
    names = ("pk", "catalogus_id", NAMED_BY[model], "begin_geldigheid", "einde_geldigheid", "concept")
    return [f"{below}{name}" for name in names]


def _version(columns: Iterable[Any]) -> _Version:
    id, catalogus, name, begin, end, concept = columns
    return _Version(id, (catalogus, name), begin, end, concept)


def _links(resource: str, ids: Iterable[UUID | None]) -> list[str]:
    return [address(f"{ROOT}{resource}", id) for id in dict.fromkeys(ids) if id is not None]


Related = dict[UUID, list[tuple[UUID, list[_Version]]]]


def _related(model: Any, pairs: Any) -> Related:
    """By row: what it is related to, each with all versions of that name. `pairs`: (row, related row)."""
    found: dict[UUID, list[UUID]] = {}
    for row, related in pairs.order_by("id"):
        found.setdefault(row, []).append(related)
    ids = {one for many in found.values() for one in many}
    named = (pair for pair in model._default_manager.filter(pk__in=ids).values_list("pk", "catalogus_id", _name(model)))
    keys = {pk: (catalogus, name) for pk, catalogus, name in named} if ids else {}
    versions = _versions(model, set(keys.values()))
    return {row: [(one, versions[keys[one]]) for one in many] for row, many in found.items()}


def _name(model: Any) -> str:
    return NAMED_BY[model]


def _looks(model: Any, ids: list[UUID], day: date | None) -> tuple[dict[UUID, Key], list[_Look], dict[UUID, Key]]:
    """(the names of rows, a look at each, the names of all versions of theirs by id)."""
    own = [_version(columns) for columns in model._default_manager.filter(pk__in=ids).values_list(*_columns(model))]
    keys = {one.id: one.key for one in own}
    every = {one.id: one.key for many in _versions(model, set(keys.values())).values() for one in many}
    return keys, [_Look(one.id, day, concept=one.concept) for one in own], every


def _naming(rows: Any, target: str, source: Any, through: str, shown: tuple[str, str]) -> Iterator[_Relation]:
    """Relations in a table: to which row, by which version of a type, and what of it is shown."""
    columns = [target, *shown, *_columns(source, through)]
    for at, id, name, *version in rows.order_by("pk").values_list(*columns):
        yield _Relation(at, _version(version), id, name)


def _by_key(relations: Iterable[_Relation], keys: dict[UUID, Key]) -> dict[Key, list[_Relation]]:
    found: dict[Key, list[_Relation]] = {}
    for one in relations:
        found.setdefault(keys[one.target], []).append(one)
    return found


def _links_and_names(resource: str, shown: list[_Relation]) -> tuple[list[str], list[str]]:
    return _links(resource, sorted(one.id for one in shown)), list(dict.fromkeys(one.name for one in shown))


_Found = Iterator[tuple[_Look, Shown]]


def _of_zaaktypen(ids: list[UUID], day: date | None) -> _Found:
    decided = ZaakTypeBesluitType.objects.filter(zaaktype__in=ids).values_list("zaaktype_id", "besluittype_id")
    papers = ZaakTypeInformatieObjectType.objects.filter(zaaktype__in=ids)
    decisions = _related(BesluitType, decided)
    documents = _related(InformatieObjectType, papers.values_list("zaaktype_id", "informatieobjecttype_id"))
    rows = ZaakType.objects.filter(pk__in=ids).defer("body")
    named = {
        (row.catalogus_id, name)
        for row in rows
        for name in (*row.deelzaaktypen, *(str(one["zaaktype"]) for one in row.gerelateerde_zaaktypen))
    }
    versions = _versions(ZaakType, named)
    for row in rows:
        look = _Look(row.pk, day, concept=row.concept)
        parts = [_named(look, versions[row.catalogus_id, name]) for name in row.deelzaaktypen]
        yield (
            look,
            look.shown(
                {
                    "besluittypen": look.links("besluittypen", decisions.get(row.pk, ())),
                    "informatieobjecttypen": look.links("informatieobjecttypen", documents.get(row.pk, ())),
                    "deelzaaktypen": _links("zaaktypen", parts),
                    "gerelateerdeZaaktypen": list(_related_zaaktypen(look, row, versions)),
                }
            ),
        )


def _named(look: _Look, versions: list[_Version]) -> UUID | None:
    """The version of a zaaktype that is known by its name alone: without a day the newest, a definitive one first."""
    if look.day is not None:
        return look.one_of(None, versions)
    newest = max(versions, key=lambda one: (not one.concept, one.begin, one.id), default=None)
    return newest.id if newest is not None else None


def _related_zaaktypen(look: _Look, row: ZaakType, versions: dict[Key, list[_Version]]) -> Iterator[dict[str, str]]:
    for one in row.gerelateerde_zaaktypen:
        name = str(one["zaaktype"])
        same = versions[row.catalogus_id, name]
        here = _named(look, same)
        if same and here is None:
            continue
        yield {
            "zaaktype": address(f"{ROOT}zaaktypen", here) if here else name,
            "zaaktypeIdentificatie": name if here else "",
            "aardRelatie": one["aardRelatie"],
            "toelichting": one.get("toelichting", ""),
        }


def _of_informatieobjecttypen(ids: list[UUID], day: date | None) -> _Found:
    keys, looks, every = _looks(InformatieObjectType, ids, day)
    papers = ZaakTypeInformatieObjectType.objects.filter(informatieobjecttype__in=list(every))
    decided = BesluitType.informatieobjecttypen.through._default_manager.filter(informatieobjecttype__in=list(every))
    named = ("zaaktype_id", "zaaktype__identificatie")
    zaaktypen = _by_key(_naming(papers, "informatieobjecttype_id", ZaakType, "zaaktype__", named), every)
    named = ("besluittype_id", "besluittype__omschrijving")
    decisions = _by_key(_naming(decided, "informatieobjecttype_id", BesluitType, "besluittype__", named), every)
    for look in looks:
        cases, names = _links_and_names("zaaktypen", look.named_by(zaaktypen.get(keys[look.id], ())))
        found, words = _links_and_names("besluittypen", look.named_by(decisions.get(keys[look.id], ())))
        values = {
            "zaaktypen": cases,
            "zaaktypeIdentificaties": names,
            "besluittypen": found,
            "besluittypeOmschrijving": words,
        }
        yield look, look.shown(values)


def _of_besluittypen(ids: list[UUID], day: date | None) -> _Found:
    keys, looks, every = _looks(BesluitType, ids, day)
    decided = ZaakTypeBesluitType.objects.filter(besluittype__in=list(every))
    named = ("zaaktype_id", "zaaktype__identificatie")
    zaaktypen = _by_key(_naming(decided, "besluittype_id", ZaakType, "zaaktype__", named), every)
    given = ResultaatType.besluittypen.through._default_manager.filter(besluittype__in=list(every))
    named = ("resultaattype_id", "resultaattype__omschrijving")
    results = _by_key(_naming(given, "besluittype_id", ZaakType, "resultaattype__zaaktype__", named), every)
    through = BesluitType.informatieobjecttypen.through._default_manager.filter(besluittype__in=ids)
    documents = _related(InformatieObjectType, through.values_list("besluittype_id", "informatieobjecttype_id"))
    for look in looks:
        cases, names = _links_and_names("zaaktypen", look.named_by(zaaktypen.get(keys[look.id], ())))
        found, words = _links_and_names("resultaattypen", look.named_by(results.get(keys[look.id], ())))
        values = {
            "zaaktypen": cases,
            "zaaktypeIdentificaties": names,
            "resultaattypen": found,
            "resultaattypenOmschrijving": words,
            "informatieobjecttypen": look.links("informatieobjecttypen", documents.get(look.id, ())),
        }
        yield look, look.shown(values)


def _of_resultaattypen(ids: list[UUID], day: date | None) -> _Found:
    decided = ResultaatType.besluittypen.through._default_manager.filter(resultaattype__in=ids)
    papers = ResultaatType.informatieobjecttypen.through._default_manager.filter(resultaattype__in=ids)
    decisions = _related(BesluitType, decided.values_list("resultaattype_id", "besluittype_id"))
    documents = _related(InformatieObjectType, papers.values_list("resultaattype_id", "informatieobjecttype_id"))
    for id, concept in ResultaatType.objects.filter(pk__in=ids).values_list("pk", "zaaktype__concept"):
        look = _Look(id, day, concept=concept)
        values = {
            "besluittypen": look.links("besluittypen", decisions.get(id, ())),
            "informatieobjecttypen": look.links("informatieobjecttypen", documents.get(id, ())),
        }
        yield look, look.shown(values)


def _of_relations(ids: list[UUID], day: date | None) -> _Found:
    rows = ZaakTypeInformatieObjectType.objects.filter(pk__in=ids)
    related = _related(InformatieObjectType, rows.values_list("pk", "informatieobjecttype_id"))
    for id, concept in rows.values_list("pk", "zaaktype__concept"):
        look = _Look(id, day, concept=concept)
        one, versions = related[id][0]
        # The contract lets it not be empty: where nothing is valid, it stays what it was related to.
        there = (look.one_of(one, versions) if day is not None else None) or one
        yield look, look.shown({"informatieobjecttype": address(f"{ROOT}informatieobjecttypen", there)})


_SHOWN: dict[str, Callable[[list[UUID], date | None], _Found]] = {
    "zaaktypen": _of_zaaktypen,
    "informatieobjecttypen": _of_informatieobjecttypen,
    "besluittypen": _of_besluittypen,
    "resultaattypen": _of_resultaattypen,
    "zaaktype-informatieobjecttypen": _of_relations,
}
DATED = frozenset(_SHOWN)
"""The resources of which a document may be another tomorrow."""
