"""Setting a status: the first one, the next one, the last one (which closes the case), or one that opens it again.

Always holds: a closed case has an end date, a result and its archive dates (zrc-007, zrc-021), and no open tasks; a
case that is opened again has none of these dates (zrc-008).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from raadhuis.cases.actions import flow
from raadhuis.cases.models import CoSignature, Resultaat, Status, Zaak, ZaakInformatieObject
from raadhuis.cases.zrc import access, archiving, rendering, stored
from raadhuis.cases.zrc.actions import common
from raadhuis.cases.zrc.resolving import last_statustype, resultaattype, rol_at, type_at
from raadhuis.clients.schema import Asker
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import read
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.kernel.statements import Given, Statement, insert, update
from raadhuis.kernel.values import made

# Clocks differ: what another machine calls now may be a little ahead of ours.
AHEAD = timedelta(minutes=5)
_ANY = (common.CREATE, common.SET_STATUS, common.REOPEN, common.FORCED)


_MOMENTS: Statement[datetime] = Statement(
    lambda: (
        Status.objects.filter(zaak=Given("zaak"))
        .order_by("datum_status_gezet")
        .values_list("datum_status_gezet", flat=True)
    )
)
_RESULT = Statement(lambda: Resultaat.objects.filter(zaak=Given("zaak")))
_DOCUMENTS: Statement[tuple[bool | None, str]] = Statement(
    lambda: ZaakInformatieObject.objects.filter(zaak=Given("zaak")).values_list(
        "informatieobject__indicatie_gebruiksrecht", "informatieobject__locked"
    )
)
# What a status may change of its case.
_CHANGED = (
    *("status_key", "result_key", "einddatum", "opschorting_indicatie", "opschorting_eerdere", "suspended_since"),
    *("archiefnominatie", "selectielijstklasse", "startdatum_bewaartermijn", "archiefactiedatum", "body"),
)


def set_status(sent: Mapping[str, Any], by: Asker) -> bytes:
    """Sets a status; its document. Raises Refused (zrc-007, zrc-016), NotPermitted (zrc-007, zrc-008)."""
    with durable():
        zaak = common.locked_at(sent["zaak"], by, *_ANY, open_only=False)
        return put_status(zaak, sent, by)


class Step(NamedTuple):
    """A status that may be set, not saved yet; its type; whether a case ends with it, whether it is the newest."""

    row: Status
    kind: Any
    is_last: bool
    is_newest: bool


def step(zaak: Zaak, sent: Mapping[str, Any], earlier: Sequence[datetime], by: Asker) -> Step:
    """A status of this case, of which the `earlier` moments are in order. Raises Refused, NotPermitted."""
    kind = type_at("statustype", sent["statustype"], "statustypen")
    if kind.zaaktype_id != zaak.zaaktype:
        raise Refused(Fault("nonFieldErrors", "zaaktype-mismatch", "Dit statustype hoort niet bij het zaaktype."))
    moment: datetime = sent["datumStatusGezet"]
    newest = earlier[-1] if earlier else None
    is_last = kind.pk == last_statustype(zaak.zaaktype)
    _require_permitted(zaak, by, first=newest is None, is_last=is_last)
    _require_moment(zaak, moment, earlier)
    row = made(
        Status,
        id=uuid7(),
        zaak_id=zaak.pk,
        statustype=kind.pk,
        key=kind.key,
        datum_status_gezet=moment,
        statustoelichting=sent.get("statustoelichting") or "",
        gezetdoor=rol_at(zaak, "gezetdoor", sent["gezetdoor"]) if sent.get("gezetdoor") else None,
    )
    return Step(row, kind, is_last, newest is None or moment > newest)


def said_of(step: Step) -> dict[str, object]:
    """What the journal is told of a status."""
    return {"status": step.kind.key or common.code_of(step.kind.omschrijving)}


def put_status(zaak: Zaak, sent: Mapping[str, Any], by: Asker) -> bytes:
    """The same for a locked case, in the caller's transaction."""
    one = step(zaak, sent, _MOMENTS.all(zaak=zaak.pk), by)
    row = one.row
    result = _result_for(zaak) if one.is_last else None
    insert(row)
    if one.is_newest:
        zaak.status_key = row.key
    common.told("case.status_set", zaak, by, data=said_of(one))
    old, was_closed = stored.current(zaak), zaak.einddatum is not None
    if result is not None:
        _close(zaak, result, row.datum_status_gezet, old, by)
    elif was_closed:
        _reopen(zaak, by)
    _keep(zaak, old, row if one.is_newest else None, by, told=one.is_last or was_closed)
    body = rendering.status(row, is_newest=one.is_newest)
    where = common.place("statussen", row.pk)
    common.written(zaak, by, "create", resource="status", where=where, shown=one.kind.omschrijving, new=body)
    return body


