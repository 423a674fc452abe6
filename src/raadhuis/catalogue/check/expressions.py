"""Every expression of a definition: can it be read, does it name what exists there, and does it give the right kind?

In: a definition. Out: findings, and for who needs it the list of all expressions with the names they may read.
Always holds: what an expression may read depends on where it stands: a page knows the answers before it and the facts
that rest on those, a fee no facts, a task everything.
"""

from collections.abc import Iterator

import msgspec

from raadhuis.catalogue.check.kinds import EARLIER_GRANTED, GIVEN, UNKNOWN, Kind, of_fact, of_question
from raadhuis.catalogue.check.stations import kind_of_fact, registers_of, stations
from raadhuis.catalogue.check.typed import Typed
from raadhuis.catalogue.questions import AnyQuestion, ChoiceQuestion, ChoicesQuestion, GroupQuestion, Note
from raadhuis.catalogue.schema import Definition, Lookup, Page
from raadhuis.kernel.expressions import BadExpression, parse
from raadhuis.kernel.texts import places
from raadhuis.rules.schema import Finding

_GIVES = {"text": ("text", "time", "datetime"), "object": ("record",)}


class Site(msgspec.Struct, frozen=True):
    """A place where an expression stands: its path and text, what it may read, and the kinds it may give."""

    path: str
    text: str
    names: dict[str, Kind]
    gives: tuple[str, ...] = ("boolean",)
    later: dict[str, str] = {}


def sites(definition: Definition) -> Iterator[Site]:
    """All expressions that are filled in, in the order of the document."""
    registers = registers_of(definition)
    yield from _form(definition)
    answers = {q.id: of_question(q) for page in definition.pages for q in page.questions if not isinstance(q, Note)}
    before = registers | answers
    with_earlier = before | {"earlier_granted": EARLIER_GRANTED}
    given = {lookup.name: GIVEN for lookup in definition.lookups}
    known = with_earlier | given
    for number, fact in enumerate(definition.facts):
        later = {f.name: "dit feit staat er later" for f in definition.facts[number:]}
        gives = _GIVES.get(fact.type, (fact.type,))
        yield Site(f"facts.{number}.value", fact.value, dict(known), gives, later)
        known[fact.name] = kind_of_fact(fact, known)
    if definition.same_case_key:
        yield Site("same_case_key", definition.same_case_key, before, ("text", "number"))
    for number, line in enumerate(definition.fee.lines if definition.fee else []):
        if line.when:
            unknown = {f.name: "een bedrag kent geen feiten, alleen antwoorden" for f in definition.facts}
            yield Site(f"fee.lines.{number}.when", line.when, with_earlier, later=unknown)
    facts = {fact.name: of_fact(fact.type) for fact in definition.facts}
    if definition.cosign and definition.cosign.when:
        earlier = {"earlier_granted": "wie er ondertekent, hangt alleen af van antwoorden en feiten"}
        yield Site("cosign.when", definition.cosign.when, before | given | facts, later=earlier)
    for number, task in enumerate(definition.tasks):
        if task.when:
            earlier = {"earlier_granted": "een taak kent alleen antwoorden en feiten; maak er een feit van"}
            yield Site(f"tasks.{number}.when", task.when, before | given | facts, later=earlier)
    everything = before | given | {fact.name: of_fact(fact.type) for fact in definition.facts}
    for number, lookup in enumerate(definition.lookups):
        yield from _lookup(lookup, f"lookups.{number}", everything)


_ANYTHING: tuple[str, ...] = ("text", "number", "boolean", "date", "time", "datetime", "list", "record")


def _lookup(lookup: Lookup, path: str, names: dict[str, Kind]) -> Iterator[Site]:
    if lookup.when:
        yield Site(f"{path}.when", lookup.when, names)
    for part, expressions in (("query", lookup.query), ("body", lookup.body)):
        for key, text in expressions.items():
            yield Site(f"{path}.{part}.{key}", text, names, _ANYTHING)
    for place in places(lookup.path):
        yield Site(f"{path}.path", place, names, _ANYTHING)


def _form(definition: Definition) -> Iterator[Site]:
    for station in stations(definition):
        item, path, known, later = station.item, station.path, station.known, station.later
        if isinstance(item, Page) and station.end:
            for number, check in enumerate(item.checks):
                yield Site(f"{path}.checks.{number}.when", check.when, known, later=later)
            continue
        if item.when:
            yield Site(f"{path}.when", item.when, known, later=later)
        if isinstance(item, GroupQuestion) and item.for_each:
            yield Site(f"{path}.for_each", item.for_each, known, ("list",), later)
        if isinstance(item, ChoiceQuestion | ChoicesQuestion):
            if item.options_from:
                yield Site(f"{path}.options_from", item.options_from, known, ("list",), later)
            for number, option in enumerate(item.options):
                if option.when:
                    yield Site(f"{path}.options.{number}.when", option.when, known, later=later)


def expression_findings(definition: Definition) -> Iterator[Finding]:
    """What is wrong with expressions, and with the sources of prefilled answers."""
    for site in sites(definition):
        yield from _site(site)
    yield from _prefills(definition)


def _site(site: Site) -> Iterator[Finding]:
    try:
        expression = parse(site.text)
    except BadExpression as error:
        yield Finding("bad-expression", site.path, f"`{site.text}` is niet te lezen: {error}.")
        return
    typed = Typed(expression, site.names, site.later)
    for code, message in typed.problems:
        yield Finding(code, site.path, message)
    if not typed.problems and typed.kind.name not in {*site.gives, "unknown"}:
        wanted = " of ".join(dict.fromkeys(Kind(name).words for name in site.gives))  # type: ignore[arg-type]
        message = f"`{site.text}` geeft {typed.kind.words}; hier hoort {wanted}."
        yield Finding("wrong-kind", site.path, message)
    if site.path.endswith("options_from") and not typed.problems:
        item = typed.kind.item or UNKNOWN
        named = item.parts and "id" in item.parts and "label" in item.parts
        if not named and item.name not in {"text", "list", "unknown"}:
            message = (
                f"`{site.text}` geeft geen opties: dat doet een lijst van teksten, van paren (id en tekst), of van "
                "gegevens met `id` en `label`, zoals `person.household`."
            )
            yield Finding("wrong-kind", site.path, message)


def _prefills(definition: Definition) -> Iterator[Finding]:
    for p, page in enumerate(definition.pages):
        for q, question in enumerate(page.questions):
            path = f"pages.{p}.questions.{q}"
            if question.prefill:
                yield from _prefill(definition, question, f"{path}.prefill.source")
            for n, part in enumerate(question.questions if isinstance(question, GroupQuestion) else []):
                if part.prefill:
                    message = "Een vraag in een groep kan niet vooraf ingevuld zijn. Haal `prefill` weg."
                    yield Finding("prefill-in-group", f"{path}.questions.{n}.prefill", message)


def _prefill(definition: Definition, question: AnyQuestion, path: str) -> Iterator[Finding]:
    source = question.prefill.source if question.prefill else ""
    try:
        given = {lookup.name: GIVEN for lookup in definition.lookups}
        typed = Typed(parse(source), registers_of(definition) | given, {})
    except BadExpression as error:
        yield Finding("bad-expression", path, f"`{source}` is niet te lezen: {error}.")
        return
    for code, message in typed.problems:
        yield Finding(code, path, message)
    wanted = of_question(question)
    if not typed.problems and typed.kind.name not in {wanted.name, "unknown"}:
        message = f"`{source}` is {typed.kind.words}, en de vraag {question.id!r} vraagt {wanted.words}."
        yield Finding("wrong-kind", path, message)
