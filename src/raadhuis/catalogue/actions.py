"""Every write of `catalogue`: draft, publish, retire. One function a verb, one durable transaction each."""

import hashlib
from typing import Any
from uuid import UUID

import msgspec
import orjson
from django.utils.translation import gettext

from raadhuis.catalogue import access
from raadhuis.catalogue.check import check
from raadhuis.catalogue.diffing import Change, diff_values
from raadhuis.catalogue.loading import Loaded, load, read
from raadhuis.catalogue.merging import Merged, merge
from raadhuis.catalogue.models import Import, ServiceVersion
from raadhuis.catalogue.open_forms import archive
from raadhuis.catalogue.open_forms.draft import as_yaml, import_export
from raadhuis.catalogue.open_forms.report import Outcome
from raadhuis.catalogue.zaaktypen import write_zaaktype
from raadhuis.journal.actions import append
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent, NotAllowed, NotNow
from raadhuis.rules.schema import Finding


class NotPublishable(NotNow):
    """`check` found errors; `findings` are those, `loaded` knows the lines."""

    code = "not-publishable"

    def __init__(self, findings: list[Finding], loaded: Loaded) -> None:
        super().__init__(f"Deze dienst heeft nog {len(findings)} fouten en is niet gepubliceerd.")
        self.findings = findings
        self.loaded = loaded


def _require_editor(actor: Actor) -> None:
    if not access.may_edit_services(actor):
        raise NotAllowed(gettext("Alleen een redacteur van diensten kan dit."))


def draft(loaded: Loaded, actor: Actor) -> UUID:
    """Keeps a definition as the draft of its service, over the draft that was there. Returns the version's id."""
    _require_editor(actor)
    with durable():
        return _draft(loaded, actor).id


def _draft(loaded: Loaded, actor: Actor) -> ServiceVersion:
    service = loaded.definition.id
    canonical = orjson.dumps(msgspec.to_builtins(loaded.definition), option=orjson.OPT_SORT_KEYS).decode()
    row = ServiceVersion.objects.select_for_update().filter(service=service, state="draft").first()
    if row is None:
        newest = ServiceVersion.objects.filter(service=service).order_by("-version").first()
        row = ServiceVersion(service=service, version=newest.version + 1 if newest else 1)
    row.source, row.definition = loaded.text, canonical
    row.sha256 = hashlib.sha256(canonical.encode()).hexdigest()
    row.made, row.made_by = clock.now(), actor.name[:200]
    row.save()
    append("service.drafted", actor, service=service, service_version=row.version, data={"version": row.version})
    return row


def publish(service: str, actor: Actor) -> int:
    """Publishes the draft of a service: from now on new applications run on it. Returns its version.

    Raises Absent without a draft, NotPublishable when `check` finds errors.
    """
    _require_editor(actor)
    with durable():
        row = ServiceVersion.objects.select_for_update().filter(service=service, state="draft").first()
        if row is None:
            raise Absent(gettext("Er is geen concept van deze dienst."))
        return _publish(row, actor)


def _publish(row: ServiceVersion, actor: Actor) -> int:
    loaded = load(row.source, f"{row.service}.yaml")
    errors = [f for f in check(loaded) if f.level == "error"]
    if errors:
        raise NotPublishable(errors, loaded)
    moment = clock.now()
    for old in ServiceVersion.objects.select_for_update().filter(service=row.service, state="published"):
        old.state, old.retired = "retired", moment
        old.save(update_fields=["state", "retired"])
        append(
            "service.retired", actor, service=row.service, service_version=old.version, data={"version": old.version}
        )
    kind = msgspec.structs.replace(loaded.definition.zaaktype, roltypen=loaded.definition.roltypen())
    row.zaaktype = write_zaaktype(msgspec.structs.replace(loaded.definition, zaaktype=kind)).id
    row.state, row.published = "published", moment
    row.save()
    append("service.published", actor, service=row.service, service_version=row.version, data={"version": row.version})
    return row.version


def publish_document(loaded: Loaded, actor: Actor) -> tuple[int, bool]:
    """Drafts and publishes in one go; (version, whether anything changed). The same document again changes nothing."""
    _require_editor(actor)
    canonical = orjson.dumps(msgspec.to_builtins(loaded.definition), option=orjson.OPT_SORT_KEYS)
    with durable():
        current = ServiceVersion.objects.filter(service=loaded.definition.id, state="published").first()
        if current is not None and current.sha256 == hashlib.sha256(canonical).hexdigest():
            return current.version, False
        return _publish(_draft(loaded, actor), actor), True


def import_form(packed: bytes, team: str, actor: Actor) -> Outcome:
    """An export of Open Formulieren becomes the draft of a service; a newer one of the same form is merged with it.

    `team` owns what comes in for the first time; later the team of then stays, or whoever it was given to here.
    Raises NoExport, NotAllowed, and NotNow when the service is here already and did not come from that form.
    """
    _require_editor(actor)
    earlier = Import.objects.filter(form=archive.form_of(packed)).first()
    names = msgspec.json.decode(earlier.names, type=dict[str, str]) if earlier else {}
    base = _values(earlier.document) if earlier else {}
    imported = import_export(packed, base.get("owner", team), names)
    if earlier is None and ServiceVersion.objects.filter(service=imported.service).exists():
        raise NotNow(
            gettext("Er is al een dienst met de naam %(name)s, en die komt niet uit dit formulier.")
            % {"name": imported.service}
        )
    service = earlier.service if earlier else imported.service
    fresh = _values(imported.document) | {"id": service}
    changes: list[Change] = []
    merged = Merged(fresh, [])
    if earlier is not None:
        changes = diff_values(base, fresh)
        merged = merge(base, _values(_standing(service)), fresh)
    loaded = load(as_yaml(merged.document), f"{service}.yaml")
    outcome = Outcome(
        service=service,
        report=imported.report,
        changes=[change.sentence() for change in changes],
        conflicts=merged.conflicts,
        again=earlier is not None,
    )
    with durable():
        _draft(loaded, actor)
        Import.objects.update_or_create(
            form=imported.form,
            defaults={
                "service": service,
                "document": as_yaml(fresh),
                "names": msgspec.json.encode(imported.names).decode(),
                "report": msgspec.json.encode(outcome).decode(),
                "made": clock.now(),
                "made_by": actor.name[:200],
            },
        )
    return outcome


def _values(document: str) -> dict[str, Any]:
    values: dict[str, Any] = read(document, "dienst.yaml")[0]
    return values


def _standing(service: str) -> str:
    """The document as it stands here: the draft, else the newest version."""
    rows = ServiceVersion.objects.filter(service=service)
    row = rows.filter(state="draft").first() or rows.order_by("-version").first()
    return row.source if row is not None else f"id: {service}"


def discard_draft(service: str, actor: Actor) -> None:
    """Throws the draft of a service away; doing it twice is no fault."""
    _require_editor(actor)
    with durable():
        ServiceVersion.objects.filter(service=service, state="draft").delete()


def retire(service: str, actor: Actor) -> None:
    """No new applications from now on; what runs runs on. Raises Absent when nothing is published."""
    _require_editor(actor)
    with durable():
        row = ServiceVersion.objects.select_for_update().filter(service=service, state="published").first()
        if row is None:
            raise Absent
        row.state, row.retired = "retired", clock.now()
        row.save(update_fields=["state", "retired"])
        append("service.retired", actor, service=service, service_version=row.version, data={"version": row.version})
