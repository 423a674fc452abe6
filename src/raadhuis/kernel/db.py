"""One door to a write: the durable transaction.

In: a block of code that changes rows. Out: all of it committed to disk, or none of it.
Always holds: when the block ends without an exception, the change survives a kill and a power cut
(SQLite: WAL with synchronous=FULL; PostgreSQL: synchronous_commit=on). On SQLite a gate in the process lets one writer
in at a time, fairer and quicker than the database's own busy loop; writers never keep all threads of a process.
"""

import contextlib
import errno
import threading
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext

from raadhuis.kernel.problems import Unavailable

# A writer that has been busy for so long waits for something outside this process; who stands behind it is told to come
# back, so that it keeps no thread from the readers.
STUCK_SECONDS = 1.5
# Of the four threads of a worker one is left for readers, whatever the writers wait for.
MOST_WRITERS = 3
_current = threading.local()


class _Gate:
    """Lets so many writers in at a time; the others wait, unless those inside are stuck."""

    def __init__(self, most: int) -> None:
        self._most, self._inside = most, dict[int, float]()
        self._changed = threading.Condition()

    def enter(self, seconds: float) -> bool:
        """Waits at most so long; whether this thread was let in."""
        until = time.monotonic() + seconds
        with self._changed:
            while len(self._inside) >= self._most:
                stuck = min(self._inside.values()) + STUCK_SECONDS
                left = min(until, stuck) - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            self._inside[threading.get_ident()] = time.monotonic()
        return True

    def leave(self) -> None:
        with self._changed:
            del self._inside[threading.get_ident()]
            self._changed.notify()


_gates = {"sqlite": _Gate(1), "postgresql": _Gate(MOST_WRITERS)}


class Unit:
    """One running durable transaction."""

    def __init__(self) -> None:
        self._last: list[Callable[[], None]] = []
        self.notes: dict[str, object] = {}

    def before_commit(self, step: Callable[[], None], *, early: bool = False) -> None:
        """Runs `step` inside the transaction, after everything else, just before it commits.

        `early`: before the other steps, so that whoever must be last (the journal, for its lock) is.
        """
        self._last.insert(0 if early else len(self._last), step)

    def _finish(self) -> None:
        for step in self._last:
            step()


def current_unit() -> Unit:
    """The durable transaction this thread is in. Raises RuntimeError outside one."""
    unit = getattr(_current, "unit", None)
    if not isinstance(unit, Unit):
        raise RuntimeError("not inside durable(): a change and its event belong in one transaction")
    return unit


def in_durable() -> bool:
    """Whether this thread is inside a durable transaction."""
    return getattr(_current, "unit", None) is not None


@contextlib.contextmanager
def durable(*, wait: float | None = None) -> Iterator[Unit]:
    """The transaction of one action; may not be nested. Raises Unavailable when the database cannot keep it.

    It waits at most `wait` seconds (the setting, when left out) for other writers, those of this process and those of
    others together.
    """
    if in_durable():
        raise RuntimeError("durable() cannot be nested: one action, one transaction")
    patience_left = settings.RAADHUIS_WRITE_WAIT_SECONDS if wait is None else wait
    gate, began = _gates[connection.vendor], time.monotonic()
    if not gate.enter(patience_left):
        raise Unavailable(
            gettext("De gemeente verwerkt nu erg veel tegelijk. Probeer het over een paar seconden opnieuw.")
        )
    patience_left -= time.monotonic() - began
    unit = Unit()
    _current.unit = unit
    try:
        # Who waited long for this process's other writers has little patience left for those of other processes.
        hurried = wait is not None or patience_left < settings.RAADHUIS_WRITE_WAIT_SECONDS - 1
        waiting = patience(patience_left) if hurried else contextlib.nullcontext()
        with translate_failures(), waiting, transaction.atomic(durable=True):
            yield unit
            unit._finish()
    finally:
        _current.unit = None
        gate.leave()


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Within the block, this connection waits at most so long for a lock that somebody else holds."""
    milliseconds = max(1, int(seconds * 1000))
    sqlite = connection.vendor == "sqlite"
    usual = int(settings.DATABASES["default"]["OPTIONS"].get("timeout", 5) * 1000)
    before, after = (
        (f"PRAGMA busy_timeout = {milliseconds}", f"PRAGMA busy_timeout = {usual}")
        if sqlite
        else (f"SET lock_timeout = {milliseconds}", "RESET lock_timeout")
    )
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors:
        raw.execute(before)
    try:
        yield
    finally:
        with contextlib.suppress(Exception):  # A connection that broke meanwhile is not used again.
            raw.execute(after)


# SQLSTATE classes: 53 insufficient resources (disk full), 57P shutdown, 55P03 lock not available, 08 connection.
_PASSING_SQLSTATES = ("53", "57P", "55P03", "08", "40001", "40P01", "25P03")
_PASSING_SQLITE = ("locked", "disk is full", "disk i/o error", "unable to open database file", "readonly database")


def is_passing_failure(error: BaseException) -> bool:
    """Whether `error` says that the database (or disk) cannot serve now, rather than that we asked wrongly."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    if state:
        return str(state).startswith(_PASSING_SQLSTATES)
    text = str(error).lower()
    return connection.vendor == "postgresql" or any(sign in text for sign in _PASSING_SQLITE)


def _only_waited(error: BaseException) -> bool:
    """SQLite's connection is whole after a lock or a full disk; opening a new one could need room that there is not."""
    return connection.vendor == "sqlite" and any(word in str(error).lower() for word in ("locked", "is full"))


@contextlib.contextmanager
def translate_failures() -> Iterator[None]:
    """Turns a passing failure of database or disk into Unavailable (503 with Retry-After)."""
    try:
        yield
    except (OperationalError, InterfaceError, OSError) as error:
        if is_passing_failure(error):
            # The connection may be broken in a way that the next request must not inherit.
            with contextlib.suppress(Exception):
                if not connection.in_atomic_block and not _only_waited(error):
                    connection.close()
            raise Unavailable(
                gettext(
                    "Wij kunnen uw gegevens nu niet bewaren. Er is niets verloren en niets dubbel. "
                    "Probeer het over een paar seconden opnieuw."
                )
            ) from error
        raise
