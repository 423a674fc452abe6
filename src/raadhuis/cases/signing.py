"""The shapes that cross the door of `cases` for who signs along.

Always holds: as in `schema`; of an application that somebody may not read (yet), nothing is in them.
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

from raadhuis.cases.schema import DocumentView


class CosignCase(msgspec.Struct, frozen=True, kw_only=True):
    """What the second person sees: the whole application, and what they sign. `sections` are (page title, lines)."""

    id: UUID
    identificatie: str
    title: str
    kind: str
    """How the definition calls it: permit, report or notice."""
    state: str
    level: str
    kinds: list[str]
    """On which sides of the counter one can log in."""
    log_in: bool
    """Whether they must log in first; nothing of the application is here then."""
    own: bool
    """Whether who logged in is the applicant, who cannot sign along."""
    until: date
    applicant: str = ""
    made: datetime | None = None
    text: str = ""
    sections: list[tuple[str, list[tuple[str, str]]]] = []
    documents: list[DocumentView] = []
    answered: datetime | None = None
    closed: bool = False


class CosignLine(msgspec.Struct, frozen=True):
    """A case that somebody signed along, or refused to."""

    id: UUID
    identificatie: str
    title: str
    answered: datetime
