"""A subscriber as a process of its own, that does not always behave.

    python -m tests.crash.receiver --mode drops --log /tmp/log

In: a mode. Out: its port on standard output; in the log a line for each thing that it did: the event id, the main
object and the resource. Always holds: it drops what it has done already, by the event id; a line is in the log before
it answers. Modes: well; fails (500, three times in ten, and nothing done); hangs (now and then no answer at all, done
or not); drops (three times in ten done, and then the line is dropped without an answer).
"""

import argparse
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson

HANG_SECONDS = 60


class Server(ThreadingHTTPServer):
    """What it knows, beside serving."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, mode: str, log: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.mode, self.lock = mode, threading.Lock()
        # What it did before it was stopped, it did.
        self.done = {line.split()[0] for line in log.read_text().splitlines()} if log.exists() else set()
        self.log = log.open("a", buffering=1)

    def act(self, event: str, body: dict[str, str]) -> None:
        """Does what the notice asks, once."""
        with self.lock:
            if event not in self.done:
                self.done.add(event)
                self.log.write(f"{event} {body['hoofdObject']} {body['resourceUrl']}\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        """One notice."""
        event = self.headers["X-Raadhuis-Event"]
        body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if body["kanaal"] == "test":
            return self._answer(204)
        luck, mode = random.random(), self.server.mode
        if mode == "fails" and luck < 0.3:
            return self._answer(500)
        if mode == "hangs" and luck < 0.01:
            time.sleep(HANG_SECONDS)
            self.close_connection = True
            return None
        self.server.act(event, body)
        if mode == "hangs" and luck > 0.99:
            time.sleep(HANG_SECONDS)
        if (mode == "drops" and luck < 0.3) or (mode == "hangs" and luck > 0.99):
            self.close_connection = True
            return None
        return self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response_only(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def main() -> int:
    """Serves until it is killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=("well", "fails", "hangs", "drops"), default="well")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    server = Server(chosen.mode, chosen.log, chosen.port)
    print(server.server_port, flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
