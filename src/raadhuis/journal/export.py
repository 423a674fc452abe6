"""The journal as Parquet, partitioned by month, written a bit further each time.

In: a folder. Out: files `events/month=2026-11/000000000001-000000004711.parquet`.
Always holds: an event is in exactly one file; a file appears whole or not at all (written aside, then renamed);
what an interrupted export left beyond the cursor is thrown away and written again.
"""

import contextlib
import os
import tempfile
from collections import defaultdict
from pathlib import Path

import duckdb
import orjson

from raadhuis.journal import queries
from raadhuis.journal.actions import move_cursor
from raadhuis.journal.schema import EventView, Exported
from raadhuis.kernel.db import durable

# A file of this many events is some megabytes: large enough to read fast, small enough to make in memory.
PER_FILE = 100_000
_COLUMNS = (
    "{sequence: 'BIGINT', id: 'UUID', time: 'TIMESTAMPTZ', kind: 'VARCHAR', kind_version: 'SMALLINT', zaak: 'UUID', "
    "application: 'UUID', subjects: 'VARCHAR', actor: 'VARCHAR', role: 'VARCHAR', channel: 'VARCHAR', "
    "service: 'VARCHAR', service_version: 'INTEGER', activity: 'VARCHAR', data: 'VARCHAR'}"
)


def export(folder: Path) -> Exported:
    """Writes everything since the last export to this folder. Raises OSError when the disk refuses."""
    root = folder / "events"
    root.mkdir(parents=True, exist_ok=True)
    reader = f"parquet:{folder.resolve().as_posix()[-32:]}"
    start = queries.cursor_of(reader)
    _drop_unfinished(root, start)
    events, files, position = 0, [], start
    while batch := _batch(position):
        by_month: dict[str, list[EventView]] = defaultdict(list)
        for event in batch:
            by_month[event.time.strftime("%Y-%m")].append(event)
        files += [_write(root / f"month={month}", rows) for month, rows in sorted(by_month.items())]
        events, position = events + len(batch), batch[-1].sequence
        with durable():
            move_cursor(reader, position)
    return Exported(events, files, position)


def _batch(position: int) -> list[EventView]:
    batch: list[EventView] = []
    while len(batch) < PER_FILE and (more := queries.after(position)):
        batch += more
        position = more[-1].sequence
    return batch


def _drop_unfinished(root: Path, cursor: int) -> None:
    for file in root.glob("month=*/*.parquet*"):
        if not file.name.endswith(".parquet") or int(file.name.split("-")[0]) > cursor:
            file.unlink()


def _row(event: EventView) -> dict[str, object]:
    return {
        "sequence": event.sequence,
        "id": str(event.id),
        "time": event.time.isoformat(),
        "kind": event.kind,
        "kind_version": event.kind_version,
        "zaak": event.zaak and str(event.zaak),
        "application": event.application and str(event.application),
        "subjects": orjson.dumps(event.subjects).decode(),
        "actor": event.actor,
        "role": event.role,
        "channel": event.channel,
        "service": event.service,
        "service_version": event.service_version,
        "activity": event.activity,
        "data": orjson.dumps(event.data).decode(),
    }


def _write(folder: Path, rows: list[EventView]) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{rows[0].sequence:012d}-{rows[-1].sequence:012d}.parquet"
    aside = target.with_suffix(".parquet.part")
    with tempfile.NamedTemporaryFile(suffix=".ndjson", dir=folder, delete=False) as lines:
        for row in rows:
            lines.write(orjson.dumps(_row(row)) + b"\n")
    try:
        with contextlib.closing(duckdb.connect()) as engine:
            engine.execute("SET threads = 1")
            engine.execute(
                f"COPY (SELECT * FROM read_json(?, format='newline_delimited', columns={_COLUMNS}) ORDER BY sequence) "  # noqa: S608
                f"TO '{str(aside).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd)",
                [lines.name],
            )
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.rename(target)
    finally:
        Path(lines.name).unlink(missing_ok=True)
    return f"{folder.name}/{target.name}"
