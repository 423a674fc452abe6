"""Dutch days: which day it is in the town hall at a moment.

In: microseconds since 1970 in UTC. Out: days since 1970 on the Dutch calendar.
Always holds: a day begins at midnight by the clock, so that one has 23 or 25 hours when the clock changes; the answer
does not depend on an engine's own knowledge of time zones.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from raadhuis.lean.logs.moments import HOME, micros_of

DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)
# Beyond a century and a half a log has no real times but typing errors; their days are then counted in UTC.
MOST = 60_000


def of(time: Any) -> Any:
    """The day of each moment, as int32."""
    import numpy  # Who shows a date need not load it.

    if not len(time):
        return numpy.zeros(0, dtype=numpy.int32)
    plain = numpy.floor_divide(time, DAY)
    low, high = max(int(plain.min()) - 1, -MOST // 2), min(int(plain.max()) + 2, MOST)
    if low >= high:
        return plain.astype(numpy.int32)
    found = numpy.searchsorted(_midnights(low, high), time, side="right") - 1 + low
    known = (plain > low) & (plain < high - 1)
    return numpy.where(known, found, plain).astype(numpy.int32)


@lru_cache(maxsize=64)
def _midnights(low: int, high: int) -> Any:
    """The moments at which the days low to high (beyond) begin."""
    import numpy

    return numpy.array([begin_of(day) for day in range(low, high)], dtype=numpy.int64)


def begin_of(day: int) -> int:
    """The moment at which a day (since 1970) begins, in µs since 1970."""
    on = _EPOCH + timedelta(days=day)
    return micros_of(datetime(on.year, on.month, on.day, tzinfo=HOME).astimezone(UTC))


def date_of(day: int) -> date:
    """The date of a day since 1970."""
    return _EPOCH + timedelta(days=day)


def day_of(on: date) -> int:
    """The day since 1970 of a date."""
    return (on - _EPOCH).days
