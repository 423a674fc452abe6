"""Proves that the wheel stands alone: an empty environment, no Node on the path, and its demo answers.

    python tools/wheel_test.py dist/raadhuis-0.1.0-py3-none-any.whl

Always holds: whatever it started has ended when it returns, and nothing is left behind.
"""

import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

SECONDS = 60


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _get(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=5) as answer:
        return str(answer.read().decode())


def _wait(url: str, until: float) -> None:
    while True:
        try:
            _get(url)
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                sys.exit(f"wheel test: {url} does not answer within {SECONDS} s")
            time.sleep(0.2)


def _reads_a_log(folder: Path, environment: dict[str, str]) -> None:
    """What is only loaded when it is needed is there too: how work flows, drawn."""
    (folder / "log.csv").write_text("case;activity;time\n1;a;2026-01-05 09:00\n1;b;2026-01-06 09:00\n")
    here = {**environment, "RAADHUIS_DATA": str(folder / "data"), "RAADHUIS_MODE": "demo"}
    raadhuis = str(folder / "venv" / "bin" / "raadhuis")
    for words in (["import", "log.csv", "--name", "proef"], ["show", "proef", "map"]):
        subprocess.run([raadhuis, "lean", *words], cwd=folder, env=here, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([folder / "venv" / "bin" / "python", "-c", "import pygraphviz"], env=here, check=True)


def main() -> int:
    """Installs, starts, looks, stops."""
    wheel = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="raadhuis-wheel-") as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel], check=True)
        web, standins, smtp = _free_ports(3)
        # Nothing but the environment's own programs: no Node, no checkout.
        environment = {"PATH": str(folder / "venv" / "bin"), "HOME": name, "LANG": "C.UTF-8"}
        started = time.monotonic()
        demo = subprocess.Popen(
            [
                *(
                    str(folder / "venv" / "bin" / "raadhuis"),
                    "demo",
                    "--cases",
                    "5",
                    "--year",
                    "50",
                    "--data",
                    str(folder / "data"),
                ),
                *("--port", str(web), "--standins-port", str(standins), "--smtp-port", str(smtp)),
            ],
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            _wait(f"http://127.0.0.1:{web}/gezond/", started + SECONDS)
            seconds = time.monotonic() - started
            home = _get(f"http://127.0.0.1:{web}/")
            assert "Parkeervergunning" in home, "the start page shows no services"
            sheet = home.split('rel="stylesheet" href="')[1].split('"')[0]
            assert "utrecht" in _get(f"http://127.0.0.1:{web}{sheet}"), "the style sheet is not there"
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(30)
        _reads_a_log(folder, environment)
        _nothing_left(demo.pid)
        sys.stdout.write(f"The wheel stands alone: first page after {seconds:.1f} s, nothing left behind.\n")
    return 0


def _nothing_left(session: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        left = subprocess.run(["pgrep", "-s", str(session)], capture_output=True, text=True).stdout.split()
        if not left:
            return
        time.sleep(0.2)
    sys.exit(f"wheel test: processes are left: {left}")


if __name__ == "__main__":
    sys.exit(main())
