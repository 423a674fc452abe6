"""The part of the outbox that is delivered receiver by receiver: notices to subscribers.

In: receivers. Out: rows to carry, and what became of them. Always holds: of one key rows are given in order, and none
past one that waits for a later moment; a row is gone only after its delivery returned. Who delivers must be alone
(kernel.alone): rows are not claimed, so that nothing waits for a claim to run out when the one who delivers is killed.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, F, OuterRef, Q

from raadhuis.journal.actions import append
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import current_unit, durable

# As long as a receiver may be away: what is older than this is given up when it fails again.
LONGEST = timedelta(days=7)
# For one row that fails where others arrive; a receiver that is away is another matter (`notices.delivery`).
BACK_OFF = [timedelta(seconds=s) for s in (5, 10, 20, 40, 60, 60, 120, 300, 900, 3600, 6 * 3600, 12 * 3600)]
MOST_AT_ONCE = 500


class Row(msgspec.Struct, frozen=True):
    """Something to carry. `payload` is still encrypted."""

    id: UUID
    key: str
    kind: str
    payload: bytes
    made: datetime
    attempts: int


def opened(row: Row) -> dict[str, Any]:
    """The payload of a row. Needs no database."""
    found: dict[str, Any] = privacy.decrypt_json("outbox", row.payload)
    return found


def anything_due(receivers: Collection[UUID]) -> bool:
    """Whether something for one of these receivers is due. Index: outbox_by_receiver."""
    return bool(_waiting().filter(receiver__in=receivers, due__lte=clock.now()).exists())


def due_for(receiver: UUID, limit: int) -> list[Row]:
    """The oldest rows for a receiver that may be carried now, oldest first; of a key none past one that waits."""
    moment = clock.now()
    held_up = _waiting().filter(key=OuterRef("key"), number__lt=OuterRef("number"), due__gt=moment)
    rows = _waiting().filter(receiver=receiver, due__lte=moment).exclude(Exists(held_up))
    return _rows(rows.order_by("number")[: min(limit, MOST_AT_ONCE)])


def probe_for(receiver: UUID) -> list[Row]:
    """One row with which to see whether a receiver is back: the first of its key, longest not tried. Due or not."""
    older = _waiting().filter(key=OuterRef("key"), number__lt=OuterRef("number"))
    return _rows(_waiting().filter(receiver=receiver).exclude(Exists(older)).order_by("due", "number")[:1])


def _waiting() -> Any:
    return Outbox.objects.filter(state="waiting", receiver__isnull=False)


def _rows(found: Iterable[Outbox]) -> list[Row]:
    return [Row(one.id, one.key, one.kind, bytes(one.payload), one.made, one.attempts) for one in found]


def arrived(ids: Collection[UUID]) -> None:
    """These were delivered. Nothing of them is kept: there may be millions, and what happened is in the journal."""
    current_unit()
    Outbox.objects.filter(id__in=ids, receiver__isnull=False).delete()


def failed(row: Row, why: str) -> None:
    """This one was not: it is due again later, or given up after a week."""
    current_unit()
    if clock.now() - row.made >= LONGEST:
        _give_up([row], why)
        return
    wait = BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
    Outbox.objects.filter(id=row.id).update(due=clock.now() + wait, attempts=F("attempts") + 1, last_error=why[:200])


def hurry(receiver: UUID) -> None:
    """The receiver is back: all that waits for it is due now, as if it had never failed (that was not its fault)."""
    current_unit()
    moment = clock.now()
    _waiting().filter(Q(due__gt=moment) | Q(attempts__gt=0), receiver=receiver).update(due=moment, attempts=0)


def take_back(receiver: UUID) -> None:
    """Nothing is sent to this receiver any more: what waits for it is thrown away."""
    current_unit()
    _waiting().filter(receiver=receiver).delete()


def give_up(receiver: UUID, why: str, *, older: timedelta = timedelta()) -> int:
    """Makes dead letters of what waits for a receiver for so long; how many, at most 500 at a time."""
    rows = _waiting().filter(receiver=receiver, made__lte=clock.now() - older).order_by("number")
    found = _rows(rows[:MOST_AT_ONCE])
    if found:
        with durable():
            _give_up(found, why)
    return len(found)


def give_up_strays(known: Collection[UUID], kind: str) -> None:
    """Makes dead letters of what waits for receivers that are not there."""
    strays = _waiting().filter(kind=kind).exclude(receiver__in=known).values_list("receiver", flat=True)
    for receiver in set(strays[:MOST_AT_ONCE]):
        give_up(receiver, "GiveUp: the subscription is gone")


def send_again(receiver: UUID) -> int:
    """Puts the dead letters of a receiver back in its queue, at most 500 at a time; how many."""
    current_unit()
    dead = Outbox.objects.filter(receiver=receiver, state="dead").order_by("number")
    ids = list(dead.values_list("id", flat=True)[:MOST_AT_ONCE])
    moment = clock.now()
    Outbox.objects.filter(id__in=ids).update(state="waiting", due=moment, made=moment, attempts=0)
    return len(ids)


def _give_up(rows: Collection[Row], why: str) -> None:
    Outbox.objects.filter(id__in=[row.id for row in rows]).update(state="dead", last_error=why[:200])
    for row in rows:
        append("outbox.gave_up", SYSTEM, data={"kind": row.kind, "attempts": row.attempts + 1})
