"""Queues, tasks and search for staff. A queue is one indexed read, paged by key.

Order: the earliest due first; who asks for the next page gives the key of the last task of this one.
"""

from datetime import date
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from raadhuis.cases import access
from raadhuis.cases.answers import answer_pages
from raadhuis.cases.models import MESSAGE_TASK, DecisionRecord, Medewerker, Task, Zaak
from raadhuis.cases.queries import decisions, parts
from raadhuis.cases.schema import Colleague, QueuePage, SearchHit, TaskLine, TaskView, TeamLoad
from raadhuis.cases.sealed import case_data, content_of
from raadhuis.catalogue.queries import by_version_id
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Absent, Invalid
from raadhuis.kernel.statements import Given, Statement

PAGE = 50
SOON_WORKING_DAYS = 2
MOST_COUNTED = 1000
MOST_LOOKED_AT = 400
MOST_MESSAGES = 10
# What a line shows: a case has fifty columns, and reading them all for each line costs more than the line.
LINE = (
    *("id", "zaak_id", "kind", "title_nl", "title_en", "team", "state", "assignee", "assignee_name", "offered", "due"),
    *("pause_reason", "sort_due", "open"),
    *("zaak__identificatie", "zaak__service", "zaak__version", "zaak__omschrijving"),
)
ID, SORT_DUE = LINE.index("id"), LINE.index("sort_due")
HIT = ("id", "identificatie", "service", "version", "omschrijving", "status_key", "result_key", "made", "einddatum")


_values = attrgetter(*(name.replace("__", ".") for name in LINE))


def task_line(row: Task, language: str = "nl") -> TaskLine:
    """A task as a line in a queue; its case comes along with it (select_related)."""
    return _line(_values(row), language, clock.today())


def _line(values: tuple[Any, ...], language: str, today: date) -> TaskLine:
    """A line, of the values that LINE names."""
    key, zaak, kind, dutch, english, team, state, assignee, name, offered, due, reason, _, is_open, *case = values
    number, service, version, omschrijving = case
    left = clock.working_days_between(today, due) if due and is_open else None
    signal = "none" if left is None else "late" if left < 0 else "soon" if left <= SOON_WORKING_DAYS else "fine"
    return TaskLine(
        id=key,
        zaak=zaak,
        identificatie=number,
        title=english if language == "en" and english else dutch,
        case_title=parts.title_of(service, version, omschrijving, language),
        team=team,
        state=state,
        assignee=assignee,
        assignee_name=name,
        due=due,
        signal=signal,  # type: ignore[arg-type]
        working_days_left=left,
        pause_reason=reason,
        kind=kind,
        offered=offered,
    )


@cache
def _queued(state: str, further: bool, *columns: str) -> Statement[tuple[Any, ...]]:
    """The open tasks of a team (for "mine": of who asks) in the order of the queue. Index: task_queue; task_mine."""
    rows = Task.objects.filter(open=True)
    rows = rows.filter(assignee=Given("mine")) if state == "mine" else rows.filter(team=Given("team"))
    if state == "offered":
        rows = rows.filter(assignee="")
    elif state == "paused":
        rows = rows.filter(state="paused")
    elif state == "late":
        rows = rows.filter(sort_due__lt=Given("today"))
    if further:
        rows = rows.filter(Q(sort_due__gt=Given("due")) | Q(sort_due=Given("due"), id__gt=Given("last")))
    return Statement(lambda: rows.order_by("sort_due", "id").values_list(*columns)[: PAGE + 1])


_THESE = Statement(
    lambda: (
        Task.objects.filter(id__in=[Given(str(place)) for place in range(PAGE + 1)])
        .order_by("sort_due", "id")
        .values_list(*LINE)
    )
)


