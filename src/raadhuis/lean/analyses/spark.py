"""Carrying the same expressions out on Spark, over the same Parquet: where many towns are analysed together.

In: a Spark session that the caller made (PySpark is no dependency of the program), and the folders of encoded logs.
Out: rows as tuples, as `running` gives them.
Always holds: the session is pinned to UTC; percentiles are Spark's exact ones, linear as DuckDB's.
"""

from pathlib import Path
from typing import Any

import ibis
from ibis.backends.sql.compilers import PySparkCompiler
from ibis.config import Config

from raadhuis.lean import store
from raadhuis.lean.analyses.running import TABLES

_KINDS = {"int32": "INT", "int64": "BIGINT", "string": "STRING", "boolean": "BOOLEAN"}


class OnSpark:
    """One encoded log as Spark sees it. Of a table that the log does not have, an empty one."""

    def __init__(self, session: Any, folder: Path) -> None:
        if session.conf.get("spark.sql.session.timeZone") != "UTC":
            raise ValueError("pin the session to UTC: spark.sql.session.timeZone")
        self._session = session
        for table, columns in TABLES.items():
            shape = ", ".join(f"`{name}` {_KINDS[kind]}" for name, kind in columns.items())
            if any((folder / table).glob("*.parquet")):
                found = session.read.parquet(str(folder / table))
            elif table == "arcs":
                found = session.sql(store.ARCS.replace('"', "`"))
            else:
                found = session.createDataFrame([], shape)
            found.createOrReplaceTempView(table)

    def rows(self, expression: Any) -> list[tuple[Any, ...]]:
        """All rows of an expression."""
        return [tuple(row) for row in self._session.sql(sql_of(expression)).collect()]


class _Options(Config):  # type: ignore[misc]
    """What Ibis' own backend sets when it is loaded, which would bring pandas; its compiler alone asks for it too."""

    treat_nan_as_null: bool = False


def sql_of(expression: Any) -> str:
    """The SQL of Spark for an expression."""
    if ibis.options.pyspark is None:
        ibis.options.pyspark = _Options()
    compiler = PySparkCompiler()
    return str(compiler.to_sqlglot(expression.unbind()).sql(dialect=compiler.dialect))
