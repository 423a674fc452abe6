"""The national representation of cases, and of what hangs on them.

In: rows. Out: JSON bytes, addresses without their server. Always holds: a page of cases costs as many statements as one
case does; what is encrypted is opened for whoever may read it here, and nowhere kept open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from raadhuis.cases.actions.roles import ROL
from raadhuis.cases.models import (
    Besluit,
    KlantContact,
    Resultaat,
    Rol,
    Status,
    Zaak,
    ZaakContactMoment,
    ZaakEigenschap,
    ZaakInformatieObject,
    ZaakKenmerk,
    ZaakNotitie,
    ZaakObject,
    ZaakRelatie,
    ZaakVerzoek,
)
from raadhuis.kernel import privacy
from raadhuis.kernel.documents import address, read, written

ZAKEN, TYPES = "zaken/api/v1/", "catalogi/api/v1/"
DOCUMENTS, DECISIONS = "documenten/api/v1/", "besluiten/api/v1/"
OBJECT, CONTACT, NOTE = "zaakobject", "klantcontact", "zaaknotitie"
PAYMENT = {
    "": "",
    "nvt": "Er is geen sprake van te betalen, met de zaak gemoeide, kosten.",
    "nog_niet": "De met de zaak gemoeide kosten zijn (nog) niet betaald.",
    "gedeeltelijk": "De met de zaak gemoeide kosten zijn gedeeltelijk betaald.",
    "geheel": "De met de zaak gemoeide kosten zijn geheel betaald.",
}
_NOTHING: Mapping[str, Any] = {}
_PLACE = {"verblijfsadres": None, "subVerblijfBuitenland": None}
# Clients read every attribute of who it is, also the ones that are empty.
PEOPLE: dict[str, dict[str, Any]] = {
    "natuurlijk_persoon": {
        **dict.fromkeys(("inpBsn", "anpIdentificatie", "inpA_nummer", "geslachtsnaam", "voorvoegselGeslachtsnaam"), ""),
        **dict.fromkeys(("voorletters", "voornamen", "geslachtsaanduiding", "geboortedatum"), ""),
        **_PLACE,
    },
    "niet_natuurlijk_persoon": {
        **dict.fromkeys(("innNnpId", "annIdentificatie", "statutaireNaam", "innRechtsvorm", "bezoekadres"), ""),
        "subVerblijfBuitenland": None,
    },
    "vestiging": {"vestigingsNummer": "", "handelsnaam": [], "kvkNummer": "", **_PLACE},
    "organisatorische_eenheid": {"identificatie": "", "naam": "", "isGehuisvestIn": ""},
    "medewerker": {"identificatie": "", "achternaam": "", "voorletters": "", "voorvoegselAchternaam": ""},
}


def _at(name: str, id: UUID | str | None) -> str | None:
    return address(f"{ZAKEN}{name}", id) if id else None


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


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def _head(name: str, id: UUID | str) -> dict[str, Any]:
    return {"url": _at(name, id), "uuid": str(id)}


def _ids_by_zaak(model: Any, zaken: Sequence[UUID], *order: str) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = model._default_manager.filter(zaak_id__in=zaken).order_by(*(order or ("pk",)))
    for zaak, id in rows.values_list("zaak_id", "pk"):
        found[zaak].append(id)
    return found


def zaken(rows: Sequence[Zaak]) -> list[bytes]:
    """The documents of cases."""
    ids = [row.id for row in rows]
    hanging = {
        "eigenschappen": _ids_by_zaak(ZaakEigenschap, ids),
        "rollen": _ids_by_zaak(Rol, ids),
        "zaakinformatieobjecten": _ids_by_zaak(ZaakInformatieObject, ids),
        "zaakobjecten": _ids_by_zaak(ZaakObject, ids),
    }
    statuses = _ids_by_zaak(Status, ids, "datum_status_gezet")
    results = _ids_by_zaak(Resultaat, ids)
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
            _zaak(row)
            | {
                "deelzaken": [_at("zaken", part) for part in parts[row.id]],
                "relevanteAndereZaken": others[row.id],
                "eigenschappen": [
                    f"{_at('zaken', row.id)}/zaakeigenschappen/{e}" for e in hanging["eigenschappen"][row.id]
                ],
                **{
                    name: [_at(name, id) for id in found[row.id]]
                    for name, found in hanging.items()
                    if name != "eigenschappen"
                },
                "status": _at("statussen", statuses[row.id][-1]) if statuses[row.id] else None,
                "resultaat": _at("resultaten", results[row.id][0]) if results[row.id] else None,
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
    return written(
        _zaak(row)
        | {
            "deelzaken": [],
            "relevanteAndereZaken": _once(others),
            **dict.fromkeys(("eigenschappen", "rollen", "zaakinformatieobjecten", "zaakobjecten"), ()),
            "status": None,
            "resultaat": None,
            "kenmerken": list(marks),
            **hanging,
        }
    )


def changed_zaak(row: Zaak, old: bytes, marks: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> bytes:
    """The document of a case that was changed itself; what hangs on it is as in the old document."""
    return written(read(old) | _zaak(row) | {"kenmerken": list(marks), "relevanteAndereZaken": _once(others)})


def with_status(row: Zaak, old: bytes, status: UUID | None) -> bytes:
    """The document of a case that got a status (None: not its newest), and may have been closed or opened again."""
    newest = {"status": _at("statussen", status)} if status is not None else {}
    return written(read(old) | _zaak(row) | newest)


def _once(others: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({one["url"]: one for one in others}.values())


def _zaak(row: Zaak) -> dict[str, Any]:
    """What a case says of itself."""
    return {
        **_head("zaken", row.id),
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
        "laatsteBetaaldatum": _moment(row.laatste_betaaldatum),
        "zaakgeometrie": row.zaakgeometrie,
        "verlenging": ({"reden": row.verlenging_reden, "duur": row.verlenging_duur} if row.verlenging_duur else None),
        "opschorting": {
            "indicatie": row.opschorting_indicatie,
            "eerdereOpschorting": row.opschorting_eerdere,
            "reden": row.opschorting_reden,
        },
        "selectielijstklasse": row.selectielijstklasse,
        "hoofdzaak": _at("zaken", row.hoofdzaak_id),
        "archiefnominatie": row.archiefnominatie or None,
        "archiefstatus": row.archiefstatus,
        "archiefactiedatum": row.archiefactiedatum,
        "opdrachtgevendeOrganisatie": row.opdrachtgevende_organisatie,
        "processobjectaard": row.processobjectaard,
        "startdatumBewaartermijn": row.startdatum_bewaartermijn,
        "processobject": row.processobject,
    }


def statussen(rows: Sequence[Status]) -> list[bytes]:
    """The documents of statuses."""
    newest = {
        zaak: id
        for zaak, ids in _ids_by_zaak(Status, [row.zaak_id for row in rows], "datum_status_gezet").items()
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
            **_head("statussen", row.id),
            "zaak": _at("zaken", row.zaak_id),
            "statustype": address(f"{TYPES}statustypen", row.statustype),
            "datumStatusGezet": _moment(row.datum_status_gezet),
            "statustoelichting": row.statustoelichting,
            "indicatieLaatstGezetteStatus": is_newest,
            "gezetdoor": _at("rollen", row.gezetdoor) or "",
            "zaakinformatieobjecten": [_at("zaakinformatieobjecten", id) for id in documents],
        }
    )


def resultaten(rows: Sequence[Resultaat]) -> list[bytes]:
    """The documents of results."""
    return [
        written(
            {
                **_head("resultaten", row.id),
                "zaak": _at("zaken", row.zaak_id),
                "resultaattype": address(f"{TYPES}resultaattypen", row.resultaattype),
                "toelichting": row.toelichting[:1000],
            }
        )
        for row in rows
    ]


def rollen(rows: Sequence[Rol]) -> list[bytes]:
    """The documents of roles, with who it is, and the statuses that they set."""
    set_by: dict[UUID | None, list[UUID]] = defaultdict(list)
    found = Status.objects.filter(zaak__in={row.zaak_id for row in rows}).exclude(gezetdoor=None)
    for id, whose in found.order_by("datum_status_gezet").values_list("pk", "gezetdoor"):
        set_by[whose].append(id)
    return [written(_rol(row, set_by[row.id])) for row in rows]


def role(row: Rol) -> bytes:
    """The document of a role that set no status yet."""
    return written(_rol(row, ()))


def _rol(row: Rol, statuses: Sequence[UUID]) -> dict[str, Any]:
    contact = privacy.decrypt_json(ROL, row.contact) if row.contact else {}
    known = privacy.decrypt_json(ROL, row.identification) if row.identification else {}
    if row.betrokkene_type == "niet_natuurlijk_persoon" and known.get("kvkNummer"):
        known = {"annIdentificatie": known["kvkNummer"], **known}  # The standard has no other place for it.
    shape = PEOPLE[row.betrokkene_type]
    return {
        **_head("rollen", row.id),
        "zaak": _at("zaken", row.zaak_id),
        "betrokkene": row.betrokkene,
        "betrokkeneType": row.betrokkene_type,
        "afwijkendeNaamBetrokkene": row.afwijkende_naam_betrokkene,
        "roltype": address(f"{TYPES}roltypen", row.roltype),
        "omschrijving": row.omschrijving,
        "omschrijvingGeneriek": row.omschrijving_generiek,
        "roltoelichting": row.roltoelichting or row.omschrijving,
        "registratiedatum": _moment(row.registratiedatum),
        "indicatieMachtiging": row.indicatie_machtiging,
        "contactpersoonRol": _contact(contact) if any(contact.values()) else None,
        "statussen": [_at("statussen", id) for id in statuses],
        "betrokkeneIdentificatie": {name: known.get(name) or empty for name, empty in shape.items()},
    }


def _contact(contact: dict[str, str]) -> dict[str, str]:
    return {
        "emailadres": contact.get("email") or contact.get("emailadres", ""),
        "functie": contact.get("functie", ""),
        "telefoonnummer": (contact.get("tel") or contact.get("telefoonnummer", ""))[:20],
        "naam": contact.get("naam", "")[:40],
    }


def zaakobjecten(rows: Sequence[ZaakObject]) -> list[bytes]:
    """The documents of objects."""
    return [written(_object(row)) for row in rows]


def _object(row: ZaakObject) -> dict[str, Any]:
    return {
        **_head("zaakobjecten", row.id),
        "zaak": _at("zaken", row.zaak_id),
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
                **_head("zaakinformatieobjecten", row.id),
                "informatieobject": address(f"{DOCUMENTS}enkelvoudiginformatieobjecten", row.informatieobject_id),
                "zaak": _at("zaken", row.zaak_id),
                "aardRelatieWeergave": row.aard_relatie_weergave,
                "titel": row.titel,
                "beschrijving": row.beschrijving,
                "registratiedatum": _moment(row.registratiedatum),
                "vernietigingsdatum": _moment(row.vernietigingsdatum),
                "status": _at("statussen", row.status_id),
            }
        )
        for row in rows
    ]


def zaakeigenschappen(rows: Sequence[ZaakEigenschap]) -> list[bytes]:
    """The documents of properties; they live below their case."""
    return [
        written(
            {
                "url": f"{_at('zaken', row.zaak_id)}/zaakeigenschappen/{row.id}",
                "uuid": str(row.id),
                "zaak": _at("zaken", row.zaak_id),
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
                "url": f"{_at('zaken', row.zaak_id)}/besluiten/{row.id}",
                "uuid": str(row.id),
                "besluit": address(f"{DECISIONS}besluiten", row.id),
            }
        )
        for row in rows
    ]


def klantcontacten(rows: Sequence[KlantContact]) -> list[bytes]:
    """The documents of contacts with customers."""
    return [
        written(
            {
                **_head("klantcontacten", row.id),
                "zaak": _at("zaken", row.zaak_id),
                "identificatie": row.identificatie,
                "datumtijd": _moment(row.datumtijd),
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
                **_head("zaakcontactmomenten", row.id),
                "zaak": _at("zaken", row.zaak_id),
                "contactmoment": row.contactmoment,
            }
        )
        for row in rows
    ]


def zaakverzoeken(rows: Sequence[ZaakVerzoek]) -> list[bytes]:
    """The documents of relations with requests elsewhere."""
    return [
        written({**_head("zaakverzoeken", row.id), "zaak": _at("zaken", row.zaak_id), "verzoek": row.verzoek})
        for row in rows
    ]


def zaaknotities(rows: Sequence[ZaakNotitie]) -> list[bytes]:
    """The documents of notes."""
    return [
        written(
            {
                "url": _at("zaaknotities", row.id),
                **privacy.decrypt_json(NOTE, row.sealed),
                "notitieType": row.notitie_type,
                "status": row.status,
                "aanmaakdatum": _moment(row.aanmaakdatum),
                "wijzigingsdatum": _moment(row.wijzigingsdatum),
                "gerelateerdAan": _at("zaken", row.zaak_id),
            }
        )
        for row in rows
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
