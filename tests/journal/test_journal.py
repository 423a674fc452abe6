"""Laws 1, 3 and 4: one fact one event one transaction; the journal only grows; no personal data."""

import fcntl
import shutil
import threading
import time
import typing
from datetime import timedelta
from pathlib import Path

import duckdb
import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from raadhuis.journal import outbox, queries, seal
from raadhuis.journal.actions import BadEvent, append, send
from raadhuis.journal.export import export
from raadhuis.journal.kinds import KINDS, Code, Count
from raadhuis.journal.models import Event, Outbox
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM, Actor, Role
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import NotAllowed, NotNow

ADMIN = Actor(kind="staff", pseudonym="a", roles=frozenset({Role.ADMIN}))


def _tell(count: int = 1) -> None:
    with durable():
        for _ in range(count):
            append("case.created", SYSTEM, subjects={"zaak": uuid7()})


@pytest.mark.django_db
def test_an_event_is_kept_with_its_change_or_not_at_all() -> None:
    before = queries.last_sequence()
    with pytest.raises(ZeroDivisionError), durable():
        append("case.created", SYSTEM)
        _ = 1 / 0
    assert queries.last_sequence() == before
    _tell()
    assert [event.kind for event in queries.after(before)] == ["case.created"]


@pytest.mark.django_db
def test_outside_a_transaction_nothing_can_be_told() -> None:
    with pytest.raises(RuntimeError, match="durable"):
        append("case.created", SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("no.such.kind", {}),
        ("case.created", {"name": "x"}),
        ("case.status_set", {}),
        ("case.status_set", {"status": "Jan de Vries"}),
        ("case.status_set", {"status": "jan@example.org"}),
        ("application.page_answered", {"page": "a", "questions": -1}),
    ],
)
def test_an_event_that_does_not_fit_its_kind_is_refused(kind: str, data: dict[str, object]) -> None:
    with pytest.raises(BadEvent), durable():
        append(kind, SYSTEM, data=data)


