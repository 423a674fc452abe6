"""What is wrong with a decision table before anybody is decided on.

In: a DecisionTable. Out: Findings, with paths inside the table (`rows.2.when.age`); none means that every combination
of facts has a row, every row can be reached, and every outcome says why.
Always holds: bounded; when a table has too many combinations to look at, that is a finding too.
"""

from collections.abc import Iterator
from typing import Any

from raadhuis.kernel.texts import Text
from raadhuis.rules import cells
from raadhuis.rules.cells import Test
from raadhuis.rules.coverage import coverage
from raadhuis.rules.schema import DecisionTable, Finding, TableInput, TableOutput, TableRow
from raadhuis.rules.values import DECIMALS, Refused, typed

RESULTS = ("grant", "refuse", "person")


def findings(table: DecisionTable) -> list[Finding]:
    """Everything found, worst first where it matters: cells first, and only when those can be read, gaps and rows."""
    found = [*_shape(table), *_inputs(table), *_cells(table), *_outcomes(table), *_texts(table)]
    if not any(finding.level == "error" for finding in found):
        found += coverage(table)
    return found


def _shape(table: DecisionTable) -> Iterator[Finding]:
    for name, items in (("inputs", [i.fact for i in table.inputs]), ("outputs", [o.name for o in table.outputs])):
        yield from _twice(name, items)
    yield from _twice("rows", [row.id for row in table.rows])
    if not table.rows:
        yield Finding("table-empty", "rows", "De tabel heeft geen rijen. Voeg er ten minste één toe.")
    if not table.outputs:
        yield Finding("table-no-output", "outputs", "De tabel heeft geen uitkomst. Voeg een kolom toe onder outputs.")


def _twice(name: str, items: list[str]) -> Iterator[Finding]:
    for number, item in enumerate(items):
        if item in items[:number]:
            yield Finding("duplicate-id", f"{name}.{number}", f"{item!r} komt twee keer voor. Geef elk een eigen naam.")


def _inputs(table: DecisionTable) -> Iterator[Finding]:
    used = {fact for row in table.rows for fact in row.when}
    for number, column in enumerate(table.inputs):
        path = f"inputs.{number}"
        if column.fact not in used:
            message = f"Geen enkele rij kijkt naar {column.fact!r}. Haal de kolom weg, of gebruik haar."
            yield Finding("input-unused", path, message, "warning")
        if column.values and column.type != "text":
            yield Finding("input-values", f"{path}.values", "Alleen een kolom van type text heeft `values`.")
        bounds = (column.at_least, column.at_most)
        if column.type != "number" and (bounds != (None, None) or column.decimals):
            yield Finding("input-bounds", path, "Alleen een kolom van type number heeft grenzen en decimals.")
        if column.at_least is not None and column.at_most is not None and column.at_least > column.at_most:
            yield Finding("input-bounds", path, "at_least is groter dan at_most: zo past geen enkel getal.")
        if not 0 <= column.decimals <= DECIMALS:
            yield Finding("input-bounds", f"{path}.decimals", f"Kies 0 tot en met {DECIMALS} decimalen.")


def _cells(table: DecisionTable) -> Iterator[Finding]:
    columns = {column.fact: column for column in table.inputs}
    for number, row in enumerate(table.rows):
        for fact, cell in row.when.items():
            path = f"rows.{number}.when.{fact}"
            if fact not in columns:
                known = ", ".join(columns) or "geen"
                message = f"{fact!r} is geen kolom van deze tabel. Er zijn: {known}."
                yield Finding("cell-unknown-fact", path, message)
                continue
            try:
                test = cells.parse(cell, columns[fact].type)
            except cells.BadCell as error:
                yield Finding("cell-unreadable", path, f"De cel {cell!r} klopt niet: {error}.")
                continue
            yield from _cell_values(columns[fact], test, path)


def _cell_values(column: TableInput, test: Test, path: str) -> Iterator[Finding]:
    if column.type == "text" and column.values:
        for value in test.values:
            if value not in column.values:
                known = ", ".join(f'"{v}"' for v in column.values)
                message = f"{cells.as_words(value)} kan {column.fact!r} nooit zijn. Kies uit: {known}."
                yield Finding("cell-not-allowed", path, message)
    if column.type == "number":
        for point in test.points():
            if isinstance(point, float) and round(point, column.decimals) != point and test.values:
                message = f"{point} heeft meer decimalen dan de kolom kent. Zet `decimals` hoger of rond af."
                yield Finding("cell-not-allowed", path, message)


def _outcomes(table: DecisionTable) -> Iterator[Finding]:
    outputs = {output.name: output for output in table.outputs}
    for number, row in enumerate(table.rows):
        for name, value in row.then.items():
            path = f"rows.{number}.then.{name}"
            if name not in outputs:
                yield Finding("output-unknown", path, f"{name!r} staat niet onder outputs.")
            else:
                yield from _outcome(outputs[name], value, path)
        for name in outputs.keys() - row.then.keys():
            if name == "result" or not row.then:
                yield Finding(
                    "output-missing", f"rows.{number}.then", f"De uitkomst {name!r} ontbreekt in rij {row.id}."
                )
        yield from _result(table, row, number)


def _outcome(output: TableOutput, value: Any, path: str) -> Iterator[Finding]:
    try:
        found = typed(value, output.type)
    except Refused:
        yield Finding("output-type", path, f"{value!r} is geen {output.type}, zoals de kolom {output.name!r} vraagt.")
        return
    allowed = RESULTS if output.name == "result" else tuple(output.values)
    if allowed and found not in allowed:
        yield Finding("output-not-allowed", path, f"{value!r} kan niet. Kies uit: {', '.join(allowed)}.")


def _result(table: DecisionTable, row: TableRow, number: int) -> Iterator[Finding]:
    result = row.then.get("result")
    if result is None or row.law:
        return
    path = f"rows.{number}"
    if result == "refuse":
        yield Finding("refuse-without-law", path, f"Rij {row.id} weigert zonder wetsartikel. Noem het onder `law`.")
    elif result == "grant":
        message = f"Rij {row.id} verleent zonder wetsartikel. Noem het onder `law`."
        yield Finding("row-without-law", path, message, "warning")


def _texts(table: DecisionTable) -> Iterator[Finding]:
    yield from _text(table.title, "title")
    for number, column in enumerate(table.inputs):
        yield from _text(column.title, f"inputs.{number}.title")
    for number, row in enumerate(table.rows):
        if not row.reason.nl.strip():
            message = f"Rij {row.id} zegt niet waarom. De aanvrager leest deze zin in het besluit."
            yield Finding("row-without-reason", f"rows.{number}.reason", message)
        else:
            yield from _text(row.reason, f"rows.{number}.reason")


def _text(text: Text, path: str) -> Iterator[Finding]:
    if text.nl.strip() and not text.en.strip():
        yield Finding("missing-translation", path, f"Engels ontbreekt voor “{text.nl[:60]}”. Vul `en` in.", "warning")
