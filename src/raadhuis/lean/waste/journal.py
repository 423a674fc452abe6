"""What our own journal tells of waste, straight from its Parquet export, in SQL.

In: an encoded log that can be asked, the export's folder, which cases or applications. Out: rows as tuples.
Always holds: nothing here reads more than codes, times and pseudonyms, and pseudonyms are only counted.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from raadhuis.lean.analyses.running import Running
from raadhuis.lean.engine import quoted
from raadhuis.lean.logs.journal import told
from raadhuis.lean.schema import FEWEST_PERSONS

Rows = list[tuple[Any, ...]]
# Of a case that another application brought in, the case stands for who applied.
_APPLICANT = (
    "CASE WHEN kind = 'case.created' THEN CASE WHEN role IN ('client', 'system') THEN zaak::VARCHAR ELSE actor END END"
)
# The journal leaves out what is as usual (`kinds.TaskCompleted`).
_OUTCOME = f"coalesce(nullif({told('data', 'outcome')}, ''), 'done')"


class Journal:
    """The export as far as it is about these cases (SQL with a column `name`), and about the applications that were
    begun between two moments (µs) for one service ("" for all).
    """

    def __init__(self, run: Running, folder: Path, cases: str, begun: tuple[int, int], service: str = "") -> None:
        self._run = run
        files = quoted(folder / "events" / "*" / "*.parquet")
        self._events = f"read_parquet({files}, hive_partitioning = false)"
        # A bound on the service in the text, not in a value: it stands in several queries at several places.
        self._service = f"AND service = {quoted(service)}" if service else ""
        self._cases, self._begun = cases, begun

    def outcomes(self) -> Rows:
        """(task, outcome, times)"""
        return self._of_cases(
            f"SELECT activity, {_OUTCOME} AS outcome, count(*) FROM mine "  # noqa: S608
            "WHERE kind = 'task.completed' GROUP BY ALL",
            ["task.completed"],
        )

    def acts(self) -> set[str]:
        """The tasks in which something is done rather than looked at: no check."""
        query = """SELECT DISTINCT activity FROM mine WHERE data LIKE '%"kind":"act"%'"""
        return {task for (task,) in self._of_cases(query, ["task.offered"])}

    def asked(self) -> Rows:
        """(service, task, cases asked, times, answered, µs waited, median µs) of questions to the applicant."""
        return self._of_cases(
            "SELECT service, activity, count(DISTINCT zaak), count(*), count(waited), "  # noqa: S608
            "coalesce(sum(waited), 0)::BIGINT, coalesce(median(waited), 0)::DOUBLE FROM ("
            f"SELECT service, zaak, kind, activity, max({_APPLICANT}) OVER (PARTITION BY zaak) AS person, "
            "CASE WHEN lead(kind) OVER one = 'resident.answered' "
            "THEN epoch_us(lead(time) OVER one) - epoch_us(time) END AS waited FROM mine "
            "WINDOW one AS (PARTITION BY zaak ORDER BY sequence)) "
            f"WHERE kind = 'resident.asked' GROUP BY ALL HAVING count(DISTINCT person) >= {FEWEST_PERSONS}",
            ["case.created", "resident.asked", "resident.answered"],
        )

    def cases_by_service(self) -> dict[str, int]:
        """How many cases came in."""
        query = "SELECT service, count(*) FROM mine WHERE kind = 'case.created' GROUP BY service"
        return dict(self._of_cases(query, ["case.created"]))

    def decisions(self) -> Rows:
        """(service, version, task, what came before, result, decisions, µs since the case came in)

        Of each case the last decision, unless it was undone; those of the program itself have the task "".
        """
        kinds = ["case.created", "task.completed", "decision.taken", "decision.undone"]
        result = told("data", "result")
        return self._of_cases(
            "WITH last AS (SELECT zaak, any_value(service) AS service, any_value(service_version) AS version, "  # noqa: S608
            "min(time) FILTER (kind = 'case.created') AS came, "
            "arg_max(kind, sequence) FILTER (kind IN ('decision.taken', 'decision.undone')) AS stands, "
            "max(sequence) FILTER (kind = 'decision.taken') AS taken FROM mine GROUP BY zaak), "
            "done AS (SELECT mine.zaak, list_sort(list(DISTINCT activity || '=' || "
            f"{_OUTCOME})) AS before FROM mine JOIN last USING (zaak) WHERE kind = 'task.completed' "
            "AND sequence < taken AND activity NOT IN (SELECT activity FROM mine WHERE kind = 'decision.taken') "
            "GROUP BY mine.zaak) "
            "SELECT last.service, version, CASE WHEN data LIKE '%\"automatic\":true%' THEN '' ELSE activity END, "
            f"coalesce(before, []), {result}, count(*), "
            "coalesce(sum(epoch_us(time) - epoch_us(came)), 0)::BIGINT FROM last "
            "JOIN mine ON mine.sequence = last.taken "
            "LEFT JOIN done ON done.zaak = last.zaak WHERE stands = 'decision.taken' GROUP BY ALL",
            kinds,
        )

    def refused(self) -> Rows:
        """(service, page, question, applications, times, most frequent rule) of answers that were not accepted."""
        return self._of_applications(
            f"SELECT service, {told('data', 'page')} AS page, {told('data', 'question')} AS question, "  # noqa: S608
            f"count(DISTINCT application), count(*), mode({told('data', 'rule')}) FROM mine "
            "WHERE kind = 'application.question_rejected' GROUP BY ALL "
            f"HAVING count(DISTINCT actor) >= {FEWEST_PERSONS}",
            ["application.question_rejected"],
        )

    def lost(self) -> dict[tuple[str, str], float]:
        """By service and page: the median µs from its first refusal to its being accepted."""
        kinds = ["application.question_rejected", "application.page_answered"]
        rows = self._of_applications(
            "SELECT service, page, median(accepted - refused) FROM (SELECT service, application, "  # noqa: S608
            f"{told('data', 'page')} AS page, min(epoch_us(time)) FILTER (kind = '{kinds[0]}') AS refused, "
            f"max(epoch_us(time)) FILTER (kind = '{kinds[1]}') AS accepted FROM mine GROUP BY ALL) "
            f"WHERE accepted > refused GROUP BY ALL HAVING count(*) >= {FEWEST_PERSONS}",
            kinds,
        )
        return {(service, page): lost for service, page, lost in rows}

    def shown(self) -> dict[tuple[str, str], int]:
        """By service and page: how many applications saw it."""
        rows = self._of_applications(
            f"SELECT service, {told('data', 'page')} AS page, count(DISTINCT application) FROM mine "  # noqa: S608
            "WHERE kind LIKE 'application.%' AND page <> '' AND page <> 'none' GROUP BY ALL",
            ["application.page_shown", "application.page_answered", "application.question_rejected"],
        )
        return {(service, page): count for service, page, count in rows}

    def left(self) -> Rows:
        """(service, page, applications that ended there without being sent in, median µs from begin to that page)"""
        return self._of_applications(
            "SELECT service, page, count(*), median(seen - began)::DOUBLE FROM ("  # noqa: S608
            "SELECT service, any_value(actor) FILTER (kind = 'application.started') AS actor, "
            f"max({told('data', 'page')}) FILTER (kind = 'application.abandoned') AS page, "
            "min(epoch_us(time)) AS began, max(epoch_us(time)) FILTER (kind <> 'application.abandoned') AS seen "
            "FROM mine GROUP BY service, application) "
            f"WHERE page IS NOT NULL GROUP BY ALL HAVING count(DISTINCT actor) >= {FEWEST_PERSONS}",
            ["application.started", "application.abandoned", "application.page_shown", "application.page_answered"],
        )

    def _of_cases(self, query: str, kinds: Sequence[str]) -> Rows:
        mine = (
            f"SELECT * FROM {self._events} WHERE kind IN ({_list(kinds)}) AND zaak IS NOT NULL "  # noqa: S608
            f"AND zaak::VARCHAR IN (SELECT name FROM ({self._cases}))"
        )
        return self._run.told(query, mine)

    def _of_applications(self, query: str, kinds: Sequence[str]) -> Rows:
        first, beyond = self._begun
        began = (
            f"SELECT application FROM {self._events} WHERE kind = 'application.started' {self._service} "  # noqa: S608
            f"AND epoch_us(time) >= {first:d} AND epoch_us(time) < {beyond:d}"
        )
        mine = f"SELECT * FROM {self._events} WHERE kind IN ({_list(kinds)}) AND application IN ({began})"  # noqa: S608
        return self._run.told(query, mine)


def _list(words: Sequence[str]) -> str:
    return ", ".join(quoted(word) for word in words)
