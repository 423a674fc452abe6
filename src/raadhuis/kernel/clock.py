"""The only source of time, and the law on terms.

Out: moments (UTC, aware), Dutch dates, working days, ends of terms.
Always holds: a date is a date in Europe/Amsterdam; a term never ends on a Saturday, Sunday or recognised holiday,
unless it is too long for the law to say so.
Source: Algemene termijnenwet, articles 1, 3 and 4.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta())


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC) + _shift.get()


def today() -> date:
    """Today's date in the Netherlands."""
    return now().astimezone(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """`moment` on the clock of Amsterdam."""
    return moment.astimezone(AMSTERDAM)


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block, the clock starts at `moment` (aware) and runs on. For tests, simulation and replay."""
    token = _shift.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)


@lru_cache(maxsize=512)
def holidays(year: int) -> frozenset[date]:
    """The recognised holidays of `year`: Algemene termijnenwet, article 3, first and second paragraph."""
    sunday = easter(year)
    koningsdag = date(year, 4, 27)
    if koningsdag.weekday() == 6:
        koningsdag = date(year, 4, 26)
    fixed = {date(year, 1, 1), koningsdag, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    return frozenset(fixed | {sunday + timedelta(days=n) for n in (-2, 0, 1, 39, 49, 50)})


def is_working_day(day: date) -> bool:
    """No Saturday, no Sunday, no recognised holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The date `count` (0 to 2,000) working days after `day`; `day` itself is not counted."""
    if not 0 <= count <= 2000:
        raise ValueError("a term has between 0 and 2,000 working days")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=4096)
def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    span = (end - start).days
    if span > 20_000:
        raise ValueError("too long a period to count working days in")
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))


# A century: longer is a typing error, and would not fit a date.
LONGEST_TERM = {"weeks": 5200, "months": 1200, "days": 36_525, "working_days": 2000}


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A length of time as laws write it: weeks, months, days or working days, added together."""

    weeks: int = 0
    months: int = 0
    days: int = 0
    working_days: int = 0

    def __post_init__(self) -> None:
        if not any((self.weeks, self.months, self.days, self.working_days)):
            raise ValueError("a term needs weeks, months, days or working_days")
        if min(self.weeks, self.months, self.days, self.working_days) < 0:
            raise ValueError("a term cannot be negative")
        for unit, most in LONGEST_TERM.items():
            if getattr(self, unit) > most:
                raise ValueError(f"a term has at most {most} {unit}")

    def runs_to(self, start: date) -> date:
        """The last day of this term when it starts the day after `start`, whatever day that is."""
        day = start + relativedelta(months=self.months) + timedelta(weeks=self.weeks, days=self.days)
        return add_working_days(day, self.working_days)

    def lawful_end(self, day: date) -> date:
        """The day on which this term ends when it runs to `day`.

        A term that would end on a Saturday, Sunday or holiday runs on to the next working day
        (Algemene termijnenwet, article 1, first paragraph), but not one of more than twelve weeks, three months or
        ninety days (article 4, under a).
        """
        return day if self.weeks > 12 or self.months > 3 or self.days > 90 else next_working_day(day)

    def end(self, start: date) -> date:
        """The last day of this term by law when it starts the day after `start`."""
        return self.lawful_end(self.runs_to(start))

    def last_day(self, first: date) -> date:
        """The last day of a period of this length that begins on `first`; it ends on any day of the week."""
        day = first + relativedelta(months=self.months) + timedelta(weeks=self.weeks, days=self.days)
        return add_working_days(day, self.working_days) - timedelta(days=1)

    def iso(self) -> str:
        """As an ISO 8601 duration, as the ZGW standard wants it; a working day counts as 7/5 of a day, rounded up."""
        days = self.weeks * 7 + self.days + -(-self.working_days * 7 // 5)
        return "P" + (f"{self.months}M" if self.months else "") + (f"{days}D" if days or not self.months else "")
