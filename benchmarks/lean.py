"""Ours against pm4py on the same events, with the same results: `python -m benchmarks.lean --events 1000000`.

In: how many synthetic events. Out: a table, and `results/lean.json`, one entry a line: ours_cpu_s, pm4py_cpu_s, ratio,
ours_mb, pm4py_mb, equal; 1 when results differ, or a target is missed at ten million events. More than that is ours
alone, beside the kept figures of a tenth of it: no line may grow by more than GROWTH.
Always holds: each line runs in a process of its own, so that its memory is its own; ours and pm4py's run one after
another, in one run on one machine. pm4py is AGPL and a tool of the bench alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import lean_log
from benchmarks.lean_lines import LINES, XES

RESULTS = Path(__file__).resolve().parent / "results" / "lean.json"
# CPU-seconds at most for ten million events: the issue's own figures.
TARGETS = {
    "encode": 20.0,
    "directly-follows": 0.1,
    "directly-follows, median times": 0.5,
    "variants": 0.1,
    "durations": 0.05,
    "rework": 0.1,
    "handover": 0.2,
}
XES_EVENTS, XES_TARGET, XES_MB = 561_000, 5.0, 200
AT, MEMORY_MB = 10_000_000, 1200
GROWTH, MOST_MEMORY_MB, ENGINE_MB = 12, 4096, 3000


def main() -> int:
    """Measures, prints and keeps."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lean", description="Ours against pm4py.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ours", action="store_true", help="without pm4py: for a quick look; keeps nothing")
    chosen = parser.parse_args()
    if chosen.events > lean_log.MOST_AT_ONCE and not chosen.ours:
        parser.error(f"pm4py does not hold more than {lean_log.MOST_AT_ONCE:,} events in memory: ask with --ours")
    if chosen.events > AT:  # An exact median holds every time there is, of eight bytes each.
        os.environ["RAADHUIS_LEAN_MEMORY_MB"] = str(ENGINE_MB)
    with tempfile.TemporaryDirectory(prefix="raadhuis-lean-") as place:
        folder = Path(place)
        print(f"making {chosen.events:,} events and an XES of {XES_EVENTS:,}", file=sys.stderr)
        lean_log.make(chosen.events, folder, chosen.seed)
        lean_log.make_xes(min(XES_EVENTS, chosen.events), folder / "log.xes", chosen.seed)
        found = {line: _line(line, folder, alone=chosen.ours) for line in (*LINES, XES)}
    _print(found, chosen.events)
    if not chosen.ours or chosen.events > AT:
        _keep(found, chosen.events)
    return 0 if all(one.get("equal", True) for one in found.values()) and _met(found, chosen.events) else 1


def _line(line: str, folder: Path, *, alone: bool) -> dict[str, Any]:
    ours = _asked("ours", line, folder)
    if alone:
        return {"ours_cpu_s": ours["cpu_s"], "ours_mb": ours["mb"]}
    theirs = _asked("pm4py", line, folder)
    return {
        "ours_cpu_s": ours["cpu_s"],
        "pm4py_cpu_s": theirs["cpu_s"],
        "ratio": round(theirs["cpu_s"] / max(ours["cpu_s"], 0.001), 1),
        "ours_mb": ours["mb"],
        "pm4py_mb": theirs["mb"],
        "equal": _same(ours["found"], theirs["found"]),
    }


def _same(ours: Any, theirs: Any) -> bool:
    """Equal; of milliseconds, but for one that was rounded the other way."""
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(_same(one, two) for one, two in zip(ours, theirs, strict=True))
    if isinstance(ours, int) and isinstance(theirs, int) and ours > 1_000_000:
        return abs(ours - theirs) <= 1
    return bool(ours == theirs)


def _asked(side: str, line: str, folder: Path) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.lean_lines", side, line, str(folder)]
    quiet = os.environ | {"RAADHUIS_DATA": str(folder / "data"), "TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=quiet)
    if done.returncode:
        raise SystemExit(f"{side}, {line}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _target(line: str, events: int) -> float | None:
    """CPU-seconds at most; None where nothing is wanted of so few events, or nothing was kept to compare with."""
    if line == XES:
        return XES_TARGET
    if events == AT:
        return TARGETS[line]
    tenth = _held().get(f"{line}, {_size(events // 10)}") if events > AT else None
    return round(GROWTH * tenth["ours_cpu_s"], 3) if tenth else None


def _fits(line: str, found: dict[str, Any], events: int) -> bool:
    target = _target(line, events)
    memory = XES_MB if line == XES else MOST_MEMORY_MB if events > AT else MEMORY_MB
    return target is None or bool(found["ours_cpu_s"] <= target and found["ours_mb"] <= memory)


def _met(found: dict[str, dict[str, Any]], events: int) -> bool:
    return all(_fits(line, one, events) for line, one in found.items())


def _print(found: dict[str, dict[str, Any]], events: int) -> None:
    print(f"{events:,} events; the XES has {min(XES_EVENTS, events):,}. CPU in seconds, memory in MB.")
    heads = ("ours", "target", "pm4py", "ratio", "ours MB", "pm4py MB", "equal")
    print(f"{'line':32}" + "".join(f"{head:>10}" for head in heads))
    for line, one in found.items():
        target = _target(line, events) or ""
        cells = (one["ours_cpu_s"], target, one.get("pm4py_cpu_s", ""), one.get("ratio", ""), one["ours_mb"])
        cells += (one.get("pm4py_mb", ""), {True: "yes", False: "NO"}.get(one.get("equal"), ""))
        mark = "" if _fits(line, one, events) else "  MISSED"
        print(f"{line:32}" + "".join(f"{cell:>10}" for cell in cells) + mark)


def _held() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    return held


def _size(events: int) -> str:
    return f"{events // 1_000_000} million" if events >= 1_000_000 else f"{events:,}"


def _keep(found: dict[str, dict[str, Any]], events: int) -> None:
    """Beside the lines of other sizes, of which the name tells the number of events."""
    told = {line if line == XES else f"{line}, {_size(events)}": one for line, one in found.items()}
    held = _held() | (told if events <= AT else {name: one for name, one in told.items() if name != XES})
    RESULTS.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in held.items()) + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())
