"""Asking other systems while somebody fills in: what is to be asked, what was answered, and what of it counts now.

In: a definition with look-ups, and the state of an application. Out: State.lookups, and one Outcome for each question.
Always holds: nothing is asked inside a transaction; what was answered counts only while the same question would be
asked, so that an answer about another place decides nothing; a look-up is asked after those that it reads; a service
that does not answer costs at most SECONDS a page, is asked MOST_TRIES times at most, and leaves the value unknown.
"""

import hashlib
import json
import logging
import math
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec
from django.http import QueryDict

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.lookups import SECONDS, BadPath, UnknownService, fill_path
from raadhuis.catalogue import facts
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import AnyQuestion
from raadhuis.catalogue.schema import Definition, Lookup
from raadhuis.intake import registers
from raadhuis.intake.reading import Context, read_question, start_typed
from raadhuis.intake.reading.read import type_of
from raadhuis.intake.state import Looked, State, at_path, environment, looked_up
from raadhuis.kernel.db import in_durable
from raadhuis.kernel.expressions import UNKNOWN, parse

log = logging.getLogger(__name__)

MOST: Final = 50
MOST_TRIES: Final = 3
MOST_BYTES: Final = 64 * 1024
_LEAST_SECONDS: Final = 0.05
# Of several parts, of files, or a promise: nobody but the applicant gives these.
_NOT_FILLED_IN: Final = frozenset({"address", "place", "group", "file", "declaration"})


class Question(msgspec.Struct, frozen=True):
    """What would be sent now; `sent` tells it from any other question."""

    path: str
    query: dict[str, Any]
    body: dict[str, Any]
    sent: str


class Outcome(msgspec.Struct, frozen=True):
    """How a question went: ok, failed, or refused (no administrator allowed the service)."""

    service: str
    outcome: str
    milliseconds: int


class Round(msgspec.Struct):
    """What was asked for one page: the answers by look-up, and how it went."""

    found: dict[str, Looked] = {}
    outcomes: list[Outcome] = []


def question_of(lookup: Lookup, env: Mapping[str, Any]) -> Question | None:
    """What would be asked as things stand; None when nothing is to be asked."""
    if lookup.when and parse(lookup.when).truth(env) is not True:
        return None
    try:
        path = fill_path(lookup.path, lambda place: _segment(at_path(env, place)))
    except BadPath:
        return None
    if path is None:
        return None
    query = _values(lookup.query, env)
    body = _values(lookup.body, env) if lookup.method == "post" else {}
    whole = json.dumps([lookup.service, lookup.method, path, query, body, lookup.result], sort_keys=True)
    return Question(path, query, body, hashlib.sha256(whole.encode()).hexdigest())


