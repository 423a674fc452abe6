"""What an applicant sees: their cases, one case, a document."""

from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet

from raadhuis.cases import access
from raadhuis.cases.answers import answer_lines
from raadhuis.cases.models import CoSignature, DecisionRecord, Message, Task, Zaak, ZaakInformatieObject
from raadhuis.cases.queries import advantage, cosigning, decisions, parts
from raadhuis.cases.schema import CaseAdvantage, CaseLine, CosignView, DecisionView, MessageView, ResidentCase
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue.queries import Published, by_version_id
from raadhuis.catalogue.schema import Paper
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.statements import Given, Statement
from raadhuis.kernel.texts import Text

MOST = 50
LINE = (
    *("id", "identificatie", "service", "version", "omschrijving", "status_key", "result_key", "made", "einddatum"),
    *("einddatum_gepland", "uiterlijke_einddatum_afdoening"),
)


def _own_cases() -> QuerySet[Zaak, tuple[Any, ...]]:
    question = Message.objects.filter(zaak=OuterRef("pk"), asks=True, answered=None)
    hidden = DecisionRecord.objects.filter(zaak=OuterRef("pk"), state="taken", released__gt=Given("now"))
    signing = CoSignature.objects.filter(zaak=OuterRef("pk"), state="asked")
    asked = {"question": Exists(question), "hidden": Exists(hidden), "signing": Exists(signing)}
    return access.own_zaken(Given("lookup")).annotate(**asked).order_by("-made").values_list(*LINE, *asked)[:MOST]


_OWN_CASES = Statement(_own_cases)


def cases_of(lookup: str, language: str = "nl", limit: int = MOST) -> list[CaseLine]:
    """The newest cases (≤ 50) of an applicant. One statement; index: zaak_by_applicant."""
    found = _OWN_CASES.all(lookup=lookup, now=clock.now()) if lookup else []
    return [_line(row, language) for row in found[:limit]]


def _line(values: tuple[Any, ...], language: str) -> CaseLine:
    """A line, of the values that LINE names and what is asked besides."""
    key, number, service, version, omschrijving, status, result, made, closed, planned, latest, *asked = values
    question, hidden, signing = map(bool, asked)
    published = by_version_id(version) if version else None
    status, result = (_status_before(published), "") if hidden else (status, result)
    return CaseLine(
        id=key,
        identificatie=number,
        service=service,
        title=parts.title_of(service, version, omschrijving, language),
        status=parts.status_text(published, status, result, language),
        made=made,
        closed=None if hidden else closed,
        term=planned or latest,
        question_open=question,
        waits_for_signature=signing,
    )


def _status_before(published: Published | None) -> str:
    """The status to show while a decision is not released yet: the last one before the end."""
    types = published.definition.zaaktype.statustypen if published else []
    return types[-2].key if len(types) > 1 else ""


_GRANTED = Statement(
    lambda: (
        DecisionRecord.objects.filter(
            zaak__in=Zaak.objects.filter(service=Given("service"), same_case=Given("same_case")),
            state="taken",
            result="grant",
        )
        .values("result")
        .annotate(count=Count("id"))
        .values_list("count", flat=True)
    )
)


def earlier_granted(service: str, same_case: str) -> int:
    """How many granted cases of this service share the key. Index: zaak_same_case."""
    if not same_case:
        return 0
    return _GRANTED.first(service=service, same_case=same_case) or 0


def followed(identificatie: str, follow_hash: str) -> UUID | None:
    """The case with this number and follow code (as keyed hash); None when they do not belong together."""
    return (
        Zaak.objects.filter(identificatie=identificatie, follow_code=follow_hash)
        .exclude(follow_code="")
        .values_list("id", flat=True)
        .first()
    )


def _own(zaak_id: UUID, lookup: str, opened: UUID | None) -> Zaak:
    zaak = parts.zaak_by_id(zaak_id)
    if zaak is None or not access.is_applicant(zaak, lookup=lookup, opened=opened):
        raise Absent
    return zaak


