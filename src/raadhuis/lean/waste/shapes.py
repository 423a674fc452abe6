"""What is told of waste. Always holds: times in µs, added up unless said; a figure of fewer than FEWEST_PERSONS
applicants is left out; nothing tells what somebody answered, only that it was not accepted.
"""

import msgspec


class Check(msgspec.Struct, frozen=True):
    """A step with which nearly always the same follows: `same` of `steps` have `outcome`.

    `told`: "outcome" (the journal tells how the task ended) or "next" (the step that came after it); `others`: the
    share of other outcomes that still fits what was seen, with 95 % (Wilson). `touch_us`: work told for it; `wait_us`:
    the wait before it; `untold_us`: the time of steps of which only the end is told.
    """

    activity: str
    cases: int
    steps: int
    same: int
    outcome: str
    told: str
    others: float
    touch_us: int
    wait_us: int
    untold_us: int


class Question(msgspec.Struct, frozen=True):
    """A question of which answers are not accepted: `applications` of the `shown` that saw its page, `times` in all.

    `rule`: the rule that most of them broke; `lost_us`: the median time from the first refusal on the page to its being
    accepted, None when fewer than FEWEST_PERSONS got that far.
    """

    service: str
    page: str
    question: str
    shown: int
    applications: int
    times: int
    rule: str
    lost_us: float | None


class Leaving(msgspec.Struct, frozen=True):
    """`left` of the `shown` applications that saw this page were last seen there; `spent_us`: the median time from
    their begin to the page.
    """

    service: str
    page: str
    shown: int
    left: int
    spent_us: float


class Incomplete(msgspec.Struct, frozen=True):
    """`asked` of the `cases` of a service, by the task during which the applicant was asked for more; `times` in all.

    `wait_us`: time between question and answer, added up over `answered` questions; `half_us`: its median. What was
    asked the journal does not tell.
    """

    service: str
    task: str
    cases: int
    asked: int
    times: int
    answered: int
    wait_us: int
    half_us: float


class Ruled(msgspec.Struct, frozen=True):
    """Decisions by persons that came out the same in nearly every case of which the journal tells the same: `same` of
    `cases` had `result`. `before`: the tasks and advice that came before the decision, with their outcomes.

    `others`: as of a Check; `wait_us`: from the begin of the case to the decision, added up; `automatic`: how often
    the program itself took this decision for the service.
    """

    service: str
    version: int
    task: str
    before: list[tuple[str, str]]
    cases: int
    same: int
    result: str
    others: float
    wait_us: int
    automatic: int


class Waste(msgspec.Struct, frozen=True):
    """Everything, what matters most first. `own`: whether the log is a journal; what is about applications is empty for
    another, and takes of the filter only the period and the service, because an application is no case yet.
    """

    own: bool
    checks: list[Check]
    questions: list[Question]
    leaving: list[Leaving]
    incomplete: list[Incomplete]
    ruled: list[Ruled]
