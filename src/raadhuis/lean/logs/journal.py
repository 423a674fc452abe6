"""Our own journal as an event log, straight from its Parquet export (`journal/export.py`).

In: the folder of an export. Out: relations (SQL) for `encoding`.
Always holds: a case is a Zaak; the journal tells of persons only pseudonyms, and of these only those of staff become a
resource. The work on a task is one activity, under the key of the task: it is scheduled, assigned, started, suspended,
resumed and completed as the journal tells. What happens at one moment is one step under the name of its kind. What the
program does by itself along the way (setting a status, making a letter, keeping a document) is no step.
"""

import shutil
from pathlib import Path

import duckdb

from raadhuis.kernel.problems import gettext
from raadhuis.lean.engine import engine, quoted
from raadhuis.lean.logs.report import BadLog
from raadhuis.lean.logs.steps import MOMENTS
from raadhuis.lean.source import Source

# The standard's transitions (IEEE 1849-2016, lifecycle extension) for what the journal tells of a task.
TRANSITIONS = {
    "task.offered": "schedule",
    "task.claimed": "assign",
    "task.released": "schedule",
    "task.started": "start",
    "task.paused": "suspend",
    "task.resumed": "resume",
    "task.completed": "complete",
    "task.handed_over": "reassign",
    "task.cancelled": "withdraw",
}
_NO_STAFF = ("resident", "business", "anonymous", "client", "system")


def source(folder: Path) -> Source:
    """The relations of an export that has at least one file."""
    events = f"read_parquet({quoted(folder / 'events' / '*' / '*.parquet')}, hive_partitioning = false)"
    pairs = " ".join(f"WHEN {quoted(kind)} THEN {quoted(word)}" for kind, word in TRANSITIONS.items())
    kinds = _list((*TRANSITIONS, *MOMENTS))
    return Source(
        events=(
            "SELECT zaak AS \"case\", CASE WHEN kind LIKE 'task.%' THEN activity ELSE kind END AS activity, "  # noqa: S608
            f"epoch_us(time) AS time, CASE kind {pairs} ELSE 'complete' END AS lifecycle, "
            f"CASE WHEN role IN ({_list(_NO_STAFF)}) THEN '' ELSE actor END AS resource, "
            f"CASE WHEN kind LIKE 'task.%' THEN {told('data', 'team')} ELSE '' END AS team, "
            f"sequence FROM {events} WHERE zaak IS NOT NULL AND kind IN ({kinds})"
        ),
        attributes=(
            "SELECT DISTINCT zaak AS \"case\", unnest(['service', 'service_version']) AS key, "  # noqa: S608
            "unnest([service, service_version::VARCHAR]) AS value "
            f"FROM {events} WHERE kind = 'case.created' AND service <> ''"
        ),
        closed=(
            'SELECT zaak AS "case" FROM (SELECT zaak, arg_max(kind, sequence) AS last '  # noqa: S608
            f"FROM {events} WHERE kind IN ('case.closed', 'case.withdrawn', 'case.reopened') GROUP BY zaak) "
            "WHERE last <> 'case.reopened'"
        ),
        waits=(
            "SELECT zaak AS \"case\", CASE WHEN kind LIKE 'cosign.%' THEN 'cosign' "  # noqa: S608
            f"ELSE {told('subjects', 'task')} END AS task, "
            f"epoch_us(time) AS time, sequence, {_STATE} AS state FROM {events} "
            f"WHERE zaak IS NOT NULL AND kind IN ({_list(_OF_WAITING)})"
        ),
        ends_told=True,
    )


# What this room reads of an export.
_COLUMNS = {"sequence", "time", "kind", "zaak", "application", "subjects", "actor", "role", "data", "activity"}
_COLUMNS |= {"service", "service_version"}


def take_over(exported: Path, folder: Path) -> int:
    """Copies an export of a journal; how many events. Raises BadLog when it is none."""
    files = sorted(exported.glob("events/*/*.parquet"))
    refused = BadLog(gettext("In deze map staat geen journaal, zoals `raadhuis journal export` het schrijft."))
    if not files:
        raise refused
    for file in files:
        target = folder / file.relative_to(exported)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    events = f"read_parquet({quoted(folder / 'events' / '*' / '*.parquet')}, hive_partitioning = false)"
    with engine() as made:
        try:
            found = made.execute(f"SELECT * FROM {events} LIMIT 0").description or []  # noqa: S608
            if not {column[0] for column in found} >= _COLUMNS:
                raise refused
            return int((made.execute(f"SELECT count(*) FROM {events}").fetchone() or (0,))[0])  # noqa: S608
        except duckdb.Error as error:
            raise refused from error


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(quoted(word) for word in words)


def told(column: str, name: str) -> str:
    """A code in the journal's JSON. Codes hold no quotes and the JSON no spaces, so that it need not be parsed."""
    pattern = quoted(f'"{name}":"([^"]*)"')
    return f"regexp_extract({column}, {pattern}, 1)"


# The numbers are those of `waiting`: what a task is after this event.
_OF_WAITING = (
    *TRANSITIONS,
    *("advice.asked", "cosign.asked", "cosign.given", "cosign.refused", "cosign.expired"),
    *("case.created", "case.closed", "case.withdrawn", "case.reopened"),
)
_STATE = f"""CASE kind
    WHEN 'task.started' THEN 0 WHEN 'task.resumed' THEN 0
    WHEN 'task.offered' THEN 1 WHEN 'task.released' THEN 1
    WHEN 'task.claimed' THEN 2
    WHEN 'task.handed_over' THEN CASE WHEN data LIKE '%"to_person":true%' THEN 2 ELSE 1 END
    WHEN 'task.paused' THEN CASE {told("data", "reason")}
        WHEN 'resident' THEN 4 WHEN 'advice' THEN 3 WHEN 'other-organisation' THEN 3 ELSE 2 END
    WHEN 'advice.asked' THEN 3
    WHEN 'cosign.asked' THEN 4
    WHEN 'case.closed' THEN 7 WHEN 'case.withdrawn' THEN 7 WHEN 'case.reopened' THEN 8
    ELSE 6 END"""
