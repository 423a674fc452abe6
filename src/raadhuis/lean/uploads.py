"""A file that was sent from a browser and is not a log yet: kept, looked at, and then brought in.

In: the bytes, and later which column is what. Out: a Preview; then what `actions.import_log` gives.
Always holds: a file is kept for who sent it alone, below the folder of the logs, and is gone once it was brought in or
after a day (`actions` sweeps what is unfinished).
"""

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext

from raadhuis.kernel.actor import Actor
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed
from raadhuis.lean import access, actions, queries
from raadhuis.lean.schema import Imported, Preview

MOST_BYTES = 100_000_000
ROWS_SHOWN = 5
_OWNER = "owner"


def keep(chunks: Iterable[bytes], file_name: str, actor: Actor) -> UUID:
    """Keeps what was sent. Raises Invalid when it is too large, NotAllowed."""
    if not access.may_manage(actor):
        raise NotAllowed
    id = uuid7()
    folder = _folder(id)
    folder.mkdir(parents=True)
    (folder / _OWNER).write_text(actor.pseudonym)
    told = 0
    try:
        with (folder / f"log-{Path(file_name).name[-100:] or 'log'}").open("xb") as file:
            for chunk in chunks:
                told += len(chunk)
                if told > MOST_BYTES:
                    raise Invalid({"file": _too_large()})
                file.write(chunk)
    except BaseException:
        forget(id)
        raise
    return id


def preview(id: UUID, actor: Actor) -> Preview | None:
    """The columns and first rows of a table, and which column is taken for what; None for what describes itself.

    Of XES whose steps have several names: those, and which one reads best. Raises Absent, BadLog.
    """
    from raadhuis.lean.logs import guessing, reading, tables, xes  # They load DuckDB: see `actions`.

    file = _file(id, actor)
    kind = reading.kind_of(file)
    if kind == "xes":
        names, rows = xes.names_told(file, ROWS_SHOWN)
        if len(names) == 1:
            return None
        best = guessing.plainest(names, rows)
        return Preview(_name(file), names, rows, {"activity": best}, remembered=False, fields=("activity",))
    if kind not in {"csv", "parquet"}:
        return None
    table = tables.look(file, kind)
    before = queries.remembered(table.signature)
    guessed = {**guessing.columns(table.columns, table.sample), **(before or {})}
    rows = [[str(cell) for cell in row] for row in table.sample[:ROWS_SHOWN]]
    return Preview(_name(file), table.columns, rows, guessed, remembered=before is not None)


def bring_in(id: UUID, actor: Actor, *, name: str = "", mapping: Mapping[str, str] | None = None) -> Imported:
    """Makes it a log. Raises Absent, BadLog, Invalid (then the file is still kept), NotAllowed."""
    file = _file(id, actor)
    called = name or _name(file).partition(".")[0]
    done = actions.import_log(file, actor, name=called, source=_name(file), mapping=mapping)
    forget(id)
    return done


def forget(id: UUID) -> None:
    """Throws it away."""
    shutil.rmtree(_folder(id), ignore_errors=True)


def _too_large() -> str:
    words = gettext(
        "Dit bestand is te groot voor de browser: hoogstens %(n)s MB. Voor meer is er `raadhuis lean import`."
    )
    return words % {"n": MOST_BYTES // 1_000_000}


def _folder(id: UUID) -> Path:
    return queries.folder_of(id).with_suffix(".upload")


def _file(id: UUID, actor: Actor) -> Path:
    with contextlib.suppress(OSError, StopIteration):
        if (_folder(id) / _OWNER).read_text() == actor.pseudonym:
            return next(_folder(id).glob("log-*"))
    raise Absent


def _name(file: Path) -> str:
    return file.name.removeprefix("log-")
