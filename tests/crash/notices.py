"""Notices under the worst receivers and a sender that is killed: is every event in effect once, and in order?

    python -m tests.crash.notices --kills 30 --events 600 --database both --json

In: how often the sender is killed, how much happens. Out: a table (or JSON), and `benchmarks/results/notices.json` when
that was 30 times or more; 0 only when every event is once in effect at every receiver, in the order of its main object,
and a receiver that was away for a day had everything within ten minutes.
What is measured beside it: notices a second to a receiver that answers at once.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.crash.server import ROOT, SECRET, raadhuis
from tools.with_postgres import Cluster

RESULTS = ROOT / "benchmarks" / "results" / "notices.json"
MODES = ("well", "fails", "hangs", "drops")
KILLS = 30
OBJECTS = 40
# How long the receivers that fail may take for the last ones, once nobody is killed any more.
LONGEST_SECONDS = 900
AWAY = timedelta(days=1)
WITHIN = timedelta(minutes=10)
NOUGHT = ("lost", "twice", "out_of_order", "never_happened", "left_waiting", "away_left")
HEADS = ("kills", "events", "lost", "twice", "out_of_order", "effects", "seconds", "away_minutes", "notices_a_second")


def main() -> int:
    """Runs it on each database, each in a process that has that database."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.notices")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--events", type=int, default=600)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        print(json.dumps(_account(chosen.kills, chosen.events)))
        return 0
    accounts = {}
    for database in ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,):
        accounts[database] = account = _apart(database, chosen.kills, chosen.events)
        nought = not any(account[name] for name in NOUGHT)
        account["ok"] = nought and account["away_minutes"] <= WITHIN.total_seconds() / 60
    _report(accounts, as_json=chosen.json)
    return 0 if all(account["ok"] for account in accounts.values()) else 1


