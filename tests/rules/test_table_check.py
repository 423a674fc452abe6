"""A table is checked before anybody is decided on: gaps, dead rows, overlaps, types, reasons."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from raadhuis.kernel.texts import Text
from raadhuis.rules import cells, domains, values
from raadhuis.rules.check import findings
from raadhuis.rules.queries import decide
from raadhuis.rules.schema import DecisionTable, TableOutput
from rules.tables import PARKING, SAID, column, row, tables_and_facts


def codes(table: DecisionTable) -> list[tuple[str, str]]:
    return [(f.code, f.path) for f in findings(table)]


def changed(**more: Any) -> DecisionTable:
    return msgspec.structs.replace(PARKING, **more)


def rows(*more: Any) -> DecisionTable:
    return changed(rows=[*PARKING.rows, *more])


def test_a_good_table_has_no_findings() -> None:
    assert findings(PARKING) == []


def test_a_gap_comes_with_facts_that_indeed_have_no_row() -> None:
    table = changed(rows=[r for r in PARKING.rows if r.id != "niet-eigen"])
    gaps = [f for f in findings(table) if f.code == "table-gap"]
    assert gaps
    assert all("eigen = nee" in gap.message and "Elders" not in gap.message for gap in gaps)
    assert decide(table, {"buurt": "Centrum", "eigen": False, "eerder": 0}).undetermined[0].why == "no-row"


def test_whole_numbers_have_no_gap_between_neighbours_and_decimals_do() -> None:
    def table(decimals: int) -> DecisionTable:
        made = [row("a", {"x": "<= 1"}, result="grant"), row("b", {"x": ">= 2"}, result="person")]
        return DecisionTable(
            "t", SAID, [column("x", "number", decimals=decimals)], [TableOutput("result", "text")], made
        )

    assert codes(table(0)) == []
    assert codes(table(2)) == [("table-gap", "rows")]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (rows(row("x", {"leeftijd": 3}, result="grant", fee=1)), ("cell-unknown-fact", "rows.4.when.leeftijd")),
        (rows(row("x", {"eerder": "veel"}, result="grant", fee=1)), ("cell-unreadable", "rows.4.when.eerder")),
        (rows(row("x", {"buurt": "Utrecht"}, result="grant", fee=1)), ("cell-not-allowed", "rows.4.when.buurt")),
        (rows(row("x", {"eerder": 1.5}, result="grant", fee=1)), ("cell-not-allowed", "rows.4.when.eerder")),
        (rows(row("mag", {}, result="grant", fee=1)), ("duplicate-id", "rows.4")),
        (rows(row("x", {}, result="ja", fee=1)), ("output-not-allowed", "rows.4.then.result")),
        (rows(row("x", {}, result="grant", fee="veel")), ("output-type", "rows.4.then.fee")),
        (rows(row("x", {}, result="grant", kleur="rood")), ("output-unknown", "rows.4.then.kleur")),
        (rows(row("x", {}, fee=1)), ("output-missing", "rows.4.then")),
        (rows(row("x", {}, law="", result="refuse", fee=1)), ("refuse-without-law", "rows.4")),
        (rows(row("x", {}, law="", result="grant", fee=1)), ("row-without-law", "rows.4")),
        (rows(row("x", {"buurt": "Centrum"}, result="person", fee=1)), ("row-shadowed", "rows.4")),
        (rows(row("x", {"eerder": "> 99"}, result="person", fee=1)), ("row-unreachable", "rows.4")),
        (changed(rows=[]), ("table-empty", "rows")),
        (changed(title=Text("Parkeren")), ("missing-translation", "title")),
        (changed(inputs=[*PARKING.inputs, column("y", "boolean")]), ("input-unused", "inputs.3")),
        (changed(inputs=[*PARKING.inputs, column("y", "boolean", at_least=1)]), ("input-bounds", "inputs.3")),
        (
            changed(rows=[msgspec.structs.replace(PARKING.rows[0], reason=Text(""))]),
            ("row-without-reason", "rows.0.reason"),
        ),
    ],
)
def test_what_is_wrong_is_found_where_it_is(table: DecisionTable, expected: tuple[str, str]) -> None:
    assert expected in codes(table)


def test_an_exception_above_its_rule_is_no_overlap_and_a_crossing_is() -> None:
    inputs, outputs = [column("a", "boolean"), column("b", "boolean")], [TableOutput("result", "text")]
    exception = [row("e", {"a": True}, result="person"), row("rest", {}, result="grant")]
    assert codes(DecisionTable("t", SAID, inputs, outputs, exception)) == [("input-unused", "inputs.1")]
    crossing = [
        row("e", {"a": True}, result="person"),
        row("f", {"b": True}, result="grant"),
        row("r", {}, result="person"),
    ]
    assert codes(DecisionTable("t", SAID, inputs, outputs, crossing)) == [("rows-overlap", "rows.1")]


def test_a_table_with_too_many_combinations_says_so() -> None:
    inputs = [column(f"x{n}", "number") for n in range(20)]
    made = [row(f"r{n}", {f"x{n}": n}, result="grant") for n in range(20)]
    table = DecisionTable("t", SAID, inputs, [TableOutput("result", "text")], made)
    assert codes(table) == [("table-too-large", "rows")]


@settings(max_examples=150, deadline=None)
@given(tables_and_facts())
def test_regions_tell_the_truth(drawn: tuple[DecisionTable, list[dict]]) -> None:
    """Each region's example matches exactly its rows; and any facts fall in a region with the same rows."""
    table, many = drawn
    tests = [
        {f: cells.parse(c, next(i.type for i in table.inputs if i.fact == f)) for f, c in r.when.items()}
        for r in table.rows
    ]

    def mask(facts: dict[str, Any]) -> int:
        return sum(1 << n for n, t in enumerate(tests) if all(test.holds(facts[f]) for f, test in t.items()))

    found = list(domains.regions(table, tests))
    assert all(mask(region.example) == region.rows for region in found)
    for facts in many:
        usable = {c.fact: values.for_input(facts[c.fact], c) for c in table.inputs}
        assert mask(usable) in {region.rows for region in found}
