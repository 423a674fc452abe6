"""What happened, told as the journal's export tells it (`journal/export.py`).

In: events at moments of the simulated year. Out: one Parquet below `events/month=…/`.
Always holds: a moment is a number of seconds on a Dutch clock since the first midnight of the year; of two events at
one moment the one that was told first comes first.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import orjson

from raadhuis.kernel.clock import AMSTERDAM

DAY = 86_400.0


class Case:
    """An application, and the case that may come of it. `tasks`: by their keys in the definition."""

    def __init__(self, service: str, zaak: str, application: str, who: tuple[str, str]) -> None:
        self.service, self.zaak, self.application, self.who = service, zaak, application, who
        self.version = 1
        self.tasks: list[str] = []
        self.done: set[str] = set()
        self.offered: set[str] = set()
        self.closed = False


class Telling:
    """Collects events. `first`: the ordinal of the first day."""

    def __init__(self, first: int, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a story, no secret
        self._first = first
        self.rows: list[tuple[float, int, tuple[str | int | None, ...]]] = []

    def date_of(self, moment: float) -> date:
        """The Dutch day of a moment."""
        return date.fromordinal(self._first + int(moment // DAY))

    def uuid(self) -> str:
        """An id of nobody."""
        return str(UUID(int=self.chance.getrandbits(128)))

    def tell(
        self,
        moment: float,
        kind: str,
        case: Case,
        who: tuple[str, str],
        activity: str = "",
        /,
        *,
        id: str = "",
        **data: object,
    ) -> None:
        """An event of a case. `who`: pseudonym and role; `id`: of the task; `data` as `journal/kinds.py` has it."""
        actor, role = who
        of_application = kind.startswith("application.")
        channel = "system" if role == "system" else "desk" if role in {"handler", "team_lead"} else "web"
        row = (
            *(kind, None if of_application and kind != "application.submitted" else case.zaak),
            case.application if of_application or kind == "case.created" else None,
            orjson.dumps({"task": id} if id else {}).decode(),
            *(actor, role, channel, case.service, case.version, activity, orjson.dumps(data).decode()),
        )
        self.rows.append((moment, len(self.rows), row))

    def write(self, folder: Path) -> None:
        """The export; what lies beyond the year is left out."""
        import duckdb
        import numpy

        rows = sorted((row for row in self.rows if row[0] < 365 * DAY), key=lambda row: row[:2])
        names: tuple[str, ...] = ("kind", "zaak", "application", "subjects", "actor", "role", "channel", "service")
        names += ("service_version", "activity", "data")
        columns = {
            name: numpy.array([row[2][place] for row in rows], dtype="int32" if name == "service_version" else object)
            for place, name in enumerate(names)
        }
        columns["moment"] = numpy.array([self._micros(row[0]) for row in rows], dtype="int64")
        columns["sequence"] = numpy.arange(1, len(rows) + 1)
        target = folder / "events" / f"month={self.date_of(0):%Y-%m}"
        target.mkdir(parents=True)
        with duckdb.connect() as made:
            made.register("told", columns)
            made.execute(
                "COPY (SELECT sequence, uuid() AS id, make_timestamptz(moment) AS time, kind, "  # noqa: S608
                "1::SMALLINT AS kind_version, zaak::UUID AS zaak, application::UUID AS application, subjects, "
                "actor, role, channel, service, service_version, activity, data FROM told ORDER BY sequence) "
                f"TO '{target}/000000000001-{len(rows):012d}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )

    def _micros(self, moment: float) -> int:
        """µs since 1970 of a moment on the Dutch clock."""
        day, second = divmod(moment, DAY)
        return _midnight(self._first + int(day)) + int(second * 1_000_000)


@cache
def _midnight(ordinal: int) -> int:
    """µs since 1970 of the begin of a Dutch day, by what the clock shows at noon, when nobody changes it."""
    noon = datetime.combine(date.fromordinal(ordinal), time(12), AMSTERDAM).astimezone(UTC)
    return int((noon - timedelta(hours=12)).timestamp()) * 1_000_000
