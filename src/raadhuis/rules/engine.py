"""The engine behind our own interface: a table compiled once, asked which rows match.

In: a table, and facts that were checked already. Out: the numbers of the matching rows, and the engine's own trace.
Always holds: the engine gets conditions and facts only; outcomes and reasons never leave our hands, so that the worst
it can do is choose a row, and that choice is compared with our own evaluation of the cells.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import zen

from raadhuis.rules import cells
from raadhuis.rules.cells import Test
from raadhuis.rules.schema import DecisionTable
from raadhuis.rules.values import Value, for_engine

MAX_CACHED: Final = 256
MAX_ROWS: Final = 2000
MAX_INPUTS: Final = 60
_KEY: Final = "table"


class BadTable(ValueError):
    """The table cannot be compiled; the message says where."""


def table_version(table: DecisionTable) -> str:
    """SHA-256 (hex) of the table's canonical JSON: keys sorted, defaults left out."""
    return hashlib.sha256(msgspec.json.encode(table, order="deterministic")).hexdigest()


class Compiled:
    """A table with its cells read. `tests` holds, for each row, the tests of its cells by fact."""

    __slots__ = ("_engine", "_fields", "table", "tests", "version")

    def __init__(self, table: DecisionTable, version: str) -> None:
        self.table = table
        self.version = version
        self.tests = _read(table)
        self._fields = {column.fact: f"f{n}" for n, column in enumerate(table.inputs)}
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {_KEY: _graph(table, self.tests)}}})

    def rows(self, facts: Mapping[str, Value]) -> tuple[list[int], dict[str, Any]]:
        """(numbers of the matching rows, trace). `facts` has every input. Raises RuntimeError when the engine fails."""
        context = {field: for_engine(facts[fact]) for fact, field in self._fields.items()}
        try:
            answer = self._engine.evaluate(_KEY, context, {"trace": True})
            found = answer["result"]
            hits = found if isinstance(found, list) else [found] if found else []
            return [int(hit["row"]) for hit in hits], _trace(answer, self._fields)
        except Exception as error:
            raise RuntimeError(f"the engine could not evaluate table {self.table.id}: {error}") from error


def _trace(answer: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    return {"engine": answer.get("trace", {}), "fields": {field: fact for fact, field in fields.items()}}


def _read(table: DecisionTable) -> list[dict[str, Test]]:
    if len(table.rows) > MAX_ROWS or len(table.inputs) > MAX_INPUTS:
        raise BadTable(f"more than {MAX_ROWS} rows or {MAX_INPUTS} columns")
    types = {column.fact: column.type for column in table.inputs}
    read = []
    for row in table.rows:
        tests: dict[str, Test] = {}
        for fact, cell in row.when.items():
            if fact not in types:
                raise BadTable(f"row {row.id} asks for {fact!r}, which is no column")
            try:
                tests[fact] = cells.parse(cell, types[fact])
            except cells.BadCell as error:
                raise BadTable(f"row {row.id}, column {fact}: {error}") from error
        read.append(tests)
    return read


def _graph(table: DecisionTable, tests: list[dict[str, Test]]) -> dict[str, Any]:
    columns = list(enumerate(column.fact for column in table.inputs))
    rules = [
        {"_id": str(number), "o": str(number)}
        | {f"i{n}": row[fact].for_engine() if fact in row else "" for n, fact in columns}
        for number, row in enumerate(tests)
    ]
    content = {
        "hitPolicy": table.hit,
        "inputs": [{"id": f"i{n}", "name": fact, "field": f"f{n}"} for n, fact in columns],
        "outputs": [{"id": "o", "name": "row", "field": "row"}],
        "rules": rules,
    }
    return {
        "nodes": [
            {"id": "facts", "type": "inputNode", "name": "facts"},
            {"id": "rows", "type": "decisionTableNode", "name": table.id, "content": content},
            {"id": "outcome", "type": "outputNode", "name": "outcome"},
        ],
        "edges": [
            {"id": "in", "type": "edge", "sourceId": "facts", "targetId": "rows"},
            {"id": "out", "type": "edge", "sourceId": "rows", "targetId": "outcome"},
        ],
    }


_cache: OrderedDict[str, Compiled] = OrderedDict()
_lock = threading.Lock()


def compiled(table: DecisionTable) -> Compiled:
    """The compiled table, from the cache when this version was seen before. Raises BadTable."""
    version = table_version(table)
    with _lock:
        found = _cache.get(version)
        if found is not None:
            _cache.move_to_end(version)
            return found
    made = Compiled(table, version)
    with _lock:
        _cache[version] = made
        while len(_cache) > MAX_CACHED:
            _cache.popitem(last=False)
    return made
