"""Queues, tasks and search for staff. A queue is one indexed read, paged by key.

Order: the earliest due first; who asks for the next page gives the key of the last task of this one.
"""

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from raadhuis.cases import access
from raadhuis.cases.answers import answer_pages
from raadhuis.cases.models import MESSAGE_TASK, DecisionRecord, Medewerker, Task, Zaak
from raadhuis.cases.queries import decisions, parts
from raadhuis.cases.schema import Colleague, QueuePage, SearchHit, TaskLine, TaskView, TeamLoad
from raadhuis.cases.sealed import case_data, content_of
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Absent, Invalid

PAGE = 50
NOBODY = UUID(int=0)
SOON_WORKING_DAYS = 2
MOST_COUNTED = 1000
MOST_LOOKED_AT = 400
MOST_MESSAGES = 10
# What a line shows: a case has fifty columns, and reading them all for each line costs more than the line.
LINE = (
    *("key", "kind", "title_nl", "title_en", "team", "state", "assignee", "assignee_name", "offered", "due"),
    *(
        "pause_reason",
        "sort_due",
        "open",
        "zaak__identificatie",
        "zaak__service",
        "zaak__version",
        "zaak__omschrijving",
    ),
)
HIT = ("identificatie", "service", "version", "omschrijving", "status_key", "result_key", "made", "einddatum")


def task_line(row: Task, language: str = "nl") -> TaskLine:
    """A task as a line in a queue; its case comes along with it (select_related)."""
    left = clock.working_days_between(clock.today(), row.due) if row.due and row.open else None
    signal = "none" if left is None else "late" if left < 0 else "soon" if left <= SOON_WORKING_DAYS else "fine"
    zaak = row.zaak
    return TaskLine(
        id=row.id,
        zaak=zaak.id,
        identificatie=zaak.identificatie,
        title=row.title_en if language == "en" and row.title_en else row.title_nl,
        case_title=parts.title_of(zaak.service, zaak.version, zaak.omschrijving, language),
        team=row.team,
        state=row.state,
        assignee=row.assignee,
        assignee_name=row.assignee_name,
        due=row.due,
        signal=signal,  # type: ignore[arg-type]
        working_days_left=left,
        pause_reason=row.pause_reason,
        kind=row.kind,
        offered=row.offered,
    )


def _first_of(rows: QuerySet[Task], teams: list[str]) -> list[UUID]:
    """The ids that come first over several teams; those of each team in the order of the index."""
    keys = [key for team in teams for key in rows.filter(team=team).values_list("sort_due", "id")[: PAGE + 1]]
    return [key for _, key in sorted(keys)[: PAGE + 1]]


def _page(rows: QuerySet[Task], after: str, language: str, teams: list[str]) -> QueuePage:
    if after:
        due, last = _key(after)
        rows = rows.filter(Q(sort_due__gt=due) | Q(sort_due=due, id__gt=last))
    rows = rows.order_by("sort_due", "id")
    if len(teams) > 1:
        rows = Task.objects.filter(id__in=_first_of(rows, teams)).order_by("sort_due", "id")
    found = list(rows.select_related("zaak").only(*LINE)[: PAGE + 1])
    tail = found[PAGE - 1] if len(found) > PAGE else None
    return QueuePage(
        [task_line(row, language) for row in found[:PAGE]], f"{tail.sort_due.isoformat()}_{tail.id}" if tail else ""
    )


def _key(after: str) -> tuple[date, UUID]:
    try:
        due, _, last = after.partition("_")
        return date.fromisoformat(due), UUID(last)
    except ValueError as error:
        raise Invalid({"after": gettext("Deze bladzijde is er niet.")}) from error


def queue(actor: Actor, *, team: str = "", state: str = "", after: str = "", language: str = "nl") -> QueuePage:
    """A page of 50 open tasks of your teams (or of one `team` of yours). `state`: "", offered, mine, paused, late.

    Index: task_queue; task_mine for "mine".
    """
    if not actor.has(*access.READERS):
        return QueuePage([], "")
    teams = [team] if team in actor.teams else ([] if team else sorted(actor.teams))
    rows = Task.objects.filter(open=True, team__in=teams)
    if state == "mine":
        rows, teams = Task.objects.filter(open=True, assignee=actor.pseudonym), []
    elif state == "offered":
        rows = rows.filter(assignee="")
    elif state == "paused":
        rows = rows.filter(state="paused")
    elif state == "late":
        rows = rows.filter(sort_due__lt=clock.today())
    return _page(rows, after, language, teams)


def my_tasks(actor: Actor, *, after: str = "", language: str = "nl") -> QueuePage:
    """A page of the open tasks that you hold."""
    return queue(actor, state="mine", after=after, language=language)


