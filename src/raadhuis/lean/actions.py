"""Bringing a log in and throwing it away.

Always holds: a log is listed when its files are whole on disk, and its files go after it is listed no more; what an
interrupted import left is thrown away by a later one.
"""

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings
from django.utils.translation import gettext

from raadhuis.journal.actions import append
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed
from raadhuis.lean import access, queries
from raadhuis.lean.encoding import encode
from raadhuis.lean.engine import engine
from raadhuis.lean.events import Sink, relation
from raadhuis.lean.logs import reading
from raadhuis.lean.logs.report import BadLog, Progress, Report
from raadhuis.lean.models import ColumnMapping, EventLog
from raadhuis.lean.schema import Imported

# What is unfinished for so long was interrupted: no import takes a day.
UNFINISHED_SECONDS = 24 * 3600


def import_log(
    file: Path,
    actor: Actor,
    *,
    name: str = "",
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Reads a file into a log of its own. `mapping`: which column (or object type) is what, see `reading`.

    Raises BadLog when nothing in it can be used, Invalid for a mapping that does not fit, NotAllowed.
    """
    if not access.may_manage(actor):
        raise NotAllowed
    name = (name or file.name.split(".")[0]).strip()[:120]
    if not name:
        raise Invalid({"name": gettext("Geef het logboek een naam.")})
    _sweep()
    id = uuid7()
    aside = folder_of(id).with_suffix(".part")
    aside.mkdir(parents=True)
    try:
        report, used = _read(file, aside, mapping or {}, progress)
        encoded = encode(relation(aside), aside)
        if not encoded.cases:
            raise BadLog(gettext("In dit logboek is geen enkele stap afgerond."))
        _settle(aside)
        aside.rename(folder_of(id))
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    with durable():
        EventLog.objects.create(
            id=id,
            name=name,
            kind="imported",
            source=file.name[:120],
            mapping=used.mapping,
            counts=msgspec.to_builtins(encoded),
            report=msgspec.to_builtins(report),
            made=clock.now(),
            made_by=actor.pseudonym,
        )
        if used.signature:
            values = {"mapping": used.mapping, "used": clock.now()}
            ColumnMapping.objects.update_or_create(signature=used.signature, defaults=values)
        counted = {"events": report.kept, "cases": encoded.cases, "skipped": report.skipped}
        append("eventlog.imported", actor, subjects={"log": id}, data=counted)
    return Imported(
        id, report.read, report.kept, report.skipped, report.truncated, encoded.cases, queries.findings_of(report)
    )


def forget_log(id: UUID, actor: Actor) -> None:
    """Throws a log away, with its files. Raises Absent, NotAllowed."""
    if not access.may_manage(actor):
        raise NotAllowed
    with durable():
        if not EventLog.objects.filter(id=id).delete()[0]:
            raise Absent
        append("eventlog.forgotten", actor, subjects={"log": id})
    shutil.rmtree(folder_of(id), ignore_errors=True)


def folder_of(id: UUID) -> Path:
    """Where the files of a log are."""
    return queries.folder_of(id)


def _read(
    file: Path, folder: Path, mapping: Mapping[str, str], progress: Progress | None
) -> tuple[Report, reading.Used]:
    with engine() as made:
        sink = Sink(made, folder)
        return reading.read(file, sink, mapping, queries.remembered, progress)


def _settle(folder: Path) -> None:
    """On disk, names and all, before the database says that it is there."""
    for place, _, files in os.walk(folder, topdown=False):
        for path in [*(Path(place) / name for name in files), Path(place)]:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _sweep() -> None:
    """Throws away what an interrupted import left, and files of logs that are listed no more."""
    root = Path(settings.RAADHUIS_LEAN_FOLDER)
    if not root.is_dir():
        return
    listed = {str(id) for id in EventLog.objects.values_list("id", flat=True)}
    for folder in root.iterdir():
        old = time.time() - folder.stat().st_mtime > UNFINISHED_SECONDS
        if folder.name not in listed and old:
            shutil.rmtree(folder, ignore_errors=True)
