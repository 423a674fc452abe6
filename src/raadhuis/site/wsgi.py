"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from raadhuis.site.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")
if "RAADHUIS_PARENT" in os.environ:  # A worker of `raadhuis serve` or `demo`.
    die_with_parent()
application = get_wsgi_application()


def warm_up() -> None:
    """Reads the published services and the templates once, so that the first visitor does not wait."""
    from django.urls import get_resolver

    from raadhuis.site.warm import warm

    _ = get_resolver().url_patterns
    warm()
    # What was made at start lives as long as the process: the collector need not look at it again.
    gc.collect()
    gc.freeze()


warm_up()
