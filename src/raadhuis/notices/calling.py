"""The one caller of subscribers, made from the settings. Threads share it; a changed setting makes a new one."""

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from raadhuis.adapters.outside import Caller
from raadhuis.kernel import privacy

AUTH = "subscription:auth"
# How long a subscriber may think: longer than any sound receiver needs to put a notice in its own queue.
SECONDS = 10.0


@lru_cache(maxsize=1)
def _caller(allowed: tuple[str, ...]) -> Caller:
    return Caller(allowed, timeout=SECONDS)


def caller() -> Caller:
    """Calls subscribers, as far as RAADHUIS_RECEIVERS_INSIDE lets it."""
    return _caller(tuple(settings.RAADHUIS_RECEIVERS_INSIDE))


def sealed(auth: str, id: UUID) -> bytes:
    """The header that a receiver wants, as it is kept: of one subscription it is of no use to another."""
    return privacy.encrypt(f"{AUTH}:{id}", auth.encode())


def opened(kept: bytes | memoryview, id: UUID) -> str:
    """The inverse of `sealed`."""
    return privacy.decrypt(f"{AUTH}:{id}", kept).decode()
