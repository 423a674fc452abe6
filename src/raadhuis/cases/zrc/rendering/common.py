"""What the documents of cases and of what hangs on them share: addresses, moments, what belongs to which case."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from raadhuis.kernel.documents import address

ZAKEN, TYPES = "zaken/api/v1/", "catalogi/api/v1/"
DOCUMENTS, DECISIONS = "documenten/api/v1/", "besluiten/api/v1/"


def at(name: str, id: UUID | str | None) -> str | None:
    """The address of a resource of this API, without its server; None for none."""
    return address(f"{ZAKEN}{name}", id) if id else None


def moment(value: datetime | None) -> str | None:
    """A moment as the contract writes it, in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def head(name: str, id: UUID | str) -> dict[str, Any]:
    """What every resource says first."""
    return {"url": at(name, id), "uuid": str(id)}


def ids_by_zaak(model: Any, zaken: Sequence[UUID], *order: str) -> dict[UUID, list[UUID]]:
    """The ids of what hangs on cases, by case."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = model._default_manager.filter(zaak_id__in=zaken).order_by(*(order or ("pk",)))
    for zaak, id in rows.values_list("zaak_id", "pk"):
        found[zaak].append(id)
    return found
