"""Making, changing and removing a case by another application.

Always holds: a case of a type that a service owns is a case of that service, with its first tasks; number and type stay
as they are, unless by force; removing takes all that hangs on it along (zrc-023).
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q

from raadhuis.cases.actions import flow
from raadhuis.cases.actions.common import involve
from raadhuis.cases.models import AuditRegel, Besluit, CaseData, Zaak, ZaakKenmerk, ZaakRelatie
from raadhuis.cases.sealed import CASE
from raadhuis.cases.trail import Action
from raadhuis.cases.zrc import access, elsewhere, rendering, rules, stored
from raadhuis.cases.zrc.actions import common
from raadhuis.cases.zrc.resolving import ZAKEN, own_id, type_at
from raadhuis.cases.zrc.shapes import attributes
from raadhuis.catalogue import queries as catalogue
from raadhuis.clients.schema import Asker
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import read_aloud_code, uuid7
from raadhuis.kernel.shapes import Attribute, column_of
from raadhuis.kernel.statements import insert
from raadhuis.kernel.values import made

# What is kept in a column of another name or shape, or elsewhere.
_APART = {"zaaktype", "verlenging", "opschorting", "hoofdzaak", "relevanteAndereZaken", "kenmerken", "archiefnominatie"}
# What stays as it was when a body (PUT) does not name it: the town hall gave it, not the client.
_KEPT = {"identificatie", "registratiedatum", "vertrouwelijkheidaanduiding"}


def create_zaak(sent: Mapping[str, Any], by: Asker) -> bytes:
    """Makes a case; its document. Raises Refused (zrc-001, 002, 009 to 015, 022), NotPermitted."""
    found = elsewhere.require_there("zaken", sent)
    try:
        with durable():
            return _create(sent, by, found)
    except IntegrityError:  # Two clients gave the same number at once; the other one was first.
        rules.require_unique(sent["bronorganisatie"], sent.get("identificatie", ""), None)
        raise


def _create(sent: Mapping[str, Any], by: Asker, found: Mapping[str, Any]) -> bytes:
    zaak, values = unsaved(sent, by, found)
    body = rendering.fresh_zaak(zaak, values["kenmerken"] or (), values["relevanteAndereZaken"] or ())
    zaak.body = body
    insert(zaak)
    if values["kenmerken"] or values["relevanteAndereZaken"]:
        put_lists(zaak, values)
        stored.keep(zaak, body)
    common.told("case.created", zaak, by)
    where = common.place("zaken", zaak.pk)
    common.written(zaak, by, "create", resource="zaak", where=where, shown=zaak.identificatie, new=body)
    begin_work(zaak, by)
    return body


def unsaved(
    sent: Mapping[str, Any], by: Asker, found: Mapping[str, Any], *, number_is_free: bool = False
) -> tuple[Zaak, dict[str, Any]]:
    """A sound new case, not saved yet, and all its values. Raises Refused, NotPermitted.

    With `number_is_free` the caller knows that nobody has the number.
    """
    zaaktype = type_at("zaaktype", sent["zaaktype"], "zaaktypen")
    rules.require_published(zaaktype)
    level = sent.get("vertrouwelijkheidaanduiding") or zaaktype.vertrouwelijkheidaanduiding
    values = {**_DEFAULTS, **sent, "vertrouwelijkheidaanduiding": level}
    if not access.allows_new(by.client, zaaktype.pk, level, common.CREATE):
        raise common.NotPermitted
    rules.require_sound(values, zaaktype, None, by.client)
    if values["identificatie"] and not number_is_free:
        rules.require_unique(values["bronorganisatie"], values["identificatie"], None)
    moment, today = clock.now(), clock.today()
    zaak = made(Zaak, id=uuid7(), zaaktype=zaaktype.pk, made=moment)
    values["identificatie"] = values["identificatie"] or f"{today.year}-{read_aloud_code(7)}"
    values["registratiedatum"] = values["registratiedatum"] or today
    if zaaktype.service:
        _belong(zaak, zaaktype.pk)
    _put(zaak, values, found)
    return zaak, values


def _default(attribute: Attribute) -> Any:
    if attribute.nullable or attribute.kind in {"date", "datetime"}:
        return None
    return [] if attribute.kind == "list" else ""


_DEFAULTS = {one.name: _default(one) for one in attributes("Zaak") if not one.read_only} | {
    "archiefstatus": rules.NOT_ARCHIVED
}


def _belong(zaak: Zaak, zaaktype: UUID) -> None:
    """The type belongs to a service, so the case does too: it runs on the version that made the type."""
    published = catalogue.by_zaaktype(zaaktype)
    if published is not None:
        zaak.service, zaak.version = published.definition.id, published.version_id
        zaak.service_version = published.version


def begin_work(zaak: Zaak, by: Asker) -> None:
    """Who may read the new case at the desk, and the first tasks of the service that it belongs to, while it is open.

    There are no answers: what hangs on one counts as due, so that a person looks.
    """
    published = common.published_of(zaak)
    if published is None:
        for team in settings.RAADHUIS_OTHER_CASES:
            involve(zaak, team)
        return
    title = published.definition.title.nl[:120]
    CaseData.objects.create(zaak=zaak, sealed=privacy.encrypt_json(CASE, {}), title=title)
    involve(zaak, published.definition.owner)
    if zaak.einddatum is None:
        flow.offer_due_tasks(zaak, published, by.actor(), sets_status=False)
    zaak.save()


def change_zaak(
    id: UUID, sent: Mapping[str, Any], by: Asker, *, partial: bool, still: Callable[[bytes], None] | None = None
) -> bytes:
    """Writes a case anew (PUT), or what was sent of it (PATCH); its document. Raises Absent, Refused, NotPermitted.

    `still` is given the document as it is and raises when the client did not mean that one.
    """
    found = elsewhere.require_there("zaken", sent)
    with durable():
        zaak = common.locked(id, by, common.UPDATE, common.FORCED)
        if still is not None:
            still(stored.current(zaak))
        return change_locked(zaak, sent, by, found, partial=partial)


def change_locked(zaak: Zaak, sent: Mapping[str, Any], by: Asker, found: Mapping[str, Any], *, partial: bool) -> bytes:
    """The same for a locked case, in the caller's transaction; `found` is what `elsewhere` found."""
    forced = access.allows(by.client, zaak, common.FORCED)
    rules.require_unchanged(sent, zaak, common.type_place("zaaktypen", zaak.zaaktype), forced=forced)
    zaaktype = type_at("zaaktype", sent.get("zaaktype") or common.type_place("zaaktypen", zaak.zaaktype), "zaaktypen")
    old = stored.current(zaak)
    held = _held(zaak)
    values = {**held, **({} if partial else {k: v for k, v in _DEFAULTS.items() if k not in _KEPT}), **sent}
    for name in _KEPT:
        values[name] = values[name] or held[name]
    if (
        values["betalingsindicatie"] == "nvt"
        and held["betalingsindicatie"] != "nvt"
        and "laatsteBetaaldatum" not in sent
    ):
        values["laatsteBetaaldatum"] = None  # zrc-014
    if zaaktype.pk != zaak.zaaktype:
        rules.require_published(zaaktype)
        zaak.zaaktype = zaaktype.pk
    rules.require_sound(values, zaaktype, zaak, by.client)
    if not access.allows(by.client, zaak, common.UPDATE, common.FORCED) or not access.allows_new(
        by.client, zaaktype.pk, values["vertrouwelijkheidaanduiding"], common.UPDATE, common.FORCED
    ):
        raise common.NotPermitted
    if (values["bronorganisatie"], values["identificatie"]) != (zaak.bronorganisatie, zaak.identificatie):
        rules.require_unique(values["bronorganisatie"], values["identificatie"], zaak)
    _put(zaak, values, found)
    zaak.save()
    if "kenmerken" in sent or "relevanteAndereZaken" in sent or not partial:
        put_lists(zaak, values)
    body = rendering.changed_zaak(zaak, old, values["kenmerken"] or (), values["relevanteAndereZaken"] or ())
    stored.keep(zaak, body)
    action: Action = "partial_update" if partial else "update"
    common.changed(zaak, by, "zaak", action)
    where = common.place("zaken", zaak.pk)
    common.written(zaak, by, action, resource="zaak", where=where, shown=zaak.identificatie, old=old, new=body)
    return body


