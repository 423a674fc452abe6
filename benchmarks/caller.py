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


class Cost(msgspec.Struct):
    """What a line costs: CPU (median), wall clock (p50, p95), statements; milliseconds.

    `yardstick_ms` is the CPU that a fixed piece of work took meanwhile (median): a core whose other half is busy does
    half as much, and then every figure is twice as high.
    """

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    sql: int
    yardstick_ms: float


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


def cost_of(browser: Browser, make: Callable[[int], dict[str, Any]], expected: int, times: int) -> Cost:
    """What a request costs; `make(n)` puts the n-th one together. Raises RuntimeError for an unexpected answer."""
    seen: list[str] = []
    with connection.execute_wrapper(_counted(seen)):
        _expect(browser.answer(make(0)), expected)
    answers, yardsticks = [], []
    for number in range(1, times + 1):
        answers.append(browser.answer(make(number)))
        _expect(answers[-1], expected)
        if number % 10 == 1:
            yardsticks.append(_yardstick())
    cpu, wall = sorted(a.cpu for a in answers), sorted(a.wall for a in answers)
    yardstick = round(sorted(yardsticks)[len(yardsticks) // 2], 2)
    p95 = wall[min(len(wall) - 1, int(len(wall) * 0.95))]
    return Cost(round(cpu[len(cpu) // 2], 2), round(wall[len(wall) // 2], 2), round(p95, 2), len(seen), yardstick)


def _yardstick() -> float:
    """Milliseconds of CPU for the same piece of work every time."""
    began, kept, total = time.thread_time(), dict[int, str](), 0
    for number in range(30_000):
        kept[number % 97] = str(number)
        total += len(kept[number % 97])
    return (time.thread_time() - began) * 1000


def _counted(seen: list[str]) -> Callable[..., Any]:
    """Notes what reads or writes; BEGIN, COMMIT and savepoints do not come by here."""

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.split(None, 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            seen.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def _expect(answer: Answer, status: int) -> None:
    if answer.status != status:
        raise RuntimeError(f"answered {answer.status} {answer.location} instead of {status}: {answer.body[:400]!r}")
