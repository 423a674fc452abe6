"""How long a case still takes, from what was learned: no library is needed for it, so that any page may ask.

In: a model, the last step of a case, the how manieth it was, and how long ago. Out: a Left, or None when the case has
waited for longer than nearly all before it.
Always holds: a state with too few cases that waited as long gives way to a coarser one (an annotated transition system
with back-off: Van der Aalst, Schonenberg and Song 2011); what has passed since the step counts: only cases that took
longer than that are like this one.
"""

import bisect

from raadhuis.lean.prediction.shapes import COVERS, Left, Model, State

# The how manieth step is told apart up to here; a sample that is left must have so many values.
MOST_NTH, FEWEST_LEFT = 6, 10
States = dict[tuple[str, int], State]


def states_of(model: Model) -> States:
    """The states by what they are of."""
    return {(one.activity, one.nth): one for one in model.states}


def left(states: States, margin_us: int, activity: str, nth: int, waited_us: int) -> Left | None:
    """What is still to go `waited_us` after the last step; None when nothing like it was seen."""
    for key in ((activity, min(nth, MOST_NTH)), (activity, 0), ("", 0)):
        state = states.get(key)
        if state is None:
            continue
        beyond = bisect.bisect_right(state.left, waited_us)
        if len(state.left) - beyond >= FEWEST_LEFT:
            low, middle, high = (_quantile(state.left, beyond, share) - waited_us for share in _SHARES)
            return Left(max(0, low - margin_us), middle, max(middle, high + margin_us))
    return None


_SHARES = ((1 - COVERS) / 2, 0.5, (1 + COVERS) / 2)


def _quantile(ordered: list[int], first: int, share: float) -> int:
    """Linear between neighbours, of what comes from `first` on."""
    place = first + (len(ordered) - 1 - first) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below))
