"""From addresses to rows: what a body points at.

In: an address, ours (with the mark) or somebody else's. Out: a row, or a Fault with the code that clients know. Always
holds: an address elsewhere is asked only where a setting allows it, before the transaction begins.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q

from raadhuis.cases.models import EnkelvoudigInformatieObject, Rol, Status, Zaak
from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.resources import RESOURCES
from raadhuis.catalogue.ztc.writing import id_at
from raadhuis.kernel.db import current_unit, in_durable
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.kernel.statements import Given, Statement

TYPES_HELD = "zrc.types"
"""Under which note of a transaction the types are kept that were read in it."""
ZAKEN, DOCUMENTS = "zaken/api/v1/", "documenten/api/v1/"


def _type(name: str) -> Statement[Any]:
    return Statement(lambda: RESOURCES[name].rows.defer("body").filter(pk=Given("id")))


_TYPES = {name: _type(name) for name in RESOURCES}


def _held(key: object, ask: Callable[[], Any]) -> Any:
    """What is asked of the types; within one transaction it is asked once."""
    if not in_durable():
        return ask()
    held = current_unit().notes.setdefault(TYPES_HELD, {})
    if not isinstance(held, dict):
        raise TypeError(TYPES_HELD)
    if key not in held:
        held[key] = ask()
    return held[key]


def _type_of(resource: str, id: UUID) -> Any:
    """The row of a type."""
    row = _held(id, lambda: _TYPES[resource].first(id=id))
    return row if row is not None and isinstance(row, RESOURCES[resource].model) else None


def last_statustype(zaaktype: UUID) -> UUID | None:
    """The status with which a case of this type ends."""
    found: UUID | None = _held(("last", zaaktype), lambda: types.last_statustype(zaaktype))
    return found


def resultaattype(id: UUID) -> Any:
    """The row of a type of result; None when it is not there."""
    return _held(id, lambda: types.resultaattype(id))


def own_id(text: str, below: str) -> UUID | None:
    """The id in an address of ours below that path ("zaken/api/v1/zaken/"); None when it is none."""
    head, _, last = text.rstrip("/").rpartition("/")
    if f"{head}/" != f"{MARK}{below}":
        return None
    try:
        return UUID(last)
    except ValueError:
        return None


def missing(name: str, text: str) -> Fault:
    """The fault of an address that leads nowhere."""
    if text.startswith(MARK):
        return Fault(name, "does_not_exist", "Wat hier staat, bestaat niet.")
    return Fault(name, "bad-url", "Dit adres geeft geen antwoord, of is niet toegestaan.")


def type_at(name: str, text: str, resource: str) -> Any:
    """The row of a type. Raises Refused: bad-url for what is not there, invalid-resource for another resource."""
    id = id_at(text, resource)
    row = _type_of(resource, id) if id is not None else None
    if row is not None:
        return row
    elsewhere = not text.startswith(f"{MARK}catalogi/") or id is not None
    if elsewhere:
        raise Refused(Fault(name, "bad-url", "Op dit adres is niets te vinden."))
    raise Refused(Fault(name, "invalid-resource", "Op dit adres staat iets anders."))


def zaak_id_at(name: str, text: str) -> UUID:
    """The id of a case at an address of ours. Raises Refused."""
    id = own_id(text, f"{ZAKEN}zaken/")
    if id is None:
        raise Refused(Fault(name, "no_match" if text.startswith(MARK) else "bad-url", "Dit is geen zaak van ons."))
    return id


def document_at(name: str, text: str, known: Q = Q()) -> EnkelvoudigInformatieObject:  # noqa: B008 - never changed
    """The document at an address of ours, among those that the client may know of. Raises Refused (zrc-003)."""
    id = own_id(text, f"{DOCUMENTS}enkelvoudiginformatieobjecten/")
    row = EnkelvoudigInformatieObject.objects.filter(known, pk=id).first() if id is not None else None
    if row is None:
        raise Refused(Fault(name, "bad-url", "Op dit adres is geen document te vinden."))
    return row


def rol_at(zaak: Zaak, name: str, text: str) -> UUID:
    """The id of a role in this case. Raises Refused."""
    id = own_id(text, f"{ZAKEN}rollen/")
    if id is None or not Rol.objects.filter(pk=id, zaak=zaak).exists():
        raise Refused(Fault(name, "does_not_exist", "Dit is geen rol bij deze zaak."))
    return id


def status_at(zaak: Zaak, name: str, text: str) -> UUID:
    """The id of a status of this case. Raises Refused."""
    id = own_id(text, f"{ZAKEN}statussen/")
    if id is None or not Status.objects.filter(pk=id, zaak=zaak).exists():
        raise Refused(Fault(name, "does_not_exist", "Dit is geen status van deze zaak."))
    return id
