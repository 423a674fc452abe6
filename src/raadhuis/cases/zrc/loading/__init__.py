"""Loading very many cases at once, from lines of JSON, by the same rules as one by one.

In: lines, each a case as it would be sent (POST /zaken), or {"zaak": …} with what hangs on it: rollen, eigenschappen,
objecten, resultaat, statussen; an optional `uuid` is kept. Out: for each line its number or what is wrong with it.
Always holds: a line comes in whole or not at all; a batch is one durable transaction; a line that was loaded before is
refused by its number, so that a load that was broken off may simply be run again.

What a line becomes is worked out before anything of it is written, and then written with the others of its batch. Only
the statuses of a case that belongs to a service are set one by one, as they move its tasks.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.cases.models import Zaak
from raadhuis.cases.zrc import elsewhere
from raadhuis.cases.zrc.actions import common
from raadhuis.cases.zrc.actions.statussen import put_status
from raadhuis.cases.zrc.loading import writing
from raadhuis.cases.zrc.loading.completing import complete
from raadhuis.cases.zrc.loading.lines import Line, Taken, decoded, shaped, sound
from raadhuis.cases.zrc.resolving import TYPES_HELD
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import attempt
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.problems import Problem
from raadhuis.kernel.shapes import Fault, Refused

BATCH = 500


class Loaded(msgspec.Struct, frozen=True):
    """How a line fared: the case that it became, or its faults."""

    line: int
    identificatie: str = ""
    uuid: UUID | None = None
    faults: tuple[Fault, ...] = ()


class _Read(msgspec.Struct, frozen=True):
    """A line whose case has the right shape. `found`: what stands at addresses of others in it."""

    number: int
    whole: dict[str, Any]
    sent: dict[str, Any]
    found: Mapping[str, Any]

    def points_at_cases(self) -> bool:
        """Whether it names other cases of ours, which may come just before it."""
        others = (one["url"] for one in self.sent.get("relevanteAndereZaken") or ())
        return any(url.startswith(MARK) for url in (self.sent.get("hoofdzaak") or "", *others))


def load(lines: Iterable[bytes], by: Asker, host: str) -> Iterator[Loaded]:
    """Loads line after line. `host` is our own address, as it stands in the lines ("https://town/")."""
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    held: dict[UUID, Any] = {}
    while batch := list(islice(numbered, BATCH)):
        yield from _batch(batch, by, host, held)


def _batch(batch: list[tuple[int, bytes]], by: Asker, host: str, held: dict[UUID, Any]) -> list[Loaded]:
    """`held`: the types that were read in this load already; what was published once stays as it is."""
    outcomes: list[Loaded] = []
    came: list[_Read] = []
    for number, line in batch:
        try:
            whole = decoded(line)
            sent = shaped("zaken", whole["zaak"], host, "zaak.")
            came.append(_Read(number, whole, sent, elsewhere.require_there("zaken", sent)))
        except Refused as refused:
            outcomes.append(Loaded(number, faults=refused.faults))
    with durable() as unit:
        unit.notes[TYPES_HELD] = held
        taken = Taken(came_zaak.whole["zaak"] for came_zaak in came)
        ready: list[Line] = []
        for one in came:
            if ready and one.points_at_cases():
                outcomes += _write(ready, by)
                ready = []
            line_or_faults = _worked_out(one, by, host, taken)
            if isinstance(line_or_faults, Line):
                ready.append(line_or_faults)
            else:
                outcomes.append(line_or_faults)
        outcomes += _write(ready, by)
    return sorted(outcomes, key=lambda one: one.line)


def _worked_out(one: _Read, by: Asker, host: str, taken: Taken) -> Line | Loaded:
    """A line whose every part is sound, as rows that are not saved yet; or its faults."""
    try:
        line = sound(one.number, one.whole, one.sent, one.found, by, host, taken)
        complete(line, by)
    except Refused as refused:
        return Loaded(one.number, faults=refused.faults)
    except Problem as problem:
        name = "statussen" if isinstance(problem, common.NotPermitted) else "nonFieldErrors"
        return Loaded(one.number, faults=(Fault(name, problem.code, problem.detail),))
    taken.take(line.zaak)
    return line


def _write(lines: list[Line], by: Asker) -> list[Loaded]:
    writing.insert_all(lines)
    moving = [one for one in lines if one.zaak.service and one.statuses]
    whole = [one for one in lines if not (one.zaak.service and one.statuses)]
    writing.tell(whole, by)
    return [*map(_loaded, whole), *(_finish(one, by) for one in moving)]


def _loaded(one: Line) -> Loaded:
    return Loaded(one.number, one.zaak.identificatie, one.zaak.pk)


def _finish(one: Line, by: Asker) -> Loaded:
    """Sets the statuses, in order of time, by the rules of each; a line with a fault goes out again as a whole."""
    try:
        with attempt():
            writing.tell([one], by)
            for status in one.statuses:
                put_status(one.zaak, status, by)
    except (Refused, common.NotPermitted) as problem:
        Zaak.objects.filter(pk=one.zaak.pk).delete()
        plain = (Fault("statussen", "permission_denied", str(problem)),)
        return Loaded(one.number, faults=problem.faults if isinstance(problem, Refused) else plain)
    return _loaded(one)
