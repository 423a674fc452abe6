"""The example cases of a definition, run: through the form, the facts, the tables, the fee and the tasks.

In: a definition whose expressions are right. Out: findings where the outcome is not what the example expects.
Always holds: an example runs on its own day (`on`); nothing is stored; known data is filled in as intake does it.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import msgspec

from raadhuis.catalogue import facts as form
from raadhuis.catalogue.questions import AnyQuestion, ChoiceQuestion, ChoicesQuestion
from raadhuis.catalogue.schema import Definition, Example
from raadhuis.kernel import clock
from raadhuis.kernel.expressions import parse
from raadhuis.rules.queries import decide
from raadhuis.rules.schema import Decision, DecisionTable, Finding


class Outcome(msgspec.Struct):
    """What an example case leads to. `known` has everything that `expect` may name."""

    known: dict[str, Any]
    pages: list[str] = []
    rows: set[tuple[str, str]] = set()
    problems: list[tuple[str, str, str]] = []
    """(code, path within the example, sentence)."""


def example_findings(definition: Definition) -> Iterator[Finding]:
    """Runs every example; says what differs, and which rows of tables have no example."""
    seen: set[tuple[str, str]] = set()
    for number, example in enumerate(definition.examples):
        path = f"examples.{number}"
        try:
            with _on(example.on):
                outcome = run(definition, example)
        except ValueError:
            yield Finding("example-day", f"{path}.on", f"{example.on!r} is geen dag. Schrijf jjjj-mm-dd.")
            continue
        seen |= outcome.rows
        for code, inner, message in outcome.problems:
            yield Finding(code, f"{path}.{inner}", f"Voorbeeld “{example.name}”: {message}")
        yield from _compare(example, outcome, path)
        if not example.expect and not example.pages:
            message = f"Voorbeeld “{example.name}” verwacht niets, en kan dus niet misgaan. Vul `expect` of `pages` in."
            yield Finding("example-expects-nothing", f"{path}.expect", message, "warning")
    if not definition.examples:
        message = (
            "De dienst heeft geen voorbeelden. Beschrijf er een paar, ook randgevallen: dan blijft zij goed werken."
        )
        yield Finding("no-examples", "id", message, "warning")
    else:
        yield from _rows_without_example(definition, seen)


def _on(day: str) -> contextlib.AbstractContextManager[None]:
    if not day:
        return contextlib.nullcontext()
    noon = datetime.combine(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date(), time(12), clock.AMSTERDAM)
    return clock.at(noon)


def run(definition: Definition, example: Example) -> Outcome:
    """What happens to this example, today."""
    if not example.answers:
        outcome = Outcome({}, problems=[])
        _decide(definition, example.facts, outcome, asked=set(example.facts))
        return outcome
    registers = {name: value for name in ("person", "business") if (value := getattr(example, name))}
    env = {**registers, **example.answers}
    _prefill(definition, env)
    walked = form.walk(definition, env)
    outcome = Outcome({}, [page.id for page, _ in walked.pages], problems=[*_answers(definition, example, walked)])
    known = walked.env | {"earlier_granted": example.earlier_granted}
    found = form.compute_facts(definition, known) | example.facts
    outcome.known["facts"] = found
    _decide(definition, found, outcome)
    if definition.fee:
        lines = definition.fee.lines
        due = [line.cents for line in lines if not line.when or parse(line.when).truth(known) is True]
        outcome.known["fee_cents"] = sum(due)
    everything = {**walked.env, **found}
    tasks = [t for t in definition.tasks if not t.when or parse(t.when).truth(everything) is not False]
    granted = outcome.known.get("result") in {"grant", "refuse"} and outcome.known.get("for_person") is False
    outcome.known["tasks"] = [] if granted else [task.id for task in tasks]
    if definition.cosign:
        when = definition.cosign.when
        outcome.known["cosign"] = not when or parse(when).truth(everything) is not False
    outcome.known["pages"] = outcome.pages
    return outcome


def _prefill(definition: Definition, env: dict[str, Any]) -> None:
    for page in definition.pages:
        for question in page.questions:
            if question.prefill is None or question.id in env:
                continue
            value: Any = env
            for part in question.prefill.source.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if value not in (None, "", [], {}):
                env[question.id] = value


def _answers(definition: Definition, example: Example, walked: form.Walk) -> Iterator[tuple[str, str, str]]:
    """Answers that no question asks, that cannot be given, or that are missing."""
    asked = {question.id: question for _, questions in walked.pages for question in questions}
    all_ids = set(form.plan(definition).questions)
    for name, value in example.answers.items():
        if name not in all_ids:
            yield "example-unknown-answer", f"answers.{name}", f"{name!r} is geen vraag van deze dienst."
        elif name not in asked:
            yield "example-not-asked", f"answers.{name}", f"{name!r} wordt met deze antwoorden niet gevraagd."
        elif wrong := _wrong_option(asked[name], value):
            yield "example-option", f"answers.{name}", f"{wrong!r} is geen optie van {name!r}."
    for page, _ in walked.pages:
        for check in page.checks:
            if parse(check.when).truth(walked.env) is True:
                yield "example-stopped", "answers", f"pagina {page.id} houdt dit tegen: {check.text.nl}"
    for name, question in asked.items():
        if question.required and walked.env.get(name) in (None, "", [], {}):
            yield "example-incomplete", "answers", f"het antwoord op {name!r} ontbreekt."


def _wrong_option(question: AnyQuestion, value: Any) -> Any:
    if not isinstance(question, ChoiceQuestion | ChoicesQuestion) or question.options_from:
        return None
    known = {option.id for option in question.options}
    chosen = value if isinstance(value, list) else [value]
    return next((item for item in chosen if item not in known), None)


def _table(definition: Definition, id_: str) -> DecisionTable | None:
    return next((table for table in definition.tables if table.id == id_), None)


def _decide(definition: Definition, found: dict[str, Any], outcome: Outcome, *, asked: set[str] | None = None) -> None:
    """Both tables; with bare facts (`asked`) only the ones that these facts are about."""
    use, routing = definition.decision, definition.routing
    for table in (
        _table(definition, routing.table) if routing else None,
        _table(definition, use.table) if use else None,
    ):
        if table is None or (asked is not None and not asked & {column.fact for column in table.inputs}):
            continue
        decision = decide(table, found)
        outcome.rows |= {(table.id, reason.row) for reason in decision.reasons}
        outcome.known |= _told(decision, decides=use is not None and table.id == use.table)


def _told(decision: Decision, *, decides: bool) -> dict[str, Any]:
    told = dict(decision.outcome)
    told |= {
        "for_person": decision.for_person,
        "undetermined": [u.fact for u in decision.undetermined],
        "row": decision.reasons[0].row if decision.reasons else "",
    }
    if decides:
        told.setdefault("result", "person")
    return told


def _compare(example: Example, outcome: Outcome, path: str) -> Iterator[Finding]:
    for name, wanted in example.expect.items():
        if name not in outcome.known:
            known = ", ".join(sorted(outcome.known)) or "niets"
            message = f"Voorbeeld “{example.name}” verwacht {name!r}, en dat komt er niet uit. Er is: {known}."
            yield Finding("example-unknown-expectation", f"{path}.expect.{name}", message)
            continue
        got = outcome.known[name]
        if isinstance(wanted, dict) and isinstance(got, dict):
            got = {key: got.get(key) for key in wanted}
        if got != wanted:
            message = f"Voorbeeld “{example.name}” verwacht {name} = {_said(wanted)}, en krijgt {_said(got)}."
            yield Finding("example-differs", f"{path}.expect.{name}", message)
    if example.pages and example.answers and example.pages != outcome.pages:
        extra = [page for page in outcome.pages if page not in example.pages]
        missing = [page for page in example.pages if page not in outcome.pages]
        message = (
            f"Voorbeeld “{example.name}” krijgt andere pagina’s: {', '.join(outcome.pages)}. "
            f"Te veel: {', '.join(extra) or 'geen'}; te weinig: {', '.join(missing) or 'geen'}."
        )
        yield Finding("example-pages", f"{path}.pages", message)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) or "niets" if isinstance(value, list) else str(value)


def _rows_without_example(definition: Definition, seen: set[tuple[str, str]]) -> Iterator[Finding]:
    for t, table in enumerate(definition.tables):
        for r, row in enumerate(table.rows):
            if (table.id, row.id) not in seen:
                message = f"Geen enkel voorbeeld komt op rij {row.id} van tabel {table.id}. Voeg er een toe."
                yield Finding("row-without-example", f"tables.{t}.rows.{r}", message, "advice")
