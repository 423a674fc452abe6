"""Writing what hangs on a document: terms of use (gebruiksrechten) and sendings (verzendingen).

Always holds: one durable transaction with its event, its line in the trail of the document and the notice; terms of use
and the document's `indicatieGebruiksrecht` cannot differ (drc-006); what a sending says of people rests encrypted.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn
from uuid import UUID

import msgspec

from raadhuis.cases.drc import access, noting, rendering, rules
from raadhuis.cases.drc.finding import READ, at_id, locked, relation, writable
from raadhuis.cases.drc.noting import Wrote
from raadhuis.cases.models import EnkelvoudigInformatieObject, Gebruiksrechten, Verzending
from raadhuis.clients.schema import Asker
from raadhuis.kernel import privacy
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import column_of, fault

ADD, CHANGE, REMOVE = "documenten.aanmaken", "documenten.bijwerken", "documenten.verwijderen"


class Hanging(msgspec.Struct, frozen=True):
    """A resource that hangs on a document: its table, how it is shown, what it is by default, how it is written."""

    model: Any
    render: Callable[[Sequence[Any]], list[bytes]]
    defaults: Mapping[str, Any]
    write: Callable[[Any, Mapping[str, Any]], None]


def _write_terms(row: Gebruiksrechten, values: Mapping[str, Any]) -> None:
    for name in ("startdatum", "einddatum", "omschrijvingVoorwaarden"):
        if name in values:
            setattr(row, column_of(name), values[name])


def _write_sending(row: Verzending, values: Mapping[str, Any]) -> None:
    sealed = privacy.decrypt_json(rendering.SENDING, row.sealed) if row.sealed else {}
    for name, value in values.items():
        if name in rendering.SEALED:
            sealed[name] = value
        elif name != "informatieobject":
            setattr(row, column_of(name), value)
    row.sealed = privacy.encrypt_json(rendering.SENDING, sealed)


HANGING = {
    "gebruiksrechten": Hanging(Gebruiksrechten, rendering.gebruiksrechten, {"einddatum": None}, _write_terms),
    "verzendingen": Hanging(
        Verzending,
        rendering.verzendingen,
        {"toelichting": "", "ontvangstdatum": None, "verzenddatum": None, **rendering.SEALED},
        _write_sending,
    ),
}


def create(name: str, sent: Mapping[str, Any], by: Asker) -> bytes:
    """Makes a row of a resource; its document. Raises Refused, NotAllowed."""
    resource = HANGING[name]
    id = rules.own_id(sent["informatieobject"])
    try:
        writable(id, by.client, ADD)
    except Absent:
        raise fault("informatieobject", "bad-url", "Dit document bestaat niet.") from None
    with durable():
        document = locked(id)
        row = resource.model(id=uuid7(), informatieobject=document)
        resource.write(row, {**resource.defaults, **sent})
        row.save(force_insert=True)
        if name == "gebruiksrechten":
            _indicate(document, True)
        body = resource.render([row])[0]
        noting.hanging(document, name, row.pk, Wrote("create", None, body), by)
    return body


def change(
    name: str,
    id: UUID,
    sent: Mapping[str, Any],
    by: Asker,
    *,
    partial: bool,
    still: Callable[[bytes], None] | None = None,
) -> bytes:
    """Writes a row anew (PUT), or what was sent of it (PATCH); its document. Raises Absent, Refused, NotAllowed.

    `still` is given the document as it is and raises when the client did not mean that one.
    """
    resource = HANGING[name]
    row = _row(resource, id, by, CHANGE)
    if "informatieobject" in sent and rules.own_id(sent["informatieobject"]) != row.informatieobject_id:
        raise fault("informatieobject", "wijzigen-niet-toegelaten", "Dit hoort bij een ander document; maak het nieuw.")
    with durable():
        document, row = locked(row.informatieobject_id), _fresh(resource, id)
        before = resource.render([row])[0]
        if still is not None:
            still(before)
        resource.write(row, sent if partial else {**resource.defaults, **sent})
        row.save()
        body = resource.render([row])[0]
        noting.hanging(document, name, id, Wrote("partial_update" if partial else "update", before, body), by)
    return body


def remove(name: str, id: UUID, by: Asker) -> None:
    """Takes a row away. Raises Absent, NotAllowed."""
    resource = HANGING[name]
    row = _row(resource, id, by, REMOVE)
    with durable():
        document, row = locked(row.informatieobject_id), _fresh(resource, id)
        before = resource.render([row])[0]
        row.delete()
        if name == "gebruiksrechten" and not Gebruiksrechten.objects.filter(informatieobject=document).exists():
            _indicate(document, None)
        noting.hanging(document, name, id, Wrote("destroy", before, None), by)


def _indicate(document: EnkelvoudigInformatieObject, there_are: bool | None) -> None:
    document.indicatie_gebruiksrecht = there_are
    document.save(update_fields=["indicatie_gebruiksrecht"])


def _row(resource: Hanging, id: UUID, by: Asker, scope: str) -> Any:
    row = resource.model._default_manager.filter(pk=id).first()
    if row is None:
        raise Absent
    writable(row.informatieobject_id, by.client, scope)
    return row


def _fresh(resource: Hanging, id: UUID) -> Any:
    """The row as it is now that its document is locked. Raises Absent."""
    row = resource.model._default_manager.filter(pk=id).first()
    if row is None:
        raise Absent
    return row


def refuse_new_relation(sent: Mapping[str, Any], by: Asker) -> NoReturn:
    """Refuses an ObjectInformatieObject: where the relation is, it is here already, and else it may not be made.

    drc-002: the object is there; drc-003: a pair once; drc-004: only when case or decision keep the relation. The two
    are one table in this house, so that nothing is left to make. Raises Refused always, NotAllowed.
    """
    id = rules.own_id(sent["informatieobject"])
    document = at_id(id)
    if document is None or not access.allowed(by.client, ADD, READ).permits(document):
        raise fault("informatieobject", "bad-url", "Dit document bestaat niet.")
    writable(id, by.client, ADD)
    if rules.relation_exists(id, sent["object"], sent["objectType"], by.client):
        raise fault("nonFieldErrors", "unique", "Deze relatie is er al.")
    words = "Leg de relatie tussen document en object vast bij de zaak of het besluit; hier staat zij dan vanzelf."
    raise fault("nonFieldErrors", "inconsistent-relation", words)


def refuse_to_drop_relation(id: UUID, by: Asker) -> NoReturn:
    """Refuses to take an ObjectInformatieObject away: as long as it is here, case or decision keep it (drc-004).

    Raises Absent, Refused always, NotAllowed.
    """
    row = relation(id)
    if row is None:
        raise Absent
    writable(row.informatieobject_id, by.client, REMOVE)
    words = "Deze relatie bestaat nog bij de zaak of het besluit; verwijder haar daar."
    raise fault("nonFieldErrors", "inconsistent-relation", words)
