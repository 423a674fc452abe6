"""The disk is full: what was acknowledged is there, what cannot be kept is refused with 503, and it passes."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.crash.server import Server, raadhuis
from tests.holds.conftest import serving
from tests.holds.forms import Form


@pytest.fixture
def on_small_disk(full_disk: Path, outside: tuple[str, str]) -> Iterator[tuple[Server, Path]]:
    """A server whose database (SQLite) and files live on the small file system."""
    with serving(full_disk, outside) as server:
        if server.environment.get("DATABASE_URL"):
            pytest.skip("PostgreSQL keeps its data elsewhere; this is about SQLite and the files")
        yield server, full_disk


def fill(folder: Path) -> Path:
    """Writes until nothing more fits."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(bytes(65536))
    with ballast.open("ab", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(bytes(512))
    return ballast


def test_nothing_acknowledged_is_lost_and_it_goes_on_without_a_restart(on_small_disk: tuple[Server, Path]) -> None:
    server, folder = on_small_disk
    before, during, photo = Form(server), Form(server), Form(server)
    before.fill_in()
    assert before.submit().location.endswith("/klaar/")
    during.fill_in()
    for page, answers in (("wat", {"categorie": "weg"}), ("waar", {"plek.lat": "52.1017", "plek.lon": "5.099"})):
        assert photo.send(page, **answers).status == 303

    ballast = fill(folder)
    refused = None
    for _ in range(200):  # What fits in room that the database had reserved is still kept, and that is right.
        answer = photo.add_photo(200_000)
        if answer.status == 503:
            refused = answer
            break
        assert answer.status in {200, 422}
    assert refused is not None, "a file that does not fit"
    assert refused.headers["retry-after"].isdigit()
    answers = [during.submit() for _ in range(3)]
    assert {answer.status for answer in answers} <= {303, 503}
    acknowledged = any(answer.status == 303 for answer in answers)

    ballast.unlink()
    assert photo.add_photo(200_000).status == 200, "the same upload, without a restart"
    if not acknowledged:
        assert during.submit().status == 303
    assert during.submit().location.endswith("/klaar/")
    told = {"melder@voorbeeld.example": [before.application, ""]}
    assert server.stop() == 0
    file = folder.parent / "told.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    found = json.loads(raadhuis(server.environment, str(file), module="tests.crash.check"))
    assert found["lost"] == 0
    assert found["cases"] == 2
    assert found["journal_ok"] and found["documents_broken"] == 0 and found["events_wrong"] == 0
    assert "Traceback" not in server.log()


def test_a_form_step_is_refused_while_the_disk_is_full(on_small_disk: tuple[Server, Path]) -> None:
    server, folder = on_small_disk
    form = Form(server)
    ballast = fill(folder)
    statuses = set()
    for number in range(300):
        answer = form.send("hoe", gevaar="no", omschrijving=f"Er ligt een tegel los. {number} " + "x" * 1500)
        statuses.add(answer.status)
        if answer.status == 503:
            break
    assert 503 in statuses, "the database must run out of room"
    assert statuses <= {303, 503}
    assert form.browser.ask("GET", "/").status == 200
    ballast.unlink()
    assert form.send("hoe", gevaar="no", omschrijving="Er ligt een tegel los.").status == 303
