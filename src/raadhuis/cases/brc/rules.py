"""The standard's rules on writing decisions (brc-001 to brc-008).

In: what is written, and the row as it was. Out: rows for addresses, or Refused with the codes that clients know.
Source: API-standaard Besluiten 1.1, "Run-time gedrag"; where it gives no code, that of the registers in use.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from raadhuis.cases.brc.rendering import DECISIONS
from raadhuis.cases.drc import access as documents
from raadhuis.cases.models import Besluit, BesluitInformatieObject, EnkelvoudigInformatieObject, Zaak
from raadhuis.cases.zrc import access as cases
from raadhuis.cases.zrc.resolving import document_at, own_id, type_at, zaak_id_at
from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.rules import is_rsin
from raadhuis.clients.schema import Client
from raadhuis.kernel import clock
from raadhuis.kernel.shapes import Fault, Refused, fault

Values = Mapping[str, Any]
FIXED = {
    "identificatie": "Het nummer van een besluit blijft zoals het is.",
    "verantwoordelijkeOrganisatie": "De organisatie van een besluit blijft zoals zij is.",
    "besluittype": "Het type van een besluit blijft zoals het is.",
    "zaak": "De zaak van een besluit blijft zoals zij is.",
}


def besluittype_at(text: str) -> Any:
    """brc-001: the besluittype at an address is there, is one, and is published."""
    found = type_at("besluittype", text, "besluittypen")
    if found.concept:
        raise fault("besluittype", "not-published", "Dit besluittype is nog een concept.")
    return found


def zaak_at(text: str, client: Client) -> Zaak | None:
    """The case at an address, locked so that it cannot go meanwhile; None for no address.

    Raises Refused, also for a case that the client may not know of.
    """
    if not text:
        return None
    known = Zaak.objects.select_for_update().filter(cases.readable(client, *cases.NAMES))
    found = known.filter(pk=zaak_id_at("zaak", text)).first()
    if found is None:
        raise fault("zaak", "does_not_exist", "Deze zaak bestaat niet.")
    return found


def require_sound(values: Values) -> None:
    """What a decision says of itself."""
    faults = []
    if not is_rsin(values["verantwoordelijkeOrganisatie"]):
        words = "Dit is geen geldig RSIN: het heeft negen cijfers en doorstaat de elfproef."
        faults.append(Fault("verantwoordelijkeOrganisatie", "invalid", words))
    if values["datum"] > clock.today():
        faults.append(Fault("datum", "future_not_allowed", "Deze datum ligt in de toekomst."))
    if faults:
        raise Refused(*faults)


def require_unique(organisatie: str, identificatie: str) -> None:
    """brc-002, for a new decision."""
    same = Besluit.objects.filter(verantwoordelijke_organisatie=organisatie, identificatie=identificatie)
    if same.exists():
        words = "Er is al een besluit met deze identificatie bij deze organisatie."
        raise fault("identificatie", "identificatie-niet-uniek", words)


def require_unchanged(sent: Values, held: Values) -> None:
    """brc-001, brc-002 and brc-006 on a change: type, number, organisation and case stay as they are."""
    faults = [
        Fault(name, "wijzigen-niet-toegelaten", words)
        for name, words in FIXED.items()
        if name in sent and sent[name] != held[name] and not (name == "identificatie" and not sent[name])
    ]
    if faults:
        raise Refused(*faults)


def require_type_of_zaak(besluittype: Any, zaak: Zaak | None) -> None:
    """brc-007: cases of this type lead to decisions of that type, in any of its versions."""
    if zaak is not None and not types.has_decision_type(zaak.zaaktype, besluittype.pk):
        words = "Dit besluittype hoort niet bij het zaaktype van de zaak."
        raise fault("nonFieldErrors", "zaaktype-mismatch", words)


def besluit_id_at(text: str) -> UUID:
    """The id of a decision at an address of ours. Raises Refused."""
    found = own_id(text, f"{DECISIONS}besluiten/")
    if found is None:
        raise fault("besluit", "no_match", "Dit is geen besluit van ons.")
    return found


def document_for(besluit: Besluit, text: str, client: Client) -> EnkelvoudigInformatieObject:
    """The document at an address, for a decision: it is there (brc-003), new to it, and of a fitting type (brc-008)."""
    found = document_at("informatieobject", text, documents.readable(client, *documents.NAMES))
    if BesluitInformatieObject.objects.filter(besluit=besluit, informatieobject=found).exists():
        raise fault("nonFieldErrors", "unique", "Dit document hoort al bij dit besluit.")
    if not types.has_document_type_of_decision(besluit.besluittype, found.informatieobjecttype):
        words = "Documenten van dit type horen niet bij het besluittype van dit besluit."
        raise fault("nonFieldErrors", "missing-besluittype-informatieobjecttype-relation", words)
    return found
