"""The national representation of decisions, and of their relations with documents.

In: rows. Out: JSON bytes, addresses without their server.
"""

from collections.abc import Iterable
from uuid import UUID

from raadhuis.cases.models import Besluit, BesluitInformatieObject
from raadhuis.kernel.documents import address, written

DECISIONS, TYPES = "besluiten/api/v1/", "catalogi/api/v1/"
ZAKEN, DOCUMENTS = "zaken/api/v1/zaken", "documenten/api/v1/enkelvoudiginformatieobjecten"
REASONS = {
    "": "",
    "tijdelijk": "Besluit met tijdelijke werking",
    "ingetrokken_overheid": "Besluit ingetrokken door overheid",
    "ingetrokken_belanghebbende": "Besluit ingetrokken o.v.v. belanghebbende",
}


def at(name: str, id: UUID) -> str:
    """The address of a row, without its server."""
    return address(f"{DECISIONS}{name}", id)


def besluiten(rows: Iterable[Besluit]) -> list[bytes]:
    """The documents of decisions."""
    return [
        written(
            {
                "url": at("besluiten", row.pk),
                "identificatie": row.identificatie,
                "verantwoordelijkeOrganisatie": row.verantwoordelijke_organisatie,
                "besluittype": address(f"{TYPES}besluittypen", row.besluittype),
                "zaak": address(ZAKEN, row.zaak_id) if row.zaak_id else "",
                "datum": row.datum,
                "toelichting": row.toelichting,
                "bestuursorgaan": row.bestuursorgaan,
                "ingangsdatum": row.ingangsdatum,
                "vervaldatum": row.vervaldatum,
                "vervalreden": row.vervalreden,
                "vervalredenWeergave": REASONS.get(row.vervalreden, ""),
                "publicatiedatum": row.publicatiedatum,
                "verzenddatum": row.verzenddatum,
                "uiterlijkeReactiedatum": row.uiterlijke_reactiedatum,
            }
        )
        for row in rows
    ]


def besluitinformatieobjecten(rows: Iterable[BesluitInformatieObject]) -> list[bytes]:
    """The documents of relations between decisions and documents."""
    return [
        written(
            {
                "url": at("besluitinformatieobjecten", row.pk),
                "informatieobject": address(DOCUMENTS, row.informatieobject_id),
                "besluit": at("besluiten", row.besluit_id),
            }
        )
        for row in rows
    ]
