"""Times as logs write them.

In: ISO 8601 text, with or without a zone. Out: microseconds since 1970 in UTC.
Always holds: a time without a zone is Dutch clock time, and the reader says how often that was assumed; in the hour
that a clock shows twice the first is meant.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy

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


# How many digits a second has behind its point, by the letters of the whole: 2026-12-31T23:59:59.999+01:00, or with Z.
WIDTHS = {20: 0, 24: 3, 27: 6, 25: 0, 29: 3, 32: 6}


def parsed(letters: Any) -> tuple[Any, Any]:
    """Microseconds of many times at once, and which of them are understood: of the others `parse` knows more.

    In: an array of bytes with a time in each row, all of one of the WIDTHS. Understood is ISO 8601 in its full extended
    form with a zone.
    """
    behind = WIDTHS[letters.shape[1]]
    zone = 20 + behind if behind else 19
    at = numpy.ascontiguousarray(letters.T)
    digits = at - numpy.uint8(48)
    good = numpy.ones(len(letters), dtype=bool)

    def number(first: int, beyond: int) -> Any:
        nonlocal good
        value = numpy.zeros(len(letters), dtype=numpy.int64)
        for place in range(first, beyond):
            good &= digits[place] < 10
            value = value * 10 + digits[place]
        return value

    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
    rest = number(20, zone) * 10 ** (6 - behind)
    for place, letter in ((4, b"-"), (7, b"-"), (10, b"T"), (13, b":"), (16, b":"), *([(19, b".")] if behind else [])):
        good &= at[place] == letter[0]
    offset, known = _offset(at[zone:], number, zone)
    good &= known & (year > 0) & (month > 0) & (month < 13) & (hour < 24) & (minute < 60) & (second < 60)
    months = numpy.where(good, (year - 1970) * 12 + month - 1, 0)
    first, beyond = (since.view("M8[M]").astype("M8[D]").astype(numpy.int64) for since in (months, months + 1))
    good &= (day > 0) & (day <= beyond - first)
    seconds = ((first + day - 1) * 24 + hour) * 3600 + (minute - offset) * 60 + second
    return seconds * 1_000_000 + rest, good


def _offset(at: Any, number: Callable[[int, int], Any], zone: int) -> tuple[Any, Any]:
    """Minutes east of Greenwich, and where they are understood."""
    if len(at) == 1:
        return 0, at[0] == ord("Z")
    hours, minutes = number(zone + 1, zone + 3), number(zone + 4, zone + 6)
    signs = (at[0] == ord("+")) | (at[0] == ord("-"))
    known = signs & (at[3] == ord(":")) & (hours < 24) & (minutes < 60)
    return numpy.where(at[0] == ord("-"), -1, 1) * (hours * 60 + minutes), known


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
