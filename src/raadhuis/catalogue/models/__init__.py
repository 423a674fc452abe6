"""Tables of `catalogue`. Private: only this room's actions, queries and access import them."""

from raadhuis.catalogue.models.service import Import, ServiceVersion
from raadhuis.catalogue.models.ztc import (
    BesluitType,
    Catalogus,
    Eigenschap,
    InformatieObjectType,
    ResultaatType,
    RolType,
    StatusType,
    ZaakObjectType,
    ZaakType,
    ZaakTypeBesluitType,
    ZaakTypeInformatieObjectType,
)

__all__ = [
    "BesluitType",
    "Catalogus",
    "Eigenschap",
    "Import",
    "InformatieObjectType",
    "ResultaatType",
    "RolType",
    "ServiceVersion",
    "StatusType",
    "ZaakObjectType",
    "ZaakType",
    "ZaakTypeBesluitType",
    "ZaakTypeInformatieObjectType",
]
