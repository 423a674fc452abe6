"""The rounds: load, kill -9, start again; and in the end the account.

    python -m tests.crash --rounds 200 --database both --json

In: how many rounds, which database. Out: a table (or JSON), and `benchmarks/results/crash.json`; 0 only when nothing
that was acknowledged is lost or doubled and everything in the database fits together.
On PostgreSQL one round in five kills the database server: alone, so that Raadhuis must go on without a restart, or
together with Raadhuis.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.crash.clients import Applicant, Tally
from tests.crash.server import ROOT, Server, environment, raadhuis, standins
from tools.with_postgres import Cluster, free_port

RESIDENTS = ("fatima", "joris")
ANONYMOUS = 4
RESULTS = ROOT / "benchmarks" / "results" / "crash.json"
# What must be nought; the rest of the account is there to understand it.
NOUGHT = (
    "lost", "duplicated", "not_acknowledged", "applications_without_case", "cases_without_application",
    "events_wrong", "events_of_no_case", "outbox_wrong", "documents_broken", "letters_wrong", "undelivered", "faults",
    "errors_500", "left_running",
)  # fmt: skip
HEADS = (
    "rounds", "acknowledged", "lost", "duplicated", "events_wrong", "outbox_wrong", "letters_wrong", "documents_broken",
    "sent_again", "answered_503", "faults", "errors_500", "journal_ok", "seconds",
)  # fmt: skip


def main() -> int:
    """Runs the rounds on each database."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill servers under load, and count.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    random.seed(chosen.seed)
    accounts = {}
    for database in ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,):
        accounts[database] = account = _crash(database, chosen.rounds)
        account["seed"] = chosen.seed
        account["ok"] = account["journal_ok"] and not any(account[name] for name in NOUGHT)
    _report(accounts, as_json=chosen.json)
    return 0 if all(account["ok"] for account in accounts.values()) else 1


def _crash(database: str, rounds: int) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="raadhuis-crash-", ignore_cleanup_errors=True) as folder,
        standins() as (web, mail),
    ):
        cluster = Cluster(durable=True) if database == "postgres" else None
        port, data = free_port(), Path(folder) / "data"
        data.mkdir()
        settings = environment(data, port, web, mail, cluster.url if cluster else "")
        try:
            raadhuis(settings, "example")
            server = Server(port, settings, Path(folder) / "log")
            return _rounds(server, cluster, rounds, Path(folder))
        finally:
            if cluster:
                cluster.remove()


def _rounds(server: Server, cluster: Cluster | None, rounds: int, folder: Path) -> dict[str, Any]:
    tally, stop, began, starts = Tally(), threading.Event(), time.monotonic(), []
    people = [Applicant(server.port, tally, stop) for _ in range(ANONYMOUS)]
    people += [Applicant(server.port, tally, stop, resident) for resident in RESIDENTS]
    for person in people:
        person.start()
    database_kills = 0
    for number in range(rounds):
        if not (number and server.answers()):
            starts.append(server.start())
        time.sleep(random.uniform(0.05, 1.6))
        if cluster and number % 5 == 4:
            database_kills += 1
            cluster.kill()
            if number % 10 == 9:
                server.kill()
            cluster.start()
        else:
            server.kill()
        _progress(number + 1, rounds, tally)
    if not server.answers():
        starts.append(server.start())
    stop.set()
    for person in people:
        person.join(120)
    status, left = server.stop(), server.left()
    told = folder / "told.json"
    told.write_text(json.dumps(tally.acknowledged), encoding="utf-8")
    seconds = time.monotonic() - began
    found = json.loads(raadhuis(server.environment, str(told), module="tests.crash.check"))
    log = server.log()
    return {
        "rounds": rounds,
        "database_kills": database_kills,
        "acknowledged": len(tally.acknowledged),
        **found,
        "sent_again": tally.sent_again,
        "answered_503": tally.refused,
        "faults": len(tally.faults),
        "errors_500": log.count("Internal Server Error"),
        "left_running": len(left) + sum(person.is_alive() for person in people) + (status != 0),
        "start_s": round(sorted(starts)[len(starts) // 2], 2),
        "seconds": round(seconds),
        "fault_examples": tally.faults[:5],
        "log": log[-2000:] if "Traceback" in log else "",
    }


def _progress(number: int, rounds: int, tally: Tally) -> None:
    if sys.stderr.isatty() or number % 20 == 0:
        sys.stderr.write(f"round {number} of {rounds}: {len(tally.acknowledged)} acknowledged\n")


def _report(accounts: dict[str, dict[str, Any]], *, as_json: bool) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept |= {name: {k: v for k, v in account.items() if k not in {"log"}} for name, account in accounts.items()}
    RESULTS.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in kept.items()) + "\n}\n")
    if as_json:
        print(json.dumps(accounts, indent=2))
        return
    print("  ".join(["database".ljust(9), *HEADS]))
    for name, account in accounts.items():
        print("  ".join([name.ljust(9), *(str(account[head]).ljust(len(head)) for head in HEADS)]))
        wrong = {k: account[k] for k in (*NOUGHT, "examples", "fault_examples", "log") if account[k]}
        print("    nothing lost, nothing doubled" if account["ok"] else f"    NOT GOOD: {json.dumps(wrong, indent=2)}")


if __name__ == "__main__":
    sys.exit(main())
