"""A connection that is kept open is looked at before it is used again, without asking the server when it need not be.

Always holds: of a connection that the server ended, or said something on, the server is asked as Django does; one that
lies still is as good as one that was asked, as its next statement tells the same at the same cost.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """See Django's; `CONN_HEALTH_CHECKS` costs a statement for each request there."""

    health_check_enabled: bool
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        """Asks the server (SELECT 1) only when there is something to hear."""
        if self.health_check_enabled and not self.health_check_done and _lies_still(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def _lies_still(connection: object) -> bool:
    """Whether this is an open connection of which nothing can be read: the end of it could."""
    if connection is None or getattr(connection, "closed", True):
        return False
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)  # type: ignore[attr-defined]
    return not heard.poll(0)
