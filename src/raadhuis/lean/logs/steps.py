"""What in our own journal is a step of a case: a task that is completed, under its key, and what happens at one moment,
under the name of its kind. What the program does by itself on the way is none.
"""

MOMENTS = (
    *("case.created", "case.withdrawn", "case.reopened", "case.closed"),
    *("case.term_suspended", "case.term_resumed", "case.term_extended"),
    *("decision.proposed", "decision.returned", "decision.taken", "decision.undone", "besluit.added"),
    *("resident.asked", "resident.answered", "advice.asked", "message.sent"),
    *("cosign.asked", "cosign.given", "cosign.refused", "cosign.expired"),
)
