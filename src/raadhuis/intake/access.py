"""Whose application is this, and who may begin one."""

from django.utils.translation import gettext

from raadhuis.catalogue.schema import Definition
from raadhuis.intake.models import Application
from raadhuis.intake.state import Person
from raadhuis.kernel.problems import Absent, NotAllowed

LEVELS = {"": 0, "low": 1, "substantial": 2, "high": 3}


def may_open(person: Person, row: Application) -> bool:
    """Who logged in opens their own; who did not, those of this browser. Never one of somebody who logged in."""
    if row.owner:
        return person.owner == row.owner
    return row.id in person.applications


def require_open(person: Person, row: Application | None) -> Application:
    """The row, or Absent: foreign and absent look the same."""
    if row is None or not may_open(person, row):
        raise Absent
    return row


def login_needed(person: Person, definition: Definition) -> str:
    """The realm to log in to before this service: "resident", "business", or "" when none is needed (any more)."""
    who = definition.who
    if "anonymous" in who.kinds:
        return ""
    if person.kind in who.kinds and LEVELS.get(person.level, 0) >= LEVELS[who.level]:
        return ""
    return "business" if who.kinds == ["business"] else "resident"


def require_may_begin(person: Person, definition: Definition) -> None:
    """Raises NotAllowed when this person cannot use the service as they are logged in now."""
    if login_needed(person, definition):
        raise NotAllowed(gettext("Log eerst in om deze dienst te gebruiken."))
