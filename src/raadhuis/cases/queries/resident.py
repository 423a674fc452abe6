"""What an applicant sees: their cases, one case, a document."""

from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Exists, OuterRef

from raadhuis.cases import access
from raadhuis.cases.answers import answer_lines
from raadhuis.cases.models import CoSignature, DecisionRecord, Message, Task, Zaak, ZaakInformatieObject
from raadhuis.cases.queries import advantage, cosigning, decisions, parts
from raadhuis.cases.schema import CaseAdvantage, CaseLine, CosignView, DecisionView, ResidentCase
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.schema import Paper
from raadhuis.kernel import clock
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.texts import Text

MOST = 50
LINE = (
    *("identificatie", "service", "version", "omschrijving", "status_key", "result_key", "made", "einddatum"),
    *("einddatum_gepland", "uiterlijke_einddatum_afdoening"),
)


def cases_of(lookup: str, language: str = "nl", limit: int = MOST) -> list[CaseLine]:
    """The newest cases (≤ 50) of an applicant. One statement; index: zaak_by_applicant."""
    question = Message.objects.filter(zaak=OuterRef("pk"), asks=True, answered=None)
    hidden = DecisionRecord.objects.filter(zaak=OuterRef("pk"), state="taken", released__gt=clock.now())
    signing = CoSignature.objects.filter(zaak=OuterRef("pk"), state="asked")
    asked = {"question": Exists(question), "hidden": Exists(hidden), "signing": Exists(signing)}
    rows = access.own_zaken(lookup).annotate(**asked).order_by("-made")
    rows = rows.only(*LINE)
    return [_line(row, language) for row in rows[: min(limit, MOST)]]


def _line(row: Zaak, language: str) -> CaseLine:
    published = parts.published_of(row)
    hidden = bool(getattr(row, "hidden", False))
    key = _status_before(published) if hidden else row.status_key
    return CaseLine(
        id=row.id,
        identificatie=row.identificatie,
        service=row.service,
        title=parts.title_of(row.service, row.version, row.omschrijving, language),
        status=parts.status_text(published, key, row.result_key if not hidden else "", language),
        made=row.made,
        closed=None if hidden else row.einddatum,
        term=row.einddatum_gepland or row.uiterlijke_einddatum_afdoening,
        question_open=bool(getattr(row, "question", False)),
        waits_for_signature=bool(getattr(row, "signing", False)),
    )


def _status_before(published: Published | None) -> str:
    """The status to show while a decision is not released yet: the last one before the end."""
    types = published.definition.zaaktype.statustypen if published else []
    return types[-2].key if len(types) > 1 else ""


def earlier_granted(service: str, same_case: str) -> int:
    """How many granted cases of this service share the key. Index: zaak_same_case."""
    if not same_case:
        return 0
    rows = Zaak.objects.filter(service=service, same_case=same_case)
    return DecisionRecord.objects.filter(zaak__in=rows, state="taken", result="grant").count()


def followed(identificatie: str, follow_hash: str) -> UUID | None:
    """The case with this number and follow code (as keyed hash); None when they do not belong together."""
    return (
        Zaak.objects.filter(identificatie=identificatie, follow_code=follow_hash)
        .exclude(follow_code="")
        .values_list("id", flat=True)
        .first()
    )


def _own(zaak_id: UUID, lookup: str, opened: UUID | None) -> Zaak:
    zaak = Zaak.objects.filter(id=zaak_id).first()
    if zaak is None or not access.is_applicant(zaak, lookup=lookup, opened=opened):
        raise Absent
    return zaak


def resident_case(zaak_id: UUID, *, lookup: str = "", opened: UUID | None = None, language: str = "nl") -> ResidentCase:
    """One case for who applied (by keyed hash) or opened it with number and code. Raises Absent."""
    zaak = _own(zaak_id, lookup, opened)
    published = parts.published_of(zaak)
    record = decisions.latest(zaak, {"taken"})
    shown = record if decisions.visible(record) else None
    hidden = record is not None and shown is None
    data = case_data(zaak)
    paper = published.definition.advantage.paper if published else None
    letters = parts.messages(zaak, internal=False)
    at_work, cosign = _at_work(zaak), cosigning.cosign_view(zaak, published)
    decision = decisions.decision_view(shown, published, language) if shown else None
    return ResidentCase(
        id=zaak.id,
        identificatie=zaak.identificatie,
        service=zaak.service,
        title=parts.title_of(zaak.service, zaak.version, zaak.omschrijving, language),
        made=zaak.made,
        steps=parts.steps(zaak, published, language, current=_status_before(published) if hidden else ""),
        now=_now_sentence(zaak, at_work, decision, cosign, hidden=hidden, language=language),
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
        open_question=next((m for m in letters if m.asks and m.answered is None), None),
        can_withdraw=zaak.einddatum is None,
        answers=[(label, answer) for _, label, answer in answer_lines(published, data, language)],
        advantage=_advantage(zaak, paper, hidden=hidden),
        cosign=cosign,
    )


def _advantage(zaak: Zaak, paper: Paper | None, *, hidden: bool) -> CaseAdvantage | None:
    """What the digital way saved; without the days while the decision is not released, since they would tell it."""
    counted = advantage.case_advantage(zaak.id, paper) if paper else None
    return msgspec.structs.replace(counted, days=None) if counted and hidden else counted


def _at_work(zaak: Zaak) -> str:
    """The name of the team that has the oldest open task; never that of a person."""
    team = Task.objects.filter(zaak=zaak, open=True).order_by("offered").values_list("team", flat=True).first()
    return team_name(team) if team else ""


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


def _now_sentence(
    zaak: Zaak,
    at_work: str,
    decision: DecisionView | None,
    cosign: CosignView | None,
    *,
    hidden: bool,
    language: str,
) -> str:
    key = "almost"
    if hidden:
        key = "almost"
    elif zaak.result_key == "ingetrokken":
        key = "withdrawn"
    elif zaak.einddatum is not None:
        key = "decided" if decision else "closed"
    elif Message.objects.filter(zaak=zaak, asks=True, answered=None).exists():
        key = "question"
    elif cosign and cosign.state == "asked":
        key = "signature"
    elif at_work:
        begun = Task.objects.filter(zaak=zaak, open=True).exclude(state="offered").exists()
        key = "work" if begun else "queue"
    return NOW[key].in_(language).format(team=at_work, who=cosign.who if cosign else "")


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