def _require_permitted(zaak: Zaak, by: Asker, *, first: bool, is_last: bool) -> None:
    def may(*scopes: str) -> bool:
        return access.allows(by.client, zaak, *scopes)

    if zaak.einddatum is not None:
        if not may(common.FORCED) and (is_last or not may(common.REOPEN)):
            raise common.NotPermitted("Om een zaak te heropenen is `zaken.heropenen` nodig.")
    elif not may(common.SET_STATUS, common.FORCED) and not (first and may(common.CREATE)):
        raise common.NotPermitted("Met `zaken.aanmaken` kan alleen de eerste status worden gezet.")


def _require_moment(zaak: Zaak, moment: datetime, taken: Sequence[datetime]) -> None:
    if moment in taken:
        words = "Deze zaak heeft al een status op dit moment."
        raise Refused(Fault("nonFieldErrors", "unique", words))
    if moment > clock.now() + AHEAD:
        raise Refused(Fault("datumStatusGezet", "future_not_allowed", "Dit moment ligt in de toekomst."))
    if clock.local(moment).date() < zaak.startdatum:
        words = "Een status kan niet worden gezet voor de startdatum van de zaak."
        raise Refused(Fault("datumStatusGezet", "before-startdatum", words))


def _result_for(zaak: Zaak) -> Resultaat:
    """What a case needs before it can be closed (zrc-007)."""
    row = require_result(_RESULT.first(zaak=zaak.pk))
    for indication, locked in _DOCUMENTS.all(zaak=zaak.pk):
        if indication is None:
            words = "Van een document bij deze zaak is niet gezegd of er gebruiksrechten op rusten."
            raise Refused(Fault("nonFieldErrors", "indicatiegebruiksrecht-unset", words))
        if locked:
            raise Refused(
                Fault("nonFieldErrors", "informatieobject-locked", "Een document bij deze zaak is vergrendeld.")
            )
    return row


def require_result(row: Resultaat | None) -> Resultaat:
    """A case without a result does not end (zrc-007). Raises Refused."""
    if row is None:
        words = "De zaak heeft nog geen resultaat; leg dat eerst vast."
        raise Refused(Fault("nonFieldErrors", "resultaat-does-not-exist", words))
    return row


def end(zaak: Zaak, result: Resultaat, moment: datetime, around: archiving.Around | None = None) -> dict[str, object]:
    """Ends a case, on its row alone; what the journal is told of it. `around`: see archiving."""
    zaak.einddatum = clock.local(moment).date()
    zaak.opschorting_eerdere = zaak.opschorting_eerdere or zaak.opschorting_indicatie
    zaak.suspended_since, zaak.opschorting_indicatie = None, False
    kind = resultaattype(result.resultaattype)
    if kind is not None:
        archiving.derive(zaak, kind, around)
    zaak.result_key = result.key
    return {"result": result.key or (common.code_of(kind.omschrijving) if kind is not None else "none")}


def _close(zaak: Zaak, result: Resultaat, moment: datetime, old: bytes, by: Asker) -> None:
    said = end(zaak, result, moment)
    if zaak.service:
        flow.cancel_open_tasks(zaak, by.actor())
        CoSignature.objects.filter(zaak=zaak, state="asked").update(state="cancelled", due=None)
    common.told("case.closed", zaak, by, data=said)
    if read(old)["deelzaken"]:
        parts = Zaak.objects.select_for_update().filter(hoofdzaak=zaak, archiefactiedatum=None).exclude(einddatum=None)
        for part in parts:
            part.hoofdzaak = zaak  # As it is about to be.
            _derive_part(part)


def _derive_part(part: Zaak) -> None:
    """A part of the case that waited for the end of the whole to know from when its term runs."""
    result = Resultaat.objects.filter(zaak=part).first()
    kind = resultaattype(result.resultaattype) if result is not None else None
    if kind is not None and kind.afleidingswijze == "hoofdzaak":
        archiving.derive(part, kind)
        part.save()


def _reopen(zaak: Zaak, by: Asker) -> None:
    archiving.forget(zaak)
    common.told("case.reopened", zaak, by)
    published = common.published_of(zaak)
    if published is not None and not zaak.tasks.filter(open=True).exists():
        task = published.definition.tasks[-1] if published.definition.tasks else None
        if task is not None:
            flow.offer(zaak, published, task, by.actor(), team=task.team, sets_status=False)


def _keep(zaak: Zaak, old: bytes, newest: Status | None, by: Asker, *, told: bool) -> None:
    """Writes the case; `told` when it was closed or opened again, so that it changed itself."""
    body = rendering.with_status(zaak, old, newest.pk if newest is not None else None)
    zaak.body = body
    update(zaak, *_CHANGED)
    if told:
        where = common.place("zaken", zaak.pk)
        common.written(zaak, by, "update", resource="zaak", where=where, shown=zaak.identificatie, old=old, new=body)
