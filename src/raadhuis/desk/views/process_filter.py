"""Which cases are looked at, as it stands in the URL: every figure on the page is about these.

In: the query of a request. Out: a Filter, the query again (for links), and what was typed with a sentence where that
makes no sense. Always holds: what makes no sense filters nothing, and the page says so.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from babel.numbers import format_decimal
from django.http import QueryDict
from django.utils.translation import gettext

from raadhuis.desk.views.process_words import language
from raadhuis.kernel.durations import DAY, MINUTE, lasting, working
from raadhuis.lean.schema import EARLIEST, LATEST, USUAL, Filter, Way

_TIME = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
MOST_DAYS = 36_500
NAMES = ("van", "tot", "stap", "na", "ervoor", "langer", "korter", "variant", "dienst", "werktijd", "open", "dicht")
# These say how time counts, not which cases.
_OF_TIME = ("werktijd", "open", "dicht")


class Looking(msgspec.Struct, frozen=True):
    """A filter as it was asked for."""

    filter: Filter
    typed: Mapping[str, str]
    problems: Mapping[str, str]

    @property
    def query(self) -> str:
        """What stands behind the "?" for the same filter; "" for none."""
        return urlencode({name: value for name, value in self.typed.items() if value})

    @property
    def part(self) -> bool:
        """Whether only a part of the cases is looked at."""
        return self.filter != Filter(hours=self.filter.hours)

    @property
    def clock(self) -> str:
        """The query of the same cases by the clock, or in office hours when it is by the clock; as "?…"."""
        return self.but(**dict.fromkeys(_OF_TIME, "")) if self.filter.hours else self.but(werktijd="ja")

    @property
    def hours(self) -> tuple[str, str]:
        """From when to when a day counts, as "9:00"."""
        first, last = self.filter.hours or USUAL
        return f"{first // 60}:{first % 60:02d}", f"{last // 60}:{last % 60:02d}"

    def took(self, micros: float | None) -> str:
        """How long something lasted, as time is counted here."""
        if micros is None:
            return "-"
        hours = self.filter.hours
        return working(micros, (hours[1] - hours[0]) * MINUTE) if hours else lasting(micros)

    def along(self, way: Way) -> str:
        """What stands along an arc: how often, and how long half of them take at most."""
        count = str(format_decimal(way.count, locale=language()))
        return count if way.median_us is None else f"{count} · {self.took(way.median_us)}"

    def but(self, **other: Any) -> str:
        """The same with something changed, as "?…"."""
        found = {name: value for name, value in {**self.typed, **other}.items() if value}
        return f"?{urlencode(found)}"


def looking(query: QueryDict) -> Looking:
    """Reads the filter."""
    typed = {name: query.get(name, "").replace("\x00", "").strip()[:300] for name in NAMES}
    problems: dict[str, str] = {}
    found: dict[str, Any] = {
        "start": _day("van", typed, problems),
        "end": _day("tot", typed, problems),
        "longer_us": _days("langer", typed, problems),
        "shorter_us": _days("korter", typed, problems),
    }
    if typed["werktijd"]:
        found["hours"] = _hours(typed, problems)
    if typed["dienst"]:
        found["attributes"] = (("service", typed["dienst"]),)
    if typed["stap"]:
        found["activity"] = (typed["stap"],)
    if typed["ervoor"] and typed["na"]:
        found["contains"] = ((typed["ervoor"], typed["na"]),)
    elif typed["ervoor"] or typed["na"]:
        problems["na"] = gettext("Kies allebei: de stap ervoor en de stap erna.")
    if typed["variant"]:
        try:
            found["variants"] = (int(typed["variant"][:20]),)
        except ValueError:
            problems["variant"] = gettext("Deze weg bestaat niet.")
    return Looking(Filter(**found), typed, problems)


def _day(name: str, typed: Mapping[str, str], problems: dict[str, str]) -> date | None:
    if not typed[name]:
        return None
    try:
        return date.fromisoformat(typed[name])
    except ValueError:
        problems[name] = gettext("Schrijf de datum als 2026-11-30.")
        return None


def _days(name: str, typed: Mapping[str, str], problems: dict[str, str]) -> int | None:
    if not typed[name]:
        return None
    try:
        days = float(typed[name].replace(",", "."))
    except ValueError:
        days = -1.0
    if not 0 <= days <= MOST_DAYS:
        problems[name] = gettext("Schrijf een aantal dagen, bijvoorbeeld 14.")
        return None
    return int(days * DAY)


def _hours(typed: Mapping[str, str], problems: dict[str, str]) -> tuple[int, int] | None:
    """From when to when a day counts, in minutes; None when that makes no sense."""
    first = _minutes("open", typed, problems, USUAL[0])
    last = _minutes("dicht", typed, problems, USUAL[1])
    if first is not None and last is not None and first >= last:
        problems["dicht"] = gettext("De dag moet later ophouden dan hij begint.")
    return None if first is None or last is None or first >= last else (first, last)


def _minutes(name: str, typed: Mapping[str, str], problems: dict[str, str], usual: int) -> int | None:
    if not typed[name]:
        return usual
    found = _TIME.fullmatch(typed[name])
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if not EARLIEST <= minutes <= LATEST:
        problems[name] = gettext("Schrijf een tijd tussen 2:00 en 24:00, bijvoorbeeld 9:00.")
        return None
    return minutes
