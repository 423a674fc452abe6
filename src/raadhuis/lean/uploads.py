"""A file that was sent from a browser and is not a log yet: kept and looked at; `coming` makes it a log.

In: the bytes. Out: a Preview.
Always holds: a file is kept for who sent it alone, below the folder of the logs, and is gone once it is a log or after
a day (`actions.sweep`); it goes at once and whole.
"""

import contextlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from raadhuis.kernel.actor import Actor
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed
from raadhuis.lean import access, queries
from raadhuis.lean.schema import Preview

MOST_BYTES = 100_000_000
ROWS_SHOWN = 5
# As many bytes as every file system takes for a name, with room for what a program puts behind it.
LONGEST_NAME = 200
_OWNER, _FILE, _KEPT = "owner", "file", ".upload"


def keep(chunks: Iterable[bytes], file_name: str, actor: Actor) -> UUID:
    """Keeps what was sent. Raises Invalid when it is too large, NotAllowed."""
    if not access.may_manage(actor):
        raise NotAllowed
    id = uuid7()
    folder = folder_of(id)
    (folder / _FILE).mkdir(parents=True)
    (folder / _OWNER).write_text(actor.pseudonym)
    told = 0
    try:
        with (folder / _FILE / _called(file_name)).open("xb") as file:
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

    Of XES whose steps have several names: those, and which one reads best. Of OCEL the types of object, with the first
    of each. Raises Absent, BadLog.
    """
    from raadhuis.lean.logs import guessing, ocel, reading, tables, xes  # They load DuckDB: see `actions`.

    file = file_of(id, actor)
    kind = reading.kind_of(file)
    if kind == "xes":
        names, rows = xes.names_told(file, ROWS_SHOWN)
        if len(names) == 1:
            return None
        best = guessing.plainest(names, rows)
        return Preview(file.name, names, rows, {"activity": best}, remembered=False, fields=("activity",))
    if kind.startswith("ocel"):
        types, rows = ocel.types_told(file, kind, ROWS_SHOWN)
        return Preview(file.name, types, rows, {}, remembered=False, fields=("case", "resource"))
    table = tables.look(file, kind)
    before = queries.remembered(table.signature)
    guessed = {**tables.guessed(table), **(before or {})}
    rows = [[str(cell) for cell in row] for row in table.sample[:ROWS_SHOWN]]
    return Preview(file.name, table.columns, rows, guessed, remembered=before is not None)


def check(id: UUID, actor: Actor, mapping: Mapping[str, str]) -> bool:
    """Whether its columns are chosen by hand. Raises Absent, BadLog, Invalid when they do not fit what is in it."""
    from raadhuis.lean.logs import reading, tables

    file = file_of(id, actor)
    kind = reading.kind_of(file)
    if kind.startswith("ocel"):
        if not mapping.get("case"):
            raise Invalid({"case": gettext("Kies welk soort object de zaak is.")})
        return True
    if kind == "xes":
        return bool(mapping)
    table = tables.look(file, kind)
    tables.understand(table, mapping, queries.remembered(table.signature))
    return True


def forget(id: UUID) -> None:
    """Throws it away: first its name, so that nobody meets half of it."""
    gone = folder_of(id).with_suffix(".gone")
    with contextlib.suppress(OSError):
        folder_of(id).rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def folder_of(id: UUID) -> Path:
    """Where it is kept, with what `coming` notes about it."""
    return queries.folder_of(id).with_suffix(_KEPT)


def file_of(id: UUID, actor: Actor) -> Path:
    """The file itself. Raises Absent, also when it is another's."""
    if owner_of(id) == actor.pseudonym:
        with contextlib.suppress(OSError, StopIteration):
            return next((folder_of(id) / _FILE).iterdir())
    raise Absent


def owner_of(id: UUID) -> str:
    """The pseudonym of who sent it; empty when it is not there."""
    with contextlib.suppress(OSError):
        return (folder_of(id) / _OWNER).read_text()
    return ""


def kept() -> Iterator[UUID]:
    """All that are kept, in the order in which they came."""
    for folder in sorted(Path(settings.RAADHUIS_LEAN_FOLDER).glob(f"*{_KEPT}")):
        yield UUID(folder.stem)


def _called(file_name: str) -> str:
    """The name of the file, as it may stand on a disk."""
    name = Path(file_name).name.encode("utf-8", "ignore")[-LONGEST_NAME:].decode("utf-8", "ignore")
    return name.lstrip(".").replace("\0", "") or "log"


def _too_large() -> str:
    words = gettext(
        "Dit bestand is te groot voor de browser: hoogstens %(n)s MB. Voor meer is er `raadhuis lean import`."
    )
    return words % {"n": MOST_BYTES // 1_000_000}
