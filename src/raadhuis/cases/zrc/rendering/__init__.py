"""The national representation of cases, and of what hangs on them.

In: rows. Out: JSON bytes, addresses without their server. Always holds: a page of cases costs as many statements as one
case does; what is encrypted is opened for whoever may read it here, and nowhere kept open.
"""

from collections.abc import Callable, Sequence
from typing import Any

from raadhuis.cases.zrc.rendering.common import DECISIONS, DOCUMENTS, TYPES, ZAKEN, at
from raadhuis.cases.zrc.rendering.contacts import (
    CONTACT,
    NOTE,
    klantcontacten,
    zaakcontactmomenten,
    zaaknotities,
    zaakverzoeken,
)
from raadhuis.cases.zrc.rendering.objects import (
    OBJECT,
    besluiten,
    zaakeigenschappen,
    zaakinformatieobjecten,
    zaakobjecten,
)
from raadhuis.cases.zrc.rendering.rollen import PEOPLE, role, rollen
from raadhuis.cases.zrc.rendering.statussen import StatusRow, resultaten, status, statussen, statussen_of
from raadhuis.cases.zrc.rendering.zaken import changed_zaak, fresh_values, fresh_zaak, own_values, with_status, zaken

__all__ = [
    "CONTACT",
    "DECISIONS",
    "DOCUMENTS",
    "NOTE",
    "OBJECT",
    "PEOPLE",
    "RENDER",
    "TYPES",
    "ZAKEN",
    "StatusRow",
    "at",
    "besluiten",
    "changed_zaak",
    "fresh_values",
    "fresh_zaak",
    "klantcontacten",
    "own_values",
    "resultaten",
    "role",
    "rollen",
    "status",
    "statussen",
    "statussen_of",
    "with_status",
    "zaakcontactmomenten",
    "zaakeigenschappen",
    "zaakinformatieobjecten",
    "zaaknotities",
    "zaakobjecten",
    "zaakverzoeken",
    "zaken",
]

RENDER: dict[str, Callable[[Sequence[Any]], list[bytes]]] = {
    "zaken": zaken,
    "statussen": statussen,
    "resultaten": resultaten,
    "rollen": rollen,
    "zaakobjecten": zaakobjecten,
    "zaakinformatieobjecten": zaakinformatieobjecten,
    "zaakeigenschappen": zaakeigenschappen,
    "besluiten": besluiten,
    "klantcontacten": klantcontacten,
    "zaakcontactmomenten": zaakcontactmomenten,
    "zaakverzoeken": zaakverzoeken,
    "zaaknotities": zaaknotities,
}
