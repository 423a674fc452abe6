"""How far a taking over has come, in the database.

In: what became of rows. Out: counts, findings, and where to go on. Always holds: it is written in the transaction of
the rows that it tells about, so that a run that was killed goes on with what is not done, and counts nothing twice.
"""

from collections.abc import Iterable, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from raadhuis.cases.models import TakeOver, TakeOverFinding
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.kernel.shapes import Fault

State = Literal["taken", "there", "differs", "refused"]
STATES: tuple[State, ...] = ("taken", "there", "differs", "refused")
MOST_REPORTED = 100_000


class Outcome(msgspec.Struct, frozen=True):
    """What became of a row: its resource, its address there, what is wrong with it (or, taken, must be known)."""

    resource: str
    address: str
    state: State
    faults: tuple[Fault, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """A row that needs a person. `state`: refused, differs, or note (it is here). `code` is the rule's."""

    resource: str
    address: str
    state: str
    attribute: str
    code: str
    reason: str


class Progress:
    """The taking over of one register. `fresh`: this run begins, and does not go on with one that was broken off."""

    def __init__(self, source: str, first: str) -> None:
        with durable():
            row = TakeOver.objects.select_for_update().filter(source=source).first()
            self.fresh = row is None or row.ended is not None
            if row is not None and self.fresh:
                row.delete()
            if row is None or self.fresh:
                row = TakeOver(source=source, phase=first, began=clock.now())
                row.save(force_insert=True)
        self._row = row

    @property
    def phase(self) -> str:
        """What comes next."""
        return self._row.phase

    @property
    def page(self) -> int:
        """Which page of it."""
        return self._row.page

    def is_done(self, id: UUID) -> bool:
        """Whether this row of the page was dealt with before the run was broken off."""
        return str(id) in self._row.done

    def note(self, outcomes: Iterable[Outcome], done: Sequence[str] = ()) -> None:
        """Counts, in the running transaction; `done` are rows of a page that is not done as a whole."""
        findings = []
        for one in outcomes:
            counts = self._row.counts.setdefault(one.resource, dict.fromkeys(STATES, 0))
            counts[one.state] += 1
            findings += [
                TakeOverFinding(
                    takeover=self._row,
                    resource=one.resource,
                    address=one.address[:1000],
                    state="note" if one.state in {"taken", "there"} else one.state,
                    attribute=fault.name[:200],
                    code=fault.code[:60],
                    reason=fault.reason[:500],
                )
                for fault in one.faults
            ]
        TakeOverFinding.objects.bulk_create(findings)
        self._row.done += done
        self._row.save()

    def move(self, phase: str, page: int) -> None:
        """Goes on with this, in the running transaction."""
        self._row.phase, self._row.page, self._row.done = phase, page, []
        self._row.save()

    def end(self) -> None:
        """All was dealt with, in the running transaction."""
        self._row.ended = clock.now()
        self._row.save()

    def counts(self) -> dict[str, dict[str, int]]:
        """By resource, how many rows ended in each state."""
        return {name: dict(counts) for name, counts in self._row.counts.items()}

    def findings(self) -> list[Finding]:
        """What needs a person, in the order in which it was found; at most the first 100,000."""
        rows = TakeOverFinding.objects.filter(takeover=self._row).order_by("pk")[:MOST_REPORTED]
        return [Finding(row.resource, row.address, row.state, row.attribute, row.code, row.reason) for row in rows]
