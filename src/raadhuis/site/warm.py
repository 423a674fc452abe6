"""Reads what every request needs once, at start. A database that is not there yet is no reason not to start."""

import contextlib
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import Error, connections
from django.template import engines
from django.urls import reverse
from django.utils import translation

from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel.problems import Problem


def warm(application: WSGIHandler) -> None:
    """Compiles every template and answers a few pages to nobody, so that definitions, languages and routes are read."""
    pages: Any = engines["pages"]
    for edition in pages.editions.values():
        for name in edition.list_templates():
            edition.get_template(name)
    with contextlib.suppress(Error, Problem):
        for line in catalogue.services():
            for language in ("nl", "en"):
                _visit(application, reverse("service", args=[line.id]), language)
        for language in ("nl", "en"):
            _visit(application, reverse("home"), language)
    translation.deactivate()
    connections.close_all()


def _visit(application: WSGIHandler, path: str, language: str) -> None:
    """One GET, as if from this machine itself; the answer goes nowhere."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "HTTP_COOKIE": f"taal={language}",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": None,
    }
    response = application(environ, lambda status, headers, error=None: None)  # type: ignore[arg-type]
    close = getattr(response, "close", None)
    if close:
        close()