def task_view(task_id: UUID, actor: Actor, language: str = "nl") -> TaskView:
    """A task page: just what the step needs. Raises Absent."""
    task = Task.objects.filter(id=task_id).select_related("zaak").first()
    if task is None or not access.may_read_zaak(actor, task.zaak):
        raise Absent
    zaak = task.zaak
    published = parts.published_of(zaak)
    step = next((t for t in published.definition.tasks if t.id == task.key), None) if published else None
    content = content_of(task)
    record = decisions.latest(zaak, {"advised"})
    proposal = DecisionRecord.objects.filter(id=content.get("record", NOBODY)).select_related("besluit").first()
    closes = step is not None and step.outcome == "handled"
    kinds = published.definition.zaaktype.resultaattypen if published and closes else []
    question = content.get("question", "")
    instruction = step.instruction.in_(language) if step and step.instruction else ""
    return TaskView(
        line=task_line(task, language),
        revision=task.revision,
        instruction=question or instruction,
        checklist=[item.in_(language) for item in step.checklist] if step else [],
        answers=answer_pages(published, case_data(zaak), language, step.shows if step else None),
        note=content.get("note", ""),
        advice=_advice(zaak),
        proposal=decisions.decision_view(proposal, published, language) if proposal else None,
        suggested=decisions.decision_view(record, published, language) if record else None,
        four_eyes=bool(step and step.four_eyes),
        results=[(r.key, r.text.in_(language)) for r in kinds if r.key != "ingetrokken"],
        mine=task.assignee == actor.pseudonym,
        may_work=access.may_work_on(actor, task),
        may_hand_over=task.open and access.may_hand_over(actor, task),
        checked=content.get("checked", []),
        returned=content.get("returned", ""),
        handover=content.get("handover", ""),
        outcome=task.outcome,
        messages=parts.messages(zaak, internal=True)[-MOST_MESSAGES:],
        closed=zaak.einddatum is not None,
        can_finish=zaak.einddatum is None or task.key == MESSAGE_TASK,
    )


def _advice(zaak: Zaak) -> list[tuple[str, str, str]]:
    given = zaak.tasks.filter(kind="advice", state="done").order_by("finished")[:50]
    return [(row.team, row.outcome, str(content_of(row).get("text", ""))) for row in given]


def search(actor: Actor, text: str, limit: int = 20, language: str = "nl") -> tuple[list[SearchHit], bool]:
    """(cases that you may read by the start of their number, at most 50; whether there may be more).

    Of a start that many numbers have, the first 400 are looked at: whose team has few cases would otherwise walk past
    everybody else's. Index: zaak_by_number.
    """
    typed = text.strip().upper()[:40]
    if len(typed) < 3:
        return [], False
    alike = Zaak.objects.filter(identificatie__startswith=typed)
    if connection.vendor == "sqlite":  # Its LIKE looks at neither case nor index.
        alike = alike.filter(identificatie__gte=typed, identificatie__lt=f"{typed}\U0010ffff")
    looked_at = list(alike.order_by("identificatie").values_list("id", flat=True)[: MOST_LOOKED_AT + 1])
    wanted = min(limit, 50)
    rows = access.readable_zaken(actor).filter(id__in=looked_at[:MOST_LOOKED_AT])
    found = list(rows.only(*HIT).order_by("identificatie")[: wanted + 1])
    hits = [_hit(row, language) for row in sorted(found[:wanted], key=lambda row: row.made, reverse=True)]
    return hits, len(found) > wanted or len(looked_at) > MOST_LOOKED_AT


def case_list(
    actor: Actor, *, service: str = "", open_only: bool = True, before: str = "", language: str = "nl"
) -> tuple[list[SearchHit], str]:
    """A page of 50 cases of your teams, newest first, and the key of the next page."""
    rows = access.readable_zaken(actor)
    if service:
        rows = rows.filter(service=service)
    if open_only:
        rows = rows.filter(einddatum=None)
    if before:
        try:
            rows = rows.filter(id__lt=UUID(before))
        except ValueError as error:
            raise Invalid({"before": gettext("Deze bladzijde is er niet.")}) from error
    found = list(rows.only(*HIT).order_by("-id")[: PAGE + 1])  # UUIDv7: newest id is newest case.
    return [_hit(row, language) for row in found[:PAGE]], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def _hit(row: Zaak, language: str) -> SearchHit:
    return SearchHit(
        row.id,
        row.identificatie,
        parts.title_of(row.service, row.version, row.omschrijving, language),
        parts.status_text(parts.published_of(row), row.status_key, row.result_key, language),
        row.made,
        row.einddatum,
    )


def colleagues(actor: Actor, team: str = "", limit: int = 200) -> list[Colleague]:
    """Colleagues in `team` (or in any of your teams), to hand over to."""
    wanted = {team} if team else set(actor.teams)
    rows = Medewerker.objects.exclude(pseudonym=actor.pseudonym).order_by("name")[:2000]
    return [Colleague(r.pseudonym, r.name, list(r.teams)) for r in rows if wanted & set(r.teams)][:limit]


def team_load(actor: Actor) -> list[TeamLoad]:
    """Open, unclaimed, late and paused tasks for each of your teams, among its 1,000 most urgent. Index: task_queue."""
    loads = []
    for team in sorted(actor.teams):
        most_urgent = Task.objects.filter(open=True, team=team).order_by("sort_due", "id")[:MOST_COUNTED]
        counted = most_urgent.aggregate(
            open=Count("id"),
            unclaimed=Count("id", filter=Q(assignee="")),
            late=Count("id", filter=Q(sort_due__lt=clock.today())),
            paused=Count("id", filter=Q(state="paused")),
        )
        loads.append(TeamLoad(team, counted["open"], counted["unclaimed"], counted["late"], counted["paused"]))
    return loads
