"""Everything behind the form: decision, routing, tasks, zaaktype, letters, measures. Do all keys exist?

In: a definition, and the teams of the municipality when known. Out: findings.
Always holds: a case of a definition without errors can be decided or handled, and withdrawn.
Source of the lengths: ZGW Catalogi-API 1.3, maxLength of ZaakType and its children.
"""

from collections.abc import Collection, Iterator

from raadhuis.catalogue.check.form import twice
from raadhuis.catalogue.questions import DateQuestion
from raadhuis.catalogue.schema import Definition, ResultOutcome, TaskDef
from raadhuis.rules.schema import DecisionTable, Finding

ENDS = {"decision", "handled"}
WITHDRAWN = "ingetrokken"
OWN_TASKS = frozenset({"approve", "cosign-refused", "cosign-expired"})
LENGTHS = (
    ("statustypen", 80),
    ("resultaattypen", 20),
    ("roltypen", 20),
    ("informatieobjecttypen", 80),
    ("besluittypen", 80),
)


def process_findings(definition: Definition, teams: Collection[str] | None) -> Iterator[Finding]:
    """What is wrong with decision, tables, tasks, zaaktype, letters and measures."""
    yield from _tables(definition)
    yield from _decision(definition)
    yield from _routing(definition)
    yield from _tasks(definition)
    yield from _ending(definition)
    yield from _zaaktype(definition)
    yield from _measures(definition)
    if teams is not None:
        yield from _teams(definition, teams)


def _tables(definition: Definition) -> Iterator[Finding]:
    facts = {fact.name: fact.type for fact in definition.facts}
    yield from twice([(table.id, f"tables.{n}.id") for n, table in enumerate(definition.tables)], "Tabel")
    used = {
        definition.decision.table if definition.decision else "",
        definition.routing.table if definition.routing else "",
    }
    for n, table in enumerate(definition.tables):
        if table.id not in used:
            message = f"Tabel {table.id} wordt niet gebruikt, niet door `decision` en niet door `routing`."
            yield Finding("table-unused", f"tables.{n}", message, "warning")
        for i, column in enumerate(table.inputs):
            path = f"tables.{n}.inputs.{i}"
            if column.fact not in facts:
                message = f"{column.fact!r} is geen feit. Voeg het toe onder `facts`."
                yield Finding("table-without-fact", f"{path}.fact", message)
            elif facts[column.fact] != column.type:
                message = (
                    f"{column.fact!r} is hier {column.type} en onder `facts` {facts[column.fact]}. Maak ze gelijk."
                )
                yield Finding("table-fact-type", f"{path}.type", message)
        for r, row in enumerate(table.rows):
            if row.law and row.law not in definition.laws:
                yield Finding("unknown-law", f"tables.{n}.rows.{r}.law", f"{row.law!r} staat niet onder `laws`.")
        if table.refusal_allowed_by and table.refusal_allowed_by not in definition.laws:
            message = f"{table.refusal_allowed_by!r} staat niet onder `laws`: zonder wet weigert alleen een mens."
            yield Finding("unknown-law", f"tables.{n}.refusal_allowed_by", message)


def _table(definition: Definition, id_: str) -> DecisionTable | None:
    return next((table for table in definition.tables if table.id == id_), None)


def _decision(definition: Definition) -> Iterator[Finding]:
    use = definition.decision
    if use is None:
        return
    if use.table:
        table = _table(definition, use.table)
        if table is None:
            yield Finding("unknown-table", "decision.table", f"Er is geen tabel {use.table!r} onder `tables`.")
        elif "result" not in {output.name for output in table.outputs}:
            message = f"Tabel {table.id} beslist niets: geef haar een uitkomst `result` (grant, refuse of person)."
            yield Finding("table-without-result", "decision.table", message)
    for name, outcome in (("grant", use.grant), ("refuse", use.refuse)):
        yield from _outcome(definition, outcome, f"decision.{name}")
    dates = [q.id for page in definition.pages for q in page.questions if isinstance(q, DateQuestion)]
    if use.valid_from and use.valid_from not in dates:
        message = f"{use.valid_from} is geen vraag naar een datum. Noem in `valid_from` de vraag met de eerste dag."
        yield Finding("unknown-key", "decision.valid_from", message)
    if use.objection_weeks != 6:
        message = "De wet geeft zes weken voor bezwaar (Awb 6:7). Wijk alleen af als een andere wet dat zegt."
        yield Finding("objection-term", "decision.objection_weeks", message, "warning")


