"""Every write on the catalogue by another application.

Always holds: one durable transaction with its event; the documents of all that mentions the row are made anew in it;
rules are checked on what the row will be, not on what was sent.
"""

from collections.abc import Mapping, Set
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError, Q

from raadhuis.catalogue.ztc import history, queries, rules
from raadhuis.catalogue.ztc.announcing import announce
from raadhuis.catalogue.ztc.rendering import refresh, store
from raadhuis.catalogue.ztc.resources import RESOURCES, Resource
from raadhuis.catalogue.ztc.writing import completed, held, resolved, write
from raadhuis.clients.actions import types_changed
from raadhuis.journal.actions import append
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import fault

MOST_RENEWED = 100
"""Documents that are made anew in one transaction, so that nobody waits long for it."""


def create(name: str, sent: Mapping[str, Any], actor: Actor, scopes: Set[str]) -> bytes:
    """Makes a row of a resource; its document. Raises Refused."""
    resource = RESOURCES[name]
    with durable():
        values = resolved(resource, sent, None)
        rules.require_writable(resource, None, values, forced=rules.FORCED in scopes, partial=False)
        values = completed(resource, values)
        rules.require_sound(resource, values, None)
        row = resource.model(id=uuid7())
        _write(resource, row, values)
        _tell(resource, row, "type.added", "create", actor)
    return queries.document(name, row.pk)


def change(name: str, id: UUID, sent: Mapping[str, Any], actor: Actor, scopes: Set[str], *, partial: bool) -> bytes:
    """Writes a row anew (PUT), or what was sent of it (PATCH); its document. Raises Absent, Refused."""
    resource = RESOURCES[name]
    with durable():
        row = _locked(resource, id)
        values = resolved(resource, sent, row)
        rules.require_writable(resource, row, values, forced=rules.FORCED in scopes, partial=partial)
        values = {**held(resource, row), **values} if partial else completed(resource, values)
        rules.require_sound(resource, values, row)
        refresh(row)  # Also what it no longer belongs to afterwards.
        _write(resource, row, values)
        _tell(resource, row, "type.changed", "partial_update" if partial else "update", actor)
    return queries.document(name, id)


def remove(name: str, id: UUID, actor: Actor, scopes: Set[str]) -> None:
    """Takes a row away, with what hangs on it. Raises Absent, Refused."""
    resource = RESOURCES[name]
    with durable():
        row = _locked(resource, id)
        rules.require_removable(resource, row, forced=rules.FORCED_DELETE in scopes)
        refresh(row)
        try:
            resource.rows.filter(pk=id).delete()  # And not the row itself: its id is still told.
        except ProtectedError:
            raise fault("nonFieldErrors", "pending-relations", "Er hangt nog iets aan; verwijder dat eerst.") from None
        _tell(resource, row, "type.removed", "destroy", actor)


def publish(name: str, id: UUID, actor: Actor) -> bytes:
    """Makes a concept definitive; its document. Raises Absent, Refused (ztc-012, ztc-016)."""
    resource = RESOURCES[name]
    with durable():
        row = _locked(resource, id)
        rules.require_publishable(row)
        row.concept = False
        row.save(update_fields=["concept"])
        refresh(row)
        _tell(resource, row, "type.published", "partial_update", actor)
    return queries.document(name, id)


def renew() -> bool:
    """Makes documents anew that show other versions since a day began, or that were never made; whether some were left.

    Until then they are put together each time that they are read: nobody sees yesterday's.
    """
    for name in sorted(history.DATED):
        resource = RESOURCES[name]
        old = Q(holds_from=None) | Q(holds_until__lte=clock.today())
        ids = list(resource.rows.filter(old).values_list("pk", flat=True)[:MOST_RENEWED])
        if ids:
            with durable():
                store(resource, ids)
            return True
    return False


def _locked(resource: Resource, id: UUID) -> Any:
    row = resource.rows.select_for_update().filter(pk=id).first()
    if row is None:
        raise Absent
    return row


def _write(resource: Resource, row: Any, values: dict[str, Any]) -> None:
    if resource.name == "zaaktypen" and not row.versiedatum:
        values = {**values, "versiedatum": values.get("versiedatum") or values["beginGeldigheid"] or clock.today()}
    if resource.name == "zaakobjecttypen" and values["beginGeldigheid"] is None:
        values = {**values, "beginGeldigheid": values["zaaktype"].begin_geldigheid}
    if resource.name == "resultaattypen":
        for name, value in rules.from_the_list(values).items():
            if name == "omschrijvingGeneriek":
                row.omschrijving_generiek = value
            else:
                values = {**values, name: value}
    write(resource, row, values)
    refresh(row)
    if resource.published:
        types_changed()


def _tell(resource: Resource, row: Any, kind: str, action: str, actor: Actor) -> None:
    append(kind, actor, subjects={"type": row.pk}, data={"resource": resource.name})
    announce(resource.name, row, action)