def test_no_kind_can_hold_free_text() -> None:
    """Law 4 by construction: every field of every kind is a code, a count, a yes/no or a list of codes."""
    allowed = {Code, Count, bool, list[Code]}
    for name, kind in KINDS.items():
        hints = typing.get_type_hints(kind.data, include_extras=True)
        for field in msgspec.structs.fields(kind.data):
            assert hints[field.name] in allowed, f"{name}.{field.name} could hold personal data"


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_event", "journal_seal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_told(table: str, verb: str) -> None:
    _tell()
    seal.seal()
    column = "kind" if table == "journal_event" else "chain"
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table, column))


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows INSERT OR REPLACE")
@pytest.mark.parametrize("table", ["journal_event", "journal_seal"])
def test_sqlite_refuses_to_replace_what_was_told(table: str) -> None:
    _tell()
    seal.seal()
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def _tamper(sql: str) -> None:
    """What somebody with the database's own keys could do: stand the triggers aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
            cursor.execute(sql)
            cursor.execute("ALTER TABLE journal_event ENABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name='journal_event'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute(sql)
            for _, text in triggers:
                cursor.execute(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE journal_event SET actor = 'other' WHERE sequence = {}", "altered"),
        ("DELETE FROM journal_event WHERE sequence = {}", "removed"),
    ],
)
def test_the_seal_names_the_first_row_that_was_tampered_with(sql: str, why: str) -> None:
    _tell(30)
    while seal.seal(limit=7):
        pass
    assert seal.verify().ok
    target = queries.after(0)[16].sequence
    _tamper(sql.format(target))
    found = seal.verify()
    assert (found.ok, found.first_bad, found.why) == (False, target, why)


@pytest.mark.django_db
def test_an_event_put_before_all_others_is_seen() -> None:
    _tell(3)
    seal.seal()
    columns = ", ".join(f.column for f in Event._meta.concrete_fields if f.name not in {"sequence", "id"})
    _tamper(
        f"INSERT INTO journal_event (sequence, id, {columns}) SELECT -5, '{uuid7().hex}', {columns} "
        f"FROM journal_event WHERE sequence = {queries.last_sequence()}"
    )
    assert (seal.verify().first_bad, seal.verify().why) == (-5, "inserted")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the types of its columns")
@pytest.mark.parametrize("column", ["time", "zaak", "id", "data"])
def test_an_event_that_cannot_even_be_read_is_named(column: str) -> None:
    _tell(30)
    seal.seal()
    target = queries.after(0)[-4].sequence
    _tamper(f"UPDATE journal_event SET {column} = CAST(x'72ff' AS TEXT) WHERE sequence = {target}")
    assert (seal.verify().first_bad, seal.verify().why) == (target, "altered")


@pytest.mark.django_db
def test_an_older_secret_still_verifies_its_seals(settings) -> None:  # type: ignore[no-untyped-def]
    settings.RAADHUIS_SECRETS = ["old"]
    _tell(3)
    seal.seal()
    settings.RAADHUIS_SECRETS = ["new", "old"]
    _tell(3)
    seal.seal()
    assert seal.verify().ok
    settings.RAADHUIS_SECRETS = ["new"]
    assert seal.verify().why == "seal-broken"


@pytest.mark.django_db
def test_a_seal_made_without_the_key_does_not_fit(settings) -> None:  # type: ignore[no-untyped-def]
    _tell(3)
    settings.RAADHUIS_SECRETS = ["somebody else's"]
    seal.seal()
    settings.RAADHUIS_SECRETS = ["ours"]
    assert seal.verify().why == "seal-broken"


@pytest.mark.django_db(transaction=True)
def test_no_reader_passes_over_an_event_that_commits_late() -> None:
    """Law 3, with concurrent writers: some dawdle before, some after they have written their event."""
    seen: list[int] = []
    done = threading.Event()
    writers, each = 6, 15
    before = Event.objects.count()

    def write(number: int) -> None:
        try:
            for turn in range(each):
                with durable() as unit:
                    append("case.created", SYSTEM, subjects={"zaak": uuid7()})
                    time.sleep(0.002 * ((number + turn) % 4))
                    unit.before_commit(lambda late=(number * turn) % 3: time.sleep(0.003 * late))
        finally:
            connection.close()

    def read() -> None:
        try:
            cursor = 0
            while True:
                finished = done.is_set()
                for event in queries.after(cursor):
                    seen.append(event.sequence)
                    cursor = event.sequence
                if finished:
                    return
                time.sleep(0.001)  # A reader that spins would hold Python's lock and starve the writers.
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    everything = list(Event.objects.order_by("sequence").values_list("sequence", flat=True))
    assert len(everything) == before + writers * each
    assert seen == everything


@pytest.mark.django_db
def test_the_export_is_incremental_and_survives_an_interruption(tmp_path: Path) -> None:
    before = len(queries.after(0))
    _tell(5)
    first = export(tmp_path)
    # What an interrupted export left: beyond the cursor, whatever number the events have come to.
    beyond = first.up_to + 1
    stray = tmp_path / "events" / "month=2020-01" / f"{beyond:012d}-{beyond + 99:012d}.parquet"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half")
    _tell(3)
    second = export(tmp_path)
    assert (first.events, second.events, export(tmp_path).events) == (before + 5, 3, 0)
    rows = (
        duckdb.connect()
        .execute(f"SELECT sequence, kind, month FROM read_parquet('{tmp_path}/events/*/*.parquet') ORDER BY sequence")
        .fetchall()
    )
    assert [row[0] for row in rows] == [event.sequence for event in queries.after(0)]
    assert {row[2] for row in rows} == {clock.now().strftime("%Y-%m")}
    assert not stray.exists()


@pytest.mark.django_db
def test_folders_with_the_same_tail_are_exported_apart_and_an_emptied_one_anew(tmp_path: Path) -> None:
    _tell(4)
    total, tail = len(queries.after(0)), "a-rather-long-name-that-both-of-them-share"
    here, there = tmp_path / "here" / tail, tmp_path / "there" / tail
    assert (export(here).events, export(there).events) == (total, total)
    kept = next((here / "events").glob("month=*/*.parquet"))
    left = kept.with_name("tmp1234.ndjson")  # What a kill in the middle of a file leaves.
    left.write_text("{}")
    mine = kept.with_name("notes.parquet.txt")
    mine.write_text("not ours")
    assert export(here).events == 0
    assert kept.exists() and mine.exists() and not left.exists()
    shutil.rmtree(there)
    assert export(there).events == total


@pytest.mark.django_db
def test_one_export_to_a_folder_at_a_time(tmp_path: Path) -> None:
    _tell()
    (tmp_path / "events").mkdir()
    with (tmp_path / "events" / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(OSError, match="another export"):
            export(tmp_path)
    assert export(tmp_path).events


@pytest.mark.django_db
def test_the_outbox_delivers_in_order_and_tries_again() -> None:
    got: list[str] = []
    fail = {"once": True}

    def deliver(event_id: object, payload: dict[str, object]) -> None:
        if payload["n"] == "1" and fail.pop("once", False):
            raise ConnectionError("line is down")
        got.append(str(payload["n"]))

    with durable():
        for n in "12":
            send("mail", {"n": n}, key="case-a")
        send("mail", {"n": "other"}, key="case-b")
    outbox.deliver_due({"mail": deliver})
    assert got == ["other"], "what comes after a failure waits its turn, what has another key does not"
    later = clock.now() + outbox.BACK_OFF[0] * 2
    with clock.at(later):
        while outbox.deliver_due({"mail": deliver}):
            pass
    assert got == ["other", "1", "2"]
    assert {bytes(row.payload) for row in Outbox.objects.all()} == {b""}


@pytest.mark.django_db
def test_what_another_runner_took_over_meanwhile_is_not_delivered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[str] = []

    def slow(event_id: object, payload: dict[str, object]) -> None:
        got.append(str(payload["n"]))
        if payload["n"] == "1":  # Takes longer than the lease: another runner comes by.
            outbox.deliver_due({"mail": lambda _, other: got.append(f"other {other['n']}")})

    with durable():
        for n in "12":
            send("mail", {"n": n}, key=f"case-{n}")
    monkeypatch.setattr(outbox, "LEASE", timedelta(0))
    outbox.deliver_due({"mail": slow})
    assert "other 2" in got and "2" not in got
    assert not Outbox.objects.exclude(state="done").exists()


@pytest.mark.django_db
def test_what_cannot_be_delivered_becomes_a_dead_letter_that_can_be_sent_again() -> None:
    def refuse(event_id: object, payload: object) -> None:
        raise ConnectionError("jan@example.org unknown")

    with durable():
        send("mail", {"to": "jan@example.org"}, key="x")
    moment = clock.now()
    for _ in range(40):
        with clock.at(moment):
            outbox.deliver_due({"mail": refuse})
        moment += outbox.BACK_OFF[-1] / 2
    dead = queries.undelivered()
    assert [d.state for d in dead] == ["dead"]
    assert "jan" not in dead[0].last_error
    assert queries.latest("", ["outbox.gave_up"])[0].data["kind"] == "mail"
    with pytest.raises(NotAllowed):
        outbox.resend(dead[0].id, Actor(kind="staff", pseudonym="b", roles=frozenset({Role.HANDLER})))
    outbox.resend(dead[0].id, ADMIN)
    sent: list[object] = []
    outbox.deliver_due({"mail": lambda event_id, payload: sent.append((event_id, payload["to"]))})
    assert sent == [(dead[0].id, "jan@example.org")]
    with pytest.raises(NotNow):
        outbox.resend(dead[0].id, ADMIN)
