"""The shapes that cross the door of `cases`.

Always holds: no table row and no ciphertext crosses; names and texts here are for the screen of who may see them.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from raadhuis.kernel.geometry import Geometry
from raadhuis.kernel.texts import Text
from raadhuis.rules.schema import Decision, Reason


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    """Who applies, as known at submission. `bsn` or `kvk` only for who logged in."""

    kind: Literal["resident", "business", "anonymous"]
    name: str = ""
    bsn: str = ""
    kvk: str = ""
    email: str = ""
    phone: str = ""
    language: Literal["nl", "en"] = "nl"


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is already durable in the file store, to become a document of the case."""

    key: str
    name: str
    size: int
    sha256: str
    content_type: str
    document: str
    """Key of the informatieobjecttype."""
    title: str = ""
    scanned: Literal["clean", "unscanned"] = "unscanned"


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs along: as they logged in (`lookup`, the keyed hash, with `level`), or nameless with the code."""

    name: str = ""
    email: str = ""
    bsn: str = ""
    kvk: str = ""
    lookup: str = ""
    level: str = ""


class NewZaak(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a submission hands over. `decision` is what the table said, if the service has one."""

    submission: UUID
    version: UUID
    applicant: Applicant
    answers: dict[str, Any]
    registers: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    known: list[str] = []
    corrected: list[str] = []
    """Questions whose answer a register knew, and that the applicant says it has wrong."""
    files: list[KeptFile] = []
    decision: Decision | None = None
    team: str = ""
    """From the routing table; "" leaves each task with the team its definition names."""
    priority: str = ""
    working_days: int | None = None
    same_case: str = ""
    follow_code: str = ""


class Opened(msgspec.Struct, frozen=True):
    """A case that was made. `granted` tells that the machine decided, in favour."""

    zaak: UUID
    identificatie: str
    granted: bool
    expected_before: date | None
    made: datetime
    waits_for: str = ""
    """Who must sign along before anything happens; "" for nobody."""


class StatusStep(msgspec.Struct, frozen=True):
    """A step in the life of the case, for the resident: done, current or to come."""

    key: str
    text: str
    state: Literal["done", "current", "later"]
    when: datetime | None = None


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    direction: Literal["to_applicant", "from_applicant", "internal"]
    author: str
    text: str
    sent: datetime
    asks: bool
    asks_documents: bool
    answered: datetime | None
    read: datetime | None


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    title: str
    name: str
    size: int
    content_type: str
    direction: str
    added: datetime
    ready: bool
    shared: bool
    scanned: str


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as people may read it. `released` is when it goes (or went) out; before that it can be undone."""

    id: UUID
    state: str
    result: str
    result_text: str
    automatic: bool
    made: datetime
    released: datetime | None
    by_name: str
    second_name: str
    reasons: list[Reason]
    motivation: str
    conditions: list[str]
    laws: list[tuple[str, str]]
    """(title, url) of the articles it rests on."""
    valid_from: date | None
    valid_until: date | None
    object_before: date | None
    undetermined: list[str]
    table: str
    table_version: str


class CosignView(msgspec.Struct, frozen=True, kw_only=True):
    """The second signature on a case. `state`: asked, given, refused, expired, cancelled."""

    who: str
    email: str
    state: str
    asked: datetime
    sent: datetime
    until: date
    answered: datetime | None
    can_ask_again: bool


class Expectation(msgspec.Struct, frozen=True):
    """ "Of the last `cases`, `share` tenths were answered within `working_days` working days." """

    cases: int
    share: int
    working_days: int


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a list. `term` is the last day of the term."""

    id: UUID
    identificatie: str
    service: str
    title: str
    status: str
    made: datetime
    closed: date | None
    term: date | None
    question_open: bool
    waits_for_signature: bool = False


class ResidentCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as the applicant sees it."""

    id: UUID
    identificatie: str
    service: str
    title: str
    made: datetime
    steps: list[StatusStep]
    now: str
    """What happens now, in a sentence."""
    at_work: str
    """Who is at work: the name of the team, or ""."""
    term: date | None
    suspended: bool
    suspension_reason: str
    extension_reason: str
    """Why, in the words of who did it; "" when the term runs and was not extended."""
    closed: date | None
    result: str
    expectation: Expectation | None
    messages: list[MessageView]
    documents: list[DocumentView]
    decision: DecisionView | None
    open_question: MessageView | None
    can_withdraw: bool
    answers: list[tuple[str, str]]
    advantage: "CaseAdvantage | None"
    cosign: CosignView | None = None


class CaseAdvantage(msgspec.Struct, frozen=True):
    """What the digital way saved in this case against the paper baseline. `days` None while it runs."""

    questions_not_asked: int
    documents_not_needed: int
    days: float | None
    paper_days: int


class ServiceAdvantage(msgspec.Struct, frozen=True, kw_only=True):
    """The same over all closed cases of a service that the journal counts (at most the last 500)."""

    cases: int
    questions_not_asked: float
    documents_not_needed: float
    median_days: float | None
    paper_days: int
    automatic_share: float | None
    expectation: Expectation | None


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A task in a queue. `signal` is told in words, shape and colour."""

    id: UUID
    zaak: UUID
    identificatie: str
    title: str
    case_title: str
    team: str
    state: str
    assignee: str
    assignee_name: str
    due: date | None
    signal: Literal["late", "soon", "fine", "none"]
    working_days_left: int | None
    pause_reason: str
    kind: str
    offered: datetime


