"""Models and conformance, ours against pm4py: `python -m benchmarks.lean_models --logs FOLDER`.

In: the folder of the receipt log and the building permits (XES), and how many synthetic events. Out: a table, and
entries in `results/lean.json` beside those of `benchmarks.lean`; 1 when results differ or a target of the issue is
missed.
Always holds: each line runs in a process of its own (SIDE LINE LOG SECONDS as its arguments); reading the log is not
counted, nor, for replay and alignments, finding the model; who is not done after so many seconds of CPU is stopped, and
said to be. Trees are equal when they differ only in the order of what is a choice or goes side by side;
fitness when four decimals are; costs of alignments exactly.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")
from benchmarks import lean_log
from benchmarks.lean import RESULTS
from benchmarks.lean_lines import cpu, most_held

NOISE, LONGEST = 0.2, 200
FILES = {"receipt": "Receipt.xes.gz", "building permits": "BPIC15_1.xes.gz"}
# CPU-seconds at most: the issue's own figures.
TARGETS = {("discovery", "building permits"): 5.0, ("alignments", "receipt"): 1.0, ("discovery", "receipt"): 1.0}
LINES = (
    *(("discovery", "receipt"), ("discovery", "building permits"), ("discovery", "synthetic")),
    *(("replay", "receipt"), ("alignments", "receipt")),
)


def main() -> int:
    """Measures, prints and keeps; or is one line."""
    if len(sys.argv) == 5 and sys.argv[1] in {"ours", "pm4py"}:
        return _one(*sys.argv[1:4], int(sys.argv[4]))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lean_models", description=__doc__)
    parser.add_argument("--logs", type=Path, required=True)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--longest", type=int, default=LONGEST, help="CPU-seconds for a search for a model")
    chosen = parser.parse_args()
    found, good = {}, True
    with tempfile.TemporaryDirectory(prefix="raadhuis-models-") as place:
        folder = Path(place)
        lean_log.make(chosen.events, folder / "synthetic")
        for what, log in LINES:
            source = folder / "synthetic" if log == "synthetic" else chosen.logs / FILES[log]
            one = _line(what, source, folder, chosen.longest if what == "discovery" else LONGEST)
            target = TARGETS.get((what, log))
            good &= one["equal"] is not False and (target is None or one["ours_cpu_s"] <= target)
            name = f"{what}, {chosen.events // 1_000_000} million" if log == "synthetic" else f"{what}, {log}"
            found[name] = one
            print(f"{name:32}" + "  ".join(f"{key} {value}" for key, value in one.items()), flush=True)
    held = json.loads(RESULTS.read_text("utf-8")) | found
    RESULTS.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in held.items()) + "\n}\n")
    return 0 if good else 1


def _line(what: str, source: Path, folder: Path, longest: int) -> dict[str, Any]:
    ours = _asked("ours", what, source, folder, longest)
    theirs = _asked("pm4py", what, source, folder, longest)
    if ours is None:
        raise SystemExit(f"{what}, {source.name}: ours is not done")
    line = {"ours_cpu_s": ours["cpu_s"], "ours_mb": ours["mb"]}
    if theirs is None:
        return line | {"pm4py_not_done_after_s": longest, "equal": None}
    ratio = round(theirs["cpu_s"] / max(ours["cpu_s"], 0.001), 1)
    return line | {
        "pm4py_cpu_s": theirs["cpu_s"],
        "pm4py_mb": theirs["mb"],
        "ratio": ratio,
        "equal": ours["found"] == theirs["found"],
    }


def _asked(side: str, what: str, source: Path, folder: Path, longest: int) -> dict[str, Any] | None:
    """What one side found; None when it was not done in time."""
    words = [sys.executable, "-m", "benchmarks.lean_models", side, what, str(source), str(longest)]
    quiet = os.environ | {"RAADHUIS_DATA": str(folder / "data"), "TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=quiet)
    if done.returncode == -9:
        return None
    if done.returncode:
        raise SystemExit(f"{side}, {what}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _one(side: str, what: str, source: str, longest: int) -> int:
    run = (_ours if side == "ours" else _pm4py)(what, Path(source))
    before = cpu()
    # The kernel stops who needs more.
    limit = int(before) + longest
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    found = run()
    print(json.dumps({"cpu_s": round(cpu() - before, 3), "mb": round(most_held()), "found": found}))
    return 0


def _form(tree: Any) -> Any:
    """The same for trees that differ only in order; deep ones without a deep stack."""
    sys.setrecursionlimit(10_000)
    children = [_form(one) for one in tree.children]
    if tree.operator in {"choice", "parallel"}:
        children.sort(key=json.dumps)
    return [tree.operator, tree.name, children]


def _encoded(source: Path) -> Path:
    from raadhuis.lean.encoding import encode
    from raadhuis.lean.engine import engine
    from raadhuis.lean.events import Sink
    from raadhuis.lean.logs import journal, xes
    from raadhuis.lean.source import Source, imported

    target = Path(tempfile.mkdtemp(prefix="raadhuis-encoded-", dir=os.environ["RAADHUIS_DATA"]))
    if source.is_dir():
        told = journal.source(source / "journal")
        encode(Source(told.events, told.attributes, "", "", ends_told=True), target)
    else:
        with engine() as made:
            xes.read(source, Sink(made, target))
        encode(imported(target), target)
    return target


def _ours(what: str, source: Path) -> Callable[[], Any]:
    import django

    django.setup()
    Path(os.environ["RAADHUIS_DATA"]).mkdir(exist_ok=True)
    from raadhuis.lean.conformance.alignments import Aligner
    from raadhuis.lean.conformance.queries import named
    from raadhuis.lean.conformance.replay import Player
    from raadhuis.lean.discovery.nets import net_of
    from raadhuis.lean.discovery.queries import MOST_ACTIVITIES, model_of, ways_of
    from raadhuis.lean.queries import NOTHING

    folder = _encoded(source)
    ways = ways_of(folder, NOTHING)
    if what == "discovery":
        return lambda: _form(model_of(folder, NOTHING, NOISE, MOST_ACTIVITIES).tree)
    net = net_of(model_of(folder, NOTHING, NOISE, MOST_ACTIVITIES).tree)
    told = list(named(ways))
    cases = sum(way.cases for way in told)

    def replay() -> Any:
        player = Player(net)
        found = [(way.cases, player.play(way.steps)) for way in told]
        fits = sum(count for count, one in found if one.fits) / cases
        return [round(fits, 4), round(sum(count * one.fitness for count, one in found) / cases, 4)]

    def alignments() -> Any:
        aligner = Aligner(net)
        costs: Counter[int] = Counter()
        for way in told:
            found = aligner.align(way.steps, 1_000_000)
            costs[-1 if found is None else found.cost] += way.cases
        return sorted([cost, count] for cost, count in costs.items())

    return replay if what == "replay" else alignments


def _pm4py(what: str, source: Path) -> Callable[[], Any]:
    import pandas
    import pm4py

    if source.is_dir():
        log = pm4py.format_dataframe(
            pandas.read_parquet(source / "plain.parquet"),
            case_id="case:concept:name",
            activity_key="concept:name",
            timestamp_key="time:timestamp",
        )
    else:
        log = pm4py.read_xes(str(source), variant="chunk_regex")

    def discovery() -> Any:
        return _form(_as_ours(pm4py.discover_process_tree_inductive(log, noise_threshold=NOISE)))

    if what == "discovery":
        return discovery
    net = pm4py.discover_petri_net_inductive(log, noise_threshold=NOISE)

    def replay() -> Any:
        found = pm4py.fitness_token_based_replay(log, *net)
        return [round(found["perc_fit_traces"] / 100, 4), round(found["average_trace_fitness"], 4)]

    def alignments() -> Any:
        # Its costs are 10,000 for a deviation and, here, 0 or 1 for a silent step.
        found = pm4py.conformance_diagnostics_alignments(log, *net)
        return sorted([cost, count] for cost, count in Counter(int(one["cost"]) // 10_000 for one in found).items())

    return replay if what == "replay" else alignments


def _as_ours(tree: Any) -> Any:
    from pm4py.objects.process_tree.obj import Operator

    from raadhuis.lean.discovery.inductive import folded
    from raadhuis.lean.discovery.schema import SILENT, Tree

    kinds: Any = {
        Operator.SEQUENCE: "sequence",
        Operator.XOR: "choice",
        Operator.PARALLEL: "parallel",
        Operator.LOOP: "loop",
    }
    if tree.operator is None:
        return Tree("activity", tree.label) if tree.label else SILENT
    return folded(Tree(kinds[tree.operator], children=tuple(_as_ours(one) for one in tree.children)))


if __name__ == "__main__":
    sys.exit(main())
