"""The journal as Parquet, partitioned by month, written a bit further each time.

In: a folder. Out: files `events/month=2026-11/000000000001-000000004711.parquet`.
Always holds: an event is in exactly one file; a file appears whole or not at all (written aside, then renamed);
what an interrupted export left beyond the cursor is thrown away and written again; a folder that lost its files
starts anew. One export a folder at a time.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
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
_NAME = re.compile(r"(\d{12,})-\d{12,}\.parquet")


def export(folder: Path) -> Exported:
    """Writes everything since the last export to this folder. Raises OSError when the disk refuses."""
    root = folder / "events"
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root):
        return _export(root, reader_of(folder))


def reader_of(folder: Path) -> str:
    """The name under which the journal remembers how far this folder is."""
    return f"parquet:{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]}"


def _export(root: Path, reader: str) -> Exported:
    start = queries.cursor_of(reader) if any(root.glob("month=*/*.parquet")) else 0
    _drop_unfinished(root, start)
    events, files, position = 0, [], start
    while batch := _batch(position):
        by_month: dict[str, list[EventView]] = defaultdict(list)
        for event in batch:
            by_month[event.time.strftime("%Y-%m")].append(event)
        files += [_write(root / f"month={month}", rows) for month, rows in sorted(by_month.items())]
        _sync(root)
        events, position = events + len(batch), batch[-1].sequence
        with durable():
            move_cursor(reader, position)
    return Exported(events, files, position)


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OSError(errno.EBUSY, "another export to this folder is running") from error
        yield


def _sync(folder: Path) -> None:
    """Names in a folder are on disk only when the folder itself is; the cursor may not be ahead of them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _batch(position: int) -> list[EventView]:
    batch: list[EventView] = []
    while len(batch) < PER_FILE and (more := queries.after(position)):
        batch += more
        position = more[-1].sequence
    return batch


def _drop_unfinished(root: Path, cursor: int) -> None:
    for file in root.glob("month=*/*"):
        named = _NAME.fullmatch(file.name)
        if file.suffix in {".part", ".ndjson"} or (named and int(named.group(1)) > cursor):
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
        _sync(folder)
    except duckdb.IOException as error:
        raise OSError(errno.EIO, str(error)) from error
    finally:
        Path(lines.name).unlink(missing_ok=True)
        aside.unlink(missing_ok=True)
    return f"{folder.name}/{target.name}"
