"""Bringing a log in and throwing it away.

Always holds: a log is listed when its files are whole on disk, and its files go after it is listed no more; what an
interrupted import left is thrown away by a later one.
What works with DuckDB and numpy is loaded by the functions that need it: it is over 40 MB, and every process that
serves pages knows this module.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from django.conf import settings
from django.utils.translation import gettext

from raadhuis.journal.actions import append
from raadhuis.journal.queries import last_sequence
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM, Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed
from raadhuis.lean import access, queries
from raadhuis.lean.logs.report import BadLog, Report, Watch, unwatched
from raadhuis.lean.models import ColumnMapping, EventLog
from raadhuis.lean.public import FILE
from raadhuis.lean.schema import Imported

if TYPE_CHECKING:
    from raadhuis.lean.encoding import Encoded
    from raadhuis.lean.logs.reading import Used
    from raadhuis.lean.source import Source

# What is unfinished for so long was interrupted: no import takes a day.
UNFINISHED_SECONDS = 24 * 3600
# The name of our own log, by which commands find it.
OWN = "Raadhuis"


def import_log(
    file: Path,
    actor: Actor,
    *,
    name: str = "",
    mapping: Mapping[str, str] | None = None,
    watch: Watch = unwatched,
    id: UUID | None = None,
) -> Imported:
    """Reads a file into a log of its own, called `id` when that is told.

    `mapping`: which column (or object type) is what, see `reading`. What `watch` raises ends it, and nothing is listed.

    Raises BadLog when nothing in it can be used, Invalid for a mapping that does not fit, NotAllowed.
    """
    from raadhuis.lean.source import imported

    row = _row("imported", name or file.name.split(".")[0], file.name, actor, id)
    with _made(queries.folder_of(row.id)) as aside:
        report, used = _read(file, aside, mapping or {}, watch)

        def between() -> None:
            watch("working-out", 1.0, report.kept)

        between()
        encoded = _encoded(imported(aside), aside, between)
        between()
    row.mapping = used.mapping
    with durable():
        if used.signature:
            values = {"mapping": used.mapping, "used": clock.now()}
            ColumnMapping.objects.update_or_create(signature=used.signature, defaults=values)
        return _listed(row, report, encoded, actor)


def import_journal(exported: Path, actor: Actor, *, name: str, source: str = "") -> Imported:
    """The journal of another town hall, as `raadhuis journal export` writes it, as a log: it tells of waiting and of
    applications what our own does. Raises BadLog when that is not what is in this folder, Invalid, NotAllowed.
    """
    from raadhuis.lean.logs import journal

    row = _row("journal", name, source or exported.name, actor)
    with _made(queries.folder_of(row.id)) as aside:
        events = journal.take_over(exported, aside / queries.JOURNAL)
        encoded = _encoded(journal.source(aside / queries.JOURNAL), aside)
    with durable():
        return _listed(row, Report(read=events, kept=events), encoded, actor)


def _row(kind: str, name: str, source: str, actor: Actor, id: UUID | None = None) -> EventLog:
    """A log to be, of who may bring one in. Raises Invalid, NotAllowed."""
    if not access.may_manage(actor):
        raise NotAllowed
    if not (name := name.strip()[:120]):
        raise Invalid({"name": gettext("Geef het logboek een naam.")})
    sweep()
    return EventLog(id=id or uuid7(), kind=kind, name=name, source=source[:120], made_by=actor.pseudonym)


def _encoded(source: "Source", folder: Path, between: Callable[[], None] = lambda: None) -> "Encoded":
    """Works a log out. Raises BadLog when there is nothing in it."""
    from raadhuis.lean.encoding import encode

    encoded = encode(source, folder, between)
    if not encoded.cases:
        raise BadLog(gettext("In dit logboek is geen enkele stap afgerond."))
    return encoded


def _listed(row: EventLog, report: Report, encoded: "Encoded", actor: Actor) -> Imported:
    """Its files are whole on disk: from now on it is there."""
    row.counts, row.report, row.made = msgspec.to_builtins(encoded), msgspec.to_builtins(report), clock.now()
    row.save(force_insert=True)
    counted = {"events": report.kept, "cases": encoded.cases, "skipped": report.skipped}
    append("eventlog.imported", actor, subjects={"log": row.id}, data=counted)
    findings = queries.findings_of(report)
    return Imported(row.id, report.read, report.kept, report.skipped, report.truncated, encoded.cases, findings)


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[Path]:
    """A folder that is filled aside and appears whole, on disk, or not at all."""
    aside = folder.with_name(folder.name + ".part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        settle(aside)
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def forget_log(id: UUID, actor: Actor) -> None:
    """Throws a log that was brought in away, with its files. Raises Absent, NotAllowed."""
    if not access.may_manage(actor):
        raise NotAllowed
    with durable():
        if not EventLog.objects.filter(id=id).exclude(kind="own").delete()[0]:
            raise Absent
        append("eventlog.forgotten", actor, subjects={"log": id})
    shutil.rmtree(queries.folder_of(id), ignore_errors=True)


def export_log(id: UUID, target: Path, kind: str, actor: Actor, attributes: Collection[str] = ()) -> int:
    """Writes a log to a file as one of `writing.FORMATS`; how many events. Persons become numbers, and only
    those attributes that are named go along. Raises Absent, NotAllowed, Invalid.
    """
    if not access.may_manage(actor):
        raise NotAllowed
    from raadhuis.lean.logs import writing

    return writing.write(queries.source_of(id).events, target, kind, attributes)


def refresh_own() -> UUID | None:
    """Works our own journal out anew when it has grown; the log's id, None while there is no case.

    The Parquet export goes on where it was; the log is then worked out whole (some 2 CPU-seconds for a million
    events) in a folder of its own, so that who looks at it meanwhile sees the one before. Raises OSError when the
    disk refuses.
    """
    from raadhuis.journal.export import export
    from raadhuis.lean.keeping import keep
    from raadhuis.lean.logs import journal
    from raadhuis.lean.prediction.keeping import keep_predictions

    row = EventLog.objects.filter(kind="own").first()
    if row is not None and row.upto == last_sequence() and (queries.folder_of(row.id, row.version) / FILE).exists():
        return row.id
    root = Path(settings.RAADHUIS_LEAN_FOLDER)
    exported = root / "journal"
    done = export(exported)
    id, version = (row.id, row.version + 1) if row else (uuid7(), 0)
    folder = queries.folder_of(id, version)
    if not any(exported.glob("events/*/*.parquet")):
        return None
    try:
        with _made(folder) as aside:
            encoded = _encoded(journal.source(exported), aside)
            keep(aside, exported)
            keep_predictions(aside, queries.folder_of(id, row.version) if row else None)
    except BadLog:
        return row.id if row else None
    values = {"counts": msgspec.to_builtins(encoded), "made": clock.now(), "version": version, "upto": done.up_to}
    with durable():
        EventLog.objects.update_or_create(
            id=id, defaults={**values, "name": OWN, "kind": "own", "made_by": SYSTEM.pseudonym}
        )
    if version > 1:  # Who asked for the log before this one may still be reading it.
        shutil.rmtree(queries.folder_of(id, version - 2), ignore_errors=True)
    return id


def _read(file: Path, folder: Path, mapping: Mapping[str, str], watch: Watch) -> "tuple[Report, Used]":
    from raadhuis.lean.engine import engine
    from raadhuis.lean.events import Sink
    from raadhuis.lean.logs import reading

    with engine() as made:
        sink = Sink(made, folder)

        def progress(done: int, total: int) -> None:
            watch("reading", done / total if total else 0.0, sink.rows)

        return reading.read(file, sink, mapping, queries.remembered, progress)


def settle(folder: Path) -> None:
    """On disk, names and all, before the database says that it is there."""
    for place, _, files in os.walk(folder, topdown=False):
        for path in [*(Path(place) / name for name in files), Path(place)]:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def sweep() -> None:
    """Throws away what an interrupted import left, and files of logs that are listed no more."""
    root = Path(settings.RAADHUIS_LEAN_FOLDER)
    if not root.is_dir():
        return
    listed = {"journal"}
    for id, version in EventLog.objects.values_list("id", "version"):
        listed |= {queries.folder_of(id, held).name for held in (version - 1, version) if held >= 0}
    for folder in root.iterdir():
        old = time.time() - folder.stat().st_mtime > UNFINISHED_SECONDS
        if folder.name not in listed and old:
            shutil.rmtree(folder, ignore_errors=True)
