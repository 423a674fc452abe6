"""The stored documents of cases: written with the row, read without making objects of it.

In: ids, or a case that is locked. Out: JSON bytes. Always holds: a document that is stored tells the truth, whoever
wrote (triggers of migration 0010 take it away when the case or what hangs on it changes); one that is not stored is
made when it is asked for, and by the worker.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from raadhuis.cases.models import Rol, Zaak
from raadhuis.cases.zrc import rendering
from raadhuis.kernel import privacy
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import read, written
from raadhuis.kernel.statements import Several

MOST_AT_ONCE = 200
ROLE = "rol:document"


def of(rows: QuerySet[Zaak]) -> list[bytes]:
    """The documents of cases, in their order. One statement when all are stored."""
    return list(by_id(rows).values())


def by_id(rows: QuerySet[Zaak]) -> dict[UUID, bytes]:
    """The documents of cases by id, in their order. One statement when all are stored."""
    return _whole(dict(rows.values_list("pk", "body")))


def completed(rows: Sequence[tuple[UUID, bytes | None]]) -> list[bytes]:
    """The documents of (id, what is stored), in their order; those that are not stored are made."""
    bodies = [body for _, body in rows if body is not None]
    return bodies if len(bodies) == len(rows) else list(_whole(dict(rows)).values())


def _whole(found: Mapping[UUID, Any]) -> dict[UUID, bytes]:
    made = _made(found)
    whole = {id: bytes(body) if body is not None else made.get(id) for id, body in found.items()}
    return {id: body for id, body in whole.items() if body is not None}


def _made(found: Mapping[UUID, Any]) -> dict[UUID, bytes]:
    missing = [id for id, body in found.items() if body is None]
    if not missing:
        return {}
    rows = list(Zaak.objects.filter(pk__in=missing))
    return {row.pk: body for row, body in zip(rows, rendering.zaken(rows), strict=True)}


def keep(zaak: Zaak, body: bytes) -> None:
    """Stores the document of a case that is locked, after everything else was written."""
    Zaak.objects.filter(pk=zaak.pk).update(body=body)
    zaak.body = body


def current(zaak: Zaak) -> bytes:
    """The document of a locked case as it is now."""
    return bytes(zaak.body) if zaak.body is not None else rendering.zaken([zaak])[0]


def patched(zaak: Zaak, changes: Mapping[str, Any]) -> None:
    """Stores the document of a locked case with some attributes changed; leaves it to be made when there is none."""
    if zaak.body is not None:
        keep(zaak, written({**read(zaak.body), **changes}))


def with_one_more(zaak: Zaak, attribute: str, address: str) -> None:
    """Stores the document with an address added to a list in it."""
    if zaak.body is not None:
        held = read(zaak.body)
        held[attribute].append(address)
        keep(zaak, written(held))


def with_one_less(zaak: Zaak, attribute: str, address: str) -> None:
    """Stores the document with an address taken out of a list in it."""
    if zaak.body is not None:
        held = read(zaak.body)
        held[attribute] = [one for one in held[attribute] if one != address]
        keep(zaak, written(held))


_ROLLEN = Several(lambda ids: Rol.objects.filter(pk__in=ids).values_list("pk", "body"))


def rollen(ids: Sequence[str]) -> dict[str, bytes]:
    """The documents of roles by id. One statement when all are stored."""
    rows = _ROLLEN.all(ids)
    found = {id: privacy.decrypt(ROLE, body) for id, body in rows if body is not None}
    if len(found) < len(rows):
        made = list(Rol.objects.filter(pk__in=[id for id, body in rows if body is None]))
        found |= {str(row.pk): body for row, body in zip(made, rendering.rollen(made), strict=True)}
    return found


def sealed(body: bytes) -> bytes:
    """The document of a role as it is stored."""
    return privacy.encrypt(ROLE, body)


def make_missing_rollen(limit: int = MOST_AT_ONCE) -> int:
    """Stores the documents of roles that have none; how many there were. Index: rol_without_body."""
    waiting = list(Rol.objects.filter(body=None).order_by("pk").values_list("pk", flat=True)[:limit])
    if not waiting:
        return 0
    with durable():
        rows = list(Rol.objects.select_for_update().filter(pk__in=waiting, body=None))
        for row, body in zip(rows, rendering.rollen(rows), strict=True):
            Rol.objects.filter(pk=row.pk).update(body=sealed(body))
    return len(waiting)


def make_missing(limit: int = MOST_AT_ONCE) -> int:
    """Stores the documents of cases that have none; how many there were. Index: zaak_without_body."""
    waiting = list(Zaak.objects.filter(body=None).order_by("pk").values_list("pk", flat=True)[:limit])
    if not waiting:
        return 0
    with durable():
        rows = list(Zaak.objects.select_for_update().filter(pk__in=waiting, body=None))
        for row, body in zip(rows, rendering.zaken(rows), strict=True):
            keep(row, body)
    return len(waiting)
