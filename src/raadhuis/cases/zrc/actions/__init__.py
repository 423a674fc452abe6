"""Every write on cases by another application: one function a verb, one durable transaction each."""

from raadhuis.cases.zrc.actions.children import change, create, remove
from raadhuis.cases.zrc.actions.statussen import set_status
from raadhuis.cases.zrc.actions.whole import change_along, close_zaak, reserve_numbers
from raadhuis.cases.zrc.actions.zaken import change_zaak, create_zaak, remove_zaak

__all__ = [
    "change",
    "change_along",
    "change_zaak",
    "close_zaak",
    "create",
    "create_zaak",
    "remove",
    "remove_zaak",
    "reserve_numbers",
    "set_status",
]
