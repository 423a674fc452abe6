"""What all tests share. The same suite runs on SQLite and, with DATABASE_URL set, on PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from house import House
from raadhuis.adapters.config import REALMS
from raadhuis.adapters.standins.server import Standins, start
from raadhuis.cases import rights
from raadhuis.cases.queries.advantage import forget_cached
from raadhuis.cases.zrc import lists
from raadhuis.catalogue import queries as catalogue
from raadhuis.clients import queries as clients
from raadhuis.intake import registers
from raadhuis.notices import queries as notices
from raadhuis.site.example import load

# No test measures time, and so neither do properties: a machine that is busy with something else proves nothing.
# CI tries the same examples each time, so that what it says is about the change; who works here, and `make fuzz`, tries
# new ones.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis_settings.load_profile("house")

JOURNAL = ("journal_event", "journal_seal")


def pytest_configure() -> None:
    """Between transactional tests Django empties all tables; only there may the journal's triggers stand aside."""
    for cls in {type(connection.ops), BaseDatabaseOperations}:
        original = cls.__dict__.get("execute_sql_flush")
        if original is not None:
            cls.execute_sql_flush = _aside(original)  # type: ignore[method-assign]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database is tested: for all else it makes no difference which one there is."""
    if connection.vendor != "postgresql":
        return
    touching = [one for one in items if _touches_database(one)]
    config.hook.pytest_deselected(items=[one for one in items if one not in set(touching)])
    items[:] = touching


# Their tests start servers and processes of their own, on whichever database there is.
ON_BOTH = ("holds", "laws", "journal")


def _touches_database(item: pytest.Item) -> bool:
    if item.path.parent.name in ON_BOTH:
        return True
    fixtures = set(getattr(item, "fixturenames", ()))
    return not fixtures.isdisjoint({"db", "transactional_db"}) or item.get_closest_marker("django_db") is not None


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


@pytest.fixture(scope="session")
def standins() -> Iterator[Standins]:
    """The outside systems: real servers on loopback, in threads of this process."""
    running = start(0, 0)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def settings_of_standins(standins: Standins) -> dict[str, Any]:
    """RAADHUIS_ADAPTERS, pointing at the stand-ins."""
    url = standins.url
    return {
        "persons_url": f"{url}/brp",
        "businesses_url": f"{url}/kvk",
        "addresses_url": f"{url}/pdok",
        "vehicles_url": f"{url}/rdw",
        "mail_url": standins.mail_url,
        "mail_from": "Gemeente Waterrijk <gemeente@waterrijk.example>",
        **{f"{realm}_issuer": f"{url}/oidc/{realm}" for realm in REALMS},
        **{f"{realm}_client_id": "raadhuis" for realm in REALMS},
        **{f"{realm}_client_secret": "demo" for realm in REALMS},
    }


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test database has the example services; tests that are rolled back find them again."""
    with django_db_blocker.unblock():
        load.services()


@pytest.fixture
def house(
    db: None, settings: Any, standins: Standins, settings_of_standins: dict[str, Any], tmp_path: Path
) -> Iterator[House]:
    """The town hall, connected to the stand-ins, with the example services published."""
    settings.RAADHUIS_ADAPTERS = {
        **django_settings.RAADHUIS_ADAPTERS,
        **settings_of_standins,
        "files_folder": str(tmp_path / "files"),
    }
    registers.adapters.cache_clear()
    forget_cached()
    clients.forget_known()
    rights.forget_known()
    lists.forget_known()
    notices.forget_known()
    if not catalogue.services():  # A test with real transactions emptied the tables.
        load.services()
    yield House(standins)
    registers.adapters.cache_clear()
    forget_cached()
