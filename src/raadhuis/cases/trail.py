"""The audit trail of what other applications write, and telling those who listen: one call for each change.

In: a change. Out: a line of the trail and a notice, in the running transaction. Always holds: old and new values may be
personal data, so they rest encrypted, with the case, decision or document that they are about, and go away with it; the
journal tells the same facts without them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from raadhuis.cases.models import AuditRegel
from raadhuis.clients.schema import Asker
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.db import current_unit
from raadhuis.kernel.documents import plain, written
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.statements import insert, insert_many
from raadhuis.kernel.values import made
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
    main_id: UUID
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
    insert_many([_line(change, by) for change in changes])
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
    return made(
        AuditRegel,
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
        sealed=privacy.encrypt(TRAIL, _values(change)),
    )


def _values(change: Change) -> bytes:
    """{"oud": …, "nieuw": …}: what was before and after, {} for none. Documents are JSON already."""
    old, new = (plain(one) if one is not None else b"{}" for one in (change.old, change.new))
    return b'{"oud":%b,"nieuw":%b}' % (old, new)


Judge = Callable[[Mapping[str, Any]], bool]
"""Whether somebody may see a case, decision or document that is as in this document of it."""


def lines(main: str, may_see: Judge) -> list[bytes]:
    """The trail of a main object, oldest first, at most the newest 1,000, as far as somebody may see it.

    Whoever asks must have checked who may see the main object as it is now.
    """
    rows = list(_rows(main).order_by("-id")[:MOST_LINES])
    return _documents(main, rows[::-1], may_see)


def line(main: str, id: UUID, may_see: Judge) -> bytes:
    """One line of a trail. Raises Absent, also for what somebody may not see."""
    found = _documents(main, list(_rows(main).filter(id=id)), may_see)
    if not found:
        raise Absent
    return found[0]


def _rows(main: str) -> QuerySet[AuditRegel]:
    return AuditRegel.objects.filter(main=UUID(main.rpartition("/")[2]))


def _documents(main: str, rows: Sequence[AuditRegel], may_see: Judge) -> list[bytes]:
    """Judged by how the main object stood before and after each line: it may have been more confidential than now.

    A line after which somebody may not see it is left out whole, as also its name and its remark tell of then; of the
    line that opened it up, only what was before is left out.
    """
    before, found = _standing(main, rows), []
    for row in rows:
        values = privacy.decrypt_json(TRAIL, row.sealed)
        about_main = row.resource_url == main
        before = (values["oud"] or before) if about_main else before
        after = (values["nieuw"] or before) if about_main else before
        if after is None or may_see(after):
            if before is not None and not may_see(before):
                values["oud"] = {}
            found.append(written(_document(main, row, values)))
        before = after
    return found


def _standing(main: str, rows: Sequence[AuditRegel]) -> dict[str, Any] | None:
    """How the main object stood before these lines; None when no line tells, so that it always stood as it does now."""
    if not rows:
        return None
    about = _rows(main).filter(resource_url=main)
    earlier = about.filter(id__lt=rows[0].id).order_by("-id").first()
    if earlier is not None:
        return privacy.decrypt_json(TRAIL, earlier.sealed)["nieuw"] or None
    later = about.filter(id__gt=rows[0].id).order_by("id").first()
    return (privacy.decrypt_json(TRAIL, later.sealed)["oud"] or None) if later is not None else None


def _document(main: str, row: AuditRegel, values: dict[str, Any]) -> dict[str, Any]:
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
        "wijzigingen": values,
    }
