"""A log as the miner sees it: different ways through, with how many cases went each.

In: activities by number, way after way. Out: the same, projected or cut up.
Always holds: `steps` holds the ways one after another, `starts` where each begins, `counts` its cases; ways without a
step are not in there, and `empty` says how many cases went one.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy


class Traces(NamedTuple):
    """Ways, with their cases."""

    steps: Any
    starts: Any
    counts: Any
    empty: int

    @property
    def cases(self) -> int:
        """How many cases there are, with those that do nothing."""
        return int(self.counts.sum()) + self.empty

    @property
    def owners(self) -> Any:
        """Of each step: the place of its way."""
        return numpy.repeat(numpy.arange(len(self.starts)), self.lengths)

    @property
    def lengths(self) -> Any:
        """Of each way: how many steps it has."""
        return numpy.diff(self.starts, append=len(self.steps))

    @property
    def lasts(self) -> Any:
        """Of each way: the place of its last step."""
        return self.starts + self.lengths - 1


def of_ways(ways: Iterable[tuple[Iterable[int], int]]) -> Traces:
    """From ways with their number of cases."""
    rows = [(list(way), count) for way, count in ways]
    steps = numpy.array([step for way, _ in rows for step in way], dtype=numpy.int64)
    owners = numpy.repeat(numpy.arange(len(rows)), [len(way) for way, _ in rows])
    return gathered(steps, owners, numpy.array([count for _, count in rows], dtype=numpy.int64))


def gathered(steps: Any, owners: Any, counts: Any) -> Traces:
    """Steps with the number of their way, in order; `counts` by that number. A number without steps is an empty way."""
    present, starts = numpy.unique(owners, return_index=True)
    kept = counts[present]
    return Traces(steps, starts, kept, int(counts.sum() - kept.sum()))


def kept(log: Traces, mask: Any) -> Traces:
    """Only the steps that `mask` has, of every way; equal ways become one."""
    found = gathered(log.steps[mask], log.owners[mask], log.counts)
    return merged(found._replace(empty=found.empty + log.empty))


def merged(log: Traces) -> Traces:
    """Equal ways become one, with the cases of all. By their bytes: no two different ways are taken for one."""
    if len(log.starts) < 2:
        return log
    size = log.steps.itemsize
    raw, bounds = log.steps.tobytes(), [*(log.starts * size).tolist(), len(log.steps) * size]
    places: dict[bytes, int] = {}
    which = [places.setdefault(raw[a:b], len(places)) for a, b in pairwise(bounds)]
    if len(places) == len(which):
        return log
    counts = numpy.bincount(which, weights=log.counts).astype(numpy.int64)
    steps = numpy.frombuffer(b"".join(places), dtype=log.steps.dtype)
    lengths = numpy.array([len(one) // size for one in places])
    return Traces(steps, numpy.cumsum(lengths) - lengths, counts, log.empty)
