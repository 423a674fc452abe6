"""The checks of a page: what answers together must not say.

In: a page and what is known after it. Out: the checks that hold, and where each is shown. Always holds: a check that
cannot be determined stops nobody.
"""

from collections.abc import Mapping
from typing import Any

from raadhuis.catalogue.schema import Page, PageCheck
from raadhuis.intake.reading import Context, Reading
from raadhuis.intake.reading.read import first_control, start_typed
from raadhuis.intake.state import State, asked_questions
from raadhuis.kernel.expressions import parse

PAGE_CONTROL = ".page"
"""Where an error stands that is about the page as a whole; no question has this name."""
RULE = "check"


def failing(page: Page, env: Mapping[str, Any]) -> list[PageCheck]:
    """The checks of the page that stop it now."""
    return [check for check in page.checks if parse(check.when).truth(env) is True]


def put_in(page: Page, state: State, readings: dict[str, Reading], context: Context) -> list[str]:
    """Puts the sentences of failing checks into the readings of their questions; returns those about the whole page."""
    whole: list[str] = []
    asked = {question.id: question for question in asked_questions(page, state, context.env)}
    for check in failing(page, context.env):
        sentence, question = context.text(check.text), asked.get(check.question)
        if question is None:
            whole.append(sentence)
            continue
        typed = state.typed.get(question.id, start_typed(question, state.answers.get(question.id)))
        reading = readings.setdefault(question.id, Reading(typed=typed, value=state.answers.get(question.id)))
        reading.errors = [*reading.errors, (first_control(question, question.id), sentence, RULE)]
    return whole
