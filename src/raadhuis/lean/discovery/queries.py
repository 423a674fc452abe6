"""Models discovered in a log.

In: the id of a log, a Filter, and how much is noise. Out: the structs of `schema`.
Always holds: at most MOST_ACTIVITIES activities and MOST_WAYS ways are looked at, the most frequent first, and the
model says what was left out; the last ones are kept, since a log's files never change; a log that is not
there raises Absent; one without cases gives a silent tree.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import numpy

from raadhuis.lean import queries
from raadhuis.lean.analyses import expressions, filters, running
from raadhuis.lean.discovery.inductive import Miner
from raadhuis.lean.discovery.schema import Model
from raadhuis.lean.discovery.traces import Traces, gathered, kept
from raadhuis.lean.schema import Filter

MOST_ACTIVITIES, MOST_WAYS = 400, 100_000
NOISE = 0.2
"""What is left out when nobody says how much."""


class Ways(NamedTuple):
    """The ways of a log, the most frequent first, as activities by number; `examples`: a case of each, by number."""

    names: list[str]
    log: Traces
    examples: Any
    cases: int
    steps: int


def model(id: UUID, chosen: Filter = queries.NOTHING, noise: float = NOISE, most: int = MOST_ACTIVITIES) -> Model:
    """The model that the inductive miner finds of the `most` (≤ MOST_ACTIVITIES) most frequent activities.

    Raises Absent; ValueError when `noise` is not between 0 and 1.
    """
    if not 0 <= noise <= 1:
        raise ValueError(f"noise is between 0 and 1, not {noise}")
    chosen = queries.by_the_clock(chosen)
    run, _, _ = queries.asked(id, chosen)
    return model_of(run.folder, chosen, noise, min(most, MOST_ACTIVITIES))


@lru_cache(maxsize=64)
def model_of(folder: Path, chosen: Filter, noise: float, most: int) -> Model:
    """The same, of an encoded log."""
    found = ways_of(folder, chosen)
    common = common_in(found, most)
    log = found.log
    if not common.all():
        log = kept(log, common[log.steps])
    miner = Miner(found.names, noise)
    left = int((numpy.bincount(found.log.steps, minlength=len(found.names)) > 0)[~common].sum())
    return Model(
        tree=miner.mine(log),
        noise=noise,
        cases=found.cases,
        steps=found.steps,
        left_out=left,
        left_steps=int(_often(found.log, len(found.names))[~common].sum()),
        cases_left=found.cases - found.log.cases,
        simplified=miner.stopped,
    )


def common_in(found: Ways, most: int) -> Any:
    """Of each activity, whether it is one of the `most` most frequent."""
    often = _often(found.log, len(found.names))
    common = numpy.zeros(len(often), dtype=bool)
    common[numpy.argsort(-often, kind="stable")[:most]] = True
    return common


def _often(log: Traces, size: int) -> Any:
    return numpy.bincount(log.steps, weights=log.counts[log.owners], minlength=size).astype(numpy.int64)


@lru_cache(maxsize=4)
def ways_of(folder: Path, chosen: Filter) -> Ways:
    """The ways of an encoded log."""
    run = running.running(folder)
    names = run.named("activities")
    t = filters.filtered(expressions.tables(), chosen, {name: place for place, name in enumerate(names)})
    told = run.arrays(expressions.whole_ways(t, MOST_WAYS))
    cases, steps = run.one(expressions.size(t))
    case, first = numpy.unique(told["case"], return_index=True)
    counts = told["count"][first]
    order = numpy.lexsort((case, -counts))
    rank = numpy.empty(len(case), dtype=numpy.int64)
    rank[order] = numpy.arange(len(case))
    owners = rank[numpy.searchsorted(case, told["case"])]
    moved = numpy.lexsort((told["position"], owners))
    log = gathered(told["activity"][moved].astype(numpy.int64), owners[moved], counts[order].astype(numpy.int64))
    return Ways(names, log, case[order], int(cases), int(steps or 0))
