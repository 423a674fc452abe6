"""What applies, given the answers: pages, questions, and the typed facts for decision tables and conditions.

In: a definition and an environment (registers and answers by question id). Out: what is asked; what is known.
Always holds: pages are walked in order, and an answer counts only while its question applies; so an answer on a page
that disappeared decides nothing. A condition that cannot be determined shows nothing. A group that follows a list has
the rows of that list, and is asked when there are any. A fact is computed once in a
walk: where the last question that it reads has been passed, so that no later answer can change it, and what is shown
and what is decided rest on the same value. What each fact reads is worked out once for each definition.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from raadhuis.catalogue import each
from raadhuis.catalogue.questions import AnyQuestion, ChoiceQuestion, ChoicesQuestion, GroupQuestion, Note
from raadhuis.catalogue.schema import Definition, Lookup, Page
from raadhuis.kernel.expressions import UNKNOWN, Expression, parse
from raadhuis.kernel.texts import places as texts_places

AT_SUBMISSION = "earlier_granted"
"""The one name that is known only when an application is submitted; a fact that reads it can show nothing."""
_MOST_PLANS = 600
MOST_OPTIONS = 100


class Walk(msgspec.Struct, frozen=True):
    """The pages that apply, each with its questions that apply; and the environment without what does not."""

    pages: list[tuple[Page, list[AnyQuestion]]]
    env: dict[str, Any]


class Step(msgspec.Struct, frozen=True):
    """A fact and its expression, compiled."""

    name: str
    value: Expression

    def compute(self, known: dict[str, Any]) -> bool:
        """Puts the fact into `known`, or takes it out when it cannot be determined; whether it is there."""
        value = self.value.value(known)
        if value is UNKNOWN or value is None:
            known.pop(self.name, None)
            return False
        known[self.name] = value
        return True


class Plan(msgspec.Struct, frozen=True):
    """What of a definition does not depend on answers. Notes are not in it: they know nothing and decide nothing."""

    pages: list[tuple[Page, Expression | None, list[tuple[AnyQuestion, Expression | None]]]]
    questions: dict[str, AnyQuestion]
    facts: list[Step]
    first: list[Step]
    """Facts that are known before anything is asked: they read registers only."""
    after: dict[str, list[Step]]
    """By question: the facts that are known once it has been passed."""
    last_read: dict[str, str]
    """By fact and look-up: the last question that it reads, also by way of others; "" for none, or AT_SUBMISSION."""


_plans: dict[int, tuple[Definition, Plan]] = {}


def plan(definition: Definition) -> Plan:
    """The plan of a definition, made once. Raises BadExpression."""
    found = _plans.get(id(definition))
    if found is not None and found[0] is definition:
        return found[1]
    if len(_plans) >= _MOST_PLANS:
        _plans.clear()
    made = _plan(definition)
    _plans[id(definition)] = (definition, made)  # Holding the definition keeps its id from being used again.
    return made


def _plan(definition: Definition) -> Plan:
    asked: dict[str, list[AnyQuestion]] = {
        page.id: [q for q in page.questions if not isinstance(q, Note)] for page in definition.pages
    }
    questions = {question.id: question for some in asked.values() for question in some}
    last_read = last_questions(definition)
    steps = [Step(fact.name, parse(fact.value)) for fact in definition.facts]
    after: dict[str, list[Step]] = {}
    for step in steps:
        after.setdefault(last_read[step.name], []).append(step)
    pages = [
        (page, _condition(page.when), [(question, _condition(question.when)) for question in asked[page.id]])
        for page in definition.pages
    ]
    return Plan(pages, questions, steps, after.pop("", []), after, last_read)


def _condition(text: str) -> Expression | None:
    return parse(text) if text else None


def last_questions(definition: Definition) -> dict[str, str]:
    """By fact and by look-up: the last question that it reads (see Plan.last_read). Raises BadExpression."""
    places = {q.id: n for n, q in enumerate((q for page in definition.pages for q in page.questions), 1)}
    ids = {number: name for name, number in places.items()}
    never = len(places) + 1
    places[AT_SUBMISSION] = never
    reads = [(lookup.name, read_by_lookup(lookup)) for lookup in definition.lookups]
    reads += [(fact.name, set(parse(fact.value).names)) for fact in definition.facts]
    for _ in range(len(definition.lookups) + 1):  # A look-up may read a fact that stands below it, which reads another.
        before = dict(places)
        for name, read in reads:
            places[name] = max((places.get(other, 0) for other in read), default=0)
        if places == before:
            break
    return {name: AT_SUBMISSION if places[name] == never else ids.get(places[name], "") for name, _ in reads}


def read_by_lookup(lookup: Lookup) -> set[str]:
    """The names that a look-up reads. Raises BadExpression."""
    texts = [text for text in (lookup.when, *lookup.query.values(), *lookup.body.values()) if text]
    return {name for text in texts for name in parse(text).names} | {
        name.split(".")[0] for name in texts_places(lookup.path)
    }


def walk(definition: Definition, env: Mapping[str, Any]) -> Walk:
    """Walks the form with these answers. One evaluation for each condition and each fact."""
    made = plan(definition)
    own = made.questions
    derived = {step.name for step in made.facts}
    known = {name: value for name, value in env.items() if name not in own and name not in derived}
    _compute(made.first, known)
    pages = []
    for page, condition, questions in made.pages:
        asked: list[AnyQuestion] = []
        applies = condition is None or condition.truth(known) is True
        for question, when in questions:
            if applies and (when is None or when.truth(known) is True):
                _ask(question, env, known, asked)
            if question.id in made.after:
                _compute(made.after[question.id], known)
        if applies:
            pages.append((page, asked))
    return Walk(pages, known)


def _ask(question: AnyQuestion, env: Mapping[str, Any], known: dict[str, Any], asked: list[AnyQuestion]) -> None:
    if isinstance(question, GroupQuestion) and question.for_each:
        rows = each.rows(question, known, env.get(question.id))
        if rows:
            asked.append(question)
            known[question.id] = rows
        return
    asked.append(question)
    if question.id in env:
        known[question.id] = env[question.id]


def _compute(steps: Iterable[Step], known: dict[str, Any]) -> None:
    for step in steps:
        step.compute(known)


def pass_question(definition: Definition, question: str, known: dict[str, Any]) -> None:
    """Computes anew, in `known`, the facts that are known once this question has been passed."""
    _compute(plan(definition).after.get(question, ()), known)


def visible_pages(definition: Definition, env: Mapping[str, Any]) -> list[Page]:
    """The pages whose condition holds, in order."""
    return [page for page, _ in walk(definition, env).pages]


def visible_questions(page: Page, env: Mapping[str, Any]) -> list[AnyQuestion]:
    """The questions of a page whose condition holds; `env` is that of a Walk, or of examples."""
    return [item for item in visible_items(page, env) if not isinstance(item, Note)]


def visible_items(page: Page, env: Mapping[str, Any]) -> list[AnyQuestion]:
    """The questions and notes of a page whose condition holds, in order.

    A note that tells what is answered on its own page is there once something of that is known.
    """
    there = [item for item in page.questions if applies(item, env)]
    return [item for item in there if not isinstance(item, Note) or _has_something_to_tell(item, page, env)]


def applies(item: AnyQuestion, env: Mapping[str, Any]) -> bool:
    """Whether the condition of a question or note holds, and its list has items when it follows one."""
    if item.when and parse(item.when).truth(env) is not True:
        return False
    return not (isinstance(item, GroupQuestion) and item.for_each) or bool(each.items(item, env))


def _has_something_to_tell(note: Note, page: Page, env: Mapping[str, Any]) -> bool:
    names = {name.split(".")[0] for text in (note.label.nl, note.label.en) for name in texts_places(text)}
    told = [question.id for question in page.questions if question.id in names]
    return not told or any(name in env for name in told)


def compute_facts(definition: Definition, env: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that can be determined, in the order of the definition; a later one may read an earlier one.

    What cannot be determined is left out: a table then sends the case to a person (law 7).
    """
    known = dict(env)
    return {step.name: known[step.name] for step in plan(definition).facts if step.compute(known)}


def given_options(question: ChoiceQuestion | ChoicesQuestion, env: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(id, label) of the options that `options_from` gives (≤ 100): from a list of texts, pairs, or {id, label}."""
    found = parse(question.options_from).value(env) if question.options_from else []
    rows = [_option(row) for row in found[:MOST_OPTIONS]] if isinstance(found, list) else []
    return list({row[0]: row for row in rows if row is not None and row[0]}.values())


def _option(row: Any) -> tuple[str, str] | None:
    if isinstance(row, Mapping):
        return (str(row["id"]), str(row.get("label", row["id"]))) if "id" in row else None
    if isinstance(row, list):
        return (str(row[0]), str(row[1])) if len(row) == 2 else None
    return (str(row), str(row)) if isinstance(row, str) else None
