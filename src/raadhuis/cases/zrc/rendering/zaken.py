"""The documents of cases themselves.

In: cases; old documents. Out: JSON bytes. Always holds: a page of cases costs as many statements as one case does.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from raadhuis.cases.models import (
    Resultaat,
    Rol,
    Status,
    Zaak,
    ZaakEigenschap,
    ZaakInformatieObject,
    ZaakKenmerk,
    ZaakObject,
    ZaakRelatie,
)
from raadhuis.cases.zrc.rendering.common import TYPES, at, head, ids_by_zaak, moment
from raadhuis.kernel.documents import address, read, written

PAYMENT = {
    "": "",
    "nvt": "Er is geen sprake van te betalen, met de zaak gemoeide, kosten.",
    "nog_niet": "De met de zaak gemoeide kosten zijn (nog) niet betaald.",
    "gedeeltelijk": "De met de zaak gemoeide kosten zijn gedeeltelijk betaald.",
    "geheel": "De met de zaak gemoeide kosten zijn geheel betaald.",
}
_NOTHING: Mapping[str, Any] = {}


def zaken(rows: Sequence[Zaak]) -> list[bytes]:
    """The documents of cases."""
    ids = [row.id for row in rows]
    hanging = {
        "eigenschappen": ids_by_zaak(ZaakEigenschap, ids),
        "rollen": ids_by_zaak(Rol, ids),
        "zaakinformatieobjecten": ids_by_zaak(ZaakInformatieObject, ids),
        "zaakobjecten": ids_by_zaak(ZaakObject, ids),
    }
    statuses = ids_by_zaak(Status, ids, "datum_status_gezet")
    results = ids_by_zaak(Resultaat, ids)
    marks: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for mark in ZaakKenmerk.objects.filter(zaak_id__in=ids).order_by("pk"):
        marks[mark.zaak_id].append({"kenmerk": mark.kenmerk, "bron": mark.bron})
    others: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for other in ZaakRelatie.objects.filter(zaak_id__in=ids).order_by("pk"):
        others[other.zaak_id].append({"url": other.andere, "aardRelatie": other.aard_relatie})
    parts: dict[UUID | None, list[UUID]] = defaultdict(list)
    for part, whole in Zaak.objects.filter(hoofdzaak_id__in=ids).order_by("pk").values_list("pk", "hoofdzaak_id"):
        parts[whole].append(part)
    return [
        written(
            own_values(row)
            | {
                "deelzaken": [at("zaken", part) for part in parts[row.id]],
                "relevanteAndereZaken": others[row.id],
                "eigenschappen": [
                    f"{at('zaken', row.id)}/zaakeigenschappen/{e}" for e in hanging["eigenschappen"][row.id]
                ],
                **{
                    name: [at(name, id) for id in found[row.id]]
                    for name, found in hanging.items()
                    if name != "eigenschappen"
                },
                "status": at("statussen", statuses[row.id][-1]) if statuses[row.id] else None,
                "resultaat": at("resultaten", results[row.id][0]) if results[row.id] else None,
                "kenmerken": marks[row.id],
            }
        )
        for row in rows
    ]


def fresh_zaak(
    row: Zaak,
    marks: Sequence[dict[str, Any]] = (),
    others: Sequence[dict[str, Any]] = (),
    hanging: Mapping[str, Any] = _NOTHING,
) -> bytes:
    """The document of a new case: its marks and related cases, and by attribute what else comes along with it."""
    return written(fresh_values(row, marks, others, hanging))


def fresh_values(
    row: Zaak, marks: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]], hanging: Mapping[str, Any] = _NOTHING
) -> dict[str, Any]:
    """The same, not written yet."""
    return own_values(row) | {
        "deelzaken": [],
        "relevanteAndereZaken": _once(others),
        **dict.fromkeys(("eigenschappen", "rollen", "zaakinformatieobjecten", "zaakobjecten"), ()),
        "status": None,
        "resultaat": None,
        "kenmerken": list(marks),
        **hanging,
    }


def changed_zaak(row: Zaak, old: bytes, marks: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> bytes:
    """The document of a case that was changed itself; what hangs on it is as in the old document."""
    return written(read(old) | own_values(row) | {"kenmerken": list(marks), "relevanteAndereZaken": _once(others)})


def with_status(row: Zaak, old: bytes, status: UUID | None) -> bytes:
    """The document of a case that got a status (None: not its newest), and may have been closed or opened again."""
    newest = {"status": at("statussen", status)} if status is not None else {}
    return written(read(old) | own_values(row) | newest)


def _once(others: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({one["url"]: one for one in others}.values())


def own_values(row: Zaak) -> dict[str, Any]:
    """What a case says of itself, not written yet."""
    return {
        **head("zaken", row.id),
        "identificatie": row.identificatie,
        "bronorganisatie": row.bronorganisatie,
        "omschrijving": row.omschrijving,
        "toelichting": row.toelichting[:1000],
        "zaaktype": address(f"{TYPES}zaaktypen", row.zaaktype),
        "registratiedatum": row.registratiedatum,
        "verantwoordelijkeOrganisatie": row.verantwoordelijke_organisatie,
        "startdatum": row.startdatum,
        "einddatum": row.einddatum,
        "einddatumGepland": row.einddatum_gepland,
        "uiterlijkeEinddatumAfdoening": row.uiterlijke_einddatum_afdoening,
        "publicatiedatum": row.publicatiedatum,
        "communicatiekanaal": row.communicatiekanaal,
        "communicatiekanaalNaam": row.communicatiekanaal_naam,
        "productenOfDiensten": row.producten_of_diensten,
        "vertrouwelijkheidaanduiding": row.vertrouwelijkheidaanduiding,
        "betalingsindicatie": row.betalingsindicatie,
        "betalingsindicatieWeergave": PAYMENT.get(row.betalingsindicatie, ""),
        "laatsteBetaaldatum": moment(row.laatste_betaaldatum),
        "zaakgeometrie": row.zaakgeometrie,
        "verlenging": {"reden": row.verlenging_reden, "duur": row.verlenging_duur or None},
        "opschorting": {
            "indicatie": row.opschorting_indicatie,
            "eerdereOpschorting": row.opschorting_eerdere,
            "reden": row.opschorting_reden,
        },
        "selectielijstklasse": row.selectielijstklasse,
        "hoofdzaak": at("zaken", row.hoofdzaak_id),
        "archiefnominatie": row.archiefnominatie or None,
        "archiefstatus": row.archiefstatus,
        "archiefactiedatum": row.archiefactiedatum,
        "opdrachtgevendeOrganisatie": row.opdrachtgevende_organisatie,
        "processobjectaard": row.processobjectaard,
        "startdatumBewaartermijn": row.startdatum_bewaartermijn,
        "processobject": row.processobject,
    }
