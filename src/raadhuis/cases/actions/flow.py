"""Which task is due when: the definition's tasks, offered as their predecessors finish.

Always holds: a task of the definition is offered at most once a case (reopening offers it again by hand).
"""

from datetime import date

from raadhuis.cases.actions.common import involve, set_status, tell, waits_for_signature
from raadhuis.cases.models import Task, Zaak
from raadhuis.cases.schema import NewZaak
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.schema import TaskDef
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.expressions import parse
from raadhuis.kernel.statements import Given, Statement, insert
from raadhuis.kernel.texts import Text


def offer_due_tasks(
    zaak: Zaak, published: Published, actor: Actor, *, new: NewZaak | None = None, sets_status: bool = True
) -> list[Task]:
    """Offers every task whose predecessors are done and whose condition holds; returns the new ones.

    A task whose condition does not hold counts as done, so that what comes after it is not blocked. A condition
    that cannot be determined is taken to hold: a task too many is seen by a person, a task too few by nobody. Nothing
    is offered while the case waits for a second signature. Without `sets_status` the status stays as somebody else
    set it.
    """
    if new is None:
        if published.definition.cosign and waits_for_signature(zaak):
            return []
        data = case_data(zaak)
        answers, facts = data.get("answers", {}), data.get("facts", {})
        registers, team = data.get("registers", {}), str(data.get("team", ""))
    else:
        answers, facts, registers, team = new.answers, new.facts, new.registers, new.team
    env = {**registers, **answers, **facts}
    tasks = published.definition.tasks
    state = dict(zaak.tasks.values_list("key", "state")) if new is None else {}
    passed = {key for key, value in state.items() if value in {"done", "cancelled"}}
    offered: list[Task] = []
    for task in tasks:  # In the order of the definition, so a skipped task opens the way for later ones in one go.
        if task.id in state or any(before not in passed for before in task.after):
            continue
        if task.when and parse(task.when).truth(env) is False:
            passed.add(task.id)
            continue
        whose = team if task.kind == "act" and team else task.team
        offered.append(offer(zaak, published, task, actor, team=whose, sets_status=sets_status))
    return offered


def offer(
    zaak: Zaak, published: Published, task: TaskDef, actor: Actor, *, team: str, sets_status: bool = True
) -> Task:
    """Puts a task of the definition in a team's queue and sets the status that goes with it."""
    due = task.term.end(clock.today()) if task.term else _case_due(zaak)
    row = make_task(zaak, actor, key=task.id, kind=task.kind, title=task.title, team=team, role=task.role, due=due)
    if sets_status:
        set_status(zaak, published, task.status, actor)
    return row


def make_task(
    zaak: Zaak, actor: Actor, *, key: str, kind: str, title: Text, team: str, role: str, due: date | None
) -> Task:
    """A new task in a team's queue, with its event; the team may read the case from now on."""
    row = Task(
        zaak=zaak,
        key=key,
        kind=kind,
        title_nl=title.nl,
        title_en=title.en,
        team=team,
        role=role,
        offered=clock.now(),
        due=due,
        sort_due=due or date(9999, 12, 31),
    )
    insert(row)
    involve(zaak, team)
    tell("task.offered", zaak, actor, activity=key, data={"task": key, "team": team, "kind": kind}, task=row.id)
    return row


def _case_due(zaak: Zaak) -> date | None:
    return zaak.einddatum_gepland or zaak.uiterlijke_einddatum_afdoening


_OPEN = Statement(lambda: Task.objects.select_for_update().filter(zaak=Given("zaak"), open=True))


def cancel_open_tasks(zaak: Zaak, actor: Actor) -> None:
    """Cancels what is still open on a case that closes or is withdrawn."""
    for row in _OPEN.all(zaak=zaak.id):
        cancel(zaak, row, actor)


def cancel(zaak: Zaak, row: Task, actor: Actor) -> None:
    """Cancels a locked, open task."""
    row.state, row.open, row.finished = "cancelled", False, clock.now()
    row.revision += 1
    row.save()
    data = {"task": row.key, "team": row.team, "kind": row.kind}
    tell("task.cancelled", zaak, actor, activity=row.key, data=data, task=row.id)
