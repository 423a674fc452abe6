"""Reading definitions. A published version never changes, so each is read and decoded once a process.

Always holds: `published` asks the database which version is current, so that a new one is seen at once by all workers.
"""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from django.utils.translation import gettext

from raadhuis.catalogue.loading import Loaded, load
from raadhuis.catalogue.models import (
    Import,
    ResultaatType,
    RolType,
    ServiceVersion,
    StatusType,
    ZaakTypeBesluitType,
    ZaakTypeInformatieObjectType,
)
from raadhuis.catalogue.open_forms.report import Outcome
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.statements import Given, Statement
from raadhuis.kernel.texts import Text

MOST_SERVICES = 500


class Published(msgspec.Struct, frozen=True):
    """A published (or since retired) version, with the ids of its ZaakType and, by key, of that type's children."""

    definition: Definition
    version: int
    version_id: UUID
    zaaktype_id: UUID
    statustypen: dict[str, UUID]
    resultaattypen: dict[str, UUID]
    roltypen: dict[str, UUID]
    informatieobjecttypen: dict[str, UUID]
    besluittypen: dict[str, UUID]


class ServiceLine(msgspec.Struct, frozen=True):
    """A service that can be used now."""

    id: str
    title: Text
    summary: Text
    kind: str
    version: int
    version_id: UUID


class VersionLine(msgspec.Struct, frozen=True):
    """One version of a service, for the list of an editor."""

    id: UUID
    service: str
    version: int
    state: str
    title: str
    made: datetime
    made_by: str
    published: datetime | None
    retired: datetime | None


def by_version_id(version: UUID) -> Published:
    """A version that is or was published. Raises Absent."""
    return _published(version)


@lru_cache(maxsize=512)
def by_zaaktype(zaaktype: UUID) -> Published | None:
    """The version of a service that made this type; None for a type that no service owns."""
    found = ServiceVersion.objects.filter(zaaktype=zaaktype).exclude(state="draft").values_list("id", flat=True).first()
    return _published(found) if found is not None else None


@lru_cache(maxsize=512)
def _published(version: UUID) -> Published:
    row = ServiceVersion.objects.filter(id=version).exclude(state="draft").first()
    if row is None or row.zaaktype is None:
        raise Absent
    zaaktype = row.zaaktype
    return Published(
        msgspec.json.decode(row.definition, type=Definition),
        row.version,
        row.id,
        zaaktype,
        dict(StatusType.objects.filter(zaaktype=zaaktype).values_list("key", "id")),
        dict(ResultaatType.objects.filter(zaaktype=zaaktype).values_list("key", "id")),
        dict(RolType.objects.filter(zaaktype=zaaktype).values_list("key", "id")),
        dict(
            ZaakTypeInformatieObjectType.objects.filter(zaaktype=zaaktype).values_list("key", "informatieobjecttype_id")
        ),
        dict(ZaakTypeBesluitType.objects.filter(zaaktype=zaaktype).values_list("key", "besluittype_id")),
    )


_CURRENT = Statement(
    lambda: ServiceVersion.objects.filter(service=Given("service"), state="published").values_list("id", flat=True)[:1]
)
_USABLE = Statement(
    lambda: ServiceVersion.objects.filter(state="published").values_list("id", flat=True)[:MOST_SERVICES]
)


def published(service: str) -> Published:
    """The version of a service that is current. Raises Absent. Index: one_published_a_service."""
    found = _CURRENT.first(service=service)
    if found is None:
        raise Absent(gettext("Deze dienst is er niet (meer)."))
    return _published(found)


def services() -> list[ServiceLine]:
    """What can be used now (≤ 500), by Dutch title. One statement when all are known to this process."""
    found = [_published(version) for version in _USABLE.all()]
    lines = [
        ServiceLine(
            p.definition.id, p.definition.title, p.definition.summary, p.definition.kind, p.version, p.version_id
        )
        for p in found
    ]
    return sorted(lines, key=lambda line: line.title.nl)


def versions(service: str = "", limit: int = 200) -> list[VersionLine]:
    """The versions of a service, or of all, newest first (≤ 500)."""
    rows = ServiceVersion.objects.order_by("service", "-version")
    if service:
        rows = rows.filter(service=service)
    return [
        VersionLine(
            r.id,
            r.service,
            r.version,
            r.state,
            msgspec.json.decode(r.definition, type=Definition).title.nl,
            r.made,
            r.made_by,
            r.published,
            r.retired,
        )
        for r in rows[: min(limit, 500)]
    ]


def source_of(service: str, version: int | None = None) -> str:
    """The YAML of a version as it was written; without `version` the published one, else the draft. Raises Absent."""
    rows = ServiceVersion.objects.filter(service=service)
    if version is not None:
        row = rows.filter(version=version).first()
    else:
        row = rows.filter(state="published").first() or rows.filter(state="draft").first()
    if row is None:
        raise Absent(
            gettext("Er is geen dienst %(service)s met versie %(version)s.") % {"service": service, "version": version}
            if version
            else gettext("Er is geen dienst %(service)s.") % {"service": service}
        )
    return row.source


def draft_of(service: str) -> Loaded:
    """The draft of a service. Raises Absent."""
    row = ServiceVersion.objects.filter(service=service, state="draft").first()
    if row is None:
        raise Absent(gettext("Er is geen concept van deze dienst."))
    return load(row.source, f"{service}.yaml")


def imported(service: str) -> Outcome | None:
    """What came along when the service was imported last; None when it was made here."""
    row = Import.objects.filter(service=service).first()
    return msgspec.json.decode(row.report, type=Outcome) if row is not None else None
