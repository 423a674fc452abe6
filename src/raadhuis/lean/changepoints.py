"""Where a row of cases changed: the split after which the mix of categories differs most, and whether that is chance.

In: of each case a category and the block (such as a week) it belongs to, in order of begin. Out: splits, with how
likely so large a difference is by chance. Always holds: the statistic is the largest G (likelihood ratio of two
multinomials against one) over a grid of splits, as for a change in a row of multinomials (Horváth and Serbinowska
1995); its chance comes from shuffling whole blocks, so that it is honest about having looked at every split, and about
cases of one week being alike; after a split both halves are looked at again (binary segmentation: Scott and Knott
1974). One way through a case is one category, as in Maaradji, Dumas, La Rosa and Ostovar (2015): cases are independent
of each other, the steps of one case are not. The same input gives the same answer: the dice have a seed.
"""

from typing import Any, NamedTuple

import numpy

# Enough for one in two hundred; so many splits are tried, none nearer to an end than so many cases.
SHUFFLES, GRID, FEWEST, MOST_CATEGORIES = 499, 40, 50, 12
FEWEST_BLOCKS, MOST_SPLITS = 20, 6
_SEED = 20_150_831


class Split(NamedTuple):
    """The first case after a change, and how likely it is by chance."""

    at: int
    chance: float


def splits(category: Any, blocks: tuple[Any, ...], most: float) -> list[Split]:
    """All splits with a chance of at most `most`, in order. `blocks`: the coarsest first; of each stretch the first
    with FEWEST_BLOCKS different blocks is shuffled, or else the cases themselves.
    """
    found: list[Split] = []
    _split(pooled(category), blocks, 0, most, found)
    return sorted(found)[:MOST_SPLITS]


def pooled(category: Any) -> Any:
    """Categories as 0, 1, 2 … by size; those beyond MOST_CATEGORIES, and of fewer than ten cases, are one."""
    if not len(category):
        return numpy.zeros(0, dtype=numpy.int64)
    _, coded, counts = numpy.unique(category, return_inverse=True, return_counts=True)
    rank = numpy.empty(len(counts), dtype=numpy.int64)
    rank[numpy.argsort(-counts, kind="stable")] = numpy.arange(len(counts))
    large = min(MOST_CATEGORIES, int((counts >= 10).sum()))
    return numpy.minimum(rank[coded], large)


def quartiles(value: Any) -> Any:
    """In which quarter of all values each lies, 0 to 3."""
    return numpy.searchsorted(numpy.quantile(value, [0.25, 0.5, 0.75]), value, side="left") if len(value) else value


def _split(category: Any, blocks: tuple[Any, ...], offset: int, most: float, found: list[Split]) -> None:
    if len(category) < 2 * FEWEST or len(found) >= MOST_SPLITS:
        return
    at, chance = _likeliest(category, _block(blocks, len(category)))
    if chance > most:
        return
    found.append(Split(offset + at, chance))
    _split(category[:at], tuple(one[:at] for one in blocks), offset, most, found)
    _split(category[at:], tuple(one[at:] for one in blocks), offset + at, most, found)


def _block(blocks: tuple[Any, ...], count: int) -> Any:
    for one in blocks:
        coded = numpy.unique(one, return_inverse=True)[1]
        if coded.max() + 1 >= FEWEST_BLOCKS:
            return coded
    return numpy.arange(count)


def _likeliest(category: Any, block: Any) -> tuple[int, float]:
    """The split of the largest G, and in which part of all shuffles one is as large."""
    count = len(category)
    grid = numpy.unique(numpy.linspace(FEWEST, count - FEWEST, GRID).astype(numpy.int64))
    part = numpy.searchsorted(grid, numpy.arange(count), side="right")
    kinds = int(category.max()) + 1
    seen = _largest(category, part, grid, kinds)
    dice = numpy.random.default_rng(_SEED)
    blocks = int(block.max()) + 1
    as_large = 0
    for _ in range(SHUFFLES):
        order = numpy.argsort(dice.permutation(blocks)[block], kind="stable")
        as_large += _largest(category[order], part, grid, kinds)[1] >= seen[1] - 1e-9
    return int(grid[seen[0]]), (1 + as_large) / (1 + SHUFFLES)


def _largest(category: Any, part: Any, grid: Any, kinds: int) -> tuple[int, float]:
    """Which split of the grid has the largest G, and that G."""
    counts = numpy.bincount(part * kinds + category, minlength=(len(grid) + 1) * kinds).reshape(-1, kinds)
    left = numpy.cumsum(counts, axis=0)[:-1].astype(numpy.float64)
    whole = counts.sum(axis=0).astype(numpy.float64)
    before, after = left.sum(axis=1), whole.sum() - left.sum(axis=1)
    value = _weighed(left).sum(axis=1) + _weighed(whole - left).sum(axis=1) - _weighed(before) - _weighed(after)
    place = int(numpy.argmax(value))
    return place, float(value[place])


def _weighed(count: Any) -> Any:
    """x ln x, 0 for 0: G is twice the sum of these, but for what no shuffle changes."""
    return count * numpy.log(numpy.maximum(count, 1))
