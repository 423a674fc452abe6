"""Reading the journal: in order, bounded, without skipping.

Always holds: `after(cursor)` gives events in sequence order, which is commit order (see `actions`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

import orjson
from django.db.models import Count, Max

from raadhuis.journal.models import Cursor, Event, Outbox
from raadhuis.journal.schema import DeadLetter, EventView
from raadhuis.kernel import privacy
from raadhuis.kernel.statements import Given, Statement

MOST = 1000


def after(sequence: int, limit: int = MOST) -> list[EventView]:
    """At most `limit` (≤ 1,000) events with a higher sequence, in order. Index: primary key."""
    rows = Event.objects.filter(sequence__gt=sequence).order_by("sequence")[: min(limit, MOST)]
    return [_view(row) for row in rows]


@cache
def _of_zaak(kinds: int) -> Statement[Event]:
    rows = Event.objects.filter(zaak=Given("zaak"))
    rows = rows.filter(kind__in=[Given(str(place)) for place in range(kinds)]) if kinds else rows
    return Statement(lambda: rows.order_by("sequence")[:MOST])


def of_zaak(zaak: UUID, limit: int = MOST, kinds: Sequence[str] = ()) -> list[EventView]:
    """The first `limit` events of a case (of these kinds, where any are named), in order. Index: event_by_zaak."""
    named = {str(place): kind for place, kind in enumerate(kinds)}
    return [_view(row) for row in _of_zaak(len(kinds)).all(zaak=zaak, **named)[:limit]]


def of_application(application: UUID, limit: int = MOST) -> list[EventView]:
    """The first `limit` events of an application, in order. Index: event_by_application."""
    rows = Event.objects.filter(application=application).order_by("sequence")[: min(limit, MOST)]
    return [_view(row) for row in rows]


def latest(service: str, kinds: Iterable[str], limit: int = MOST) -> list[EventView]:
    """The newest `limit` events of these kinds for a service, newest first. Index: event_by_service_kind."""
    rows: list[Event] = []
    for kind in kinds:
        rows += Event.objects.filter(service=service, kind=kind).order_by("-sequence")[: min(limit, MOST)]
    return [_view(row) for row in sorted(rows, key=lambda row: -row.sequence)[:limit]]


def spans(service: str, start: str, end: str, limit: int = 50) -> list[tuple[datetime, datetime]]:
    """For the newest `limit` events of kind `end` with a case: the times of the case's first `start` and of `end`.

    Indexes: event_by_service_kind for the ends, event_by_zaak for the starts. Two statements.
    """
    ends = (
        Event.objects.filter(service=service, kind=end, zaak__isnull=False)
        .order_by("-sequence")
        .values_list("zaak", "time")[: min(limit, MOST)]
    )
    finished = dict(reversed(list(ends)))
    begun: dict[UUID, datetime] = {}
    for zaak, time in (
        Event.objects.filter(zaak__in=list(finished), kind=start).order_by("sequence").values_list("zaak", "time")
    ):
        if zaak is not None:
            begun.setdefault(zaak, time)
    return [(begun[zaak], time) for zaak, time in finished.items() if zaak is not None and zaak in begun]


def last_sequence() -> int:
    """The highest sequence there is; 0 for an empty journal."""
    return Event.objects.aggregate(last=Max("sequence"))["last"] or 0


def cursor_of(reader: str) -> int:
    """How far `reader` has come; 0 for a new one."""
    return Cursor.objects.filter(reader=reader).values_list("sequence", flat=True).first() or 0


def undelivered(*, state: str = "dead", before: int | None = None, limit: int = 50) -> list[DeadLetter]:
    """At most `limit` (≤ 200) rows of the outbox in `state` ("dead" or "waiting"), newest first."""
    rows = Outbox.objects.filter(state=state)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return [
        DeadLetter(r.id, r.kind, r.zaak, r.made, r.attempts, r.last_error, r.state, r.due, r.receiver, _title(r))
        for r in rows.order_by("-number")[: min(limit, 200)]
    ]


def _title(row: Outbox) -> str:
    """Only of what is for a receiver: all else may hold an address."""
    if row.receiver is None:
        return ""
    return str(privacy.decrypt_json("outbox", row.payload).get("title", ""))


def dead_by_receiver() -> dict[UUID, int]:
    """How many dead letters each receiver has, for at most 500 of them. Index: outbox_dead."""
    rows = Outbox.objects.filter(state="dead", receiver__isnull=False).values_list("receiver")
    return {one: count for one, count in rows.annotate(Count("id")).order_by("receiver")[:500] if one is not None}


def left_the_house(zaak: UUID) -> bool:
    """Whether anything about this case has been handed to the outside world (or is being handed over now)."""
    return Outbox.objects.filter(zaak=zaak).exclude(state="waiting", attempts=0).exists()


def _view(row: Event) -> EventView:
    return EventView(
        row.sequence,
        row.id,
        row.time,
        row.kind,
        row.kind_version,
        row.zaak,
        row.application,
        orjson.loads(row.subjects),
        row.actor,
        row.role,
        row.channel,
        row.service,
        row.service_version,
        row.activity,
        orjson.loads(row.data),
    )