def resident_case(zaak_id: UUID, *, lookup: str = "", opened: UUID | None = None, language: str = "nl") -> ResidentCase:
    """One case for who applied (by keyed hash) or opened it with number and code. Raises Absent."""
    zaak = _own(zaak_id, lookup, opened)
    published = parts.published_of(zaak)
    record = decisions.latest(zaak, "taken")
    shown = record if decisions.visible(record) else None
    hidden = record is not None and shown is None
    data = case_data(zaak)
    paper = published.definition.advantage.paper if published else None
    letters = parts.messages(zaak, internal=False)
    question = next((m for m in letters if m.asks and m.answered is None), None)
    (at_work, begun), cosign = _at_work(zaak), cosigning.cosign_view(zaak, published)
    decision = decisions.decision_view(shown, published, language) if shown else None
    return ResidentCase(
        id=zaak.id,
        identificatie=zaak.identificatie,
        service=zaak.service,
        title=parts.title_of(zaak.service, zaak.version, zaak.omschrijving, language),
        made=zaak.made,
        steps=parts.steps(zaak, published, language, current=_status_before(published) if hidden else ""),
        now=NOW[_now(zaak, question, decision, cosign, at_work=at_work, begun=begun, hidden=hidden)]
        .in_(language)
        .format(team=at_work, who=cosign.who if cosign else ""),
        at_work=at_work,
        term=None if zaak.einddatum and not hidden else zaak.einddatum_gepland or zaak.uiterlijke_einddatum_afdoening,
        suspended=zaak.suspended_since is not None,
        suspension_reason=zaak.opschorting_reden if zaak.suspended_since else "",
        extension_reason="" if zaak.einddatum and not hidden else zaak.verlenging_reden,
        closed=None if hidden else zaak.einddatum,
        result="" if hidden else parts.status_text(published, "", zaak.result_key, language) if zaak.result_key else "",
        expectation=advantage.expectation(zaak.service) if zaak.einddatum is None else None,
        messages=letters,
        documents=parts.documents(zaak, shared_only=True, language=language),
        decision=decision,
        open_question=question,
        can_withdraw=zaak.einddatum is None,
        answers=[(label, answer) for _, label, answer in answer_lines(published, data, language)],
        advantage=_advantage(zaak, paper, hidden=hidden),
        cosign=cosign,
    )


def _advantage(zaak: Zaak, paper: Paper | None, *, hidden: bool) -> CaseAdvantage | None:
    """What the digital way saved; without the days while the decision is not released, since they would tell it."""
    counted = advantage.case_advantage(journal.of_zaak(zaak.id, kinds=advantage.TELLING), paper) if paper else None
    return msgspec.structs.replace(counted, days=None) if counted and hidden else counted


_OPEN_TASKS = Statement(
    lambda: Task.objects.filter(zaak=Given("zaak"), open=True).order_by("offered").values_list("team", "state")[:MOST]
)


def _at_work(zaak: Zaak) -> tuple[str, bool]:
    """The name of the team that has the oldest open task, never that of a person; whether anybody began."""
    tasks = _OPEN_TASKS.all(zaak=zaak.id)
    return team_name(tasks[0][0]) if tasks else "", any(state != "offered" for _, state in tasks)


def team_name(team: str) -> str:
    """What a team is called outside."""
    return str(settings.RAADHUIS_MUNICIPALITY.get("teams", {}).get(team, team))


NOW = {
    "question": Text(
        "Wij wachten op uw antwoord. U vindt onze vraag bij de berichten.",
        "We are waiting for your answer. You can find our question under messages.",
    ),
    "decided": Text("Er is een besluit. U leest het hieronder.", "There is a decision. You can read it below."),
    "closed": Text("Deze zaak is klaar. U hoeft niets te doen.", "This case is finished. You need not do anything."),
    "withdrawn": Text("U hebt deze aanvraag ingetrokken.", "You have withdrawn this application."),
    "queue": Text(
        "Uw zaak ligt bij {team}. Een medewerker pakt uw zaak op.",
        "Your case is with {team}. Somebody will take it up.",
    ),
    "work": Text("{team} is met uw zaak bezig. U hoeft niets te doen.", "{team} is working on your case."),
    "signature": Text(
        "Wij wachten op de handtekening van {who}. Daarna gaan wij verder.",
        "We are waiting for the signature of {who}. After that we go on.",
    ),
    "almost": Text("Wij ronden uw zaak af.", "We are finishing your case."),
}


def _now(
    zaak: Zaak,
    question: MessageView | None,
    decision: DecisionView | None,
    cosign: CosignView | None,
    *,
    at_work: str,
    begun: bool,
    hidden: bool,
) -> str:
    """Which of the sentences tells what happens now."""
    if hidden:
        return "almost"
    if zaak.result_key == "ingetrokken":
        return "withdrawn"
    if zaak.einddatum is not None:
        return "decided" if decision else "closed"
    if question:
        return "question"
    if cosign and cosign.state == "asked":
        return "signature"
    if at_work:
        return "work" if begun else "queue"
    return "almost"


def document_for_applicant(
    document_id: UUID, *, lookup: str = "", opened: UUID | None = None
) -> tuple[str, str, str, int]:
    """(file key, name, content type, size) of a document the applicant may have. Raises Absent."""
    link = (
        ZaakInformatieObject.objects.filter(informatieobject=document_id, shared=True)
        .select_related("informatieobject", "zaak")
        .first()
    )
    if link is None or not access.is_applicant(link.zaak, lookup=lookup, opened=opened):
        raise Absent
    item = link.informatieobject
    return item.file_key, item.bestandsnaam, item.formaat, item.bestandsomvang or 0
