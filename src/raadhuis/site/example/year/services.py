"""In what the example services differ: when people come, what is decided at once, what goes wrong.

Always holds: figures of nobody, chosen so that there is something to find: security advises two afternoons a week;
reports about street lights wait for the grid company; drawings lack something; from day 250 on lease cars are decided
by a rule; the second pair of eyes nearly always agrees.
"""

from collections.abc import Callable
from math import cos, pi, tau

import msgspec

# How much of a day's applications come in each hour, from midnight: a hump in the morning, a larger one in the evening.
HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 14, 18, 19, 16, 12, 14, 15, 14, 13, 12, 14, 22, 24, 18, 9, 3)


class Service(msgspec.Struct, frozen=True):
    """What happens, and how often (shares of 0 to 1).

    `season`: the weight of a day of the year (0 to 364 from 1 January). `at_once`: what rules decide, before and after
    `changed` (a day of the simulated year; 365: never). `minutes`: of work on each task, as a median. `asks`: at which
    task the applicant is asked for more. `rejects`: page, question and rule that go wrong. `elsewhere`: a task lies
    still for another organisation. `examples`: which of the service's example cases come, by name; empty: those that
    tell their pages, equally.
    """

    season: Callable[[int], float]
    at_once: tuple[float, float] = (0.0, 0.0)
    changed: int = 365
    minutes: dict[str, float] = {}
    asks: dict[str, float] = {}
    rejects: tuple[tuple[str, str, str, float], ...] = ()
    leaves: float = 0.1
    grants: float = 0.95
    result: tuple[str, str] = ("verleend", "geweigerd")
    table: str = "vergunning"
    who: str = "resident"
    elsewhere: float = 0.0
    misrouted: float = 0.0
    examples: dict[str, float] = {}


def _hump(middle: int, width: int, height: float) -> Callable[[int], float]:
    """A year with a season around a day."""

    def weight(day: int) -> float:
        away = min(abs(day - middle), 365 - abs(day - middle))
        return 1 + (height * (1 + cos(pi * away / width)) / 2 if away < width else 0)

    return weight


SERVICES: dict[str, Service] = {
    "parkeervergunning": Service(
        season=_hump(10, 40, 0.6),
        at_once=(0.62, 0.84),
        changed=250,
        minutes={"beoordelen": 35},
        asks={"beoordelen": 0.2},
        rejects=(("auto", "kenteken", "pattern", 0.17), ("start", "ingangsdatum", "too-early", 0.05)),
        leaves=0.08,
        grants=0.93,
    ),
    "verhuizing": Service(
        season=_hump(225, 70, 0.9),
        at_once=(0.83, 0.83),
        minutes={"beoordelen": 25},
        asks={"beoordelen": 0.3},
        rejects=(("wanneer", "verhuisdatum", "too-early", 0.06), ("nieuw", "nieuw_adres", "not-found", 0.09)),
        leaves=0.06,
        grants=0.97,
        result=("verwerkt", "niet-verwerkt"),
        table="verhuizing",
    ),
    "melding-openbare-ruimte": Service(
        season=lambda day: 1 + 0.4 * cos(tau * (day - 320) / 365) + (2.5 if day % 47 == 0 else 0),
        minutes={"oplossen": 70},
        asks={"oplossen": 0.06},
        rejects=(("waar", "plek", "required", 0.07),),
        leaves=0.14,
        grants=0.9,
        result=("opgelost", "niet-opgelost"),
        who="anonymous",
        elsewhere=0.16,
        misrouted=0.09,
    ),
    "evenementenvergunning": Service(
        season=_hump(110, 80, 2.2),
        minutes={"controleren": 45, "advies-veiligheid": 50, "advies-verkeer": 35, "besluiten": 75, "approve": 12},
        asks={"controleren": 0.42, "besluiten": 0.04},
        rejects=(
            ("bijlagen", "situatietekening", "required", 0.21),
            ("wanneer", "begindatum", "too-early", 0.12),
            ("bezoekers", "bezoekers", "number", 0.04),
        ),
        leaves=0.24,
        grants=0.92,
        who="business",
        examples={
            "Klein buurtfeest zonder iets bijzonders": 0.62,
            "Festival met alles erop en eraan": 0.16,
            "Precies 500 bezoekers vraagt nog geen veiligheidsplan": 0.22,
        },
    ),
}
