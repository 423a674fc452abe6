"""Which silent transitions lead to a step: the cheapest, looked for between the step and the nearest tokens.

In: a Net, where its tokens are, and the places that need one. Out: transitions in the order of firing, or None.
Always holds: what is fired is enabled when it is its turn; nothing is looked at that lies behind a token. The cost of a
transition is one more than that of what it takes, added up (Knuth, "A generalization of Dijkstra's algorithm",
Information Processing Letters 6, 1977): exact where no two of these share a token.
"""

import heapq
from collections.abc import Sequence

from raadhuis.lean.discovery.nets import Net


class Silent:
    """The silent transitions of a net, by what they give and what they take."""

    def __init__(self, net: Net) -> None:
        self.looked = 0
        """How many transitions were looked at, in all."""
        self.takes = [one.takes for one in net.transitions]
        self.gives = [one.gives for one in net.transitions]
        self._to: list[list[int]] = [[] for _ in range(net.places)]
        self._from: list[list[int]] = [[] for _ in range(net.places)]
        for number, one in enumerate(net.transitions):
            if not one.name:
                for place in one.gives:
                    self._to[place].append(number)
                for place in one.takes:
                    self._from[place].append(number)

    def way(self, places: Sequence[int], tokens: Sequence[int]) -> list[int] | None:
        """What to fire so that each of `places`, all different, has a token. None when that cannot be."""
        needed = [place for place in places if not tokens[place]]
        if not needed:
            return []
        waits, region = self._around(needed, tokens)
        self.looked += len(waits) + 1
        best = self._cheapest(needed, waits, region)
        return None if best is None else self._in_order(places, tokens, best)

    def _around(self, needed: list[int], tokens: Sequence[int]) -> tuple[dict[int, int], set[int]]:
        """Transitions that may help, with how many places each waits for, and the places without a token on the way."""
        waits: dict[int, int] = {}
        region, ahead = set(needed), list(needed)
        while ahead:
            for number in self._to[ahead.pop()]:
                if number in waits:
                    continue
                empty = [place for place in self.takes[number] if not tokens[place]]
                waits[number] = len(empty)
                for place in empty:
                    if place not in region:
                        region.add(place)
                        ahead.append(place)
        return waits, region

    def _cheapest(self, needed: list[int], waits: dict[int, int], region: set[int]) -> dict[int, int] | None:
        """By place: the transition that gives it a token at the least cost; None when a needed place gets none."""
        best: dict[int, int] = {}
        cost = dict.fromkeys(waits, 1)
        ready = [(1, number) for number, left in waits.items() if not left]
        heapq.heapify(ready)
        left = set(needed)
        while ready and left:
            spent, number = heapq.heappop(ready)
            for place in self.gives[number]:
                if place not in region or place in best:
                    continue
                best[place] = number
                left.discard(place)
                for other in self._from[place]:
                    if other in waits:
                        waits[other] -= 1
                        cost[other] += spent
                        if not waits[other]:
                            heapq.heappush(ready, (cost[other], other))
        return None if left else best

    def _in_order(self, places: Sequence[int], tokens: Sequence[int], best: dict[int, int]) -> list[int] | None:
        """Each transition after those that it needs. None when two need the same token."""
        held = dict[int, int]()
        fired: list[int] = []
        # A place to be filled, or (as ~number) a transition to be fired once what it takes is there.
        ahead = list(reversed(places))
        while ahead:
            one = ahead.pop()
            if one < 0:
                fired.append(~one)
                for place in self.gives[~one]:
                    held[place] = held.get(place, tokens[place]) + 1
                if len(fired) > len(best):
                    return None
                continue
            if held.get(one, tokens[one]) > 0:
                held[one] = held.get(one, tokens[one]) - 1
            elif one not in best:
                return None
            else:
                # Once fired, this place is looked at again, and taken from.
                ahead += [one, ~best[one], *self.takes[best[one]]]
        return fired
