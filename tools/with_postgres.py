"""Runs a command with a PostgreSQL of its own: a fresh cluster in a temporary folder, gone afterwards.

    python tools/with_postgres.py pytest -q

In: a command. Out: its exit status; DATABASE_URL was set for it. Needs Debian's postgresql; as root it runs the
server as the user `postgres`, since PostgreSQL refuses to run as root.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
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


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """The URL of a fresh server. `durable` keeps fsync on, as in production; tests of logic need no disk."""
    folder = Path(tempfile.mkdtemp(prefix="raadhuis-pg-"))
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    if user:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    bin_folder, data, port = binaries(), folder / "data", free_port()

    def run(*words: str) -> None:
        subprocess.run([str(bin_folder / words[0]), *words[1:]], check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]

    run("initdb", "-D", str(data), "-U", "raadhuis", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    speed = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200{speed}"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "raadhuis", "raadhuis")
        yield f"postgresql://raadhuis@127.0.0.1:{port}/raadhuis"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Runs the command on the command line."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with postgres() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
