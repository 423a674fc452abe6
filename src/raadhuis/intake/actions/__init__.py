"""Every write of intake: one function a verb, one durable transaction each."""

from raadhuis.intake.actions.draft import correct_known, note_shown, save_page, start
from raadhuis.intake.actions.files import keep_upload, remove_upload
from raadhuis.intake.actions.leaving import discard, expire_drafts, resume, save_for_later
from raadhuis.intake.actions.submission import submit

__all__ = [
    "correct_known",
    "discard",
    "expire_drafts",
    "keep_upload",
    "note_shown",
    "remove_upload",
    "resume",
    "save_for_later",
    "save_page",
    "start",
    "submit",
]
