"""Where sessions are kept: Django's table, with one difference.

Django's store calls every failed update "this session is gone" and answers 400. A database that is locked, full or
away is not that: here such a failure stays what it is, so that the visitor hears 503 and when to come back.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from raadhuis.kernel.db import is_passing_failure


class SessionStore(db.SessionStore):
    """Found by its name in SESSION_ENGINE."""

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session is gone, and the database's own error when it cannot serve now."""
        try:
            super().save(must_create)
        except UpdateError as error:
            cause = error.__context__
            if cause is not None and is_passing_failure(cause):
                raise cause from cause.__cause__
            raise
