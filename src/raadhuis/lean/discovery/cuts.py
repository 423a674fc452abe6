"""Cuts: how the activities of a log fall apart (Leemans, Fahland and Van der Aalst 2013; Leemans 2017, chapter 6).

In: a Graph. Out: an operator with two or more sets of activities, or nothing.
Always holds: the parts are disjoint and together `within`; the order of the parts depends on the graph alone.
"""

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import NamedTuple

from raadhuis.lean.discovery.graph import Graph, bits
from raadhuis.lean.discovery.schema import Operator


class Cut(NamedTuple):
    """The parts, as sets of bits: of a sequence in order, of a loop first what is done and then what leads back."""

    operator: Operator
    parts: list[int]


def find(graph: Graph) -> Cut | None:
    """The first cut there is: choice, sequence, parallel or loop."""
    if graph.within & (graph.within - 1) == 0:
        return None
    order = _Order(graph)
    # Around the busiest activity is mostly one large ring; when it is all there is, neither of the first two can be.
    found = None
    if order.ahead | order.behind != graph.within:
        found = choice(graph)
    if found is None and order.ring != graph.within:
        found = _sequence(graph, order)
    return found or parallel(graph) or loop(graph)


Rows = Callable[[int], int]
"""The neighbours of an activity."""


def reached(rows: Rows, begin: int, within: int) -> int:
    """What can be reached from `begin`, with itself."""
    rest, frontier = within & ~begin, begin
    while frontier:
        low = frontier & -frontier
        found = rows(low.bit_length() - 1) & rest
        rest ^= found
        if not rest:
            break
        frontier ^= low | found
    return within & ~rest


def components(rows: Rows, within: int) -> list[int]:
    """The parts that hang together, by their lowest activity; who is a neighbour has one."""
    found, rest = [], within
    while rest:
        part = reached(rows, rest & -rest, within)
        found.append(part)
        rest &= ~part
    return found


def choice(graph: Graph) -> Cut | None:
    """Parts between which no case moves."""
    parts = components(_beside(graph), graph.within)
    return Cut("choice", parts) if len(parts) > 1 else None


def _beside(graph: Graph) -> Rows:
    after, before = graph.after, graph.before
    return lambda one: after[one] | before[one]


class _Order:
    """What leads to what, worked out for the busiest activity, and for others when they are asked for."""

    def __init__(self, graph: Graph) -> None:
        self._after, self._before, self._within = graph.after.__getitem__, graph.before.__getitem__, graph.within
        busiest = next(1 << one for one in graph.busy if graph.within >> one & 1)
        self.ahead = reached(self._after, busiest, graph.within)
        self.behind = reached(self._before, busiest, graph.within)
        self.ring = self.ahead & self.behind
        self._ways: dict[int, tuple[int, int]] = {}

    def ways(self, activity: int) -> tuple[int, int]:
        """(all that it leads to, all that leads to it), with itself. Nothing walks through the ring twice."""
        if self.ring >> activity & 1:
            return self.ahead, self.behind
        if activity not in self._ways:
            one, within = 1 << activity, self._within
            if one & self.behind:
                forward = self.ahead | reached(self._after, one, within & ~self.ahead)
            else:
                forward = reached(self._after, one, within)
            if one & self.ahead:
                back = self.behind | reached(self._before, one, within & ~self.behind)
            else:
                back = reached(self._before, one, within)
            self._ways[activity] = forward, back
        return self._ways[activity]

    def beside(self, activity: int) -> int:
        """What neither leads to it nor follows from it, or does both."""
        forward, back = self.ways(activity)
        return ~(forward ^ back)

    def rank(self, activity: int) -> int:
        """The higher, the later."""
        forward, back = self.ways(activity)
        return back.bit_count() - forward.bit_count()


def _sequence(graph: Graph, order: _Order) -> Cut | None:
    """Parts of which each leads to all later ones and never back, as far as no part can be passed by in pieces."""
    parts = components(order.beside, graph.within)
    if len(parts) > 1:
        # Between parts the order is total: any activity of a part tells where it is.
        parts.sort(key=lambda part: order.rank(part.bit_length() - 1))
        parts = _strict(graph, parts)
    return Cut("sequence", parts) if len(parts) > 1 else None


def _strict(graph: Graph, parts: list[int]) -> list[int]:
    """A part that some cases pass by is joined with its neighbours from or to which nothing passes it by.

    Without this, each of two steps that are done together or not at all would be optional by itself (Leemans 2017, the
    strict sequence cut).
    """
    place = {one: n for n, part in enumerate(parts) for one in bits(part)}
    first = [-1 if part & graph.start else len(parts) for part in parts]
    last = [len(parts) if part & graph.end else -1 for part in parts]
    for a, n in place.items():
        for b in bits(graph.after[a] & graph.within):
            last[n] = max(last[n], place[b])
            first[place[b]] = min(first[place[b]], n)
    found = list(parts)
    for n in range(len(parts)):
        # Nobody who comes from before this part goes on behind it, begins behind it, or ends before it.
        if max(last[:n], default=-1) <= n and not any(one < n for one in first[n + 1 :]):
            continue
        for q in _neighbours(n, last, first):
            found[n] |= found[q]
            found[q] = 0
    return [part for part in found if part]


def _neighbours(n: int, last: list[int], first: list[int]) -> Iterator[int]:
    """The parts just before this one that lead no further than to it, and those just behind it to which nothing leads
    from before it.
    """
    yield from takewhile(lambda q: last[q] <= n, range(n - 1, -1, -1))
    yield from takewhile(lambda q: first[q] >= n, range(n + 1, len(first)))


def parallel(graph: Graph) -> Cut | None:
    """Parts of which every activity follows and is followed by all of the others, and that begin and end cases."""
    within = graph.within
    after, before = graph.after, graph.before
    whole: list[int] = []
    homeless = 0
    for part in sorted(components(lambda one: ~(after[one] & before[one]), within), key=int.bit_count):
        # What cannot begin or cannot end a case is no part by itself: it goes to a neighbour in order of size.
        if part & graph.start and part & graph.end:
            whole.append(part | homeless)
            homeless = 0
        elif whole:
            whole[-1] |= part
        else:
            homeless |= part
    if len(whole) < 2:
        return None
    return Cut("parallel", whole)


def loop(graph: Graph) -> Cut | None:
    """What cases begin and end with is done; parts that only lead from all its ends to all its starts lead back."""
    done = graph.start | graph.end
    ahead = rest = graph.within & ~done
    beside = _beside(graph)
    while ahead:
        one = ahead & -ahead
        place = one.bit_length() - 1
        comes, goes = graph.before[place] & done, graph.after[place] & done
        wrong = (comes and comes != graph.end) or (goes and goes != graph.start)
        part = reached(beside, one, rest) if wrong else one
        ahead &= ~part
        if wrong:
            rest &= ~part
    if not rest:
        return None
    backs = components(beside, rest)
    return Cut("loop", [graph.within & ~rest, *backs])
