"""What the actions of intake share: the locked application, the event."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext

from raadhuis.intake import access
from raadhuis.intake.models import Application
from raadhuis.intake.state import Person
from raadhuis.journal.actions import append
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import NotNow
from raadhuis.kernel.statements import Given, Statement


def actor_of(row: Application, person: Person) -> Actor:
    """The applicant as the journal knows them."""
    return Actor(kind=row.kind, pseudonym=row.pseudonym, name=person.name)  # type: ignore[arg-type]


_LOCKED = Statement(lambda: Application.objects.select_for_update().filter(id=Given("application")))


def lock(application: UUID, person: Person, *, must_be_open: bool = True) -> Application:
    """The application, locked, if it is theirs. Raises Absent; NotNow when it was submitted."""
    row = access.require_open(person, _LOCKED.first(application=application))
    if must_be_open and row.state != "open":
        raise NotNow(gettext("Deze aanvraag is al ingediend. Er is niets veranderd."))
    return row


def tell(
    kind: str, row: Application, person: Person, data: Mapping[str, object] | None = None, activity: str = ""
) -> None:
    """Appends an event about an application."""
    append(
        kind,
        actor_of(row, person),
        subjects={"application": row.id},
        service=row.service,
        service_version=row.service_version,
        activity=activity,
        data=data,
    )
