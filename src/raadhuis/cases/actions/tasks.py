"""Work on tasks: claim, start, pause, hand over, advise, complete.

Always holds: one person at a time holds a task; every change tells the journal whether it is work or waiting, and
on whom. `revision` is what the page showed: who acts on an older page gets NotNow and changes nothing.
"""

from uuid import UUID

from django.utils.translation import gettext

from raadhuis.cases import access
from raadhuis.cases.actions import closing, flow, roles
from raadhuis.cases.actions.common import definition_of, involve, lock_task, tell, touch
from raadhuis.cases.models import Medewerker, Task, Zaak
from raadhuis.cases.schema import PAUSE_REASONS
from raadhuis.cases.sealed import TASK, content_of
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import SYSTEM, Actor
from raadhuis.kernel.clock import Term
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Invalid, NotAllowed, NotNow
from raadhuis.kernel.texts import Text

ADVICE = {"positive", "conditions", "negative"}
# Which part somebody plays who takes up a task of this kind; the others make one a behandelaar.
PARTS = {"advice": "adviseur", "approve": "beslisser"}
ADVICE_TERM = Term(working_days=10)


def _data(task: Task) -> dict[str, object]:
    return {"task": task.key, "team": task.team, "kind": task.kind}


def _tell(kind: str, zaak: Zaak, task: Task, actor: Actor, data: dict[str, object] | None = None) -> None:
    tell(kind, zaak, actor, activity=task.key, data=data or _data(task), task=task.id)


def put_content(task: Task, **more: object) -> None:
    """Adds to the encrypted content of a task (the caller saves it)."""
    task.sealed = privacy.encrypt_json(TASK, content_of(task) | more)


def _require_worker(task: Task, actor: Actor) -> None:
    if not access.may_work_on(actor, task):
        raise NotAllowed(gettext("Deze taak is voor een ander team of een andere rol."))


def require_mine(task: Task, actor: Actor) -> None:
    """Raises NotNow or NotAllowed unless this member of staff holds the open task."""
    _require_worker(task, actor)
    if not task.open:
        raise NotNow(gettext("Deze taak is al klaar."))
    if task.assignee != actor.pseudonym:
        raise NotNow(gettext("Deze taak is niet (meer) van u. Pak haar eerst op."))


def claim(task_id: UUID, actor: Actor, revision: int | None = None) -> None:
    """Takes a task up and begins. Raises NotNow when somebody else was first."""
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        _require_worker(task, actor)
        if not task.open or task.assignee:
            raise NotNow(
                gettext("Deze taak is al opgepakt door %(who)s.")
                % {"who": task.assignee_name or gettext("een collega")}
            )
        if content_of(task).get("not_by") == actor.pseudonym:
            raise NotAllowed(gettext("U deed zelf het voorstel: de tweede handtekening is van een collega."))
        touch(task, state="started", assignee=actor.pseudonym, assignee_name=actor.name, claimed=clock.now())
        roles.note_staff(zaak, definition_of(zaak), PARTS.get(task.kind, "behandelaar"), actor)
        _tell("task.claimed", zaak, task, actor)
        _tell("task.started", zaak, task, actor)


def start(task_id: UUID, actor: Actor, revision: int | None = None) -> None:
    """Begins with a task that was handed over to you."""
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        require_mine(task, actor)
        if task.state != "claimed":
            raise NotNow(gettext("U bent hier al aan begonnen."))
        touch(task, state="started")
        _tell("task.started", zaak, task, actor)


def release(task_id: UUID, actor: Actor, revision: int | None = None) -> None:
    """Puts a task back in the queue of the team."""
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        if not access.may_hand_over(actor, task):
            raise NotAllowed(gettext("Alleen wie de taak heeft, of de teamleider, legt haar terug."))
        if not task.open or not task.assignee:
            raise NotNow(gettext("Deze taak ligt al in de werkvoorraad."))
        touch(task, state="offered", assignee="", assignee_name="", claimed=None, pause_reason="")
        _tell("task.released", zaak, task, actor)


def pause(task_id: UUID, actor: Actor, reason: str, revision: int | None = None) -> None:
    """Says that the task waits, and on whom (a key of PAUSE_REASONS)."""
    if reason not in PAUSE_REASONS:
        raise Invalid({"reason": gettext("Kies waarop de taak wacht.")})
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        require_mine(task, actor)
        pause_row(zaak, task, actor, reason)


def pause_row(zaak: Zaak, task: Task, actor: Actor, reason: str) -> None:
    """Pauses a locked task; nothing happens when it waits for the same already."""
    if task.state == "paused" and task.pause_reason == reason:
        return
    touch(task, state="paused", pause_reason=reason)
    _tell("task.paused", zaak, task, actor, {"task": task.key, "team": task.team, "reason": reason})


def resume(task_id: UUID, actor: Actor, revision: int | None = None) -> None:
    """Goes on with a paused task."""
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        require_mine(task, actor)
        if task.state != "paused":
            raise NotNow(gettext("Deze taak ligt niet stil."))
        if task.pause_reason == "approval":
            raise NotNow(gettext("Deze taak wacht op de tweede handtekening."))
        resume_row(zaak, task, actor)


def resume_row(zaak: Zaak, task: Task, actor: Actor) -> None:
    """Lets a locked, paused task go on."""
    if task.state == "paused":
        touch(task, state="started", pause_reason="")
        _tell("task.resumed", zaak, task, actor)


def resume_waiting_for(zaak: Zaak, reason: str, actor: Actor = SYSTEM) -> None:
    """What waited for `reason` on this case goes on."""
    for task in zaak.tasks.select_for_update().filter(state="paused", pause_reason=reason):
        resume_row(zaak, task, actor)


