"""What a log is worked out from: relations (SQL) that DuckDB can read."""

from pathlib import Path

import msgspec

from raadhuis.lean.events import relation


class Source(msgspec.Struct, frozen=True):
    """`events`: case, activity, time, lifecycle, resource, team, sequence. Where the source tells more:

    `attributes`: case, key, value. `closed`: the cases that are over; without it every case is. `waits`: case, task,
    time, sequence and state, see `waiting`. `ends_told`: every activity that ends is told to, so that one which has not
    ended yet is no step.
    """

    events: str
    attributes: str = ""
    closed: str = ""
    waits: str = ""
    ends_told: bool = False


def imported(folder: Path) -> Source:
    """The events that a reader wrote below a folder."""
    return Source(relation(folder))