def _held(zaak: Zaak) -> dict[str, Any]:
    """What a case holds now, in the shape of what is sent."""
    held = {name: getattr(zaak, column_of(name)) for name in _DEFAULTS if name not in _APART}
    longer = {"reden": zaak.verlenging_reden, "duur": zaak.verlenging_duur} if zaak.verlenging_duur else None
    return {
        **held,
        "zaaktype": common.type_place("zaaktypen", zaak.zaaktype),
        "verlenging": longer,
        "opschorting": {"indicatie": zaak.opschorting_indicatie, "reden": zaak.opschorting_reden},
        "hoofdzaak": common.place("zaken", zaak.hoofdzaak_id) if zaak.hoofdzaak_id else None,
        "archiefnominatie": zaak.archiefnominatie or None,
        "kenmerken": [{"kenmerk": one.kenmerk, "bron": one.bron} for one in zaak.kenmerken.order_by("pk")],
        "relevanteAndereZaken": [
            {"url": one.andere, "aardRelatie": one.aard_relatie} for one in zaak.relaties.order_by("pk")
        ],
    }


def _put(zaak: Zaak, values: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Writes the values on the row."""
    for name in _DEFAULTS:
        if name not in _APART:
            value = values[name]
            column = column_of(name)
            setattr(zaak, column, "" if value is None and isinstance(getattr(zaak, column), str) else value)
    longer, waits = values["verlenging"] or {}, values["opschorting"] or {}
    zaak.verlenging_reden, zaak.verlenging_duur = longer.get("reden", ""), longer.get("duur") or ""
    _suspend(zaak, waiting=bool(waits.get("indicatie")), why=waits.get("reden", ""))
    zaak.hoofdzaak_id = own_id(values["hoofdzaak"], f"{ZAKEN}zaken/") if values["hoofdzaak"] else None
    zaak.archiefnominatie = values["archiefnominatie"] or ""
    if not zaak.communicatiekanaal:
        zaak.communicatiekanaal_naam = ""
    elif zaak.communicatiekanaal in found:
        zaak.communicatiekanaal_naam = str(found[zaak.communicatiekanaal].get("naam", ""))[:250]


def _suspend(zaak: Zaak, *, waiting: bool, why: str) -> None:
    if zaak.opschorting_indicatie and not waiting:
        zaak.opschorting_eerdere, zaak.suspended_since = True, None
    if waiting and not zaak.opschorting_indicatie:
        zaak.suspended_since = clock.today()
    zaak.opschorting_indicatie, zaak.opschorting_reden = waiting, why


def put_lists(zaak: Zaak, values: Mapping[str, Any]) -> None:
    """Writes the marks and the related cases anew."""
    if not zaak._state.adding:  # A new one has none.
        zaak.kenmerken.all().delete()
        zaak.relaties.all().delete()
    marks, others = lists_of(zaak, values)
    ZaakKenmerk.objects.bulk_create(marks)
    ZaakRelatie.objects.bulk_create(others)


def lists_of(zaak: Zaak, values: Mapping[str, Any]) -> tuple[list[ZaakKenmerk], list[ZaakRelatie]]:
    """The marks and the related cases, not saved yet; of one case one relation."""
    others = {one["url"]: one for one in values["relevanteAndereZaken"] or ()}
    return (
        [ZaakKenmerk(zaak=zaak, kenmerk=one["kenmerk"], bron=one["bron"]) for one in values["kenmerken"] or ()],
        [ZaakRelatie(zaak=zaak, andere=url, aard_relatie=one["aardRelatie"]) for url, one in others.items()],
    )


def remove_zaak(id: UUID, by: Asker) -> None:
    """Takes a case away, with all that hangs on it (zrc-023). Raises Absent, NotPermitted."""
    with durable():
        zaak = common.locked(id, by, common.DELETE)
        parts = list(Zaak.objects.select_for_update().filter(hoofdzaak=zaak))
        for one in parts:
            if not access.allows(by.client, one, common.DELETE):
                raise common.NotPermitted("U mag niet alle deelzaken verwijderen.")
        for one in [*parts, zaak]:
            _remove(one, by)


def _remove(zaak: Zaak, by: Asker) -> None:
    decisions = list(Besluit.objects.filter(zaak=zaak).values_list("pk", flat=True))
    AuditRegel.objects.filter(Q(main=zaak.pk) | Q(main__in=decisions)).delete()
    common.told("case.removed", zaak, by)
    where = common.place("zaken", zaak.pk)
    common.written(zaak, by, "destroy", resource="zaak", where=where, shown=zaak.identificatie)
    zaak.delete()
