"""Telling those who listen, from the outbox: in the transaction of the change, so that no notice is lost or made up."""

import msgspec

from raadhuis.journal.actions import send
from raadhuis.kernel import clock
from raadhuis.notices.queries import listeners
from raadhuis.notices.schema import Notice

KIND = "notice"


def tell(notice: Notice) -> None:
    """Puts the notice in the outbox for every subscription that wants it; of one main object in order."""
    wanted = [one for one in listeners() if one.wants(notice)]
    made = clock.now().isoformat()
    for one in wanted:
        send(
            KIND,
            {"subscription": str(one.id), "made": made, **msgspec.to_builtins(notice)},
            key=f"{one.id.hex[-12:]}:{notice.main[-36:]}",
        )
