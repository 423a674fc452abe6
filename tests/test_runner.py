"""The background work: whatever fails, nothing is lost and the rest goes on."""

import os
import time
from io import BytesIO
from pathlib import Path

from house import House
from raadhuis.intake import registers
from raadhuis.intake.models import Upload
from raadhuis.journal.models import Outbox
from raadhuis.journal.queries import undelivered
from raadhuis.site import runner
from raadhuis.site.example.filler import fill_in

LEASE = {
    "kenteken": "GZ999R",
    "eigenaar": "lease",
    "verklaring": [{"name": "brief.pdf"}],
    "email": "fatima@voorbeeld.example",
}


def test_files_that_no_row_knows_go_after_a_day_and_others_stay(house: House) -> None:
    from raadhuis.kernel import clock

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
