"""The standard's rules on writing documents (drc-001 to drc-010).

In: what is written, and the row as it was. Out: nothing, or Refused with the codes that clients know. Source:
API-standaard Documenten, "Run-time gedrag"; where the standard gives no code, that of the registers in use.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from raadhuis.cases.brc import access as decisions
from raadhuis.cases.drc.filters import PLACES
from raadhuis.cases.drc.finding import id_at, id_below
from raadhuis.cases.models import (
    Besluit,
    BesluitInformatieObject,
    EnkelvoudigInformatieObject,
    Gebruiksrechten,
    Zaak,
    ZaakInformatieObject,
)
from raadhuis.cases.zrc import access as cases
from raadhuis.catalogue.ztc.queries import KindOfDocument, kind_of_document
from raadhuis.clients.schema import Client
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.shapes import Fault, Refused, fault

_OURS = re.compile(rf"{MARK}catalogi/api/v1/(?!informatieobjecttypen/)")
# By objectType: where such an object is kept, and which table keeps its documents.
_OBJECTS: dict[str, tuple[Any, Any]] = {
    "zaak": (Zaak, ZaakInformatieObject),
    "besluit": (Besluit, BesluitInformatieObject),
}
_NOT_RECEIVED = {"in_bewerking", "ter_vaststelling"}


def kind_at(address: str) -> KindOfDocument:
    """drc-001: the informatieobjecttype at an address is there, is one, and is published."""
    name = "informatieobjecttype"
    found = kind_of_document(address)
    if found is None:
        if _OURS.match(address):
            raise fault(name, "invalid-resource", "Dit is geen informatieobjecttype.")
        raise fault(name, "bad-url", "Dit informatieobjecttype bestaat niet in deze catalogi.")
    if found.concept:
        raise fault(name, "not-published", "Dit informatieobjecttype is nog niet gepubliceerd.")
    return found


def require_sound(columns: Mapping[str, Any], row: EnkelvoudigInformatieObject | None) -> None:
    """drc-005 and drc-006: on what the document will be."""

    def will_be(name: str) -> Any:
        return columns[name] if name in columns else getattr(row, name, None)

    faults = []
    if will_be("ontvangstdatum") and will_be("status") in _NOT_RECEIVED:
        words = "Een document dat is ontvangen, is niet meer in bewerking of ter vaststelling."
        faults.append(Fault("status", "invalid_for_received", words))
    if "indicatie_gebruiksrecht" in columns:
        has = row is not None and Gebruiksrechten.objects.filter(informatieobject=row).exists()
        if columns["indicatie_gebruiksrecht"] and not has:
            words = "Maak gebruiksrechten aan; dan wordt dit vanzelf `true`."
            faults.append(Fault("indicatieGebruiksrecht", "missing-gebruiksrechten", words))
        elif has and not columns["indicatie_gebruiksrecht"]:
            words = "Er zijn gebruiksrechten; verwijder die eerst."
            faults.append(Fault("indicatieGebruiksrecht", "existing-gebruiksrechten", words))
    if faults:
        raise Refused(*faults)


def require_lock(row: EnkelvoudigInformatieObject, lock: object) -> None:
    """drc-009: who changes a document took it out, and says so with the word it got."""
    if not row.locked:
        raise fault("nonFieldErrors", "unlocked", "Dit document is niet vergrendeld; vergrendel het eerst.")
    if not isinstance(lock, str) or not lock:
        raise fault("nonFieldErrors", "missing-lock-id", "Het lock-id ontbreekt.")
    if not hmac.compare_digest(lock.encode("utf-8", "replace"), row.locked.encode()):
        raise fault("nonFieldErrors", "incorrect-lock-id", "Dit is niet het lock-id van dit document.")


def own_id(address: str) -> UUID:
    """The id in an address of a document of ours. Raises Refused."""
    found = id_at(address)
    if found is None:
        raise fault("informatieobject", "bad-url", "Dit is geen adres van een document van deze API.")
    return found


def relation_exists(document: UUID, object: str, type: str, client: Client) -> bool:
    """Whether a case or decision keeps this relation.

    Raises Refused for an object that is not there (drc-002), or that the client may not know of.
    """
    model, keeper = _OBJECTS.get(type, (None, None))
    id = id_below(object, PLACES[type]) if type in PLACES else None
    if id is not None and keeper._default_manager.filter(informatieobject=document, **{type: id}).exists():
        return True
    mine = cases.readable(client, *cases.NAMES) if type == "zaak" else decisions.readable(client, *decisions.NAMES)
    if id is None or not model._default_manager.filter(mine, pk=id).exists():
        raise fault("object", "bad-url", "Dit object bestaat niet.")
    return False


def require_removable(row: EnkelvoudigInformatieObject) -> None:
    """drc-008, and since 1.3: a document that somebody took out stays."""
    for model in (ZaakInformatieObject, BesluitInformatieObject):
        if model._default_manager.filter(informatieobject=row).exists():
            words = "Dit document hoort nog bij een zaak of besluit; haal het daar eerst weg."
            raise fault("nonFieldErrors", "pending-relations", words)
    if row.locked:
        raise fault("nonFieldErrors", "locked", "Dit document is vergrendeld en kan nu niet worden verwijderd.")
