"""What applies, given the answers: pages, questions, and the typed facts for decision tables.

In: a definition and an environment (registers and answers by question id). Out: what is asked; what is known.
Always holds: pages are walked in order, and an answer counts only while its question applies; so an answer on a page
that disappeared decides nothing. A condition that cannot be determined shows nothing.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from raadhuis.catalogue.questions import AnyQuestion
from raadhuis.catalogue.schema import Definition, Page
from raadhuis.kernel.expressions import UNKNOWN, parse


class Walk(msgspec.Struct, frozen=True):
    """The pages that apply, each with its questions that apply; and the environment without what does not."""

    pages: list[tuple[Page, list[AnyQuestion]]]
    env: dict[str, Any]


def walk(definition: Definition, env: Mapping[str, Any]) -> Walk:
    """Walks the form with these answers. One evaluation for each condition."""
    own = {question.id for page in definition.pages for question in page.questions}
    known = {name: value for name, value in env.items() if name not in own}
    pages = []
    for page in definition.pages:
        if page.when and parse(page.when).truth(known) is not True:
            continue
        asked: list[AnyQuestion] = []
        for question in page.questions:
            if question.when and parse(question.when).truth(known) is not True:
                continue
            asked.append(question)
            if question.id in env:
                known[question.id] = env[question.id]
        pages.append((page, asked))
    return Walk(pages, known)


def visible_pages(definition: Definition, env: Mapping[str, Any]) -> list[Page]:
    """The pages whose condition holds, in order."""
    return [page for page, _ in walk(definition, env).pages]


def visible_questions(page: Page, env: Mapping[str, Any]) -> list[AnyQuestion]:
    """The questions of a page whose condition holds; `env` is that of a Walk, or of examples."""
    return [q for q in page.questions if not q.when or parse(q.when).truth(env) is True]


def compute_facts(definition: Definition, env: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that can be determined, in the order of the definition; a later one may read an earlier one.

    What cannot be determined is left out: a table then sends the case to a person (law 7).
    """
    known = dict(env)
    found: dict[str, Any] = {}
    for fact in definition.facts:
        value = parse(fact.value).value(known)
        if value is UNKNOWN or value is None:
            known.pop(fact.name, None)
            continue
        found[fact.name] = known[fact.name] = value
    return found
