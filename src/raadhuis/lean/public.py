"""How long a service takes and what its cases wait for, for everybody who wants to know.

In: a service. Out: the figures that were kept with our own log when it was last worked out, or None.
Always holds: nothing is worked out when somebody asks: it is one small row and one small file, which is read once for
each time the log was worked out; figures of fewer than FEWEST_PERSONS applicants are not kept.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec

from raadhuis.lean.models import EventLog
from raadhuis.lean.queries import folder_of

FILE = "figures.json"


class Wait(msgspec.Struct, frozen=True):
    """What cases wait for (one of CAUSES), and the share of all their time."""

    cause: str
    share: float


class ServiceFigures(msgspec.Struct, frozen=True):
    """Of one service between two days: how many applications came in, how many cases were closed.

    `half`, `most`, `nearly_all`: within how many working days 50, 90 and 95 in 100 of the closed cases were done (0:
    the same day); None, as `in_term` (the share within the term of law), when there are too few. `waits`: most first.
    """

    since: date
    until: date
    applied: int
    closed: int
    half: int | None = None
    most: int | None = None
    nearly_all: int | None = None
    in_term: float | None = None
    waits: list[Wait] = []


def figures_of(service: str) -> ServiceFigures | None:
    """The figures of a service; None when there are none, or too few to show."""
    row = EventLog.objects.filter(kind="own").values_list("id", "version").first()
    return _kept(folder_of(*row)).get(service) if row else None


@lru_cache(maxsize=4)
def _kept(folder: Path) -> dict[str, ServiceFigures]:
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, ServiceFigures])
    except (FileNotFoundError, msgspec.DecodeError):  # Of an older Raadhuis, or thrown away for a newer one.
        return {}
