"""From what was typed to an answer: one reader per type of question, with Dutch validation.

In: a question, the submitted form, the name of the control. Out: a Reading: what to show again, and either the
canonical answer or a sentence that helps. Always holds: nothing that is typed raises; the rule that refused it has a
code for the journal; what was typed is never in that code.
"""

from raadhuis.intake.reading.read import read_question, start_typed
from raadhuis.intake.reading.shapes import Context, Form, Reading

__all__ = ["Context", "Form", "Reading", "read_question", "start_typed"]
