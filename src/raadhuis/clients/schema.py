"""The shapes that cross this room's door."""

from typing import Literal, get_args
from uuid import UUID

import msgspec

from raadhuis.kernel.actor import TAKE_OVER, Actor

Component = Literal["ac", "nrc", "zrc", "ztc", "drc", "brc"]
# Which attribute names the type that a right holds for (rule ac-003).
TYPE_OF = {"zrc": "zaaktype", "drc": "informatieobjecttype", "brc": "besluittype"}
# From what everybody may see to what almost nobody may.
Confidentiality = Literal[
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
]
LEVELS: tuple[str, ...] = get_args(Confidentiality)


class Right(msgspec.Struct, frozen=True):
    """Scopes for a component, up to a level of confidentiality, for a type (its address; "" for all)."""

    component: str
    scopes: frozenset[str]
    type: str = ""
    level: str = ""
    one_version: bool = False


class Client(msgspec.Struct, frozen=True):
    """An application that signs with `client_id`. `stamp` is the number of the tables it was worked out from."""

    applicatie: UUID
    client_id: str
    label: str
    secret: str
    everything: bool
    only_published: bool
    """Whether it may read just the documents that are ready to be published."""
    rights: tuple[Right, ...]
    stamp: int

    def may(self, component: str, *scopes: str) -> bool:
        """Whether it has one of these scopes somewhere in the component."""
        wanted = set(scopes)
        return self.everything or any(r.component == component and not wanted.isdisjoint(r.scopes) for r in self.rights)

    def actor(self) -> Actor:
        """Who acts, for the journal."""
        return Actor(kind="client", pseudonym=f"client-{self.applicatie.hex}", channel="api", name=self.label)


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """An application that asks for something, and for whom: what its token says of the person behind it."""

    client: Client
    user: str = ""
    user_name: str = ""
    remark: str = ""
    """Why, for the audit trail (X-Audit-Toelichting)."""
    acts: Actor | None = None
    """Who acts, where that is not the application."""

    def actor(self) -> Actor:
        """Who acts, for the journal: the application, not the person."""
        return self.acts or self.client.actor()


def by_command() -> Asker:
    """Who works at the command line of the town hall: everything may be done there."""
    client = Client(
        applicatie=UUID(int=0),
        client_id="raadhuis",
        label="Raadhuis",
        secret="",
        everything=True,
        only_published=False,
        rights=(),
        stamp=0,
    )
    return Asker(client=client)


def by_take_over(source: str) -> Asker:
    """Who takes over another register at the command line; the audit trail names the register."""
    return msgspec.structs.replace(by_command(), acts=TAKE_OVER, remark=f"Overgenomen uit {source}"[:1000])


class NewRight(msgspec.Struct, frozen=True, kw_only=True):
    """A right as it is written."""

    component: Component
    scopes: list[str]
    type: str = ""
    level: str = ""
    one_version: bool = False


class NewApplicatie(msgspec.Struct, frozen=True, kw_only=True):
    """An application as it is written; `secrets` by client id, for those that get a new one."""

    label: str
    client_ids: list[str]
    everything: bool = False
    only_published: bool = False
    rights: list[NewRight] = []
    secrets: dict[str, str] = {}


class ApplicatieView(msgspec.Struct, frozen=True, kw_only=True):
    """An application as it is read."""

    id: UUID
    label: str
    client_ids: list[str]
    everything: bool
    only_published: bool
    rights: list[NewRight]
