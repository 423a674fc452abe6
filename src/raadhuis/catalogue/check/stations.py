"""The form as somebody walks it: at each page, question and note, what is known there and what comes later.

In: a definition. Out: Stations, in the order of the form. Always holds: a fact is known at the station after the last
question that it reads, as in a walk.
"""

from collections.abc import Iterator

import msgspec

from raadhuis.catalogue.check.kinds import GIVEN, REGISTERS, Kind, of_fact, of_question
from raadhuis.catalogue.check.typed import Typed
from raadhuis.catalogue.facts import AT_SUBMISSION, last_questions
from raadhuis.catalogue.questions import AnyQuestion, GroupQuestion, Note
from raadhuis.catalogue.schema import Definition, Fact, Page
from raadhuis.kernel.expressions import BadExpression, parse


class Station(msgspec.Struct, frozen=True):
    """A page (before its questions, or with `end` after them), or a question or note before it is answered.

    `known` are the kinds by name; `later`, by name, why something is not known yet.
    """

    path: str
    item: Page | AnyQuestion
    known: dict[str, Kind]
    later: dict[str, str]
    end: bool = False


def registers_of(definition: Definition) -> dict[str, Kind]:
    """The registers that are looked into for those who may apply."""
    kinds = {"resident": "person", "business": "business"}
    return {kinds[k]: REGISTERS[kinds[k]] for k in definition.who.kinds if k in kinds}


def kind_of_fact(fact: Fact, names: dict[str, Kind]) -> Kind:
    """The kind of a fact that reads these names; of a list or object, also what it holds."""
    if fact.type in {"list", "object"}:
        try:
            found = Typed(parse(fact.value), names, {}).kind
        except BadExpression:
            return of_fact(fact.type)
        if found.name in {"list", "record"}:
            return msgspec.structs.replace(found, sure=False)
    return of_fact(fact.type)


class _Facts:
    """Which facts and look-ups are known after which question."""

    def __init__(self, definition: Definition) -> None:
        try:
            last = last_questions(definition)
        except BadExpression:  # Told where the fact itself stands.
            names = [fact.name for fact in definition.facts] + [lookup.name for lookup in definition.lookups]
            last = dict.fromkeys(names, AT_SUBMISSION)
        self._lookups: dict[str, list[str]] = {}
        self._after: dict[str, list[Fact]] = {}
        self.later: dict[str, str] = {}
        for lookup in definition.lookups:
            self._lookups.setdefault(last[lookup.name], []).append(lookup.name)
            self.later[lookup.name] = f"dat wordt opgehaald na `{last[lookup.name]}`, en die vraag komt later"
        for fact in definition.facts:
            self._after.setdefault(last[fact.name], []).append(fact)
            self.later[fact.name] = (
                f"dat feit leest `{AT_SUBMISSION}`, en dat is pas bij het indienen bekend"
                if last[fact.name] == AT_SUBMISSION
                else f"dat feit leest `{last[fact.name]}`, en die vraag komt later"
            )

    def arrive(self, question: str, known: dict[str, Kind], later: dict[str, str]) -> None:
        """Makes known what is known once this question ("" for before the first) has been passed."""
        for name in self._lookups.get(question, ()):
            known[name] = GIVEN
            later.pop(name, None)
        for fact in self._after.get(question, ()):
            if fact.name not in known:
                known[fact.name] = kind_of_fact(fact, known)
                later.pop(fact.name, None)


def stations(definition: Definition) -> Iterator[Station]:
    """Every page, question and note, with what is known there."""
    facts = _Facts(definition)
    known = registers_of(definition)
    questions = [q for page in definition.pages for q in page.questions if not isinstance(q, Note)]
    later = facts.later | {question.id: "die vraag komt later" for question in questions}
    facts.arrive("", known, later)
    for p, page in enumerate(definition.pages):
        yield Station(f"pages.{p}", page, dict(known), dict(later))
        for q, question in enumerate(page.questions):
            yield from _question(question, f"pages.{p}.questions.{q}", known, later)
            if not isinstance(question, Note):
                known[question.id] = of_question(question)
                later.pop(question.id, None)
                facts.arrive(question.id, known, later)
        yield Station(f"pages.{p}", page, dict(known), dict(later), end=True)


def _question(question: AnyQuestion, path: str, known: dict[str, Kind], later: dict[str, str]) -> Iterator[Station]:
    yield Station(path, question, dict(known), dict(later))
    inside = dict(known)
    for number, part in enumerate(question.questions if isinstance(question, GroupQuestion) else []):
        yield Station(f"{path}.questions.{number}", part, dict(inside), dict(later))
        if not isinstance(part, Note):
            inside[part.id] = of_question(part)
