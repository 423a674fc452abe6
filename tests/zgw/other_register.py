"""Another register: a second Raadhuis as a process of its own, with its own database, filled through its APIs.

In: a folder. Out: a server that answers, an application that may do everything there, and a `Register` to read it.
"""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import orjson
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
    """A Raadhuis without a server, whose commands are run as processes."""

    def __init__(self, folder: Path, name: str = "doel") -> None:
        data = folder / f"{name}-{uuid7().hex[-8:]}"
        data.mkdir()
        self.settings: Mapping[str, str] = environment(data, free_port(), "http://127.0.0.1:9", "smtp://127.0.0.1:9")
        raadhuis(self.settings, "migrate")
