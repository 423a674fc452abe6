"""What slow cases have more often than others.

In: the id of a log and a Filter. Out: a Slow. Always holds: slow is the slowest quarter of the cases that are over;
only what stands out after correction for how much was tested is given (Benjamini and Hochberg 1995, 5 in 100 false); it
says what goes together, never what causes it.
"""

from uuid import UUID

import msgspec

from raadhuis.lean import queries, traits
from raadhuis.lean.certainty import adjusted, difference, of_table
from raadhuis.lean.schema import Filter

# Below so many cases nothing but chance would be told.
FEWEST_CASES, FALSE, LEAST_DIFFERENCE, MOST_SHOWN = 40, 0.05, 0.05, 25


class Factor(msgspec.Struct, frozen=True):
    """Of the `cases` with this trait `slow` are slow, of the `others` `slow_others`. `difference` of the two shares and
    its bounds (Newcombe 1998, 95 %); `lift`: how many times as often as all cases; `chance`: how likely so large a
    difference is by chance (Fisher 1922), as it counts when so much was tested.
    """

    kind: str
    key: str
    value: str
    cases: int
    slow: int
    others: int
    slow_others: int
    difference: float
    low: float
    high: float
    lift: float
    chance: float


class Slow(msgspec.Struct, frozen=True):
    """`bound_us`: cases that took longer are slow; None when all take as long, or there are too few. `factors`: what
    slow cases have more often (largest difference first); `quick`: less often; `tested`: how many traits were.
    """

    cases: int
    slow: int
    bound_us: float | None
    tested: int
    factors: list[Factor]
    quick: list[Factor]


def slow(id: UUID, chosen: Filter = queries.NOTHING) -> Slow:
    """What sets the slowest quarter apart. Raises Absent."""
    run, e, t = queries.asked(id, chosen, told=True)
    over = t.cases.filter(t.cases.closed)
    cases, bound = run.one(over.aggregate(cases=over.count(), bound=over.duration.quantile(0.75)))
    if cases < FEWEST_CASES or bound is None:
        return Slow(cases, 0, None, 0, [], [])
    marked = over.select("case", mark=over.duration > bound)
    (many,) = run.one(marked.aggregate(slow=marked.mark.cast("int64").sum()))
    if not many:
        return Slow(cases, 0, None, 0, [], [])
    service = any(key == "service" for key, _ in chosen.attributes)
    # A version says something within one service alone.
    skip = frozenset() if service else frozenset({"service_version"})
    found = traits.counted(run, t, marked, queries.large_teams(run, e), skip)
    factors = _factors(found, cases, int(many))
    return Slow(
        cases,
        int(many),
        float(bound),
        len(found),
        [one for one in factors if one.difference > 0][:MOST_SHOWN],
        [one for one in reversed(factors) if one.difference < 0][:MOST_SHOWN],
    )


def _factors(found: list[traits.Counted], cases: int, many: int) -> list[Factor]:
    """Those that stand out, the largest difference first."""
    chances = [of_table(one.marked, one.all - one.marked, many - one.marked, cases - one.all - many + one.marked)
               for one in found]  # fmt: skip
    factors = []
    for one, chance in zip(found, adjusted(chances), strict=True):
        rest = cases - one.all
        apart, low, high = difference(one.marked, one.all, many - one.marked, rest)
        if chance <= FALSE and abs(apart) >= LEAST_DIFFERENCE:
            lift = one.marked / one.all / (many / cases)
            counts = (one.all, one.marked, rest, many - one.marked)
            factors.append(Factor(*one.trait, *counts, apart, low, high, lift, chance))
    factors.sort(key=lambda one: (-one.difference, one.kind, one.key, one.value))
    return factors
