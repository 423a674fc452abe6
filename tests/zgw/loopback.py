"""A server of a test in a thread of its own, on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Quiet:
    """For a handler that writes no log."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


class OnLoopback:
    """Serves from when it is made until it is closed, at `url`."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
