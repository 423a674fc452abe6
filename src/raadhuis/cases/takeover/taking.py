"""Writing rows of the Zaken API as another register has them: history is taken, not made again.

In: rows with our addresses, in the running transaction. Out: what became of each. Always holds: id, number, dates and
archive dates stay as they were; what the rules of this house refuse is refused with its code, and leaves nothing; what
is here already is left as it is; residents and subscribers are told nothing, since it did not happen now.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max

from raadhuis.cases import models
from raadhuis.cases.takeover import comparing, reading
from raadhuis.cases.takeover.progress import Outcome
from raadhuis.cases.takeover.walking import Row
from raadhuis.cases.trail import Change, note_many
from raadhuis.cases.zrc import queries, rendering, stored
from raadhuis.cases.zrc.actions import children, common, making
from raadhuis.cases.zrc.actions.zaken import begin_work, put_lists, unsaved
from raadhuis.cases.zrc.resolving import TYPES_HELD, document_at, own_id
from raadhuis.catalogue.ztc import queries as types
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import attempt
from raadhuis.kernel import clock
from raadhuis.kernel.db import Unit
from raadhuis.kernel.documents import read
from raadhuis.kernel.problems import Problem
from raadhuis.kernel.shapes import Fault, Refused, fault
from raadhuis.kernel.statements import insert

Here = Mapping[str, bytes]
"""Documents of what is here already, by id."""


def hold_types(unit: Unit, held: dict[UUID, Any]) -> None:
    """Types that were read in this run are not read again: what was published stays as it is."""
    unit.notes[TYPES_HELD] = held


def dealt(rows: Iterable[Row], here: Here, make: Callable[[Row], Change], by: Asker) -> list[Outcome]:
    """What is here already is met, the rest made; what was made is in the trail."""
    changes: list[Change] = []
    outcomes = [met(row, here[str(row.id)]) if str(row.id) in here else attempted(row, make, changes) for row in rows]
    note_many(changes, by)
    return outcomes


def attempted(row: Row, make: Callable[[Row], Change], changes: list[Change]) -> Outcome:
    """Makes a row in a savepoint of its own. What is made is told to `changes`; what is refused leaves nothing."""
    try:
        if row.id is None:
            raise fault("url", "invalid", "Hier hoort een adres met een UUID te staan.")
        with attempt():
            change = make(row)
        changes.append(change)
        return Outcome(row.resource, row.address, "taken")
    except Refused as refused:
        return refusal(row, *refused.faults)
    except IntegrityError:
        return refusal(row, Fault("nonFieldErrors", "conflict", "Dit botst met wat hier al is."))
    except Problem as problem:
        return refusal(row, Fault("nonFieldErrors", problem.code, problem.detail))


def refusal(row: Row, *faults: Fault) -> Outcome:
    """A row that was not taken."""
    return Outcome(row.resource, row.address, "refused", faults)


def met(row: Row, here: bytes) -> Outcome:
    """A row that is here already: the same, or not."""
    unlike = comparing.unlike(row.resource, row.body, read(here))
    return Outcome(row.resource, row.address, "differs" if unlike else "there", comparing.faults(unlike))


def ids_of(rows: Iterable[Row]) -> list[str]:
    """Their ids."""
    return [str(row.id) for row in rows if row.id is not None]


def take_cases(rows: Mapping[str, Sequence[Row]], by: Asker) -> list[Outcome]:
    """Cases with their properties and their relations with documents."""
    here = queries.documents("zaken", ids_of(rows["zaken"]), by.client)
    outcomes = dealt(rows["zaken"], here, lambda row: _case(row, by), by)
    for name in ("zaakeigenschappen", "zaakinformatieobjecten"):
        outcomes += take_parts(name, rows[name], by)
    return outcomes


def _case(row: Row, by: Asker) -> Change:
    body = row.body
    sent = reading.of_case("zaken", body)
    others = sent.pop("relevanteAndereZaken", None) or []  # They may come later, or live in a third register.
    zaak, values = unsaved(sent, by, {})
    zaak.pk, zaak.einddatum = row.id, reading.day(body, "einddatum")
    zaak.communicatiekanaal_naam = str(body.get("communicatiekanaalNaam") or "")[:250]
    waits = body.get("opschorting")
    zaak.opschorting_eerdere = isinstance(waits, Mapping) and waits.get("eerdereOpschorting") is True
    zaak.made = min(datetime.combine(zaak.registratiedatum, time(12), clock.AMSTERDAM), clock.now())
    values["relevanteAndereZaken"] = others
    if values["kenmerken"] or others:
        put_lists(zaak, values)
    insert(zaak)
    common.told("case.created", zaak, by)
    if zaak.einddatum is not None:
        common.told("case.closed", zaak, by, data={"result": "none"})
    begin_work(zaak, by)
    new = rendering.fresh_zaak(zaak, values["kenmerken"] or (), others)
    return _created(zaak, "zaak", common.place("zaken", zaak.pk), zaak.identificatie, new)


def _created(zaak: models.Zaak, resource: str, where: str, shown: str, new: bytes) -> Change:
    """For the trail; nobody is told."""
    return Change(
        source="zrc",
        main=common.place("zaken", zaak.pk),
        main_id=zaak.pk,
        resource=resource,
        address=where,
        shown=shown,
        action="create",
        new=new,
        features=common.features(zaak),
        quiet=True,
    )


def take_parts(name: str, rows: Sequence[Row], by: Asker) -> list[Outcome]:
    """What hangs on cases, of one resource. A status comes after the ones before it."""
    if name == "statussen":
        rows = sorted(rows, key=lambda row: str(row.body.get("datumStatusGezet")))
    here = queries.documents(name, ids_of(rows), by.client)
    whose = {row.address: _case_of(row) for row in rows}
    ids = {id for id in whose.values() if id is not None}
    zaken = {zaak.pk: zaak for zaak in models.Zaak.objects.select_for_update().filter(pk__in=ids)}
    newest = _newest(ids) if name == "statussen" else {}

    def make(row: Row) -> Change:
        id = whose[row.address]
        zaak = zaken.get(id) if id is not None else None
        if zaak is None:
            raise fault("zaak", "does_not_exist", "Deze zaak is hier niet.")
        return _status(row, zaak, newest, by) if name == "statussen" else _part(name, row, zaak, by)

    return dealt(rows, here, make, by)


def _case_of(row: Row) -> UUID | None:
    named = row.body.get("gerelateerdAan" if row.resource == "zaaknotities" else "zaak")
    return own_id(named, f"{common.ZAKEN}zaken/") if isinstance(named, str) else None


def _part(name: str, row: Row, zaak: models.Zaak, by: Asker) -> Change:
    kind = children.KINDS[name]
    values = reading.of_case(name, row.body)
    made: Any = _relation(zaak, values) if name == "zaakinformatieobjecten" else kind.make(zaak, values)
    made.pk = row.id
    for attribute in ("registratiedatum", "aanmaakdatum", "wijzigingsdatum"):
        if hasattr(made, attribute) and (moment := reading.moment(row.body, attribute)) is not None:
            setattr(made, attribute, moment)
    body = rendering.role(made) if name == "rollen" else rendering.RENDER[name]([made])[0]
    if name == "rollen":
        made.body = stored.sealed(body)
    insert(made)
    children.tell_journal(name, made, by, "create")
    children.follow(name, zaak, made, values, by)
    return _created(zaak, kind.resource, children.where(name, made), kind.shown(made), body)


def _relation(zaak: models.Zaak, values: Mapping[str, Any]) -> models.ZaakInformatieObject:
    """zrc-003 and zrc-017. For which status a document mattered is set when that status comes."""
    document = document_at("informatieobject", values["informatieobject"])
    if not types.has_document_type(zaak.zaaktype, document.informatieobjecttype):
        code = "missing-zaaktype-informatieobjecttype-relation"
        raise fault("nonFieldErrors", code, "Dit soort document hoort niet bij het zaaktype.")
    made = models.ZaakInformatieObject(zaak=zaak, informatieobject=document, registratiedatum=clock.now())
    made.shared = document.tonen_aan_initiator
    making.put_zaakinformatieobject(made, {**values, "status": None})
    return made


def _newest(zaken: Iterable[UUID]) -> dict[UUID, datetime]:
    """By case, the moment of its newest status."""
    rows = models.Status.objects.filter(zaak__in=zaken).values_list("zaak").annotate(Max("datum_status_gezet"))
    return dict(rows.order_by())


def _status(row: Row, zaak: models.Zaak, newest: dict[UUID, datetime], by: Asker) -> Change:
    """A status as it was set. It closes nothing and opens nothing: the case came as it was."""
    values = reading.of_case("statussen", row.body)
    kind = making.type_of_case(zaak, "statustype", values["statustype"], "statustypen")
    moment: datetime = values["datumStatusGezet"]
    if models.Status.objects.filter(zaak=zaak, datum_status_gezet=moment).exists():
        raise fault("nonFieldErrors", "unique", "Deze zaak heeft al een status op dit moment.")
    made = models.Status(
        id=row.id,
        zaak=zaak,
        statustype=kind.pk,
        key=kind.key,
        datum_status_gezet=moment,
        statustoelichting=values.get("statustoelichting") or "",
        gezetdoor=own_id(values.get("gezetdoor") or "", f"{common.ZAKEN}rollen/"),
    )
    insert(made)
    is_newest = zaak.pk not in newest or moment > newest[zaak.pk]
    if is_newest:
        newest[zaak.pk] = moment
        models.Zaak.objects.filter(pk=zaak.pk).update(status_key=kind.key)
        common.told("case.status_set", zaak, by, data={"status": kind.key or common.code_of(kind.omschrijving)})
    else:
        common.changed(zaak, by, "status", "create")
    _matter(made, row.body.get("zaakinformatieobjecten"))
    body = rendering.status(made, is_newest=is_newest)
    return _created(zaak, "status", common.place("statussen", made.pk), kind.omschrijving, body)


def _matter(status: models.Status, addresses: Any) -> None:
    """The documents that mattered for a status."""
    texts = addresses if isinstance(addresses, list) else []
    ids = [own_id(text, f"{common.ZAKEN}zaakinformatieobjecten/") for text in texts if isinstance(text, str)]
    if found := [id for id in ids if id is not None]:
        models.ZaakInformatieObject.objects.filter(pk__in=found, zaak=status.zaak_id).update(status=status)
