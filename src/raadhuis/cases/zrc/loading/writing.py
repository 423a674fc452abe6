"""Writing the rows of many lines, a table at a time, and telling of them.

In: complete lines. Out: rows, trail, journal, notices. Always holds: what hangs on a case goes in before it (the
database looks at references at the end), so that its document stays whole; who may read a case and who applied for it
is known as when it had been sent.
"""

from django.conf import settings

from raadhuis.cases.models import CaseData, ZaakTeam
from raadhuis.cases.trail import note_many
from raadhuis.cases.zrc.actions import children, common, making
from raadhuis.cases.zrc.actions.zaken import begin_work, lists_of
from raadhuis.cases.zrc.loading.lines import PARTS, Line, Part
from raadhuis.clients.schema import Asker
from raadhuis.kernel.statements import insert_many


def insert_all(lines: list[Line]) -> None:
    """The rows of all lines, their cases last."""
    lists = [lists_of(one.zaak, one.values) for one in lines]
    insert_many([row for marks, _ in lists for row in marks])
    insert_many([row for _, others in lists for row in others])
    for name in PARTS.values():
        insert_many([row for one in lines for row in one.rows(name)])
    insert_many([row for one in lines for row in one.set_statuses])
    insert_many([row for one in lines for row in _teams(one)])
    insert_many([row for one in lines if not one.zaak.service for row in _application(one)])
    insert_many([one.zaak for one in lines])


def _roles(one: Line) -> list[Part]:
    return [part for part in one.parts if part.resource == "rollen"]


def _teams(one: Line) -> list[ZaakTeam]:
    """The teams that may read a case by its roles; those of a service come with its tasks."""
    named = [children.team_of(part.row, part.values) for part in _roles(one)]
    if not one.zaak.service:
        named += settings.RAADHUIS_OTHER_CASES
    return [ZaakTeam(zaak_id=one.zaak.pk, team=team) for team in dict.fromkeys(named) if team]


def _applicant(one: Line) -> Part | None:
    return next((part for part in _roles(one) if making.applicant_of(part.row, part.values)), None)


def _application(one: Line) -> list[CaseData]:
    part = _applicant(one)
    return [children.applicant_row(one.zaak, part.values, {})] if part is not None else []


def tell(lines: list[Line], by: Asker) -> None:
    """The trail of these lines, the journal, and who listens; the work of a service begins."""
    note_many([change for one in lines for change in one.changes], by)
    for one in lines:
        common.told("case.created", one.zaak, by)
        if one.zaak.service:
            begin_work(one.zaak, by)
            part = _applicant(one)
            if part is not None:
                children.know_applicant(one.zaak, part.values)
        for kind, data in one.told:
            common.told(kind, one.zaak, by, data=data)
