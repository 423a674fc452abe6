"""What the portal asks of sessions, in one place (it stands on a lower floor and gets this module at start)."""

from raadhuis.site.identity import (
    code_for,
    for_anonymous,
    opened,
    remember_application,
    remember_code,
    remember_opened,
)
from raadhuis.site.login import client_address

__all__ = [
    "client_address",
    "code_for",
    "for_anonymous",
    "opened",
    "remember_application",
    "remember_code",
    "remember_opened",
]
