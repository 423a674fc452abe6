"""The virus scanner: a real clamd with one signature, and servers that behave badly."""

import hashlib
import io
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from adapters.servers import Behaviour, badly
from raadhuis.adapters.antivirus import ClamAv, Clean, Infected, TooLargeToScan
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.kernel.problems import Unavailable

CLAMD = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin")
needs_clamd = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed (Debian: clamav-daemon)")

# The test file that every scanner agrees to find; in two parts, so that none finds it in this source.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()
STREAM_LIMIT = 1024 * 1024


@pytest.fixture(scope="module")
def running_clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A clamd with no other signature than EICAR's; its URLs."""
    folder = tmp_path_factory.mktemp("clamd")
    # The path of a socket may be at most 107 bytes long; pytest's own folders can be longer.
    sockets = Path(tempfile.mkdtemp(prefix="clamd"))
    database = folder / "database"
    database.mkdir()
    md5 = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
    (database / "test.hdb").write_text(f"{md5}:{len(EICAR)}:Eicar-Test-Signature\n")
    port = free_port()
    settings = {
        "DatabaseDirectory": database,
        "LocalSocket": sockets / "s",
        "TCPAddr": "127.0.0.1",
        "TCPSocket": port,
        "Foreground": "yes",
        "StreamMaxLength": "1M",
        "MaxScanSize": "100K",
        "MaxFileSize": "100K",
        "AlertExceedsMax": "yes",
        "PidFile": folder / "pid",
        "TemporaryDirectory": folder,
        **({"User": "root"} if os.geteuid() == 0 else {}),
    }
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    log = (folder / "log").open("wb")
    running = subprocess.Popen([str(CLAMD), "-c", str(folder / "clamd.conf")], stdout=log, stderr=log)
    urls = {"unix": f"unix://{sockets}/s", "tcp": f"tcp://127.0.0.1:{port}"}
    try:
        until = time.monotonic() + 30
        while not all(ClamAv(url).ping() for url in urls.values()):
            assert running.poll() is None and time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.1)
        yield urls
    finally:
        running.terminate()
        running.wait(20)
        log.close()
        shutil.rmtree(sockets)


@pytest.fixture(params=["unix", "tcp"])
def clamd(running_clamd: dict[str, str], request: pytest.FixtureRequest) -> str:
    return running_clamd[request.param]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@needs_clamd
def test_a_real_scanner_knows_good_from_bad(clamd: str) -> None:
    scanner = ClamAv(clamd)
    assert scanner.scan(io.BytesIO(b"%PDF-1.7 een brief")) == Clean()
    assert scanner.scan(io.BytesIO(b"")) == Clean()
    found = scanner.scan(io.BytesIO(EICAR))
    assert isinstance(found, Infected)
    assert found.signature.startswith("Eicar-Test-Signature")


@needs_clamd
def test_a_real_scanner_reads_from_where_the_stream_stands(clamd: str) -> None:
    stream = io.BytesIO(b"voor " + EICAR)
    assert ClamAv(clamd).scan(stream) == Clean()
    stream.seek(5)
    assert isinstance(ClamAv(clamd).scan(stream), Infected)


@needs_clamd
@pytest.mark.parametrize("size", [200_000, STREAM_LIMIT + 1, 20 * STREAM_LIMIT])
def test_beyond_a_limit_of_the_real_scanner_a_file_is_neither_clean_nor_infected(clamd: str, size: int) -> None:
    with pytest.raises(TooLargeToScan) as caught:
        ClamAv(clamd).scan(io.BytesIO(os.urandom(size)))
    assert caught.value.detail == "Dit bestand is te groot om op virussen te controleren. Kies een kleiner bestand."
    assert isinstance(caught.value, AdapterUnavailable)


@needs_clamd
def test_many_at_once(clamd: str) -> None:
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(ClamAv(clamd).scan(io.BytesIO(EICAR if n % 2 else b"x"))))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(type(r).__name__ for r in results) == ["Clean"] * 4 + ["Infected"] * 4


