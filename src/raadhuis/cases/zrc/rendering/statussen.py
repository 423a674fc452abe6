"""The documents of statuses and results.

In: rows, or what `queries` reads of them. Out: JSON bytes.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from raadhuis.cases.models import Resultaat, Status, ZaakInformatieObject
from raadhuis.cases.zrc.rendering.common import TYPES, at, head, ids_by_zaak, moment
from raadhuis.kernel.documents import address, written


class StatusRow(NamedTuple):
    """What a status says of itself; ids as text."""

    id: str
    zaak_id: str
    statustype: str
    datum_status_gezet: datetime
    statustoelichting: str
    gezetdoor: str | None


def statussen_of(rows: Sequence[tuple[Any, ...]]) -> list[bytes]:
    """The documents of statuses, from what `queries` reads of them.

    Each row: id, case, type, moment, words, set by, whether there is a later one, whether documents matter for it.
    """
    documents: dict[str, list[UUID]] = defaultdict(list)
    if documented := [row[0] for row in rows if row[7]]:
        found = ZaakInformatieObject.objects.filter(status__in=documented).order_by("pk")
        for id, its in found.values_list("pk", "status_id"):
            documents[str(its)].append(id)
    return [status(StatusRow(*row[:6]), is_newest=not row[6], documents=documents[row[0]]) for row in rows]


def statussen(rows: Sequence[Status]) -> list[bytes]:
    """The documents of statuses."""
    newest = {
        zaak: id
        for zaak, ids in ids_by_zaak(Status, [row.zaak_id for row in rows], "datum_status_gezet").items()
        for id in ids[-1:]
    }
    documents: dict[UUID | None, list[UUID]] = defaultdict(list)
    found = ZaakInformatieObject.objects.filter(status__in=[row.pk for row in rows]).order_by("pk")
    for id, its in found.values_list("pk", "status_id"):
        documents[its].append(id)
    return [status(row, is_newest=newest.get(row.zaak_id) == row.id, documents=documents[row.id]) for row in rows]


def status(row: "Status | StatusRow", *, is_newest: bool, documents: Sequence[UUID] = ()) -> bytes:
    """The document of one status; `documents` are its zaakinformatieobjecten."""
    return written(
        {
            **head("statussen", row.id),
            "zaak": at("zaken", row.zaak_id),
            "statustype": address(f"{TYPES}statustypen", row.statustype),
            "datumStatusGezet": moment(row.datum_status_gezet),
            "statustoelichting": row.statustoelichting,
            "indicatieLaatstGezetteStatus": is_newest,
            "gezetdoor": at("rollen", row.gezetdoor) or "",
            "zaakinformatieobjecten": [at("zaakinformatieobjecten", id) for id in documents],
        }
    )


def resultaten(rows: Sequence[Resultaat]) -> list[bytes]:
    """The documents of results."""
    return [
        written(
            {
                **head("resultaten", row.id),
                "zaak": at("zaken", row.zaak_id),
                "resultaattype": address(f"{TYPES}resultaattypen", row.resultaattype),
                "toelichting": row.toelichting[:1000],
            }
        )
        for row in rows
    ]
