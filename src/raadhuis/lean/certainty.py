"""How sure a figure is: intervals of shares, tails of distributions, and what to do when many things are tested.

In: counts. Out: numbers. Always holds: shares and bounds lie between 0 and 1 (differences between -1 and 1); nothing
here needs a library of statistics, which every process that serves pages would pay for.
"""

import math
from collections.abc import Sequence

# The normal quantile that leaves 2,5 % on each side: what is called 95 % sure.
Z95 = 1.959963984540054


def wilson(count: int, of: int) -> tuple[float, float]:
    """The bounds between which a share lies with 95 % (Wilson 1927); (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    share, square = count / of, Z95 * Z95
    middle = share + square / (2 * of)
    reach = Z95 * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    whole = 1 + square / of
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def difference(count: int, of: int, other: int, of_other: int) -> tuple[float, float, float]:
    """The first share minus the second, and its bounds with 95 % (Newcombe 1998, method 10)."""
    first, second = count / of, other / of_other
    (low, high), (low2, high2) = wilson(count, of), wilson(other, of_other)
    down = math.sqrt((first - low) ** 2 + (high2 - second) ** 2)
    up = math.sqrt((high - first) ** 2 + (second - low2) ** 2)
    return first - second, first - second - down, first - second + up


def chi_square_tail(value: float, freedom: int) -> float:
    """How likely a chi-square of so many (whole) degrees of freedom is at least this: the sum is finite and exact
    (Abramowitz and Stegun 1964, 26.4.4 and 26.4.5).
    """
    if value <= 0:
        return 1.0
    half = value / 2
    if freedom % 2:
        found, term = math.erfc(math.sqrt(half)), math.sqrt(half) / math.gamma(1.5) * math.exp(-half)
        for place in range(1, (freedom - 1) // 2 + 1):
            found += term
            term *= half / (place + 0.5)
        return min(found, 1.0)
    found, term = 0.0, math.exp(-half)
    for place in range(1, freedom // 2 + 1):
        found += term
        term *= half / place
    return min(found, 1.0)


def of_table(a: int, b: int, c: int, d: int) -> float:
    """How likely so uneven a table of two by two is when rows and columns have nothing to do with each other: Fisher's
    exact test (1922), both sides.
    """
    row, column, whole = a + b, a + c, a + b + c + d
    low, high = max(0, row + column - whole), min(row, column)
    if high - low > MOST_EXACT:
        return _yates(a, b, c, d)
    logs = [_log_chance(one, row, column, whole) for one in range(low, high + 1)]
    here = logs[a - low]
    return min(1.0, sum(math.exp(one) for one in logs if one <= here + 1e-9))


# Beyond so many possible tables the approximation is as good and much faster.
MOST_EXACT = 2000


def _log_chance(a: int, row: int, column: int, whole: int) -> float:
    return _log_choose(row, a) + _log_choose(whole - row, column - a) - _log_choose(whole, column)  # hypergeometric


def _log_choose(of: int, count: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)


def _yates(a: int, b: int, c: int, d: int) -> float:
    whole = a + b + c + d
    below = (a + b) * (c + d) * (a + c) * (b + d)
    if not below:
        return 1.0
    return chi_square_tail(whole * max(0.0, abs(a * d - b * c) - whole / 2) ** 2 / below, 1)


def adjusted(chances: Sequence[float]) -> list[float]:
    """Each chance as it counts when so many were tested (Benjamini and Hochberg 1995): whoever believes all that are
    at most 0.05 is on average wrong in at most one of twenty that are believed.
    """
    order = sorted(range(len(chances)), key=lambda place: -chances[place])
    found, least = [1.0] * len(chances), 1.0
    for rank, place in enumerate(order):
        least = min(least, chances[place] * len(chances) / (len(chances) - rank))
        found[place] = least
    return found
