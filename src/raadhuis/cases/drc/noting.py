"""What is told of each change: a line in the trail of the document, a notice, an event in the journal.

In: the rows after a change, and the document as it was. Out: rows in the running transaction.
"""

from uuid import UUID

import msgspec

from raadhuis.cases.announcing import features_of_document
from raadhuis.cases.drc import rendering
from raadhuis.cases.drc.rendering import EIO, at
from raadhuis.cases.models import BestandsDeel, EnkelvoudigInformatieObject
from raadhuis.cases.trail import Action, Change, note
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import append

_KINDS = {
    "create": "document.added",
    "update": "document.changed",
    "partial_update": "document.changed",
    "destroy": "document.removed",
}


class Wrote(msgspec.Struct, frozen=True):
    """What was done to a resource: its document before, and after."""

    action: Action
    before: bytes | None = None
    after: bytes | None = None


def document(
    row: EnkelvoudigInformatieObject,
    action: Action,
    before: bytes | None,
    by: Asker,
    *,
    kind: str = "",
    quiet: bool = False,
) -> None:
    """A change of a document itself. `kind` of event, where it is not simply what the action says."""
    after = None if action == "destroy" else rendering.documents([row])[0]
    whole = _change(row, Wrote(action, before, after), "enkelvoudiginformatieobject", at(EIO, row.pk))
    note(msgspec.structs.replace(whole, quiet=quiet), by)
    found = kind or _KINDS[action]
    data = {"type": row.type_key or str(row.informatieobjecttype), "direction": row.direction}
    append(found, by.actor(), subjects={"document": row.pk}, data=data if found == "document.added" else {})


def part(row: EnkelvoudigInformatieObject, one: BestandsDeel, before: bytes, by: Asker) -> None:
    """A part of a file came in. Nobody is told before the file is whole."""
    wrote = Wrote("update", before, rendering.part(one, ""))
    change = _change(row, wrote, "bestandsdeel", at("bestandsdelen", one.pk), f"({one.volgnummer})")
    note(msgspec.structs.replace(change, quiet=True), by)
    append("document.part_kept", by.actor(), subjects={"document": row.pk})


def hanging(row: EnkelvoudigInformatieObject, collection: str, id: UUID, wrote: Wrote, by: Asker) -> None:
    """A change of what hangs on a document: terms of use, a sending."""
    resource = {"verzendingen": "verzending"}.get(collection, collection)
    note(_change(row, wrote, resource, at(collection, id), f"({resource})"), by)
    append("document.detail_changed", by.actor(), subjects={"document": row.pk}, data={"resource": resource})


def _change(row: EnkelvoudigInformatieObject, wrote: Wrote, resource: str, where: str, which: str = "") -> Change:
    return Change(
        source="drc",
        main=at(EIO, row.pk),
        main_id=row.pk,
        resource=resource,
        address=where,
        shown=f"{row.titel[:180]} {which}".strip(),
        action=wrote.action,
        old=wrote.before,
        new=wrote.after,
        features=features_of_document(row),
    )
