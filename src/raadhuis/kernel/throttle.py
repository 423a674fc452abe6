"""How often something may be tried: logins, follow codes, uploads.

In: what is counted and for whom. Out: nothing, or TooMany.
Always holds: counters survive a restart and are shared by all workers; they hold keyed hashes only.
"""

from datetime import timedelta

from django.utils.translation import gettext

from raadhuis.kernel import clock, privacy
from raadhuis.kernel.db import durable
from raadhuis.kernel.models import Throttle
from raadhuis.kernel.problems import TooMany


def count_attempt(what: str, who: str, *, limit: int, seconds: int) -> None:
    """Counts one attempt of `who` at `what`; raises TooMany beyond `limit` attempts in a window of `seconds`."""
    key = privacy.keyed_hash(f"throttle:{what}", who)
    moment = clock.now()
    with durable():
        row, made = Throttle.objects.select_for_update().get_or_create(
            key=key, defaults={"window_start": moment, "count": 1}
        )
        if made:
            return
        if row.window_start + timedelta(seconds=seconds) <= moment:
            row.window_start, row.count = moment, 0
        row.count += 1
        row.save()
        wait = int((row.window_start + timedelta(seconds=seconds) - moment).total_seconds()) + 1
    if row.count > limit:
        raise TooMany(
            gettext("U heeft het te vaak geprobeerd. Wacht even en probeer het dan opnieuw."), retry_after=wait
        )


def reset(what: str, who: str) -> None:
    """Forgets the attempts of `who` at `what`, after a success."""
    Throttle.objects.filter(key=privacy.keyed_hash(f"throttle:{what}", who)).delete()
