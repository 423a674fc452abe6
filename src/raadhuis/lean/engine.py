"""DuckDB, as this room uses it: within the memory of one setting, in UTC, and without reaching outside.

In: where scratch files may go. Out: a connection; Parquet files, whole or not at all.
Always holds: extensions are neither downloaded nor looked for; a file appears by renaming, so that who reads a folder
never sees half of one.
"""

import contextlib
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy
from django.conf import settings

Columns = Mapping[str, Any]
"""Names to numpy arrays of one length."""


# Numbers as their differences (version 2) and no dictionary of more than two thousand values: a quarter less work than
# filling one that is given up when it is full, and smaller.
_PARQUET = "COMPRESSION snappy, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 2000, ROW_GROUP_SIZE 122880"


@contextlib.contextmanager
def engine(scratch: Path | None = None, *, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own, closed at the end. With `scratch` a database file is made there and thrown away."""
    file = scratch / "scratch.duckdb" if scratch else None
    with contextlib.closing(opened(file)) as made:
        if scratch:
            made.execute(f"SET temp_directory = {quoted(scratch / 'spill')}")
            # What is read once or twice and then thrown away: making it small takes longer than writing it whole.
            made.execute("SET force_compression = 'uncompressed'")
        if threads:
            made.execute(f"SET threads = {threads:d}")
        yield made
    if file:
        file.unlink(missing_ok=True)


def opened(file: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection within the bounds of this room; in memory without a file."""
    made = duckdb.connect(str(file) if file else ":memory:")
    made.execute(f"SET memory_limit = '{settings.RAADHUIS_LEAN_MEMORY_MB}MB'")
    made.execute("SET autoinstall_known_extensions = false")
    # Of two columns with some hundred values each, groups are still counted in an array: 2^20 counters.
    made.execute("SET GLOBAL perfect_ht_threshold = 20")  # A plain SET does not reach the cursors.
    return made


def quoted(text: object) -> str:
    """As an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


def copy(made: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    """Writes the rows of a query to one Parquet file. Of two writers at once the last wins."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(f".{uuid.uuid4()}.part")
    made.execute(f"COPY ({query}) TO {quoted(aside)} (FORMAT parquet, {_PARQUET})")
    aside.rename(target)


def write(made: duckdb.DuckDBPyConnection, columns: Columns, target: Path) -> None:
    """Writes arrays to one Parquet file, in their order."""
    names = ", ".join(f'"{name}"' for name in columns)
    made.register("written", dict(columns))
    try:
        copy(made, f"SELECT {names} FROM written", target)  # noqa: S608 - names of our own
    finally:
        made.unregister("written")


def arrays(made: duckdb.DuckDBPyConnection, query: str, *values: object) -> dict[str, Any]:
    """The columns of a query as numpy arrays; where there is no value, the sentinel -1 of numbers."""
    found = made.execute(query, list(values)).fetchnumpy()
    return {
        name: column.filled(-1) if isinstance(column, numpy.ma.MaskedArray) else column
        for name, column in found.items()
    }
