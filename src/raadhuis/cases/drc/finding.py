"""Finding documents by their address, and finding one to write on for who may.

Always holds: what the client may not even read is absent; what it may read but not write so is refused (403).
"""

from uuid import UUID

from raadhuis.cases.drc import access, rendering
from raadhuis.cases.models import BesluitInformatieObject, EnkelvoudigInformatieObject, ZaakInformatieObject
from raadhuis.clients.schema import Client
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.problems import Absent, NotAllowed

READ = "documenten.lezen"
_WORDS = "Voor dit type document en deze vertrouwelijkheid heeft deze applicatie dat recht niet."


def id_below(text: str, place: str) -> UUID | None:
    """The id in an address of ours below a path; None when it is none."""
    head, _, last = text.rstrip("/").rpartition("/")
    if head != f"{MARK}{place}":
        return None
    try:
        return UUID(last)
    except ValueError:
        return None


def id_at(text: str) -> UUID | None:
    """The id in an address of a document of ours; None when it is none."""
    return id_below(text, f"{rendering.DOCUMENTS}{rendering.EIO}")


def writable(id: UUID, client: Client, *scopes: str) -> EnkelvoudigInformatieObject:
    """The document, for a client that has one of these scopes for it. Raises Absent, NotAllowed."""
    rows = EnkelvoudigInformatieObject.objects.filter(pk=id)
    found = rows.filter(access.readable(client, *scopes)).first()
    if found is not None:
        return found
    if rows.filter(access.readable(client, READ)).exists():
        raise NotAllowed(_WORDS)
    raise Absent


def relation(id: UUID) -> ZaakInformatieObject | BesluitInformatieObject | None:
    """The relation with this id, whether a case or a decision keeps it."""
    found = ZaakInformatieObject.objects.filter(pk=id).first()
    return found or BesluitInformatieObject.objects.filter(pk=id).first()


def may_write(allowed: access.Allowed, type: UUID, level: str) -> None:
    """Raises NotAllowed for a type and level that the client has no right for."""
    if not allowed.covers(type, level):
        raise NotAllowed(_WORDS)
