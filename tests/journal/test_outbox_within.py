"""What is put in the outbox is written at the end of its transaction; within that transaction it counts already."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from raadhuis.journal.actions import MOST_AT_ONCE, append, hurry, recall, send
from raadhuis.journal.models import Event, Outbox
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import durable

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_just_put_in_can_be_taken_back_and_hurried() -> None:
    with durable():
        send("mail", {"to": "a@voorbeeld.example"}, key="back")
        kept = send("mail", {"to": "b@voorbeeld.example"}, key="kept", wait=timedelta(days=1))
        assert recall("back")
        hurry("kept")
        later = send("mail", {"to": "c@voorbeeld.example"}, key="later")
    assert [row.id for row in Outbox.objects.order_by("number")] == [kept, later]
    assert Outbox.objects.get(id=kept).due <= clock.now()


def test_all_is_written_in_one_statement_a_table_and_the_events_last() -> None:
    with CaptureQueriesContext(connection) as heard, durable():
        append("case.reopened", SYSTEM)
        for number in range(3):
            send("mail", {"to": "a@voorbeeld.example"}, key=str(number))
            append("case.reopened", SYSTEM)
    asked = [query["sql"] for query in heard.captured_queries if "INSERT" in query["sql"]]
    assert [sql.split('"')[1] for sql in asked] == ["journal_outbox", "journal_event"]
    # The lock by which order is kept comes last of all, in the message of what it is for.
    assert ["pg_advisory_xact_lock" in sql for sql in asked] == [False, connection.vendor == "postgresql"]
    assert [row.key for row in Outbox.objects.order_by("number")] == ["0", "1", "2"]


def test_many_events_come_in_their_order() -> None:
    with durable():
        made = [append("case.reopened", SYSTEM) for _ in range(2 * MOST_AT_ONCE + 1)]
    assert list(Event.objects.filter(id__in=made).order_by("sequence").values_list("id", flat=True)) == made


def test_a_transaction_that_fails_sends_and_tells_nothing() -> None:
    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError), durable():
        send("mail", {"to": "a@voorbeeld.example"}, key="gone")
        append("case.reopened", SYSTEM)
        raise ZeroDivisionError
    assert (Outbox.objects.count(), Event.objects.count()) == (0, before)
