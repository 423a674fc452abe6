"""The WSGI application that granian serves.

Always holds: importing this module opens no connection that stays open and starts no thread, so that a process may
import it and then fork its workers, which share what was read.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """Reads the published services and the templates once, so that the first visitor does not wait."""
    from django.urls import get_resolver

    from raadhuis.site.processes import give_back_memory
    from raadhuis.site.warm import warm

    _ = get_resolver().url_patterns
    warm(application)
    # What was made at start lives as long as the process: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    give_back_memory()


warm_up()
