"""Statements that are put together once, and then only asked.

In: a queryset, with `Given("name")` in the place of what differs from one time to the next; later the values by name.
Out: what the queryset would have given: rows of a model, tuples, or single values.
Always holds: what the database hears is what the queryset itself would have said; a value is never part of the SQL.

Putting a queryset into SQL costs more CPU than asking it and reading twenty rows. What is asked on every page, or in
every submission, is therefore written as a Statement, at the top of its module; the rest stays a queryset.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.constants import OnConflict
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

from raadhuis.kernel.values import columns_of, values_of

Row = TypeVar("Row")
_Raw = Sequence[Any]

_PLACE = re.compile("%%|%s")
# What the database's driver does not take as it is.
_ADAPTED: dict[type, Any] = {
    UUID: models.UUIDField(),
    datetime: models.DateTimeField(),
    date: models.DateField(),
}


class Given(models.Expression):
    """The place in a queryset of a value that is told when the statement is asked. Text is compared, never searched."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A place, and this expression as what stands in it until there is a value."""
        return "%s", [self]


class _Written(NamedTuple):
    """A queryset in the words of one kind of database."""

    sql: str
    places: list[Any]
    converters: list[tuple[int, list[Any], Any]]
    made: Callable[[_Raw], Any]
    locks: bool


class Statement(Generic[Row]):
    """A queryset that is put into SQL the first time it is asked. `ask` makes it, and is called for that alone.

    With `texts` ids come as text: of what is only put into an address no UUID need be made.
    """

    def __init__(self, ask: Callable[[], "models.QuerySet[Any, Row]"], *, texts: bool = False) -> None:
        self._ask, self._texts = ask, texts
        self._written: dict[str, _Written] = {}

    def all(self, **values: Any) -> list[Row]:
        """What it finds. Raises KeyError when a Given has no value."""
        connection = _connection()
        written = self._written.get(connection.vendor) or self._write(connection)
        if written.locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked within a transaction only")
        places = [_adapted(values[one.name], connection) if isinstance(one, Given) else one for one in written.places]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, places)
            rows: Iterable[_Raw] = cursor.fetchall()
        if written.converters:
            rows = _converted(rows, written.converters, connection)
        return [written.made(row) for row in rows]

    def first(self, **values: Any) -> Row | None:
        """The first of what it finds, or None. The queryset says how many are read: `[:1]`."""
        found = self.all(**values)
        return found[0] if found else None

    def _write(self, connection: BaseDatabaseWrapper) -> _Written:
        queryset = self._ask()
        compiler = queryset.query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        if connection.vendor == "postgresql":
            sql = _with_texts(sql, compiler) if self._texts else sql
            sql, places = settled(sql, places, connection)
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(columns)
        converters = [(place, _quick(convert), column) for place, (convert, column) in found.items()]
        if self._texts:
            ids = {place for place, one in enumerate(columns) if isinstance(one.output_field, models.UUIDField)}
            kept = [one for one in converters if one[0] not in ids]
            converters = [*kept, *((place, [_as_text], columns[place]) for place in sorted(ids))]
        locks = queryset.query.select_for_update
        written = _Written(sql, list(places), converters, _maker(queryset, compiler), locks)
        self._written[connection.vendor] = written
        return written


class _AnyOf(Given):
    """The ids that a statement is about, however many: to the database they are one value."""

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A list in JSON, which SQLite reads as rows and seeks by."""
        return "(SELECT value FROM json_each(%s))", [self]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """An array, as one text: a list would be written element by element."""
        return "(SELECT unnest(%s::uuid[]))", [self]


class Several:
    """A queryset about several ids, put into SQL once for any number of them. Ids go in and come out as text."""

    def __init__(self, ask: Callable[[Any], "models.QuerySet[Any, Any]"]) -> None:
        self._statement: Statement[tuple[Any, ...]] = Statement(lambda: ask(_AnyOf("ids")), texts=True)

    def all(self, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        """What it finds for these ids ("0190…-…")."""
        if not ids:
            return []
        if _connection().vendor == "postgresql":
            return self._statement.all(ids=f"{{{','.join(ids)}}}")
        return self._statement.all(ids=orjson.dumps([id.replace("-", "") for id in ids]).decode())


def settled(sql: str, places: Iterable[Any], connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
    """A statement in which the values that never differ are written by the driver once, and not each time (PostgreSQL).

    Only the places of what is Given are left.
    """
    from psycopg.sql import Literal

    connection.ensure_connection()
    given, left = iter(places), []

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        value = next(given)
        if isinstance(value, Given):
            left.append(value)
            return "%s"
        return Literal(_adapted(value, connection)).as_string(connection.connection).replace("%", "%%")

    return _PLACE.sub(written, sql), left


def _with_texts(sql: str, compiler: Any) -> str:
    """The same, with ids as text from the database itself."""
    quoted = compiler.connection.ops.quote_name
    names = [f" AS {quoted(alias)}" if alias else "" for _, _, alias in compiler.select]
    selected = [words for _, (words, _), _ in compiler.select]
    head = f"SELECT {', '.join(map(operator.add, selected, names))} "
    if not sql.startswith(head):
        return sql
    texts = [
        f"{words}::text{name}" if isinstance(column.output_field, models.UUIDField) else f"{words}{name}"
        for (column, _, _), words, name in zip(compiler.select, selected, names, strict=True)
    ]
    return f"SELECT {', '.join(texts)} {sql[len(head) :]}"


def _connection() -> BaseDatabaseWrapper:
    """This thread's own; `django.db.connection` looks it up anew for each attribute."""
    return connections[DEFAULT_DB_ALIAS]


