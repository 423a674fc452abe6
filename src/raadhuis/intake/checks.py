"""The checks of a page: what answers together must not say.

In: a page and what is known after it. Out: the checks that hold, and where each is shown. Always holds: a check that
cannot be determined stops nobody.
"""

from collections.abc import Mapping
from typing import Any

from raadhuis.catalogue.questions import EmailQuestion
from raadhuis.catalogue.schema import Definition, Page, PageCheck
from raadhuis.intake.reading import Context, Reading
from raadhuis.intake.reading.read import first_control, start_typed
from raadhuis.intake.state import State, asked_questions
from raadhuis.kernel.expressions import parse
from raadhuis.kernel.texts import Text

PAGE_CONTROL = ".page"
"""Where an error stands that is about the page as a whole; no question has this name."""
RULE = "check"


OWN_ADDRESS = Text(
    "Dit is hetzelfde adres als dat van u. Geef het adres van wie mee ondertekent.",
    "This is the same address as yours. Give the address of who signs too.",
)


def failing(definition: Definition, page: Page, env: Mapping[str, Any]) -> list[PageCheck]:
    """The checks of the page that stop it now: its own, and that nobody signs along at the applicant's address."""
    checks = [*page.checks, *_two_addresses(definition, page)]
    return [check for check in checks if parse(check.when).truth(env) is True]


def _two_addresses(definition: Definition, page: Page) -> list[PageCheck]:
    """One address that is asked on this page, and another on it or before: who signs along is somebody else."""
    use = definition.cosign
    if use is None:
        return []
    before = definition.pages[: definition.pages.index(page)]
    here = [question.id for question in page.questions if isinstance(question, EmailQuestion)]
    known = [*here, *(q.id for earlier in before for q in earlier.questions if isinstance(q, EmailQuestion))]
    return [
        PageCheck(when=f"lower({use.email}) == lower({other})", text=OWN_ADDRESS, question=asked)
        for other in known
        if other != use.email and use.email in known
        for asked in ([use.email] if use.email in here else [other] if other in here else [])
    ]


def put_in(
    definition: Definition, page: Page, state: State, readings: dict[str, Reading], context: Context
) -> list[str]:
    """Puts the sentences of failing checks into the readings of their questions; returns those about the whole page."""
    whole: list[str] = []
    asked = {question.id: question for question in asked_questions(page, state, context.env)}
    for check in failing(definition, page, context.env):
        sentence, question = context.text(check.text), asked.get(check.question)
        if question is None:
            whole.append(sentence)
            continue
        typed = state.typed.get(question.id, start_typed(question, state.answers.get(question.id)))
        reading = readings.setdefault(question.id, Reading(typed=typed, value=state.answers.get(question.id)))
        reading.errors = [*reading.errors, (first_control(question, question.id), sentence, RULE)]
    return whole
