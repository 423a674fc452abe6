"""The bounds of dates and moments: `today+14`, `now`, `2026-07-01`, or another question, `begin+1`.

In: the text of a bound, and answers. Out: the first or last moment that it lets through, on the clock of Amsterdam.
Always holds: a bound that rests on something unanswered is no bound.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from raadhuis.kernel import clock

_RELATIVE = re.compile(r"([a-z][a-z0-9_]*)([+-]\d{1,5})?")
_OWN = frozenset({"today", "now"})


class Bound(msgspec.Struct, frozen=True):
    """`base` is "today", "now", a date or moment written out, or the id of a question; `days` later (or earlier)."""

    base: str
    days: int = 0

    @property
    def question(self) -> str:
        """The question that the bound rests on, or ""."""
        return "" if self.base in _OWN or self.base[:1].isdigit() else self.base

    def at(self, answers: Mapping[str, Any], *, last: bool) -> datetime | None:
        """The moment of the bound (for a day its start, or with `last` its end); None when it cannot be known."""
        found = self._moment(answers, last=last)
        try:
            return found + timedelta(days=self.days) if found else None
        except OverflowError:
            return None

    def _moment(self, answers: Mapping[str, Any], *, last: bool) -> datetime | None:
        if self.base == "now":
            return clock.local(clock.now()).replace(second=0, microsecond=0, tzinfo=None)
        if self.base == "today":
            return _of_day(clock.today(), last=last)
        text = answers.get(self.base) if self.question else self.base
        try:
            whole = datetime.fromisoformat(str(text or ""))
        except ValueError:
            return None
        return _of_day(whole.date(), last=last) if len(str(text)) == 10 else whole.replace(tzinfo=None)


def _of_day(day: date, *, last: bool) -> datetime:
    return datetime.combine(day, time(23, 59) if last else time())


def read_bound(text: str) -> Bound | None:
    """The bound that `text` says; None for an empty one. Raises ValueError."""
    if not text:
        return None
    if text[0].isdigit():
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?", text):
            raise ValueError(text)
        datetime.fromisoformat(text)
        return Bound(text)
    found = _RELATIVE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Bound(found.group(1), int(found.group(2) or 0))
