"""Stopping: running requests finish, the status is 0, and no process is left, whatever ended the first one."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

from tests.crash.clients import Answer, Browser
from tests.crash.server import Server
from tests.holds.forms import Form
from tests.holds.test_locked import locked


def gone(server: Server, seconds: float = 20) -> bool:
    """Waits until no process of the server is left."""
    until = time.monotonic() + seconds
    while server.left() and time.monotonic() < until:
        time.sleep(0.05)
    return not server.left()


def children(server: Server) -> list[int]:
    """What the first process started."""
    return [pid for pid in server.left() if pid != server.pid]


def test_a_running_request_finishes_before_the_server_stops(server: Server) -> None:
    form = Form(server)
    form.fill_in()
    answers: list[Answer] = []
    submitting = threading.Thread(target=lambda: answers.append(form.submit()))
    with locked(server):  # The submission is under way, and waits.
        submitting.start()
        time.sleep(1)
        os.kill(server.pid, signal.SIGTERM)
        time.sleep(0.5)
    submitting.join(20)
    assert [answer.status for answer in answers] == [303]
    assert server.stop() == 0
    assert server.left() == []


def test_ctrl_c_reaches_everybody_at_once_and_is_no_failure(server: Server) -> None:
    os.killpg(server.pid, signal.SIGINT)
    assert server.stop() == 0
    assert gone(server)


def test_pressing_ctrl_c_again_and_again_does_not_hold_up_the_end(server: Server) -> None:
    began = time.monotonic()
    while server.left() and time.monotonic() - began < 10:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGINT)
        time.sleep(0.001)
    assert server.stop() == 0
    assert gone(server)


def test_children_end_when_the_first_process_is_killed(server: Server) -> None:
    until = time.monotonic() + 20
    while len(children(server)) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(children(server)) == 3, "two workers and the background work"
    os.kill(server.pid, signal.SIGKILL)
    assert gone(server), "none may outlive it"


def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    browser = Browser(server.port)
    before = set(children(server))
    os.kill(max(before), signal.SIGKILL)
    until = time.monotonic() + 20
    while time.monotonic() < until and not (server.answers() and set(children(server)) - before):
        time.sleep(0.1)
    assert set(children(server)) - before, "a new one"
    assert browser.ask("GET", "/").status == 200


def test_a_port_that_is_taken_is_said_in_a_sentence(server: Server) -> None:
    command = [sys.executable, "-m", "raadhuis", "serve", "--port", str(server.port)]
    done = subprocess.run(command, env=server.environment, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "Choose another with --port" in done.stderr
