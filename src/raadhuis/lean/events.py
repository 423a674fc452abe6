"""The internal event table: what every reader writes and every writer reads.

In: columns of events in the order of the source. Out: `events/*.parquet`, of which the columns are SCHEMA, and
`told/*.parquet` with what the source tells of cases themselves (case, attributes).
Always holds: `sequence` counts from 0 in the source's order and breaks every tie in time; `time` is microseconds since
1970 in UTC; empty text means that the source told nothing; `attributes` is a JSON object, or empty.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy

from raadhuis.lean.engine import quoted, write

SCHEMA = {
    "case": "VARCHAR",
    "activity": "VARCHAR",
    "time": "BIGINT",
    "lifecycle": "VARCHAR",
    "resource": "VARCHAR",
    "team": "VARCHAR",
    "attributes": "VARCHAR",
    "sequence": "BIGINT",
}
TEXTS = [name for name, kind in SCHEMA.items() if kind == "VARCHAR"]
# Some megabytes of Python objects: enough for the engine to work in bulk.
AT_ONCE = 20_000


class Sink:
    """Collects events in columns and writes them a file at a time. A reader appends to the lists itself, for speed."""

    def __init__(self, made: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._made, self._folder = made, folder
        self._files = self._told_files = self._before = self._waiting = 0
        self.columns: dict[str, list[Any]] = {name: [] for name in SCHEMA if name != "sequence"}
        self._parts: list[dict[str, Any]] = []
        self._told: dict[str, list[Any]] = {"case": [], "attributes": []}

    def appends(self, *names: str) -> list[Callable[[Any], None]]:
        """The `append` of these columns."""
        return [self.columns[name].append for name in names]

    def take(self, columns: dict[str, Any]) -> None:
        """Many events at once: an array under each name. The lists are of one length, as they always are between events
        of which the case is known.
        """
        self._gather()
        self._parts.append(columns)
        self._waiting += len(columns["time"])

    def case_attributes(self, case: str, attributes: str) -> None:
        """What the source tells of a case itself: a JSON object."""
        self._told["case"].append(case)
        self._told["attributes"].append(attributes)

    @property
    def rows(self) -> int:
        """How many events were given so far."""
        return self._before + self._waiting + len(self.columns["time"])

    def settle(self, *, whole: bool = False) -> None:
        """Writes what was collected, when it is much, or all of it."""
        count = self.rows - self._before
        if count and (whole or count >= AT_ONCE):
            self._gather()
            arrays = {name: numpy.concatenate([part[name] for part in self._parts]) for name in self.columns}
            arrays["sequence"] = numpy.arange(self._before, self._before + count, dtype=numpy.int64)
            write(self._made, arrays, self._folder / "events" / f"{self._files:06d}.parquet")
            self._files, self._before, self._waiting = self._files + 1, self._before + count, 0
            self._parts.clear()
        told = len(self._told["case"])
        if told and (whole or told >= AT_ONCE):
            write(self._made, _arrays(self._told), self._folder / "told" / f"{self._told_files:06d}.parquet")
            self._told_files += 1

    def _gather(self) -> None:
        if count := len(self.columns["time"]):
            self._parts.append(_arrays(self.columns))
            self._waiting += count


def _arrays(columns: dict[str, list[Any]]) -> dict[str, Any]:
    """The lists as arrays; the lists are emptied."""
    arrays = {
        name: numpy.array(values, dtype=object if SCHEMA[name] == "VARCHAR" else numpy.int64)
        for name, values in columns.items()
    }
    for values in columns.values():
        values.clear()
    return arrays


def relation(folder: Path) -> str:
    """The events that were written below a folder, as SQL."""
    return f"SELECT * FROM read_parquet({quoted(folder / 'events' / '*.parquet')})"  # noqa: S608
