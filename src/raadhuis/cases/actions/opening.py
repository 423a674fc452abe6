"""A submission becomes a case: one part of the transaction that `intake` opens.

In: a NewZaak. Out: Opened. Always holds: one submission makes at most one case, with its first status, roles,
documents, tasks and, where the rules suffice, the decision (laws 1, 2 and 7).
"""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from raadhuis.cases import announcing
from raadhuis.cases.actions import automatic, confirming, cosigning, flow, roles
from raadhuis.cases.actions.common import involve, set_status, tell
from raadhuis.cases.drawings import whereabouts
from raadhuis.cases.models import CaseData, EnkelvoudigInformatieObject, Zaak, ZaakInformatieObject
from raadhuis.cases.schema import KeptFile, NewZaak, Opened
from raadhuis.cases.sealed import CASE
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import current_unit
from raadhuis.kernel.ids import read_aloud_code, uuid7
from raadhuis.kernel.statements import changed, insert, update


def applicant_hash(bsn: str = "", kvk: str = "") -> str:
    """The keyed hash under which the cases of a resident or business are found; "" for neither."""
    if bsn:
        return privacy.keyed_hash("applicant:bsn", bsn)
    return privacy.keyed_hash("applicant:kvk", kvk) if kvk else ""


def follow_hash(code: str) -> str:
    """The keyed hash of a follow code, as it is stored."""
    return privacy.keyed_hash("follow", code)


def same_case_hash(service: str, value: str) -> str:
    """The keyed hash of a definition's `same_case_key`; "" when it has no value."""
    return privacy.keyed_hash(f"same-case:{service}", value) if value else ""


def open_zaak(new: NewZaak, actor: Actor) -> Opened:
    """Makes the case of a submission, inside the caller's durable transaction.

    Raises RuntimeError outside one. Submitting the same application twice is the caller's to notice; the unique
    `submission` is the last defence.
    """
    current_unit()
    published = catalogue.by_version_id(new.version)
    definition = published.definition
    zaak = _make(new, published)
    made = dict(vars(zaak))
    _seal(zaak, new, definition)
    tell("case.created", zaak, actor, application=new.submission)
    involve(zaak, definition.owner)
    roles.note_applicant(zaak, published, new.applicant)
    for file in new.files:
        add_file(zaak, published, file, actor)
    set_status(zaak, published, definition.zaaktype.statustypen[0].key, actor)
    signs = cosigning.needs_signature(published, new)
    waits_for = cosigning.wait_for_signature(zaak, published, new, actor) if signs else ""
    confirming.confirm(zaak, published, new, waits_for)
    confirming.signal_back(zaak, new)
    granted = False
    if not waits_for:
        # Whose signature is needed and cannot be asked for goes to a person, whatever the table says.
        granted = automatic.weigh(zaak, published, None if signs else new.decision)
        if not granted:
            flow.offer_due_tasks(zaak, published, actor, new=new)
    update(zaak, *changed(zaak, made))
    return Opened(zaak.id, zaak.identificatie, granted, zaak.einddatum_gepland, zaak.made, waits_for)


def _make(new: NewZaak, published: Published) -> Zaak:
    definition, today = published.definition, clock.today()
    kind = definition.zaaktype
    planned = planned_end(definition, new.working_days, today)
    zaak = Zaak(
        id=uuid7(),
        identificatie=f"{today.year}-{read_aloud_code(7)}",
        bronorganisatie=settings.RAADHUIS_MUNICIPALITY["rsin"],
        verantwoordelijke_organisatie=settings.RAADHUIS_MUNICIPALITY["rsin"],
        zaaktype=published.zaaktype_id,
        omschrijving=definition.title.nl[:80],
        registratiedatum=today,
        startdatum=today,
        einddatum_gepland=planned,
        uiterlijke_einddatum_afdoening=kind.doorlooptijd.end(today),
        term_runs_to=kind.doorlooptijd.runs_to(today),
        communicatiekanaal_naam="Raadhuis",
        vertrouwelijkheidaanduiding=kind.vertrouwelijkheidaanduiding,
        betalingsindicatie="nvt" if definition.fee is None else "nog_niet",
        zaakgeometrie=msgspec.to_builtins(whereabouts(definition, new.answers)),
        service=definition.id,
        version=new.version,
        service_version=published.version,
        made=clock.now(),
        applicant=applicant_hash(new.applicant.bsn, new.applicant.kvk),
        follow_code=follow_hash(new.follow_code) if new.follow_code else "",
        same_case=same_case_hash(definition.id, new.same_case),
        submission=new.submission,
    )
    insert(zaak)
    return zaak


