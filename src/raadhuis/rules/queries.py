"""Deciding: which row of a table holds for these facts, why, and whether a person must look.

In: a DecisionTable and facts by name. Out: a Decision, always; nothing is raised over odd facts or tables.
Always holds (law 7 of the house): only a complete, well-typed set of facts is evaluated; the machine grants, and
refuses only where the table names the law that allows it; in every other case `for_person` is true.
"""

import logging
from collections.abc import Mapping
from typing import Any

from raadhuis.rules import cells, engine, values
from raadhuis.rules.engine import BadTable, Compiled, table_version
from raadhuis.rules.schema import Decision, DecisionTable, Reason, Undetermined
from raadhuis.rules.values import Value

__all__ = ["decide", "table_version"]

log = logging.getLogger(__name__)


def decide(table: DecisionTable, facts: Mapping[str, Any]) -> Decision:
    """What `table` says about `facts` (values by name; what the table does not ask for is left out of the Decision)."""
    kept = {c.fact: values.keepable(facts[c.fact]) for c in table.inputs if facts.get(c.fact) is not None}
    usable, refused = _usable(table, facts)
    if refused:
        return _for_person(table, kept, refused)
    try:
        ready = engine.compiled(table)
        numbers, trace = ready.rows(usable)
    except BadTable as error:
        log.error("table %s cannot be used: %s", table.id, error)
        return _for_person(table, kept, [Undetermined(table.id, "table-invalid")])
    except RuntimeError as error:
        log.error("%s", error)
        return _for_person(table, kept, [Undetermined(table.id, "engine-failed")])
    ours = matching(ready, usable)
    if numbers != (ours[:1] if table.hit == "first" else ours):
        log.error("table %s: the engine chose rows %s, our own evaluation %s", table.id, numbers, ours)
        return _for_person(table, kept, [Undetermined(table.id, "engine-failed")], trace)
    if not numbers:
        why_not = _not_matched(ready, usable, numbers)
        return _for_person(table, kept, [Undetermined(table.id, "no-row")], trace, why_not)
    return _decision(ready, kept, usable, numbers, trace)


def matching(ready: Compiled, facts: Mapping[str, Value]) -> list[int]:
    """The numbers of all rows whose cells hold, by our own evaluation, in order."""
    return [n for n, row in enumerate(ready.tests) if all(test.holds(facts[fact]) for fact, test in row.items())]


def _usable(table: DecisionTable, facts: Mapping[str, Any]) -> tuple[dict[str, Value], list[Undetermined]]:
    usable: dict[str, Value] = {}
    refused = []
    for column in table.inputs:
        try:
            usable[column.fact] = values.for_input(facts.get(column.fact), column)
        except values.Refused as error:
            refused.append(Undetermined(column.fact, error.why))
    return usable, refused


def _for_person(
    table: DecisionTable,
    facts: dict[str, Any],
    undetermined: list[Undetermined],
    trace: dict[str, Any] | None = None,
    not_matched: list[str] | None = None,
) -> Decision:
    return Decision(
        table=table.id,
        table_version=table_version(table),
        facts=facts,
        outcome={},
        reasons=[],
        for_person=True,
        undetermined=undetermined,
        trace=trace or {},
        not_matched=not_matched or [],
    )


def _decision(
    ready: Compiled, kept: dict[str, Any], facts: Mapping[str, Value], numbers: list[int], trace: dict[str, Any]
) -> Decision:
    table = ready.table
    rows = [table.rows[n] for n in numbers]
    outcomes = [dict(row.then) for row in rows]
    return Decision(
        table=table.id,
        table_version=ready.version,
        facts=kept,
        outcome=outcomes[0],
        reasons=[Reason(row.id, row.reason, row.law) for row in rows],
        for_person=not all(_machine_may(table, outcome) for outcome in outcomes),
        collected=outcomes if table.hit == "collect" else [],
        trace=trace,
        not_matched=_not_matched(ready, facts, numbers),
    )


def _machine_may(table: DecisionTable, outcome: Mapping[str, Any]) -> bool:
    """Whether the machine may act on this outcome. A table without `result` (routing) decides on nobody's rights."""
    if not any(output.name == "result" for output in table.outputs):
        return True
    result = outcome.get("result")
    return result == "grant" or (result == "refuse" and bool(table.refusal_allowed_by))


def _not_matched(ready: Compiled, facts: Mapping[str, Value], numbers: list[int]) -> list[str]:
    """One sentence for every row that was not chosen, with the first cell that does not hold."""
    titles = {column.fact: column.title.nl for column in ready.table.inputs}
    said = []
    for number, (row, tests) in enumerate(zip(ready.table.rows, ready.tests, strict=True)):
        if number in numbers:
            continue
        failing = next((fact for fact, test in tests.items() if not test.holds(facts[fact])), None)
        if failing is None:
            said.append(f"{row.id}: geldt ook, maar rij {ready.table.rows[numbers[0]].id} staat hoger")
            continue
        value = cells.as_words(facts[failing])
        said.append(f"{row.id}: {titles[failing]} is {value}, en moet zijn: {_cell_words(row.when[failing])}")
    return said


def _cell_words(cell: Any) -> str:
    return cells.as_words(cell) if isinstance(cell, bool) else str(cell)
