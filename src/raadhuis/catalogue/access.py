"""Who may change what the municipality offers."""

from raadhuis.kernel.actor import Actor, Role


def may_edit_services(actor: Actor) -> bool:
    """Service editors draft and publish; the command line (system) too."""
    return actor.kind == "system" or (actor.kind == "staff" and actor.has(Role.EDITOR))


def may_see_services(actor: Actor) -> bool:
    """Every member of staff may read how a service is described."""
    return actor.kind in {"system", "staff"}