class QueuePage(msgspec.Struct, frozen=True):
    """A page of a queue; `next` is the key to ask the following page with, "" on the last."""

    tasks: list[TaskLine]
    next: str


class AnswerPage(msgspec.Struct, frozen=True):
    """What was answered on one page of the form: its title, and (question id, label, answer)."""

    title: str
    lines: list[tuple[str, str, str]]

    @property
    def size(self) -> int:
        """How many answers there are."""
        return len(self.lines)


class StaffCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as staff see it."""

    id: UUID
    identificatie: str
    service: str
    service_version: int | None
    title: str
    made: datetime
    status: str
    steps: list[StatusStep]
    applicant: Applicant
    answers: list[AnswerPage]
    drawings: list[Geometry]
    """What the applicant pointed out or drew on the map."""
    facts: list[tuple[str, str]]
    looked_up: list[tuple[str, list[str]]]
    """(title, lines) of what other systems said while the applicant filled in"""
    term: date | None
    planned: date | None
    suspended: bool
    suspension_reason: str
    extended: bool
    can_extend: bool
    closed: date | None
    result: str
    archive: tuple[str, date | None]
    tasks: list[TaskLine]
    messages: list[MessageView]
    documents: list[DocumentView]
    decisions: list[DecisionView]
    timeline: list[tuple[datetime, str, str]]
    """(moment, what, role) from the journal."""
    advantage: CaseAdvantage | None
    can_undo: UUID | None
    corrections: list[tuple[str, str, str]]
    """(question, what the register has, what the applicant says) for what a register is said to have wrong."""
    may_handle: bool
    """Whether this member of staff may write on the case."""
    cosign: CosignView | None = None


class TaskView(msgspec.Struct, frozen=True, kw_only=True):
    """A task page: just what the step needs."""

    line: TaskLine
    revision: int
    instruction: str
    checklist: list[str]
    answers: list[AnswerPage]
    note: str
    advice: list[tuple[str, str, str]]
    """(team, advice, text) that was given on this case."""
    proposal: DecisionView | None
    suggested: DecisionView | None
    """What the table said, for a person to weigh."""
    four_eyes: bool
    results: list[tuple[str, str]]
    """(key, text) to choose from when the task closes the case."""
    mine: bool
    may_work: bool
    may_hand_over: bool
    checked: list[int]
    """The numbers of the ticked lines of the checklist."""
    returned: str
    """Why a colleague gave the proposal back, or ""."""
    handover: str
    outcome: str
    messages: list[MessageView]
    """The newest messages and notes, in order of time."""
    closed: bool
    """Whether the case is closed."""
    can_finish: bool
    """Whether there is something to do here: not on a closed case, but for reading what the applicant wrote."""


class MeasureView(msgspec.Struct, frozen=True, kw_only=True):
    """What a service is judged by, as counted from the journal. `value` None: too little to count yet."""

    title: str
    kind: str
    target: float
    baseline: float | None
    value: float | None
    met: bool | None


class Colleague(msgspec.Struct, frozen=True):
    pseudonym: str
    name: str
    teams: list[str]


class SearchHit(msgspec.Struct, frozen=True):
    id: UUID
    identificatie: str
    title: str
    status: str
    made: datetime
    closed: date | None


class TeamLoad(msgspec.Struct, frozen=True):
    """For a team lead: how many open tasks a team has, and of those unclaimed, late and paused."""

    team: str
    open: int
    unclaimed: int
    late: int
    paused: int


class ReplayedDecision(msgspec.Struct, frozen=True):
    """What `raadhuis decision replay` reports for one decision."""

    decision: UUID
    table: str
    same: bool
    differences: list[str]


PAUSE_REASONS: dict[str, Text] = {
    "resident": Text("Wacht op antwoord van de aanvrager", "Waiting for the applicant"),
    "advice": Text("Wacht op advies", "Waiting for advice"),
    "approval": Text("Wacht op de tweede handtekening", "Waiting for the second signature"),
    "colleague": Text("Wacht op een collega", "Waiting for a colleague"),
    "other-organisation": Text("Wacht op een andere organisatie", "Waiting for another organisation"),
    "other": Text("Ligt even stil", "Paused"),
}
