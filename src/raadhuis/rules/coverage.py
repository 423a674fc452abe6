"""Gaps and overlaps of a decision table, each with a concrete example of facts.

In: a table whose cells can be read. Out: Findings: facts without a row, rows that no facts reach, and rows whose order
decides. Always holds: exact for every table that is small enough, and it says so when one is not.
"""

from collections.abc import Iterator

from raadhuis.rules import cells, domains
from raadhuis.rules.cells import Test
from raadhuis.rules.schema import DecisionTable, Finding, TableRow
from raadhuis.rules.values import Value

MAX_GAPS = 5
Example = dict[str, Value]


class _Seen:
    """What walking all regions shows: rows are bits. `above` holds, for a row, those that came before it somewhere."""

    def __init__(self, table: DecisionTable) -> None:
        self._table = table
        self.gaps: list[Example] = []
        self.gap_count = 0
        self.ever = 0
        self.first = 0
        self.above: dict[int, int] = {}
        self.overlaps: dict[tuple[int, int], Example] = {}

    def add(self, region: domains.Region) -> None:
        if not region.rows:
            self.gap_count += 1
            if len(self.gaps) < MAX_GAPS:
                self.gaps.append(region.example)
            return
        lowest = region.rows & -region.rows
        self.ever |= region.rows
        self.first |= lowest
        winner, rest = lowest.bit_length() - 1, region.rows & ~lowest
        while rest:
            loser = (rest & -rest).bit_length() - 1
            rest &= rest - 1
            self.above[loser] = self.above.get(loser, 0) | lowest
            if self._table.rows[winner].then != self._table.rows[loser].then:
                self.overlaps.setdefault((winner, loser), region.example)


def coverage(table: DecisionTable) -> list[Finding]:
    """Gaps, rows that are never reached, and overlaps. Raises BadCell when a cell cannot be read."""
    types = {column.fact: column.type for column in table.inputs}
    tests = [{fact: cells.parse(cell, types[fact]) for fact, cell in row.when.items()} for row in table.rows]
    seen = _Seen(table)
    try:
        for region in domains.regions(table, tests):
            seen.add(region)
    except domains.TooLarge:
        message = (
            f"Deze tabel onderscheidt meer dan {domains.MAX_COMBINATIONS} combinaties; gaten en dubbele rijen zijn "
            "niet gezocht. Splits de tabel, of geef kolommen minder waarden."
        )
        return [Finding("table-too-large", "rows", message, "warning")]
    dead = {number: said for number, row in enumerate(table.rows) if (said := _dead(table, row, number, seen))}
    found = [*_gaps(seen), *dead.values()]
    if table.hit == "first":
        found += _overlaps(table, tests, seen, set(dead))
    return found


def _dead(table: DecisionTable, row: TableRow, number: int, seen: _Seen) -> Finding | None:
    bit = 1 << number
    if not seen.ever & bit:
        message = (
            f"Rij {row.id} kan nooit gelden: geen combinatie van feiten past erop. Haal haar weg of verbeter haar."
        )
        return Finding("row-unreachable", f"rows.{number}", message)
    if table.hit == "first" and not seen.first & bit:
        above = ", ".join(other.id for n, other in enumerate(table.rows) if seen.above[number] >> n & 1)
        message = f"Rij {row.id} wordt nooit bereikt: {above} gaat altijd voor. Zet haar hoger of haal haar weg."
        return Finding("row-shadowed", f"rows.{number}", message)
    return None


def _gaps(seen: _Seen) -> Iterator[Finding]:
    for example in seen.gaps:
        others = seen.gap_count - len(seen.gaps)
        more = f" (en nog {others} andere)" if others and example is seen.gaps[-1] else ""
        message = f"Geen rij voor: {_words(example)}{more}. Zo’n aanvraag gaat naar een medewerker; voeg een rij toe."
        yield Finding("table-gap", "rows", message)


def _words(example: Example) -> str:
    return ", ".join(f"{fact} = {cells.as_words(value)}" for fact, value in example.items())


def _overlaps(table: DecisionTable, tests: list[dict[str, Test]], seen: _Seen, dead: set[int]) -> Iterator[Finding]:
    """Two rows that share some facts, neither an exception to the other, with different outcomes: the order decides."""
    for (upper, lower), example in seen.overlaps.items():
        if upper in dead or lower in dead or _narrower(tests[upper], tests[lower]):
            continue
        message = (
            f"Rij {table.rows[upper].id} en rij {table.rows[lower].id} gelden allebei voor: {_words(example)}, met "
            "een andere uitkomst. Nu wint de bovenste. Is dat de bedoeling?"
        )
        yield Finding("rows-overlap", f"rows.{lower}", message, "warning")


def _narrower(upper: dict[str, Test], lower: dict[str, Test]) -> bool:
    """Whether the upper row is plainly an exception to the lower: it asks everything that the lower one asks."""
    return all(upper.get(fact) == test for fact, test in lower.items())