def _outcome(definition: Definition, outcome: ResultOutcome, path: str) -> Iterator[Finding]:
    kind = definition.zaaktype
    known = {
        "resultaattype": [r.key for r in kind.resultaattypen],
        "besluittype": [b.key for b in kind.besluittypen],
        "letter": list(definition.letters),
    }
    for name, keys in known.items():
        key = getattr(outcome, name)
        if key and key not in keys:
            message = f"{name} {key!r} bestaat niet. Er is: {', '.join(keys) or 'niets'}."
            yield Finding("unknown-key", f"{path}.{name}", message)
    for key in outcome.laws:
        if key not in definition.laws:
            message = f"Artikel {key!r} staat niet onder `laws`. Er is: {', '.join(definition.laws) or 'niets'}."
            yield Finding("unknown-key", f"{path}.laws", message)
    if outcome.besluittype and not outcome.letter:
        message = "Een besluit maken wij bekend met een brief (Awb 3:41). Noem een brief onder `letter`."
        yield Finding("decision-without-letter", path, message)


def _routing(definition: Definition) -> Iterator[Finding]:
    if definition.routing is None:
        return
    table = _table(definition, definition.routing.table)
    if table is None:
        yield Finding(
            "unknown-table", "routing.table", f"Er is geen tabel {definition.routing.table!r} onder `tables`."
        )
        return
    outputs = {output.name: output.type for output in table.outputs}
    wanted = {"team": "text", "priority": "text", "working_days": "number"}
    number = definition.tables.index(table)
    if "team" not in outputs:
        yield Finding(
            "routing-output", f"tables.{number}.outputs", "Een tabel die verdeelt, heeft een uitkomst `team`."
        )
    for name, type_ in outputs.items():
        if name not in wanted:
            message = f"`routing` kent geen {name!r}: alleen {', '.join(wanted)}."
            yield Finding("routing-output", f"tables.{number}.outputs", message)
        elif wanted[name] != type_:
            yield Finding("routing-output", f"tables.{number}.outputs", f"{name!r} is van type {wanted[name]}.")
    for r, row in enumerate(table.rows):
        days = row.then.get("working_days")
        if isinstance(days, int | float) and not (0 < days <= 2000 and days == int(days)):
            message = "working_days is een heel getal van 1 tot en met 2000."
            yield Finding("routing-output", f"tables.{number}.rows.{r}.then.working_days", message)


def _tasks(definition: Definition) -> Iterator[Finding]:
    statuses = {status.key for status in definition.zaaktype.statustypen}
    questions = {question.id for page in definition.pages for question in page.questions}
    ids = {task.id for task in definition.tasks}
    before: set[str] = set()
    yield from twice([(task.id, f"tasks.{n}.id") for n, task in enumerate(definition.tasks)], "Taak")
    for n, task in enumerate(definition.tasks):
        path = f"tasks.{n}"
        if task.id in OWN_TASKS:
            yield Finding("bad-id", f"{path}.id", f"{task.id!r} is een taak van Raadhuis zelf. Kies een andere naam.")
        if task.status and task.status not in statuses:
            message = f"Status {task.status!r} staat niet onder zaaktype.statustypen."
            yield Finding("unknown-status", f"{path}.status", message)
        for shown in task.shows:
            if shown not in questions:
                yield Finding("unknown-question", f"{path}.shows", f"{shown!r} is geen vraag van deze dienst.")
        for after in task.after:
            if after not in ids:
                yield Finding("unknown-task", f"{path}.after", f"Er is geen taak {after!r}.")
            elif after not in before:
                message = (
                    f"Taak {task.id} komt na {after}, en {after} staat er niet boven. Zet {after} hoger (geen rondje)."
                )
                yield Finding("task-order", f"{path}.after", message)
        before.add(task.id)
        yield from _task(definition, task, path)


