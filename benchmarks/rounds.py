"""Two databases of one kind, a small and a large one, measured in turns.

In: the variables of both, and the processes' answers (`benchmarks.lines`). Out: what each request costs on both.
Always holds: a small batch on the one is followed at once by a batch on the other, so that whatever else the machine
does meets both alike; the batches of one request are spread over the whole run. What a request costs is the median over
all batches, and targets are held against that; the median of the least disturbed batch is told beside it.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
from tests.crash.server import ROOT

BATCHES = 10


class Cost(msgspec.Struct):
    """What a request costs: CPU (over all, and in the quietest batch), wall clock, statements; milliseconds."""

    cpu_ms: float
    quietest_ms: float
    p50_ms: float
    p95_ms: float
    sql: int


class Town:
    """A process with a database of so many cases."""

    def __init__(
        self, environment: Mapping[str, str], cases: int, times: int, module: str = "benchmarks.lines"
    ) -> None:
        words = [sys.executable, "-m", module, str(cases), str(times)]
        self._process = subprocess.Popen(
            words, env=dict(environment), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.filled: dict[str, Any] = self._heard()

    def begin(self) -> list[dict[str, Any]]:
        """The requests it can make: [{name, sql}]."""
        self._say("begin")
        found: list[dict[str, Any]] = self._heard()
        return found

    def batch(self, index: int, times: int) -> list[tuple[float, float]]:
        """(CPU, wall clock) in milliseconds, `times` times."""
        self._say(f"{index} {times}")
        return [(cpu, wall) for cpu, wall in self._heard()]

    def end(self) -> None:
        """Lets the process go."""
        self._process.communicate(timeout=60)

    def _say(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def _heard(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the measuring process ended with {self._process.wait()}")
        return json.loads(line)


def compare(small: Town, large: Town, times: int) -> dict[str, tuple[Cost, Cost]]:
    """By request what it costs with few cases and with many; `times` requests each, in BATCHES batches."""
    lines, same = small.begin(), large.begin()
    taken: list[tuple[list[Any], list[Any]]] = [([], []) for _ in lines]
    for _ in range(BATCHES):
        for index, batches in enumerate(taken):
            for town, kept in zip((small, large), batches, strict=True):
                kept.append(town.batch(index, times // BATCHES))
    return {
        few["name"]: (_cost(batches[0], few["sql"]), _cost(batches[1], many["sql"]))
        for few, many, batches in zip(lines, same, taken, strict=True)
    }


def _cost(batches: list[list[tuple[float, float]]], sql: int) -> Cost:
    every = [one for batch in batches for one in batch]
    wall = sorted(clock for _, clock in every)
    return Cost(
        cpu_ms=round(_median([cpu for cpu, _ in every]), 2),
        quietest_ms=round(min(_median([cpu for cpu, _ in batch]) for batch in batches), 2),
        p50_ms=round(_median(wall), 2),
        p95_ms=round(wall[min(len(wall) - 1, int(len(wall) * 0.95))], 2),
        sql=sql,
    )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
