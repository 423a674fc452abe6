"""The audit trail of what other applications write, and telling those who listen: one call for each change.

In: a change. Out: a line of the trail and a notice, in the running transaction. Always holds: old and new values may be
personal data, so they rest encrypted, with the case, decision or document that they are about, and go away with it; the
journal tells the same facts without them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from raadhuis.cases.models import AuditRegel
from raadhuis.clients.schema import Asker
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.db import current_unit
from raadhuis.kernel.documents import read, written
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.statements import insert
from raadhuis.notices.actions import tell
from raadhuis.notices.schema import Notice

TRAIL = "audittrail"
Action = Literal["create", "update", "partial_update", "destroy"]
SHOWN = {
    "create": "Object aangemaakt",
    "update": "Object bijgewerkt",
    "partial_update": "Object deels bijgewerkt",
    "destroy": "Object verwijderd",
}
CHANNELS = {"zrc": "zaken", "drc": "documenten", "brc": "besluiten"}
MOST_LINES = 1000


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change to a resource. Addresses lack their server; `old` and `new` are documents as they are served."""

    source: Literal["zrc", "drc", "brc"]
    main: str
    """The address of the case, decision or document that the resource belongs to (or is)."""
    resource: str
    """As the standard names it: zaak, status, zaakinformatieobject."""
    address: str
    shown: str
    """What people call it."""
    action: Action
    old: bytes | None = None
    new: bytes | None = None
    features: dict[str, str] = {}
    """The kenmerken of the channel."""
    quiet: bool = False
    """Nobody is told: the resource is not on a channel."""

    @property
    def main_id(self) -> UUID:
        """The id in the address of the main object."""
        return UUID(self.main.rpartition("/")[2])


def note(change: Change, by: Asker) -> None:
    """Writes a change into the trail and tells who listens, in the running transaction."""
    current_unit()
    gone = change.action == "destroy" and change.address == change.main
    if gone:
        AuditRegel.objects.filter(main=change.main_id).delete()
    else:
        insert(_line(change, by))
    _tell(change)


def note_many(changes: Sequence[Change], by: Asker) -> None:
    """The same for several changes at once, none of which takes a main object away."""
    current_unit()
    for first in range(0, len(changes), 200):
        insert(*(_line(change, by) for change in changes[first : first + 200]))
    for change in changes:
        _tell(change)


def _tell(change: Change) -> None:
    if change.quiet:
        return
    tell(
        Notice(
            channel=CHANNELS[change.source],
            main=change.main,
            resource=change.resource,
            address=change.address,
            action=change.action,
            features=change.features,
        )
    )


def _line(change: Change, by: Asker) -> AuditRegel:
    values = {
        "oud": read(change.old) if change.old is not None else {},
        "nieuw": read(change.new) if change.new is not None else {},
    }
    return AuditRegel(
        id=uuid7(),
        main=change.main_id,
        bron=change.source,
        applicatie_id=by.client.client_id[:100],
        applicatie_weergave=by.client.label[:200],
        gebruikers_id=by.user[:255],
        gebruikers_weergave=by.user_name[:255],
        actie=change.action,
        resultaat={"create": 201, "destroy": 204}.get(change.action, 200),
        resource=change.resource,
        resource_url=change.address,
        resource_weergave=change.shown[:200] or change.resource,
        toelichting=by.remark,
        aanmaakdatum=clock.now(),
        sealed=privacy.encrypt_json(TRAIL, values),
    )


def lines(main: str) -> list[bytes]:
    """The trail of a main object, oldest first, at most the newest 1,000; whoever asks must have checked who may."""
    rows = AuditRegel.objects.filter(main=UUID(main.rpartition("/")[2])).order_by("-id")[:MOST_LINES]
    return _documents(main, reversed(rows))


def line(main: str, id: UUID) -> bytes:
    """One line of a trail. Raises Absent."""
    found = _documents(main, AuditRegel.objects.filter(main=UUID(main.rpartition("/")[2]), id=id))
    if not found:
        raise Absent
    return found[0]


def _documents(main: str, rows: Iterable[AuditRegel]) -> list[bytes]:
    return [written(_document(main, row)) for row in rows]


def _document(main: str, row: AuditRegel) -> dict[str, Any]:
    return {
        "uuid": str(row.id),
        "bron": row.bron,
        "applicatieId": row.applicatie_id,
        "applicatieWeergave": row.applicatie_weergave,
        "gebruikersId": row.gebruikers_id,
        "gebruikersWeergave": row.gebruikers_weergave,
        "actie": row.actie,
        "actieWeergave": SHOWN.get(row.actie, row.actie),
        "resultaat": row.resultaat,
        "hoofdObject": main,
        "resource": row.resource,
        "resourceUrl": row.resource_url,
        "toelichting": row.toelichting,
        "resourceWeergave": row.resource_weergave,
        "aanmaakdatum": row.aanmaakdatum,
        "wijzigingen": privacy.decrypt_json(TRAIL, row.sealed),
    }
