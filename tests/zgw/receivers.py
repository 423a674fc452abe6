"""Subscribers, as our tests play them: real servers on loopback that remember what they got.

In: how to behave. Out: an address, and what came in. Always holds: a receiver that behaves answers 204; what it does
otherwise is chosen call by call.
"""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

ID = "X-Raadhuis-Event"


class Receiver:
    """A server in a thread. `behave` gives the status to answer; it may wait, or raise to drop the line."""

    def __init__(self, behave: Callable[[int], int] | None = None) -> None:
        self.calls: list[tuple[Mapping[str, str], dict[str, Any]]] = []
        self.behave = behave or (lambda number: 204)
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with outer._lock:
                    outer.calls.append((dict(self.headers.items()), body))
                    number = len(outer.calls)
                try:
                    status = outer.behave(number)
                except ConnectionError:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/berichten"

    @property
    def notices(self) -> list[dict[str, Any]]:
        """What came in, without the tests at subscription."""
        return [body for _, body in self.calls if body.get("kanaal") != "test"]

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