def _task(definition: Definition, task: TaskDef, path: str) -> Iterator[Finding]:
    if (task.kind == "decide") != (task.outcome == "decision"):
        message = "Een taak van soort decide heeft outcome: decision, en alleen zo’n taak."
        yield Finding("task-outcome", f"{path}.outcome", message)
    if task.outcome == "decision" and definition.decision is None:
        yield Finding("task-outcome", f"{path}.outcome", "De dienst kent geen besluit. Voeg `decision` toe.")
    if task.outcome == "handled" and not _handled_results(definition):
        message = "Er is geen resultaat om mee af te sluiten. Voeg er een toe onder zaaktype.resultaattypen."
        yield Finding("task-outcome", f"{path}.outcome", message)
    if task.four_eyes and task.kind != "decide":
        yield Finding("four-eyes", f"{path}.four_eyes", "Een tweede handtekening hoort bij een besluit.", "warning")


def _handled_results(definition: Definition) -> list[str]:
    return [result.key for result in definition.zaaktype.resultaattypen if result.key != WITHDRAWN]


def _ending(definition: Definition) -> Iterator[Finding]:
    last = [task for task in definition.tasks if task.outcome in ENDS]
    if not last:
        message = "Geen enkele taak sluit de zaak af. Geef een taak outcome: decision of outcome: handled."
        yield Finding("no-end", "tasks", message)
    elif all(task.when for task in last):
        message = (
            "Elke taak die de zaak afsluit, heeft een voorwaarde: soms blijft de zaak open. Laat er één altijd komen."
        )
        yield Finding("no-end", "tasks", message, "warning")
    if definition.kind == "permit" and definition.decision is None:
        yield Finding("permit-without-decision", "kind", "Een vergunning eindigt met een besluit. Voeg `decision` toe.")


def _zaaktype(definition: Definition) -> Iterator[Finding]:
    kind = definition.zaaktype
    for name, longest in LENGTHS:
        items = getattr(kind, name)
        yield from twice([(item.key, f"zaaktype.{name}.{n}.key") for n, item in enumerate(items)], "Sleutel")
        for n, item in enumerate(items):
            yield from _length(item.omschrijving, longest, f"zaaktype.{name}.{n}.omschrijving")
    for name, longest in (("identificatie", 50), ("omschrijving", 80), ("onderwerp", 80)):
        yield from _length(getattr(kind, name), longest, f"zaaktype.{name}")
    for name in ("handeling_initiator", "handeling_behandelaar"):
        yield from _length(getattr(kind, name), 20, f"zaaktype.{name}")
    if len(kind.statustypen) < 2:
        yield Finding("statuses", "zaaktype.statustypen", "Een zaak heeft een eerste en een laatste status nodig.")
    if WITHDRAWN not in {result.key for result in kind.resultaattypen}:
        message = f"Wie aanvraagt, kan intrekken: voeg een resultaat toe met key {WITHDRAWN!r}."
        yield Finding("no-withdrawal", "zaaktype.resultaattypen", message)
    if "initiator" not in {role.generiek for role in kind.roltypen}:
        yield Finding("no-initiator", "zaaktype.roltypen", "Voeg een rol toe met generiek: initiator (wie aanvraagt).")
    if not kind.informatieobjecttypen or (
        definition.letters and not any(d.richting == "uitgaand" for d in kind.informatieobjecttypen)
    ):
        message = "Voeg een documenttype toe met richting: uitgaand, voor de brieven."
        yield Finding("no-document-type", "zaaktype.informatieobjecttypen", message)
    yield from _retention(definition)


