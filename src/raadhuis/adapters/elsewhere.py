"""What stands at an address of somebody else's register: asked only where an administrator allowed it.

Comes in: an address. Goes out: the JSON object there, or None. Always holds: only addresses below the allowed ones
(`RAADHUIS_ELSEWHERE`) are asked, redirects are not followed, a question ends within some seconds, and an answer is kept
for some minutes, so that writing many cases does not ask the same thing many times. Never ask inside a transaction.
"""

import threading
import time
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import HttpClient

SECONDS: Final = 3.0
KEPT_SECONDS: Final = 600.0
MOST_KEPT: Final = 2000
MAX_ANSWER: Final = 256 * 1024
_lock = threading.Lock()
_clients: dict[str, HttpClient] = {}
_known: dict[str, tuple[float, dict[str, Any]]] = {}


def resource(url: str) -> dict[str, Any] | None:
    """The JSON object at an allowed address; None when it is not allowed, not there or no object."""
    if not _allowed(url):
        return None
    held = _known.get(url)
    if held is not None and time.monotonic() - held[0] < KEPT_SECONDS:
        return held[1]
    try:
        found = _client(url).get(url, answer=dict[str, Any])
    except AdapterUnavailable:
        return None
    if found is not None:
        with _lock:
            if len(_known) >= MOST_KEPT:
                _known.clear()
            _known[url] = time.monotonic(), found
    return found


def forget_known() -> None:
    """Throws away what was answered."""
    with _lock:
        _known.clear()


def _allowed(url: str) -> bool:
    """Below an allowed address: the same scheme, host and port, and a path that begins with its path."""
    asked = urlsplit(url)
    if ".." in asked.path or "@" in asked.netloc:
        return False
    return any(
        (one.scheme, one.netloc) == (asked.scheme, asked.netloc) and asked.path.startswith(one.path or "/")
        for one in (urlsplit(prefix) for prefix in settings.RAADHUIS_ELSEWHERE)
    )


def _client(url: str) -> HttpClient:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    with _lock:
        if origin not in _clients:
            _clients[origin] = HttpClient("elsewhere", origin, timeout=SECONDS, max_bytes=MAX_ANSWER)
        return _clients[origin]
