"""How well cases fit: the model that was discovered in their log, or the flow that their service declares.

In: the id of a log and a Filter. Out: the structs of `schema`. Raises Absent for a log that is not there.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import numpy

from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel import clock
from raadhuis.kernel.problems import Absent
from raadhuis.lean import queries
from raadhuis.lean.analyses import expressions, running
from raadhuis.lean.conformance.checking import Way, check
from raadhuis.lean.conformance.declared import CLOSED, Flow, flow_of, net_of_flow
from raadhuis.lean.conformance.schema import Conformance, Declared, Terms
from raadhuis.lean.discovery.nets import net_of
from raadhuis.lean.discovery.queries import MOST_ACTIVITIES, NOISE, Ways, common_in, model_of, ways_of
from raadhuis.lean.schema import Filter

MOST_VERSIONS = 5
"""So many versions are tried, from the newest back, for cases that are over."""
_WITHDRAWN, _REOPENED = "case.withdrawn", "case.reopened"


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


class Intended(msgspec.Struct, frozen=True):
    """What a version of a service declares, and how its cases went."""

    flow: Flow
    found: Declared


def declared(id: UUID, service: str, chosen: Filter = queries.NOTHING) -> Intended:
    """The cases of a service in a journal against what the newest of its versions that has closed cases declares.

    Raises Absent for a service that is not there.
    """
    chosen = queries.by_the_clock(chosen)
    newest: Intended | None = None
    for line in [one for one in catalogue.versions(service) if one.state != "draft"][:MOST_VERSIONS]:
        flow = flow_of(catalogue.by_version_id(line.id).definition)
        only = {"service": service, "service_version": str(line.version)}
        others = tuple(pair for pair in chosen.attributes if pair[0] not in only)
        version = msgspec.structs.replace(chosen, attributes=(*others, *only.items()))
        run, _, _ = queries.asked(id, version)
        found = Intended(flow, _declared(run.folder, version, flow, line.version))
        if found.found.conformance.cases:
            return found
        newest = newest or found
    if newest is None:
        raise Absent
    return newest


def _declared(folder: Path, chosen: Filter, flow: Flow, version: int) -> Declared:
    ends = Counter[str]()
    closed = []
    told = ways_of(folder, chosen)
    for way in named(told):
        end = _end_of(way.steps)
        ends[end] += way.cases
        if end == CLOSED:
            closed.append(way)
    unspoken = frozenset(told.names) - flow.activities
    found = check(net_of_flow(flow), closed, lambda cases: case_names(folder, cases), unspoken)
    service = dict(chosen.attributes)["service"]
    return Declared(service, version, found, told.cases - ends[CLOSED] - ends[_WITHDRAWN], ends[_WITHDRAWN])


def _end_of(steps: Sequence[str]) -> str:
    """How a case ended: a case that is withdrawn is closed right after; one that was reopened may be open again."""
    beyond = max((place for place, step in enumerate(steps) if step == _REOPENED), default=-1) + 1
    since = steps[beyond:]
    return _WITHDRAWN if _WITHDRAWN in since else CLOSED if CLOSED in since else ""


def kept_terms(id: UUID, chosen: Filter = queries.NOTHING) -> Terms | None:
    """How the cases of a journal kept their terms of law; None for a log of another system, which tells no terms."""
    from raadhuis.lean.conformance.terms import terms

    folder, log = queries.journal_of(id), queries.log(id)
    if folder is None or not any((folder / "events").glob("*/*.parquet")):
        return None
    run, _, t = queries.asked(id, queries.by_the_clock(chosen))
    # Of the journal of another town hall nothing is known after its last event.
    until = clock.today() if log.kind == "own" or log.last is None else log.last.astimezone(clock.AMSTERDAM).date()
    return terms(run, folder, t, until)


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
