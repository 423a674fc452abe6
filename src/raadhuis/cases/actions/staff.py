"""Who works here, as the identity provider last described them."""

from raadhuis.cases.models import Medewerker
from raadhuis.journal.actions import append
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable


def register_staff(actor: Actor, email: str = "") -> None:
    """Remembers a member of staff who just logged in, so that colleagues can hand over to them."""
    with durable():
        Medewerker.objects.update_or_create(
            pseudonym=actor.pseudonym,
            defaults={
                "name": actor.name[:200],
                "email": email[:254],
                "roles": sorted(actor.roles),
                "teams": sorted(actor.teams),
                "seen": clock.now(),
            },
        )
        append("identity.logged_in", actor, data={"realm": "staff", "level": "high"})