def _adapted(value: Any, connection: BaseDatabaseWrapper) -> Any:
    if type(value) is UUID:  # The most of them by far; the field would ask the connection for each.
        return value if connection.vendor == "postgresql" else value.hex
    field = _ADAPTED.get(type(value))
    return value if field is None else field.get_db_prep_value(value, connection)


def _quick(converters: Any) -> list[Any]:
    """The converters of a column; the one that makes an id of its digits without asking the connection."""
    if [getattr(one, "__name__", "") for one in converters] == ["convert_uuidfield_value"]:
        return [_as_uuid]
    return list(converters)


def _as_uuid(value: str | None, column: Any, connection: Any) -> UUID | None:
    return UUID(int=int(value, 16)) if value is not None else None


def _as_text(value: str | UUID | None, column: Any, connection: Any) -> str | None:
    if value is None or (isinstance(value, str) and len(value) == 36):
        return value
    if isinstance(value, UUID):
        return str(value)
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _converted(
    rows: Iterable[_Raw], converters: list[tuple[int, list[Any], Any]], connection: BaseDatabaseWrapper
) -> Iterable[_Raw]:
    for row in map(list, rows):
        for place, convert, column in converters:
            for one in convert:
                row[place] = one(row[place], column, connection)
        yield row


def _maker(queryset: "models.QuerySet[Any, Any]", compiler: Any) -> Callable[[_Raw], Any]:
    """What makes of a row what the queryset would have made of it."""
    if queryset._iterable_class is FlatValuesListIterable:
        return lambda row: row[0]
    if queryset._iterable_class is not ModelIterable:
        return tuple
    info, select, database = compiler.klass_info, compiler.select, queryset.db
    first, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, _, _ in select[first:end]]
    related = get_related_populators(info, select, database)  # type: ignore[call-arg]  # the stubs are of 6
    counted = list(compiler.annotation_col_map.items())

    def made(row: _Raw) -> Any:
        found = info["model"].from_db(database, names, row[first:end])
        for one in related:
            one.populate(row, found)
        for name, place in counted:
            setattr(found, name, row[place])
        return found

    return made


def insert(*rows: models.Model, unless_there: bool = False, first: str = "") -> None:
    """New rows of one model, in one INSERT; with `unless_there` those that are there already stay as they are.

    No key that the database makes comes back. `first` is a statement that goes before, in the same message: on
    PostgreSQL, to which values are sent within the words, that is one way to the server instead of two.
    """
    model, connection = type(rows[0]), _connection()
    columns = columns_of(model, connection)
    sql = _insert_sql(connection.vendor, model, len(rows), unless_there)
    values = [value for row in rows for value in values_of(row, columns, connection, adding=True)]
    with connection.cursor() as cursor:
        cursor.execute(f"{first}; {sql}" if first else sql, values)
    _are_there(rows, connection)


def insert_many(rows: Sequence[models.Model]) -> None:
    """New rows of one model, however many: what the database takes quickest. Nothing for none.

    PostgreSQL copies them in (COPY); SQLite is told one INSERT, and then only values. Triggers see each row.
    """
    if not rows:
        return
    model, connection = type(rows[0]), _connection()
    columns = columns_of(model, connection)
    values = (values_of(row, columns, connection, adding=True) for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(_copy_sql(model)) as copy:
                for one in values:
                    copy.write_row(one)
        else:
            cursor.executemany(_insert_sql(connection.vendor, model, 1, False), list(values))
    _are_there(rows, connection)


def _are_there(rows: Iterable[models.Model], connection: BaseDatabaseWrapper) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(row: models.Model, *names: str) -> None:
    """Writes these fields of a row that is there; nothing for none."""
    if not names:
        return
    connection, model = _connection(), type(row)
    columns = columns_of(model, connection, *names, cast(Any, model._meta).pk.name)
    values = values_of(row, columns, connection, adding=False)
    with connection.cursor() as cursor:
        cursor.execute(_update_sql(connection.vendor, model, names), values)


def changed(row: models.Model, before: Mapping[str, Any]) -> list[str]:
    """The fields of a row that say something else than `before`, which is what `vars(row)` was, copied."""
    columns = columns_of(type(row), _connection())
    return [column.field.name for column in columns if getattr(row, column.name) != before.get(column.name)]


@lru_cache(maxsize=256)
def _copy_sql(model: type[models.Model]) -> str:
    quoted = _connection().ops.quote_name
    names = ", ".join(quoted(column.field.column) for column in columns_of(model, _connection()))
    return f"COPY {quoted(model._meta.db_table)} ({names}) FROM STDIN"


@lru_cache(maxsize=1024)
def _insert_sql(vendor: str, model: type[models.Model], count: int, unless_there: bool) -> str:
    ops, conflict = _connection().ops, OnConflict.IGNORE if unless_there else None
    fields = [column.field for column in columns_of(model, _connection())]
    columns = ", ".join(ops.quote_name(field.column) for field in fields)
    places = f"({', '.join(['%s'] * len(fields))})"
    words = f"{ops.insert_statement(on_conflict=conflict)} {ops.quote_name(model._meta.db_table)} ({columns}) VALUES"
    return f"{words} {', '.join([places] * count)} {ops.on_conflict_suffix_sql(fields, conflict, [], [])}"


@lru_cache(maxsize=256)
def _update_sql(vendor: str, model: type[models.Model], names: tuple[str, ...]) -> str:
    quoted, meta = _connection().ops.quote_name, cast(Any, model._meta)
    changes = ", ".join(f"{quoted(meta.get_field(name).column)} = %s" for name in names)
    return f"UPDATE {quoted(meta.db_table)} SET {changes} WHERE {quoted(meta.pk.column)} = %s"  # noqa: S608 - names
