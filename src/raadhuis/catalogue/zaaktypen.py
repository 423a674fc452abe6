"""Publishing writes the ZaakType: one version of it for each published version of the service.

In: a definition. Out: the new ZaakType row with its children, and the old version closed.
Always holds: runs inside the caller's transaction; a ZaakType that cases refer to is never changed, only ended.
"""

from datetime import date, timedelta

from django.conf import settings

from raadhuis.catalogue.models import (
    BesluitType,
    Catalogus,
    InformatieObjectType,
    ResultaatType,
    RolType,
    StatusType,
    ZaakType,
    ZaakTypeBesluitType,
    ZaakTypeInformatieObjectType,
)
from raadhuis.catalogue.schema import CaseType, Definition
from raadhuis.catalogue.ztc.announcing import announce
from raadhuis.catalogue.ztc.rendering import refresh
from raadhuis.clients.actions import types_changed
from raadhuis.kernel import clock
from raadhuis.kernel.clock import Term

DOMEIN = "RAADH"


def write_zaaktype(definition: Definition) -> ZaakType:
    """Writes a new version of the service's ZaakType and ends the one before."""
    today = clock.today()
    kind = definition.zaaktype
    catalogus, _ = Catalogus.objects.get_or_create(
        domein=DOMEIN,
        rsin=settings.RAADHUIS_MUNICIPALITY["rsin"],
        defaults={"naam": settings.RAADHUIS_MUNICIPALITY["name"]},
    )
    _end_earlier(catalogus, kind.identificatie, today)
    types_changed()
    zaaktype = ZaakType.objects.create(
        catalogus=catalogus,
        identificatie=kind.identificatie,
        omschrijving=kind.omschrijving[:80],
        vertrouwelijkheidaanduiding=kind.vertrouwelijkheidaanduiding,
        doel=kind.doel,
        aanleiding=kind.aanleiding,
        onderwerp=kind.onderwerp[:80],
        handeling_initiator=kind.handeling_initiator[:20],
        handeling_behandelaar=kind.handeling_behandelaar[:20],
        doorlooptijd=kind.doorlooptijd.iso(),
        servicenorm=_iso(kind.servicenorm),
        verlenging_mogelijk=kind.extension is not None,
        verlengingstermijn=_iso(kind.extension),
        producten_of_diensten=[definition.upl.uri] if definition.upl else [],
        selectielijst_procestype=kind.selectielijst_procestype,
        verantwoordelijke=definition.owner[:50],
        begin_geldigheid=today,
        versiedatum=today,
        concept=False,
        service=definition.id,
    )
    _write_own_types(zaaktype, kind)
    _write_shared_types(zaaktype, kind, catalogus, today)
    refresh(zaaktype)
    announce("zaaktypen", zaaktype, "create")
    return zaaktype


def _iso(term: Term | None) -> str:
    return term.iso() if term else ""


def _end_earlier(catalogus: Catalogus, identificatie: str, today: date) -> None:
    for row in ZaakType.objects.filter(catalogus=catalogus, identificatie=identificatie, einde_geldigheid=None):
        # Periods of one identificatie may not overlap (rule ztc-…): the old one ends the day before, if it can.
        row.einde_geldigheid = max(today - timedelta(days=1), row.begin_geldigheid)
        row.save(update_fields=["einde_geldigheid"])
        announce("zaaktypen", row, "partial_update")


def _write_own_types(zaaktype: ZaakType, kind: CaseType) -> None:
    StatusType.objects.bulk_create(
        StatusType(
            zaaktype=zaaktype,
            key=status.key,
            omschrijving=status.omschrijving[:80],
            statustekst=status.text.nl[:1000],
            volgnummer=number,
            informeren=status.informeren,
        )
        for number, status in enumerate(kind.statustypen, 1)
    )
    ResultaatType.objects.bulk_create(
        ResultaatType(
            zaaktype=zaaktype,
            key=result.key,
            omschrijving=result.omschrijving[:30],
            omschrijving_generiek=result.generiek,
            selectielijstklasse=result.selectielijstklasse,
            archiefnominatie=result.archiefnominatie,
            archiefactietermijn=_iso(result.archiefactietermijn),
            afleidingswijze=result.afleidingswijze,
        )
        for result in kind.resultaattypen
    )
    RolType.objects.bulk_create(
        RolType(
            zaaktype=zaaktype, key=role.key, omschrijving=role.omschrijving[:100], omschrijving_generiek=role.generiek
        )
        for role in kind.roltypen
    )


def _write_shared_types(zaaktype: ZaakType, kind: CaseType, catalogus: Catalogus, today: date) -> None:
    """Types of documents and decisions belong to the catalogus: one that is there is used again."""
    for number, document in enumerate(kind.informatieobjecttypen, 1):
        shared = InformatieObjectType.objects.filter(
            catalogus=catalogus,
            omschrijving=document.omschrijving[:80],
            vertrouwelijkheidaanduiding=document.vertrouwelijkheidaanduiding,
            einde_geldigheid=None,
        ).first() or InformatieObjectType.objects.create(
            catalogus=catalogus,
            omschrijving=document.omschrijving[:80],
            vertrouwelijkheidaanduiding=document.vertrouwelijkheidaanduiding,
            begin_geldigheid=today,
            concept=False,
        )
        ZaakTypeInformatieObjectType.objects.create(
            zaaktype=zaaktype,
            informatieobjecttype=shared,
            key=document.key,
            volgnummer=number,
            richting=document.richting,
        )
    for besluit in kind.besluittypen:
        decided = BesluitType.objects.filter(
            catalogus=catalogus, omschrijving=besluit.omschrijving[:80], einde_geldigheid=None
        ).first() or BesluitType.objects.create(
            catalogus=catalogus,
            omschrijving=besluit.omschrijving[:80],
            publicatie_indicatie=besluit.publicatie,
            begin_geldigheid=today,
            concept=False,
        )
        ZaakTypeBesluitType.objects.create(zaaktype=zaaktype, besluittype=decided, key=besluit.key)
