"""Processes of ours that belong together: a child never outlives its parent.

Always holds: on Linux the kernel ends a child when its parent dies, also by kill -9; elsewhere the child looks for
itself (`parent_is_gone`). What is forked shares the parent's memory and starts in milliseconds, but inherits none of
its connections.
"""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

_PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 15


def die_with_parent(parent: int | None = None) -> None:
    """Asks the kernel to send this process SIGTERM when its parent dies. Nothing happens where it cannot.

    With `parent`, the process ends at once when that one died before the kernel could be asked.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if parent is not None and parent_is_gone(parent):
        sys.exit(0)


def parent_is_gone(parent: int) -> bool:
    """Whether the process that started this one has ended."""
    return os.getppid() != parent


class Child(Protocol):
    """A running child, however it was started."""

    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    def over(self, seconds: float) -> bool:
        """Waits at most so long; whether it has ended."""


class _Started:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.terminate, self.kill = process.terminate, process.kill

    def over(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


class _Forked:
    def __init__(self, process: multiprocessing.process.BaseProcess) -> None:
        self._process = process
        self.terminate, self.kill = process.terminate, process.kill

    def over(self, seconds: float) -> bool:
        self._process.join(seconds)
        return self._process.exitcode is not None


def give_back_memory() -> None:
    """Hands what the start used and freed back to the system, where the C library can (glibc's malloc_trim)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def can_fork() -> bool:
    """Whether children may be forked; macOS's own libraries do not survive it."""
    return sys.platform == "linux"


def fork(target: Callable[[int], None]) -> Child:
    """Runs `target` in a forked child; it gets this process's id. The caller has closed its connections."""
    process = multiprocessing.get_context("fork").Process(target=target, args=(os.getpid(),))
    process.start()
    return _Forked(process)


def apart(work: Callable[[], object]) -> None:
    """Does `work` in a forked child and waits, where forking is possible: threads that libraries start for it (those of
    the typesetter, for one) then stay out of this process, whose later children would wait for them for ever.

    Raises RuntimeError when it fails; the child has shown why.
    """
    if not can_fork():
        work()
        return
    parent = os.getpid()

    def child() -> None:
        die_with_parent(parent)
        work()

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError("the work apart did not succeed")


def start(words: Sequence[str], environment: Mapping[str, str] | None = None) -> Child:
    """Starts a Python module of ours as a child process."""
    return _Started(subprocess.Popen([sys.executable, "-m", *words], env={**os.environ, **(environment or {})}))


def stop(child: Child) -> None:
    """Asks a child to end, waits, and in the end insists."""
    child.terminate()
    if not child.over(GRACE_SECONDS):
        child.kill()
        child.over(GRACE_SECONDS)
