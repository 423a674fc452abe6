"""Taking over another register from beginning to end, and comparing what is there with what is here.

In: a register. Out: an account: what became of every row. Always holds: what was written is remembered in the same
transaction, so that a run that was killed goes on where it stopped; a run that came to its end is followed by one from
the beginning, which takes what is new and leaves what is here as it is.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.adapters.registers import Register
from raadhuis.cases.takeover.besluiten import take_decisions
from raadhuis.cases.takeover.documenten import take_documents, take_hanging
from raadhuis.cases.takeover.progress import Finding, Outcome, Progress
from raadhuis.cases.takeover.taking import hold_types, take_cases, take_parts
from raadhuis.cases.takeover.walking import GROUPS, LAST_OF_TYPES, PHASES, Batch, Phase, Row, Walk
from raadhuis.cases.zrc import stored
from raadhuis.catalogue.ztc.moving import take_rows
from raadhuis.catalogue.ztc.rendering import make_missing, put_off
from raadhuis.clients.schema import Asker, by_take_over
from raadhuis.kernel.alone import alone
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import NotNow
from raadhuis.kernel.shapes import Fault

Tell = Callable[[str, int], None]
_OTHERWISE = (Fault("url", "other-id", "Deze catalogus is hier onder een andere id; de typen komen daarin."),)
_STATES = {"imported": "taken", "there": "there", "differs": "differs", "refused": "refused"}


class Account(msgspec.Struct, frozen=True):
    """What became of a run: counts by resource and state, findings, whether it went on with one that was broken off."""

    counts: dict[str, dict[str, int]]
    findings: list[Finding]
    went_on: bool

    @property
    def whole(self) -> bool:
        """Whether every row of the register is here, and the same."""
        return not any(one["refused"] or one["differs"] for one in self.counts.values())


def take_over(
    register: Register, source: str, *, known_as: Iterable[str] = (), group: str = "catalogi", tell: Tell | None = None
) -> Account:
    """Takes over a register; `source` is the name by which its progress is kept.

    `group`: with which part a new run begins. `tell` is called with the phase and the rows dealt with so far in it.
    Raises RegisterRefuses, AdapterUnavailable, Unavailable: what was done stays, and a next run goes on. NotNow while
    somebody else is taking over.
    """
    with alone("take-over") as mine:
        if not mine:
            raise NotNow("Another take-over is running here. Wait until it ended.")
        return _take_over(Walk(register, known_as), source, group, tell)


def _take_over(walk: Walk, source: str, group: str, tell: Tell | None) -> Account:
    progress = Progress(source, GROUPS[group])
    taker = _Taker(walk, by_take_over(source), progress, tell or (lambda _, __: None))
    names = [phase.name for phase in PHASES]
    for place in range(names.index(progress.phase), len(PHASES)):
        taker.take(PHASES[place], progress.page if progress.phase == names[place] else 1)
        while PHASES[place].name == LAST_OF_TYPES and make_missing():
            pass
        with durable():
            if place + 1 < len(PHASES):
                progress.move(names[place + 1], 1)
            else:
                progress.end()
    while stored.make_missing() or stored.make_missing_rollen():
        pass
    return Account(progress.counts(), progress.findings(), went_on=not progress.fresh)


class _Taker:
    """Takes phase after phase."""

    def __init__(self, walk: Walk, by: Asker, progress: Progress, tell: Tell) -> None:
        self._walk, self._by, self._progress, self._tell = walk, by, progress, tell
        self._types: dict[UUID, Any] = {}

    def take(self, phase: Phase, first: int) -> None:
        """All pages of a phase from one on."""
        dealt = 0
        for batch in self._walk.batches(phase, first):
            if phase.kind == "documents":
                for one in take_documents(batch.rows, self._by, self._walk.register, self._progress):
                    dealt += one
                    self._tell(phase.name, dealt)
                with durable():
                    self._progress.move(phase.name, batch.page + 1)
                continue
            named = self._walk.named_zaaktypen() if phase.kind == "types" else {}
            with durable() as unit:
                hold_types(unit, self._types)
                if phase.kind == "types":
                    put_off(unit)
                self._progress.note(self._outcomes(phase, batch, named))
                self._progress.move(phase.name, batch.page + 1)
            dealt += len(batch.rows[phase.path])
            self._tell(phase.name, dealt)

    def _outcomes(self, phase: Phase, batch: Batch, named: dict[str, str]) -> list[Outcome]:
        rows = batch.rows[phase.path]
        if phase.kind == "types":
            return self._types_taken(rows, named)
        if phase.kind == "cases":
            return take_cases(batch.rows, self._by)
        if phase.kind == "decisions":
            return take_decisions(batch.rows, self._by)
        take = take_hanging if phase.kind == "hanging" else take_parts
        return take(phase.path, rows, self._by)

    def _types_taken(self, rows: list[Row], named: dict[str, str]) -> list[Outcome]:
        """Types; a catalogue that we have by another id is here."""
        new = [row for row in rows if not self._walk.is_here_otherwise(row)]
        known = [Outcome(row.resource, row.address, "there", _OTHERWISE) for row in rows if row not in new]
        if not new:
            return known
        lines = take_rows(new[0].resource, [row.body for row in new], named, self._by.actor())
        return known + [
            Outcome(
                row.resource,
                row.address,
                _STATES[line.state],  # type: ignore[arg-type]
                tuple(Fault(line.name, "ztc", why) for why in line.why),
            )
            for row, line in zip(new, lines, strict=True)
        ]
