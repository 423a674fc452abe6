"""Measures what other applications ask of the national case APIs, on both databases.

    python -m benchmarks.zgw --quick --database sqlite

In: which database, and how many cases. Out: a table with the target beside each figure, and
`benchmarks/results/zgw-DATABASE.json`, one entry a line; 1 when a target is missed. Always holds: CPU is that of the
application (with SQLite that is the database too); ratios to a tenth of the cases are measured in turns.
"""

import argparse
import contextlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from tests.crash.server import environment, raadhuis, standins
from tools.with_postgres import Cluster, free_port

from benchmarks import rounds
from benchmarks.__main__ import RESULTS

# CPU of the application in milliseconds, and statements; the issue's own figures.
CPU = {
    "get_zaak": 1.0,
    "list_zaken": 3.0,
    "list_by_bsn": 2.0,
    "list_expand": 8.0,
    "post_zaak": 5.0,
    "post_status_close": 8.0,
    "post_document": 5.0,
    "bad_input": 100.0,
}
SQL = {"get_zaak": 2, "list_zaken": 3, "list_expand": 6, "post_zaak": 12}
RATIO, DEEP = 1.3, 1.2


def main() -> int:
    """Measures and reports."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.zgw", description="What a call of the case APIs costs.")
    parser.add_argument("--quick", action="store_true", help="a fifth of the cases, a third of the requests")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    chosen = parser.parse_args()
    good = True
    for database in ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,):
        cases, times = (chosen.cases // 5, 30) if chosen.quick else (chosen.cases, 100)
        found = _database(database, cases, times)
        _keep(database, found, quick=chosen.quick)
        _print(database, found)
        good = good and not any(_missed(name, found["lines"]) for name in found["lines"])
    return 0 if good else 1


def _database(database: str, cases: int, times: int) -> dict[str, Any]:
    place = tempfile.TemporaryDirectory(prefix="raadhuis-bench-", ignore_cleanup_errors=True)
    with place as folder, standins() as (web, mail), contextlib.ExitStack() as after:
        port, towns = free_port(), []
        print(f"{database}: {cases // 10:,} and {cases:,} cases", file=sys.stderr)
        for size in (cases // 10, cases):
            data = Path(folder) / str(size)
            data.mkdir()
            cluster = Cluster(durable=True) if database == "postgres" else None
            if cluster:
                after.callback(cluster.remove)
            settings = environment(data, port, web, mail, cluster.url if cluster else "")
            raadhuis(settings, "migrate")
            towns.append(rounds.Town(settings, size, times, "benchmarks.zgw_lines"))
        costs = rounds.compare(*towns, times)
        for town in towns:
            town.end()
        lines = {
            name: msgspec.to_builtins(many) | {"ratio_ten_times": round(many.quietest_ms / few.quietest_ms, 2)}
            for name, (few, many) in costs.items()
        }
        return {**towns[1].filled, "fewer": cases // 10, "lines": lines}


def _missed(name: str, lines: dict[str, Any]) -> str:
    """Which target a line misses; "" for none."""
    cost, said = lines[name], []
    if cost["cpu_ms"] > CPU.get(name, cost["cpu_ms"]):
        said.append("CPU")
    if cost["sql"] > SQL.get(name, cost["sql"]):
        said.append("SQL")
    if name == "list_zaken_deep" and cost["cpu_ms"] > DEEP * lines["list_zaken"]["cpu_ms"]:
        said.append(f"{DEEP} × page 1")
    if cost["ratio_ten_times"] > RATIO:
        said.append("ratio")
    return f"MISSED: {', '.join(said)}" if said else ""


def _print(database: str, found: dict[str, Any]) -> None:
    print(f"\n{database}: {found['cases']:,} cases; ratio to {found['fewer']:,}")
    heads = [("cpu ms", 9), ("target", 9), ("quietest", 10), ("p50 ms", 9), ("p95 ms", 9), ("sql", 6), ("ratio", 8)]
    print(f"{'line':20}{''.join(head.rjust(width) for head, width in heads)}")
    for name, cost in found["lines"].items():
        wanted = f"≤ {CPU[name]:g}" if name in CPU else ""
        figures = f"{cost['cpu_ms']:>9}{wanted:>9}{cost['quietest_ms']:>10}{cost['p50_ms']:>9}{cost['p95_ms']:>9}"
        print(f"{name:20}{figures}{cost['sql']:>6}{cost['ratio_ten_times']:>8}  {_missed(name, found['lines'])}")


def _keep(database: str, found: dict[str, Any], *, quick: bool) -> None:
    lines = {**found["lines"], "register": {"cases": found["cases"], "load_s": found["load_s"]}}
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"zgw-{database}{'-quick' if quick else ''}.json"
    file.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in lines.items()) + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())
