"""Every write on documents by another application.

Always holds: one durable transaction with its event, its line in the trail and the notices; bytes are kept before it
and thrown away when it fails; each change of a document is a new version, and the old one stays.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from raadhuis.adapters.files import Incoming
from raadhuis.cases.drc import access, content, noting, rendering, rules, writing
from raadhuis.cases.drc.finding import locked, may_write, writable
from raadhuis.cases.models import (
    BestandsDeel,
    EnkelvoudigInformatieObject,
    InformatieObjectVersie,
    TrefWoord,
    ZaakInformatieObject,
)
from raadhuis.catalogue.ztc import writing as types
from raadhuis.clients.schema import Asker
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import fault
from raadhuis.kernel.statements import insert
from raadhuis.kernel.values import made

ADD, REMOVE = "documenten.aanmaken", "documenten.verwijderen"
CHANGE = ("documenten.bijwerken", "documenten.geforceerd-bijwerken")
Still = Callable[[bytes], None]
LOCK, FORCE = "documenten.lock", "documenten.geforceerd-unlock"


def create(sent: Mapping[str, Any], by: Asker) -> bytes:
    """Makes a document; it, with its lock when its bytes are still to come. Raises Refused, NotAllowed."""
    values = dict(sent)
    kind = rules.kind_at(values["informatieobjecttype"])
    level = values.get("vertrouwelijkheidaanduiding") or kind.level
    may_write(access.allowed(by.client, ADD), kind.id, level)
    said = content.sent(values, new=True)
    columns = {
        **writing.columns(values, None, partial=False),
        "informatieobjecttype": kind.id,
        "vertrouwelijkheidaanduiding": level,
    }
    rules.require_sound(columns, None)
    with _bytes_of(said) as stored, durable():
        direction = direction_of(columns)
        row = made(EnkelvoudigInformatieObject, id=uuid7(), begin_registratie=clock.now(), direction=direction)
        _put(row, columns, values, said, stored)
        row.locked = _new_lock() if said.how == "parts" else ""
        insert(row)
        index(row)
        _expect_parts(row, said)
        noting.document(row, "create", None, by)
    return rendering.with_lock(row)


def change(id: UUID, sent: Mapping[str, Any], by: Asker, *, partial: bool, still: Still | None = None) -> bytes:
    """Makes a new version of a document (drc-009); it, with its lock. Raises Absent, Refused, NotAllowed.

    `still` is given the document as it is and raises when the client did not mean that one.
    """
    values = dict(sent)
    lock = values.pop("lock", "")
    rules.require_lock(writable(id, by.client, *CHANGE), lock)  # Before any byte is kept, and once more below.
    said = content.sent(values, new=False)
    gone: list[str] = []
    with _bytes_of(said) as stored, durable():
        row = locked(id)
        rules.require_lock(row, lock)
        before = rendering.documents([row])[0]
        if still is not None:
            still(before)
        columns = _changed(row, values, by, partial=partial)
        said = _settled(said, row)
        rules.require_sound(columns, row)
        insert(writing.as_version(row))
        row.versie, row.begin_registratie = row.versie + 1, clock.now()
        if said.how != "kept":
            gone = _drop_parts(row)
        _put(row, columns, values, said, stored)
        row.save()
        index(row)
        _expect_parts(row, said)
        noting.document(row, "partial_update" if partial else "update", before, by)
    content.throw_away(gone)
    return rendering.with_lock(row)


def _changed(
    row: EnkelvoudigInformatieObject, values: Mapping[str, Any], by: Asker, *, partial: bool
) -> dict[str, Any]:
    """The columns of a new version; whoever writes it has a right to what it was and to what it becomes."""
    columns = writing.columns(values, row, partial=partial)
    type, level = row.informatieobjecttype, columns.get("vertrouwelijkheidaanduiding", row.vertrouwelijkheidaanduiding)
    told = values.get("informatieobjecttype")
    if told is not None and types.id_at(told, "informatieobjecttypen") != type:
        kind = rules.kind_at(told)
        type, level = kind.id, level or kind.level
    level = level or row.vertrouwelijkheidaanduiding
    allowed = access.allowed(by.client, *CHANGE)
    may_write(allowed, row.informatieobjecttype, row.vertrouwelijkheidaanduiding)
    may_write(allowed, type, level)
    return {**columns, "informatieobjecttype": type, "vertrouwelijkheidaanduiding": level}


def _settled(said: content.Sent, row: EnkelvoudigInformatieObject) -> content.Sent:
    """What becomes of the content, when just a size was told: a file begins to come in, where there is none."""
    if said.how != "kept" or said.size is None or said.size == row.bestandsomvang:
        return said
    if row.bestandsomvang is None and said.size:
        return content.Sent("parts", said.size)
    raise fault("bestandsomvang", "file-size", "Dit is niet de omvang van de inhoud die er is.")


def _put(
    row: EnkelvoudigInformatieObject,
    columns: Mapping[str, Any],
    values: Mapping[str, Any],
    said: content.Sent,
    stored: content.Kept | None,
) -> None:
    """Writes columns and content on a row; not saved."""
    shown = row.tonen_aan_initiator
    if said.how != "kept":
        row.file_key, row.bestandsomvang = stored.key if stored else "", said.size
        row.scanned = stored.scanned if stored else "unscanned"
        columns = {**columns, **writing.own_checksum(stored.sha256 if stored else "")}
    for name, value in {**columns, **writing.checksum(values)}.items():
        setattr(row, name, value)
    if row.tonen_aan_initiator != shown and row.versie > 1:
        ZaakInformatieObject.objects.filter(informatieobject=row.pk).update(shared=row.tonen_aan_initiator)


def direction_of(columns: Mapping[str, Any]) -> str:
    """Whether a document came in, went out, or neither, by its dates."""
    if columns["ontvangstdatum"]:
        return "inkomend"
    return "uitgaand" if columns["verzenddatum"] else "intern"


@contextmanager
def _bytes_of(said: content.Sent) -> Iterator[content.Kept | None]:
    if said.how == "whole":
        with content.kept(said.bytes) as stored:
            yield stored
    else:
        yield None


def index(row: EnkelvoudigInformatieObject) -> None:
    """By which words it is found: those of its newest version."""
    if row.versie > 1:
        TrefWoord.objects.filter(informatieobject=row).delete()
    words = dict.fromkeys(word[: writing.MOST_WORD] for word in row.trefwoorden)
    if words:
        insert(*(TrefWoord(informatieobject=row, woord=word) for word in words))


def _expect_parts(row: EnkelvoudigInformatieObject, said: content.Sent) -> None:
    if said.how == "parts":
        sizes = content.sizes_of_parts(said.size or 0)
        BestandsDeel.objects.bulk_create(
            BestandsDeel(informatieobject=row, volgnummer=n, omvang=size) for n, size in enumerate(sizes, 1)
        )


def _drop_parts(row: EnkelvoudigInformatieObject) -> list[str]:
    """Takes the parts of a document away; the keys of their files, to be thrown away afterwards."""
    parts = BestandsDeel.objects.filter(informatieobject=row)
    keys = list(parts.exclude(file_key="").values_list("file_key", flat=True))
    parts.delete()
    return keys


def _new_lock() -> str:
    return secrets.token_hex(16)


def lock(id: UUID, by: Asker) -> str:
    """Takes a document out; the word that unlocks it, which nobody can guess. Raises Absent, Refused."""
    writable(id, by.client, LOCK)
    with durable():
        row = locked(id)
        if row.locked:
            raise fault("nonFieldErrors", "existing-lock", "Dit document is al vergrendeld.")
        before = rendering.documents([row])[0]
        row.locked = _new_lock()
        row.save(update_fields=["locked"])
        noting.document(row, "partial_update", before, by, kind="document.locked", quiet=True)
    return row.locked


def unlock(id: UUID, word: str, by: Asker) -> None:
    """Brings a document back; parts that came in become its file. Raises Absent, Refused, NotAllowed.

    Who may force it (`documenten.geforceerd-unlock`) needs no word; parts that are not all there are then dropped.
    """
    row = writable(id, by.client, LOCK, FORCE)
    forced = _may_force(row, by) and not word
    if not forced:
        rules.require_lock(row, word)
    parts = _parts(row)
    missing = [part for part in parts if not part.file_key]
    if missing and len(missing) < len(parts) and not forced:
        raise fault("nonFieldErrors", "incomplete-upload", f"Er ontbreken nog {len(missing)} bestandsdelen.")
    if parts and not missing:
        with content.joined([part.file_key for part in parts], row.bestandsomvang or 0) as stored:
            gone = _unlock(id, word, by, parts, stored, forced=forced)
    else:
        gone = _unlock(id, word, by, parts, None, forced=forced)
    content.throw_away(gone)


def _may_force(row: EnkelvoudigInformatieObject, by: Asker) -> bool:
    return access.allowed(by.client, FORCE).covers(row.informatieobjecttype, row.vertrouwelijkheidaanduiding)


def _parts(row: EnkelvoudigInformatieObject) -> list[BestandsDeel]:
    return list(BestandsDeel.objects.filter(informatieobject=row).order_by("volgnummer"))


def _unlock(
    id: UUID, word: str, by: Asker, parts: list[BestandsDeel], stored: content.Kept | None, *, forced: bool
) -> list[str]:
    """The transaction of `unlock`; the keys of the files that are no longer needed."""
    with durable():
        row = locked(id)
        if not forced:
            rules.require_lock(row, word)
        if [(one.pk, one.file_key) for one in _parts(row)] != [(one.pk, one.file_key) for one in parts]:
            raise fault("nonFieldErrors", "incomplete-upload", "Er kwam intussen nog een bestandsdeel binnen.")
        before = rendering.documents([row])[0]
        if stored is not None:
            row.file_key, row.scanned = stored.key, stored.scanned
            if not row.integriteit_waarde:
                for name, value in writing.own_checksum(stored.sha256).items():
                    setattr(row, name, value)
        elif parts:
            row.bestandsomvang = None
        gone = _drop_parts(row) if parts else []
        row.locked = ""
        row.save()
        noting.document(row, "partial_update", before, by, kind="document.unlocked", quiet=stored is None)
    return gone


def part_expected(id: UUID, by: Asker) -> int:
    """How many bytes a part must have. Raises Absent, NotAllowed."""
    part = BestandsDeel.objects.filter(pk=id).first()
    if part is None:
        raise Absent
    writable(part.informatieobject_id, by.client, *CHANGE)
    return part.omvang


def keep_part(id: UUID, file: Incoming, word: str, by: Asker) -> bytes:
    """Keeps a part that came in; its document. Raises Absent, Refused."""
    found = BestandsDeel.objects.filter(pk=id).select_related("informatieobject").first()
    if found is None:
        raise Absent
    rules.require_lock(found.informatieobject, word)
    with content.keep_part(file, found.omvang) as stored, durable():
        row = locked(found.informatieobject_id)
        part = BestandsDeel.objects.filter(pk=id, informatieobject=row).first()
        if part is None:
            raise Absent
        rules.require_lock(row, word)
        before, gone = rendering.part(part, ""), part.file_key
        part.file_key = stored.key
        part.save(update_fields=["file_key"])
        noting.part(row, part, before, by)
    content.throw_away([gone])
    return rendering.part(part, word)


def remove(id: UUID, by: Asker) -> None:
    """Takes a document away for good: all versions, what hangs on it, its trail and its bytes (drc-008).

    Raises Absent, Refused, NotAllowed.
    """
    writable(id, by.client, REMOVE)
    with durable():
        row = locked(id)
        rules.require_removable(row)
        keys = [row.file_key, *_drop_parts(row)]
        keys += InformatieObjectVersie.objects.filter(informatieobject=row).values_list("file_key", flat=True)
        noting.document(row, "destroy", rendering.documents([row])[0], by)
        row.delete()
    content.throw_away(keys)
