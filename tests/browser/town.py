"""The demonstration as a process of its own, for a browser to walk through.

In: a folder. Out: the addresses of the town hall and of its stand-ins. Always holds: free ports, fresh data, and
when it has ended no process of it is left.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

CASES = 8
START_SECONDS = 90
END_SECONDS = 30


class Town:
    """A running demonstration."""

    def __init__(self, folder: Path, cases: int = CASES) -> None:
        port, standins, smtp = _free_ports(3)
        self.home = f"http://localhost:{port}"
        self.standins = f"http://127.0.0.1:{standins}"
        self._log = folder / "demo.log"
        words = [
            "demo",
            "--cases",
            cases,
            "--year",
            100,
            "--port",
            port,
            "--standins-port",
            standins,
            "--smtp-port",
            smtp,
        ]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("RAADHUIS_", "DATABASE_"))}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "raadhuis", *map(str, words), "--data", str(folder / "data")],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with opener.open(f"{self.home}/gezond/", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        self.end()
        raise RuntimeError(f"the demonstration does not start:\n{self.said()}")

    def said(self) -> str:
        """What the demonstration wrote."""
        return self._log.read_text(errors="replace")[-4000:]

    @contextlib.contextmanager
    def held(self, word: str) -> Iterator[None]:
        """Inside: a process of it with this word on its command line stands still, as it was."""
        until, found = time.monotonic() + START_SECONDS, 0
        while not found and time.monotonic() < until:
            found = next((pid for pid, _ in _session(self._process.pid) if word in _words(pid)), 0)
        assert found, f"nothing here does {word}"
        os.kill(found, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(found, signal.SIGCONT)

    def end(self) -> list[str]:
        """Stops it as an operator would; the processes that were left behind (and are gone now)."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        left = _session(self._process.pid)
        for pid, _ in left:
            os.kill(pid, signal.SIGKILL)
        return [name for _, name in left]


def _words(pid: int) -> list[str]:
    """The command line of a process; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _session(leader: int) -> list[tuple[int, str]]:
    """The living processes of a session: (pid, command)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, rest = (folder / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
        except (OSError, IndexError):
            continue
        state, _, _, session = rest.split()[:4]
        if int(session) == leader and state != "Z":
            found.append((int(folder.name), name))
    return found
