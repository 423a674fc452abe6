"""The inductive miner with what is rare left out: IMf (Leemans, Fahland and Van der Aalst 2013 and 2014).

In: Traces, the names of the activities by number, and how much is noise. Out: a Tree.
Always holds: without noise every case of the log fits the tree; each activity of the log is at most one leaf; the same
log gives the same tree. The search is bounded by EFFORT and DEEPEST: what lies beyond is drawn as "anything, in any
order", and said to be.
"""

from collections.abc import Sequence

from raadhuis.lean.discovery import cuts, fallthroughs, splits
from raadhuis.lean.discovery.graph import counted, graph_of, mask_of, without_noise
from raadhuis.lean.discovery.schema import SILENT, Operator, Tree
from raadhuis.lean.discovery.traces import Traces, merged

EFFORT = 40_000
"""So many activities may be tried to be taken out, in all: a second or two."""
DEEPEST = 150
"""So deep a model is read by nobody; and Python has an end to its stack."""


class Miner:
    """One search. `stopped`: a part of the tree is cruder than the papers have it."""

    def __init__(self, names: Sequence[str], noise: float) -> None:
        self._names, self._noise = names, noise
        self._effort = EFFORT
        self.stopped = False

    def mine(self, log: Traces) -> Tree:
        """The tree of a log."""
        return folded(self._mine(merged(log), 0))

    def _mine(self, log: Traces, deep: int) -> Tree:
        if not len(log.starts):
            return SILENT
        if log.empty > self._noise * log.cases:
            return Tree("choice", children=(SILENT, self._mine(log._replace(empty=0), deep + 1)))
        log = log._replace(empty=0)
        if len(log.steps) == 1:
            return Tree("activity", self._names[int(log.steps[0])])
        if deep > DEEPEST:
            self.stopped = True
            return self._anything(log)
        return self._cut(log, deep) or self._fallen(log, deep) or self._anything(log)

    def _cut(self, log: Traces, deep: int) -> Tree | None:
        found = counted(log)
        within = mask_of(log.steps)
        cut = cuts.find(graph_of(found, within))
        if cut is None and self._noise:
            cut = cuts.find(graph_of(without_noise(found, self._noise), within))
        if cut is None:
            return None
        return _tree(cut.operator, [self._mine(piece, deep + 1) for piece in splits.split(log, cut)])

    def _fallen(self, log: Traces, deep: int) -> Tree | None:
        graph = graph_of(counted(log), mask_of(log.steps))
        found = fallthroughs.once_in_each(log, graph)
        many = graph.within.bit_count()
        if found is None and many > 1:
            if self._effort < many:
                self.stopped = True
            else:
                self._effort -= many
                found = fallthroughs.beside_all(log, graph)
        found = found or fallthroughs.rounds(log, graph) or fallthroughs.starts_again(log, graph)
        if found is None:
            return None
        return _tree(found.operator, [SILENT if one is None else self._mine(one, deep + 1) for one in found.pieces])

    def _anything(self, log: Traces) -> Tree:
        leaves = [Tree("activity", self._names[one]) for one in fallthroughs.anything(log)]
        done = leaves[0] if len(leaves) == 1 else Tree("choice", children=tuple(leaves))
        return Tree("loop", children=(done, SILENT))


def _tree(operator: Operator, children: list[Tree]) -> Tree:
    if operator == "loop" and len(children) > 2:
        children = [children[0], Tree("choice", children=tuple(children[1:]))]
    return Tree(operator, children=tuple(children))


def folded(tree: Tree) -> Tree:
    """The same language with fewer nodes: a sequence in a sequence is one sequence, and so of choice and parallel;
    silent steps in a row or beside others, and a second silent choice, say nothing.
    """
    if not tree.children:
        return tree
    children: list[Tree] = []
    for one in map(folded, tree.children):
        children += one.children if one.operator == tree.operator != "loop" else [one]
    if tree.operator in {"sequence", "parallel"}:
        children = [one for one in children if one != SILENT]
    if tree.operator == "choice" and SILENT in children:
        children = [SILENT, *(one for one in children if one != SILENT)]
    if len(children) < 2:
        return children[0] if children else SILENT
    return Tree(tree.operator, children=tuple(children))
