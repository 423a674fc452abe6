"""Who may see or do what with cases. Foreign and absent look the same from outside.

Staff read what their teams are involved in. An administrator runs the house and reads no cases.
"""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from raadhuis.cases.models import CoSignature, Task, Zaak, ZaakTeam
from raadhuis.kernel.actor import Actor, Role
from raadhuis.kernel.statements import Given, Statement

READERS = (Role.READER, Role.HANDLER, Role.DECIDER, Role.TEAM_LEAD)
WORKERS = (Role.HANDLER, Role.DECIDER, Role.TEAM_LEAD)


def readable_teams(actor: Actor) -> list[str]:
    """The teams whose cases a member of staff may read; none for who reads no cases."""
    return sorted(actor.teams) if actor.kind == "staff" and actor.has(*READERS) else []


def zaken_of(teams: Sequence[str | Given]) -> QuerySet[Zaak]:
    """The cases in which one of these teams is involved. Index: one_row_a_team."""
    return Zaak.objects.filter(Exists(ZaakTeam.objects.filter(zaak=OuterRef("pk"), team__in=teams)))


@cache
def _involved(teams: int) -> Statement[str]:
    """Those of so many teams that are involved in a case. Index: one_row_a_team."""
    rows = ZaakTeam.objects.filter(zaak=Given("zaak"), team__in=[Given(str(place)) for place in range(teams)])
    return Statement(lambda: rows.values_list("team", flat=True)[:1])


def may_read_zaak(actor: Actor, zaak: Zaak) -> bool:
    """Whether a member of staff may read this case."""
    if actor.kind == "system":
        return True
    if actor.kind != "staff" or not actor.has(*READERS):
        return False
    named = {str(place): team for place, team in enumerate(actor.teams)}
    return bool(named) and bool(_involved(len(named)).all(zaak=zaak.id, **named))


def own_zaken(lookup: str | Given) -> QuerySet[Zaak]:
    """The cases of the applicant with this keyed hash. Index: zaak_by_applicant."""
    return Zaak.objects.filter(applicant=lookup) if lookup else Zaak.objects.none()


def may_work_on(actor: Actor, task: Task) -> bool:
    """Whether this member of staff may take up and finish this task: in the team, with the role it asks."""
    if actor.kind != "staff" or task.team not in actor.teams:
        return False
    return actor.has(Role.DECIDER) if task.role == "decider" else actor.has(*WORKERS)


def may_hand_over(actor: Actor, task: Task) -> bool:
    """Who holds the task, or a team lead of the team."""
    return task.assignee == actor.pseudonym or (actor.has(Role.TEAM_LEAD) and task.team in actor.teams)


def may_handle(actor: Actor) -> bool:
    """Writing on a case (messages, notes, documents, its legal term) is for handlers, deciders and team leads."""
    return actor.kind == "staff" and actor.has(*WORKERS)


def is_applicant(zaak: Zaak, *, lookup: str, opened: UUID | None) -> bool:
    """Whether the person with this keyed hash applied, or opened this case with number and code."""
    return bool(lookup and zaak.applicant == lookup) or (opened is not None and opened == zaak.id)


def may_cosign(row: CoSignature, *, code: str, lookup: str) -> bool:
    """Whether somebody with this code (as keyed hash) or log-in may come in to sign, or to see what they answered.

    Once somebody who logged in has answered, it is theirs: to nobody else who logs in does the code open it. What is
    shown before logging in is another question.
    """
    if row.signer and lookup:
        return lookup == row.signer
    return bool(code) and code == row.code


def may_ask_again(zaak: Zaak, row: CoSignature) -> bool:
    """The second person can be asked once more while the case waits for them, or for who looks at why they did not."""
    if zaak.einddatum is not None:
        return False
    if row.state in {"refused", "expired"}:
        return zaak.tasks.filter(key__in=["cosign-refused", "cosign-expired"], open=True, assignee="").exists()
    return row.state == "asked"