def test_our_own_bound_comes_first() -> None:
    with badly(_reads_all(b"stream: OK\0")) as port, pytest.raises(TooLargeToScan):
        ClamAv(f"tcp://127.0.0.1:{port}", max_bytes=1000).scan(io.BytesIO(bytes(1001)))


def _reads_all(answer: bytes) -> Behaviour:
    def behave(connection: socket.socket, stop: threading.Event) -> None:
        got = b""
        while not got.endswith(b"\0\0\0\0"):
            part = connection.recv(65536)
            if not part:
                return
            got += part
        connection.sendall(answer)

    return behave


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"stream: OK", None),
        (b"stream: OK\0", None),
        (b"", "unreadable"),
        (b"OK\0", "unreadable"),
        (b"stream: OK FOUND OK\0", "unreadable"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "unreadable"),
        (b"stream: Can't allocate memory ERROR\0", "error"),
        (b"COMMAND READ TIMED OUT\0", "unreadable"),
        (b"\xff\xfe\0", "unreadable"),
        (b"INSTREAM size limit exceeded. ERROR\0", "size limit"),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", "size limit"),
    ],
)
def test_only_a_clear_answer_counts(answer: bytes, reason: str | None) -> None:
    with badly(_reads_all(answer)) as port:
        scanner = ClamAv(f"tcp://127.0.0.1:{port}")
        if reason is None:
            assert scanner.scan(io.BytesIO(b"x")) == Clean()
            return
        with pytest.raises(AdapterUnavailable) as caught:
            scanner.scan(io.BytesIO(b"x"))
    assert caught.value.reason == reason
    assert isinstance(caught.value, Unavailable)


def test_a_scanner_that_hangs_or_drips_is_left_at_the_deadline() -> None:
    def drips(connection: socket.socket, stop: threading.Event) -> None:
        while not stop.wait(0.02):
            connection.sendall(b"s")

    for behave in (drips, lambda connection, stop: stop.wait(5) and None):
        with badly(behave) as port:
            started = time.monotonic()
            with pytest.raises(AdapterUnavailable):
                ClamAv(f"tcp://127.0.0.1:{port}", deadline=0.3).scan(io.BytesIO(b"x"))
            assert time.monotonic() - started < 5


def test_a_scanner_that_does_not_read_is_left_at_the_deadline() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return bytes(size)

    stream: BinaryIO = Endless()  # type: ignore[assignment]
    with badly(lambda connection, stop: stop.wait(5) and None) as port, pytest.raises(AdapterUnavailable) as caught:
        ClamAv(f"tcp://127.0.0.1:{port}", deadline=0.5, max_bytes=10**12).scan(stream)
    assert caught.value.reason == "timeout"


def test_an_answer_before_the_end_is_heard() -> None:
    def says_at_once(connection: socket.socket, stop: threading.Event) -> None:
        connection.recv(10)
        connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        stop.wait(10)  # Reads no more, and does not hang up either.

    with badly(says_at_once) as port, pytest.raises(TooLargeToScan):
        ClamAv(f"tcp://127.0.0.1:{port}", deadline=5).scan(io.BytesIO(bytes(50 * 1024 * 1024)))


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nonexistent/clamd.sock"])
def test_a_scanner_that_is_away(url: str) -> None:
    with pytest.raises(AdapterUnavailable) as caught:
        ClamAv(url).scan(io.BytesIO(b"x"))
    assert caught.value.reason == "connection"
    assert ClamAv(url).ping() is False


@pytest.mark.parametrize("url", ["", "http://127.0.0.1", "tcp://", "unix://", "clamd"])
def test_settings_that_cannot_be_are_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="scanner"):
        ClamAv(url)


def test_a_stream_that_breaks_is_not_called_clean() -> None:
    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise RuntimeError("gone")

    with badly(_reads_all(b"stream: OK\0")) as port, pytest.raises(RuntimeError, match="gone"):
        ClamAv(f"tcp://127.0.0.1:{port}").scan(Breaks())
