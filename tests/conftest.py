"""What all tests share. The same suite runs on SQLite and, with DATABASE_URL set, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

JOURNAL = ("journal_event", "journal_seal")


def pytest_configure() -> None:
    """Between transactional tests Django empties all tables; only there may the journal's triggers stand aside."""
    for cls in {type(connection.ops), BaseDatabaseOperations}:
        original = cls.__dict__.get("execute_sql_flush")
        if original is not None:
            cls.execute_sql_flush = _aside(original)  # type: ignore[method-assign]


def _aside(original):  # type: ignore[no-untyped-def]
    def flush(self, sql_list):  # type: ignore[no-untyped-def]
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                    "WHERE NOT t.tgisinternal"
                )
                tables = {row[0] for row in cursor.fetchall()}
                for table in tables:
                    cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
                original(self, sql_list)
                for table in tables:
                    cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            original(self, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)

    return flush


@pytest.fixture
def on_postgresql() -> Iterator[None]:
    """For tests of what only PostgreSQL does."""
    if connection.vendor != "postgresql":
        pytest.skip("this is about PostgreSQL; set DATABASE_URL to run it")
    yield
