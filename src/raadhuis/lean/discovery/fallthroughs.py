"""What to do with a log that no cut fits (Leemans 2017, section 6.1.3): the first of these that holds.

In: Traces without empty ways. Out: an operator with pieces of the log; a piece of None is silent.
Always holds: every case of the log fits what comes out; of several activities that would do, the first by number is
taken.
"""

from typing import Any, NamedTuple

import numpy

from raadhuis.lean.discovery import cuts
from raadhuis.lean.discovery.graph import Graph, bits, bridges, mask_of, taken_out
from raadhuis.lean.discovery.schema import Operator
from raadhuis.lean.discovery.traces import Traces, gathered, kept, merged


class Fallen(NamedTuple):
    """As a cut, with the pieces at hand."""

    operator: Operator
    pieces: list[Traces | None]


def once_in_each(log: Traces, graph: Graph) -> Fallen | None:
    """An activity that is done exactly once in every case is done beside all else."""
    often = numpy.bincount(log.steps, minlength=graph.within.bit_length())
    rows = numpy.unique(numpy.stack((log.owners, log.steps)), axis=1)[1]
    present = numpy.bincount(rows, minlength=len(often))
    once = numpy.flatnonzero((often == len(log.starts)) & (present == len(log.starts)))
    return _beside(log, int(once[0])) if len(once) else None


def beside_all(log: Traces, graph: Graph) -> Fallen | None:
    """An activity without which the rest can be cut is done beside all else."""
    found = bridges(log)
    for one in bits(graph.within):
        if cuts.find(taken_out(graph, one, found)) is not None:
            return _beside(log, one)
    return None


def _beside(log: Traces, activity: int) -> Fallen:
    mask = log.steps == activity
    return Fallen("parallel", [kept(log, mask), kept(log, ~mask)])


def rounds(log: Traces, graph: Graph) -> Fallen | None:
    """Cases that are several in a row: each begins again where an end is followed by a start."""
    return _again(log, _has(log, graph.start)[1:] & _has(log, graph.end)[:-1])


def starts_again(log: Traces, graph: Graph) -> Fallen | None:
    """The same, wherever an activity is done with which cases start."""
    return _again(log, _has(log, graph.start)[1:])


def _has(log: Traces, mask: int) -> Any:
    found = numpy.zeros(mask.bit_length() + int(log.steps.max()) + 1, dtype=bool)
    found[list(bits(mask))] = True
    return found[log.steps]


def _again(log: Traces, cut: Any) -> Fallen | None:
    new = numpy.zeros(len(log.steps), dtype=bool)
    new[1:] = cut
    new[log.starts] = True
    if new.sum() == len(log.starts):
        return None
    owners = numpy.cumsum(new) - 1
    return Fallen("loop", [merged(gathered(log.steps, owners, log.counts[log.owners[new]])), None])


def anything(log: Traces) -> list[int]:
    """The activities of a log of which nothing else can be said: any of them, any number of times."""
    return list(bits(mask_of(log.steps)))
