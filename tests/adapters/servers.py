"""Servers on loopback that behave badly, one way each, at the level of bytes."""

import contextlib
import gzip
import socket
import threading
from collections.abc import Callable, Iterator

import httpx

from raadhuis.adapters.standins.web import App, WebServer

Behaviour = Callable[[socket.socket, threading.Event], None]

BROWSER = httpx.Client(trust_env=False)
"""Follows no redirects, so that tests see where they lead."""

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _says(answer: bytes) -> Behaviour:
    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return behave


def _with_body(body: bytes, head: bytes = _OK) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _drips(start: bytes, drop: bytes) -> Behaviour:
    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(start)
        while not stop.wait(0.02):
            connection.sendall(drop)

    return behave


def _hangs(connection: socket.socket, stop: threading.Event) -> None:
    stop.wait(10)


def _floods(connection: socket.socket, stop: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(_OK + b"\r\n[")
    while not stop.is_set():
        connection.sendall(b"0," * 32768)


HTTP: dict[str, tuple[Behaviour, str]] = {
    "status 500": (_says(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), "status 500"),
    "status 403": (_says(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), "status 403"),
    "redirect": (_says(b"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"), "status 302"),
    "html": (_says(_with_body(b"<html>Onderhoud</html>")), "unreadable"),
    "wrong shape": (_says(_with_body(b'{"a": 999900006}')), "unreadable"),
    "wrong type": (_says(_with_body(b'"999900006"')), "unreadable"),
    "deep": (_says(_with_body(b"[" * 100_000)), "unreadable"),
    "not utf-8": (_says(_with_body(b'{"response": "\xff"}')), "unreadable"),
    "no http": (_says(b"220 mail.example ESMTP\r\n"), "connection"),
    "cut off": (_says(_OK + b"Content-Length: 1000\r\n\r\n{"), "connection"),
    "hangs up": (_says(b""), "connection"),
    "hangs": (_hangs, "timeout"),
    "drips head": (_drips(_OK, b"X-A: b\r\n"), "timeout"),
    "drips body": (_drips(_OK + b"Content-Length: 100000\r\n\r\n", b" "), "timeout"),
    "huge": (_floods, "too large"),
    "gzip bomb": (
        _says(_with_body(gzip.compress(b" " * 50_000_000), _OK + b"Content-Encoding: gzip\r\n")),
        "compressed",
    ),
}


@contextlib.contextmanager
def badly(behave: Behaviour) -> Iterator[int]:
    """A server that does `behave` with every connection; its port."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            behave(connection, stop)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threads.append(threading.Thread(target=one, args=(listener.accept()[0],), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=serve, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [accepting, *threads]:
            thread.join(5)


@contextlib.contextmanager
def serving(app: App) -> Iterator[str]:
    """A web server for `app`; its address."""
    server = WebServer()
    server.apps["/"] = app
    server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
