"""The standard's rules on writing the catalogue (ztc-001 to ztc-016).

In: the resource, what is written (by attribute), and the row as it was. Out: nothing, or Refused with the codes that
clients know. Source: API-standaard Catalogi 1.3, "Run-time gedrag".
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from raadhuis.catalogue.models import (
    BesluitType,
    Catalogus,
    InformatieObjectType,
    ZaakType,
)
from raadhuis.catalogue.ztc import reference
from raadhuis.catalogue.ztc.resources import Resource
from raadhuis.catalogue.ztc.writing import identificatie_of
from raadhuis.kernel.shapes import Fault, Refused

Values = Mapping[str, Any]
FORCED = "catalogi.geforceerd-schrijven"
FORCED_DELETE = "catalogi.geforceerd-verwijderen"
# What may still be written on what was published (ztc-009).
AFTER_PUBLISHING = {"eindeGeldigheid"}
# By afleidingswijze: which parts of brondatumArchiefprocedure must be there (ztc-004, ztc-006, ztc-007, ztc-008).
NEEDED = {
    "eigenschap": {"datumkenmerk"},
    "zaakobject": {"datumkenmerk", "objecttype"},
    "ander_datumkenmerk": {"datumkenmerk", "objecttype", "registratie"},
    "termijn": {"procestermijn"},
}
_PARTS = ("datumkenmerk", "objecttype", "registratie", "procestermijn")
_NO_DAYS = "P0D"  # As registers write a term that is not there.
_WITHOUT_END = {"afgehandeld", "termijn"}


def require_writable(resource: Resource, row: Any, sent: Values, *, forced: bool, partial: bool) -> None:
    """ztc-009 and ztc-010: what is published stays as it is, but for its last day."""
    if forced:
        return
    if resource.published and row is not None and not row.concept:
        changed = {name for name in sent if name not in AFTER_PUBLISHING}
        if not partial or changed:
            raise _nonfield("non-concept-object", "Wat gepubliceerd is, kan niet meer worden gewijzigd.")
    if resource.child:
        require_concept_zaaktype(resource, row.zaaktype if row is not None else None)
        require_concept_zaaktype(resource, sent.get("zaaktype"))


def require_concept_zaaktype(resource: Resource, zaaktype: ZaakType | None) -> None:
    """ztc-010: the children of a published zaaktype stay as they are."""
    if zaaktype is not None and not zaaktype.concept:
        code = "non-concept-relation" if resource.name == "zaaktype-informatieobjecttypen" else "non-concept-zaaktype"
        raise _nonfield(code, "Dit hoort bij een gepubliceerd zaaktype en kan niet meer worden gewijzigd.")


def require_removable(resource: Resource, row: Any, *, forced: bool) -> None:
    """ztc-009 and ztc-010 for DELETE."""
    if forced:
        return
    if resource.published and not row.concept:
        raise _nonfield("non-concept-object", "Wat gepubliceerd is, kan niet meer worden verwijderd.")
    if resource.child:
        require_concept_zaaktype(resource, row.zaaktype)


def require_sound(resource: Resource, values: Values, row: Any) -> None:
    """All rules on content. `values` is what the row will be, by attribute."""
    faults = [*_period(values), *_RULES.get(resource.name, _none)(values, row)]
    if faults:
        raise Refused(*faults)


def require_publishable(row: Any) -> None:
    """ztc-012 and ztc-016."""
    if isinstance(row, ZaakType):
        kinds = [one.informatieobjecttype for one in row.informatieobjecttypen.select_related("informatieobjecttype")]
        decided = [one.besluittype for one in row.besluittypen.select_related("besluittype")]
        if any(one.concept for one in [*kinds, *decided]):
            words = "Publiceer eerst de informatieobjecttypen en besluittypen van dit zaaktype."
            raise _nonfield("concept-relation", words)
    if isinstance(row, BesluitType) and row.informatieobjecttypen.filter(concept=True).exists():
        raise _nonfield("concept-relation", "Publiceer eerst de informatieobjecttypen van dit besluittype.")
    by = "identificatie" if isinstance(row, ZaakType) else "omschrijving"
    others = type(row)._default_manager.filter(catalogus=row.catalogus_id, concept=False, **{by: getattr(row, by)})
    if any(_overlap(row.begin_geldigheid, row.einde_geldigheid, other) for other in others.exclude(pk=row.pk)):
        words = f"Er is al een gepubliceerde versie met deze {by} waarvan de geldigheid overlapt."
        raise _nonfield("overlap", words)


def _overlap(begin: date, end: date | None, other: Any) -> bool:
    ours, theirs = end or date.max, other.einde_geldigheid or date.max
    return bool(begin <= theirs and other.begin_geldigheid <= ours)


def _nonfield(code: str, words: str) -> Refused:
    return Refused(Fault("nonFieldErrors", code, words))


def _none(values: Values, row: Any) -> Iterator[Fault]:
    return iter(())


def _period(values: Values) -> Iterator[Fault]:
    begin, end = values.get("beginGeldigheid"), values.get("eindeGeldigheid")
    if begin and end and end < begin:
        yield Fault("eindeGeldigheid", "date-mismatch", "De einddatum ligt voor de begindatum.")


def _catalogus(values: Values, row: Any) -> Iterator[Fault]:
    rsin = str(values.get("rsin", ""))
    if not is_rsin(rsin):
        yield Fault("rsin", "invalid", "Dit is geen geldig RSIN: het heeft negen cijfers en doorstaat de elfproef.")
    same = Catalogus.objects.filter(domein=values.get("domein", ""), rsin=rsin)
    if (same.exclude(pk=row.pk) if row else same).exists():
        yield Fault("nonFieldErrors", "unique", "Er is al een catalogus met dit domein en RSIN.")


def is_rsin(number: str) -> bool:
    """Whether this is a number of an organisation: nine digits that pass the eleven test."""
    if not (len(number) == 9 and number.isascii() and number.isdigit()):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0


def _zaaktype(values: Values, row: Any) -> Iterator[Fault]:
    """ztc-001, and ztc-016 among published versions."""
    process = values.get("selectielijstProcestype") or ""
    if process and reference.find("procestypen", process) is None:
        yield Fault("selectielijstProcestype", "invalid-resource", "Dit is geen procestype van de selectielijst.")
    if values.get("verlengingMogelijk") and not values.get("verlengingstermijn"):
        yield Fault("verlengingstermijn", "required", "Zeg hoe lang er verlengd kan worden.")
    for number, text in enumerate(values.get("deelzaaktypen") or ()):
        if text and identificatie_of(text) == values["identificatie"]:
            yield Fault(f"deelzaaktypen.{number}", "self-forbidden", "Een zaaktype is geen deel van zichzelf.")
    yield from _no_double(ZaakType, "identificatie", values, row)


def _no_double(model: Any, by: str, values: Values, row: Any) -> Iterator[Fault]:
    if row is not None and row.concept:
        return
    same = model.objects.filter(catalogus=values["catalogus"], **{by: values.get(by, "")}, concept=False)
    begin, end = values["beginGeldigheid"], values.get("eindeGeldigheid")
    if row is not None and any(_overlap(begin, end, other) for other in same.exclude(pk=row.pk)):
        yield Fault("beginGeldigheid", "overlap", "De geldigheid overlapt met een andere versie.")


def _resultaattype(values: Values, row: Any) -> Iterator[Fault]:
    """ztc-002 to ztc-008."""
    generic = reference.find("resultaattypeomschrijvingen", values["resultaattypeomschrijving"])
    known_already = row is not None and row.resultaattypeomschrijving == values["resultaattypeomschrijving"]
    if generic is None and not known_already:
        words = "Dit is geen omschrijving van de referentielijst."
        yield Fault("resultaattypeomschrijving", "invalid-resource", words)
    chosen = reference.find("resultaten", values["selectielijstklasse"])
    process = reference.find("procestypen", values["zaaktype"].selectielijst_procestype)
    if chosen is None:
        yield Fault("selectielijstklasse", "invalid-resource", "Dit is geen resultaat van de selectielijst.")
    elif process is None or chosen["procesType"] != process["url"]:
        words = "Dit resultaat hoort bij een ander procestype dan het zaaktype."
        yield Fault("nonFieldErrors", "procestype-mismatch", words)
    yield from _archive(values.get("brondatumArchiefprocedure"), chosen)


def _archive(procedure: Values | None, chosen: Values | None) -> Iterator[Fault]:
    if procedure is None:
        return
    name, how = "brondatumArchiefprocedure", procedure["afleidingswijze"]
    term = (chosen or {}).get("procestermijn", "")
    wanted = {reference.NO_TERM: "afgehandeld", reference.LIFETIME: "termijn"}.get(term)
    if wanted is not None and how != wanted:
        words = f"Bij dit resultaat van de selectielijst hoort de afleidingswijze {wanted}."
        yield Fault(f"{name}.afleidingswijze", "invalid-afleidingswijze-for-procestermijn", words)
    needed = NEEDED.get(how, set())
    for part in _PARTS:
        held = procedure.get(part) not in (None, "", _NO_DAYS)
        if part in needed and not held:
            yield Fault(f"{name}.{part}", "required", "Dit is nodig bij deze afleidingswijze.")
        if held and part not in needed:
            yield Fault(f"{name}.{part}", "must-be-empty", "Dit hoort leeg te zijn bij deze afleidingswijze.")
    if procedure.get("einddatumBekend") and how in _WITHOUT_END:
        yield Fault(f"{name}.einddatumBekend", "must-be-empty", "Dit hoort leeg te zijn bij deze afleidingswijze.")


def _eigenschap(values: Values, row: Any) -> Iterator[Fault]:
    """ztc-015."""
    wanted = {"datum": "8", "datum_tijd": "14"}.get(values["specificatie"]["formaat"])
    if wanted is not None and values["specificatie"]["lengte"] != wanted:
        yield Fault("specificatie.lengte", "invalid-length", f"Bij dit formaat is de lengte {wanted}.")
    yield from _same_zaaktype("statustype", values)


def _statustype(values: Values, row: Any) -> Iterator[Fault]:
    same = values["zaaktype"].statustypen.filter(volgnummer=values["volgnummer"])
    if same.exclude(pk=row.pk if row else None).exists():
        yield Fault("nonFieldErrors", "unique", "Dit zaaktype heeft al een statustype met dit volgnummer.")
    for one in values.get("eigenschappen", ()):
        if one.zaaktype_id != values["zaaktype"].pk:
            yield Fault("eigenschappen", "zaaktype-mismatch", "Deze eigenschap hoort bij een ander zaaktype.")


def _relation(values: Values, row: Any) -> Iterator[Fault]:
    same = values["zaaktype"].informatieobjecttypen.filter(volgnummer=values["volgnummer"])
    if same.exclude(pk=row.pk if row else None).exists():
        yield Fault("nonFieldErrors", "unique", "Dit zaaktype heeft al een informatieobjecttype met dit volgnummer.")
    if values["informatieobjecttype"].catalogus_id != values["zaaktype"].catalogus_id:
        words = "Zaaktype en informatieobjecttype horen bij verschillende catalogi."
        yield Fault("nonFieldErrors", "relations-incorrect-catalogus", words)
    yield from _same_zaaktype("statustype", values)


def _same_zaaktype(name: str, values: Values) -> Iterator[Fault]:
    other = values.get(name)
    if other is not None and other.zaaktype_id != values["zaaktype"].pk:
        yield Fault(name, "zaaktype-mismatch", "Dit hoort bij een ander zaaktype.")


def _informatieobjecttype(values: Values, row: Any) -> Iterator[Fault]:
    return _no_double(InformatieObjectType, "omschrijving", values, row)


def _besluittype(values: Values, row: Any) -> Iterator[Fault]:
    return _no_double(BesluitType, "omschrijving", values, row)


_RULES = {
    "catalogussen": _catalogus,
    "zaaktypen": _zaaktype,
    "resultaattypen": _resultaattype,
    "eigenschappen": _eigenschap,
    "statustypen": _statustype,
    "zaaktype-informatieobjecttypen": _relation,
    "informatieobjecttypen": _informatieobjecttype,
    "besluittypen": _besluittype,
}


def from_the_list(values: Values) -> dict[str, Any]:
    """ztc-002: what the retention list says where nothing was sent: generic name, nominatie, term."""
    found: dict[str, Any] = {}
    generic = reference.find("resultaattypeomschrijvingen", values["resultaattypeomschrijving"])
    chosen = reference.find("resultaten", values["selectielijstklasse"]) or {}
    if generic is not None:
        found["omschrijvingGeneriek"] = generic["omschrijving"]
    if not values.get("archiefnominatie"):
        found["archiefnominatie"] = chosen.get("waardering") or ""
    if values.get("archiefactietermijn") is None:
        found["archiefactietermijn"] = chosen.get("bewaartermijn") or ""
    return found
