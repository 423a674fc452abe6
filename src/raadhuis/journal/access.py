"""Who may read the journal's administration: the outbox's dead letters and their re-sending."""

from raadhuis.kernel.actor import Actor, Role


def may_see_outbox(actor: Actor) -> bool:
    """Team leads and administrators see what could not be delivered."""
    return actor.kind == "staff" and actor.has(Role.TEAM_LEAD, Role.ADMIN)


def may_resend(actor: Actor) -> bool:
    """Only administrators send again: a double letter is worse than a late one."""
    return actor.kind == "staff" and actor.has(Role.ADMIN)
