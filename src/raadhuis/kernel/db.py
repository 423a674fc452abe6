"""One door to a write: the durable transaction.

In: a block of code that changes rows. Out: all of it committed to disk, or none of it.
Always holds: when the block ends without an exception, the change survives a kill and a power cut
(SQLite: WAL with synchronous=FULL; PostgreSQL: synchronous_commit=on). On SQLite one in-process lock queues
the writers of this process, which is fairer and quicker than the database's own busy loop.
"""

import contextlib
import errno
import threading
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from raadhuis.kernel.problems import Unavailable

_write_lock = threading.Lock()
_current = threading.local()


class Unit:
    """One running durable transaction."""

    def __init__(self) -> None:
        self._last: list[Callable[[], None]] = []
        self.notes: dict[str, object] = {}

    def before_commit(self, step: Callable[[], None]) -> None:
        """Runs `step` inside the transaction, after everything else, just before it commits."""
        self._last.append(step)

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
def durable() -> Iterator[Unit]:
    """The transaction of one action; may not be nested. Raises Unavailable when the database cannot keep it."""
    if in_durable():
        raise RuntimeError("durable() cannot be nested: one action, one transaction")
    sqlite = connection.vendor == "sqlite"
    if sqlite and not _write_lock.acquire(timeout=settings.RAADHUIS_WRITE_WAIT_SECONDS):
        raise Unavailable("De gemeente verwerkt nu erg veel tegelijk. Probeer het over een paar seconden opnieuw.")
    unit = Unit()
    _current.unit = unit
    try:
        with translate_failures(), transaction.atomic(durable=True):
            yield unit
            unit._finish()
    finally:
        _current.unit = None
        if sqlite:
            _write_lock.release()


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


@contextlib.contextmanager
def translate_failures() -> Iterator[None]:
    """Turns a passing failure of database or disk into Unavailable (503 with Retry-After)."""
    try:
        yield
    except (OperationalError, InterfaceError, OSError) as error:
        if is_passing_failure(error):
            # The connection may be broken in a way that the next request must not inherit.
            with contextlib.suppress(Exception):
                if not connection.in_atomic_block:
                    connection.close()
            raise Unavailable(
                "Wij kunnen uw gegevens nu niet bewaren. Er is niets verloren en niets dubbel. "
                "Probeer het over een paar seconden opnieuw."
            ) from error
        raise
