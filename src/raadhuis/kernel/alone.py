"""Being the only one: of all processes that share a database, one at a time does something.

In: a name. Out: whether it is our turn. Always holds: who has it loses it at the moment that its process or its
connection ends, also by kill -9, so that nobody waits for the dead (PostgreSQL: an advisory lock of the session;
SQLite: a lock on a file beside the database, which the kernel lets go of).
"""

import contextlib
import fcntl
import os
import zlib
from collections.abc import Iterator

from django.db import connection


@contextlib.contextmanager
def alone(name: str) -> Iterator[bool]:
    """Inside the block: True when nobody else is in such a block of this name, else False, at once."""
    with _on_postgresql(name) if connection.vendor == "postgresql" else _beside_the_file(name) as mine:
        yield mine


@contextlib.contextmanager
def _on_postgresql(name: str) -> Iterator[bool]:
    key = zlib.crc32(f"raadhuis:{name}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            # A connection that broke meanwhile has let go already.
            with contextlib.suppress(Exception), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextlib.contextmanager
def _beside_the_file(name: str) -> Iterator[bool]:
    file = os.open(f"{connection.settings_dict['NAME']}.{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(file)
