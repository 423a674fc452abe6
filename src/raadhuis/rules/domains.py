"""The facts that matter to a table: every combination that its cells can tell apart, each with one example.

In: a compiled table. Out: Regions. Always holds: two facts that no cell tells apart are one; so gaps and shadowed rows
are found without trying every number. Method: Pollack, "Analysis of the decision rules in decision tables" (1963),
with a bit for each row, so that the rows that match a combination are the AND of its columns.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any, Final

import msgspec

from raadhuis.rules.cells import Test
from raadhuis.rules.schema import DecisionTable, TableInput
from raadhuis.rules.values import DECIMALS, MAX_FRACTION, MAX_WHOLE, Refused, Value, for_input

MAX_COMBINATIONS: Final = 200_000
OTHER: Final = "een andere waarde"


class Region(msgspec.Struct, frozen=True):
    """Facts that the table cannot tell apart: one example, and the rows that match (bit n for row n)."""

    example: dict[str, Value]
    rows: int


class TooLarge(Exception):
    """There are more combinations than MAX_COMBINATIONS."""


def regions(table: DecisionTable, tests: list[dict[str, Test]]) -> Iterator[Region]:
    """Every region of the table's facts. Raises TooLarge before the first one."""
    columns = [_column(column, tests) for column in table.inputs]
    if math.prod(len(column) for column in columns) > MAX_COMBINATIONS:
        raise TooLarge
    names = [column.fact for column in table.inputs]
    everything = (1 << len(tests)) - 1

    def walk() -> Iterator[Region]:
        for combination in product(*columns):
            rows = everything
            for _, mask in combination:
                rows &= mask
            yield Region(dict(zip(names, (value for value, _ in combination), strict=True)), rows)

    return walk()


def examples(column: TableInput, tests: list[Test]) -> list[Value]:
    """Values of a column such that every test, and every mixture of tests, is seen to hold and to fail if it can."""
    points = list(dict.fromkeys(point for test in tests for point in test.points()))
    candidates: list[Value]
    if column.type == "boolean":
        candidates = [True, False]
    elif column.type == "text":
        candidates = [*column.values] or [*points, _other(points)]
    elif column.type == "number":
        candidates = [*_numbers(column, points)]
    else:
        candidates = [*_dates(points)]
    return [value for value in dict.fromkeys(candidates) if _allowed(value, column)]


def _allowed(value: Value, column: TableInput) -> bool:
    try:
        return for_input(value, column) == value
    except Refused:
        return False


def _other(points: list[Value]) -> str:
    name = OTHER
    while name in points:
        name += "…"
    return name


def _numbers(column: TableInput, points: list[Value]) -> Iterator[Value]:
    decimals = min(max(column.decimals, 0), DECIMALS)
    step = 10**-decimals if decimals else 1
    limit = MAX_FRACTION if decimals else MAX_WHOLE
    low = -limit if column.at_least is None else column.at_least
    high = limit if column.at_most is None else column.at_most
    bounds = [low, high] if not points else [bound for bound in (column.at_least, column.at_most) if bound is not None]
    for point in [*points, *bounds]:
        if isinstance(point, int | float) and not isinstance(point, bool):
            below, above = math.floor(point / step) * step, math.ceil(point / step) * step
            # Whole neighbours too: above MAX_FRACTION there are no others.
            for value in (below - step, below, above, above + step, math.floor(point) - 1, math.ceil(point) + 1):
                rounded = round(value, decimals)
                yield int(rounded) if float(rounded).is_integer() else rounded


def _dates(points: list[Value]) -> Iterator[Value]:
    for point in points or [date(2000, 1, 1)]:
        if isinstance(point, date):
            for days in (-1, 0, 1):
                if date.min < point < date.max:
                    yield point + timedelta(days=days)


def _column(column: TableInput, tests: list[dict[str, Test]]) -> list[tuple[Value, int]]:
    """(example, rows whose cell in this column holds) for each set of rows that some value can give."""
    found: dict[int, Value] = {}
    for value in examples(column, [row[column.fact] for row in tests if column.fact in row]):
        mask = 0
        for number, row in enumerate(tests):
            test = row.get(column.fact)
            if test is None or test.holds(value):
                mask |= 1 << number
        found.setdefault(mask, value)
    return [(value, mask) for mask, value in found.items()]


def as_facts(example: Mapping[str, Value]) -> dict[str, Any]:
    """An example as facts to decide on."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in example.items()}
