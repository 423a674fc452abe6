"""How the databases find what a page or the background work asks for: by an index, never by reading a whole table.

On SQLite a plan says so in words at any size; PostgreSQL chooses by size, so that a small test says nothing there.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from house import House
from raadhuis.cases import queries as cases
from raadhuis.cases.actions import cosign_hash, follow_hash, same_case_hash, tend_signatures
from raadhuis.intake import queries as intake
from raadhuis.intake.actions import expire_drafts, resume
from raadhuis.journal import lanes, outbox
from raadhuis.journal import queries as journal
from raadhuis.journal.actions import hurry, recall
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Problem
from raadhuis.site.example.filler import apply

# Small for ever: some services, a cursor for each reader, a line for each colleague.
SMALL = ("catalogue_", "journal_cursor", "cases_medewerker", "django_")
# Walked in the order of the page, which ends at its limit.
WALKED = ("zaak_open", "outbox_dead")


def _asks(house: House) -> dict[str, Any]:
    marco, fatima, zaak = house.staff("marco"), house.person("fatima"), uuid4()

    def within(work: Any) -> Any:
        def run() -> None:
            with durable():
                work()

        return run

    return {
        "my cases": lambda: cases.cases_of(fatima.owner),
        "my drafts": lambda: intake.drafts_of(fatima),
        "one case": lambda: cases.resident_case(zaak, lookup=fatima.owner),
        "case by number and code": lambda: cases.followed("2026-ABCDEFG", follow_hash("X")),
        "cases with the same key": lambda: cases.earlier_granted("parkeervergunning", same_case_hash("x", "y")),
        "queue": lambda: cases.queue(house.staff("murat")),
        "queue, next page": lambda: cases.queue(house.staff("murat"), after=f"{clock.today().isoformat()}_{zaak}"),
        "queue of several teams": lambda: cases.queue(marco),
        "my tasks": lambda: cases.my_tasks(marco),
        "team load": lambda: cases.team_load(marco),
        "search": lambda: cases.search(marco, "2026-A"),
        "open cases": lambda: cases.case_list(marco),
        "a document": lambda: cases.document_for_applicant(zaak, lookup=fatima.owner, opened=None),
        "events of a case": lambda: journal.of_zaak(zaak),
        "dead letters": lambda: journal.undelivered(),
        "deliver": lambda: outbox.deliver_due({}),
        "whether there are notices": lambda: lanes.anything_due([zaak]),
        "notices for a receiver": lambda: lanes.due_for(zaak, 400),
        "a notice to look with": lambda: lanes.probe_for(zaak),
        "notices for who is back": within(lambda: lanes.hurry(zaak)),
        "notices for who is gone": within(lambda: lanes.take_back(zaak)),
        "notices that are too old": lambda: lanes.give_up(zaak, "x"),
        "take back": within(lambda: recall("x")),
        "send at once": within(lambda: hurry("x")),
        "go on with a link": lambda: resume("x", "y", fatima),
        "old drafts": expire_drafts,
        "to sign, by number and code": lambda: cases.opened_to_sign("2026-ABCDEFG", cosign_hash("X")),
        "what somebody signed": lambda: cases.cosigned_by(fatima.owner),
        "signatures to ask for again": tend_signatures,
    }


def test_nothing_reads_a_whole_table(house: House) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, and rightly")
    answers = {
        "kenteken": "GZ999R",
        "eigenaar": "eigen",
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
    }
    apply("parkeervergunning", house.person("fatima"), answers)
    found: dict[str, list[str]] = {}
    for name, ask in _asks(house).items():
        seen: list[tuple[str, Any]] = []
        with connection.execute_wrapper(_noting(seen)):
            try:
                ask()
            except Problem:  # Not there: it was looked for all the same.
                pass
        assert seen, f"{name} asks the database nothing: this test sees nothing"
        scans = [line for sql, params in seen for line in _plan(sql, params) if _whole(line)]
        if scans:
            found[name] = scans
    assert not found


def _noting(seen: list[tuple[str, Any]]) -> Any:
    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            seen.append((sql, params))
        return execute(sql, params, many, context)

    return wrapper


def _plan(sql: str, params: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [str(row[3]) for row in cursor.fetchall()]


def _whole(line: str) -> bool:
    """Whether a line of a plan goes through a table, or an index, from end to end."""
    words = line.split()
    return words[0] == "SCAN" and words[-1] not in WALKED and not words[1].startswith((*SMALL, "subquery", "(subquery"))
