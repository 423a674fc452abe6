"""A case rebuilt from its events alone, and the same shape read from the live tables, to compare."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from raadhuis.cases.models import CoSignature, DecisionRecord, Task, Zaak
from raadhuis.journal.schema import EventView


class Rebuilt(msgspec.Struct, kw_only=True):
    """What the journal must be able to tell about a case. `tasks`: (state, team, whether somebody holds it) by id."""

    status: str = ""
    result: str = ""
    closed: bool = False
    suspended: bool = False
    extended: bool = False
    tasks: dict[UUID, tuple[str, str, bool]] = {}
    decisions: dict[UUID, str] = {}
    documents: int = 0
    cosign: str = ""
    """How it stands with the second signature; "" where none is asked."""


def rebuild(events: Iterable[EventView]) -> dict[UUID, Rebuilt]:
    """Every case that the events speak of."""
    found: dict[UUID, Rebuilt] = {}
    for event in events:
        if event.zaak is None:
            continue
        case = found.setdefault(event.zaak, Rebuilt())
        room, _, what = event.kind.partition(".")
        if room == "case":
            _of_case(case, what, event)
        elif room == "task":
            _of_task(case, what, event)
        elif room == "cosign":
            case.cosign = case.cosign if what == "reminded" else what
        elif room == "decision":
            case.decisions[UUID(event.subjects["decision"])] = what
        elif event.kind in {"document.added", "letter.made"}:
            case.documents += 1
    return found


def _of_case(case: Rebuilt, what: str, event: EventView) -> None:
    if what == "status_set":
        case.status = str(event.data["status"])
    elif what == "result_set":
        case.result = str(event.data["result"])
    elif what == "closed":
        case.closed, case.suspended = True, False  # What is closed waits for nothing.
        case.cosign = "cancelled" if case.cosign == "asked" else case.cosign
    elif what == "reopened":
        case.closed, case.result = False, ""
    elif what in {"term_suspended", "term_resumed"}:
        case.suspended = what == "term_suspended"
    elif what == "term_extended":
        case.extended = True


_STATES = {"started": "started", "resumed": "started", "paused": "paused", "released": "offered", "claimed": "claimed"}


def _of_task(case: Rebuilt, what: str, event: EventView) -> None:
    task = UUID(event.subjects["task"])
    if what in {"completed", "cancelled"}:
        case.tasks.pop(task, None)
    elif what == "handed_over":
        held = bool(event.data["to_person"]) if "to_person" in event.data else False
        case.tasks[task] = ("claimed" if held else "offered", str(event.data["team"]), held)
    elif what == "offered":
        case.tasks[task] = ("offered", str(event.data["team"]), False)
    else:
        _, team, held = case.tasks[task]
        case.tasks[task] = (_STATES[what], team, what != "released" and (held or what == "claimed"))


def live(zaak: Zaak) -> Rebuilt:
    """The same, from the tables."""
    return Rebuilt(
        status=zaak.status_key,
        result=zaak.result_key,
        closed=zaak.einddatum is not None,
        suspended=zaak.suspended_since is not None,
        extended=bool(zaak.verlenging_reden),
        tasks={row.id: (row.state, row.team, bool(row.assignee)) for row in Task.objects.filter(zaak=zaak, open=True)},
        decisions={row.id: row.state for row in DecisionRecord.objects.filter(zaak=zaak).exclude(state="advised")},
        documents=zaak.documenten.count(),
        cosign=CoSignature.objects.filter(zaak=zaak).values_list("state", flat=True).first() or "",
    )
