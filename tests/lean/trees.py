"""Process trees in tests: of logs written as words, and compared by what they say."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from raadhuis.lean.discovery.inductive import Miner, folded
from raadhuis.lean.discovery.schema import SILENT, Tree
from raadhuis.lean.discovery.traces import of_ways

Log = Mapping[tuple[str, ...], int]
WAYS = st.dictionaries(
    st.lists(st.sampled_from("abcdef"), max_size=7).map(tuple), st.integers(1, 9), min_size=1, max_size=8
)


def mined(log: Log, noise: float = 0.0) -> Tree:
    """What the miner finds."""
    names = sorted({step for way in log for step in way})
    place = {name: number for number, name in enumerate(names)}
    return Miner(names, noise).mine(of_ways(([place[step] for step in way], count) for way, count in log.items()))


def words(**counts: int) -> Log:
    """A log of which each letter is a step: words(abc=3); `_` is a case without steps."""
    return {tuple(word.replace("_", "")): count for word, count in counts.items()}


def form(tree: Tree) -> str:
    """The same for trees that differ only in the order of what is a choice or goes side by side."""
    children = [form(one) for one in tree.children]
    if tree.operator in {"choice", "parallel"}:
        children.sort()
    return f"{tree.operator}{tree.name}({','.join(children)})"


def theirs(tree: Any) -> Tree:
    """pm4py's tree as ours."""
    from pm4py.objects.process_tree.obj import Operator

    kinds: Any = {
        Operator.SEQUENCE: "sequence",
        Operator.XOR: "choice",
        Operator.PARALLEL: "parallel",
        Operator.LOOP: "loop",
    }
    if tree.operator is None:
        return Tree("activity", tree.label) if tree.label else SILENT
    return folded(Tree(kinds[tree.operator], children=tuple(theirs(one) for one in tree.children)))
