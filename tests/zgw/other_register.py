"""Another register: a second Raadhuis as a process of its own, with its own database, filled through its APIs.

In: a folder. Out: a server that answers, an application that may do everything there, and a `Register` to read it.
"""

import contextlib
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import psycopg
from tests.crash.server import Server, environment, raadhuis
from tools.with_postgres import free_port

from raadhuis.adapters.registers import APIS
from raadhuis.adapters.registers import Register as Reading
from raadhuis.kernel.ids import uuid7
from zgw.clients import Application, token

QUICK = (0.01, 0.02, 0.05, 0.1, 0.2)
"""How long to wait before each next try, for a source that is a process beside us."""


class Remote(Application):
    """An application that speaks with a server over HTTP. Answers are not held against the contract."""

    def __init__(self, url: str, client_id: str, secret: str) -> None:
        self.url, self.client_id, self._secret = url, client_id, secret
        self._client = httpx.Client(base_url=url, timeout=60)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        check: bool = True,
        kind: str = "application/json",
        **headers: str,
    ) -> Any:
        """See Application.ask."""
        given = {"Authorization": f"Bearer {token(self.client_id, self._secret)}", "Content-Type": kind, **headers}
        data = body if isinstance(body, bytes) else orjson.dumps(body) if body is not None else b""
        found = self._client.request(method, path.removeprefix(self.url), content=data, headers=given)
        return SimpleNamespace(status_code=found.status_code, content=found.content, headers=found.headers)


class Source:
    """A second Raadhuis."""

    def __init__(self, folder: Path, *, workers: int = 1) -> None:
        port, data = free_port(), folder / "bron"
        data.mkdir()
        self.url = f"http://127.0.0.1:{port}"
        self.settings = environment(data, port, "http://127.0.0.1:9", "smtp://127.0.0.1:9")
        raadhuis(self.settings, "migrate")
        told = raadhuis(self.settings, "zgw", "client", "overname", "--all")
        self.client_id, self.secret = "overname", told.split()[-1]
        self.server = Server(port, self.settings, folder / "bron.log", workers)
        self.server.start()
        self.app = Remote(self.url, self.client_id, self.secret)

    def bases(self, host: str = "") -> dict[str, str]:
        """Where its APIs are, behind another host when one is named."""
        return bases(host or self.url)

    def reading(self, host: str = "") -> Reading:
        """The register, to be taken over."""
        return Reading(self.bases(host), self.client_id, self.secret, waits=QUICK)

    def stop(self) -> None:
        """Ends it."""
        self.server.kill()


def bases(host: str) -> dict[str, str]:
    """The bases of the APIs below a host."""
    return {api: f"{host.rstrip('/')}/{api}/api/v1" for api in APIS}


class Target:
    """A Raadhuis without a server, whose commands are run as processes; on the kind of database of the tests."""

    def __init__(self, folder: Path, name: str = "doel") -> None:
        own = f"{name}-{uuid7().hex[-8:]}"
        data = folder / own
        data.mkdir()
        self._server = os.environ.get("DATABASE_URL", "")
        self._name = own.replace("-", "_")
        if self._server:
            self._on_server(f"CREATE DATABASE {self._name}")
        url = urlsplit(self._server)._replace(path=f"/{self._name}").geturl() if self._server else ""
        self.settings: Mapping[str, str] = environment(
            data, free_port(), "http://127.0.0.1:9", "smtp://127.0.0.1:9", url
        )
        raadhuis(self.settings, "migrate")
        self._file = next(iter(data.rglob("*.sqlite3")), None)

    def count(self, query: str) -> int:
        """The one number that a query gives."""
        url = self.settings.get("DATABASE_URL", "")
        opened = psycopg.connect(url) if url else sqlite3.connect(str(self._file))
        with contextlib.closing(opened) as asked:
            return int(asked.execute(query).fetchone()[0])

    def remove(self) -> None:
        """Takes its database away."""
        if self._server:
            self._on_server(f"DROP DATABASE {self._name} WITH (FORCE)")

    def _on_server(self, words: str) -> None:
        with contextlib.closing(psycopg.connect(self._server, autocommit=True)) as asked:
            asked.execute(words)
