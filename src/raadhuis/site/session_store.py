"""Where sessions are kept: Django's table, with two differences.

Django's store calls every failed update "this session is gone" and answers 400. A database that is locked, full or
away is not that: here such a failure stays what it is, so that the visitor hears 503 and when to come back.
And what every request asks, is put into SQL once.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from raadhuis.kernel.db import is_passing_failure
from raadhuis.kernel.statements import Given, Statement

SESSION = Statement(lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now"))[:1])


class SessionStore(db.SessionStore):
    """Found by its name in SESSION_ENGINE."""

    def _get_session_from_db(self) -> Session | None:
        """The row; without one, the browser holds a key of nobody any more, and gets another."""
        found = SESSION.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session is gone, and the database's own error when it cannot serve now."""
        try:
            super().save(must_create)
        except UpdateError as error:
            cause = error.__context__
            if cause is not None and is_passing_failure(cause):
                raise cause from cause.__cause__
            raise
