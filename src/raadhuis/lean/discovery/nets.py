"""A process tree as a Petri net that accepts: where a case is, and which steps it may take (Van der Aalst 2016, 3.2.8).

In: a Tree. Out: a Net. Always holds: a case begins with one token in SOURCE and is over with one in SINK alone, which
can be reached from wherever a case can come (the net is sound, and safe).
"""

import msgspec

from raadhuis.lean.discovery.schema import Tree

SOURCE, SINK = 0, 1


class Transition(msgspec.Struct, frozen=True):
    """Takes a token of each of `takes` and gives one to each of `gives`. No `name`: it is silent."""

    name: str
    takes: tuple[int, ...]
    gives: tuple[int, ...]


class Net(msgspec.Struct, frozen=True):
    """Places are numbers below `places`."""

    places: int
    transitions: list[Transition]


def net_of(tree: Tree) -> Net:
    """The net whose runs are the language of the tree."""
    made = _Building()
    made.add(tree, SOURCE, SINK)
    return _reduced(made.transitions)


class _Building:
    def __init__(self) -> None:
        self.places = 2
        self.transitions: list[Transition] = []

    def _place(self) -> int:
        self.places += 1
        return self.places - 1

    def _step(self, name: str, takes: tuple[int, ...], gives: tuple[int, ...]) -> None:
        self.transitions.append(Transition(name, takes, gives))

    def add(self, tree: Tree, begin: int, end: int) -> None:
        """Everything of `tree`, from one place to the other, which others may use too."""
        if tree.operator in {"activity", "silent"}:
            self._step(tree.name, (begin,), (end,))
        elif tree.operator == "choice":
            for one in tree.children:
                self.add(one, begin, end)
        elif tree.operator == "sequence":
            between = [begin, *(self._place() for _ in tree.children[1:]), end]
            for one, here, there in zip(tree.children, between[:-1], between[1:], strict=True):
                self.add(one, here, there)
        elif tree.operator == "parallel":
            self._add_parallel(tree, begin, end)
        else:
            # Places of its own: who comes back to the begin of a loop may not take another way from there.
            here, there = self._place(), self._place()
            self._step("", (begin,), (here,))
            self.add(tree.children[0], here, there)
            self.add(tree.children[1], there, here)
            self._step("", (there,), (end,))

    def _add_parallel(self, tree: Tree, begin: int, end: int) -> None:
        pairs = [(self._place(), self._place()) for _ in tree.children]
        self._step("", (begin,), tuple(here for here, _ in pairs))
        for one, (here, there) in zip(tree.children, pairs, strict=True):
            self.add(one, here, there)
        self._step("", tuple(there for _, there in pairs), (end,))


class _Links:
    """Which transitions take from, and give to, each place."""

    def __init__(self, transitions: dict[int, Transition]) -> None:
        self.of = transitions
        self.takers: dict[int, set[int]] = {SOURCE: set(), SINK: set()}
        self.givers: dict[int, set[int]] = {SOURCE: set(), SINK: set()}
        for number in transitions:
            self._tie(number)

    def _tie(self, number: int) -> None:
        for place in self.of[number].takes:
            self.takers.setdefault(place, set()).add(number)
        for place in self.of[number].gives:
            self.givers.setdefault(place, set()).add(number)

    def alone(self, place: int) -> bool:
        """Whether one transition gives to it and one other takes from it."""
        giver, taker = self.givers.get(place, set()), self.takers.get(place, set())
        return len(giver) == len(taker) == 1 and giver != taker

    def join(self, place: int, kept: int, gone: int) -> None:
        """Two transitions with `place` between them become one, under the number of `kept`."""
        first, second = self.of[next(iter(self.givers[place]))], self.of[next(iter(self.takers[place]))]
        for number in (kept, gone):
            for one in self.of[number].takes:
                self.takers[one].discard(number)
            for one in self.of[number].gives:
                self.givers[one].discard(number)
        takes = first.takes + tuple(one for one in second.takes if one != place)
        gives = tuple(one for one in first.gives if one != place) + second.gives
        self.of[kept] = Transition(self.of[kept].name, takes, gives)
        del self.of[gone]
        self._tie(kept)


def _reduced(transitions: list[Transition]) -> Net:
    """Without the silent transitions that only pass on what the one before gave, or what the one after takes.

    The language stays (Murata 1989, fusion of series transitions).
    """
    links = _Links(dict(enumerate(transitions)))
    for number in range(len(transitions)):
        one = links.of[number]
        if one.name:
            continue
        if len(one.takes) == 1 and links.alone(one.takes[0]):
            links.join(one.takes[0], next(iter(links.givers[one.takes[0]])), number)
        elif len(one.gives) == 1 and links.alone(one.gives[0]):
            links.join(one.gives[0], next(iter(links.takers[one.gives[0]])), number)
    kept = [links.of[number] for number in sorted(links.of)]
    used = sorted({place for one in kept for place in (*one.takes, *one.gives)} | {SOURCE, SINK})
    place = {old: new for new, old in enumerate(used)}
    renamed = [Transition(t.name, tuple(place[p] for p in t.takes), tuple(place[p] for p in t.gives)) for t in kept]
    return Net(len(used), renamed)
