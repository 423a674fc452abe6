"""Which reader a file needs, by what is in it and not by its name.

In: a file and what is known of its columns. Out: events in a Sink, a Report, and how the columns were understood.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from raadhuis.kernel.problems import gettext
from raadhuis.lean.events import Sink
from raadhuis.lean.logs import ocel, tables, xes
from raadhuis.lean.logs.report import BadLog, Progress, Report
from raadhuis.lean.logs.unpacking import blocks

_OCEL = re.compile(rb"<(?:object-types|event-types|objects)[\s/>]")
Remembered = Callable[[str], Mapping[str, str] | None]
"""The mapping that was used for a table with this header before."""


class Used(msgspec.Struct, frozen=True):
    """How columns were understood. `signature` of the header, for a table; empty for what describes itself."""

    mapping: dict[str, str] = {}
    signature: str = ""


def read(
    file: Path, sink: Sink, mapping: Mapping[str, str], remembered: Remembered, progress: Progress | None = None
) -> tuple[Report, Used]:
    """Reads any log that this room knows. Raises BadLog, Invalid."""
    kind = kind_of(file)
    if kind == "xes":
        named = mapping.get("activity", "")
        return xes.read(file, sink, progress, named), Used({"activity": named} if named else {})
    if kind.startswith("ocel"):
        report, types = ocel.read(file, kind, sink, mapping, progress)
        return report, Used(types)
    table = tables.look(file, kind)
    chosen = tables.understand(table, mapping, remembered(table.signature))
    return tables.read(table, chosen, sink, progress), Used(msgspec.to_builtins(chosen), table.signature)


def kind_of(file: Path) -> str:
    """One of "xes", "parquet", "csv", "ocel-sqlite", "ocel-json", "ocel-xml". Raises BadLog for an empty file."""
    try:
        head = next(blocks(file, Report()), b"")
    except OSError as error:
        raise BadLog(gettext("Dit bestand is niet te lezen: %(why)s.") % {"why": error.strerror or error}) from error
    if not head.strip():
        raise BadLog(gettext("Dit bestand is leeg."))
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"SQLite format 3"):
        return "ocel-sqlite"
    start = head[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"{"):
        return "ocel-json"
    if start.startswith(b"<"):
        return "ocel-xml" if _OCEL.search(head) else "xes"
    return "csv"
