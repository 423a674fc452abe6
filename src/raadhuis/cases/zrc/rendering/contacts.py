"""The documents of contacts with who a case is for, here and elsewhere, and of notes.

In: rows. Out: JSON bytes, with what is encrypted opened.
"""

from collections.abc import Sequence

from raadhuis.cases.models import KlantContact, ZaakContactMoment, ZaakNotitie, ZaakVerzoek
from raadhuis.cases.zrc.rendering.common import at, head, moment
from raadhuis.kernel import privacy
from raadhuis.kernel.documents import written

CONTACT, NOTE = "klantcontact", "zaaknotitie"


def klantcontacten(rows: Sequence[KlantContact]) -> list[bytes]:
    """The documents of contacts with customers."""
    return [
        written(
            {
                **head("klantcontacten", row.id),
                "zaak": at("zaken", row.zaak_id),
                "identificatie": row.identificatie,
                "datumtijd": moment(row.datumtijd),
                "kanaal": row.kanaal,
                **privacy.decrypt_json(CONTACT, row.sealed),
            }
        )
        for row in rows
    ]


def zaakcontactmomenten(rows: Sequence[ZaakContactMoment]) -> list[bytes]:
    """The documents of relations with contacts elsewhere."""
    return [
        written(
            {
                **head("zaakcontactmomenten", row.id),
                "zaak": at("zaken", row.zaak_id),
                "contactmoment": row.contactmoment,
            }
        )
        for row in rows
    ]


def zaakverzoeken(rows: Sequence[ZaakVerzoek]) -> list[bytes]:
    """The documents of relations with requests elsewhere."""
    return [
        written({**head("zaakverzoeken", row.id), "zaak": at("zaken", row.zaak_id), "verzoek": row.verzoek})
        for row in rows
    ]


def zaaknotities(rows: Sequence[ZaakNotitie]) -> list[bytes]:
    """The documents of notes."""
    return [
        written(
            {
                "url": at("zaaknotities", row.id),
                **privacy.decrypt_json(NOTE, row.sealed),
                "notitieType": row.notitie_type,
                "status": row.status,
                "aanmaakdatum": moment(row.aanmaakdatum),
                "wijzigingsdatum": moment(row.wijzigingsdatum),
                "gerelateerdAan": at("zaken", row.zaak_id),
            }
        )
        for row in rows
    ]
