"""A connection to PostgreSQL that is kept open is looked at for each request, and asked only when it was heard of."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection that can be lost"),
]


def one() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


def as_for_a_new_request() -> None:
    connection.health_check_enabled, connection.health_check_done = True, False


def test_one_that_lies_still_is_used_as_it_is() -> None:
    assert one() == 1
    held = connection.connection
    as_for_a_new_request()
    with CaptureQueriesContext(connection) as heard:
        assert one() == 1
    assert connection.connection is held and len(heard) == 1 and connection.health_check_done


def test_one_that_the_server_ended_is_made_anew() -> None:
    assert one() == 1
    held, number = connection.connection, connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [number])
    other.close()
    for _ in range(100):
        time.sleep(0.01)  # The end is under way.
        as_for_a_new_request()
        connection.close_if_health_check_failed()
        if connection.connection is not held:
            break
    assert one() == 1 and connection.connection is not held