def _length(text: str, longest: int, path: str) -> Iterator[Finding]:
    if not 0 < len(text) <= longest:
        yield Finding(
            "length", path, f"“{text[:60]}” heeft {len(text)} tekens; de standaard laat 1 tot en met {longest} toe."
        )


# What the case itself can tell when it closes; see `cases.actions.closing`.
DERIVED = ("afgehandeld", "hoofdzaak", "ingangsdatum_besluit", "vervaldatum_besluit")


def _retention(definition: Definition) -> Iterator[Finding]:
    kind = definition.zaaktype
    if not kind.selectielijst_procestype:
        yield Finding(
            "retention", "zaaktype.selectielijst_procestype", "Noem het procestype uit de selectielijst 2020."
        )
    for n, result in enumerate(kind.resultaattypen):
        path = f"zaaktype.resultaattypen.{n}"
        if not result.selectielijstklasse:
            yield Finding(
                "retention", path, f"Noem voor {result.key} het resultaat uit de selectielijst 2020.", "warning"
            )
        if result.archiefnominatie == "vernietigen" and result.archiefactietermijn is None:
            message = f"Hoe lang bewaren wij {result.key}? Vul `archiefactietermijn` in."
            yield Finding("retention", path, message)
        if result.archiefactietermijn and result.archiefactietermijn.working_days:
            message = "Een bewaartermijn telt in jaren, maanden, weken of dagen, niet in werkdagen."
            yield Finding("retention", f"{path}.archiefactietermijn", message)
        if result.afleidingswijze not in DERIVED:
            message = (
                f"Uit {result.afleidingswijze!r} volgt bij het sluiten geen datum: iemand moet de archiefdatum zelf "
                f"zetten. Vanzelf gaat: {', '.join(DERIVED)}."
            )
            yield Finding("retention", f"{path}.afleidingswijze", message, "warning")
        if result.afleidingswijze == "vervaldatum_besluit" and not (
            definition.decision and definition.decision.valid_for
        ):
            message = "De bewaartermijn begint als het besluit vervalt, maar `decision.valid_for` ontbreekt."
            yield Finding("retention", f"{path}.afleidingswijze", message)


def _measures(definition: Definition) -> Iterator[Finding]:
    yield from twice([(m.id, f"measures.{n}.id") for n, m in enumerate(definition.measures)], "Maat")
    if not definition.measures:
        message = "Zonder maten weet niemand of de dienst beter wordt. Voeg `measures` toe."
        yield Finding("no-measures", "id", message, "advice")
    for n, measure in enumerate(definition.measures):
        share = measure.kind.endswith("_share")
        if measure.target < 0 or (share and measure.target > 1):
            message = "Een deel ligt van 0 tot en met 1." if share else "Een doel is 0 of meer."
            yield Finding("measure", f"measures.{n}.target", message)
        if measure.kind == "automatic_share" and not (definition.decision and definition.decision.table):
            message = "De regels besluiten hier niets; dan is dit deel altijd 0."
            yield Finding("measure", f"measures.{n}.kind", message, "warning")


def _teams(definition: Definition, teams: Collection[str]) -> Iterator[Finding]:
    named = [(definition.owner, "owner")]
    named += [(task.team, f"tasks.{n}.team") for n, task in enumerate(definition.tasks)]
    routing = definition.routing.table if definition.routing else ""
    for t, table in enumerate(definition.tables):
        if table.id == routing:
            named += [
                (str(row.then["team"]), f"tables.{t}.rows.{r}.then.team")
                for r, row in enumerate(table.rows)
                if "team" in row.then
            ]
    for team, path in named:
        if team not in teams:
            message = f"Team {team!r} staat niet in het bestand van de gemeente. Er is: {', '.join(sorted(teams))}."
            yield Finding("unknown-team", path, message)
