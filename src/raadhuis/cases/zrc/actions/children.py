"""Making, changing and removing what hangs on a case, by another application.

Always holds: the case is locked and its stored document told; what the standard says is fixed stays (zrc-004); each
change is in the trail, in the journal and on the channel.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.cases import models
from raadhuis.cases.actions.common import involve
from raadhuis.cases.drc import access as documents
from raadhuis.cases.sealed import CASE, case_data
from raadhuis.cases.trail import Action
from raadhuis.cases.zrc import elsewhere, rendering, resolving, rules, stored
from raadhuis.cases.zrc.actions import common, making
from raadhuis.catalogue.ztc import queries as types
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import append
from raadhuis.kernel import privacy
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import read
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.kernel.statements import insert

Values = Mapping[str, Any]
_WRITE = (common.UPDATE, common.FORCED)
_CREATE = (common.CREATE, *_WRITE)
_REMOVE = (*_WRITE, common.DELETE)


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """What can hang on a case. `listed`: the attribute of the case's document that lists it, "" for none."""

    resource: str
    model: Any
    make: Callable[[models.Zaak, Values], Any]
    put: Callable[[Any, Values], None] | None = None
    fixed: tuple[str, ...] = ()
    """Attributes that stay as they are."""
    listed: str = ""
    shown: Callable[[Any], str]
    whose: str = "zaak"
    """The attribute that names the case."""
    create: tuple[str, ...] = _WRITE
    change: tuple[str, ...] = _WRITE
    remove: tuple[str, ...] = _WRITE


KINDS = {
    "resultaten": Kind(
        resource="resultaat",
        model=models.Resultaat,
        make=making.resultaat,
        put=making.put_resultaat,
        fixed=("zaak", "resultaattype"),
        shown=lambda row: row.key or str(row.pk),
    ),
    "rollen": Kind(
        resource="rol", model=models.Rol, make=making.rol, listed="rollen", shown=lambda row: row.omschrijving
    ),
    "zaakobjecten": Kind(
        resource="zaakobject",
        model=models.ZaakObject,
        make=making.zaakobject,
        put=making.put_zaakobject,
        fixed=("zaak", "object", "objectType"),
        listed="zaakobjecten",
        shown=lambda row: row.object_type,
        create=_CREATE,
        remove=_REMOVE,
    ),
    "zaakinformatieobjecten": Kind(
        resource="zaakinformatieobject",
        model=models.ZaakInformatieObject,
        make=making.zaakinformatieobject,
        put=making.put_zaakinformatieobject,
        fixed=("zaak", "informatieobject"),
        listed="zaakinformatieobjecten",
        shown=lambda row: row.titel or str(row.informatieobject_id),
        create=_CREATE,
        remove=_REMOVE,
    ),
    "zaakeigenschappen": Kind(
        resource="zaakeigenschap",
        model=models.ZaakEigenschap,
        make=making.zaakeigenschap,
        put=making.put_zaakeigenschap,
        fixed=("zaak", "eigenschap"),
        listed="eigenschappen",
        shown=lambda row: row.naam,
    ),
    "klantcontacten": Kind(
        resource="klantcontact",
        model=models.KlantContact,
        make=making.klantcontact,
        shown=lambda row: row.identificatie,
    ),
    "zaakcontactmomenten": Kind(
        resource="zaakcontactmoment",
        model=models.ZaakContactMoment,
        make=making.contactmoment,
        shown=lambda row: row.contactmoment,
        create=(common.UPDATE,),
        remove=(common.UPDATE,),
    ),
    "zaakverzoeken": Kind(
        resource="zaakverzoek",
        model=models.ZaakVerzoek,
        make=making.verzoek,
        shown=lambda row: row.verzoek,
        create=(common.UPDATE,),
        remove=(common.UPDATE,),
    ),
    "zaaknotities": Kind(
        resource="zaaknotitie",
        model=models.ZaakNotitie,
        make=making.notitie,
        put=making.put_notitie,
        fixed=("gerelateerdAan",),
        shown=lambda row: str(row.pk),
        whose="gerelateerdAan",
        create=(common.UPDATE,),
        change=(common.UPDATE,),
        remove=(common.UPDATE,),
    ),
}


