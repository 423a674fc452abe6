"""A real server with a database and a folder of its own, for tests of what happens when things break under it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.crash.server import Server, environment, raadhuis, standins
from tools.with_postgres import free_port


@pytest.fixture(scope="session")
def outside() -> Iterator[tuple[str, str]]:
    """The stand-ins as a process of their own."""
    with standins() as addresses:
        yield addresses


@contextmanager
def own_database() -> Iterator[str]:
    """A DATABASE_URL for one server: a new database beside that of the tests, or "" for SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    name = f"holds_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def serving(folder: Path, outside: tuple[str, str]) -> Iterator[Server]:
    """A server that answers, with the example services, and nothing left of it afterwards."""
    data, port = folder / "data", free_port()
    data.mkdir(exist_ok=True)
    with own_database() as url:
        settings = environment(data, port, *outside, url)
        raadhuis(settings, "example")
        server = Server(port, settings, folder.parent / f"{folder.name}.log")
        server.start()
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def server(tmp_path: Path, outside: tuple[str, str]) -> Iterator[Server]:
    """A server of this test alone."""
    with serving(tmp_path, outside) as one:
        yield one


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a small file system of its own, that a test may fill. Only root may make one.

    Most of it is bytecode and compiled templates, which are kept beside the data.
    """
    folder = tmp_path / "small"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode != 0:
        pytest.skip("only root may mount the small file system that this test fills")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
