"""What stands between us and another register, and fails now and then: a proxy on loopback.

In: where the register is, what goes wrong at which question. Out: an address. Always holds: every question has a
number, so that a test knows what happens when.
"""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Literal

import httpx

from zgw.loopback import OnLoopback, Quiet

How = Literal["well", "500", "429", "drop", "half", "hang"]
_KEPT = {"content-type", "content-disposition"}


class Proxy(OnLoopback):
    """A proxy in a thread. `behave` says how the question with this number goes, and may do something else first.

    `after`: what a 429 or a 500 says in Retry-After.
    """

    def __init__(
        self, url: str, behave: Callable[[int], How], *, hang: float = 0.0, after: Callable[[], str] = str
    ) -> None:
        self.asked = 0
        self._lock, outer = threading.Lock(), self

        class Handler(Quiet, BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with outer._lock:
                    outer.asked += 1
                    number = outer.asked
                how = behave(number)
                if how in {"500", "429"}:
                    self._send(int(how), b"{}", {"Retry-After": after()})
                    return
                if how == "drop":
                    self.close_connection = True
                    return
                if how == "hang":
                    time.sleep(hang)
                kept = {k: v for k, v in self.headers.items() if k.lower() not in {"host", "connection"}}
                found = httpx.get(f"{url}{self.path}", headers={**kept, "Host": url.rpartition("/")[2]}, timeout=60)
                headers = {k: v for k, v in found.headers.items() if k.lower() in _KEPT}
                self._send(found.status_code, found.content, headers, half=how == "half")

            def _send(self, status: int, body: bytes, headers: dict[str, str], *, half: bool = False) -> None:
                try:
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": str(len(body))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body[: len(body) // 2] if half else body)
                    self.close_connection = self.close_connection or half
                except OSError:  # Who asked has gone.
                    self.close_connection = True

        super().__init__(Handler)
