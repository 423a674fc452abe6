"""The engine grants only on complete, well-typed facts, and reads every cell as we do."""

import threading
from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from raadhuis.kernel import privacy
from raadhuis.kernel.expressions import UNKNOWN
from raadhuis.kernel.texts import Text
from raadhuis.rules import engine, queries, values
from raadhuis.rules.cells import BadCell, parse
from raadhuis.rules.queries import decide, table_version
from raadhuis.rules.schema import DecisionTable, TableOutput, Undetermined
from rules.tables import PARKING, column, row, tables_and_facts

GOOD = {"buurt": "Centrum", "eigen": True, "eerder": 1}


def one_column(type_: str, cell: Any, **more: object) -> DecisionTable:
    outputs = [TableOutput("result", "text")]
    return DecisionTable("t", Text("t"), [column("x", type_, **more)], outputs, [row("r", {"x": cell}, result="grant")])


def test_a_complete_set_of_facts_is_granted_with_reason_trace_and_why_not() -> None:
    decision = decide(PARKING, {**GOOD, "naam": "komt er niet in"})
    assert decision.outcome == {"result": "grant", "fee": 3200}
    assert not decision.for_person
    assert [(r.row, r.law, r.text.nl) for r in decision.reasons] == [("mag", "awb", "Zo is het.")]
    assert decision.facts == GOOD
    assert decision.trace["engine"]["rows"]["traceData"]["rule"]["_id"] == "1"
    assert decision.not_matched == [
        "vol: eerder is 1, en moet zijn: >= 2",
        "niet-eigen: eigen is ja, en moet zijn: nee",
        "elders: buurt is “Centrum”, en moet zijn: Elders",
    ]
    assert decision.table_version == table_version(PARKING)


def test_only_a_person_refuses_unless_the_law_allows_it() -> None:
    full = {**GOOD, "eerder": 2}
    assert decide(PARKING, full).outcome["result"] == "refuse"
    assert decide(PARKING, full).for_person
    lawful = msgspec.structs.replace(PARKING, refusal_allowed_by="awb")
    assert not decide(lawful, full).for_person
    assert decide(lawful, {**GOOD, "eigen": False}).for_person, "the outcome `person` is never for the machine"


@pytest.mark.parametrize(
    ("fact", "value", "why"),
    [
        ("eerder", None, "missing"),
        ("eerder", UNKNOWN, "missing"),
        ("eerder", "1", "wrong-type"),
        ("eerder", True, "wrong-type"),
        ("eerder", float("nan"), "wrong-type"),
        ("eerder", float("inf"), "wrong-type"),
        ("eerder", [1], "wrong-type"),
        ("eerder", 0.5, "not-allowed"),
        ("eerder", -1, "out-of-range"),
        ("eerder", 100, "out-of-range"),
        ("eerder", 10**30, "out-of-range"),
        ("eerder", -(10**400), "out-of-range"),
        ("eerder", [{1: [10**30, "half \ud800", float("nan")]}], "wrong-type"),
        ("eerder", 0.9999999, "not-allowed"),
        ("eerder", 2.0000004, "not-allowed"),
        ("eigen", 1, "wrong-type"),
        ("eigen", "true", "wrong-type"),
        ("buurt", "", "missing"),
        ("buurt", "centrum", "not-allowed"),
        ("buurt", 3, "wrong-type"),
        ("buurt", "x" * 5000, "out-of-range"),
        ("buurt", "half \ud800", "wrong-type"),
    ],
)
def test_odd_facts_are_not_evaluated(fact: str, value: object, why: str) -> None:
    decision = decide(PARKING, {**GOOD, fact: value})
    assert decision.undetermined == [Undetermined(fact, why)]
    assert decision.for_person
    assert decision.outcome == {}
    assert decision.trace == {}
    assert privacy.encrypt_json("decision", decision.facts), "what came in can be kept with the case"


def test_what_floating_point_adds_is_no_odd_fact() -> None:
    table = one_column("number", ">= 3", decimals=1)
    assert decide(table, {"x": 0.1 + 0.2 + 2.7}).outcome and not decide(table, {"x": 3.0000000001}).for_person


def test_nothing_at_all_is_said_of_every_fact() -> None:
    assert decide(PARKING, {}).undetermined == [Undetermined(c.fact, "missing") for c in PARKING.inputs]


