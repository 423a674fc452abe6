"""How well cases fit: the model that was discovered in their log, or the flow that their service declares.

In: the id of a log and a Filter. Out: the structs of `schema`. Raises Absent for a log that is not there.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy

from raadhuis.lean import queries
from raadhuis.lean.analyses import expressions, running
from raadhuis.lean.conformance.checking import Way, check
from raadhuis.lean.conformance.schema import Conformance
from raadhuis.lean.discovery.nets import net_of
from raadhuis.lean.discovery.queries import MOST_ACTIVITIES, NOISE, Ways, common_in, model_of, ways_of
from raadhuis.lean.schema import Filter


def conformance(
    id: UUID, chosen: Filter = queries.NOTHING, noise: float = NOISE, most: int = MOST_ACTIVITIES
) -> Conformance:
    """How the cases fit the model of `discovery.queries.model` with the same arguments.

    Activities that are too rare to be in the model are passed over. Raises Absent.
    """
    chosen = queries.by_the_clock(chosen)
    run, _, _ = queries.asked(id, chosen)
    return of_folder(run.folder, chosen, noise, min(most, MOST_ACTIVITIES))


@lru_cache(maxsize=32)
def of_folder(folder: Path, chosen: Filter, noise: float, most: int) -> Conformance:
    """The same, of an encoded log."""
    net = net_of(model_of(folder, chosen, noise, most).tree)
    found = ways_of(folder, chosen)
    rare = frozenset(found.names[place] for place in numpy.flatnonzero(~common_in(found, most)))
    return check(net, named(found), lambda cases: case_names(folder, cases), rare)


def named(found: Ways) -> Iterator[Way]:
    """The ways of a log with the names of their steps."""
    names = found.names
    bounds = [*found.log.starts.tolist(), len(found.log.steps)]
    counts, examples = found.log.counts.tolist(), found.examples.tolist()
    for place, (count, example) in enumerate(zip(counts, examples, strict=True)):
        steps = found.log.steps[bounds[place] : bounds[place + 1]].tolist()
        yield Way([names[step] for step in steps], count, example)


def case_names(folder: Path, cases: list[int]) -> dict[int, str]:
    """How these cases are called."""
    if not cases:
        return {}
    table: Any = expressions.tables().cases
    rows = running.running(folder).rows(table.filter(table.case.isin(cases)).select("case", "name"))
    return {case: str(name) for case, name in rows}
