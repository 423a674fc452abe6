"""People decide: propose, a second pair of eyes, sign, undo while nothing has left the house.

Always holds: where the definition asks four eyes, no decision is taken by one person; what was proposed, returned
or undone is kept; a decision leaves the house only when it is released.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from raadhuis.cases import announcing
from raadhuis.cases.actions import closing, flow, roles, tasks
from raadhuis.cases.actions.automatic import sealed_content
from raadhuis.cases.actions.common import definition_of, lock_for_staff, lock_task, set_status, tell
from raadhuis.cases.models import AuditRegel, DecisionRecord, Task, Zaak
from raadhuis.cases.sealed import DECISION, content_of
from raadhuis.catalogue.queries import Published
from raadhuis.journal.actions import hurry, recall
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow
from raadhuis.kernel.texts import Text

APPROVE = "approve"
NOTHING = UUID(int=0)


def decide(
    task_id: UUID,
    actor: Actor,
    *,
    result: str,
    motivation: str,
    conditions: list[str] | None = None,
    revision: int | None = None,
) -> DecisionRecord:
    """Decides, or proposes where the definition asks four eyes. `result` is "grant" or "refuse".

    A refusal needs a motivation (Awb 3:46). Raises Invalid, NotNow, NotAllowed.
    """
    problems = {}
    if result not in {"grant", "refuse"}:
        problems["result"] = "Kies of u de aanvraag verleent of weigert."
    if not motivation.strip():
        problems["motivation"] = "Schrijf op waarom u dit besluit. De aanvrager leest dit in de brief."
    if problems:
        raise Invalid(problems)
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        tasks.require_mine(task, actor)
        if task.kind != "decide":
            raise NotNow(gettext("Bij deze taak hoort geen besluit."))
        # By the record and not by the task's state: a task that waits can be paused, released or handed over.
        if DecisionRecord.objects.filter(zaak=zaak, state="proposed").exists():
            raise NotNow(gettext("Er ligt al een voorstel bij een collega."))
        published = definition_of(zaak)
        closing.outcome_of(published, result)
        step = next((t for t in published.definition.tasks if t.id == task.key), None)
        four_eyes = step is not None and step.four_eyes
        record = DecisionRecord(
            id=uuid7(),
            zaak=zaak,
            state="proposed" if four_eyes else "taken",
            result=result,
            automatic=False,
            made=clock.now(),
            by=actor.pseudonym,
            by_name=actor.name,
            task=task.id,
            sealed=privacy.encrypt_json(
                DECISION, sealed_content(None, motivation=motivation[:20_000], conditions=_clean(conditions))
            ),
        )
        record.save(force_insert=True)
        if four_eyes:
            _propose(zaak, task, record, actor)
        else:
            tasks.finish(zaak, task, actor, outcome=result)
            _take(zaak, published, record, actor, task)
        zaak.save()
        return record


def _clean(conditions: list[str] | None) -> list[str]:
    return [line.strip()[:2000] for line in (conditions or [])[:100] if line.strip()]


def _propose(zaak: Zaak, task: Task, record: DecisionRecord, actor: Actor) -> None:
    tell(
        "decision.proposed",
        zaak,
        actor,
        activity=task.key,
        data={"result": record.result, "automatic": False},
        task=task.id,
        decision=record.id,
    )
    tasks.pause_row(zaak, task, actor, "approval")
    second = flow.make_task(
        zaak,
        actor,
        key=APPROVE,
        kind=APPROVE,
        title=Text("Besluit ondertekenen", "Sign the decision"),
        team=task.team,
        role="decider",
        due=task.due,
    )
    tasks.put_content(second, record=str(record.id), not_by=actor.pseudonym)
    second.save()


def _pending(task: Task) -> DecisionRecord:
    record_id = content_of(task).get("record")
    record = DecisionRecord.objects.select_for_update().filter(id=record_id or NOTHING, state="proposed").first()
    if task.kind != APPROVE or record is None:
        raise NotNow(gettext("Er ligt geen voorstel om te ondertekenen."))
    return record


def approve(task_id: UUID, actor: Actor, revision: int | None = None) -> DecisionRecord:
    """The second signature: the proposed decision is taken. Never by who proposed it."""
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        tasks.require_mine(task, actor)
        record = _pending(task)
        if record.by == actor.pseudonym:
            raise NotAllowed(gettext("U deed zelf het voorstel: de tweede handtekening is van een collega."))
        record.state, record.second, record.second_name = "taken", actor.pseudonym, actor.name
        tasks.finish(zaak, task, actor, outcome="approved")
        proposer = Task.objects.select_for_update().get(id=record.task or NOTHING)
        tasks.finish(zaak, proposer, actor, outcome=record.result)
        _take(zaak, definition_of(zaak), record, actor, task)
        zaak.save()
        return record


def return_proposal(task_id: UUID, actor: Actor, *, why: str, revision: int | None = None) -> None:
    """Gives a proposal back to who made it, with the reason."""
    if not why.strip():
        raise Invalid({"why": gettext("Schrijf op wat er anders moet.")})
    with durable():
        task, zaak = lock_task(task_id, actor, revision)
        tasks.require_mine(task, actor)
        record = _pending(task)
        record.state, record.second, record.second_name = "returned", actor.pseudonym, actor.name
        record.save()
        tell(
            "decision.returned",
            zaak,
            actor,
            activity=task.key,
            data={"result": record.result, "automatic": False},
            task=task.id,
            decision=record.id,
        )
        tasks.finish(zaak, task, actor, outcome="returned")
        proposer = Task.objects.select_for_update().get(id=record.task or NOTHING)
        tasks.put_content(proposer, returned=why[:4000], returned_by=actor.name)
        proposer.save()  # Also when it no longer waits, so that resuming changes nothing.
        tasks.resume_row(zaak, proposer, actor)
        zaak.save()


def _take(zaak: Zaak, published: Published, record: DecisionRecord, actor: Actor, task: Task) -> None:
    record.state = "taken"
    roles.note_staff(zaak, published, "beslisser", actor)
    record.released = clock.now() + timedelta(minutes=settings.RAADHUIS_UNDO_MINUTES)
    record.save()
    tell(
        "decision.taken",
        zaak,
        actor,
        activity=task.key,
        data={"result": record.result, "automatic": False},
        task=task.id,
        decision=record.id,
    )
    closing.close_with_decision(zaak, published, record, actor)


def release_now(zaak_id: UUID, actor: Actor, record_id: UUID) -> None:
    """Lets a decision that waits for its release go at once."""
    with durable():
        zaak = lock_for_staff(zaak_id, actor)
        record = _taken(zaak, record_id, actor)
        record.released = clock.now()
        record.save()
        hurry(closing.release_key(record))


def undo(zaak_id: UUID, actor: Actor, record_id: UUID, why: str = "") -> None:
    """Takes a decision back on the same day while nothing has left the house; the task opens again.

    Raises NotNow when the letter is under way or the day is over.
    """
    with durable():
        zaak = lock_for_staff(zaak_id, actor)
        record = _taken(zaak, record_id, actor)
        if clock.local(record.made).date() != clock.today() or not recall(closing.release_key(record)):
            raise NotNow(gettext("Dit besluit is al verstuurd en kan niet meer worden teruggedraaid."))
        published = definition_of(zaak)
        besluit = record.besluit
        record.state, record.besluit = "undone", None
        record.save()
        if besluit:
            announcing.besluit_changed(besluit, "destroy")
            AuditRegel.objects.filter(main=besluit.id).delete()
            besluit.delete()
        announcing.part_of_zaak(zaak, "resultaat", "resultaten", zaak.resultaat.id, "destroy")
        zaak.resultaat.delete()
        zaak.result_key, zaak.einddatum, zaak.archiefactiedatum, zaak.startdatum_bewaartermijn = "", None, None, None
        zaak.archiefnominatie, zaak.selectielijstklasse = "", ""
        tell("decision.undone", zaak, actor, data={"result": record.result, "automatic": False}, decision=record.id)
        tell("case.reopened", zaak, actor)
        first = Task.objects.filter(id=record.task or NOTHING).first()
        step = next((t for t in published.definition.tasks if first and t.id == first.key), None)
        if step is None:
            raise Absent
        row = flow.offer(zaak, published, step, actor, team=first.team if first else step.team)
        tasks.put_content(row, returned=why[:4000], returned_by=actor.name)
        row.save()
        if not step.status:
            _set_earlier_status(zaak, published, actor)
        zaak.save()


def _set_earlier_status(zaak: Zaak, published: Published, actor: Actor) -> None:
    """A case that is open again does not keep its last status."""
    last = published.definition.zaaktype.statustypen[-1].key
    earlier = zaak.statussen.exclude(key=last).order_by("-datum_status_gezet").values_list("key", flat=True).first()
    set_status(zaak, published, earlier or "", actor)


def _taken(zaak: Zaak, record_id: UUID, actor: Actor) -> DecisionRecord:
    record = DecisionRecord.objects.select_for_update().filter(id=record_id, zaak=zaak, state="taken").first()
    if record is None:
        raise Absent
    if actor.pseudonym not in {record.by, record.second}:
        raise NotAllowed(gettext("Alleen wie het besluit nam, kan dit doen."))
    if record.released is None or record.released <= clock.now():
        raise NotNow(gettext("Dit besluit is al verstuurd."))
    return record
