"""A register's cases in bulk, as other applications made them: types, and so many cases with all that hangs on them.

In: how many cases. Out: that many, over 200 zaaktypen, each with two statuses, two roles, two eigenschappen and a
document, in the real tables, their documents stored. Always holds: of every twenty cases nineteen are of the first 30
zaaktypen, as in a town a few kinds of cases come in most; ids are in order of time; a BSN belongs to twenty cases.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

KINDS, OFTEN, BATCH, A_PERSON = 200, 30, 2000, 20
RSIN = "000000000"
PERSON = "9{:08d}"


class Kind(msgspec.Struct, frozen=True):
    """A zaaktype with the ids of what belongs to it."""

    id: UUID
    statuses: tuple[UUID, UUID, UUID]
    result: UUID
    roles: tuple[UUID, UUID]
    properties: tuple[UUID, UUID]
    document: UUID


def kinds() -> list[Kind]:
    """200 published zaaktypen."""
    from raadhuis.catalogue import models
    from raadhuis.catalogue.ztc.rendering import store
    from raadhuis.catalogue.ztc.resources import RESOURCES

    catalogus = models.Catalogus.objects.create(domein="BENCH", rsin=RSIN)
    document = models.InformatieObjectType.objects.create(
        catalogus=catalogus,
        omschrijving="Bijlage",
        vertrouwelijkheidaanduiding="openbaar",
        begin_geldigheid="2020-01-01",
        concept=False,
    )
    made = [_kind(catalogus, document, number) for number in range(KINDS)]
    with transaction.atomic():  # Stored with the row, as a client's own writing would have done.
        for resource in RESOURCES.values():
            store(resource, list(resource.rows.values_list("pk", flat=True)))
    return made


def _kind(catalogus: Any, document: Any, number: int) -> Kind:
    from raadhuis.catalogue import models

    zaaktype = models.ZaakType.objects.create(
        catalogus=catalogus,
        identificatie=f"BENCH-{number}",
        omschrijving=f"Soort {number}",
        vertrouwelijkheidaanduiding="openbaar",
        doel="Meten",
        aanleiding="Meten",
        handeling_initiator="vragen",
        onderwerp="Meten",
        handeling_behandelaar="doen",
        doorlooptijd="P56D",
        versiedatum="2020-01-01",
        begin_geldigheid="2020-01-01",
        concept=False,
    )
    names = ("Ontvangen", "In behandeling", "Afgehandeld")
    statuses = [
        models.StatusType.objects.create(zaaktype=zaaktype, omschrijving=name, volgnummer=n)
        for n, name in enumerate(names, start=1)
    ]
    result = models.ResultaatType.objects.create(
        zaaktype=zaaktype,
        omschrijving="Verleend",
        archiefnominatie="vernietigen",
        archiefactietermijn="P5Y",
        afleidingswijze="afgehandeld",
    )
    roles = [
        models.RolType.objects.create(zaaktype=zaaktype, omschrijving=name.title(), omschrijving_generiek=name)
        for name in ("initiator", "behandelaar")
    ]
    said = {"formaat": "tekst", "lengte": "20", "kardinaliteit": "1"}
    properties = [
        models.Eigenschap.objects.create(zaaktype=zaaktype, naam=name, definitie=name, specificatie=said)
        for name in ("kleur", "maat")
    ]
    models.ZaakTypeInformatieObjectType.objects.create(
        zaaktype=zaaktype, informatieobjecttype=document, volgnummer=1, richting="inkomend"
    )
    return Kind(
        zaaktype.pk,
        tuple(one.pk for one in statuses),  # type: ignore[arg-type]
        result.pk,
        tuple(one.pk for one in roles),  # type: ignore[arg-type]
        tuple(one.pk for one in properties),  # type: ignore[arg-type]
        document.pk,
    )


def grow(count: int, of: list[Kind]) -> None:
    """Makes so many cases, with their documents."""
    for first in range(0, count, BATCH):
        with transaction.atomic():
            _batch(first, min(first + BATCH, count), count, of)


def _batch(first: int, last: int, count: int, of: list[Kind]) -> None:
    """What hangs on a case goes in before it, so that its document stays whole."""
    from raadhuis.kernel.statements import insert_many

    rows: dict[Any, list[Any]] = {}
    for number in range(first, last):
        kind = of[number % OFTEN] if number % 20 else of[OFTEN + number // 20 % (len(of) - OFTEN)]
        for row in _family(number, count, kind):
            rows.setdefault(type(row), []).append(row)
    for several in rows.values():
        insert_many(several)


def _family(number: int, count: int, kind: Kind) -> Iterator[Any]:
    """What hangs on a case, and then the case."""
    from raadhuis.cases import models
    from raadhuis.cases.zrc import rendering
    from raadhuis.kernel import clock
    from raadhuis.kernel.documents import address
    from raadhuis.kernel.ids import uuid7

    made = clock.now() - timedelta(minutes=count - number)
    zaak = models.Zaak(
        id=uuid7(),
        identificatie=f"BENCH-{number:08d}",
        bronorganisatie=RSIN,
        verantwoordelijke_organisatie=RSIN,
        zaaktype=kind.id,
        omschrijving=f"Zaak {number}",
        registratiedatum=made.date(),
        startdatum=made.date(),
        vertrouwelijkheidaanduiding="openbaar",
        made=made,
    )
    statuses = [
        models.Status(
            id=uuid7(),
            zaak_id=zaak.pk,
            statustype=kind.statuses[place],
            datum_status_gezet=made + timedelta(seconds=place),
        )
        for place in (0, 1)
    ]
    rollen = list(_rollen(number, zaak, kind))
    properties = [
        models.ZaakEigenschap(id=uuid7(), zaak_id=zaak.pk, eigenschap=eigenschap, naam=name, waarde="groen")
        for eigenschap, name in zip(kind.properties, ("kleur", "maat"), strict=True)
    ]
    document = _document(number, zaak, kind)
    link = models.ZaakInformatieObject(
        id=uuid7(), zaak_id=zaak.pk, informatieobject_id=document.pk, registratiedatum=made
    )
    own = address("zaken/api/v1/zaken", zaak.pk)
    hanging = {
        "status": address("zaken/api/v1/statussen", statuses[-1].pk),
        "rollen": [address("zaken/api/v1/rollen", row.pk) for row in rollen],
        "eigenschappen": [f"{own}/zaakeigenschappen/{row.pk}" for row in properties],
        "zaakinformatieobjecten": [address("zaken/api/v1/zaakinformatieobjecten", link.pk)],
    }
    zaak.body = rendering.fresh_zaak(zaak, hanging=hanging)
    yield from (*statuses, *rollen, *properties, document, link, zaak)


def _rollen(number: int, zaak: Any, kind: Kind) -> Iterator[Any]:
    """Who applied, one of a person's twenty cases, and who handles it."""
    from raadhuis.cases import models
    from raadhuis.cases.actions import applicant_hash
    from raadhuis.cases.zrc import rendering, stored
    from raadhuis.kernel.ids import uuid7

    who = PERSON.format(number // A_PERSON)
    for roltype, generic, lookup in (
        (kind.roles[0], "initiator", applicant_hash(bsn=who)),
        (kind.roles[1], "behandelaar", ""),
    ):
        row = models.Rol(
            id=uuid7(),
            zaak_id=zaak.pk,
            roltype=roltype,
            omschrijving=generic.title(),
            omschrijving_generiek=generic,
            roltoelichting=generic,
            betrokkene_type="natuurlijk_persoon" if lookup else "medewerker",
            registratiedatum=zaak.made,
            identification=_sealed(who if lookup else ""),
            contact=_sealed(None),
            lookup=lookup,
        )
        row.body = stored.sealed(rendering.role(row))
        yield row


def _document(number: int, zaak: Any, kind: Kind) -> Any:
    from raadhuis.cases import models
    from raadhuis.kernel.ids import uuid7

    return models.EnkelvoudigInformatieObject(
        id=uuid7(),
        identificatie=f"BENCH-{number:08d}",
        bronorganisatie=RSIN,
        informatieobjecttype=kind.document,
        creatiedatum=zaak.startdatum,
        titel="Bijlage",
        auteur="Meter",
        vertrouwelijkheidaanduiding="openbaar",
        indicatie_gebruiksrecht=False,
        begin_registratie=zaak.made,
    )


_known: dict[str | None, bytes] = {}


def _sealed(bsn: str | None) -> bytes:
    """Who it is, encrypted; the same for the twenty cases of a person."""
    from raadhuis.cases.actions.roles import ROL
    from raadhuis.kernel import privacy

    if bsn not in _known:
        if len(_known) > 100:
            _known.clear()
        who = {} if bsn is None else {"inpBsn": bsn} if bsn else {"identificatie": "meter"}
        _known[bsn] = privacy.encrypt_json(ROL, who)
    return _known[bsn]
