"""What was repaired or skipped while a log was read, and whatever makes it unreadable.

In: findings, one at a time. Out: counts by code, and the first few places of each.
Always holds: memory stays flat however much is wrong: places are kept up to a limit, the rest is counted.
"""

from collections.abc import Callable

import msgspec

from raadhuis.kernel.problems import Problem, gettext_noop

# Who repairs a log looks at some places; more would only bury the rest of the report.
MOST_PLACES = 20

Progress = Callable[[int, int], None]
"""Told now and then how many bytes were read, and of how many (0 when nobody knows)."""

Watch = Callable[[str, float, int], None]
"""Told now and then how far an import is: "reading" or "working-out", the share of the file that was read, and how many
events it has so far.
"""


def unwatched(stage: str, share: float, events: int) -> None:
    """The Watch of an import at which nobody looks."""


class BadLog(Problem):
    """Nothing in this file can be used as an event log; `detail` says why and what would help."""

    status = 422
    code = "bad-log"
    title = gettext_noop("Dit bestand is niet als logboek te lezen")


class Place(msgspec.Struct, frozen=True):
    """Where: the line (of a text) or row (of a table), the trace (from 1; 0 for none), and what stood there."""

    line: int
    trace: int = 0
    said: str = ""


class Finding(msgspec.Struct):
    """One kind of trouble. `skipped`: these events are not in the log; else they were repaired and are."""

    code: str
    skipped: bool
    count: int = 0
    places: list[Place] = []


class Report(msgspec.Struct):
    """What a reader met. `kept` events are in the table; `read` is everything that was recognisably an event."""

    read: int = 0
    kept: int = 0
    traces: int = 0
    truncated: bool = False
    findings: dict[str, Finding] = {}

    def note(self, code: str, place: Place | None = None, *, skipped: bool, count: int = 1) -> None:
        """Counts `count` troubles of this code, and keeps the place while there are few."""
        found = self.findings.get(code)
        if found is None:
            found = self.findings[code] = Finding(code, skipped)
        found.count += count
        if place is not None and len(found.places) < MOST_PLACES:
            found.places.append(place)

    @property
    def skipped(self) -> int:
        """How many events were left out."""
        return sum(found.count for found in self.findings.values() if found.skipped)
