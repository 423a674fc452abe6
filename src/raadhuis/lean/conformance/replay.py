"""Token replay: each way is played on the net, and what is missing and what is left over is counted.

In: a Net, and ways. Out: a Replayed for each: tokens produced, consumed, missing and remaining (Rozinat and Van der
Aalst 2008), with silent transitions fired where they make the next step possible (Berti and Van der Aalst 2019).
Always holds: of the silent ways to a step a shortest is taken, looked for backwards from the step, so that what happens
beside it is left alone. A way that fits has nothing missing and nothing remaining where each activity stands once in
the net, as in every tree that was discovered.
"""

from collections.abc import Sequence

import msgspec

from raadhuis.lean.conformance.silent import Silent
from raadhuis.lean.discovery.nets import SINK, SOURCE, Net


class Replayed(msgspec.Struct, frozen=True):
    """Tokens of one way."""

    produced: int
    consumed: int
    missing: int
    remaining: int

    @property
    def fits(self) -> bool:
        return not self.missing and not self.remaining

    @property
    def fitness(self) -> float:
        """From 0 to 1 (Rozinat and Van der Aalst 2008, definition 5)."""
        return 0.5 * (1 - self.missing / self.consumed) + 0.5 * (1 - self.remaining / self.produced)


class Player:
    """A net, ready to be played on."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._named: dict[str, list[int]] = {}
        self._silent = Silent(net)
        for number, one in enumerate(net.transitions):
            if one.name:
                self._named.setdefault(one.name, []).append(number)

    @property
    def looked(self) -> int:
        """How many silent transitions were looked at so far: what replay costs."""
        return self._silent.looked

    def knows(self, way: Sequence[str]) -> bool:
        """Whether the net has every step."""
        return all(name in self._named for name in way)

    def play(self, way: Sequence[str]) -> Replayed:
        """One way. Steps that the net does not know are passed over: they take and give nothing."""
        game = _Game(self._net, self._silent)
        for name in way:
            if name in self._named:
                game.step(self._named[name])
        game.finish()
        return Replayed(game.produced, game.consumed, game.missing, game.remaining)


class _Game:
    def __init__(self, net: Net, silent: Silent) -> None:
        self._net, self._silent = net, silent
        self._tokens = [0] * net.places
        self._tokens[SOURCE] = 1
        self.produced, self.consumed, self.missing, self.remaining = 1, 0, 0, 0

    def step(self, candidates: list[int]) -> None:
        """Fires the transition to which the shortest silent way leads; when there is none, the first by force."""
        best: list[int] | None = None
        chosen = candidates[0]
        for number in candidates:
            found = self._silent.way(self._net.transitions[number].takes, self._tokens)
            if found is not None and (best is None or len(found) < len(best)):
                best, chosen = found, number
        for silent in best or ():
            self._fire(silent)
        self._fire(chosen)

    def finish(self) -> None:
        """Goes to the end, where it can, and takes the token there."""
        for silent in self._silent.way((SINK,), self._tokens) or ():
            self._fire(silent)
        self._take(SINK)
        self.remaining = sum(self._tokens)

    def _fire(self, number: int) -> None:
        one = self._net.transitions[number]
        for place in one.takes:
            self._take(place)
        for place in one.gives:
            self._tokens[place] += 1
            self.produced += 1

    def _take(self, place: int) -> None:
        if self._tokens[place]:
            self._tokens[place] -= 1
        else:
            self.missing += 1
        self.consumed += 1
