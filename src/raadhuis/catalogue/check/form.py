"""The form of a definition: ids, options, bounds, groups, files.

In: a definition. Out: findings. Always holds: an id can be used in an expression, and means one thing.
"""

import keyword
import re
from collections import Counter
from collections.abc import Iterator

from raadhuis.catalogue.check.defaults import default_findings
from raadhuis.catalogue.check.patterns import MOST_STEPS, steps
from raadhuis.catalogue.questions import (
    AnyQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    FileQuestion,
    GroupQuestion,
    MoneyQuestion,
    Note,
    NumberQuestion,
    PlaceQuestion,
    TextQuestion,
)
from raadhuis.catalogue.refusals import rules_of
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel.expressions import WORDS
from raadhuis.rules.schema import Finding

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RESERVED = frozenset({"person", "business", "earlier_granted", *WORDS, "today", "now", "csrfmiddlewaretoken"})


def form_findings(definition: Definition) -> Iterator[Finding]:
    """Everything about ids, pages and questions that can be seen without expressions."""
    if not _SLUG.fullmatch(definition.id):
        yield Finding("bad-id", "id", "Het id staat in de link: alleen kleine letters, cijfers en streepjes.")
    if not definition.who.kinds:
        yield Finding("nobody", "who.kinds", "Niemand kan deze dienst gebruiken. Noem resident, business of anonymous.")
    if not definition.pages:
        yield Finding("no-pages", "pages", "De dienst heeft geen pagina’s. Voeg er ten minste één toe.")
    yield from _ids(definition)
    for n, text in enumerate(definition.to_decide):
        yield Finding("to-decide", f"to_decide.{n}", f"Dit moet u nog beslissen: {text.nl}", "warning")
    for n, lookup in enumerate(definition.lookups):
        if not _SLUG.fullmatch(lookup.service):
            message = f"{lookup.service!r}: de naam van een dienst heeft alleen kleine letters, cijfers en streepjes."
            yield Finding("bad-id", f"lookups.{n}.service", message)
    documents = {kind.key for kind in definition.zaaktype.informatieobjecttypen}
    for p, page in enumerate(definition.pages):
        if not page.questions:
            yield Finding("page-empty", f"pages.{p}", f"Pagina {page.id} heeft geen vragen.")
        for q, question in enumerate(page.questions):
            yield from _question(question, f"pages.{p}.questions.{q}", documents)
        here = {question.id for question in page.questions if not isinstance(question, Note)}
        for n, check in enumerate(page.checks):
            if check.question and check.question not in here:
                message = f"{check.question!r} is geen vraag van pagina {page.id}. Laat het weg voor de hele pagina."
                yield Finding("unknown-question", f"pages.{p}.checks.{n}.question", message)


def twice(items: list[tuple[str, str]], what: str) -> Iterator[Finding]:
    """A finding for every (id, path) whose id was there before."""
    counts: Counter[str] = Counter()
    for item, path in items:
        counts[item] += 1
        if counts[item] == 2:
            yield Finding("duplicate-id", path, f"{what} {item!r} komt twee keer voor. Geef elk een eigen naam.")


def _ids(definition: Definition) -> Iterator[Finding]:
    pages = [(page.id, f"pages.{p}.id") for p, page in enumerate(definition.pages)]
    questions = [
        (question.id, f"pages.{p}.questions.{q}.id")
        for p, page in enumerate(definition.pages)
        for q, question in enumerate(page.questions)
    ]
    facts = [(fact.name, f"facts.{n}.name") for n, fact in enumerate(definition.facts)]
    facts += [(lookup.name, f"lookups.{n}.name") for n, lookup in enumerate(definition.lookups)]
    yield from twice(pages, "Pagina")
    yield from twice(questions, "Vraag")
    yield from twice(facts, "Feit")
    for name, path in pages:
        if not _SLUG.fullmatch(name):
            yield Finding("bad-id", path, f"{name!r} staat in de link: alleen kleine letters, cijfers en streepjes.")
    for name, path in [*questions, *facts]:
        yield from _name(name, path)
    asked = {name for name, _ in questions}
    for name, path in facts:
        if name in asked:
            yield Finding("fact-is-question", path, f"{name!r} is ook een vraag. Geef het feit een andere naam.")


