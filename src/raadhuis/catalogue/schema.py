"""The service definition: one document from which form, case, decision, letters and measures come.

In: YAML. Out: a Definition. Always holds: the document is complete in itself; a published one never changes.
The published JSON Schema is made from these structs (`raadhuis service schema`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from raadhuis.catalogue.questions import AnyQuestion
from raadhuis.clients.schema import Confidentiality
from raadhuis.kernel.clock import Term
from raadhuis.kernel.texts import Text
from raadhuis.rules.schema import DecisionTable, ValueType

# How the retention term gets its first day (ZGW Catalogi, brondatumArchiefprocedure).
Derivation = Literal[
    "afgehandeld",
    "ander_datumkenmerk",
    "eigenschap",
    "gerelateerde_zaak",
    "hoofdzaak",
    "ingangsdatum_besluit",
    "termijn",
    "vervaldatum_besluit",
    "zaakobject",
]


class _Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    pass


class Upl(_Base, frozen=True, kw_only=True):
    """The name and URI in the national product list (UPL)."""

    name: str
    uri: str


class Who(_Base, frozen=True, kw_only=True):
    """Who may apply. `level` is the least level of assurance (eIDAS) for those who log in."""

    kinds: list[Literal["resident", "business", "anonymous"]]
    level: Literal["low", "substantial", "high"] = "low"


class Law(_Base, frozen=True, kw_only=True):
    """An article that a rule or decision rests on."""

    title: Text
    url: str = ""


class Paper(_Base, frozen=True, kw_only=True):
    """What the paper way asks: the baseline for the advantage."""

    questions: Annotated[int, msgspec.Meta(ge=0)]
    documents: Annotated[int, msgspec.Meta(ge=0)]
    days: Annotated[int, msgspec.Meta(ge=0)]
    source: str


class Advantage(_Base, frozen=True, kw_only=True):
    text: Text
    paper: Paper


class PageCheck(_Base, frozen=True, kw_only=True):
    """While `when` is true the page does not pass, and says `text`: at `question`, or about the page as a whole."""

    when: str
    text: Text
    question: str = ""


class Page(_Base, frozen=True, kw_only=True):
    """One thing to answer. A page with several questions keeps together what people think of as one thing."""

    id: str
    title: Text
    intro: Text | None = None
    when: str = ""
    questions: list[AnyQuestion]
    checks: list[PageCheck] = []


class Lookup(_Base, frozen=True, kw_only=True):
    """Something that another system knows, asked while somebody fills in. `name` is how expressions and texts read it.

    `service` is a name for which an administrator allows an address (RAADHUIS_LOOKUPS); `path` may hold `{places}`.
    `query` and `body` are expressions by name; one that is unknown is not sent. `result` is the part of the JSON answer
    that is kept, "" for all of it. It is asked when `when` holds and what is sent differs from the last time. A service
    that does not answer, or is not allowed, leaves it unknown.
    """

    name: str
    title: Text
    service: str
    path: str = ""
    method: Literal["get", "post"] = "get"
    query: dict[str, str] = {}
    body: dict[str, str] = {}
    result: str = ""
    when: str = ""


class Fact(_Base, frozen=True, kw_only=True):
    """A typed fact for tables and conditions; `value` reads answers, `person`, `business`, `earlier_granted`, facts."""

    name: str
    type: ValueType | Literal["list", "object"]
    """A list or object is for options, conditions and texts; a table takes the others."""
    value: str
    title: Text


class ResultOutcome(_Base, frozen=True, kw_only=True):
    """What a `result` of the decision leads to: keys of resultaattypen, besluittypen and letters.

    `laws`: the articles a decision taken by a person rests on, keys of the definition's `laws`; all, when left out.
    """

    resultaattype: str
    besluittype: str = ""
    letter: str = ""
    laws: list[str] = []


class DecisionUse(_Base, frozen=True, kw_only=True):
    """`table` names one of `tables`; `grant` and `refuse` say what follows.

    What is granted holds for `valid_for`, from the day that was asked for in the date question `valid_from`, and never
    from before the day of the decision.
    """

    table: str = ""
    grant: ResultOutcome
    refuse: ResultOutcome
    valid_for: Term | None = None
    valid_from: str = ""
    objection_weeks: Annotated[int, msgspec.Meta(ge=1, le=52)] = 6

    def last_day_to_object(self, sent: date) -> date:
        """Awb 6:7 and 6:8: six weeks, from the day after the decision was made known; Algemene termijnenwet 1."""
        return Term(weeks=self.objection_weeks).end(sent)

    def validity(self, result: str, answers: Mapping[str, Any], decided: date) -> tuple[date, date | None]:
        """The first and the last day on which a decision holds; a last day only for what was granted for a time."""
        asked = answers.get(self.valid_from) if self.valid_from and result == "grant" else None
        first = max(decided, date.fromisoformat(str(asked))) if asked else decided
        return first, self.valid_for.last_day(first) if self.valid_for and result == "grant" else None


class Routing(_Base, frozen=True, kw_only=True):
    """A table with the output `team`, and optionally `priority` and `working_days` (term)."""

    table: str


class FeeLine(_Base, frozen=True, kw_only=True):
    """An amount in cents due when `when` is true (always, when left out)."""

    title: Text
    cents: int
    when: str = ""


class Fee(_Base, frozen=True, kw_only=True):
    """What it costs: all lines whose condition holds are added up. `explanation` says how one pays."""

    lines: list[FeeLine]
    explanation: Text


class Cosign(_Base, frozen=True, kw_only=True):
    """A second person signs along, before anybody handles the case (Awb 4:2: an application is signed).

    `email` is the question with that person's address, `name` the one with their name. Always asked when `when` is left
    out. `level` is how they log in; "" asks no log-in: number and code suffice. They sign `text`, within `days`.
    """

    email: str
    name: str = ""
    when: str = ""
    level: Literal["", "low", "substantial", "high"] = "low"
    text: Text
    days: Annotated[int, msgspec.Meta(ge=2, le=90)] = 14


class StatusTypeDef(_Base, frozen=True, kw_only=True):
    key: str
    omschrijving: str
    text: Text
    informeren: bool = False


class ResultaatTypeDef(_Base, frozen=True, kw_only=True):
    """`procestermijn`-free result: what is kept how long. `selectielijstklasse` is a row of the 2020 retention list."""

    key: str
    omschrijving: str
    text: Text
    generiek: str = "Verleend"
    selectielijstklasse: str = ""
    archiefnominatie: Literal["vernietigen", "blijvend_bewaren"] = "vernietigen"
    archiefactietermijn: Term | None = None
    afleidingswijze: Derivation = "afgehandeld"


class RolTypeDef(_Base, frozen=True, kw_only=True):
    key: str
    omschrijving: str
    generiek: Literal[
        "adviseur",
        "behandelaar",
        "belanghebbende",
        "beslisser",
        "initiator",
        "klantcontacter",
        "zaakcoordinator",
        "mede_initiator",
    ]


class DocumentTypeDef(_Base, frozen=True, kw_only=True):
    key: str
    omschrijving: str
    richting: Literal["inkomend", "intern", "uitgaand"] = "inkomend"
    vertrouwelijkheidaanduiding: Confidentiality = "zaakvertrouwelijk"


class BesluitTypeDef(_Base, frozen=True, kw_only=True):
    key: str
    omschrijving: str
    publicatie: bool = False


class CaseType(_Base, frozen=True, kw_only=True):
    """The ZaakType that publishing writes. The first statustype is set at submission, the last one at closing."""

    identificatie: str
    omschrijving: str
    doel: str
    aanleiding: str
    onderwerp: str
    handeling_initiator: str
    handeling_behandelaar: str
    selectielijst_procestype: str
    doorlooptijd: Term
    servicenorm: Term | None = None
    extension: Term | None = None
    vertrouwelijkheidaanduiding: Confidentiality = "zaakvertrouwelijk"
    statustypen: list[StatusTypeDef]
    resultaattypen: list[ResultaatTypeDef]
    roltypen: list[RolTypeDef]
    informatieobjecttypen: list[DocumentTypeDef]
    besluittypen: list[BesluitTypeDef] = []


class TaskDef(_Base, frozen=True, kw_only=True):
    """A step for staff, offered when all of `after` are completed (at submission, when empty) and `when` holds.

    `kind`: assess (look and note), advice (another team advises), check, decide (grants or refuses), act (do the
    work outside). `shows` are ids of questions; empty shows all. `four_eyes`: a decision needs a second person.
    """

    id: str
    title: Text
    kind: Literal["assess", "check", "advice", "decide", "act"]
    team: str
    role: Literal["handler", "decider"] = "handler"
    after: list[str] = []
    when: str = ""
    term: Term | None = None
    status: str = ""
    shows: list[str] = []
    instruction: Text | None = None
    checklist: list[Text] = []
    four_eyes: bool = False
    outcome: Literal["decision", "handled", "none"] = "none"


class Letter(_Base, frozen=True, kw_only=True):
    """A letter; `{places}` take answers, facts and: naam, zaaknummer, datum, redenen, wetsartikelen, geldig_vanaf,
    geldig_tot.
    """

    title: Text
    body: Text


class Notifications(_Base, frozen=True, kw_only=True):
    """Texts of mails that differ from the house's own; `{places}` as in letters."""

    submitted: Text | None = None
    decided: Text | None = None
    handled: Text | None = None


