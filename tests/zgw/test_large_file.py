"""A document in parts: a real server takes it in and gives it back without ever holding it."""

import subprocess
import sys

import pytest

from crash.server import ROOT


@pytest.mark.crash
def test_a_file_larger_than_memory_may_grow_goes_there_and_back() -> None:
    """Of 160 megabytes in parts of 40, where 64 may be held; `python -m benchmarks.large_file` does 4 GiB."""
    words = ["--megabytes", "160", "--part", "40", "--no-keep"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.large_file", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "same                    True" in done.stdout