def _name(name: str, path: str) -> Iterator[Finding]:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name in RESERVED:
        message = (
            f"{name!r} kan geen naam zijn in een voorwaarde: alleen kleine letters, cijfers en _, geen vast woord."
        )
        yield Finding("bad-id", path, message)


def _question(question: AnyQuestion, path: str, documents: set[str]) -> Iterator[Finding]:
    yield from default_findings(question, path)
    known = rules_of(question)
    for rule in question.messages:
        if rule not in known:
            message = f"Geen antwoord op {question.id} wordt geweigerd om {rule!r}. Er is: {', '.join(sorted(known))}."
            yield Finding("unknown-rule", f"{path}.messages.{rule}", message)
    match question:
        case ChoiceQuestion() | ChoicesQuestion():
            yield from _options(question, path)
        case NumberQuestion() | MoneyQuestion():
            low, high = question.at_least, question.at_most
            if low is not None and high is not None and low > high:
                yield Finding("bounds", path, "at_least is groter dan at_most: zo past geen enkel antwoord.")
        case TextQuestion():
            yield from _pattern(question, path)
        case FileQuestion():
            if question.document not in documents:
                message = f"{question.document!r} staat niet onder zaaktype.informatieobjecttypen."
                yield Finding("unknown-document", f"{path}.document", message)
            if not question.kinds:
                yield Finding("no-kinds", f"{path}.kinds", "Geen enkel soort bestand mag. Noem er ten minste één.")
        case PlaceQuestion():
            if not question.shapes or len(set(question.shapes)) < len(question.shapes):
                message = "Noem bij shapes wat de aanvrager mag aanwijzen, ieder één keer: point, line of area."
                yield Finding("shapes", f"{path}.shapes", message)
        case GroupQuestion():
            yield from _group(question, path, documents)


def _options(question: ChoiceQuestion | ChoicesQuestion, path: str) -> Iterator[Finding]:
    if bool(question.options) == bool(question.options_from):
        yield Finding("options", path, f"Vraag {question.id} heeft óf `options` nodig, óf `options_from`.")
    yield from twice([(o.id, f"{path}.options.{n}.id") for n, o in enumerate(question.options)], "Optie")
    if isinstance(question, ChoicesQuestion):
        most = len(question.options) or question.at_most
        if question.at_least > min(question.at_most, most):
            yield Finding("bounds", f"{path}.at_least", f"Niemand kan er {question.at_least} kiezen.")
    elif len(question.options) == 1:
        yield Finding("options", f"{path}.options", "Eén optie is geen keuze. Maak er een ja/nee-vraag van.", "warning")


def _pattern(question: TextQuestion, path: str) -> Iterator[Finding]:
    if not question.pattern:
        return
    try:
        re.compile(question.pattern)
        if steps(question.pattern, question.max_length) > MOST_STEPS:
            message = (
                "Dit patroon kan bij een lang antwoord heel lang duren. Maak het eenvoudiger: geen herhaling in een "
                "herhaling. Of maak `max_length` kleiner."
            )
            yield Finding("slow-pattern", f"{path}.pattern", message)
    except (re.error, OverflowError, RecursionError) as error:
        yield Finding("pattern", f"{path}.pattern", f"Het patroon is niet te lezen: {error}.")
    if question.pattern_help is None and "pattern" not in question.messages:
        message = "Zeg in `pattern_help` hoe het antwoord eruitziet: wie het fout doet, leest dat."
        yield Finding("pattern", f"{path}.pattern", message, "warning")


def _group(question: GroupQuestion, path: str, documents: set[str]) -> Iterator[Finding]:
    if question.at_least > question.at_most or question.at_most < 1:
        yield Finding("bounds", path, "at_least is groter dan at_most: zo past geen enkel antwoord.")
    if all(isinstance(part, Note) for part in question.questions):
        yield Finding("group-empty", f"{path}.questions", f"Groep {question.id} heeft geen vragen.")
    parts = [(part.id, f"{path}.questions.{n}.id") for n, part in enumerate(question.questions)]
    yield from twice(parts, "Vraag")
    for name, where in parts:
        yield from _name(name, where)
    for n, part in enumerate(question.questions):
        yield from _question(part, f"{path}.questions.{n}", documents)
