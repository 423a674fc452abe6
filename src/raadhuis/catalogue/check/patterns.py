"""Patterns of answers: can one be tried on a long answer without taking for ever?

In: a regular expression that must fit a whole answer, and how long an answer can be. Out: how many steps a matcher
may take on it. Always holds: a pattern that is let through takes few; what cannot be judged counts as many.

Python's matcher tries every way in which repetitions can share the characters between them. A repetition that is
followed by something that it cannot itself contain (`[0-9]+,`) has only one way; `(a+)+` has two to the power of the
length.
"""

import math
import re
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

MOST_STEPS: Final = 150_000_000
"""An upper bound, some times what is really done: a matcher takes tens of millions of steps a second."""
_OTHER: Final = 128
_ALL: Final = frozenset(range(_OTHER + 1))
_REPEATS: Final = (names.MAX_REPEAT, names.MIN_REPEAT)
_WITHIN: Final = {names.SUBPATTERN: 3, names.ATOMIC_GROUP: None}
_CATEGORIES: Final = {
    names.CATEGORY_DIGIT: r"\d",
    names.CATEGORY_NOT_DIGIT: r"\D",
    names.CATEGORY_SPACE: r"\s",
    names.CATEGORY_NOT_SPACE: r"\S",
    names.CATEGORY_WORD: r"\w",
    names.CATEGORY_NOT_WORD: r"\W",
}

Characters = frozenset[int]
"""ASCII by number; 128 for all others."""


def steps(pattern: str, longest: int) -> float:
    """How many steps a matcher may need for an answer of `longest` characters. Raises re.error."""
    parsed = parser.parse(pattern)
    any_case = bool(parsed.state.flags & re.IGNORECASE) or "(?i" in pattern
    try:
        return longest * _Counter(max(longest, 1), any_case).sequence(list(parsed), frozenset())
    except (OverflowError, RecursionError):
        return math.inf


class _Counter:
    def __init__(self, longest: int, any_case: bool) -> None:
        self._longest = longest
        self._any_case = any_case

    def sequence(self, nodes: list[Any], after: Characters) -> float:
        """The ways of these nodes one after another, when `after` may follow them."""
        total = 1.0
        for place, node in enumerate(nodes):
            total *= self._one(node, self._start(nodes[place + 1 :], after))
            if total > MOST_STEPS:
                return math.inf
        return total

    def _one(self, node: Any, after: Characters) -> float:
        kind, value = node
        if kind in _REPEATS:
            least, most, inside = value
            return self._repeat(least, most, inside, after)
        if kind is names.BRANCH:
            return self._branch([list(branch) for branch in value[1]], after)
        if kind in _WITHIN:
            place = _WITHIN[kind]
            return self.sequence(list(value if place is None else value[place]), after)
        if kind is names.POSSESSIVE_REPEAT:
            return self.sequence(list(value[2]), _ALL)
        if kind in (names.ASSERT, names.ASSERT_NOT):
            return self.sequence(list(value[1]), _ALL)
        return math.inf if kind is names.GROUPREF_EXISTS else 1

    def _repeat(self, least: int, most: int, inside: Any, after: Characters) -> float:
        nodes = list(inside)
        most = min(int(most), self._longest)
        first = self._start(nodes, frozenset())
        empty = self._may_be_empty(nodes)
        once = self.sequence(nodes, first | after if most > 1 else after)
        if once > 1 or (empty and most > 1):
            return once ** max(most, 1) if not empty else math.inf
        return 1 if not empty and not first & after else max(most - least + 1, 1)

    def _branch(self, branches: list[list[Any]], after: Characters) -> float:
        each = [self.sequence(branch, after) for branch in branches]
        starts = [self._start(branch, after) for branch in branches]
        apart = sum(len(start) for start in starts) == len(frozenset().union(*starts))
        return max(each) if apart else sum(each)

    def _start(self, nodes: list[Any], after: Characters) -> Characters:
        """With which characters these nodes, and what follows them, can begin."""
        found: Characters = frozenset()
        for node in nodes:
            found |= self._first(node)
            if not self._may_be_empty([node]):
                return found
        return found | after

    def _first(self, node: Any) -> Characters:
        kind, value = node
        if kind in _REPEATS or kind is names.POSSESSIVE_REPEAT:
            return self._start(list(value[2]), frozenset())
        if kind is names.BRANCH:
            return frozenset().union(*(self._start(list(branch), frozenset()) for branch in value[1]))
        if kind in _WITHIN:
            place = _WITHIN[kind]
            return self._start(list(value if place is None else value[place]), frozenset())
        if kind in (names.AT, names.ASSERT, names.ASSERT_NOT):
            return frozenset()
        return self._in_any_case(_characters(kind, value))

    def _in_any_case(self, found: Characters) -> Characters:
        if not self._any_case:
            return found
        both = {ord(c) for one in found if one < _OTHER for c in (chr(one).lower(), chr(one).upper())}
        return found | both | {_OTHER}

    def _may_be_empty(self, nodes: list[Any]) -> bool:
        return all(self._is_empty(node) for node in nodes)

    def _is_empty(self, node: Any) -> bool:
        kind, value = node
        if kind in _REPEATS or kind is names.POSSESSIVE_REPEAT:
            return value[0] == 0 or self._may_be_empty(list(value[2]))
        if kind is names.BRANCH:
            return any(self._may_be_empty(list(branch)) for branch in value[1])
        if kind in _WITHIN:
            place = _WITHIN[kind]
            return self._may_be_empty(list(value if place is None else value[place]))
        return kind in (names.AT, names.ASSERT, names.ASSERT_NOT, names.GROUPREF)


def _characters(kind: Any, value: Any) -> Characters:
    if kind is names.LITERAL:
        return frozenset({min(value, _OTHER)})
    if kind is names.NOT_LITERAL:
        return _ALL - ({value} if value < _OTHER else frozenset())
    if kind is names.IN:
        found = frozenset().union(*(_characters(*item) for item in value if item[0] is not names.NEGATE))
        return (_ALL - found) | {_OTHER} if value[0][0] is names.NEGATE else found
    if kind is names.RANGE:
        low, high = value
        return frozenset(range(min(low, _OTHER), min(high, _OTHER) + 1))
    if kind is names.CATEGORY and value in _CATEGORIES:
        return frozenset(n for n in range(_OTHER) if re.fullmatch(_CATEGORIES[value], chr(n))) | {_OTHER}
    return _ALL
