"""Finding documents by their address, and finding one to write on for who may.

Always holds: what the client may not even read is absent; what it may read but not write so is refused (403).
"""

from uuid import UUID

from raadhuis.cases.drc import access, rendering
from raadhuis.cases.models import BesluitInformatieObject, EnkelvoudigInformatieObject, ZaakInformatieObject
from raadhuis.clients.schema import Client
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.kernel.statements import Given, Statement

READ = "documenten.lezen"
_DOCUMENT = Statement(lambda: EnkelvoudigInformatieObject.objects.filter(pk=Given("id")))
_LOCKED = Statement(lambda: EnkelvoudigInformatieObject.objects.select_for_update().filter(pk=Given("id")))
_WORDS = "Voor dit type document en deze vertrouwelijkheid heeft deze applicatie dat recht niet."


def at_id(id: UUID) -> EnkelvoudigInformatieObject | None:
    """The document with this id, in its newest version, whoever asks; None when there is none."""
    return _DOCUMENT.first(id=id)


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
    found = at_id(id)
    if found is None:
        raise Absent
    if access.allowed(client, *scopes).permits(found):
        return found
    if access.allowed(client, READ).permits(found):
        raise NotAllowed(_WORDS)
    raise Absent


def locked(id: UUID) -> EnkelvoudigInformatieObject:
    """The document, for nobody else to change until this transaction ends. Raises Absent."""
    found = _LOCKED.first(id=id)
    if found is None:
        raise Absent
    return found


def relation(id: UUID) -> ZaakInformatieObject | BesluitInformatieObject | None:
    """The relation with this id, whether a case or a decision keeps it."""
    found = ZaakInformatieObject.objects.filter(pk=id).first()
    return found or BesluitInformatieObject.objects.filter(pk=id).first()


def may_write(allowed: access.Allowed, type: UUID, level: str) -> None:
    """Raises NotAllowed for a type and level that the client has no right for."""
    if not allowed.covers(type, level):
        raise NotAllowed(_WORDS)
