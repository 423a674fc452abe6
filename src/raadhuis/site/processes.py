"""Processes of ours that belong together: a child never outlives its parent.

Always holds: on Linux the kernel ends a child when its parent dies, also by kill -9; elsewhere the child looks for
itself (`parent_is_gone`).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

_PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 15


def die_with_parent() -> None:
    """Asks the kernel to send this process SIGTERM when its parent dies. Nothing happens where it cannot."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def parent_is_gone(parent: int) -> bool:
    """Whether the process that started this one has ended."""
    return os.getppid() != parent


def start(words: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Starts a Python module of ours as a child process."""
    return subprocess.Popen([sys.executable, "-m", *words], env={**os.environ, **(environment or {})})


def stop(child: subprocess.Popen[bytes]) -> None:
    """Asks a child to end, waits, and in the end insists."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
