"""How long cases of a log still take, and how well that is known; and of one case of ours, for who waits for it.

In: the id of a log and a Filter; or a case and its service. Out: a Model; a Left. Always holds: for a case nothing is
worked out: the model of its service was learned when our own log was, and is one small file.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.journal import queries as journal
from raadhuis.kernel import clock
from raadhuis.lean import queries
from raadhuis.lean.logs.steps import MOMENTS
from raadhuis.lean.models import EventLog
from raadhuis.lean.prediction.answering import left, states_of
from raadhuis.lean.prediction.shapes import Left, Model
from raadhuis.lean.schema import Filter

FILE = "prediction.json"


def prediction(id: UUID, chosen: Filter = queries.NOTHING) -> Model | None:
    """What can be learned of the cases that the filter leaves; None when they are too few. Raises Absent."""
    run, _, t = queries.asked(id, queries.by_the_clock(chosen))
    return learned(run, t)


def learned(run: Any, t: Any) -> Model | None:
    """The model of the closed cases of these tables, of at most MOST_CASES spread evenly."""
    import numpy

    from raadhuis.lean.prediction.learning import MOST_CASES, Cases, learn

    closed = t.cases.filter(t.cases.closed)
    (count,) = run.one(closed.aggregate(count=closed.count()))
    if not count:
        return None
    some = closed.filter(closed.case % (-(-count // MOST_CASES)) == 0).select("case", "start", "end", "length")
    cases = numpy.array(sorted(run.rows(some)), dtype=numpy.int64).reshape(-1, 4)
    steps = t.steps.semi_join(some, "case").select("case", "position", "time", "activity")
    rows = numpy.array(sorted(run.rows(steps)), dtype=numpy.int64).reshape(-1, 4)
    return learn(Cases(cases[:, 1], cases[:, 2], cases[:, 3], rows[:, 2], rows[:, 3]), run.named("activities"))


def left_of(zaak: UUID, service: str) -> Left | None:
    """How long a running case of ours still takes; None when that is not known well enough for its service."""
    row = EventLog.objects.filter(kind="own").values_list("id", "version").first()
    model = kept(queries.folder_of(*row)).get(service) if row else None
    if model is None or not model.beats_naive:
        return None
    steps = journal.of_zaak(zaak, kinds=(*MOMENTS, "task.completed"))
    if not steps:
        return None
    last = steps[-1]
    activity = last.activity if last.kind == "task.completed" else last.kind
    waited = max(0, int((clock.now() - last.time).total_seconds() * 1_000_000))
    return left(states_of(model), model.margin_us, activity, len(steps), waited)


@lru_cache(maxsize=4)
def kept(folder: Path) -> dict[str, Model]:
    """The models of our own services, as they were when this was worked out."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, Model])
    except (FileNotFoundError, msgspec.DecodeError):  # Of an older Raadhuis, or thrown away for a newer one.
        return {}
