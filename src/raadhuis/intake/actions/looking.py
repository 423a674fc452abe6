"""Keeping what look-ups found, apart from the asking: other systems are asked between two transactions.

Always holds: the row is read again under lock before anything is put into it, so that what another window saved
meanwhile stays; the journal gets the service and how it went, never what was asked or answered.
"""

import re
from collections.abc import Iterable
from uuid import UUID

import msgspec

from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.intake import lookups, queries
from raadhuis.intake.actions.common import lock, tell
from raadhuis.intake.models import Application
from raadhuis.intake.state import Person, State, come_back_to_what_grew, reseal, unseal
from raadhuis.kernel.db import durable

_NO_CODE = re.compile(r"[^A-Za-z0-9_.:/-]")


class Looking(msgspec.Struct, frozen=True, kw_only=True):
    """A page that is kept, and waits for look-ups: what it showed before, and what was found."""

    published: Published
    state: State
    shown: set[str]
    revision: int
    """The page's revision as kept: another one means that another window came between."""
    round: lookups.Round = msgspec.field(default_factory=lookups.Round)

    def ask(self) -> "Looking":
        """The same, with what other systems answered."""
        return msgspec.structs.replace(self, round=lookups.look_up(self.published, self.state))


def keep_found(
    row: Application, published: Published, state: State, found: lookups.Round, person: Person, page: str = ""
) -> None:
    """Puts what was found into the locked row, with its events; first values not on this `page`, which is read next."""
    lookups.settle(published, state, found.found, page)
    come_back_to_what_grew(published, state)
    reseal(row, state)
    row.revision += 1
    row.save()
    tell_outcomes(row, person, found.outcomes)


def tell_outcomes(row: Application, person: Person, outcomes: Iterable[lookups.Outcome]) -> None:
    """One event for each question."""
    for one in outcomes:
        service = _NO_CODE.sub("_", one.service)[:80].lstrip(".:/-") or "none"
        data = {"service": service, "outcome": one.outcome, "milliseconds": one.milliseconds}
        tell("application.looked_up", row, person, data)


def look_again(application: UUID, person: Person) -> None:
    """Asks what is to be asked as things stand, outside any page. Raises Absent."""
    row = queries.open_row(application, person)
    published = catalogue.by_version_id(row.version)
    if row.state != "open" or not published.definition.lookups:
        return
    state = unseal(row)
    if not lookups.settle(published, state):
        return
    found = lookups.look_up(published, state)
    with durable():
        row = lock(application, person)
        keep_found(row, published, unseal(row), found, person)  # Again from the row: it may have changed since.
