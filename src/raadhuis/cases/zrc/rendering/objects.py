"""The documents of what a case is about and what belongs to it: objects, documents, properties, decisions.

In: rows. Out: JSON bytes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from raadhuis.cases.models import Besluit, ZaakEigenschap, ZaakInformatieObject, ZaakObject
from raadhuis.cases.zrc.rendering.common import DECISIONS, DOCUMENTS, TYPES, at, head, moment
from raadhuis.kernel import privacy
from raadhuis.kernel.documents import address, written

OBJECT = "zaakobject"


def zaakobjecten(rows: Sequence[ZaakObject]) -> list[bytes]:
    """The documents of objects."""
    return [written(_object(row)) for row in rows]


def _object(row: ZaakObject) -> dict[str, Any]:
    return {
        **head("zaakobjecten", row.id),
        "zaak": at("zaken", row.zaak_id),
        "object": row.object,
        "zaakobjecttype": address(f"{TYPES}zaakobjecttypen", row.zaakobjecttype) if row.zaakobjecttype else "",
        "objectType": row.object_type,
        # The contract has a form for this word that an empty one does not have.
        **({"objectTypeOverige": row.object_type_overige} if row.object_type_overige else {}),
        "objectTypeOverigeDefinitie": row.object_type_overige_definitie,
        "relatieomschrijving": row.relatieomschrijving,
        "objectIdentificatie": (
            privacy.decrypt_json(OBJECT, row.object_identificatie) if row.object_identificatie else None
        ),
    }


def zaakinformatieobjecten(rows: Sequence[ZaakInformatieObject]) -> list[bytes]:
    """The documents of relations with documents."""
    return [
        written(
            {
                **head("zaakinformatieobjecten", row.id),
                "informatieobject": address(f"{DOCUMENTS}enkelvoudiginformatieobjecten", row.informatieobject_id),
                "zaak": at("zaken", row.zaak_id),
                "aardRelatieWeergave": row.aard_relatie_weergave,
                "titel": row.titel,
                "beschrijving": row.beschrijving,
                "registratiedatum": moment(row.registratiedatum),
                "vernietigingsdatum": moment(row.vernietigingsdatum),
                "status": at("statussen", row.status_id),
            }
        )
        for row in rows
    ]


def zaakeigenschappen(rows: Sequence[ZaakEigenschap]) -> list[bytes]:
    """The documents of properties; they live below their case."""
    return [
        written(
            {
                "url": f"{at('zaken', row.zaak_id)}/zaakeigenschappen/{row.id}",
                "uuid": str(row.id),
                "zaak": at("zaken", row.zaak_id),
                "eigenschap": address(f"{TYPES}eigenschappen", row.eigenschap),
                "naam": row.naam,
                "waarde": row.waarde,
            }
        )
        for row in rows
    ]


def besluiten(rows: Iterable[Besluit]) -> list[bytes]:
    """The documents of relations with decisions; they live below their case."""
    return [
        written(
            {
                "url": f"{at('zaken', row.zaak_id)}/besluiten/{row.id}",
                "uuid": str(row.id),
                "besluit": address(f"{DECISIONS}besluiten", row.id),
            }
        )
        for row in rows
    ]
