"""Telling subscribers that a type was made, changed or taken away."""

from typing import Any

from raadhuis.catalogue.ztc.resources import ROOT
from raadhuis.kernel.documents import address
from raadhuis.notices.actions import tell
from raadhuis.notices.schema import Notice

# Resources that have a channel of their own; what hangs on a zaaktype has none.
CHANNELS = {"zaaktypen", "informatieobjecttypen", "besluittypen"}


def announce(name: str, row: Any, action: str) -> None:
    """Tells it, in the running transaction, when the resource has a channel."""
    if name not in CHANNELS:
        return
    place = address(f"{ROOT}{name}", row.pk)
    tell(
        Notice(
            channel=name,
            main=place,
            resource=name.removesuffix("n"),
            address=place,
            action=action,
            features={"catalogus": address(f"{ROOT}catalogussen", row.catalogus_id)},
        )
    )