class Measure(_Base, frozen=True, kw_only=True):
    """What the service is judged by. `target` in the unit of `kind`: days, or a share of 0 to 1."""

    id: str
    title: Text
    kind: Literal["lead_time_days", "automatic_share", "completion_share", "questions_not_asked"]
    target: float
    baseline: float | None = None


class Example(_Base, frozen=True, kw_only=True):
    """An example case. `answers` (with `person` or `business`) walk the form; `facts` go straight to the table.

    `on` is the day on which it takes place ("YYYY-MM-DD"; today, when left out); `earlier_granted` is how many cases
    with the same `same_case_key` were granted before.
    """

    name: str
    on: str = ""
    facts: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    person: dict[str, Any] = {}
    business: dict[str, Any] = {}
    earlier_granted: int = 0
    expect: dict[str, Any]
    pages: list[str] = []


class Definition(_Base, frozen=True, kw_only=True):
    """A whole service."""

    id: str
    title: Text
    summary: Text
    upl: Upl | None = None
    owner: str
    """The team that owns the service."""
    kind: Literal["permit", "report", "notice"]
    who: Who
    to_decide: list[Text] = []
    """What somebody must still decide before this service is really meant; `check` names each."""
    laws: dict[str, Law]
    advantage: Advantage
    before_you_start: list[Text] = []
    lookups: list[Lookup] = []
    pages: list[Page]
    facts: list[Fact] = []
    tables: list[DecisionTable] = []
    decision: DecisionUse | None = None
    routing: Routing | None = None
    same_case_key: str = ""
    """An expression; cases with the same value count in `earlier_granted` (for instance an address)."""
    fee: Fee | None = None
    cosign: Cosign | None = None
    zaaktype: CaseType
    tasks: list[TaskDef] = []
    letters: dict[str, Letter] = {}
    notifications: Notifications = Notifications()
    measures: list[Measure] = []
    examples: list[Example] = []

    def roltypen(self) -> list[RolTypeDef]:
        """The roles of the ZaakType; who signs along has one, also when the document names none."""
        own = self.zaaktype.roltypen
        if self.cosign is None or any(role.generiek == "mede_initiator" for role in own):
            return own
        second = RolTypeDef(key="mede-ondertekenaar", omschrijving="Mede-ondertekenaar", generiek="mede_initiator")
        return [*own, second]
