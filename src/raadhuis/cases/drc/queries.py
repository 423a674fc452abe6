"""Reading documents as other applications do: filtered, in pages, and never more than the client may see.

Always holds: a row that a client may not read is as absent as one that is not there; a list is one count and one page.
"""

from collections.abc import Sequence
from uuid import UUID

from raadhuis.cases.drc import access, rendering
from raadhuis.cases.models import EnkelvoudigInformatieObject
from raadhuis.clients.schema import Client
from raadhuis.kernel.documents import MARK

READ = "documenten.lezen"


def id_at(text: str, name: str = rendering.EIO) -> UUID | None:
    """The id in an address of ours of a resource; None when it is none."""
    head, _, last = text.rstrip("/").rpartition("/")
    if head != f"{MARK}{rendering.DOCUMENTS}{name}":
        return None
    try:
        return UUID(last)
    except ValueError:
        return None


def find_document(address: str) -> EnkelvoudigInformatieObject | None:
    """The newest version of the document at an address of ours; None when there is none. Whoever asks checks rights."""
    id = id_at(address)
    return None if id is None else EnkelvoudigInformatieObject.objects.filter(pk=id).first()


def documents(ids: Sequence[UUID], client: Client) -> dict[UUID, bytes]:
    """The documents of several rows by id; what is not there, or not for this client, is left out."""
    rows = list(EnkelvoudigInformatieObject.objects.filter(access.readable(client, READ), pk__in=ids))
    return {row.pk: body for row, body in zip(rows, rendering.documents(rows), strict=True)}
