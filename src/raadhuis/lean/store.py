"""An encoded log once more, laid out for the engine of one machine; and its arcs counted by day.

In: the folder of an encoded log. Out, in it:

- `arcs/all.parquet`: by the day on which cases began and by previous and present activity, how many steps there are;
  of these the `first` of their activity in their case, those done `again`, the `second` time of each, and those done
  again `at_once`, right after themselves. Whatever is asked of the whole log, or of a period, is a sum of some rows.
- `log.duckdb`: the tables that analyses pass over, in the engine's own form, which is read two times as fast as
  Parquet; cases stand in order of how long they took, so that percentiles need hardly any sorting.

Always holds: the Parquet files are the log, and what Spark reads; all here is made of them, and made again when it is
not there. Files appear whole, by renaming; of two makers at once one wins, with the same content.
"""

import uuid
from pathlib import Path
from typing import Any

from raadhuis.lean.engine import copy, engine, quoted

FILE = "log.duckdb"
TABLES = ("steps", "cases", "intervals")
_ORDER = {"steps": "", "cases": "ORDER BY duration", "intervals": ""}
# Integers are packed in bits whatever is tried, and names are short: trying more takes a quarter of the time in vain.
_NOT_TRIED = "rle,fsst,dict_fsst,alp,alprd,chimp,patas,zstd,roaring"
_ARCS = (
    "SELECT start_day, previous_activity, activity, count(*) AS count, count(*) FILTER (nth = 1) AS first, "
    "count(*) FILTER (nth > 1) AS again, count(*) FILTER (nth = 2) AS second, "
    "count(*) FILTER (nth > 1 AND previous_activity = activity) AS at_once "
    'FROM kept.steps JOIN kept.cases USING ("case") GROUP BY ALL ORDER BY ALL'
)


def ensure(folder: Path) -> bool:
    """Makes both when they are not there; whether it did. Of a log without steps there is nothing to make."""
    if (folder / FILE).exists() or not any((folder / "cases").glob("*.parquet")):
        return False
    aside = folder / f"{uuid.uuid4()}.making"
    try:
        with engine(threads=1) as made:
            made.execute(f"ATTACH {quoted(aside)} AS kept")
            made.execute(f"SET disabled_compression_methods = {quoted(_NOT_TRIED)}")
            for table in TABLES:
                _take_over(made, folder, table)
            copy(made, _ARCS, folder / "arcs" / "all.parquet")
            made.execute("CHECKPOINT kept")
            made.execute("DETACH kept")
        aside.rename(folder / FILE)
    finally:
        for left in folder.glob(f"{aside.name}*"):
            left.unlink()
    return True


def _take_over(made: Any, folder: Path, table: str) -> None:
    if any((folder / table).glob("*.parquet")):
        files = f"read_parquet({quoted(folder / table / '*.parquet')})"
        made.execute(f"CREATE TABLE kept.{table} AS SELECT * FROM {files} {_ORDER[table]}")  # noqa: S608
