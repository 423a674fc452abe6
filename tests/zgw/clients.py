"""Another application, as our tests play it: it signs its tokens and checks every answer against the contract.

In: a method, a path, a body. Out: the answer. Always holds: what is answered fits the OpenAPI file of the standard, the
headers that clients rely on are there, and an error is problem+json.
"""

import base64
import hashlib
import hmac
from io import BytesIO
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client as Http

from raadhuis.clients.actions import add_applicatie
from raadhuis.clients.schema import NewApplicatie, NewRight
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.ids import uuid7
from zgw.contracts import FOLDER, Contract

HOST = "http://testserver"
SECRET = "geheim-van-de-test"


def token(client_id: str, secret: str = SECRET, *, head: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token as clients make it; `claims` replace the usual ones, None takes one away."""
    told: dict[str, Any] = {"iss": client_id, "client_id": client_id, "iat": int(clock.now().timestamp()), **claims}
    parts = [
        base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=")
        for part in (head or {"alg": "HS256", "typ": "JWT"}, {k: v for k, v in told.items() if v is not None})
    ]
    signature = hmac.new(secret.encode(), b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


class Application:
    """An application with these rights; all of them, when none are named."""

    def __init__(self, *rights: NewRight, client_id: str = "", secret: str = SECRET) -> None:
        self.client_id, self._secret = client_id or f"app-{uuid7().hex[-12:]}", secret
        new = NewApplicatie(
            label=f"Test {self.client_id}",
            client_ids=[self.client_id],
            everything=not rights,
            rights=list(rights),
            secrets={self.client_id: secret},
        )
        self.id = add_applicatie(new, SYSTEM)
        self._http = Http()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        check: bool = True,
        kind: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        """Asks; `path` may be a whole address. The answer is held against the contract, unless told otherwise."""
        path = path.removeprefix(HOST)
        given = {"Authorization": f"Bearer {token(self.client_id, self._secret)}", **headers}
        data = body if isinstance(body, bytes) else orjson.dumps(body) if body is not None else b""
        response = self._http.generic(method, path, data, content_type=kind, headers=given)
        # Who names the fields that it wants gets less than the contract promises.
        partly = path.partition("?")[0].endswith("/_zoek") and b'"fields"' in data
        if check and not partly and FOLDER.exists():
            Contract.of(path).check(method, path, response)
        return response

    def send_chunked(self, method: str, path: str, body: bytes, kind: str = "application/json") -> tuple[int, bytes]:
        """Sends a body without telling how long it is, as the server hands such a one on; (status, content)."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.removeprefix(HOST),
            "CONTENT_TYPE": kind,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_AUTHORIZATION": f"Bearer {token(self.client_id, self._secret)}",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.url_scheme": "http",
        }
        response = self._http.handler(environ)
        return response.status_code, response.content

    def get(self, path: str, **query: str) -> Any:
        """What is at an address, decoded. Fails when it is not there."""
        asked = f"{path}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else path
        response = self.ask("GET", asked)
        assert response.status_code == 200, response.content[:600]
        return orjson.loads(response.content)

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """Makes something; its document, or the problem when `status` says that there must be one."""
        return self._sent("POST", path, body, status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        """Writes something anew."""
        return self._sent("PUT", path, body, status)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        """Writes a part of something."""
        return self._sent("PATCH", path, body, status)

    def delete(self, path: str, status: int = 204) -> Any:
        """Takes something away."""
        return self._sent("DELETE", path, None, status)

    def _sent(self, method: str, path: str, body: Any, status: int) -> Any:
        response = self.ask(method, path, body)
        assert response.status_code == status, (response.status_code, response.content[:800])
        return orjson.loads(response.content) if response.content else None


def codes(problem: dict[str, Any]) -> dict[str, str]:
    """The codes of a problem by the name of the attribute."""
    return {one["name"]: one["code"] for one in problem["invalidParams"]}
