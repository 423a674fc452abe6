"""The stand-ins as a process of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.servers import BROWSER
from raadhuis.adapters.mail import SmtpMailer

COMMAND = [sys.executable, "-m", "raadhuis.adapters.standins", "--web-port", "0", "--smtp-port", "0"]


@pytest.fixture
def running() -> Iterator[subprocess.Popen[str]]:
    # Without any setting, and from a folder that holds nothing of ours.
    process = subprocess.Popen(COMMAND, env=bare(), cwd="/", stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait(10)
    assert process.stdout
    process.stdout.close()


def bare() -> dict[str, str]:
    """An environment without Django's settings and ours."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "RAADHUIS", "DATABASE"))
    }
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def addresses(process: subprocess.Popen[str]) -> tuple[str, str]:
    assert process.stdout
    web, mail = process.stdout.readline().split()
    return web, mail


def is_gone(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(running: subprocess.Popen[str], by: signal.Signals) -> None:
    web, mail = addresses(running)
    assert BROWSER.get(f"{web}/gezond").text == "goed\n"
    for path in (
        "/",
        "/mail/",
        "/oidc/staff/.well-known/openid-configuration",
        "/pdok/free",
        "/kvk/v1/basisprofielen/1",
    ):
        assert BROWSER.get(web + path).status_code in {200, 400}, path
    assert BROWSER.get(f"{web}/nergens").status_code == 404
    SmtpMailer(mail, "g@example.nl").send(uuid4(), "a@example.nl", "Hoi", "t")
    assert [m["subject"] for m in BROWSER.get(f"{web}/mail/api").json()] == ["Hoi"]
    running.send_signal(by)
    assert running.wait(10) == 0
    assert is_gone(port_of(web)) and is_gone(port_of(mail))


def test_it_listens_on_this_machine_only(running: subprocess.Popen[str]) -> None:
    web, mail = addresses(running)
    listening = Path(f"/proc/{running.pid}/net/tcp").read_text().splitlines()[1:]
    local = {line.split()[1] for line in listening if line.split()[3] == "0A"}
    for port in (port_of(web), port_of(mail)):
        assert [a.split(":")[0] for a in local if int(a.split(":")[1], 16) == port] == ["0100007F"]


def test_it_ends_with_its_parent() -> None:
    # The parent tells which process it started, and is killed: nobody is left to tell the stand-ins to stop.
    code = (
        "import os, subprocess, sys\n"
        "started = subprocess.Popen([*sys.argv[1:], '--parent', str(os.getpid())], stdout=subprocess.PIPE, text=True)\n"
        "print(started.stdout.readline(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, *COMMAND],
        env=bare(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    web, _ = addresses(parent)
    assert BROWSER.get(f"{web}/gezond").status_code == 200
    parent.kill()
    parent.communicate(timeout=10)
    until = time.monotonic() + 10
    while not is_gone(port_of(web)):
        assert time.monotonic() < until, "the stand-ins outlived their parent"
        time.sleep(0.05)


def test_a_port_that_is_taken_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for option in ("--web-port", "--smtp-port"):
            arguments = [*COMMAND[:3], "--web-port", "0", "--smtp-port", "0", option, port]
            done = subprocess.run(arguments, env=bare(), capture_output=True, text=True, timeout=20, check=False)
            assert done.returncode == 1
            assert "Choose other ports" in done.stderr and "Traceback" not in done.stderr
