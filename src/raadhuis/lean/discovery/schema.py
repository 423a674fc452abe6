"""The shapes of a model.

Always holds: a Tree with children has an operator of them; a leaf is an activity, or silent (nothing is done). A loop
has two children: what is done, and what happens before it is done again.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

Operator = Literal["activity", "silent", "sequence", "choice", "parallel", "loop"]


class Tree(msgspec.Struct, frozen=True, omit_defaults=True):
    """A process tree (Van der Aalst, Buijs and Van Dongen 2012). `name`: of an activity."""

    operator: Operator
    name: str = ""
    children: tuple["Tree", ...] = ()

    def __str__(self) -> str:
        """As the literature writes it: →(a, ×(τ, b))."""
        if self.operator == "activity":
            return f"'{self.name}'"
        if self.operator == "silent":
            return "τ"
        return f"{SIGNS[self.operator]}({', '.join(str(one) for one in self.children)})"

    def activities(self) -> Iterator[str]:
        """Of its leaves, from left to right."""
        if self.operator == "activity":
            yield self.name
        for one in self.children:
            yield from one.activities()


SIGNS = {"sequence": "→", "choice": "×", "parallel": "∧", "loop": "↺"}
SILENT = Tree("silent")


class Model(msgspec.Struct, frozen=True):
    """What was discovered, of `cases` cases with `noise` (0 to 1) left out.

    `left_out`: how many activities were too rare to be looked at, with `left_steps` of all `steps`; `cases_left` of
    `cases` went ways too rare to be looked at; `simplified`: somewhere the search was stopped, and that part of the
    model allows any order.
    """

    tree: Tree
    noise: float
    cases: int
    steps: int
    left_out: int = 0
    left_steps: int = 0
    cases_left: int = 0
    simplified: bool = False