def planned_end(definition: Definition, working_days: int | None, today: date) -> date:
    """When a case that begins today is to be done: after what its routing says, else after the term of the service."""
    if working_days is not None:
        return clock.next_working_day(clock.add_working_days(today, working_days))
    return (definition.zaaktype.servicenorm or definition.zaaktype.doorlooptijd).end(today)


def _seal(zaak: Zaak, new: NewZaak, definition: Definition) -> None:
    content: dict[str, Any] = {
        "answers": new.answers,
        "registers": new.registers,
        "facts": new.facts,
        "known": new.known,
        "corrected": new.corrected,
        "priority": new.priority,
        "team": new.team,
        "applicant": {
            "kind": new.applicant.kind,
            "name": new.applicant.name,
            "bsn": new.applicant.bsn,
            "kvk": new.applicant.kvk,
            "email": new.applicant.email,
            "phone": new.applicant.phone,
            "language": new.applicant.language,
        },
    }
    insert(CaseData(zaak=zaak, sealed=privacy.encrypt_json(CASE, content), title=definition.title.nl[:120]))


def add_file(
    zaak: Zaak,
    published: Published,
    file: KeptFile,
    actor: Actor,
    *,
    direction: str = "inkomend",
    event: UUID | None = None,
    shared: bool = True,
) -> EnkelvoudigInformatieObject:
    """Makes a kept file a document of the case, in the caller's transaction."""
    types = {t.key: t for t in published.definition.zaaktype.informatieobjecttypen}
    kind = types.get(file.document) or next(iter(types.values()))
    today = clock.today()
    document = EnkelvoudigInformatieObject.objects.create(
        identificatie=f"D{today.year}-{read_aloud_code(9)}",
        bronorganisatie=zaak.bronorganisatie,
        informatieobjecttype=published.informatieobjecttypen[kind.key],
        type_key=kind.key,
        creatiedatum=today,
        titel=(file.title or kind.omschrijving)[:200],
        auteur="Aanvrager" if direction == "inkomend" else settings.RAADHUIS_MUNICIPALITY["name"],
        formaat=file.content_type,
        vertrouwelijkheidaanduiding=kind.vertrouwelijkheidaanduiding,
        bestandsnaam=file.name[:255],
        bestandsomvang=file.size,
        file_key=file.key,
        integriteit_waarde=file.sha256,
        integriteit_datum=today,
        tonen_aan_initiator=shared,
        ontvangstdatum=today if direction == "inkomend" else None,
        verzenddatum=today if direction == "uitgaand" else None,
        begin_registratie=clock.now(),
        # No terms of others rest on what the applicant or the town hall wrote (rule zrc-007 asks that it be said).
        indicatie_gebruiksrecht=False,
        direction=direction,
        scanned=file.scanned,
        event=event,
    )
    relation = ZaakInformatieObject.objects.create(
        zaak=zaak, informatieobject=document, titel=document.titel, registratiedatum=clock.now(), shared=shared
    )
    tell(
        "letter.made" if direction == "uitgaand" else "document.added",
        zaak,
        actor,
        data={"type": kind.key, "direction": direction},
        document=document.id,
    )
    announcing.document_added(document)
    announcing.part_of_zaak(zaak, "zaakinformatieobject", "zaakinformatieobjecten", relation.id)
    return document