def _segment(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _values(expressions: Mapping[str, str], env: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of these; what is unknown is not sent."""
    values = {name: _plain(parse(text).value(env)) for name, text in expressions.items()}
    return {name: value for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    """The value as JSON knows it, without what is unknown; None for nothing."""
    if isinstance(value, Mapping):
        return {str(k): one for k, v in value.items() if (one := _plain(v)) is not None}
    if isinstance(value, list | tuple):
        return [one for v in value if (one := _plain(v)) is not None]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is not UNKNOWN and isinstance(value, str | int) else None


class _Order(msgspec.Struct, frozen=True):
    """The look-ups in the order of asking; and for each the others that may change what it would be asked."""

    lookups: list[Lookup]
    needs: dict[str, set[str]]


_orders: dict[UUID, _Order] = {}
_MOST_ORDERS = 600


def in_order(published: Published) -> list[Lookup]:
    """The look-ups (≤ MOST), each after those that it reads, also by way of facts; else in the definition's order."""
    return _order(published).lookups


def _order(published: Published) -> _Order:
    if published.version_id not in _orders:
        if len(_orders) >= _MOST_ORDERS:
            _orders.clear()
        lookups = _in_order(published.definition)
        _orders[published.version_id] = _Order(lookups, _needs(published.definition, lookups))
    return _orders[published.version_id]


def _needs(definition: Definition, lookups: list[Lookup]) -> dict[str, set[str]]:
    """By look-up, the look-ups that it reads: also by way of facts, and of conditions of the answers that it reads."""
    reads = {lookup.name: facts.read_by_lookup(lookup) for lookup in lookups}
    reads |= {fact.name: set(parse(fact.value).names) for fact in definition.facts}
    for page in definition.pages:
        for question in page.questions:
            texts = (page.when, question.when, getattr(question, "for_each", ""))
            reads[question.id] = {name for text in texts if text for name in parse(text).names}
    names = {lookup.name for lookup in lookups}
    return {name: _reached(name, reads) & names for name in names}


def _in_order(definition: Definition) -> list[Lookup]:
    wait = {lookup.name: lookup for lookup in definition.lookups[:MOST]}
    reads = {name: facts.read_by_lookup(lookup) for name, lookup in wait.items()}
    reads |= {fact.name: set(parse(fact.value).names) for fact in definition.facts}
    before = {name: _reached(name, reads) & set(wait) - {name} for name in wait}
    ordered: list[Lookup] = []
    while wait:
        # In a circle none can come first; the definition's order is then as good as any.
        name = next((name for name in wait if not before[name] & set(wait)), next(iter(wait)))
        ordered.append(wait.pop(name))
    return ordered


def _reached(name: str, reads: Mapping[str, set[str]]) -> set[str]:
    """Every name that this one reads, also by way of others."""
    found: set[str] = set()
    more = set(reads.get(name, ()))
    while more:
        found |= more
        more = {deeper for one in more for deeper in reads.get(one, ())} - found
    return found


def settle(published: Published, state: State, found: Mapping[str, Looked] | None = None, page: str = "") -> bool:
    """Puts in what was `found` and works out what counts now; whether something changed or is still to be asked.

    A question without an answer that takes its first value from a look-up gets it, but not on this `page`.
    """
    if not published.definition.lookups:
        return False
    before = looked_up(state)
    state.lookups |= found or {}
    due = _each(published, state, None)
    changed = before != looked_up(state)
    if changed:
        _prefill(published, state, before, page)
    return due or changed


def look_up(published: Published, state: State) -> Round:
    """Asks what is to be asked, into `state`, within SECONDS. Raises RuntimeError inside a transaction of ours."""
    if in_durable():
        raise RuntimeError("look-ups are asked outside transactions: nobody may wait for another system")
    asking = _Asking()
    if published.definition.lookups:
        before = looked_up(state)
        _each(published, state, asking)
        _prefill(published, state, before, "")
    return asking.round


def _each(published: Published, state: State, asking: "_Asking | None") -> bool:
    """Goes through the look-ups in order, asking when there is somebody to ask; whether one is still to be asked.

    Each is asked as things stand after those before it. The form is walked once, with what counted before, and again
    only when that turns out to be otherwise and the next look-up would see the difference.
    """
    order, due = _order(published), False
    counted, shown, anew = set[str](), set(looked_up(state)), set[str]()
    env = environment(published, state)
    for lookup in order.lookups:
        if (anew | (shown ^ _with_value(state, counted))) & order.needs[lookup.name]:
            shown, anew = _count_only(state, counted), set()
            env = environment(published, state)
        question = question_of(lookup, env)
        looked = state.lookups.get(lookup.name)
        if question is None:
            continue
        if looked is None or looked.sent != question.sent:
            looked = Looked(sent=question.sent)
        if asking and not looked.answered and looked.tries < MOST_TRIES:
            asking.ask(lookup, question, looked)
            state.lookups[lookup.name] = looked
            anew.add(lookup.name)
        due = due or (not looked.answered and looked.tries < MOST_TRIES)
        if looked.answered:
            counted.add(lookup.name)
    _count_only(state, counted)
    return due


def _with_value(state: State, names: set[str]) -> set[str]:
    return {name for name in names if state.lookups[name].value is not None}


def _count_only(state: State, names: set[str]) -> set[str]:
    """Of the look-ups, these count and no other; those of them that found something."""
    for name, one in state.lookups.items():
        one.counts = name in names
    return _with_value(state, names)


class _Asking:
    """The questions of one page, with one deadline over all of them."""

    def __init__(self) -> None:
        self.round = Round()
        self._until = time.monotonic() + SECONDS

    def ask(self, lookup: Lookup, question: Question, looked: Looked) -> None:
        """Asks, and writes into `looked` what came of it."""
        began = time.monotonic()
        left = self._until - began
        if left < _LEAST_SECONDS:
            return
        outcome, reason = "failed", ""
        try:
            client = registers.adapters().lookups
            answer = client.ask(
                lookup.service, question.path, lookup.method, question.query, question.body, within=left
            )
            looked.value, looked.answered, outcome = _kept(lookup, answer), True, "ok"
        except UnknownService:
            outcome, reason = "refused", "not in RAADHUIS_LOOKUPS"
        except AdapterUnavailable as error:
            reason = error.reason
        if not looked.answered:
            looked.tries += reason != "resting"
            log.warning("look-up %s at %s: %s", lookup.name, lookup.service, reason)
        self.round.found[lookup.name] = looked
        self.round.outcomes.append(Outcome(lookup.service, outcome, round((time.monotonic() - began) * 1000)))


def _kept(lookup: Lookup, answer: Any) -> Any:
    """The part of the answer that the definition asks for; None when it is not there, or too large."""
    value = answer
    for part in lookup.result.split(".") if lookup.result else ():
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is not None and len(msgspec.json.encode(value)) > MOST_BYTES:
        log.warning("look-up %s at %s: more than %s bytes", lookup.name, lookup.service, MOST_BYTES)
        return None
    return value


def _prefill(published: Published, state: State, before: Mapping[str, Any], page_id: str) -> None:
    """First values of questions, where a look-up says something else than `before` and nobody answered since."""
    now = looked_up(state)
    names = {name for name in {*before, *now} if before.get(name) != now.get(name)}
    done = {*state.visited, page_id}
    context = Context(language=state.language, env=environment(published, state)) if names else Context()
    for page in published.definition.pages:
        for question in page.questions:
            source = question.prefill.source if question.prefill else ""
            if source.split(".")[0] not in names or question.id in state.corrected or question.id in state.typed:
                continue
            had = state.answers.get(question.id)
            # What is still the earlier value was never an answer of the applicant's own.
            theirs = page.id in done and question.id not in state.known
            if theirs or (had is not None and had != canonical(question, at_path(before, source), context)):
                continue
            _put(state, question, canonical(question, at_path(now, source), context))


def _put(state: State, question: AnyQuestion, value: Any) -> None:
    state.known = [name for name in state.known if name != question.id]
    if value is None:
        state.answers.pop(question.id, None)
        return
    state.answers[question.id] = value
    if question.prefill and question.prefill.ask == "if_unknown":
        state.known.append(question.id)


def canonical(question: AnyQuestion, value: Any, context: Context) -> Any:
    """What another system said, as an answer to this question; None for what nobody could have typed."""
    kind = type_of(question)
    if value is None or kind in _NOT_FILLED_IN or isinstance(value, Mapping):
        return None
    if (kind == "yes_no") is not isinstance(value, bool) or (kind == "choices") is not isinstance(value, list):
        return None
    if kind not in {"number", "money"} and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    try:
        typed = start_typed(question, value)
    except (ArithmeticError, TypeError, ValueError):
        return None
    form = QueryDict(mutable=True)
    for name, text in typed.items() if isinstance(typed, dict) else [("", typed)]:
        control = f"{question.id}.{name}" if name else question.id
        form.setlist(control, [str(one) for one in text] if isinstance(text, list) else [str(text)])
    reading = read_question(question, form, question.id, context)
    return None if reading.errors else reading.value
