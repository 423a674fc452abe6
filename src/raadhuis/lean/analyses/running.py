"""Carrying expressions out on DuckDB, over the files of one encoded log.

In: an expression. Out: rows as tuples, in the order of its columns.
Always holds: Ibis only writes the SQL, and the same connection as everywhere in this room carries it out. Its own
DuckDB backend would bring pandas and PyArrow into every process that serves pages (docs/lean.md).
"""

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from raadhuis.kernel.problems import Problem, gettext, gettext_noop
from raadhuis.lean import store
from raadhuis.lean.analyses import expressions
from raadhuis.lean.engine import opened, quoted

TABLES = {
    "steps": expressions.STEPS,
    "cases": expressions.CASES,
    "arcs": expressions.ARCS,
    "attributes": expressions.ATTRIBUTES,
    "intervals": expressions.INTERVALS,
    "calendar": expressions.CALENDAR,
}
_KINDS = {"int32": "INTEGER", "int64": "BIGINT", "string": "VARCHAR", "boolean": "BOOLEAN"}


class TooLarge(Problem):
    """A figure of so many cases at once does not fit in the memory that the engine has."""

    status = 422
    code = "too-large"
    title = gettext_noop("Hiervoor is dit logboek te groot")

    def __init__(self) -> None:
        super().__init__(
            gettext("Dit cijfer past niet in het geheugen dat ervoor is. Kies een kortere periode, dan lukt het wel.")
        )


class Running:
    """One encoded log, ready to be asked."""

    def __init__(self, made: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._made, self.folder = made, folder
        kept = self._kept()
        for table in TABLES:
            if table in kept:
                made.execute(f"CREATE VIEW {table} AS SELECT * FROM kept.{table}")  # noqa: S608
            else:
                self._see(table)

    def _kept(self) -> set[str]:
        """The tables that the engine has in its own form."""
        if not (self.folder / store.FILE).exists():
            return set()
        self._made.execute(f"ATTACH {quoted(self.folder / store.FILE)} AS kept (READ_ONLY)")
        query = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'kept'"
        return {name for (name,) in self._made.execute(query).fetchall()}

    def _see(self, table: str) -> None:
        """Of a table that this log does not have, an empty one."""
        if any((self.folder / table).glob("*.parquet")):
            files = quoted(self.folder / table / "*.parquet")
            self._made.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({files})")  # noqa: S608
        elif table == "arcs":
            self._made.execute(f"CREATE VIEW arcs AS {store.ARCS}")
        else:
            columns = ", ".join(f'"{name}" {_KINDS[kind]}' for name, kind in TABLES[table].items())
            self._made.execute(f"CREATE TABLE {table} ({columns})")

    def rows(self, expression: Any) -> list[tuple[Any, ...]]:
        """All rows of an expression that is small once worked out. Raises TooLarge, as all that asks."""
        with self._asking() as asked:
            return asked.execute(sql_of(expression)).fetchall()

    def one(self, expression: Any) -> tuple[Any, ...]:
        """The one row of an expression without groups."""
        return self.rows(expression)[0]

    def told(self, query: str, mine: str) -> list[tuple[Any, ...]]:
        """All rows of a query over `mine`, which is SQL too: for what only our own journal has."""
        with self._asking() as asked:
            return asked.execute(f"WITH mine AS ({mine}) SELECT * FROM ({query})").fetchall()  # noqa: S608

    def arrays(self, expression: Any) -> dict[str, Any]:
        """The columns of an expression without missing values, as numpy arrays."""
        with self._asking() as asked:
            return dict(asked.execute(sql_of(expression)).fetchnumpy())

    def named(self, table: str) -> list[str]:
        """What the integers of "activities", "resources" or "teams" stand for, by integer."""
        file = quoted(self.folder / f"{table}.parquet")
        with self._asking() as asked:
            return [str(name) for _, name in asked.execute(f"SELECT * FROM {file} ORDER BY 1").fetchall()]  # noqa: S608

    @contextlib.contextmanager
    def _asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self._made.cursor() as asked:  # Threads do not share a cursor.
                yield asked
        except duckdb.OutOfMemoryException:
            raise TooLarge from None


# Opening one costs some tens of milliseconds, and a page asks several figures. The oldest are closed.
MOST_OPEN = 6


@lru_cache(maxsize=MOST_OPEN)
def running(folder: Path) -> Running:
    """The log that was encoded in `folder`, of which the files never change; kept open."""
    store.ensure(folder)
    return Running(opened(), folder)


def sql_of(expression: Any) -> str:
    """The SQL of DuckDB for an expression."""
    return _written(expression.op())


# Writing takes some milliseconds, often more than carrying out, and most pages ask the same again.
MOST_WRITTEN = 500


@lru_cache(maxsize=MOST_WRITTEN)
def _written(operation: Any) -> str:
    """The same for what an expression does: operations are equal when they do the same, expressions are not."""
    from ibis.backends.sql.compilers import DuckDBCompiler

    compiler = DuckDBCompiler()
    return str(compiler.to_sqlglot(operation.to_expr()).sql(dialect=compiler.dialect))
