"""The background work: whatever fails, nothing is lost and the rest goes on."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest

from house import House
from raadhuis.intake import registers
from raadhuis.intake.models import Upload
from raadhuis.journal.models import Outbox
from raadhuis.journal.queries import undelivered
from raadhuis.kernel import clock
from raadhuis.site import runner
from raadhuis.site.example.filler import apply, fill_in

HEAVY = ("duckdb", "numpy", "ibis", "pygraphviz", "shapely")


def test_a_process_that_serves_pages_loads_only_what_pages_need() -> None:
    """What works figures out is over 40 MB, and there is a process for each core."""
    said = f"import sys, raadhuis.site.wsgi; print([one for one in {HEAVY!r} if one in sys.modules])"
    words = "import django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns; " + said
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "raadhuis.site.settings"}
    done = subprocess.run([sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


LEASE = {
    "kenteken": "GZ999R",
    "eigenaar": "lease",
    "verklaring": [{"name": "brief.pdf"}],
    "email": "fatima@voorbeeld.example",
}

REPORT = {
    "categorie": "afval",
    "plek": {"lat": 52.1012, "lon": 5.096, "description": "Naast de container"},
    "gevaar": False,
    "omschrijving": "Er staan drie zakken.",
}


def test_files_that_no_row_knows_go_after_a_day_and_others_stay(house: House) -> None:
    fill_in("parkeervergunning", house.person("fatima"), LEASE | {"ingangsdatum": clock.today().isoformat()})
    store = registers.adapters().files
    stray, fresh = store.put(BytesIO(b"nobody's"), limit=100), store.put(BytesIO(b"new"), limit=100)
    kept = Upload.objects.get().file_key
    folder = Path(store._folder)  # type: ignore[attr-defined]
    for file in folder.rglob("*"):
        if file.is_file() and file.name != fresh.key:
            os.utime(file, (time.time() - 2 * 86400,) * 2)
    runner.sweep_files()
    left = {file.name for file in folder.rglob("*") if file.is_file()}
    assert kept in left and fresh.key in left and stray.key not in left


def test_a_mail_that_is_refused_for_good_becomes_a_dead_letter_and_the_next_goes_on(house: House) -> None:
    from raadhuis.journal.actions import send
    from raadhuis.kernel.db import durable

    with durable():
        for number, to in enumerate(("weigert@voorbeeld.example", "goed@voorbeeld.example")):
            send("mail", {"to": to, "subject": "Bericht", "text": "Tekst"}, key=f"test-{number}")
        send("onbekend", {}, key="test-9")
    runner.deliver()
    assert {row.kind for row in undelivered()} == {"mail", "onbekend"}
    assert "weigert" not in str([row.last_error for row in undelivered()])
    assert house.mails("goed@voorbeeld.example")
    assert Outbox.objects.get(key="test-1").state == "done"


class _Receiver:
    """A system that follows along: answers what it is told to, remembers what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, object]]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.got.append((self.headers["X-Raadhuis-Event"], body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def receiver() -> Iterator[_Receiver]:
    made = _Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_who_follows_along_is_told_in_order_without_who_it_is_about(
    house: House, settings: Any, receiver: _Receiver
) -> None:
    settings.RAADHUIS_WEBHOOK_URL = receiver.url
    answers = LEASE | {"eigenaar": "eigen", "ingangsdatum": clock.today().isoformat()}
    apply("parkeervergunning", house.person("fatima"), answers)
    receiver.status = 500
    runner.deliver()
    assert len(receiver.got) == 1, "what comes after a failure waits its turn"
    receiver.status = 200
    with clock.at(clock.now() + timedelta(minutes=1)):
        runner.deliver()
    kinds = [body["kind"] for _, body in receiver.got]
    assert kinds[1:] == ["case.created", "case.status_set", "decision.taken", "case.status_set", "case.closed"]
    assert receiver.got[0] == receiver.got[1], "the same event id, so that a receiver can drop the double"
    for private in ("999900006", "Fatima", "GZ999R", "fatima@"):
        assert private not in str(receiver.got)


def test_a_receiver_that_is_gone_becomes_dead_letters(house: House, settings: Any, receiver: _Receiver) -> None:
    settings.RAADHUIS_WEBHOOK_URL, receiver.status = receiver.url, 410
    apply("melding-openbare-ruimte", house.nobody(), REPORT)
    runner.deliver()
    assert {row.kind for row in undelivered()} == {"webhook"}
