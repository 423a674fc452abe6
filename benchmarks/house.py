"""The running server as a whole: how soon it answers, and how much memory a worker holds.

In: the variables of a database that is filled. Out: seconds until the first 200; megabytes of each worker after 200
requests (RSS, which counts what is shared in full, and PSS, which divides it among who shares it).
"""

import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.crash.clients import Applicant, Tally
from tests.crash.server import Server, in_session

REQUESTS = 200


def measure(environment: Mapping[str, str], port: int, folder: Path) -> dict[str, Any]:
    """Starts the server three times; on the last start asks it 200 things."""
    server = Server(port, environment, folder / "server.log")
    starts = []
    for turn in range(3):
        starts.append(server.start())
        if turn < 2:
            server.stop()
    try:
        _ask(port)
        workers = [pid for pid in in_session(server.pid) if pid != server.pid and _is_worker(pid, server.pid)]
        memory = [_memory(pid) for pid in workers]
    finally:
        server.stop()
    return {
        "cold_start_s": round(sorted(starts)[1], 2),
        "worker_rss_mb": max(rss for rss, _ in memory),
        "worker_pss_mb": max(pss for _, pss in memory),
        "workers": len(memory) - 1,  # One of the children does the background work.
    }


def _ask(port: int) -> None:
    paths = ("/", "/diensten/parkeervergunning/", "/diensten/evenementenvergunning/", "/?taal=en", "/volgen/", "/over/")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for number in range(REQUESTS - 80):
        if number % 10 == 0:  # Another connection may reach the other worker.
            connection.close()
        connection.request("GET", paths[number % len(paths)])
        connection.getresponse().read()
    connection.close()
    _apply(port, 10)


def _apply(port: int, applications: int) -> None:
    """Applications of eight requests each."""

    class Enough:
        def __init__(self, tally: Tally) -> None:
            self._tally = tally

        def is_set(self) -> bool:
            return len(self._tally.acknowledged) >= applications or bool(self._tally.faults)

    tally = Tally()
    Applicant(port, tally, Enough(tally)).run()  # type: ignore[arg-type]
    if tally.faults:
        raise RuntimeError(tally.faults[0])


def _is_worker(pid: int, parent: int) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(stat[1]) == parent


def _memory(pid: int) -> tuple[int, int]:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return tuple(int(lines[name].split()[0]) // 1024 for name in ("Rss", "Pss"))  # type: ignore[return-value]
