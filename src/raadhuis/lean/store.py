"""An encoded log once more, laid out for the engine of one machine; and its arcs, counted by day.

In: the folder of an encoded log. Out, in it:

- `log.duckdb`: the tables that analyses pass over, in the engine's own form, which costs a fifth to two fifths
  less to read than Parquet; cases stand in order of how long they took, so that percentiles need hardly any sorting.
- `arcs/*.parquet`, while a log is encoded: by the day on which cases began and by previous and present activity, how
  many steps there are; of these the `first` of their activity in their case, those done `again`, the `second` time of
  each, and those done again `at_once`, right after themselves. What is asked of the whole log, or of a period, is a sum
  of some rows.

Always holds: the Parquet files are the log, and what Spark reads; `log.duckdb` is made of them, and made again when it
is not there. Files appear whole, by renaming; of two makers at once one wins, with the same content.
"""

import uuid
from pathlib import Path

import duckdb

from raadhuis.lean.engine import Columns, copy, engine, quoted

FILE = "log.duckdb"
# Cases come first: a table that is there already is laid out anew when a later one has larger groups.
TABLES = ("cases", "steps", "arcs", "intervals")
_ORDER = {"cases": "ORDER BY duration"}
# An engine shares a table out over its cores by groups of rows; of a million cases a second core costs more than it
# saves. Steps keep the engine's own measure.
_GROUPED = {"cases": " (ROW_GROUP_SIZE 1048576)"}
# Integers are packed in bits whatever is tried, and names are short: trying more takes a fifth of the time in vain.
_NOT_TRIED = "rle,fsst,dict_fsst,alp,alprd,chimp,patas,zstd,roaring"
_DAY_AND_ARC = "start_day, previous_activity, activity"
_COUNTS = (
    f"SELECT {_DAY_AND_ARC}, count(*) AS count, count(*) FILTER (WHERE nth = 1) AS first, "
    "count(*) FILTER (WHERE nth > 1) AS again, count(*) FILTER (WHERE nth = 2) AS second, "
    "count(*) FILTER (WHERE nth > 1 AND previous_activity = activity) AS at_once FROM"
)
ARCS = f'{_COUNTS} steps JOIN cases USING ("case") GROUP BY {_DAY_AND_ARC}'
"""The arcs of a log that was encoded before they were counted: the same rows, counted whenever they are asked for."""


def count_arcs(made: duckdb.DuckDBPyConnection, steps: Columns, target: Path) -> None:
    """Writes the arcs of some cases: of their steps previous_activity, activity, nth, and the day their case began."""
    made.register("counted", {name: steps[name] for name in ("start_day", "previous_activity", "activity", "nth")})
    try:
        copy(made, f"{_COUNTS} counted GROUP BY {_DAY_AND_ARC} ORDER BY {_DAY_AND_ARC}", target)
    finally:
        made.unregister("counted")


def ensure(folder: Path) -> bool:
    """Makes `log.duckdb` when it is not there; whether it did. Of a log without steps there is nothing to make."""
    if (folder / FILE).exists() or not any((folder / "cases").glob("*.parquet")):
        return False
    aside = folder / f"{uuid.uuid4()}.making"
    try:
        for table in TABLES:  # Each by an engine of its own: what one holds in memory is not there beside the next.
            if any((folder / table).glob("*.parquet")):
                _take_over(aside, folder, table)
        aside.rename(folder / FILE)
    finally:
        for left in folder.glob(f"{aside.name}*"):
            left.unlink()
    return True


def _take_over(aside: Path, folder: Path, table: str) -> None:
    files = f"read_parquet({quoted(folder / table / '*.parquet')})"
    with engine(threads=1) as made:
        made.execute(f"ATTACH {quoted(aside)} AS kept{_GROUPED.get(table, '')}")
        made.execute(f"SET disabled_compression_methods = {quoted(_NOT_TRIED)}")
        made.execute(f"CREATE TABLE kept.{table} AS SELECT * FROM {files} {_ORDER.get(table, '')}")  # noqa: S608
        made.execute("CHECKPOINT kept")
        made.execute("DETACH kept")
