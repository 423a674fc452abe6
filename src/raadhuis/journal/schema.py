"""The shapes that cross the journal's door."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class EventView(msgspec.Struct, frozen=True):
    """One event as a reader gets it. `time` is aware, UTC."""

    sequence: int
    id: UUID
    time: datetime
    kind: str
    kind_version: int
    zaak: UUID | None
    application: UUID | None
    subjects: dict[str, str]
    actor: str
    role: str
    channel: str
    service: str
    service_version: int | None
    activity: str
    data: dict[str, Any]


class Verification(msgspec.Struct, frozen=True):
    """What `verify` found. `first_bad` is the sequence of the first row that was altered, removed or put in between;
    `sealed_up_to` is the last sequence under the seal, `head` the newest link (keep it elsewhere to detect a cut tail).
    """

    events: int
    sealed: int
    sealed_up_to: int
    ok: bool
    first_bad: int | None
    why: str
    head: str


class DeadLetter(msgspec.Struct, frozen=True):
    """Something that could not be delivered, for the desk. Without the payload: that may hold an address."""

    id: UUID
    kind: str
    zaak: UUID | None
    made: datetime
    attempts: int
    last_error: str
    state: str
    due: datetime
    receiver: UUID | None = None
    title: str = ""
    """What a person reads of something for a receiver."""


class Exported(msgspec.Struct, frozen=True):
    """What an export wrote: events, files, and up to which sequence."""

    events: int
    files: list[str]
    up_to: int
