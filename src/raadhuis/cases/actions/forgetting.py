"""A person asks to be forgotten: the link between who they are and what the journal tells is broken.

Always holds: the journal's counts stay as they were (law 4); cases are kept as long as the Archiefwet asks, and go by
their archive date (GDPR article 17, third paragraph, under b).
"""

from typing import Literal

from raadhuis.journal.actions import append
from raadhuis.kernel import privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable


def forget_person(kind: Literal["bsn", "kvk"], number: str, actor: Actor) -> bool:
    """Breaks the link between a person or business and their pseudonym. Whether there was one; twice is no fault."""
    with durable():
        found = privacy.forget(kind, number)
        if found:
            append("person.forgotten", actor)
        return found
