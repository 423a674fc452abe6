"""From what was sent to a row that hangs on a case: result, role, object, document, property, contact, note.

In: the locked case and the values. Out: a row that is not saved yet. Always holds: a type belongs to the type of the
case (zrc-016 to zrc-020); who or what it is rests encrypted and is found by keyed hash.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from raadhuis.cases.actions.opening import applicant_hash
from raadhuis.cases.actions.roles import ROL
from raadhuis.cases.models import (
    KlantContact,
    Resultaat,
    Rol,
    Zaak,
    ZaakContactMoment,
    ZaakEigenschap,
    ZaakInformatieObject,
    ZaakNotitie,
    ZaakObject,
    ZaakVerzoek,
)
from raadhuis.cases.zrc import resolving, rules
from raadhuis.cases.zrc.rendering import CONTACT, NOTE, OBJECT
from raadhuis.catalogue.ztc import queries as types
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.ids import read_aloud_code, uuid7
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.kernel.statements import Given, Statement
from raadhuis.kernel.values import made

Values = Mapping[str, Any]
_RESULT: Statement[UUID] = Statement(lambda: Resultaat.objects.filter(zaak=Given("zaak")).values_list("pk", flat=True))
MISMATCH = "zaaktype-mismatch"
_DIGITS = re.compile(r"\d+", re.ASCII)


def refused(name: str, code: str, words: str) -> Refused:
    """One fault."""
    return Refused(Fault(name, code, words))


def type_of_case(zaak: Zaak, name: str, text: str, resource: str) -> Any:
    """The row of a type that must belong to the type of the case. Raises Refused."""
    kind = resolving.type_at(name, text, resource)
    if kind.zaaktype_id != zaak.zaaktype:
        raise refused("nonFieldErrors", MISMATCH, "Dit hoort niet bij het zaaktype van de zaak.")
    return kind


def resultaat(zaak: Zaak, values: Values) -> Resultaat:
    """zrc-020, and one result a case (zrc-007)."""
    kind = type_of_case(zaak, "resultaattype", values["resultaattype"], "resultaattypen")
    if not zaak._state.adding and _RESULT.all(zaak=zaak.pk):
        raise refused("nonFieldErrors", "unique", "Deze zaak heeft al een resultaat.")
    words = values.get("toelichting") or ""
    return made(Resultaat, id=uuid7(), zaak=zaak, resultaattype=kind.pk, key=kind.key, toelichting=words)


def put_resultaat(row: Resultaat, values: Values) -> None:
    """What may be changed of a result."""
    row.toelichting = values.get("toelichting") or ""


def rol(zaak: Zaak, values: Values) -> Rol:
    """zrc-019. Somebody is known by an address or by who they are."""
    kind = type_of_case(zaak, "roltype", values["roltype"], "roltypen")
    who = {name: value for name, value in (values.get("betrokkeneIdentificatie") or {}).items() if value}
    if not who and not values.get("betrokkene"):
        raise refused("nonFieldErrors", "invalid-betrokkene", "Zeg wie de betrokkene is, of waar die staat.")
    contact = values.get("contactpersoonRol") or {}
    return made(
        Rol,
        id=uuid7(),
        zaak=zaak,
        roltype=kind.pk,
        omschrijving=kind.omschrijving,
        omschrijving_generiek=kind.omschrijving_generiek,
        roltoelichting=values["roltoelichting"],
        betrokkene=values.get("betrokkene") or "",
        betrokkene_type=values["betrokkeneType"],
        afwijkende_naam_betrokkene=values.get("afwijkendeNaamBetrokkene") or "",
        registratiedatum=clock.now(),
        indicatie_machtiging=values.get("indicatieMachtiging") or "",
        identification=privacy.encrypt_json(ROL, who),
        contact=privacy.encrypt_json(ROL, contact),
        lookup=lookup_of(who),
    )


_NUMBERS = ("anpIdentificatie", "inpA_nummer", "vestigingsNummer", "identificatie")


def lookup_of(who: Mapping[str, Any]) -> str:
    """The keyed hash under which a role is found: by the number that identifies best; "" without any."""
    if who.get("inpBsn"):
        return applicant_hash(bsn=who["inpBsn"])
    if who.get("innNnpId") or who.get("annIdentificatie"):
        return applicant_hash(kvk=who.get("innNnpId") or who["annIdentificatie"])
    if who.get("kvkNummer") and not who.get("vestigingsNummer"):
        return applicant_hash(kvk=who["kvkNummer"])
    number = next((who[name] for name in _NUMBERS if who.get(name)), "")
    return privacy.keyed_hash(ROL, number) if number else ""


def applicant_of(row: Rol, values: Values) -> str:
    """The keyed hash by which the portal knows who applied, when this role says so; "" otherwise."""
    who = values.get("betrokkeneIdentificatie") or {}
    if row.omschrijving_generiek != "initiator" or row.betrokkene_type not in _APPLICANTS:
        return ""
    if who.get("inpBsn"):
        return row.lookup
    return applicant_hash(kvk=who["kvkNummer"]) if who.get("kvkNummer") else row.lookup if who.get("innNnpId") else ""


def applicant_data(values: Values) -> dict[str, str]:
    """Who applied, as our own doors keep it: to show at the desk and to write to."""
    who, contact = values.get("betrokkeneIdentificatie") or {}, values.get("contactpersoonRol") or {}
    business = values["betrokkeneType"] != "natuurlijk_persoon"
    trade = who.get("handelsnaam") or []
    person = (
        who.get("voornamen") or who.get("voorletters"),
        who.get("voorvoegselGeslachtsnaam"),
        who.get("geslachtsnaam"),
    )
    names = (
        values.get("afwijkendeNaamBetrokkene"),
        who.get("statutaireNaam") or (trade[0] if trade else "") if business else " ".join(filter(None, person)),
        contact.get("naam"),
    )
    return {
        "kind": "business" if business else "resident",
        "name": next(filter(None, names), ""),
        "bsn": "" if business else who.get("inpBsn", ""),
        "kvk": who.get("kvkNummer") or "",
        "email": contact.get("emailadres") or "",
        "phone": contact.get("telefoonnummer") or "",
        "language": "nl",
    }


_APPLICANTS = {"natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging"}


def zaakobject(zaak: Zaak, values: Values) -> ZaakObject:
    """What the case is about: an address, or what it is by itself."""
    what = values.get("objectIdentificatie")
    if not what and not values.get("object"):
        raise refused("nonFieldErrors", "invalid-zaakobject", "Zeg wat het object is, of waar het staat.")
    what_or_where = values.get("object") or ""
    row = made(ZaakObject, id=uuid7(), zaak=zaak, object=what_or_where, object_type=values["objectType"])
    put_zaakobject(row, values)
    return row


def put_zaakobject(row: ZaakObject, values: Values) -> None:
    """What may be changed of an object."""
    other, kind = values.get("objectTypeOverige") or "", values.get("zaakobjecttype")
    if (row.object_type == "overige") != bool(other):
        code = "invalid-object-type-overige-usage" if other else "missing-object-type-overige"
        words = "Dit hoort er te staan als het objectType `overige` is, en anders niet."
        raise refused("objectTypeOverige", code, words)
    if other and not re.fullmatch(r"[a-z_]+", other):
        raise refused("objectTypeOverige", "invalid", "Gebruik kleine letters en liggende streepjes.")
    row.object_type_overige = other
    row.object_type_overige_definitie = values.get("objectTypeOverigeDefinitie")
    row.zaakobjecttype = type_of_case(row.zaak, "zaakobjecttype", kind, "zaakobjecttypen").pk if kind else None
    row.relatieomschrijving = values.get("relatieomschrijving") or ""
    what = values.get("objectIdentificatie")
    row.object_identificatie = privacy.encrypt_json(OBJECT, what) if what else b""


def zaakinformatieobject(zaak: Zaak, values: Values) -> ZaakInformatieObject:
    """zrc-003, zrc-004, zrc-017. What is set by the town hall: how it relates, and since when."""
    document = resolving.document_at("informatieobject", values["informatieobject"])
    if zaak.archiefstatus != rules.NOT_ARCHIVED:
        raise refused("zaak", "zaak-gearchiveerd", "Deze zaak is gearchiveerd; er kan niets meer bij.")
    if not types.has_document_type(zaak.zaaktype, document.informatieobjecttype):
        code = "missing-zaaktype-informatieobjecttype-relation"
        raise refused("nonFieldErrors", code, "Dit soort document hoort niet bij het zaaktype.")
    if ZaakInformatieObject.objects.filter(zaak=zaak, informatieobject=document).exists():
        raise refused("nonFieldErrors", "unique", "Dit document hoort al bij deze zaak.")
    row = ZaakInformatieObject(id=uuid7(), zaak=zaak, informatieobject=document, registratiedatum=clock.now())
    row.shared = document.tonen_aan_initiator
    put_zaakinformatieobject(row, values)
    return row


def put_zaakinformatieobject(row: ZaakInformatieObject, values: Values) -> None:
    """What may be changed of the relation with a document."""
    row.titel, row.beschrijving = values.get("titel") or "", values.get("beschrijving") or ""
    row.vernietigingsdatum = values.get("vernietigingsdatum")
    named = values.get("status")
    row.status_id = resolving.status_at(row.zaak, "status", named) if named else None


def zaakeigenschap(zaak: Zaak, values: Values) -> ZaakEigenschap:
    """zrc-018."""
    kind = type_of_case(zaak, "eigenschap", values["eigenschap"], "eigenschappen")
    return made(ZaakEigenschap, id=uuid7(), zaak=zaak, eigenschap=kind.pk, naam=kind.naam, waarde=values["waarde"])


def put_zaakeigenschap(row: ZaakEigenschap, values: Values) -> None:
    """What may be changed of a property."""
    row.waarde = values["waarde"]


def warning_about(row: ZaakEigenschap) -> str:
    """What a value lacks by the specification of its property (1.7: a warning, not a refusal); "" when it is right."""
    kind = types.eigenschap(row.eigenschap)
    said: Mapping[str, Any] = kind.specificatie if kind is not None else {}
    form, value = said.get("formaat", ""), row.waarde
    allowed = said.get("waardenverzameling") or []
    if allowed and value not in allowed:
        return f"{row.naam}: deze waarde staat niet in de waardenverzameling"
    if form in {"datum", "datum_tijd"}:
        pattern = "%Y%m%d" if form == "datum" else "%Y%m%d%H%M%S"
        try:
            datetime.strptime(value, pattern)  # noqa: DTZ007 - only whether it is one
        except ValueError:
            return f"{row.naam}: dit is geen datum in de vorm {'JJJJMMDD' if form == 'datum' else 'JJJJMMDDuummss'}"
        return ""
    length = str(said.get("lengte") or "")
    if form == "getal":
        whole, _, part = length.partition(",")
        before, _, after = value.lstrip("-").partition(",")
        fits = bool(_DIGITS.fullmatch(before)) and len(before) <= int(whole or 0) and len(after) <= int(part or 0)
        return "" if fits and (not after or _DIGITS.fullmatch(after)) else f"{row.naam}: dit is geen getal van {length}"
    if form == "tekst" and length.isdigit() and len(value) > int(length):
        return f"{row.naam}: deze waarde is langer dan {length} tekens"
    return ""


MAKE: dict[str, Callable[[Zaak, Values], Any]] = {
    "rollen": rol,
    "zaakeigenschappen": zaakeigenschap,
    "zaakobjecten": zaakobject,
    "resultaten": resultaat,
}
"""What may come along with a new case."""


def klantcontact(zaak: Zaak, values: Values) -> KlantContact:
    """A contact; its number is made when none is given."""
    number = values.get("identificatie") or f"K{read_aloud_code(11)}"
    if KlantContact.objects.filter(identificatie=number).exists():
        raise refused("identificatie", "unique", "Er is al een klantcontact met dit nummer.")
    if values["datumtijd"] > clock.now():
        raise refused("datumtijd", "future_not_allowed", "Dit moment ligt in de toekomst.")
    said = {name: values.get(name) or "" for name in ("onderwerp", "toelichting")}
    return KlantContact(
        id=uuid7(),
        zaak=zaak,
        identificatie=number,
        datumtijd=values["datumtijd"],
        kanaal=values.get("kanaal") or "",
        sealed=privacy.encrypt_json(CONTACT, said),
    )


def contactmoment(zaak: Zaak, values: Values) -> ZaakContactMoment:
    """That a contact in another register is about this case. That register was withdrawn: it is not asked."""
    if ZaakContactMoment.objects.filter(zaak=zaak, contactmoment=values["contactmoment"]).exists():
        raise refused("nonFieldErrors", "unique", "Deze relatie is er al.")
    return ZaakContactMoment(id=uuid7(), zaak=zaak, contactmoment=values["contactmoment"])


def verzoek(zaak: Zaak, values: Values) -> ZaakVerzoek:
    """That a request in another register led to this case. That register was withdrawn: it is not asked."""
    if ZaakVerzoek.objects.filter(zaak=zaak, verzoek=values["verzoek"]).exists():
        raise refused("nonFieldErrors", "unique", "Deze relatie is er al.")
    return ZaakVerzoek(id=uuid7(), zaak=zaak, verzoek=values["verzoek"])


def notitie(zaak: Zaak, values: Values) -> ZaakNotitie:
    """A note."""
    moment = clock.now()
    row = ZaakNotitie(id=uuid7(), zaak=zaak, aanmaakdatum=moment, wijzigingsdatum=moment)
    put_notitie(row, values)
    return row


def put_notitie(row: ZaakNotitie, values: Values) -> None:
    """Everything of a note may be changed while it is a concept."""
    row.notitie_type = values.get("notitieType") or "intern"
    row.status = values.get("status") or "concept"
    row.wijzigingsdatum = clock.now()
    said = {name: values.get(name) or "" for name in ("onderwerp", "tekst", "aangemaaktDoor")}
    row.sealed = privacy.encrypt_json(NOTE, said)
