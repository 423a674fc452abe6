"""A file becomes a log in the background: also when who is at it is stopped, killed, or wants more than there is."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lean.logs import EDITOR, READER
from raadhuis.kernel.actor import Actor, Role
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow
from raadhuis.lean import actions, coming, queries, uploads
from raadhuis.lean.schema import Coming

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = Actor(kind="staff", pseudonym="p-9", channel="desk", roles=frozenset({Role.EDITOR}))
SECONDS = 60


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def rows(count: int) -> Iterator[bytes]:
    """A table, in pieces."""
    yield b"zaak,stap,tijd\n"
    for first in range(0, count, 1000):
        yield b"".join(b"%d,Stap,2026-01-05 09:00:00\n" % (number // 5) for number in range(first, first + 1000))


def sent(count: int = 1000) -> UUID:
    """A table that was asked for."""
    id = uploads.keep(rows(count), "stappen.csv", EDITOR)
    coming.ask(id, EDITOR, name="Stappen")
    return id


def seen(id: UUID) -> Coming:
    """How far it is."""
    found = coming.look(id, EDITOR)
    assert found is not None
    return found


def state(id: UUID) -> coming._State | None:
    """What who is at it wrote down."""
    return coming._read(uploads.folder_of(id) / "state", coming._State)


def test_what_was_asked_for_becomes_a_log_with_that_id_and_the_file_is_gone(tmp_path: Path) -> None:
    id = sent()
    assert (seen(id).stage, seen(id).name, coming.waiting()) == ("waiting", "Stappen", [id])
    coming.bring_in()
    assert queries.log(id).events == 1000 and queries.log(id).source == "stappen.csv"
    with pytest.raises(Absent):
        coming.look(id, EDITOR)
    assert [one.name for one in (tmp_path / "lean").iterdir()] == [str(id)]


def test_progress_is_told_in_order_and_nothing_is_listed_when_it_is_stopped(tmp_path: Path) -> None:
    file, told = tmp_path / "groot.csv", []
    file.write_bytes(b"".join(rows(60_000)))

    def watch(stage: str, share: float, events: int) -> None:
        told.append((stage, share, events))

    actions.import_log(file, EDITOR, watch=watch)
    reading = [one for one in told if one[0] == "reading"]
    assert len(reading) > 3 and reading == sorted(reading) and reading[-1][1] == 1.0
    working = told[len(reading) :]
    assert working == [("working-out", 1.0, 60_000)] * 4, "before it, before its one part, before laying out, and after"
    before = {one.name for one in (tmp_path / "lean").iterdir()}
    for last in (0, *range(len(reading), len(told))):
        left = iter(range(last))

        def stops(stage: str, share: float, events: int, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            actions.import_log(file, EDITOR, watch=stops)
    assert len(queries.logs()) == 1 and {one.name for one in (tmp_path / "lean").iterdir()} == before


def test_a_stop_is_heard_while_it_is_read(tmp_path: Path) -> None:
    """Told from aside, by hand: the reader listens four times a second."""
    id = sent()
    folder = uploads.folder_of(id)
    watch = coming._Watch(folder, 1)
    watch("reading", 0.1, 10)
    with coming._alone(folder) as mine:
        assert mine
        coming.stop(id, EDITOR)
        assert seen(id).stage == "stopping", "until it is heard"
        with pytest.raises(NotNow):
            coming.throw_away(id, EDITOR)
        with pytest.raises(coming._Stopped):
            watch("working-out", 1.0, 1000)
    coming.bring_in()
    assert seen(id).stage == "stopped" and not queries.logs()
    coming.ask_again(id, EDITOR)
    coming.bring_in()
    assert queries.log(id).events == 1000


def test_two_at_once_do_it_once() -> None:
    id = sent()
    with coming._alone(uploads.folder_of(id)):
        busy = threading.Thread(target=coming.bring_in)
        busy.start()
        busy.join()
        coming.ask(id, EDITOR, name="Anders")
        assert not queries.logs() and seen(id).name == "Stappen"
    coming.bring_in()
    assert [one.id for one in queries.logs()] == [id]


def test_one_that_fails_does_not_keep_the_next() -> None:
    empty = uploads.keep([b"<log></log>"], "leeg.xes", EDITOR)
    coming.ask(empty, EDITOR)
    types = b'{"objectTypes":[],"eventTypes":[],"objects":[{"id":"1","type":"order"}],"events":[]}'
    objects = uploads.keep([types], "objecten.json", EDITOR)
    coming.ask(objects, EDITOR, mapping={"case": "factuur"})
    broken, good = sent(), sent()
    target = queries.folder_of(broken)
    target.with_name(f"{target.name}.part").write_text("a file where a folder should come")
    coming.bring_in()
    assert seen(empty).stage == "refused" and "geen enkele gebeurtenis" in seen(empty).said
    assert seen(objects).stage == "refused" and "order" in seen(objects).said
    assert seen(broken).stage == "failed"
    assert [one.id for one in queries.logs()] == [good]
    assert [one.id for one in coming.all_of(EDITOR)] == [broken, objects, empty], "the newest first"


def test_one_that_was_listed_before_who_was_at_it_died_is_not_made_again() -> None:
    id = sent()
    file = uploads.file_of(id, EDITOR)
    actions.import_log(file, EDITOR, name="Stappen", id=id)
    coming.bring_in()
    assert [one.id for one in queries.logs()] == [id] and not list(uploads.kept())


def test_only_its_sender_and_only_who_may() -> None:
    id = sent()
    for act in (coming.look, coming.stop, coming.ask, coming.ask_again, coming.throw_away, coming.asked):
        with pytest.raises(Absent):
            act(id, OTHER)
    assert coming.all_of(OTHER) == []
    with pytest.raises(NotAllowed):
        coming.ask(id, READER)
    with pytest.raises(NotAllowed):
        coming.ask_again(id, READER)
    with pytest.raises(Invalid):
        coming.ask(id, EDITOR, mapping={"time": "bestaat niet"})
    assert seen(id).stage == "waiting", "what was asked before still stands"


@pytest.mark.parametrize("name", ["..", ".verborgen", "", "é" * 300 + ".csv", "a/b\\c.csv"])
def test_a_file_may_have_any_name(name: str) -> None:
    id = uploads.keep(rows(1000), name, EDITOR)
    coming.ask(id, EDITOR)
    coming.bring_in()
    assert queries.log(id).name


def test_a_killed_process_leaves_nothing_busy_and_the_next_begins_anew(settings: Any, tmp_path: Path) -> None:
    """Real processes and kill -9, on a database of their own: here only the files are looked at."""
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    folder = str(settings.RAADHUIS_LEAN_FOLDER)
    environment = kept | {"RAADHUIS_DATA": str(tmp_path / "data"), "RAADHUIS_LEAN_FOLDER": folder}
    words = [sys.executable, "-m", "raadhuis"]
    subprocess.run([*words, "migrate"], env=environment, check=True, capture_output=True)
    id = sent(100_000)
    for number in range(1, coming.TRIES + 1):
        running = subprocess.Popen([*words, "lean", "bring-in"], env=environment)
        until = time.monotonic() + SECONDS
        while not (told := state(id)) or told.tries < number or not told.share:
            assert time.monotonic() < until and running.poll() is None
        assert seen(id).stage == "reading"
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert seen(id).stage == "waiting" and coming.waiting() == [id]
    subprocess.run([*words, "lean", "bring-in"], env=environment, check=True)
    assert seen(id).stage == "interrupted", "what ended two processes is not tried by itself"
    coming.ask_again(id, EDITOR)
    subprocess.run([*words, "lean", "bring-in"], env=environment, check=True)
    with pytest.raises(Absent):
        coming.look(id, EDITOR)
    assert (Path(folder) / str(id)).is_dir()
