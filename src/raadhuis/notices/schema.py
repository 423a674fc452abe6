"""The shapes that cross this room's door."""

import msgspec


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened to a resource. Addresses lack their server (kernel.documents.MARK)."""

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
