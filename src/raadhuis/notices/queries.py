"""Who listens to what.

Always holds: what is kept in memory is thrown away as soon as the tables' number has risen, in every process; within
one transaction the number is asked once.
"""

from uuid import UUID

import msgspec

from raadhuis.kernel.db import current_unit
from raadhuis.kernel.statements import Statement
from raadhuis.notices.models import Abonnement, Kanaal, Stamp
from raadhuis.notices.schema import STANDARD, Channel, Filtered, Notice, Subscription

MOST_CHANNELS = 500
MOST_SUBSCRIPTIONS = 500
_ASKED = "notices.listeners"


class Listener(msgspec.Struct, frozen=True):
    """A subscription, as far as choosing goes: by channel the features that must be so."""

    id: UUID
    channels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    def wants(self, notice: Notice) -> bool:
        """Whether the notice is for this subscription: one channel of it, with all its filters."""
        return any(
            name == notice.channel
            and all(value in {"*", "", notice.features.get(feature, "")} for feature, value in filters)
            for name, filters in self.channels
        )


_STAMP = Statement(lambda: Stamp.objects.filter(id=1).values_list("number", flat=True)[:1])


class _Known(msgspec.Struct):
    stamp: int
    listeners: tuple[Listener, ...]


_STAMP = Statement(lambda: Stamp.objects.filter(id=1).values_list("number", flat=True))
_known: list[_Known] = []


def listeners() -> tuple[Listener, ...]:
    """Every subscription, for the running transaction. One statement when they are known already, then none."""
    notes = current_unit().notes
    held = notes.get(_ASKED)
    if not isinstance(held, tuple):
        held = notes[_ASKED] = _listeners()
    return held


def _listeners() -> tuple[Listener, ...]:
    stamp = _STAMP.first() or 0
    if not _known or _known[0].stamp != stamp:
        rows = Abonnement.objects.filter(stopped=None).order_by("id").values_list("id", "kanalen")
        _known[:] = [_Known(stamp, tuple(Listener(id, _channels(kanalen)) for id, kanalen in rows))]
    return _known[0].listeners


def _channels(kanalen: list[dict[str, object]]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple((one.name, tuple(one.filters.items())) for one in msgspec.convert(kanalen, list[Filtered]))


def forget_known() -> None:
    """Throws away what is kept in memory: the tables were put back to an earlier state."""
    _known.clear()


def channels(name: str = "") -> list[Channel]:
    """Every channel, the standard's first; the one of that name."""
    rows = Kanaal.objects.order_by("id")[:MOST_CHANNELS]
    found = [*STANDARD, *(Channel(row.id, row.naam, row.documentatie_link, tuple(row.filters)) for row in rows)]
    return [one for one in found if not name or one.name == name]


def subscriptions(applicatie: UUID | None = None) -> list[Subscription]:
    """The subscriptions of an application; all of them (at most 500), when none is named. In order of making."""
    rows = Abonnement.objects.order_by("id")
    mine = rows if applicatie is None else rows.filter(applicatie=applicatie)
    return [_view(row) for row in mine[:MOST_SUBSCRIPTIONS]]


def subscription(id: UUID, applicatie: UUID | None = None) -> Subscription | None:
    """One subscription; None when it is not there, or not this application's."""
    row = Abonnement.objects.filter(id=id).first()
    return None if row is None or applicatie not in {None, row.applicatie} else _view(row)


def _view(row: Abonnement) -> Subscription:
    return Subscription(
        id=row.id,
        applicatie=row.applicatie,
        callback=row.callback_url,
        channels=msgspec.convert(row.kanalen, list[Filtered]),
        cloud_events=row.cloud_events,
        rests=row.rests,
        rests_until=row.rests_until,
        last_error=row.last_error,
        stopped=row.stopped,
    )
