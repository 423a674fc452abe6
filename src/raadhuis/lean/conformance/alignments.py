"""Alignments: the cheapest way to explain what happened by a model (Adriansyah, Van Dongen and Van der Aalst 2011).

In: a Net and a way. Out: an Aligned: what was skipped and what came extra, and what that costs: one for each.
Always holds: the cost is the least there is, or there is no answer: no search looks at more than a number of states.
The search is r4pm's (A* in Rust); which of several cheapest explanations comes out is up to it, the same for the same
net and way.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from raadhuis.lean.discovery.nets import SINK, SOURCE, Net

_COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}


class Aligned(msgspec.Struct, frozen=True):
    """One way against the model: by activity, how often it was skipped, and how often it came extra."""

    cost: int
    skipped: Counter[str]
    extra: Counter[str]
    states: int


class Aligner:
    """A net, ready to be aligned with."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._told: Any = _told(net)

    def align(self, way: Sequence[str], states: int) -> Aligned | None:
        """The cheapest explanation; None when `states` states are not enough to find it."""
        from r4pm.bindings.conformance.case_centric import alignments

        options: Any = {"cost_fn": _COSTS, "max_states": states}
        try:
            found = alignments.align_trace(self._told, list(way), options)
        except TypeError as error:
            # What its Rust side returns comes as this one class.
            if "LimitReached" in str(error):
                return None
            raise
        return self._read(found, way)

    def _read(self, found: Any, way: Sequence[str]) -> Aligned:
        skipped, extra = Counter[str](), Counter[str]()
        for move in found["moves"]:
            if "LogMove" in move:
                extra[way[move["LogMove"]["trace_event_index"]]] += 1
            elif "ModelMove" in move:
                name = self._net.transitions[uuid.UUID(move["ModelMove"]["transition"]).int & _MASK].name
                if name:
                    skipped[name] += 1
        return Aligned(found["cost"], skipped, extra, found["states_visited"])


_MASK = (1 << 64) - 1
_PLACE, _TRANSITION = 1 << 64, 2 << 64


def _id(kind: int, number: int) -> str:
    return str(uuid.UUID(int=kind | number))


def _told(net: Net) -> dict[str, Any]:
    """The net as r4pm takes it."""
    arcs = []
    for number, one in enumerate(net.transitions):
        here = _id(_TRANSITION, number)
        arcs += [("PlaceTransition", [_id(_PLACE, place), here]) for place in one.takes]
        arcs += [("TransitionPlace", [here, _id(_PLACE, place)]) for place in one.gives]
    places = [_id(_PLACE, number) for number in range(net.places)]
    names = {_id(_TRANSITION, number): one.name or None for number, one in enumerate(net.transitions)}
    return {
        "places": {id: {"id": id} for id in places},
        "transitions": {id: {"id": id, "label": name} for id, name in names.items()},
        "arcs": [{"from_to": {"type": kind, "nodes": ends}, "weight": 1} for kind, ends in arcs],
        "initial_marking": {places[SOURCE]: 1},
        "final_markings": [{places[SINK]: 1}],
    }
