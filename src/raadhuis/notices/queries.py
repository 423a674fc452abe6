"""Who listens to what.

Always holds: what is kept in memory is thrown away as soon as the tables' number has risen, in every process.
"""

from uuid import UUID

import msgspec

from raadhuis.notices.models import Abonnement, Stamp
from raadhuis.notices.schema import Notice


class Listener(msgspec.Struct, frozen=True):
    """A subscription, as far as choosing goes: by channel the features that must be so."""

    id: UUID
    channels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    def wants(self, notice: Notice) -> bool:
        """Whether the notice is for this subscription: one channel of it, with all its filters."""
        return any(
            name == notice.channel
            and all(value in {"*", notice.features.get(feature, "")} for feature, value in filters)
            for name, filters in self.channels
        )


class _Known(msgspec.Struct):
    stamp: int
    listeners: tuple[Listener, ...]


_known: list[_Known] = []


def listeners() -> tuple[Listener, ...]:
    """Every subscription. One statement when they are known already."""
    stamp = Stamp.objects.values_list("number", flat=True).filter(id=1).first() or 0
    if not _known or _known[0].stamp != stamp:
        rows = Abonnement.objects.order_by("id").values_list("id", "kanalen")
        _known[:] = [_Known(stamp, tuple(Listener(id, _channels(kanalen)) for id, kanalen in rows))]
    return _known[0].listeners


def _channels(kanalen: list[dict[str, object]]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (str(one["naam"]), tuple((str(k), str(v)) for k, v in dict(one.get("filters") or {}).items()))  # type: ignore[call-overload]
        for one in kanalen
    )


def forget_known() -> None:
    """Throws away what is kept in memory: the tables were put back to an earlier state."""
    _known.clear()
