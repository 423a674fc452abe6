"""Reads what every request needs once, at start. A database that is not there yet is no reason not to start."""

import contextlib

from django.db import Error, connection
from django.template import engines

from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel.problems import Problem


def warm() -> None:
    """Loads the services and compiles the templates most used."""
    with contextlib.suppress(Error, Problem):
        for line in catalogue.services():
            catalogue.published(line.id)
    for name in ("portal/page.html", "portal/home.html", "desk/queue.html", "error.html"):
        engines["jinja2"].get_template(name)
    connection.close()
