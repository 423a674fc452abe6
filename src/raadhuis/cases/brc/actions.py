"""Every write on decisions by another application.

Always holds: one durable transaction with its event, its line in the trail and its notice; type, number, organisation
and case of a decision stay as they are; removing takes all that hangs on it along (brc-009). The relation with a case
and with documents is one row, which the other APIs show from their side (brc-005, brc-006). A decision may be written
on a closed case: the standard does not forbid it, and the case's archive date is derived when it closes (zrc-021), so
it stays as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from raadhuis.cases.announcing import features_of_besluit
from raadhuis.cases.brc import access, rendering, rules
from raadhuis.cases.brc.rendering import at
from raadhuis.cases.brc.shapes import DEFAULTS
from raadhuis.cases.models import Besluit, BesluitInformatieObject
from raadhuis.cases.trail import Action, Change, note
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import append
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import read
from raadhuis.kernel.ids import read_aloud_code, uuid7
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.kernel.shapes import column_of, fault

READ, ADD, CHANGE, REMOVE = "besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken", "besluiten.verwijderen"
_KINDS = {
    "create": "besluit.added",
    "update": "besluit.changed",
    "partial_update": "besluit.changed",
    "destroy": "besluit.removed",
}
_APART = {"besluittype", "zaak"}


class NotPermitted(NotAllowed):
    """The application lacks the right for this type of decision."""

    code = "permission_denied"
    title = "Je hebt geen toestemming om deze actie uit te voeren."


def create_besluit(sent: Mapping[str, Any], by: Asker) -> bytes:
    """Makes a decision; its document. Raises Refused (brc-001, 002, 006, 007), NotPermitted."""
    try:
        with durable():
            return _create(sent, by)
    except IntegrityError:  # Two clients gave the same number at once; the other one was first.
        rules.require_unique(sent["verantwoordelijkeOrganisatie"], sent.get("identificatie", ""))
        raise


def _create(sent: Mapping[str, Any], by: Asker) -> bytes:
    values = {**DEFAULTS, **sent}
    besluittype = rules.besluittype_at(values["besluittype"])
    if not access.allowed(by.client, ADD).covers(besluittype.pk):
        raise NotPermitted
    zaak = rules.zaak_at(values["zaak"], by.client)
    rules.require_sound(values)
    rules.require_type_of_zaak(besluittype, zaak)
    if values["identificatie"]:
        rules.require_unique(values["verantwoordelijkeOrganisatie"], values["identificatie"])
    values["identificatie"] = values["identificatie"] or f"B{clock.today().year}-{read_aloud_code(9)}"
    row = Besluit(id=uuid7(), besluittype=besluittype.pk, zaak=zaak)
    put(row, values)
    row.save(force_insert=True)
    return _noted(row, "create", None, by)


def change_besluit(
    id: UUID, sent: Mapping[str, Any], by: Asker, *, partial: bool, still: Callable[[bytes], None]
) -> bytes:
    """Writes a decision anew (PUT), or what was sent of it (PATCH); its document. Raises Absent, Refused, NotPermitted.

    `still` is given the document as it is and raises when the client did not mean that one.
    """
    with durable():
        row = _locked(id, by, CHANGE)
        before = rendering.besluiten([row])[0]
        still(before)
        held = read(before)
        rules.require_unchanged(sent, held)
        kept = {name: held[name] for name in rules.FIXED}
        now = {name: getattr(row, column_of(name)) for name in (*DEFAULTS, "datum", "ingangsdatum") if name != "zaak"}
        values = {**(now if partial else DEFAULTS), **sent, **kept}
        rules.require_sound(values)
        put(row, values)
        row.save()
        return _noted(row, "partial_update" if partial else "update", before, by)


def put(row: Besluit, values: Mapping[str, Any]) -> None:
    """Writes what a decision says of itself on its row; type and case are there already."""
    for name in (*DEFAULTS, "verantwoordelijkeOrganisatie", "datum", "ingangsdatum"):
        if name not in _APART:
            setattr(row, column_of(name), values[name])


def remove_besluit(id: UUID, by: Asker) -> None:
    """Takes a decision away, with its relations and its trail (brc-009). Raises Absent, NotPermitted."""
    with durable():
        row = _locked(id, by, REMOVE)
        where, shown = at("besluiten", row.pk), row.identificatie
        note(_about(row, resource="besluit", address=where, shown=shown, action="destroy"), by)
        _append("besluit.removed", row, by)
        row.delete()


def add_document(sent: Mapping[str, Any], by: Asker) -> bytes:
    """Relates a document to a decision; the relation. Raises Refused (brc-003, brc-008), NotPermitted."""
    try:
        with durable():
            try:
                besluit = _locked(rules.besluit_id_at(sent["besluit"]), by, ADD)
            except Absent:
                raise fault("besluit", "does_not_exist", "Dit besluit bestaat niet.") from None
            document = rules.document_for(besluit, sent["informatieobject"], by.client)
            row = BesluitInformatieObject(id=uuid7(), besluit=besluit, informatieobject=document)
            row.save(force_insert=True)
            return _noted_relation(row, besluit, "create", by)
    except IntegrityError:  # The document went away, between looking it up and now.
        raise fault("informatieobject", "bad-url", "Op dit adres is geen document te vinden.") from None


def remove_document(id: UUID, by: Asker) -> None:
    """Takes a relation with a document away. Raises Absent, NotPermitted."""
    with durable():
        row = BesluitInformatieObject.objects.filter(pk=id).first()
        if row is None:
            raise Absent
        besluit = _locked(row.besluit_id, by, REMOVE)
        _noted_relation(row, besluit, "destroy", by)
        row.delete()


def _locked(id: UUID, by: Asker, scope: str) -> Besluit:
    """The decision, locked. Raises Absent for what the client may not see; NotPermitted for what it may not do."""
    row = Besluit.objects.select_for_update().filter(pk=id).first()
    if row is None or not access.allowed(by.client, READ, scope).covers(row.besluittype):
        raise Absent
    if not access.allowed(by.client, scope).covers(row.besluittype):
        raise NotPermitted
    return row


def _noted(row: Besluit, action: Action, before: bytes | None, by: Asker) -> bytes:
    body = rendering.besluiten([row])[0]
    where, shown = at("besluiten", row.pk), row.identificatie
    note(_about(row, resource="besluit", address=where, shown=shown, action=action, old=before, new=body), by)
    _append(_KINDS[action], row, by)
    return body


def _noted_relation(row: BesluitInformatieObject, besluit: Besluit, action: Action, by: Asker) -> bytes:
    body = rendering.besluitinformatieobjecten([row])[0]
    change = _about(
        besluit,
        resource="besluitinformatieobject",
        address=at("besluitinformatieobjecten", row.pk),
        shown=f"{besluit.identificatie} - {row.informatieobject.identificatie}",
        action=action,
        old=None if action == "create" else body,
        new=body if action == "create" else None,
    )
    note(change, by)
    _append("besluit.document_changed", besluit, by)
    return body


def _about(row: Besluit, **change: Any) -> Change:
    """A change of a decision, or of what hangs on it."""
    main, features = at("besluiten", row.pk), features_of_besluit(row)
    return Change(source="brc", main=main, main_id=row.pk, features=features, **change)


def _append(kind: str, row: Besluit, by: Asker) -> None:
    subjects = {"besluit": row.pk, **({"zaak": row.zaak_id} if row.zaak_id else {})}
    append(kind, by.actor(), subjects=subjects)
