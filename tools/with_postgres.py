"""Runs a command with a PostgreSQL of its own: a fresh cluster in a temporary folder, gone afterwards.

    python tools/with_postgres.py pytest -q

In: a command. Out: its exit status; DATABASE_URL was set for it. Needs Debian's postgresql; as root it runs the
server as the user `postgres`, since PostgreSQL refuses to run as root.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def binaries() -> Path:
    """The newest PostgreSQL on this machine. Exits when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        sys.exit("with_postgres: PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A PostgreSQL server in a temporary folder; `durable` keeps fsync on, as in production."""

    def __init__(self, *, durable: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="raadhuis-pg-"))
        self._data, self._port = self._folder / "data", free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        speed = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c max_connections=200{speed}"
        words = ("-U", "raadhuis", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", "-D", str(self._data), *words)
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "raadhuis", "raadhuis")

    @property
    def url(self) -> str:
        """What DATABASE_URL must say."""
        return f"postgresql://raadhuis@127.0.0.1:{self._port}/raadhuis"

    def start(self) -> None:
        """Starts the server, after a crash too; returns when it answers."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", self._options, "start")

    def kill(self) -> None:
        """kill -9 of the server with all its processes, as a power cut would; returns when they are gone."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # So that it starts no child while they are counted.
        pids = [first, *_children(first)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(_lives(pid) for pid in pids):
            time.sleep(0.01)
        # Nobody may have collected the dead server yet; PostgreSQL would then take it for one that runs.
        for lock in (self._data / "postmaster.pid", *self._folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)

    def remove(self) -> None:
        """Stops the server and removes everything."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *words: str) -> None:
        command = [str(binaries() / words[0]), *words[1:]]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", user=self._user)


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """The URL of a fresh server. `durable` keeps fsync on, as in production; tests of logic need no disk."""
    cluster = Cluster(durable=durable)
    try:
        yield cluster.url
    finally:
        cluster.remove()


def main() -> int:
    """Runs the command on the command line."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with postgres() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
