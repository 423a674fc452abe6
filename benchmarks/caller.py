"""Asks the WSGI application directly, and counts what that costs: no socket, no test client in between.

In: a path, a form, cookies. Out: the answer and its cost. Always holds: the request was put together before the clock
ran; CPU is that of this thread alone; statements are counted in a call of their own.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from django.db import connection

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Answer(msgspec.Struct):
    """What came back, and what it cost (milliseconds)."""

    status: int
    location: str
    body: bytes
    cpu: float
    wall: float


class Line:
    """A request that is made again and again: `make(n)` puts the n-th one together, and `expected` is its status."""

    def __init__(self, name: str, browser: "Browser", make: Callable[[int], dict[str, Any]], expected: int) -> None:
        self.name, self._browser, self._make, self._expected, self._made = name, browser, make, expected, 0

    def statements(self) -> int:
        """Makes one request, and counts what it asks the database."""
        seen: list[str] = []
        with connection.execute_wrapper(_counted(seen)):
            self._ask()
        return len(seen)

    def batch(self, times: int) -> list[tuple[float, float]]:
        """(CPU, wall clock) in milliseconds of so many requests. Raises RuntimeError for an unexpected answer."""
        answers = [self._ask() for _ in range(times)]
        return [(answer.cpu, answer.wall) for answer in answers]

    def _ask(self) -> Answer:
        answer = self._browser.answer(self._make(self._made))
        self._made += 1
        if answer.status != self._expected:
            words = f"answered {answer.status} {answer.location} instead of {self._expected}"
            raise RuntimeError(f"{self.name}: {words}: {answer.body[:400]!r}")
        return answer


class Browser:
    """Cookies and a form token, as a browser keeps them."""

    def __init__(self) -> None:
        self._cookies: dict[str, str] = {}
        self.token = ""

    def environ(self, method: str, path: str, form: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A request, ready to be answered."""
        target = urlsplit(path)
        body = urlencode({**form, "csrfmiddlewaretoken": self.token}, doseq=True).encode() if form is not None else b""
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": target.path,
            "QUERY_STRING": target.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": "; ".join(f"{k}={v}" for k, v in self._cookies.items()),
            "HTTP_ACCEPT": "text/html",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if form is not None else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
        }

    def ask(self, method: str, path: str, form: Mapping[str, Any] | None = None) -> Answer:
        """Puts a request together, has it answered, and keeps its cookies and token."""
        return self.answer(self.environ(method, path, form))

    def answer(self, environ: dict[str, Any]) -> Answer:
        """Has a request answered."""
        from raadhuis.site.wsgi import application

        heard: list[Any] = []
        cpu, wall = time.thread_time(), time.perf_counter()
        parts: Iterable[bytes] = application(
            environ, lambda status, headers, error=None: heard.append((status, headers))
        )
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        status, headers = heard[0]
        location = ""
        for name, value in headers:
            if name == "Set-Cookie":
                self._cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
            if name == "Location":
                location = value
        if found := _TOKEN.search(body.decode("utf-8", "replace")):
            self.token = found[1]
        return Answer(int(status.split()[0]), location, body, cpu * 1000, wall * 1000)


def _counted(seen: list[str]) -> Callable[..., Any]:
    """Notes what reads or writes; BEGIN, COMMIT and savepoints do not come by here."""

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.split(None, 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            seen.append(sql)
        return execute(sql, params, many, context)

    return wrapper
