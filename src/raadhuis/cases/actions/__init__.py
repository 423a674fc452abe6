"""Every write of `cases`: one function a verb, one durable transaction each.

`open_zaak` alone runs inside its caller's transaction: a submission and its case are one fact.
"""

from raadhuis.cases.actions.asking import cosign_hash
from raadhuis.cases.actions.contact import (
    add_document,
    ask_applicant,
    mark_read,
    withdraw,
    write_note,
    write_to_applicant,
    write_to_town_hall,
)
from raadhuis.cases.actions.cosigning import ask_cosigner_again, refuse, sign, tend_signatures
from raadhuis.cases.actions.deciding import approve, decide, release_now, return_proposal, undo
from raadhuis.cases.actions.forgetting import forget_person
from raadhuis.cases.actions.letters import deliver_letter
from raadhuis.cases.actions.opening import applicant_hash, follow_hash, open_zaak, planned_end, same_case_hash
from raadhuis.cases.actions.staff import register_staff
from raadhuis.cases.actions.tasks import (
    ask_advice,
    claim,
    complete,
    give_advice,
    hand_over,
    note,
    pause,
    release,
    resume,
    start,
)
from raadhuis.cases.actions.terms import extend_term, resume_term, suspend_term

__all__ = [
    "add_document",
    "applicant_hash",
    "approve",
    "ask_advice",
    "ask_applicant",
    "ask_cosigner_again",
    "claim",
    "complete",
    "cosign_hash",
    "decide",
    "deliver_letter",
    "extend_term",
    "follow_hash",
    "forget_person",
    "give_advice",
    "hand_over",
    "mark_read",
    "note",
    "open_zaak",
    "pause",
    "planned_end",
    "refuse",
    "register_staff",
    "release",
    "release_now",
    "resume",
    "resume_term",
    "return_proposal",
    "same_case_hash",
    "sign",
    "start",
    "suspend_term",
    "tend_signatures",
    "undo",
    "withdraw",
    "write_note",
    "write_to_applicant",
    "write_to_town_hall",
]