def create(name: str, sent: Values, by: Asker, zaak: UUID | None = None) -> tuple[bytes, str]:
    """Makes what hangs on a case: (its document, a warning or ""). Raises Refused, NotPermitted.

    `zaak` is the case in the path, for what lives below one; raises Absent for it.
    """
    found = elsewhere.require_there(name, sent)
    with durable():
        kind = KINDS[name]
        row = common.locked(zaak, by, *kind.create) if zaak is not None else None
        if row is None:
            row = common.locked_at(sent[kind.whose], by, *kind.create, whose=kind.whose)
        elif sent[kind.whose] != common.place("zaken", row.pk):
            raise Refused(Fault(kind.whose, "invalid", "Dit is niet de zaak in het adres."))
        return make(name, row, sent, by, found)


def make(name: str, zaak: models.Zaak, sent: Values, by: Asker, found: Values) -> tuple[bytes, str]:
    """The same for a locked case, in the caller's transaction; `found` is what `elsewhere` found."""
    kind = KINDS[name]
    if name == "zaakinformatieobjecten" and (not by.client.everything or by.client.only_published):
        # Else a document of a kind that is not the client's would come into a case that is, and show to its applicant.
        known = documents.readable(by.client, *documents.NAMES)
        resolving.document_at("informatieobject", sent["informatieobject"], known)
    if name == "zaakobjecten":
        rules.require_object(sent.get("object") or "", by.client)
    row = kind.make(zaak, sent)
    body = rendering.RENDER[name]([row])[0]
    if name == "rollen":
        row.body = stored.sealed(body)
    insert(row)
    _tell(kind, name, row, by, "create", new=body)
    follow(name, zaak, row, sent, by)
    if kind.listed:
        stored.with_one_more(zaak, kind.listed, where(name, row))
    return body, making.warning_about(row) if name == "zaakeigenschappen" else ""


def change(
    name: str,
    id: UUID,
    sent: Values,
    by: Asker,
    *,
    partial: bool,
    zaak: UUID | None = None,
    still: Callable[[bytes], None] | None = None,
) -> tuple[bytes, str]:
    """Writes it anew (PUT), or what was sent of it (PATCH): (its document, a warning). Raises Absent, Refused.

    `still` is given the document as it is and raises when the client did not mean that one.
    """
    kind = KINDS[name]
    with durable():
        row = _locked(kind, id, by, kind.change, zaak)
        old = rendering.RENDER[name]([row])[0]
        if still is not None:
            still(old)
        held = read(old)
        faults = [
            Fault(one, rules.IMMUTABLE, "Dit blijft zoals het is.")
            for one in kind.fixed
            if one in sent and sent[one] != held[one]
        ]
        if faults or kind.put is None:
            raise Refused(*faults)
        kind.put(row, {**(_as_sent(name, row, held) if partial else {}), **sent})
        row.save()
        body = rendering.RENDER[name]([row])[0]
        _tell(kind, name, row, by, "partial_update" if partial else "update", old=old, new=body)
        return body, making.warning_about(row) if name == "zaakeigenschappen" else ""


def _as_sent(name: str, row: Any, held: dict[str, Any]) -> dict[str, Any]:
    """What a row holds now, as it would be sent."""
    if name == "zaakinformatieobjecten":
        return {**held, "vernietigingsdatum": row.vernietigingsdatum}
    return held


def remove(name: str, id: UUID, by: Asker, zaak: UUID | None = None) -> None:
    """Takes it away. Raises Absent, NotPermitted."""
    kind = KINDS[name]
    with durable():
        row = _locked(kind, id, by, kind.remove, zaak)
        drop(name, row, by)


def drop(name: str, row: Any, by: Asker) -> None:
    """The same for a row of a locked case, in the caller's transaction."""
    kind, case, place = KINDS[name], row.zaak, where(name, row)
    old = rendering.RENDER[name]([row])[0]
    _tell(kind, name, row, by, "destroy", old=old)
    row.delete()
    if name == "rollen" and case.submission is None and row.lookup and case.applicant:
        _forget_applicant(case)
    if name == "resultaten":
        models.Zaak.objects.filter(pk=case.pk).update(result_key="")
        stored.patched(case, {"resultaat": None})
    if kind.listed:
        stored.with_one_less(case, kind.listed, place)


