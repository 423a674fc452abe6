"""What an application knows: answers, what was typed, what registers said. The working copy of one request.

Always holds: `answers` holds canonical values only; what did not fit stays in `typed`, so that it can be shown again.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.catalogue import each, facts
from raadhuis.catalogue.facts import Walk
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import AnyQuestion, GroupQuestion, Note
from raadhuis.catalogue.schema import Page
from raadhuis.intake.models import Application
from raadhuis.kernel import privacy

PURPOSE = "application"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who fills in, as the session knows it. `owner` is the keyed hash; `applications` those of this browser."""

    kind: str
    pseudonym: str
    owner: str = ""
    bsn: str = ""
    kvk: str = ""
    name: str = ""
    email: str = ""
    level: str = ""
    language: str = "nl"
    applications: frozenset[UUID] = frozenset()


class Looked(msgspec.Struct, kw_only=True):
    """What a look-up was asked last (`sent`, a hash), what it answered, and how often it failed to. `counts` tells
    whether the same would be asked now: else what it answered is about something else."""

    sent: str
    value: Any = None
    answered: bool = False
    tries: int = 0
    counts: bool = False


class State(msgspec.Struct, kw_only=True):
    """The sealed content of an application. `known` are questions the registers answered; `corrected` of those the
    ones that the applicant said are wrong; `registers` are `person` and `business`; `lookups` go by their name."""

    answers: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    registers: dict[str, Any] = {}
    lookups: dict[str, Looked] = {}
    known: list[str] = []
    corrected: list[str] = []
    identity: dict[str, str] = {}
    visited: list[str] = []
    page_revisions: dict[str, int] = {}
    """How often the answers of a page changed: what a page shows is told apart from what it was since."""
    language: str = "nl"


def unseal(row: Application) -> State:
    """The state of an application."""
    return msgspec.convert(privacy.decrypt_json(PURPOSE, row.sealed), State) if row.sealed else State()


def reseal(row: Application, state: State) -> None:
    """Puts the state back into the row (the caller saves it)."""
    row.sealed = privacy.encrypt_json(PURPOSE, msgspec.to_builtins(state))


def looked_up(state: State) -> dict[str, Any]:
    """What look-ups answered, as far as it counts now, by name."""
    return {name: one.value for name, one in state.lookups.items() if one.counts and one.value is not None}


def from_elsewhere(state: State) -> dict[str, Any]:
    """What registers and look-ups said, by name."""
    return {**looked_up(state), **state.registers}


def walked(published: Published, state: State) -> Walk:
    """The pages and questions that apply now. A walk through a large form takes a millisecond: do not repeat it."""
    return facts.walk(published.definition, {**from_elsewhere(state), **state.answers})


def environment(published: Published, state: State) -> dict[str, Any]:
    """What expressions may read: what registers and look-ups said, and the answers to questions that apply now."""
    return walked(published, state).env


def at_path(source: Mapping[str, Any], path: str) -> Any:
    """The value at `person.address`, or None."""
    value: Any = source
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return None if value in ("", [], {}) else value


def asked_questions(page: Page, state: State, env: Mapping[str, Any]) -> list[AnyQuestion]:
    """The questions of a page that apply and are not known already."""
    known = set(state.known) - set(state.corrected)
    return [q for q in facts.visible_questions(page, env) if q.id not in known]


def asked_pages(state: State, walk: Walk) -> list[Page]:
    """The pages that have something to ask, or only something to read, in order."""
    known = set(state.known) - set(state.corrected)
    return [
        page
        for page, questions in walk.pages
        if any(question.id not in known for question in questions) or (not questions and notes_only(page, walk.env))
    ]


def notes_only(page: Page, env: Mapping[str, Any]) -> bool:
    """Whether a page has something to read and, as things stand, nothing to answer."""
    items = facts.visible_items(page, env)
    return bool(items) and all(isinstance(item, Note) for item in items)


def applicable(published: Published, state: State) -> dict[str, Any]:
    """The answers to questions that apply now: what is filed. What was typed on pages that vanished stays behind."""
    walk = walked(published, state)
    return {
        question.id: walk.env[question.id]
        for _, questions in walk.pages
        for question in questions
        if question.id in state.answers or each.grows(question)
    }


def rows_to_fill_in(page: Page, state: State, env: Mapping[str, Any]) -> bool:
    """Whether a list on this page grew by an item that nobody was asked about."""
    return any(
        isinstance(item, GroupQuestion)
        and bool(item.for_each)
        and facts.applies(item, env)
        and each.unanswered(item, env, state.answers.get(item.id))
        for item in page.questions
    )


def come_back_to_what_grew(published: Published, state: State) -> None:
    """A page that was answered, and whose list grew since, is to be answered again."""
    if not any(each.grows(question) for question in facts.plan(published.definition).questions.values()):
        return
    walk = walked(published, state)
    grew = {page.id for page, _ in walk.pages if rows_to_fill_in(page, state, walk.env)}
    state.visited = [visited for visited in state.visited if visited not in grew]