def _first_of(keys: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The lines that come first over several teams, of the keys of each."""
    ids = [key for _, key in sorted(keys)[: PAGE + 1]]
    return _THESE.all(**{str(place): ids[min(place, len(ids) - 1)] for place in range(PAGE + 1)}) if ids else []


def _key(after: str) -> tuple[date, UUID]:
    try:
        due, _, last = after.partition("_")
        return date.fromisoformat(due), UUID(last)
    except ValueError as error:
        raise Invalid({"after": gettext("Deze bladzijde is er niet.")}) from error


def queue(actor: Actor, *, team: str = "", state: str = "", after: str = "", language: str = "nl") -> QueuePage:
    """A page of 50 open tasks of your teams (or of one `team` of yours). `state`: "", offered, mine, paused, late."""
    if not actor.has(*access.READERS):
        return QueuePage([], "")
    teams = [team] if team in actor.teams else ([] if team else sorted(actor.teams))
    teams = [""] if state == "mine" else teams
    today = clock.today()
    given = {"mine": actor.pseudonym, "today": today}
    if after:
        given["due"], given["last"] = _key(after)
    if len(teams) == 1:
        found = _queued(state, bool(after), *LINE).all(team=teams[0], **given)
    else:
        keys = _queued(state, bool(after), "sort_due", "id")
        found = _first_of([key for one in teams for key in keys.all(team=one, **given)])
    tail = found[PAGE - 1] if len(found) > PAGE else None
    following = f"{tail[SORT_DUE].isoformat()}_{tail[ID]}" if tail else ""
    return QueuePage([_line(row, language, today) for row in found[:PAGE]], following)


def my_tasks(actor: Actor, *, after: str = "", language: str = "nl") -> QueuePage:
    """A page of the open tasks that you hold."""
    return queue(actor, state="mine", after=after, language=language)


_TASK = Statement(lambda: Task.objects.filter(id=Given("task")).select_related("zaak"))
_RECORD = Statement(lambda: DecisionRecord.objects.filter(id=Given("record")).select_related("besluit"))
_ADVICE = Statement(
    lambda: Task.objects.filter(zaak=Given("zaak"), kind="advice", state="done").order_by("finished")[:50]
)


def task_view(task_id: UUID, actor: Actor, language: str = "nl") -> TaskView:
    """A task page: just what the step needs. Raises Absent."""
    task = _TASK.first(task=task_id)
    if task is None or not access.may_read_zaak(actor, task.zaak):
        raise Absent
    zaak = task.zaak
    published = parts.published_of(zaak)
    step = next((t for t in published.definition.tasks if t.id == task.key), None) if published else None
    content = content_of(task)
    record = decisions.latest(zaak, "advised")
    proposal = _RECORD.first(record=UUID(content["record"])) if content.get("record") else None
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
    return [(row.team, row.outcome, str(content_of(row).get("text", ""))) for row in _ADVICE.all(zaak=zaak.id)]


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
    rows = access.zaken_of(access.readable_teams(actor)).filter(id__in=looked_at[:MOST_LOOKED_AT])
    found = list(rows.order_by("identificatie").values_list(*HIT)[: wanted + 1])
    hits = [_hit(row, language) for row in sorted(found[:wanted], key=itemgetter(HIT.index("made")), reverse=True)]
    return hits, len(found) > wanted or len(looked_at) > MOST_LOOKED_AT


@cache
def _listed(teams: int, *, service: bool, open_only: bool, further: bool) -> Statement[tuple[Any, ...]]:
    """The cases of so many teams, newest first: UUIDv7, so by id. Index: primary key, zaak_open."""
    rows = access.zaken_of([Given(str(place)) for place in range(teams)])
    rows = rows.filter(service=Given("service")) if service else rows
    rows = rows.filter(einddatum=None) if open_only else rows
    rows = rows.filter(id__lt=Given("before")) if further else rows
    return Statement(lambda: rows.order_by("-id").values_list(*HIT)[: PAGE + 1])


def case_list(
    actor: Actor, *, service: str = "", open_only: bool = True, before: str = "", language: str = "nl"
) -> tuple[list[SearchHit], str]:
    """A page of 50 cases of your teams, newest first, and the key of the next page."""
    teams = access.readable_teams(actor)
    given: dict[str, Any] = {str(place): team for place, team in enumerate(teams)} | {"service": service}
    if before:
        try:
            given["before"] = UUID(before)
        except ValueError as error:
            raise Invalid({"before": gettext("Deze bladzijde is er niet.")}) from error
    listed = _listed(len(teams), service=bool(service), open_only=open_only, further=bool(before))
    found = listed.all(**given) if teams else []
    following = str(found[PAGE - 1][HIT.index("id")]) if len(found) > PAGE else ""
    return [_hit(row, language) for row in found[:PAGE]], following


def _hit(values: tuple[Any, ...], language: str) -> SearchHit:
    """A line, of the values that HIT names."""
    key, number, service, version, omschrijving, status, result, made, closed = values
    published = by_version_id(version) if version else None
    return SearchHit(
        key,
        number,
        parts.title_of(service, version, omschrijving, language),
        parts.status_text(published, status, result, language),
        made,
        closed,
    )


def colleagues(actor: Actor, team: str = "", limit: int = 200) -> list[Colleague]:
    """Colleagues in `team` (or in any of your teams), to hand over to."""
    wanted = {team} if team else set(actor.teams)
    rows = Medewerker.objects.exclude(pseudonym=actor.pseudonym).order_by("name")[:2000]
    return [Colleague(r.pseudonym, r.name, list(r.teams)) for r in rows if wanted & set(r.teams)][:limit]


# Index: task_queue.
LOAD = """SELECT COUNT(*), COUNT(*) FILTER (WHERE assignee = ''),
       COUNT(*) FILTER (WHERE sort_due < %s), COUNT(*) FILTER (WHERE state = 'paused')
FROM (
    SELECT assignee, sort_due, state FROM cases_task
    WHERE "open" AND team = %s ORDER BY sort_due, id LIMIT %s
) AS subquery"""


def team_load(actor: Actor) -> list[TeamLoad]:
    """Open, unclaimed, late and paused tasks for each of your teams, among its 1,000 most urgent."""
    loads, today = [], clock.today().isoformat()
    with connection.cursor() as cursor:
        for team in sorted(actor.teams):
            cursor.execute(LOAD, [today, team, MOST_COUNTED])
            loads.append(TeamLoad(team, *cursor.fetchone()))
    return loads
