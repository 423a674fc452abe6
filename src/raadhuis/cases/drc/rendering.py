"""The national representation of documents, and of what hangs on them.

In: rows. Out: JSON bytes, addresses without their server. Always holds: a page costs as many statements as one document
does; the word that unlocks a document is told to nobody but who took it out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from raadhuis.cases.models import (
    BesluitInformatieObject,
    BestandsDeel,
    EnkelvoudigInformatieObject,
    Gebruiksrechten,
    Verzending,
    ZaakInformatieObject,
)
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.documents import address, written

DOCUMENTS, TYPES = "documenten/api/v1/", "catalogi/api/v1/"
EIO = "enkelvoudiginformatieobjecten"
SENDING = "verzending"
# What of a sending rests encrypted, and how it is when nothing was said.
SEALED: dict[str, Any] = {
    "contactpersoonnaam": "",
    "binnenlandsCorrespondentieadres": None,
    "buitenlandsCorrespondentieadres": None,
    "correspondentiePostadres": None,
    "faxnummer": "",
    "emailadres": "",
    "mijnOverheid": False,
    "telefoonnummer": "",
}


def at(name: str, id: UUID) -> str:
    """The address of a row, without its server."""
    return address(f"{DOCUMENTS}{name}", id)


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def documents(rows: Sequence[EnkelvoudigInformatieObject]) -> list[bytes]:
    """The documents of documents."""
    parts = _parts_of(rows)
    return [written(_document(row, parts[row.pk], "")) for row in rows]


def with_lock(row: EnkelvoudigInformatieObject) -> bytes:
    """The document as whoever took it out gets it: with the word that unlocks it."""
    return written({**_document(row, _parts_of([row])[row.pk], row.locked), "lock": row.locked})


def _parts_of(rows: Sequence[EnkelvoudigInformatieObject]) -> Mapping[UUID, list[BestandsDeel]]:
    waiting = [row.pk for row in rows if row.bestandsomvang and not row.file_key]
    found: dict[UUID, list[BestandsDeel]] = defaultdict(list)
    if waiting:
        for part in BestandsDeel.objects.filter(informatieobject__in=waiting).order_by("volgnummer"):
            found[part.informatieobject_id].append(part)
    return found


def _document(row: EnkelvoudigInformatieObject, parts: Sequence[BestandsDeel], lock: str) -> dict[str, Any]:
    own = at(EIO, row.pk)
    return {
        "url": own,
        "identificatie": row.identificatie,
        "bronorganisatie": row.bronorganisatie,
        "creatiedatum": row.creatiedatum,
        "titel": row.titel,
        "vertrouwelijkheidaanduiding": row.vertrouwelijkheidaanduiding,
        "isGereedVoorPublicatie": row.is_gereed_voor_publicatie,
        "tonenAanInitiator": row.tonen_aan_initiator,
        "auteur": row.auteur,
        "status": row.status,
        "inhoudIsVervallen": row.inhoud_is_vervallen,
        "formaat": row.formaat,
        "taal": row.taal,
        "versie": row.versie,
        "beginRegistratie": _moment(row.begin_registratie),
        "bestandsnaam": row.bestandsnaam,
        "inhoud": f"{own}/download?versie={row.versie}" if row.file_key else None,
        "bestandsomvang": row.bestandsomvang,
        "link": row.link,
        "beschrijving": row.beschrijving[:1000],
        "ontvangstdatum": row.ontvangstdatum,
        "verzenddatum": row.verzenddatum,
        "indicatieGebruiksrecht": row.indicatie_gebruiksrecht,
        "verschijningsvorm": row.verschijningsvorm,
        "ondertekening": _signed(row),
        "integriteit": _checked(row),
        "informatieobjecttype": address(f"{TYPES}informatieobjecttypen", row.informatieobjecttype),
        "locked": bool(row.locked),
        "bestandsdelen": [_part(one, lock) for one in parts],
        "trefwoorden": row.trefwoorden,
    }


def _signed(row: EnkelvoudigInformatieObject) -> dict[str, Any] | None:
    if not row.ondertekening_soort:
        return None
    return {"soort": row.ondertekening_soort, "datum": row.ondertekening_datum}


def _checked(row: EnkelvoudigInformatieObject) -> dict[str, Any] | None:
    if not row.integriteit_waarde:
        return None
    day: date = row.integriteit_datum or clock.local(row.begin_registratie).date()
    return {"algoritme": row.integriteit_algoritme, "waarde": row.integriteit_waarde, "datum": day}


def _part(row: BestandsDeel, lock: str) -> dict[str, Any]:
    return {
        "url": at("bestandsdelen", row.pk),
        "volgnummer": row.volgnummer,
        "omvang": row.omvang,
        "voltooid": bool(row.file_key),
        "lock": lock,
    }


def part(row: BestandsDeel, lock: str) -> bytes:
    """The document of a part, for whoever sent it."""
    return written(_part(row, lock))


def gebruiksrechten(rows: Sequence[Gebruiksrechten]) -> list[bytes]:
    """The documents of terms of use."""
    return [
        written(
            {
                "url": at("gebruiksrechten", row.pk),
                "informatieobject": at(EIO, row.informatieobject_id),
                "startdatum": _moment(row.startdatum),
                "einddatum": _moment(row.einddatum),
                "omschrijvingVoorwaarden": row.omschrijving_voorwaarden,
            }
        )
        for row in rows
    ]


def verzendingen(rows: Sequence[Verzending]) -> list[bytes]:
    """The documents of sendings, with what is encrypted at rest."""
    return [
        written(
            {
                "url": at("verzendingen", row.pk),
                "betrokkene": row.betrokkene,
                "informatieobject": at(EIO, row.informatieobject_id),
                "aardRelatie": row.aard_relatie,
                "toelichting": row.toelichting,
                "ontvangstdatum": row.ontvangstdatum,
                "verzenddatum": row.verzenddatum,
                "contactPersoon": row.contact_persoon,
                **SEALED,
                **privacy.decrypt_json(SENDING, row.sealed),
            }
        )
        for row in rows
    ]


def objectinformatieobjecten(rows: Sequence[ZaakInformatieObject | BesluitInformatieObject]) -> list[bytes]:
    """The documents of what a document belongs to: relations that cases and decisions keep, seen from its own side."""
    return [
        written(
            {
                "url": at("objectinformatieobjecten", row.pk),
                "informatieobject": at(EIO, row.informatieobject_id),
                **_object_of(row),
            }
        )
        for row in rows
    ]


def _object_of(row: ZaakInformatieObject | BesluitInformatieObject) -> dict[str, str]:
    if isinstance(row, ZaakInformatieObject):
        return {"object": address("zaken/api/v1/zaken", row.zaak_id), "objectType": "zaak"}
    return {"object": address("besluiten/api/v1/besluiten", row.besluit_id), "objectType": "besluit"}
