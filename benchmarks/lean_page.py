"""How long the desk's map of a large log takes, asked of a real server.

    python -m benchmarks.lean_page --events 1000000

In: how many synthetic events. Out: a table, and `results/lean-page.json`, one entry a line: milliseconds of CPU of the
process that answered and of the clock, half (p50) and nearly all (p95) of the answers; 1 when a target is missed.
Always holds: a cold answer is the first of a server that was just started, and still loads what works with logs; one
by way of the list comes READS seconds after it, over the same connection, as a browser does; before a warm one every
worker has answered. The others come over a connection of their own, to whichever worker. The system counts CPU in steps
of ten milliseconds.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.crash.clients import Browser
from tests.crash.server import Server, environment, in_session, raadhuis, standins
from tools.with_postgres import free_port

from benchmarks import lean_log
from benchmarks.__main__ import RESULTS

# The figure is for a million events.
TARGET_MS, AT = 300.0, 1_000_000
# What is asked: the whole log, which covers five years, the cases of one year, and those of one of its services.
PAGES = {"map": "", "map of a year": "?van=2022-01-01&tot=2022-12-31", "map of a service": "?dienst=dienst-1"}
SERVICES = 3
STARTS, WARM_UP, TIMES, WORKERS = 5, 12, 40, 2
LIST, READS = "/werk/processen/", 2.0
WHO = "ada"
Taken = list[tuple[float, float]]
"""(CPU, clock) in milliseconds of each answer."""


def main() -> int:
    """Measures, prints and keeps."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lean_page", description="The map page of a large log.")
    parser.add_argument("--events", type=int, default=AT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action=argparse.BooleanOptionalAction, default=True, help="write the result file")
    chosen = parser.parse_args()
    place = tempfile.TemporaryDirectory(prefix="raadhuis-lean-page-", ignore_cleanup_errors=True)
    with place as held, standins() as (web, mail):
        folder, port = Path(held), free_port()
        settings = environment(folder / "data", port, web, mail)
        log = _brought_in(chosen.events, chosen.seed, folder, settings)
        found = _measured(Server(port, settings, folder / "server.log", WORKERS), log)
    _print(found, chosen.events)
    if chosen.keep:
        _keep(found, chosen.events)
    return 0 if chosen.events > AT or all(_fits(one) for one in found.values()) else 1


def _brought_in(events: int, seed: int, folder: Path, settings: dict[str, str]) -> str:
    """The id of a log of so many events."""
    print(f"making {events:,} events and bringing them in", file=sys.stderr)
    (folder / "data").mkdir()
    lean_log.make(events, folder, seed)
    lean_log.open_cases(folder, SERVICES)
    raadhuis(settings, "migrate")
    told = json.loads(raadhuis(settings, "lean", "import", str(folder / "journal"), "--name", "Bench", "--json"))
    return str(told["id"])


def _measured(server: Server, log: str) -> dict[str, dict[str, Any]]:
    taken: dict[str, Taken] = {}
    paths = {name: f"/werk/processen/{log}/kaart/{query}" for name, query in PAGES.items()}
    for name, path in paths.items():
        # The very first writes bytecode, which an installed program has.
        taken[f"{name}, cold"] = [_first(server, path) for _ in range(STARTS + 1)][1:]
        taken[f"{name}, by the list"] = [_first(server, path, listed=True) for _ in range(STARTS)]
    server.start()
    try:
        browser = _logged_in(server.port)
        for _ in range(WARM_UP):
            for path in paths.values():
                _asked(server, browser, path)
        for name, path in paths.items():
            taken[f"{name}, warm"] = [_asked(server, browser, path) for _ in range(TIMES)]
    finally:
        server.stop()
    return {name: _figures(one) for name, one in taken.items()}


def _first(server: Server, path: str, *, listed: bool = False) -> tuple[float, float]:
    server.start()
    try:
        browser = _logged_in(server.port)
        if listed:
            browser.ask("GET", LIST)
            time.sleep(READS)
        return _asked(server, browser, path, anew=not listed)
    finally:
        server.stop()


def _asked(server: Server, browser: Browser, path: str, *, anew: bool = True) -> tuple[float, float]:
    """One answer: CPU of the process that worked most meanwhile, and the clock. Raises RuntimeError for another one."""
    if anew:
        browser.close()
    before = _cpu(server.pid)
    began = time.perf_counter()
    answer = browser.ask("GET", path)
    wall = time.perf_counter() - began
    after = _cpu(server.pid)
    if answer.status != 200 or "<svg" not in answer.text:
        raise RuntimeError(f"{path} answered {answer.status}: {answer.text[:400]}")
    return max(after[pid] - before.get(pid, 0.0) for pid in after), wall * 1000


def _cpu(session: int) -> dict[int, float]:
    """Milliseconds of CPU of every process of a session, with the threads that ended."""
    found = {}
    for pid in in_session(session):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found[pid] = (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return found


def _logged_in(port: int) -> Browser:
    """A member of staff's browser, by way of the provider."""
    browser = Browser(port)
    away = urlsplit(browser.ask("GET", "/inloggen/staff/?verder=/werk/").location)
    provider = HTTPConnection(away.netloc, timeout=20)
    provider.request("GET", f"{away.path}?{away.query}&login_hint={WHO}")
    back = urlsplit(provider.getresponse().headers["Location"])
    provider.close()
    answer = browser.ask("GET", f"{back.path}?{back.query}")
    if answer.status != 302:
        raise RuntimeError(f"the log-in answered {answer.status}: {answer.text[:400]}")
    return browser


def _figures(taken: Taken) -> dict[str, Any]:
    figures: dict[str, Any] = {"answers": len(taken)}
    for name, values in (("cpu", [cpu for cpu, _ in taken]), ("wall", [wall for _, wall in taken])):
        cuts = statistics.quantiles(values, n=20, method="inclusive")
        figures |= {f"{name}_p50_ms": round(cuts[9], 1), f"{name}_p95_ms": round(cuts[18], 1)}
    return figures


def _fits(one: dict[str, Any]) -> bool:
    return bool(one["wall_p95_ms"] <= TARGET_MS)


def _print(found: dict[str, dict[str, Any]], events: int) -> None:
    print(f"The desk's map of {events:,} events, {WORKERS} workers; milliseconds.")
    heads = ("cpu p50", "cpu p95", "p50", "p95", "target")
    print(f"{'line':22}" + "".join(f"{head:>9}" for head in heads))
    for line, one in found.items():
        cells = [one[name] for name in ("cpu_p50_ms", "cpu_p95_ms", "wall_p50_ms", "wall_p95_ms")]
        cells.append(f"≤ {TARGET_MS:g}" if events <= AT else "")
        mark = "" if events > AT or _fits(one) else "  MISSED"
        print(f"{line:22}" + "".join(f"{cell:>9}" for cell in cells) + mark)


def _keep(found: dict[str, dict[str, Any]], events: int) -> None:
    """Beside the lines of other sizes, of which the name tells the number of events."""
    target = RESULTS / "lean-page.json"
    held = json.loads(target.read_text("utf-8")) if target.exists() else {}
    held |= {f"{line}, {events:,} events": one for line, one in found.items()}
    target.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in held.items()) + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())
