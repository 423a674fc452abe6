"""Reading documents as other applications do: filtered, in pages, and never more than the client may see.

Always holds: a row that a client may not read is as absent as one that is not there; an earlier version is read by who
may read the newest one and that one; a list is one count and one page.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from raadhuis.cases import trail
from raadhuis.cases.drc import access, filters, rendering
from raadhuis.cases.drc.finding import READ, at_id, id_at, relation
from raadhuis.cases.drc.hanging import HANGING
from raadhuis.cases.drc.writing import as_it_was, moment_asked
from raadhuis.cases.models import (
    BesluitInformatieObject,
    EnkelvoudigInformatieObject,
    InformatieObjectVersie,
    ZaakInformatieObject,
)
from raadhuis.catalogue.ztc.writing import id_at as type_at
from raadhuis.clients.schema import Client
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Fault, Refused

PAGE = 100
TRAIL = "audittrails.lezen"
MOST_IN_A_PLAIN_LIST = 1000
Values = Mapping[str, str]


class Content(msgspec.Struct, frozen=True):
    """The bytes of a version: the key of the file store, the name it has, how many bytes it is."""

    key: str
    name: str
    size: int


class Which(msgspec.Struct, frozen=True):
    """Which version: by its number, or as it was at a moment; the newest, when neither is said."""

    versie: str = ""
    at: str = ""


NEWEST = Which()


def find_document(address: str) -> EnkelvoudigInformatieObject | None:
    """The newest version of the document at an address of ours; None when there is none. Whoever asks checks rights."""
    id = id_at(address)
    return None if id is None else at_id(id)


def documents(ids: Sequence[str], client: Client) -> dict[str, bytes]:
    """The documents of several rows by id; what is not there, or not for this client, is left out."""
    rows = list(_readable(client).filter(pk__in=ids))
    return {str(row.pk): body for row, body in zip(rows, rendering.documents(rows), strict=True)}


def document(id: UUID, client: Client, which: Which = NEWEST) -> bytes:
    """A document, in one of its versions. Raises Absent, Refused."""
    return rendering.documents([_version(id, client, which)])[0]


def content(id: UUID, client: Client, which: Which = NEWEST) -> Content:
    """Where the bytes of a version are. Raises Absent, also when they did not come (yet); Refused."""
    row = _version(id, client, which)
    if not row.file_key:
        raise Absent("Dit document heeft (nog) geen inhoud.")
    return Content(row.file_key, row.bestandsnaam or row.titel, row.bestandsomvang or 0)


def _version(id: UUID, client: Client, which: Which) -> EnkelvoudigInformatieObject:
    allowed = access.allowed(client, READ)
    row = at_id(id)
    if row is None or not allowed.permits(row):
        raise Absent
    found = _as_asked(row, which)
    if not allowed.permits(found):
        raise Absent
    return found


def _as_asked(row: EnkelvoudigInformatieObject, which: Which) -> EnkelvoudigInformatieObject:
    """The version that is asked for. Raises Absent, Refused."""
    earlier = InformatieObjectVersie.objects.filter(informatieobject=row)
    if which.versie:
        if not (which.versie.isascii() and which.versie.isdigit() and len(which.versie) < 9):
            raise Refused(Fault("versie", "invalid", "Een versie is een getal."))
        if int(which.versie) == row.versie:
            return row
        earlier = earlier.filter(versie=int(which.versie))
    elif which.at:
        try:
            moment = moment_asked(which.at)
        except (ValueError, OverflowError):
            raise Refused(Fault("registratieOp", "invalid", "Dit is geen datum met tijd.")) from None
        if row.begin_registratie <= moment:
            return row
        earlier = earlier.filter(begin_registratie__lte=moment)
    else:
        return row
    found = earlier.order_by("-versie").first()
    if found is None:
        raise Absent
    return as_it_was(row, found)


def listed(asked: Values, client: Client, page: int, ids: Sequence[UUID] | None = None) -> tuple[int, list[bytes]]:
    """(how many there are, the documents of one page of 100), among `ids` when they are given. Raises Refused."""
    rows = _readable(client).filter(filters.on_documents(asked))
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    count, shown = _page(rows, filters.order(asked.get("ordering", "")), page)
    return count, rendering.documents(shown)


def _page(rows: QuerySet[Any], order: Sequence[str], page: int) -> tuple[int, list[Any]]:
    """(how many there are, those of one page). They are counted only when the page does not tell."""
    first = (page - 1) * PAGE
    shown = list(rows.order_by(*order)[first : first + PAGE])
    told = 0 < len(shown) < PAGE or (page == 1 and not shown)
    return first + len(shown) if told else rows.count(), shown


def _may_read(id: UUID, client: Client, scope: str) -> bool:
    row = at_id(id)
    return row is not None and access.allowed(client, scope).permits(row)


def _readable(client: Client) -> QuerySet[EnkelvoudigInformatieObject]:
    return EnkelvoudigInformatieObject.objects.filter(access.readable(client, READ))


def _of_readable(rows: QuerySet[Any], client: Client) -> QuerySet[Any]:
    """Those whose document the client may read."""
    mine = access.readable(client, READ)
    if client.everything and not client.only_published:
        return rows
    return rows.filter(Exists(EnkelvoudigInformatieObject.objects.filter(mine, pk=OuterRef("informatieobject_id"))))


def _hanging(name: str, client: Client) -> QuerySet[Any]:
    return _of_readable(HANGING[name].model._default_manager.all(), client)


def one_hanging(name: str, id: UUID, client: Client) -> bytes:
    """One row of terms of use, or one sending. Raises Absent."""
    rows = list(_hanging(name, client).filter(pk=id))
    if not rows:
        raise Absent
    return HANGING[name].render(rows)[0]


def all_hanging(name: str, asked: Values, client: Client) -> list[bytes]:
    """A list without pages, at most 1,000. Raises Refused."""
    rows = _hanging(name, client).filter(filters.on_hanging(asked)).order_by("pk")
    return HANGING[name].render(list(rows[:MOST_IN_A_PLAIN_LIST]))


def page_of_hanging(name: str, asked: Values, client: Client, page: int) -> tuple[int, list[bytes]]:
    """(how many there are, one page of 100). Raises Refused."""
    rows = _hanging(name, client).filter(filters.on_hanging(asked))
    count, shown = _page(rows, ["pk"], page)
    return count, HANGING[name].render(shown)


def one_relation(id: UUID, client: Client) -> bytes:
    """What a document belongs to. Raises Absent."""
    row = relation(id)
    if row is None or not _may_read(row.informatieobject_id, client, READ):
        raise Absent
    return rendering.objectinformatieobjecten([row])[0]


def relations(asked: Values, client: Client) -> list[bytes]:
    """What documents belong to, at most 1,000: the relations that cases and decisions keep. Raises Refused."""
    about = filters.on_hanging(asked)
    found: list[ZaakInformatieObject | BesluitInformatieObject] = []
    for kind, model in (("zaak", ZaakInformatieObject), ("besluit", BesluitInformatieObject)):
        of_one = filters.on_object(kind, asked["object"]) if "object" in asked else Q()
        rows = _of_readable(model._default_manager.filter(about & of_one), client).order_by("pk")
        found += rows[: MOST_IN_A_PLAIN_LIST - len(found)]
    return rendering.objectinformatieobjecten(found)


def trail_of(id: UUID, client: Client, line: UUID | None = None) -> list[bytes]:
    """The audit trail of a document, or one line of it. Raises Absent."""
    if not _may_read(id, client, TRAIL):
        raise Absent
    mine, main = access.allowed(client, TRAIL), rendering.at(rendering.EIO, id)

    def may_see(document: Values) -> bool:
        if mine.only_published and not document["isGereedVoorPublicatie"]:
            return False
        kind = type_at(document["informatieobjecttype"], "informatieobjecttypen")
        return mine.everything or (kind is not None and mine.covers(kind, document["vertrouwelijkheidaanduiding"]))

    return [trail.line(main, line, may_see)] if line is not None else trail.lines(main, may_see)
