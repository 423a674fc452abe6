"""Who may look at how work flows, and who may bring logs in.

Always holds: a log may hold the names of staff; what the queries of this room give out never does, and figures of fewer
than five persons are left out of it.
"""

from raadhuis.kernel.actor import Actor, Role


def may_read(actor: Actor) -> bool:
    """Every member of staff may see how the work of the house flows."""
    return actor.kind == "staff" and bool(actor.roles)


def may_manage(actor: Actor) -> bool:
    """Those who improve services bring logs in, write them out and throw them away."""
    return actor.kind == "staff" and actor.has(Role.TEAM_LEAD, Role.EDITOR, Role.ADMIN)
