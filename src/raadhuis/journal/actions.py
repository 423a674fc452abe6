"""Writing to the journal and the outbox, always inside somebody's durable transaction.

In: a kind, an actor, references, codes and counts. Out: rows, written just before the commit, those of a table at once.
Always holds: sequence order is commit order. On PostgreSQL the rows are written under an advisory lock that is
held until the commit is visible, so that a reader who has seen number N will never find a lower number later.
The lock is taken last, when everything else is done: it is held for one INSERT and the commit.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import orjson
from django.db import connection, transaction

from raadhuis.journal.kinds import KINDS
from raadhuis.journal.models import Cursor, Event, Outbox
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import Unit, current_unit
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.statements import insert, insert_many
from raadhuis.kernel.values import made

# Any constant will do, as long as nothing else in the database uses it: "raad" in ASCII.
JOURNAL_LOCK = 0x72616164
_LOCK = f"SELECT pg_advisory_xact_lock({JOURNAL_LOCK})"
_PENDING = "journal.pending"
MOST_AT_ONCE = 50


class BadEvent(ValueError):
    """The event does not fit its kind: a fault in the program, not in what a person typed."""


def append(
    kind: str,
    actor: Actor,
    *,
    subjects: Mapping[str, UUID | str] | None = None,
    service: str = "",
    service_version: int | None = None,
    activity: str = "",
    data: Mapping[str, object] | None = None,
) -> UUID:
    """Adds an event to the running transaction and returns its id.

    `subjects` maps a noun to an id; "zaak" and "application" are indexed. `data` must fit the kind's shape.
    Raises BadEvent when it does not, RuntimeError outside a durable transaction.
    """
    unit = current_unit()
    known = KINDS.get(kind)
    if known is None:
        raise BadEvent(f"there is no kind of event {kind!r}")
    try:
        shaped = msgspec.convert(dict(data or {}), known.data)
    except msgspec.ValidationError as error:
        raise BadEvent(f"{kind}: {error}") from error
    references = dict(subjects or {})
    event = made(
        Event,
        id=uuid7(),
        time=clock.now(),
        kind=kind,
        kind_version=known.version,
        zaak=_uuid(references.pop("zaak", None)),
        application=_uuid(references.pop("application", None)),
        subjects=_canonical({noun: str(reference) for noun, reference in references.items()}),
        actor=actor.pseudonym,
        role=actor.role,
        channel=actor.channel,
        service=service,
        service_version=service_version,
        activity=activity,
        data=_canonical(msgspec.to_builtins(shaped)),
    )
    _pending(unit).events.append(event)
    return event.id


@contextlib.contextmanager
def attempt() -> Iterator[None]:
    """A part of the running transaction that may fail by itself: its rows and its events go together, or neither."""
    pending = _pending(current_unit())
    _write_outbox(pending)  # What was put in before stays, whatever happens.
    held = len(pending.events)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del pending.events[held:]
        pending.outbox.clear()
        raise


def send(
    kind: str,
    payload: Mapping[str, object],
    *,
    key: str,
    zaak: UUID | None = None,
    wait: timedelta | None = None,
) -> UUID:
    """Puts work for outside into the outbox, in the running transaction; returns its event id.

    `kind` is "mail", "webhook", "letter"; `key` keeps order among what has the same key; `wait` holds it back.
    """
    unit = current_unit()
    moment = clock.now()
    row = made(
        Outbox,
        id=uuid7(),
        number=_next_number(moment),
        kind=kind,
        key=key,
        zaak=zaak,
        payload=privacy.encrypt_json("outbox", dict(payload)),
        made=moment,
        due=moment + wait if wait else moment,
    )
    _pending(unit).outbox.append(row)
    return row.id


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """Something for one receiver. `key` keeps order, as in `send`; of the payload a person reads the "title"."""

    receiver: UUID
    key: str
    payload: Mapping[str, object]


def send_all(kind: str, parcels: Iterable[Parcel]) -> None:
    """Puts work for several receivers into the outbox, in the order given."""
    moment = clock.now()
    _pending(current_unit()).outbox += [
        made(
            Outbox,
            id=uuid7(),
            number=_next_number(moment),
            kind=kind,
            key=one.key,
            receiver=one.receiver,
            payload=privacy.encrypt_json("outbox", dict(one.payload)),
            made=moment,
            due=moment,
        )
        for one in parcels
    ]


def recall(key: str) -> bool:
    """Takes back what waits in the outbox under `key`; False, and nothing taken back, when some of it is under way."""
    _write_outbox(_pending(current_unit()))
    rows = Outbox.objects.select_for_update().filter(key=key)
    if any(row.state != "waiting" or row.attempts for row in rows):
        return False
    rows.delete()
    return True


def hurry(key: str) -> None:
    """What waits in the outbox under `key` may go at once."""
    _write_outbox(_pending(current_unit()))
    Outbox.objects.filter(key=key, state="waiting", attempts=0).update(due=clock.now())


def move_cursor(reader: str, sequence: int) -> None:
    """Remembers that `reader` has dealt with everything up to and with `sequence`. Part of the caller's transaction."""
    Cursor.objects.update_or_create(reader=reader, defaults={"sequence": sequence})


class _Pending:
    """What is written just before the commit, each in one statement."""

    def __init__(self) -> None:
        self.outbox: list[Outbox] = []
        self.events: list[Event] = []


def _pending(unit: Unit) -> _Pending:
    held = unit.notes.get(_PENDING)
    if isinstance(held, _Pending):
        return held
    fresh = unit.notes[_PENDING] = _Pending()
    unit.before_commit(lambda: _write(fresh))
    return fresh


def _write(pending: _Pending) -> None:
    _write_outbox(pending)  # First: the lock below is held for no more than it must.
    if not pending.events:
        return
    _insert(pending.events, first=_LOCK if connection.vendor == "postgresql" else "")


def _write_outbox(pending: _Pending) -> None:
    _insert(pending.outbox)


def _insert(rows: list[Event] | list[Outbox], first: str = "") -> None:
    """`first`: what goes before, in the same message."""
    at_once, rest = rows[:MOST_AT_ONCE], rows[MOST_AT_ONCE:]
    if at_once:
        insert(*at_once, first=first)
    insert_many(rest)
    rows.clear()


def _canonical(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _uuid(reference: UUID | str | None) -> UUID | None:
    return UUID(reference) if reference and isinstance(reference, str) else reference or None


def _next_number(moment: datetime) -> int:
    # Nanoseconds of the id's clock would do; UUIDv7 is already unique and ordered within this process.
    return int(uuid7().int >> 64)
