"""The shapes that cross this room's door, and the channels that are always there."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened to a resource. Addresses of ours lack their server (kernel.documents.MARK)."""

    channel: str
    """zaken, documenten, besluiten, zaaktypen, informatieobjecttypen, besluittypen, autorisaties, or another one."""
    main: str
    """The address of the main object: notices about one keep their order."""
    resource: str
    address: str
    action: str
    """create, update, partial_update, destroy."""
    features: dict[str, str] = {}
    """The kenmerken by which a subscription may choose. Never personal data."""
    made: str = ""
    """When it happened, as whoever publishes says it; "" for now."""


class Channel(msgspec.Struct, frozen=True):
    """A channel: its name, what describes it, and the kenmerken that a subscription may choose by."""

    id: UUID
    name: str
    link: str
    features: tuple[str, ...]


_ZGW = "https://vng-realisatie.github.io/gemma-zaken/standaard"
# The standard's own; their ids follow from their names, so that every town hall, and every copy of one, has the same.
STANDARD = tuple(
    Channel(uuid5(NAMESPACE_URL, f"{_ZGW}/notificaties/{name}"), name, f"{_ZGW}/{api}/", features)
    for name, api, features in (
        ("zaken", "zaken", ("bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding")),
        ("documenten", "documenten", ("bronorganisatie", "informatieobjecttype", "vertrouwelijkheidaanduiding")),
        ("besluiten", "besluiten", ("verantwoordelijkeOrganisatie", "besluittype")),
        ("zaaktypen", "catalogi", ("catalogus",)),
        ("informatieobjecttypen", "catalogi", ("catalogus",)),
        ("besluittypen", "catalogi", ("catalogus",)),
        ("autorisaties", "autorisaties", ()),
    )
)


class Filtered(msgspec.Struct, frozen=True):
    """A channel that is listened to, and by kenmerk the value that it must have ("*" or "": any)."""

    name: str
    filters: dict[str, str] = {}


class NewSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as it is written. `auth`: the Authorization header that the receiver wants; None keeps it."""

    callback: str
    channels: list[Filtered]
    auth: str | None = None
    cloud_events: bool = False


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as it is read. What the receiver wants as Authorization never leaves."""

    id: UUID
    applicatie: UUID | None
    callback: str
    channels: list[Filtered]
    cloud_events: bool
    rests: int
    rests_until: datetime | None
    last_error: str
    stopped: datetime | None

    @property
    def state(self) -> str:
        """well, away, or stopped."""
        if self.stopped is not None:
            return "stopped"
        return "away" if self.rests else "well"
