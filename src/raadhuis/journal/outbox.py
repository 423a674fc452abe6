"""The outbox: what leaves the house, delivered at least once, in order per key, for as long as a week.

In: a map from kind to the function that delivers. Out: delivered rows, or dead letters that say why.
Always holds: a row is marked done only after its delivery returned; a kill in between delivers it again with the
same event id, so that a receiver can drop the double. A delivered payload is wiped.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext

from raadhuis.journal import access
from raadhuis.journal.actions import append
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import SYSTEM, Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent, NotAllowed, NotNow

log = logging.getLogger(__name__)

Handler = Callable[[UUID, dict[str, Any]], None]

# Quick at first (most failures pass in a minute), then hours, then daily: after a week a person must look.
BACK_OFF = [
    timedelta(seconds=s)
    for s in (10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600, 24 * 3600, 24 * 3600)
]
# Longer than any delivery may take (mail 30 s, letter 10 s); after it another runner may try.
LEASE = timedelta(minutes=2)


class GiveUp(Exception):
    """Raised by a handler: trying again is no use. The message holds no personal data."""


def deliver_due(handlers: Mapping[str, Handler], limit: int = 20) -> int:
    """Delivers at most `limit` rows that are due; how many were tried."""
    moment = clock.now()
    claimed = _claim(limit)
    for row in claimed:
        # Those before it may have been slow: what is no longer surely ours is another runner's, or claimed anew.
        if clock.now() - moment <= LEASE / 2 or _still_ours(row):
            _deliver(row, handlers)
    return len(claimed)


def _claim(limit: int) -> list[Outbox]:
    moment = clock.now()
    older = Outbox.objects.filter(key=OuterRef("key"), state="waiting", number__lt=OuterRef("number"))
    due = Outbox.objects.filter(state="waiting", receiver=None, due__lte=moment).exclude(Exists(older)).order_by("due")
    if not due.exists():  # No write transaction for an empty outbox: this runs every second.
        return []
    with durable():
        if connection.vendor == "postgresql":
            due = due.select_for_update(skip_locked=True)
        rows = list(due[:limit])
        Outbox.objects.filter(id__in=[row.id for row in rows]).update(due=moment + LEASE, attempts=F("attempts") + 1)
    return rows


def _still_ours(row: Outbox) -> bool:
    """Takes a new lease on a claimed row; False when somebody else has claimed it since."""
    mine = Outbox.objects.filter(id=row.id, state="waiting", attempts=row.attempts + 1)
    with durable():
        return bool(mine.update(due=clock.now() + LEASE))


def _deliver(row: Outbox, handlers: Mapping[str, Handler]) -> None:
    try:
        handler = handlers.get(row.kind)
        if handler is None:
            raise GiveUp(f"nothing here delivers {row.kind}")
        handler(row.id, privacy.decrypt_json("outbox", row.payload))
    except GiveUp as error:
        _fail(row, error, final=True)
    except Exception as error:  # Whatever a delivery raises, the row must stay and be tried again.
        log.warning("delivery of %s %s failed: %s", row.kind, row.id, type(error).__name__)
        _fail(row, error, final=False)
    else:
        with durable():
            Outbox.objects.filter(id=row.id).update(state="done", finished=clock.now(), payload=b"", last_error="")


def _fail(row: Outbox, error: Exception, *, final: bool) -> None:
    final = final or row.attempts >= len(BACK_OFF)
    # The type, and the text of our own exceptions only: a library's message may hold the address.
    words = f"{type(error).__name__}: {error}" if isinstance(error, GiveUp) else type(error).__name__
    with durable():
        changed = {"last_error": words[:200]}
        if final:
            Outbox.objects.filter(id=row.id).update(state="dead", **changed)
            append(
                "outbox.gave_up",
                SYSTEM,
                subjects={"zaak": row.zaak} if row.zaak else {},
                data={"kind": row.kind, "attempts": row.attempts + 1},
            )
        else:
            wait = BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
            Outbox.objects.filter(id=row.id).update(due=clock.now() + wait, **changed)


def resend(outbox_id: UUID, actor: Actor) -> None:
    """Puts a dead letter back in the queue, to be tried at once. Raises NotAllowed, Absent, NotNow."""
    if not access.may_resend(actor):
        raise NotAllowed(gettext("Alleen een beheerder kan berichten opnieuw versturen."))
    with durable():
        row = Outbox.objects.select_for_update().filter(id=outbox_id).first()
        if row is None:
            raise Absent
        if row.state != "dead":
            raise NotNow(gettext("Dit bericht wacht al, of is al bezorgd."))
        Outbox.objects.filter(id=row.id).update(state="waiting", due=clock.now(), attempts=0)
        append(
            "outbox.resent",
            actor,
            subjects={"zaak": row.zaak} if row.zaak else {},
            data={"kind": row.kind, "attempts": row.attempts},
        )
