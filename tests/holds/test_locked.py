"""Somebody else holds the database for long: writers hear so in time, readers notice nothing, and it passes."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from tests.crash.clients import Answer, Browser
from tests.crash.server import Server
from tests.holds.forms import Form

TABLES = "intake_application, journal_event, kernel_throttle, django_session, cases_zaak"


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Within the block another process's connection writes and does not finish."""
    url = server.environment.get("DATABASE_URL", "")
    if url:
        with psycopg.connect(url) as connection:
            connection.execute(f"LOCK TABLE {TABLES} IN EXCLUSIVE MODE")
            yield
            connection.rollback()
        return
    connection = sqlite3.connect(f"{server.environment['RAADHUIS_DATA']}/raadhuis.sqlite3", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def impatient(form: Form, seconds: float) -> None:
    """From now on this browser gives up, which ends the test, when no answer comes within so many seconds."""
    form.browser.close()
    form.browser.patience = seconds


def test_writers_hear_503_in_time_and_readers_go_on(server: Server) -> None:
    forms = [Form(server) for _ in range(6)]
    for form in forms:
        assert form.send("wat", categorie="weg").status == 303
        impatient(form, 7)
    answers: list[Answer] = []

    def write(form: Form) -> None:
        answers.append(form.send("waar", **{"plek.lat": "52.1017", "plek.lon": "5.099"}))

    with locked(server):
        writers = [threading.Thread(target=write, args=(form,)) for form in forms]
        for writer in writers:
            writer.start()
        reader = Browser(server.port)
        reader.patience = 4
        for path in ("/", "/diensten/melding-openbare-ruimte/", "/volgen/"):
            assert reader.ask("GET", path).status == 200
        for writer in writers:
            writer.join()
        assert [answer.status for answer in answers] == [503] * len(forms), "all of them, each within seven seconds"
        assert all(answer.headers.get("retry-after", "").isdigit() for answer in answers)
        shown = forms[0].browser.ask("GET", f"{forms[0].place}vraag/waar/")
        assert shown.status == 200, "a page that was begun can still be read"
    for form in forms:
        assert form.send("waar", **{"plek.lat": "52.1017", "plek.lon": "5.099"}).status == 303, "without a restart"


def test_a_submission_that_was_refused_is_filed_once_afterwards(server: Server) -> None:
    form = Form(server)
    form.fill_in()
    with locked(server):
        assert form.submit().status == 503
        assert form.submit().status == 503
    assert form.submit().location.endswith("/klaar/")
    assert form.submit().location.endswith("/klaar/")
    assert _cases(server) == 1


def test_a_new_visitor_is_told_too(server: Server) -> None:
    browser = Browser(server.port)
    browser.ask("GET", "/diensten/melding-openbare-ruimte/")
    with locked(server):
        answer = browser.ask("POST", "/diensten/melding-openbare-ruimte/begin/", {})
        assert answer.status == 503
        assert "niets verloren" in answer.text or "opnieuw" in answer.text
    assert browser.ask("POST", "/diensten/melding-openbare-ruimte/begin/", {}).status == 303


def test_a_session_that_cannot_be_kept_now_is_not_a_session_that_is_gone(server: Server) -> None:
    form = Form(server)
    with locked(server):
        answer = form.browser.ask("GET", "/inloggen/resident/?niveau=substantial&verder=/")
        assert answer.status == 503
        assert answer.headers.get("retry-after", "").isdigit()
    assert form.browser.ask("GET", "/inloggen/resident/?niveau=substantial&verder=/").status == 302
    assert form.send("wat", categorie="weg").status == 303, "and what was begun is still theirs"


def _cases(server: Server) -> int:
    url = server.environment.get("DATABASE_URL", "")
    if url:
        with psycopg.connect(url) as connection:
            return int(connection.execute("SELECT count(*) FROM cases_zaak").fetchall()[0][0])
    connection = sqlite3.connect(f"{server.environment['RAADHUIS_DATA']}/raadhuis.sqlite3")
    try:
        return int(connection.execute("SELECT count(*) FROM cases_zaak").fetchone()[0])
    finally:
        connection.close()
