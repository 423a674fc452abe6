"""Ways held against a net: replayed, aligned, and what deviates counted.

In: a Net and ways with their cases, the most frequent first. Out: a Conformance.
Always holds: the work is bounded by REPLAY and STATES; what there was no time for is said; a way that replays without a
token missing or remaining costs nothing to align.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from raadhuis.lean.conformance.alignments import Aligned, Aligner
from raadhuis.lean.conformance.replay import Player, Replayed
from raadhuis.lean.conformance.schema import Conformance, Deviation
from raadhuis.lean.discovery.nets import Net

REPLAY = 1_000_000
"""Silent transitions looked at, in all: some seconds."""
STATES, STATES_EACH, GIVEN_UP = 400_000, 20_000, 10
"""States searched for alignments, in all and for one way, and ways given up on: some seconds."""
MOST_EXAMPLES, MOST_DEVIATIONS = 3, 200


class Way(NamedTuple):
    """Steps by name, how many cases went so, and one of them by number."""

    steps: Sequence[str]
    cases: int
    example: int


class _Sums:
    """What adds up over ways, weighed by their cases."""

    def __init__(self) -> None:
        self.cases = self.fitting = self.unknown = self.aligned = self.cost = self.not_replayed = 0
        self.fitness = self.aligned_fitness = 0.0
        self.tokens = [0, 0, 0, 0]
        self.deviations: dict[tuple[str, str], tuple[int, int, list[int]]] = {}

    def add_replayed(self, way: Way, found: Replayed) -> None:
        self.fitting += way.cases * found.fits
        self.fitness += way.cases * found.fitness
        for place, tokens in enumerate((found.missing, found.consumed, found.remaining, found.produced)):
            self.tokens[place] += way.cases * tokens

    def add_aligned(self, way: Way, cost: int, longest: int, found: Aligned | None) -> None:
        self.aligned += way.cases
        self.cost += way.cases * cost
        self.aligned_fitness += way.cases * (1 - cost / longest if longest else 1)
        if found is None:
            return
        moved = found.skipped & found.extra
        told = {"order": moved, "skipped": found.skipped - moved, "extra": found.extra - moved}
        for kind, often in told.items():
            for name, times in often.items():
                so_far, cases, examples = self.deviations.get((kind, name), (0, 0, []))
                if len(examples) < MOST_EXAMPLES:
                    examples.append(way.example)
                self.deviations[kind, name] = so_far + times * way.cases, cases + way.cases, examples


def check(
    net: Net, ways: Iterable[Way], called: Callable[[list[int]], dict[int, str]], passed_over: frozenset[str]
) -> Conformance:
    """Replays and aligns each way. `called` gives cases their names; steps of `passed_over` are not looked at."""
    player, aligner, sums = Player(net), Aligner(net), _Sums()
    empty = aligner.align((), STATES_EACH)
    states = given_up = 0
    for way in ways:
        steps = [name for name in way.steps if name not in passed_over]
        sums.cases += way.cases
        sums.unknown += (len(way.steps) - len(steps)) * way.cases
        found = None
        # The first is always played, so that there is something to say.
        if player.looked < REPLAY:
            found = player.play(steps)
            sums.add_replayed(way, found)
        else:
            sums.not_replayed += way.cases
        if empty is None:
            continue
        longest = len(steps) + empty.cost
        if found is not None and found.fits and player.knows(steps):
            sums.add_aligned(way, 0, longest, None)
        elif states < STATES and given_up < GIVEN_UP:
            aligned = aligner.align(steps, STATES_EACH)
            if aligned is None:
                given_up += 1
            else:
                states += aligned.states
                sums.add_aligned(way, aligned.cost, longest, aligned)
    return _told(sums, called, empty.cost if empty else 0)


def _told(sums: _Sums, called: Callable[[list[int]], dict[int, str]], shortest: int) -> Conformance:
    ordered = sorted(sums.deviations.items(), key=lambda one: (-one[1][1], -one[1][0], one[0]))[:MOST_DEVIATIONS]
    names = called(sorted({case for _, (_, _, examples) in ordered for case in examples}))
    missing, consumed, remaining, produced = sums.tokens
    replayed = sums.cases - sums.not_replayed
    return Conformance(
        cases=sums.cases,
        fitting=sums.fitting,
        replay_fitness=sums.fitness / replayed if replayed else 1.0,
        log_fitness=0.5 * (1 - missing / consumed) + 0.5 * (1 - remaining / produced) if produced else 1.0,
        aligned=sums.aligned,
        alignment_fitness=sums.aligned_fitness / sums.aligned if sums.aligned else 1.0,
        cost=sums.cost,
        deviations=[
            Deviation(kind, name, times, cases, [names[case] for case in examples])  # type: ignore[arg-type]
            for (kind, name), (times, cases, examples) in ordered
        ],
        not_replayed=sums.not_replayed,
        not_aligned=sums.cases - sums.aligned,
        steps_unknown=sums.unknown,
        shortest=shortest,
    )