@pytest.mark.parametrize("value", ["2026-02-30", "2026-2-3", "gisteren", datetime(2026, 1, 1), 20260101])
def test_a_date_is_an_iso_date(value: object) -> None:
    assert decide(one_column("date", ">= 2020-01-01"), {"x": value}).undetermined == [Undetermined("x", "wrong-type")]


def test_dates_as_text_and_as_date_are_the_same() -> None:
    table = one_column("date", "[2026-01-01..2026-12-31]")
    assert not decide(table, {"x": "2026-12-31"}).for_person
    assert not decide(table, {"x": date(2026, 1, 1)}).for_person
    assert decide(table, {"x": "2027-01-01"}).undetermined == [Undetermined("t", "no-row")]


def test_a_broken_table_decides_nothing() -> None:
    decision = decide(one_column("number", ">= veel"), {"x": 3})
    assert decision.for_person
    assert decision.undetermined == [Undetermined("t", "table-invalid")]


@pytest.mark.parametrize("text", ['" or true or $ == "', "'", '\\"', "${1}", "%22;", "a\nb", '") or ($ != "'])
def test_a_text_in_a_cell_is_never_code(text: str) -> None:
    cell = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    table = one_column("text", cell)
    assert not decide(table, {"x": text}).for_person
    assert decide(table, {"x": "iets anders"}).for_person
    assert decide(table, {"x": values.for_engine(text + "'")}).for_person


def test_an_unquoted_text_is_taken_as_it_stands() -> None:
    assert not decide(one_column("text", "Nieuwe Markt, noord"), {"x": "Nieuwe Markt, noord"}).for_person


@settings(max_examples=300, deadline=None)
@given(tables_and_facts())
def test_the_engine_and_our_own_evaluation_agree(drawn: tuple[DecisionTable, list[dict]]) -> None:
    table, many = drawn
    ready = engine.compiled(table)
    for facts in many:
        usable = {c.fact: values.for_input(facts[c.fact], c) for c in table.inputs}
        ours = queries.matching(ready, usable)
        numbers, _ = ready.rows(usable)
        assert numbers == (ours[:1] if table.hit == "first" else ours)
        decision = decide(table, facts)
        assert decision.for_person is (not ours)
        assert [r.row for r in decision.reasons] == [f"r{n}" for n in numbers]


def test_collect_gives_all_rows_and_grants_only_when_all_do() -> None:
    table = msgspec.structs.replace(PARKING, hit="collect", rows=[*PARKING.rows, row("ook", {}, result="person")])
    decision = decide(table, GOOD)
    assert [o["result"] for o in decision.collected] == ["grant", "person"]
    assert decision.outcome == decision.collected[0]
    assert decision.for_person


def test_a_routing_table_decides_on_nobody() -> None:
    table = DecisionTable(
        "wie", Text("Wie"), [column("x", "number")], [TableOutput("team", "text")], [row("a", {}, team="groen")]
    )
    assert not decide(table, {"x": 3}).for_person
    assert decide(table, {"x": 3}).outcome == {"team": "groen"}


def test_a_version_tells_tables_apart_and_the_cache_is_bounded() -> None:
    versions = set()
    for number in range(engine.MAX_CACHED + 20):
        table = one_column("number", number)
        versions.add(table_version(table))
        assert not decide(table, {"x": number}).for_person
    assert len(versions) == engine.MAX_CACHED + 20
    assert len(engine._cache) <= engine.MAX_CACHED
    assert table_version(one_column("number", 1)) == table_version(one_column("number", 1))


def test_threads_share_tables() -> None:
    seen: list[str] = []

    def work(n: int) -> None:
        seen.extend(decide(PARKING, {**GOOD, "eerder": (n + i) % 3}).reasons[0].row for i in range(200))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 800
    assert set(seen) == {"mag", "vol"}


@pytest.mark.parametrize(
    ("cell", "type_"),
    [
        (">= 2", "text"),
        ("2 3", "number"),
        ("1.000,50", "number"),
        ("[5..1]", "number"),
        ("(1..1)", "number"),
        ('"a" "b"', "text"),
        ('"a', "text"),
        ('"a",', "text"),
        ("not()", "number"),
        ("true", "boolean"),
        (1, "boolean"),
        (True, "number"),
        ("3 januari", "date"),
        ("", "text"),
    ],
)
def test_a_cell_that_is_no_cell_says_so(cell: Any, type_: Any) -> None:
    with pytest.raises(BadCell):
        parse(cell, type_)
