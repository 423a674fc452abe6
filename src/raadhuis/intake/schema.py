"""The shapes that cross the door of intake: what a surface needs to show a page, and what comes back.

Always holds: everything a template shows is here, in the language that was asked for; nothing here is a table row.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from raadhuis.rules.schema import Decision


class OptionView(msgspec.Struct, frozen=True):
    id: str
    label: str
    help: str = ""
    chosen: bool = False


class FileView(msgspec.Struct, frozen=True):
    """An upload that is kept with the application. `size` in bytes."""

    id: str
    name: str
    size: int
    content_type: str


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """One question as it stands on a page.

    `name` is the name of the form control; a part of a composed answer is `name` + "." + part (address: postcode,
    house_number, house_letter, addition, street, city; place: lat, lon, description, q (search text)).
    `typed` is what to show again: a string, a list of strings, or a dict of strings by part, also when it was wrong.
    `error` is a sentence, or empty. `known_from` names the register that the value came from, or is empty.
    `settings` holds what the type needs: max_length, lines, autocomplete, unit, decimals, not_before, not_after,
    accept (for `file`), max_megabytes, at_most.
    `rows` (group only): the fields of each row, their names prefixed with `name` + "." + row number. Of a group that
    follows a list, `settings["of"]` has the key of each row, and a field of type `known` is told and not asked.
    """

    id: str
    name: str
    type: str
    label: str
    help: str = ""
    required: bool = True
    typed: Any = ""
    error: str = ""
    known_from: str = ""
    options: list[OptionView] = []
    files: list[FileView] = []
    settings: dict[str, Any] = {}
    rows: list[list["FieldView"]] = []
    item_label: str = ""


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a form. `number` of `total` counts the pages that apply now (a repeat after branching may differ)."""

    application: UUID
    service: str
    service_title: str
    id: str
    title: str
    intro: str = ""
    fields: list[FieldView]
    number: int
    total: int
    previous: str = ""
    """Id of the page before this one, "" on the first."""
    next: str = ""
    """Id of the page after this one as things stand, "" when the overview follows."""
    errors: list[tuple[str, str]] = []
    """(name of the control, sentence), in the order of the page."""
    notice: str = ""
    """A sentence that is no error: a question came up, or another window was there first."""
    token: str = ""
    """Identifies what this page showed; sent back, so that two tabs cannot overwrite each other unseen."""


class AnswerLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the overview: a question and its answer as a sentence. `page` is where it can be changed."""

    id: str
    label: str
    answer: str
    page: str
    known_from: str = ""
    correctable: bool = True


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is about to be submitted. `incomplete` names the pages that still need an answer."""

    application: UUID
    service: str
    service_title: str
    sections: list[tuple[str, str, list[AnswerLine]]]
    """(page id, page title, lines)"""
    known: list[AnswerLine]
    incomplete: list[tuple[str, str]]
    fee_cents: int = 0
    fee_lines: list[tuple[str, int]] = []
    fee_explanation: str = ""
    instant: bool = False
    """Whether the rules may decide at once."""
    expects: str = ""
    """What happens after submission: "U krijgt direct antwoord", or the term."""


class Saved(msgspec.Struct, frozen=True):
    """The outcome of saving a page: the next page ("" for the overview), or the same page with errors."""

    ok: bool
    next: str = ""
    page: PageView | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What an applicant holds after submission; given only when it is durable."""

    zaak: UUID
    identificatie: str
    follow_code: str
    """For those who did not log in: with the number, it opens the case. "" for who logged in."""
    service: str
    version: UUID
    """The version that the application ran on, also when the service has another by now, or none."""
    decision: Decision | None
    submitted: datetime
    expected_before: date | None
    weighed: bool = False
    """Whether the rules could not say yes, so that a person looks at it."""
    waits_for: str = ""
    """Who must sign along first; "" for nobody."""
    again: bool = False
    """True when this was submitted before and nothing new was made."""


class ResumeLink(msgspec.Struct, frozen=True):
    """An application that was saved for later, and until when it is kept."""

    application: UUID
    email: str
    kept_until: date


class DraftLine(msgspec.Struct, frozen=True):
    """An application that somebody began: for the list on the start page of a resident."""

    application: UUID
    service: str
    title: str
    changed: datetime
    kept_until: date


Applicant = Literal["resident", "business", "anonymous"]
