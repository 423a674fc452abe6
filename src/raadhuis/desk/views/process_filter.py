"""Which cases are looked at, as it stands in the URL: every figure on the page is about these.

In: the query of a request. Out: a Filter, the query again (for links), and what was typed with a sentence where that
makes no sense. Always holds: what makes no sense filters nothing, and the page says so.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext

from raadhuis.lean.schema import Filter

DAY_US = 86_400_000_000
MOST_DAYS = 36_500
NAMES = ("van", "tot", "stap", "na", "ervoor", "langer", "korter", "variant", "dienst")


class Looking(msgspec.Struct, frozen=True):
    """A filter as it was asked for."""

    filter: Filter
    typed: Mapping[str, str]
    problems: Mapping[str, str]

    @property
    def query(self) -> str:
        """What stands behind the "?" for the same filter; "" for none."""
        return urlencode({name: value for name, value in self.typed.items() if value})

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
    return int(days * DAY_US)
