"""The file store: whole, durable, bounded, and apart."""

import errno
import hashlib
import io
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.files import FolderStore
from raadhuis.kernel import clock
from raadhuis.kernel.problems import Absent, Invalid, Unavailable


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def all_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_what_is_put_comes_out_again(store: FolderStore) -> None:
    stored = store.put(io.BytesIO(b"abc"), limit=3)
    assert (stored.size, stored.sha256[:8]) == (3, "ba7816bf")
    with store.open(stored.key) as file:
        assert file.read() == b"abc"
    with store.open(store.put_bytes(b"").key) as file:
        assert file.read() == b""


def test_the_same_content_of_two_cases_is_deleted_apart(store: FolderStore) -> None:
    one, other = store.put_bytes(b"same"), store.put_bytes(b"same")
    assert one.sha256 == other.sha256 and one.key != other.key
    store.delete(one.key)
    store.delete(one.key)
    with pytest.raises(Absent):
        store.open(one.key)
    with store.open(other.key) as file:
        assert file.read() == b"same"


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", "/etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "é" * 32]
)
def test_what_is_no_key_is_absent(store: FolderStore, key: str) -> None:
    with pytest.raises(Absent):
        store.open(key)
    with pytest.raises(Absent):
        store.delete(key)


def test_beyond_the_limit_nothing_is_kept(store: FolderStore, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        store.put(io.BytesIO(b"x" * (2 * 1024 * 1024 + 1)), limit=2 * 1024 * 1024)
    assert caught.value.detail == "Dit bestand is te groot. Kies een bestand tot 2 MB."
    assert all_files(tmp_path) == []


def test_a_stream_that_breaks_leaves_nothing(store: FolderStore, tmp_path: Path) -> None:
    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            part = super().read(10)
            if not part:
                raise RuntimeError("the browser went away")
            return part

    with pytest.raises(RuntimeError):
        store.put(Breaks(b"x" * 30), limit=100)
    assert all_files(tmp_path) == []


def test_memory_stays_flat(tmp_path: Path) -> None:
    """In a process of its own that must not grow by 20 MB: 120 MB pass through it."""
    code = (
        "import io, resource, sys\n"
        "from raadhuis.adapters.files import FolderStore\n"
        "class Zeros(io.RawIOBase):\n"
        "    left = 120 * 1024 * 1024\n"
        "    def read(self, size=-1):\n"
        "        size = min(size, self.left); self.left -= size; return bytes(size)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "stored = FolderStore(sys.argv[1]).put(Zeros(), limit=10**9)\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "assert stored.size == 120 * 1024 * 1024 and grown < 20_000, grown\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_full_disk_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    """A real limit of the operating system: this process may not write files larger than 64 kB."""
    code = (
        "import io, resource, signal, sys\n"
        "from raadhuis.adapters.files import FolderStore\n"
        "from raadhuis.kernel.problems import Unavailable\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "try:\n"
        "    FolderStore(sys.argv[1]).put(io.BytesIO(b'x' * 10**6), limit=10**7)\n"
        "except Unavailable as error:\n"
        "    print(error)\n"
    )
    folder = tmp_path / "files"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    assert done.stdout == "files: EFBIG\n", done.stderr
    assert all_files(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "reason"), [(errno.ENOSPC, "disk full"), (errno.EDQUOT, "disk full"), (errno.EIO, "EIO")]
)
def test_what_the_disk_says_becomes_unavailable(
    store: FolderStore, tmp_path: Path, number: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The operating system is outside the house: only its fsync can say this on demand.
    def fails(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    store.put_bytes(b"before")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(AdapterUnavailable, match=reason) as caught:
        store.put_bytes(b"x")
    assert isinstance(caught.value, Unavailable)
    assert len(all_files(tmp_path)) == 1


def test_a_folder_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"a file, no folder")
    with pytest.raises(AdapterUnavailable):
        FolderStore(tmp_path / "files").put_bytes(b"x")


def test_a_file_and_its_folders_are_flushed_before_put_returns(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    real = os.fsync

    def note(handle: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{handle}").readlink().relative_to(tmp_path)))
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    key = store.put_bytes(b"x").key
    folder = f"files/{key[:2]}"
    assert flushed == [".", "files", f"files/incoming/{key}", "files", folder, f"{folder}/{key[2:4]}"]


def test_a_process_killed_halfway_leaves_no_file_with_a_key(store: FolderStore, tmp_path: Path) -> None:
    code = (
        "import io, os, signal, sys\n"
        "from raadhuis.adapters.files import FolderStore\n"
        "class Dies(io.RawIOBase):\n"
        "    def read(self, size=-1):\n"
        "        if hasattr(self, 'again'): os.kill(os.getpid(), signal.SIGKILL)\n"
        "        self.again = True; return b'x' * 1000\n"
        "FolderStore(sys.argv[1]).put(Dies(), limit=10**9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "files")], check=False)
    assert done.returncode == -9
    assert list(store.keys(timedelta(0))) == []
    assert store.sweep() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert store.sweep() == 1
    assert all_files(tmp_path) == []


def test_keys_tells_the_old_ones(store: FolderStore) -> None:
    key = store.put_bytes(b"x").key
    assert list(store.keys(timedelta(days=1))) == []
    with clock.at(clock.now() + timedelta(days=2)):
        assert list(store.keys(timedelta(days=1))) == [key]


def test_only_this_user_may_read(store: FolderStore, tmp_path: Path) -> None:
    store.put_bytes(b"x")
    (file,) = all_files(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_what_comes_in_piece_by_piece_is_kept_or_thrown_away(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first, second = store.begin(limit=10), store.begin(limit=10)
    first.write(b"abc")
    first.write(b"def")
    second.write(b"weg")
    second.abandon()
    stored = first.keep()
    first.abandon()
    assert (stored.size, stored.sha256) == (6, hashlib.sha256(b"abcdef").hexdigest())
    with store.open(stored.key) as kept:
        assert kept.read() == b"abcdef"
    assert not list((tmp_path / "incoming").iterdir())
    assert store.put(io.BytesIO(b"x"), limit=1).size == 1
    with pytest.raises(Absent):
        store.open("geen sleutel")
