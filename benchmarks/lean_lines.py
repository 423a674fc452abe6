"""One line of the comparison, in a process of its own: `python -m benchmarks.lean_lines SIDE LINE FOLDER`.

In: "ours" or "pm4py", the line's name, and the folder of `lean_log`. Out: one object on standard output: the CPU of all
threads in seconds, the most memory that the process held in MB, and what was found, in a form that both sides share.
Always holds: loading libraries is not counted, for either; pm4py's log is in memory and ours is opened before the clock
starts, except on the lines that are about that; counts are compared exactly, times to the millisecond.
"""

import gc
import hashlib
import json
import os
import resource
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")
LINES = ("encode", "directly-follows", "directly-follows, median times", "variants", "durations", "rework", "handover")
XES = "import of XES"


def main() -> None:
    """Measures and tells."""
    side, line, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    run = (_ours if side == "ours" else _pm4py)(line, folder)
    gc.collect()
    gc.freeze()  # As a server does after its start: else what was loaded is walked past again and again.
    before = cpu()
    found = run()
    spent = cpu() - before
    memory = most_held()
    print(json.dumps({"cpu_s": round(spent, 3), "mb": round(memory), "found": _shown(found)}))


def cpu() -> float:
    """Seconds of all threads of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def most_held() -> float:
    """Of this program alone: what getrusage tells still knows of who started it."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _shown(found: Any) -> Any:
    """Sorted, and by its digest when it is long."""
    rows = sorted(found) if isinstance(found, list) else sorted([*key, value] for key, value in found.items())
    text = json.dumps(rows)
    return rows if len(text) < 20_000 else hashlib.sha256(text.encode()).hexdigest()


def _ours(line: str, folder: Path) -> Callable[[], Any]:
    import django

    django.setup()
    if line in {"encode", XES}:
        return _taking_in(line, folder)
    from raadhuis.lean.analyses import expressions as e
    from raadhuis.lean.analyses import running

    t, run = e.tables(), running.running(folder / "encoded")
    running.sql_of(e.activities(t))  # Loads the compiler.
    acts, people = run.named("activities"), run.named("resources")

    def medians() -> Any:
        return {(acts[a], acts[b]): [n, round(m / 1000)] for a, b, n, m in run.rows(e.follow_medians(t))}

    def variants() -> Any:
        return Counter(run.arrays(e.variant_counts(t))["count"].tolist())

    def durations() -> Any:
        row = run.one(e.durations(t))
        return [[row[0], *(round(us / 1000) for us in row[4])]]

    ways = {
        "directly-follows": lambda: {(acts[a], acts[b]): n for a, b, n in run.rows(e.follows(t))},
        "directly-follows, median times": medians,
        "variants": lambda: {(str(count),): number for count, number in variants().items()},
        "durations": durations,
        "rework": lambda: {(acts[a],): cases for a, _, cases, _ in run.rows(e.rework(t))},
        "handover": lambda: {(people[a], people[b]): n for a, b, n in run.rows(e.handover(t, "resource"))},
    }
    return ways[line]


def _taking_in(line: str, folder: Path) -> Callable[[], Any]:
    from raadhuis.lean.encoding import encode
    from raadhuis.lean.engine import engine
    from raadhuis.lean.events import Sink
    from raadhuis.lean.logs import journal, xes
    from raadhuis.lean.source import Source, imported

    target = folder / ("encoded" if line == "encode" else "imported")

    def run() -> Any:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        if line == "encode":
            told = journal.source(folder / "journal")
            # What tasks wait for is worked out too in daily use; pm4py has nothing of the kind, so it is left out here.
            counts = encode(Source(told.events, told.attributes, "", "", ends_told=True), target)
        else:
            with engine() as made:
                xes.read(folder / "log.xes", Sink(made, target))
            counts = encode(imported(target), target)
        return [[counts.steps, counts.cases, counts.activities]]

    return run


def _pm4py(line: str, folder: Path) -> Callable[[], Any]:
    import pandas
    import pm4py

    case, name, time = "case:concept:name", "concept:name", "time:timestamp"

    def load() -> Any:
        return pm4py.format_dataframe(
            pandas.read_parquet(folder / "plain.parquet"), case_id=case, activity_key=name, timestamp_key=time
        )

    def counts(log: Any) -> Any:
        return [[len(log), log[case].nunique(), log[name].nunique()]]

    if line == "encode":
        return lambda: counts(load())
    if line == XES:
        return lambda: counts(pm4py.read_xes(str(folder / "log.xes"), variant="chunk_regex"))
    log = load()

    def medians() -> Any:
        found, _, _ = pm4py.discover_performance_dfg(log, perf_aggregation_key="all")
        counted, _, _ = pm4py.discover_dfg(log)
        return {arc: [counted[arc], round(times["median"] * 1000)] for arc, times in found.items()}

    def durations() -> Any:
        import numpy

        spans = pm4py.get_all_case_durations(log)
        return [[len(spans), *(round(float(part) * 1000) for part in numpy.percentile(spans, [10, 50, 90, 95]))]]

    def variants() -> Any:
        ways = pm4py.get_variants(log)
        sizes = Counter(value if isinstance(value, int) else len(value) for value in ways.values())
        return {(str(count),): number for count, number in sizes.items()}

    ways = {
        "directly-follows": lambda: pm4py.discover_dfg(log)[0],
        "directly-follows, median times": medians,
        "variants": variants,
        "durations": durations,
        "rework": lambda: {(key,): cases for key, cases in pm4py.get_rework_cases_per_activity(log).items()},
        "handover": lambda: _handover(pm4py, log),
    }
    return ways[line]


def _handover(pm4py: Any, log: Any) -> Any:
    """pm4py gives each pair's share of all handovers; the number of these makes them counts again."""
    found = pm4py.discover_handover_of_work_network(log, beta=0).connections
    steps = len(log) - log["case:concept:name"].nunique()
    return {pair: round(share * steps) for pair, share in found.items()}


if __name__ == "__main__":
    main()