def _locked(kind: Kind, id: UUID, by: Asker, scopes: tuple[str, ...], zaak: UUID | None) -> Any:
    rows = kind.model._default_manager.filter(pk=id)
    found = (rows.filter(zaak=zaak) if zaak is not None else rows).values_list("zaak_id", flat=True).first()
    if found is None:
        raise Absent
    case = common.locked(found, by, *scopes)
    row = kind.model._default_manager.filter(pk=id).first()
    if row is None:  # Taken away while we waited for the case.
        raise Absent
    row.zaak = case
    return row


def where(name: str, row: Any) -> str:
    """The address of what hangs on a case."""
    if name == "zaakeigenschappen":
        return f"{common.place('zaken', row.zaak_id)}/zaakeigenschappen/{row.pk}"
    return common.place(name, row.pk)


def _tell(
    kind: Kind, name: str, row: Any, by: Asker, action: Action, *, old: bytes | None = None, new: bytes | None = None
) -> None:
    tell_journal(name, row, by, action)
    place, shown = where(name, row), kind.shown(row)
    common.written(row.zaak, by, action, resource=kind.resource, where=place, shown=shown, old=old, new=new)


def tell_journal(name: str, row: Any, by: Asker, action: Action) -> None:
    """Appends what was done to what hangs on a case."""
    if name == "resultaten" and action == "create":
        type_row = types.resultaattype(row.resultaattype)
        said = row.key or common.code_of(type_row.omschrijving if type_row is not None else "")
        common.told("case.result_set", row.zaak, by, data={"result": said})
    elif name == "zaakinformatieobjecten" and action == "create":
        document = row.informatieobject
        data = {"type": document.type_key or "none", "direction": document.direction}
        append(
            "document.added",
            by.actor(),
            subjects={"zaak": row.zaak_id, "document": document.pk},
            service=row.zaak.service,
            service_version=row.zaak.service_version,
            data=data,
        )
    else:
        common.changed(row.zaak, by, KINDS[name].resource, action)


def follow(name: str, zaak: models.Zaak, row: Any, sent: Values, by: Asker) -> None:
    """What else follows for our own doors: who applied sees the case, a team that is named may read it."""
    if name == "resultaten":
        models.Zaak.objects.filter(pk=zaak.pk).update(result_key=row.key)
        stored.patched(zaak, {"resultaat": common.place("resultaten", row.pk)})
    if name == "rollen":
        applicant = making.applicant_of(row, sent)
        if applicant and not zaak.applicant:
            models.Zaak.objects.filter(pk=zaak.pk).update(applicant=applicant)
            zaak.applicant = applicant
            know_applicant(zaak, sent)
        if team := team_of(row, sent):
            involve(zaak, team)


def team_of(row: models.Rol, sent: Values) -> str:
    """The team that may read the case by this role; "" for none."""
    if row.betrokkene_type != "organisatorische_eenheid":
        return ""
    return str((sent.get("betrokkeneIdentificatie") or {}).get("identificatie", ""))[:60]


def know_applicant(zaak: models.Zaak, sent: Values) -> None:
    """Who applied is shown at the desk, and can be written to."""
    row = applicant_row(zaak, sent, case_data(zaak))
    again = {"sealed": row.sealed}
    models.CaseData.objects.update_or_create(zaak=zaak, defaults=again, create_defaults={**again, "title": row.title})


def applicant_row(zaak: models.Zaak, sent: Values, known: Values) -> models.CaseData:
    """Who applied, beside what is `known` of the application; not saved yet."""
    data = {**known, "applicant": making.applicant_data(sent)}
    return models.CaseData(zaak_id=zaak.pk, sealed=privacy.encrypt_json(CASE, data), title=zaak.omschrijving[:120])


def _forget_applicant(zaak: models.Zaak) -> None:
    """Who applied is no longer a role: the portal shows the case to nobody."""
    if not models.Rol.objects.filter(zaak=zaak, omschrijving_generiek="initiator").exists():
        models.Zaak.objects.filter(pk=zaak.pk).update(applicant="")
        data = {name: value for name, value in case_data(zaak).items() if name != "applicant"}
        models.CaseData.objects.filter(zaak=zaak).update(sealed=privacy.encrypt_json(CASE, data))
