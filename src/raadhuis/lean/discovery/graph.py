"""Directly-follows as the cuts need it: who follows whom as sets of bits, and how often.

In: Traces. Out: a Graph. Always holds: bit n stands for activity n; `within` has the bits of the activities there are;
what is filtered away leaves its activities in place.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy

from raadhuis.lean.discovery.traces import Traces


class Graph(NamedTuple):
    """`after[a]`: who directly follows a; `before[a]`: whom a follows; `start`, `end`: who begins and ends a case;
    `busy`: activities, those first that are followed by most others.
    """

    after: list[int]
    before: list[int]
    start: int
    end: int
    within: int
    busy: list[int]


class Counts(NamedTuple):
    """How often each follows each, begins and ends, by activity."""

    moves: dict[tuple[int, int], int]
    begins: dict[int, int]
    ends: dict[int, int]


class Bridges(NamedTuple):
    """What would touch when an activity is taken out: by activity, who then follows whom, and begins and ends."""

    pairs: dict[int, list[tuple[int, int]]]
    begins: dict[int, int]
    ends: dict[int, int]


def bits(mask: int) -> Iterator[int]:
    """The numbers in a set of bits, from low to high."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(numbers: object) -> int:
    """A set of bits of an array of numbers."""
    found = 0
    for one in numpy.unique(numpy.asarray(numbers)).tolist():
        found |= 1 << one
    return found


def counted(log: Traces) -> Counts:
    """How often each follows each."""
    size = int(log.steps.max(initial=0)) + 1
    inner = numpy.ones(len(log.steps), dtype=bool)
    inner[log.starts] = False
    second = numpy.flatnonzero(inner)
    keys = log.steps[second - 1] * size + log.steps[second]
    found, where = numpy.unique(keys, return_inverse=True)
    often = numpy.bincount(where, weights=log.counts[log.owners[second]], minlength=len(found)).astype(numpy.int64)
    pairs = zip((found // size).tolist(), (found % size).tolist(), often.tolist(), strict=True)
    return Counts({(a, b): n for a, b, n in pairs}, _ends(log, log.starts), _ends(log, log.lasts))


def _ends(log: Traces, places: object) -> dict[int, int]:
    steps = log.steps[places]
    often = numpy.bincount(steps, weights=log.counts).astype(numpy.int64)
    return {int(one): int(often[one]) for one in numpy.flatnonzero(often)}


def graph_of(found: Counts, within: int) -> Graph:
    """Who follows whom."""
    size = within.bit_length()
    after, before = [0] * size, [0] * size
    for a, b in found.moves:
        after[a] |= 1 << b
        before[b] |= 1 << a
    busy = sorted(bits(within), key=lambda one: (-after[one].bit_count(), one))
    return Graph(after, before, sum(1 << a for a in found.begins), sum(1 << a for a in found.ends), within, busy)


def without_noise(found: Counts, noise: float) -> Counts:
    """Without moves that are not more frequent than `noise` times the most frequent way on from the same activity (the
    end counted as one), and without begins less frequent than `noise` times the most frequent (Leemans, Fahland and Van
    der Aalst 2013, section 4.2; what is exactly as frequent, and that ends stay, the paper leaves open).
    """
    most = dict(found.ends)
    for (a, _), count in found.moves.items():
        most[a] = max(most.get(a, 0), count)
    first = max(found.begins.values())
    return Counts(
        {(a, b): count for (a, b), count in found.moves.items() if count > noise * most[a]},
        {a: count for a, count in found.begins.items() if count >= noise * first},
        found.ends,
    )


def bridges(log: Traces) -> Bridges:
    """For every activity: what would touch without it. A row of the same activity counts as one."""
    new = numpy.ones(len(log.steps), dtype=bool)
    new[1:] = log.steps[1:] != log.steps[:-1]
    new[log.starts] = True
    places = numpy.flatnonzero(new)
    acts, owners = log.steps[places], log.owners[places]
    size = int(acts.max(initial=0)) + 2
    none = size - 1
    left, right = numpy.full(len(acts), none), numpy.full(len(acts), none)
    same = owners[1:] == owners[:-1]
    left[1:][same] = acts[:-1][same]
    right[:-1][same] = acts[1:][same]
    pairs: dict[int, list[tuple[int, int]]] = {}
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    for key in numpy.unique((acts * size + left) * size + right).tolist():
        a, x, y = key // size // size, key // size % size, key % size
        if x == none and y != none:
            begins[a] = begins.get(a, 0) | 1 << y
        elif y == none and x != none:
            ends[a] = ends.get(a, 0) | 1 << x
        elif x != none:
            pairs.setdefault(a, []).append((x, y))
    return Bridges(pairs, begins, ends)


def taken_out(graph: Graph, activity: int, found: Bridges) -> Graph:
    """The graph of the log without one activity."""
    away = ~(1 << activity)
    after, before = graph.after.copy(), graph.before.copy()
    for x, y in found.pairs.get(activity, ()):
        after[x] |= 1 << y
        before[y] |= 1 << x
    start = graph.start & away | found.begins.get(activity, 0)
    end = graph.end & away | found.ends.get(activity, 0)
    return Graph(after, before, start, end, graph.within & away, graph.busy)
