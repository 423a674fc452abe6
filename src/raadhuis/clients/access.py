"""Who may let other applications in."""

from raadhuis.kernel.actor import Actor, Role


def may_manage(actor: Actor) -> bool:
    """Only administrators: who lets an application in gives it what it asks."""
    return actor.kind == "staff" and actor.has(Role.ADMIN)
