"""The smallest web server that the stand-ins need: one port, a path prefix for each stand-in.

Comes in: HTTP requests of at most 1 MiB. Goes out: what an app (Request -> Response) answers.
Always holds: an error in an app is a 500 without details; every page forbids scripts; threads end with the server.
"""

import socket
import sys
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
import orjson

MAX_BODY = 1024 * 1024


class Request(msgspec.Struct, frozen=True):
    """One request. `path` is below the prefix; `query` holds every value in order; header names are lower case."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes

    def get(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of a query parameter."""
        return [value for key, value in self.query if key == name]

    def form(self) -> dict[str, str]:
        """The body as a form; the last value of a name counts."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200))


class Response(msgspec.Struct, frozen=True):
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = {}


App = Callable[[Request], Response]


def json_response(value: object, status: int = 200, content_type: str = "application/json") -> Response:
    """`value` (what orjson can write) as JSON."""
    return Response(status, orjson.dumps(value), {"Content-Type": content_type, "Cache-Control": "no-store"})


def page(title: str, body: str, status: int = 200) -> Response:
    """A Dutch page. `title` and `body` are HTML: the caller has escaped what came from outside."""
    css = (
        "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:48rem;margin:0 auto;padding:1rem;"
        "color:#111;background:#fff}"
        "a{color:#00427a}a:focus,button:focus{outline:3px solid #111;outline-offset:2px}"
        "button{font:inherit;text-align:left;width:100%;padding:.75rem;margin:.25rem 0;border:2px solid #00427a;"
        "border-radius:.25rem;background:#fff;color:#00427a;cursor:pointer}ul{padding:0;list-style:none}"
        "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}small{color:#333}"
        "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;overflow-wrap:anywhere}"
        ".note{border-left:.5rem solid #a35200;padding:.5rem 1rem;background:#fff7ed}"
    )
    html = (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{css}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }
    return Response(status, html.encode(), headers)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        # The standard one looks its own name up in DNS, which may hang; the address is name enough.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is its own affair."""


class _Handler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Requests hold identifying numbers, fictitious or not: no log."""


class WebServer:
    """Serves apps by path prefix in a thread. `port` 0 takes a free one; `apps` may be filled after construction."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.apps: dict[str, App] = {}
        self._server = _Server((host, port), _Handler)
        self._server.set_app(self._wsgi)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def start(self) -> None:
        """Answers from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Frees the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()

    def _wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        response = self._answer(environ)
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            **response.headers,
            "Content-Length": str(len(response.body)),
        }
        start_response(f"{response.status} {HTTPStatus(response.status).phrase}", list(headers.items()))
        return [response.body]

    def _answer(self, environ: WSGIEnvironment) -> Response:
        path = str(environ.get("PATH_INFO", "/")).encode("latin-1").decode("utf-8", "replace")
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return Response(413)
        body = environ["wsgi.input"].read(int(length)) if int(length) else b""
        headers = {k[5:].replace("_", "-").lower(): str(v) for k, v in environ.items() if k.startswith("HTTP_")}
        headers["content-type"] = str(environ.get("CONTENT_TYPE", ""))
        query = parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True, max_num_fields=200)
        for prefix in sorted(self.apps, key=len, reverse=True):
            if path == prefix or path.startswith(prefix.rstrip("/") + "/"):
                rest = path[len(prefix.rstrip("/")) :] or "/"
                request = Request(str(environ["REQUEST_METHOD"]), rest, query, headers, body)
                try:
                    return self.apps[prefix](request)
                except Exception as error:  # A stand-in must go on; the kind of error is enough to find it.
                    sys.stderr.write(f"stand-in {prefix}: {type(error).__name__}\n")
                    return Response(500)
        return Response(404, b"Hier staat niets.")


def origin_of(url: str) -> str:
    """Scheme and host with port of `url`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
