"""What of a process map is drawn: the most frequent part, in one piece.

In: a process map, and two shares: of the steps, and of the moves from one step to the next. Out: activities and arcs.
Always holds: every activity that is drawn can be reached from the begin, and leads to the end, along its most travelled
way; what such a way needs is drawn too, also when it is rare. At most MOST_NODES activities and MOST_ARCS arcs.

The most travelled way to an activity is the one whose least travelled arc is travelled most (a widest path: Pollack,
"The maximum capacity through a network", Operations Research 8, 1960).
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence

from raadhuis.lean.schema import Activity, Chosen, ProcessMap, Way

MOST_NODES, MOST_ARCS = 60, 150
BEGIN, END = "\x00begin", "\x00end"
"""Stand for before the first step and after the last; no activity is called so, since names hold no NUL."""
_Arcs = Mapping[str, Sequence[tuple[str, int]]]


def choose(found: ProcessMap, steps: int = 90, moves: int = 80) -> Chosen:
    """The part to draw: activities that make up `steps` % of all steps, arcs that make up `moves` % of the moves."""
    arcs = _with_ends(found)
    reversed_arcs = [Way(one.target, one.source, one.count) for one in arcs]
    forward, back = _widest(BEGIN, _out_of(arcs)), _widest(END, _out_of(reversed_arcs))
    needed: set[tuple[str, str]] = set()
    for one in _first_of(found.activities, steps)[:MOST_NODES]:
        way = {*_followed(one.name, forward), *((b, a) for a, b in _followed(one.name, back))}
        if len(needed | way) > MOST_ARCS:
            break
        needed |= way
    names = {name for arc in needed for name in arc}
    shown = _most_travelled(arcs, names, needed, moves)
    drawn = [one for one in found.activities if one.name in names]
    return Chosen(
        activities=drawn,
        ways=shown,
        share_of_steps=_share(sum(one.count for one in drawn), sum(one.count for one in found.activities)),
        share_of_moves=_share(sum(one.count for one in shown), sum(one.count for one in arcs)),
        of_activities=len(found.activities),
        of_ways=len(arcs),
    )


def _with_ends(found: ProcessMap) -> list[Way]:
    return [
        *(Way(BEGIN, one.name, one.begins) for one in found.activities if one.begins),
        *(Way(one.source, one.target, one.count, one.times.p50 if one.times else None) for one in found.arcs),
        *(Way(one.name, END, one.ends) for one in found.activities if one.ends),
    ]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _first_of(activities: Sequence[Activity], percent: int) -> list[Activity]:
    """The most frequent, until they make up this share of all steps; at least one."""
    whole, told, kept = sum(one.count for one in activities), 0, list[Activity]()
    for one in activities:
        if kept and told * 100 >= whole * percent:
            break
        kept.append(one)
        told += one.count
    return kept


def _out_of(arcs: Sequence[Way]) -> _Arcs:
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for one in arcs:
        if one.source != one.target:
            found[one.source].append((one.target, one.count))
    return found


def _widest(start: str, out_of: _Arcs) -> dict[str, str]:
    """By node: from which node the most travelled way from `start` comes to it."""
    width, before = {start: float("inf")}, dict[str, str]()
    waiting = [(-width[start], start)]
    while waiting:
        wide, here = heapq.heappop(waiting)
        if -wide < width[here]:
            continue
        for there, count in out_of.get(here, ()):
            through = min(-wide, count)
            if through > width.get(there, 0):
                width[there], before[there] = through, here
                heapq.heappush(waiting, (-through, there))
    return before


def _followed(name: str, before: Mapping[str, str]) -> list[tuple[str, str]]:
    """The arcs of the way that comes to `name`."""
    found = []
    while name in before:
        found.append((before[name], name))
        name = before[name]
    return found


def _most_travelled(arcs: Sequence[Way], names: set[str], needed: set[tuple[str, str]], percent: int) -> list[Way]:
    """The arcs that are needed, and then the most travelled among the activities that are drawn."""
    inside = [one for one in arcs if one.source in names and one.target in names]
    shown = [one for one in inside if (one.source, one.target) in needed]
    told, whole = sum(one.count for one in shown), sum(one.count for one in inside)
    others = (one for one in inside if (one.source, one.target) not in needed)
    for one in sorted(others, key=lambda way: (-way.count, way.source, way.target)):
        if told * 100 >= whole * percent or len(shown) >= MOST_ARCS:
            break
        shown.append(one)
        told += one.count
    return shown
