"""Who does something, as the rest of the house needs to know it.

Comes in: what the identity provider said. Goes out: an Actor, without identifying numbers.
Always holds: `pseudonym` is what the journal gets; `name` is for screens and never for the journal.
"""

from enum import StrEnum
from typing import Literal

import msgspec

Channel = Literal["web", "desk", "api", "mail", "system", "take-over"]


class Role(StrEnum):
    """What a member of staff may do; a person may have several. Ordered from little to much."""

    READER = "reader"
    HANDLER = "handler"
    DECIDER = "decider"
    TEAM_LEAD = "team_lead"
    EDITOR = "service_editor"
    ADMIN = "administrator"


class Actor(msgspec.Struct, frozen=True):
    """Who acts. `kind` says on which side of the counter ("client": another application); `roles` and `teams` only for
    staff.
    """

    kind: Literal["resident", "business", "anonymous", "staff", "client", "system"]
    pseudonym: str
    channel: Channel = "web"
    name: str = ""
    roles: frozenset[Role] = frozenset()
    teams: frozenset[str] = frozenset()

    @property
    def role(self) -> str:
        """The word the journal gets: the side of the counter, or the highest staff role."""
        if self.kind != "staff":
            return self.kind
        ranked = [r for r in Role if r in self.roles]
        return ranked[-1].value if ranked else "staff"

    def has(self, *roles: Role) -> bool:
        """Whether this actor has at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(kind="system", pseudonym="raadhuis", channel="system", name="Raadhuis")
TAKE_OVER = Actor(kind="system", pseudonym="take-over", channel="take-over", name="Raadhuis")
"""What comes from another register: it happened there, at another time, and not when the journal hears of it."""
