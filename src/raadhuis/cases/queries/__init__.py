"""Every read of `cases`: plain shapes, each one bounded."""

from raadhuis.cases.queries.advantage import case_advantage, expectation, measures_of, service_advantage
from raadhuis.cases.queries.cosigning import cosign_case, cosigned_by, document_to_sign, opened_to_sign
from raadhuis.cases.queries.decisions import decision_view, replay_all
from raadhuis.cases.queries.preview import letter_pdf, letter_preview
from raadhuis.cases.queries.queue import (
    case_list,
    colleagues,
    my_tasks,
    queue,
    search,
    task_view,
    team_load,
)
from raadhuis.cases.queries.resident import cases_of, document_for_applicant, earlier_granted, followed, resident_case
from raadhuis.cases.queries.staff import document_for_staff, documents_of, known_files, readable, staff_case

__all__ = [
    "case_advantage",
    "case_list",
    "cases_of",
    "colleagues",
    "cosign_case",
    "cosigned_by",
    "decision_view",
    "document_for_applicant",
    "document_for_staff",
    "document_to_sign",
    "documents_of",
    "earlier_granted",
    "expectation",
    "followed",
    "known_files",
    "letter_pdf",
    "letter_preview",
    "measures_of",
    "my_tasks",
    "opened_to_sign",
    "queue",
    "readable",
    "replay_all",
    "resident_case",
    "search",
    "service_advantage",
    "staff_case",
    "task_view",
    "team_load",
]