def hand_over(
    task_id: UUID, actor: Actor, *, team: str = "", person: str = "", note: str = "", revision: int | None = None
) -> None:
    """Gives a task to another team's queue, or to a colleague (by pseudonym) in a team of theirs.

    Raises Invalid when there is no such colleague or team, NotAllowed when it is not yours to give.
    """
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        if not access.may_hand_over(actor, task):
            raise NotAllowed(gettext("Alleen wie de taak heeft, of de teamleider, draagt haar over."))
        if not task.open:
            raise NotNow(gettext("Deze taak is al klaar."))
        before = task.team
        colleague = _colleague(person, team or before) if person else None
        if not person and (not team or team == before):
            raise Invalid({"team": gettext("Kies een ander team of een collega.")})
        put_content(task, handover=note[:2000])
        touch(
            task,
            team=team or before,
            state="claimed" if colleague else "offered",
            pause_reason="",
            assignee=colleague.pseudonym if colleague else "",
            assignee_name=colleague.name if colleague else "",
            claimed=clock.now() if colleague else None,
        )
        involve(zaak, task.team)
        _tell(
            "task.handed_over",
            zaak,
            task,
            actor,
            {"task": task.key, "team": task.team, "from_team": before, "to_person": colleague is not None},
        )


def _colleague(pseudonym: str, team: str) -> Medewerker:
    found = Medewerker.objects.filter(pseudonym=pseudonym).first()
    if found is None or team not in found.teams:
        raise Invalid({"person": gettext("Deze collega zit niet in dat team.")})
    return found


def note(task_id: UUID, actor: Actor, text: str, checked: list[int], revision: int | None = None) -> None:
    """Keeps a note and the ticks of the checklist with a task you hold."""
    with durable():
        task, _ = lock_task(task_id, actor, revision)
        require_mine(task, actor)
        put_content(task, note=text[:10_000], checked=checked[:100])
        touch(task)


def complete(
    task_id: UUID,
    actor: Actor,
    *,
    note: str = "",
    result: str = "",
    checked: list[int] | None = None,
    revision: int | None = None,
) -> None:
    """Finishes an assess, check or act task. With `outcome: handled` the case closes with `result`.

    Raises Invalid when a result is needed and missing, NotNow for a kind that ends in its own way.
    """
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        require_mine(task, actor)
        if task.kind not in {"assess", "check", "act"}:
            raise NotNow(gettext("Deze taak eindigt met een advies of een besluit."))
        published = definition_of(zaak)
        step = next((t for t in published.definition.tasks if t.id == task.key), None)
        closes = step is not None and step.outcome == "handled"
        if closes and result not in {r.key for r in published.definition.zaaktype.resultaattypen}:
            raise Invalid({"result": gettext("Kies hoe het is afgelopen.")})
        put_content(task, note=note[:10_000], checked=(checked or [])[:100])
        finish(zaak, task, actor, outcome=result or "done")
        if closes:
            closing.handled(zaak, published, result, actor)
        elif zaak.einddatum is None:
            flow.offer_due_tasks(zaak, published, actor)
        zaak.save()


def finish(zaak: Zaak, task: Task, actor: Actor, *, outcome: str) -> None:
    """Marks a locked task done and tells it."""
    touch(task, state="done", outcome=outcome, finished=clock.now(), pause_reason="")
    _tell("task.completed", zaak, task, actor, {"task": task.key, "team": task.team, "outcome": outcome})


def ask_advice(task_id: UUID, actor: Actor, *, team: str, question: str, revision: int | None = None) -> UUID:
    """Asks another team for advice; your task waits for it. Returns the id of the advice task."""
    if not question.strip():
        raise Invalid({"question": gettext("Schrijf op wat u wilt weten.")})
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        require_mine(task, actor)
        if not team or team == task.team:
            raise Invalid({"team": gettext("Kies een ander team.")})
        row = flow.make_task(
            zaak,
            actor,
            key=f"advice-{team}"[:60],
            kind="advice",
            title=Text("Advies geven", "Give advice"),
            team=team,
            role="handler",
            due=ADVICE_TERM.end(clock.today()),
        )
        row.asked_by = task.id
        put_content(row, question=question[:4000], asked_by_name=actor.name)
        row.save()
        tell("advice.asked", zaak, actor, activity=task.key, data={"task": row.key, "team": team}, task=row.id)
        pause_row(zaak, task, actor, "advice")
        return row.id


def give_advice(task_id: UUID, actor: Actor, *, advice: str, text: str, revision: int | None = None) -> None:
    """Finishes an advice task with "positive", "conditions" or "negative" and the reasoning."""
    problems = {}
    if advice not in ADVICE:
        problems["advice"] = "Kies uw advies."
    if not text.strip():
        problems["text"] = "Schrijf op waarom u dit adviseert."
    if problems:
        raise Invalid(problems)
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        require_mine(task, actor)
        if task.kind != "advice":
            raise NotNow(gettext("Bij deze taak hoort geen advies."))
        put_content(task, advice=advice, text=text[:10_000])
        finish(zaak, task, actor, outcome=advice)
        tell(
            "advice.given",
            zaak,
            actor,
            activity=task.key,
            data={"task": task.key, "team": task.team, "advice": advice},
            task=task.id,
        )
        if task.asked_by and not zaak.tasks.filter(asked_by=task.asked_by, open=True).exists():
            asking = zaak.tasks.select_for_update().get(id=task.asked_by)
            if asking.pause_reason == "advice":
                resume_row(zaak, asking, actor)
        flow.offer_due_tasks(zaak, definition_of(zaak), actor)
        zaak.save()
