"""Times as logs write them.

In: ISO 8601 text, with or without a zone. Out: microseconds since 1970 in UTC.
Always holds: a time without a zone is Dutch clock time, and the reader says how often that was assumed; in the hour
that a clock shows twice the first is meant.
"""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros_of(moment: datetime) -> int:
    """An aware moment as microseconds since 1970, exactly."""
    since = moment - _EPOCH
    return since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds


def parse(text: str) -> tuple[int, bool]:
    """The microseconds of an ISO 8601 time, and whether it told its zone. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return micros_of(moment.replace(tzinfo=HOME)), False
    return micros_of(moment), True


def iso_of(micros: int) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC, as the XES standard writes a date. Raises OverflowError."""
    seconds, rest = divmod(micros, 1_000_000)
    moment = datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest)
    return moment.isoformat(timespec="microseconds" if rest % 1000 else "milliseconds")


_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T,]+(.+))?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T,]+(.+))?")
_HOUR = re.compile(r"(\d{1,2}):(\d{2})(.*)")
WAYS = ("iso", "day-first", "month-first", "seconds", "milliseconds")
"""Ways of writing a time: ISO 8601 (also with slashes), 31-12-2026, 12/31/2026, or counted since 1970."""
# Between 1980 and 2100, so that a case number is not taken for a time.
_COUNTED = (315_532_800, 4_102_444_800)


class Clock:
    """Reads times in one way of writing them, and counts those without a zone."""

    def __init__(self, way: str) -> None:
        self._way, self.unzoned = way or "iso", 0

    def micros(self, told: Any) -> int:
        """Microseconds since 1970. Raises ValueError or TypeError for what is no time in this way."""
        if isinstance(told, datetime):
            aware = told if told.tzinfo else told.replace(tzinfo=HOME)
            self.unzoned += told.tzinfo is None
            return micros_of(aware)
        if isinstance(told, date):
            return self.micros(datetime(told.year, told.month, told.day))  # noqa: DTZ001 - made aware there
        if self._way in {"seconds", "milliseconds"}:
            return self._counted(told)
        text = told.strip()
        try:
            micros, zoned = parse(text if self._way == "iso" else self._as_iso(text))
        except ValueError:
            if self._way != "iso":
                raise
            micros, zoned = parse(_padded(text, _YEAR_FIRST, (1, 2, 3)))
        self.unzoned += not zoned
        return micros

    def _as_iso(self, text: str) -> str:
        return _padded(text, _DAY_FIRST, (3, 2, 1) if self._way == "day-first" else (3, 1, 2))

    def _counted(self, told: Any) -> int:
        value = float(told)
        seconds = value if self._way == "seconds" else value / 1000
        if not _COUNTED[0] <= seconds <= _COUNTED[1]:
            raise ValueError("no time of this century")
        return round(seconds * 1_000_000)


def _padded(text: str, shape: re.Pattern[str], order: tuple[int, int, int]) -> str:
    found = shape.fullmatch(text)
    if found is None:
        raise ValueError(f"not a time: {text[:40]}")
    year, month, day = (found[place] for place in order)
    whole = f"{year}-{month:0>2}-{day:0>2}"
    if not found[4]:
        return whole
    hour = _HOUR.fullmatch(found[4].strip())
    return f"{whole}T{hour[1]:0>2}:{hour[2]}{hour[3].strip()}" if hour else f"{whole}T{found[4].strip()}"
