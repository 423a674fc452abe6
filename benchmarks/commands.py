"""A `raadhuis` command as a process of its own, and what it costs.

In: its words, the variables of a database. Out: what it printed (--json), and seconds, CPU and the highest memory, as
the system tells them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from typing import Any

import msgspec
from tests.crash.server import ROOT


class Ran(msgspec.Struct, frozen=True):
    """A command that ended: its exit status, what it printed, and what it took."""

    status: int
    told: dict[str, Any]
    seconds: float
    cpu_seconds: float
    peak_mb: int


def measured(words: list[str], settings: Mapping[str, str]) -> Ran:
    """Runs `raadhuis WORDS`, which prints one JSON object."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out:
        running = subprocess.Popen([sys.executable, "-m", "raadhuis", *words], env=dict(settings), cwd=ROOT, stdout=out)
        _, status, used = os.wait4(running.pid, 0)
        seconds = time.monotonic() - began
        out.seek(0)
        told = json.load(out)
    return Ran(
        os.waitstatus_to_exitcode(status), told, seconds, used.ru_utime + used.ru_stime, round(used.ru_maxrss / 1024)
    )
