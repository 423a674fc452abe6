"""A real `raadhuis serve` with its stand-ins, as processes that can be asked to stop, or killed.

In: ports, a data folder, a database. Out: a server that answers, or one that is gone.
Always holds: each server is a session of its own, so that everything it started can be found, and killed, at once.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "only-for-tests-that-start-and-kill-servers"


def environment(data: Path, port: int, standins: str, mail: str, database: str = "") -> dict[str, str]:
    """The variables of a server on this machine; `database` is a DATABASE_URL, "" for SQLite in `data`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RAADHUIS_") and k != "DATABASE_URL"}
    # An installed program has its bytecode at hand; where writing it is forbidden, it is kept with the data.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    kept.setdefault("PYTHONPYCACHEPREFIX", str(data.parent / "bytecode"))
    return kept | {
        "RAADHUIS_MODE": "development",
        "RAADHUIS_DATA": str(data),
        "RAADHUIS_SECRET": SECRET,
        "RAADHUIS_URL": f"http://127.0.0.1:{port}",
        "RAADHUIS_STANDINS": standins,
        "RAADHUIS_MAIL_URL": mail,
        "RAADHUIS_BEHIND_PROXY": "1",  # Each client is an address of its own, so that the throttle sees many.
        **({"DATABASE_URL": database} if database else {}),
    }


def in_session(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, owner, *_ = stat.read_text().rpartition(")")[2].split()
            if int(owner) == session and state not in {"Z", "X"}:
                found.append(int(stat.parent.name))
    return found


class Server:
    """One `raadhuis serve`; may be started again after it ended or was killed."""

    def __init__(self, port: int, environment: Mapping[str, str], log: Path, workers: int = 2) -> None:
        self.port, self.environment, self._log, self._workers = port, dict(environment), log, workers
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the first process, which is that of the session."""
        assert self._process is not None
        return self._process.pid

    def start(self, seconds: float = 30) -> float:
        """Starts, and waits until it answers; how many seconds that took."""
        began = time.monotonic()
        words = [sys.executable, "-m", "raadhuis", "serve", "--port", str(self.port), "--workers", str(self._workers)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                words, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() - began > seconds:
                raise RuntimeError(f"the server did not start; see {self._log}:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def answers(self) -> bool:
        """Whether it says that it is well."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/gezond/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9 of every process at once; returns when they are gone."""
        session = self.pid
        with contextlib.suppress(ProcessLookupError):
            os.killpg(session, signal.SIGKILL)
        assert self._process is not None
        self._process.wait()
        while in_session(session):
            time.sleep(0.005)

    def stop(self, seconds: float = 30) -> int:
        """Asks it to end, as a service manager would; its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(seconds)

    def left(self) -> list[int]:
        """The processes of its session that still live."""
        return in_session(self.pid)

    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""


def raadhuis(environment: Mapping[str, str], *words: str, module: str = "raadhuis") -> str:
    """Runs a command to its end and returns its output. Raises CalledProcessError."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, env=dict(environment), cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return done.stdout


@contextlib.contextmanager
def standins() -> Iterator[tuple[str, str]]:
    """The outside systems as a process; the addresses of its web and mail server. It is not killed with the server."""
    words = ["raadhuis.adapters.standins", "--web-port", "0", "--smtp-port", "0", "--parent", str(os.getpid())]
    process = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        web, mail = process.stdout.readline().split()
        yield web, mail
    finally:
        process.terminate()
        process.wait(20)