def _apart(database: str, kills: int, events: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="raadhuis-notices-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(durable=True) if database == "postgres" else None
        kept = {k: v for k, v in os.environ.items() if not k.startswith("RAADHUIS_") and k != "DATABASE_URL"}
        settings = kept | {
            "RAADHUIS_MODE": "development",
            "RAADHUIS_DATA": folder,
            "RAADHUIS_SECRET": SECRET,
            "RAADHUIS_STANDINS": "",
            "RAADHUIS_RECEIVERS_INSIDE": "127.0.0.0/8",
            **({"DATABASE_URL": cluster.url} if cluster else {}),
        }
        try:
            raadhuis(settings, "migrate")
            words = ("--inside", "--kills", str(kills), "--events", str(events))
            account: dict[str, Any] = json.loads(raadhuis(settings, *words, module="tests.crash.notices"))
            return account
        finally:
            if cluster:
                cluster.remove()


# Inside: with the database of the settings ----------------------------------------------------------------------
def _account(kills: int, events: int) -> dict[str, Any]:
    from raadhuis.site.commands.common import start_django

    start_django()
    folder = Path(os.environ["RAADHUIS_DATA"])
    found = _killed(folder, kills, events)
    return found | _away(folder / "away") | _speed(folder / "fast")


@contextmanager
def _receiver(log: Path, mode: str, port: int = 0) -> Iterator[int]:
    words = [sys.executable, "-m", "tests.crash.receiver", "--mode", mode, "--log", str(log), "--port", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _subscribe(port: int) -> Any:
    from raadhuis.kernel.actor import SYSTEM
    from raadhuis.notices.actions import subscribe
    from raadhuis.notices.schema import Filtered, NewSubscription

    callback = f"http://127.0.0.1:{port}/"
    return subscribe(NewSubscription(callback=callback, channels=[Filtered("zaken")], auth="x"), None, SYSTEM)


def _unsubscribe() -> None:
    """Ends every subscription, with what waits for it."""
    from raadhuis.kernel.actor import SYSTEM
    from raadhuis.notices.actions import unsubscribe
    from raadhuis.notices.queries import subscriptions

    for one in subscriptions():
        unsubscribe(one.id, SYSTEM)


def _tell(number: int, objects: int = OBJECTS) -> None:
    """One change to one of the objects, with its notice; now and then a change that does not come about."""
    from raadhuis.kernel.db import durable
    from raadhuis.notices.actions import tell
    from raadhuis.notices.schema import Notice

    main = f"https://elders.example/zaken/{number % objects}"

    def happens(what: str) -> None:
        address = f"https://elders.example/{what}/{number}"
        tell(Notice(channel="zaken", main=main, resource="status", address=address, action="create"))

    if number % 10 == 3:
        try:
            with durable():
                happens("nooit")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    with durable():
        happens("statussen")


def _waiting() -> int:
    from raadhuis.journal.models import Outbox

    return Outbox.objects.filter(kind="notice", state="waiting").count()


def _killed(folder: Path, kills: int, events: int) -> dict[str, Any]:
    """Events while the sender is killed and started again; then time until everything has arrived."""
    began = time.monotonic()
    with (
        _receiver(folder / "well", "well") as well,
        _receiver(folder / "fails", "fails") as fails,
        _receiver(folder / "hangs", "hangs") as hangs,
        _receiver(folder / "drops", "drops") as drops,
    ):
        for port in (well, fails, hangs, drops):
            _subscribe(port)
        sender, number = _sender(folder), 0
        for kill in range(kills):
            upto, before = (kill + 1) * events // kills, sum(_lines(folder / mode) for mode in MODES)
            while number < upto:
                _tell(number)
                number += 1
            until = time.monotonic() + 20
            while time.monotonic() < until and sum(_lines(folder / mode) for mode in MODES) == before:
                time.sleep(0.02)  # A sender that has just started is killed in the middle of its work.
            time.sleep(random.uniform(0, 0.5))
            sender.kill()
            sender.wait()
            sender = _sender(folder)
            _progress(f"killed {kill + 1} times, {_waiting()} waiting")
        last = time.monotonic() + LONGEST_SECONDS
        while _waiting() and time.monotonic() < last:
            time.sleep(1)
        sender.send_signal(signal.SIGTERM)
        sender.wait(30)
    wrong = [_judged(folder / mode, events) for mode in MODES]
    return {
        "kills": kills,
        "events": events,
        **{name: sum(one[name] for one in wrong) for name in ("lost", "twice", "out_of_order", "never_happened")},
        "left_waiting": _waiting(),
        "effects": sum(one["effects"] for one in wrong),
        "seconds": round(time.monotonic() - began),
    }


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.exists() else 0


def _sender(folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / "sender.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "raadhuis", "work"], cwd=ROOT, stdout=log, stderr=log)


def _judged(log: Path, events: int) -> dict[str, int]:
    """What a receiver did, held against what happened."""
    lines = [line.split() for line in log.read_text().splitlines()]
    numbers = [int(address.rpartition("/")[2]) for _, _, address in lines if "/statussen/" in address]
    by_object: dict[str, list[int]] = defaultdict(list)
    for _, main, address in lines:
        by_object[main].append(int(address.rpartition("/")[2]))
    return {
        "lost": len(set(range(events)) - set(numbers)),
        "twice": len(numbers) - len(set(numbers)),
        "out_of_order": sum(numbers != sorted(numbers) for numbers in by_object.values()),
        "never_happened": sum("/nooit/" in address for _, _, address in lines),
        "effects": len(lines),
    }


def _away(log: Path, events: int = 3000) -> dict[str, Any]:
    """A receiver that is away for a day, by the clock; how long after its return it had everything."""
    from raadhuis.kernel import clock
    from raadhuis.notices import delivery

    _unsubscribe()
    with _receiver(log, "well") as port:
        _subscribe(port)
    start = clock.now()
    for minute in range(0, int(AWAY.total_seconds()) // 60, 5):
        with clock.at(start + timedelta(minutes=minute)):
            for number in range(minute * events // 1440, (minute + 5) * events // 1440):
                _tell(number, 300)
            delivery.deliver()
    back = start + AWAY
    with clock.at(back):  # It comes back just after we looked: nobody waits longer.
        delivery.deliver()
    with _receiver(log, "well", port):
        spent, real = timedelta(), time.monotonic()
        while _waiting() and spent < timedelta(minutes=30):
            with clock.at(back + spent):
                delivery.deliver()
            # The clock goes on by what that took; when nothing came of it, by what the sender would have waited.
            spent += timedelta(seconds=max(1.0, time.monotonic() - real))
            real = time.monotonic()
    judged = _judged(log, events)
    return {
        "away_events": events,
        "away_left": judged["lost"] + judged["twice"] + judged["out_of_order"],
        "away_minutes": round(spent.total_seconds() / 60, 2),
    }


def _speed(log: Path, events: int = 4000) -> dict[str, Any]:
    """Notices a second to one receiver on this machine that answers at once."""
    from raadhuis.notices import delivery

    _unsubscribe()
    with _receiver(log, "well") as port:
        _subscribe(port)
        for number in range(events):
            _tell(number, 500)
        began = time.monotonic()
        while _waiting():
            delivery.deliver()
        return {"notices_a_second": round(events / (time.monotonic() - began))}


def _progress(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _report(accounts: Mapping[str, Mapping[str, Any]], *, as_json: bool) -> None:
    if all(account["kills"] >= KILLS for account in accounts.values()):  # A short run says too little to be kept.
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        lines = (f"{json.dumps(name)}: {json.dumps(account)}" for name, account in {**kept, **accounts}.items())
        RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    if as_json:
        print(json.dumps(accounts, indent=2))
        return
    print("  ".join(["database", *HEADS]))
    for name, account in accounts.items():
        print("  ".join([name.ljust(8), *(str(account[head]).ljust(len(head)) for head in HEADS)]))
        print("    once in effect, in order" if account["ok"] else f"    NOT GOOD: {json.dumps(account)}")


if __name__ == "__main__":
    sys.exit(main())
