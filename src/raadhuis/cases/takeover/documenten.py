"""Writing documents as another register has them: every version that it still gives, with its bytes.

In: rows with our addresses. Out: what became of each. Always holds: bytes go to the file store piece by piece before
the transaction of the row that names them, and are thrown away when it fails; a document comes with all its versions,
or not at all; a checksum (SHA-256) that the other register gives must be that of what came in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings

from raadhuis.adapters.files import Incoming
from raadhuis.adapters.registers import Register
from raadhuis.cases.announcing import features_of_document
from raadhuis.cases.drc import content, queries, rendering, rules, writing
from raadhuis.cases.drc.actions import direction_of, index
from raadhuis.cases.drc.finding import at_id, id_at
from raadhuis.cases.drc.hanging import HANGING
from raadhuis.cases.models import EnkelvoudigInformatieObject, InformatieObjectVersie
from raadhuis.cases.takeover import comparing, reading
from raadhuis.cases.takeover.comparing import EIO
from raadhuis.cases.takeover.progress import Outcome, Progress
from raadhuis.cases.takeover.taking import attempted, dealt, ids_of, met, refusal
from raadhuis.cases.takeover.walking import Body, Row
from raadhuis.cases.trail import Change, note_many
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import append
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import read
from raadhuis.kernel.problems import Invalid
from raadhuis.kernel.shapes import Fault, Refused, fault
from raadhuis.kernel.statements import insert

Document = EnkelvoudigInformatieObject


def take_documents(
    rows: Mapping[str, Sequence[Row]], by: Asker, register: Register, progress: Progress
) -> Iterator[int]:
    """Documents of a page, each in a transaction of its own, since their bytes may take long; 1 for each."""
    here = queries.documents(ids_of(rows[EIO]), by.client)
    terms: dict[UUID | None, list[Row]] = {}
    for one in rows["gebruiksrechten"]:
        terms.setdefault(_document_of(one), []).append(one)
    for row in rows[EIO]:
        if row.id is not None and progress.is_done(row.id):
            continue
        its = terms.get(row.id, [])
        if str(row.id) in here:
            with durable():
                found = [_met(row, here[str(row.id)]), *take_hanging("gebruiksrechten", its, by)]
                progress.note(found, ids_of([row]))
        else:
            _take(row, its, by, register, progress)
        yield 1


def _document_of(row: Row) -> UUID | None:
    named = row.body.get("informatieobject")
    return id_at(named) if isinstance(named, str) else None


def _met(row: Row, here: bytes) -> Outcome:
    """A document that is here: its bytes are compared when all is verified."""
    outcome = met(row, here)
    faults = (*outcome.faults, *comparing.faults(list(versions_unlike(row))))
    return Outcome(row.resource, row.address, "differs" if faults else "there", faults)


def versions_unlike(row: Row) -> Iterator[str]:
    """What differs in earlier versions, as `versie 1: titel`."""
    if row.id is None or not row.earlier:
        return
    kept = {one.versie: one for one in InformatieObjectVersie.objects.filter(informatieobject=row.id)}
    document = at_id(row.id)
    for body in row.earlier:
        number = body.get("versie")
        if document is None or number not in kept:
            yield f"versie {number}"
            continue
        ours = rendering.documents([writing.as_it_was(document, kept[number])])[0]
        unlocked = {name: value for name, value in body.items() if name != "locked"}  # A version has no lock.
        yield from (f"versie {number}: {one}" for one in comparing.unlike(EIO, unlocked, read(ours)))


def _take(row: Row, terms: list[Row], by: Asker, register: Register, progress: Progress) -> None:
    changes: list[Change] = []
    with ExitStack() as files:
        try:
            versions = [_version(row, body, register, files) for body in (*row.earlier, row.body)]
        except Refused as refused:
            outcome, versions = refusal(row, *refused.faults), []
        with durable():
            if versions:
                outcome = attempted(row, lambda _: _insert(versions, by), changes)
            note_many(changes, by)
            hanging = take_hanging("gebruiksrechten", terms, by)
            progress.note([outcome, *hanging], ids_of([row]))
        if outcome.state == "taken":
            files.pop_all()  # They are named by a row now.


def _version(row: Row, body: Body, register: Register, files: ExitStack) -> Document:
    """A version as a row, with its bytes in the file store for as long as `files` is open. Raises Refused."""
    if row.id is None:
        raise fault("url", "invalid", "Hier hoort een adres met een UUID te staan.")
    values = reading.of_document(body)
    size = values.pop("bestandsomvang", None)
    kind = rules.kind_at(values["informatieobjecttype"])
    columns = {
        **writing.columns(values, None, partial=False),
        "informatieobjecttype": kind.id,
        "vertrouwelijkheidaanduiding": values.get("vertrouwelijkheidaanduiding") or kind.level,
    }
    said_of_terms = columns.pop("indicatie_gebruiksrecht", None)
    rules.require_sound(columns, None)
    columns["indicatie_gebruiksrecht"] = said_of_terms
    made = Document(id=row.id, direction=direction_of(columns))
    made.begin_registratie = reading.moment(body, "beginRegistratie") or clock.now()
    made.versie = body["versie"] if isinstance(body.get("versie"), int) else 1
    told = body.get("inhoud")
    stored = files.enter_context(_bytes_of(row.id, body, size, register)) if told else None
    made.file_key, made.bestandsomvang = stored.key if stored else "", size
    made.scanned = stored.scanned if stored else "unscanned"
    for name, value in {**columns, **_checksum(values, stored)}.items():
        setattr(made, name, value)
    return made


def _checksum(values: Mapping[str, Any], stored: content.Kept | None) -> dict[str, Any]:
    """The columns of the checksum that was told, or of our own. Raises Refused when it is that of other bytes."""
    told = writing.checksum(values) if (values.get("integriteit") or {}).get("waarde") else {}
    known = str(told.get("integriteit_waarde", "")).lower()
    if stored and told.get("integriteit_algoritme") == "sha_256" and known != stored.sha256:
        raise fault("integriteit", "checksum-mismatch", "De inhoud die kwam, heeft een andere SHA-256.")
    return {**writing.own_checksum(stored.sha256 if stored else ""), **told}


@contextmanager
def _bytes_of(id: UUID, body: Body, size: int | None, register: Register) -> Iterator[content.Kept]:
    limit = settings.RAADHUIS_MAX_DOCUMENT_BYTES
    if size is not None and size > limit:
        raise fault("bestandsomvang", "max_value", f"Een document is hier hoogstens {limit // content.MEGABYTE} MB.")
    with ExitStack() as unfinished:
        coming: list[Incoming] = []

        def begin() -> Callable[[bytes], object]:
            coming.append(unfinished.enter_context(content.incoming(limit)))
            return coming[-1].write

        try:
            there = register.download("documenten", *place_of_bytes(id, body), begin)
        except Invalid:
            raise fault("inhoud", "max_value", "Dit document is groter dan het zegt, en te groot.") from None
        if not there:
            raise fault("inhoud", "content-missing", "Het andere register geeft de inhoud niet.")
        stored = coming[-1].keep()
    with content.looked_over(stored, stored.size if size is None else size) as kept:
        yield kept


def place_of_bytes(id: UUID, body: Body) -> tuple[str, dict[str, str]]:
    """Where the bytes of a version are: (path, parameters)."""
    version = body.get("versie")
    return f"{EIO}/{id}/download", {"versie": str(version)} if isinstance(version, int) else {}


def _insert(versions: Sequence[Document], by: Asker) -> Change:
    newest = versions[-1]
    insert(newest)
    index(newest)
    for one in versions[:-1]:
        insert(writing.as_version(one))
    data = {"type": newest.type_key or str(newest.informatieobjecttype), "direction": newest.direction}
    append("document.added", by.actor(), subjects={"document": newest.pk}, data=data)
    where, body = rendering.at(EIO, newest.pk), rendering.documents([newest])[0]
    return _created(newest, "enkelvoudiginformatieobject", where, newest.titel, body)


def _created(row: Document, resource: str, where: str, shown: str, new: bytes) -> Change:
    return Change(
        source="drc",
        main=rendering.at(EIO, row.pk),
        main_id=row.pk,
        resource=resource,
        address=where,
        shown=shown[:200],
        action="create",
        new=new,
        features=features_of_document(row),
        quiet=True,
    )


def hanging_here(name: str, ids: Sequence[str]) -> dict[str, bytes]:
    """Terms of use or sendings that are here, by id."""
    rows = list(HANGING[name].model._default_manager.filter(pk__in=ids))
    return dict(zip((str(row.pk) for row in rows), HANGING[name].render(rows), strict=True))


def take_hanging(name: str, rows: Sequence[Row], by: Asker) -> list[Outcome]:
    """Terms of use, or sendings, in the running transaction."""
    here = hanging_here(name, ids_of(rows))
    return dealt(rows, here, lambda row: _hanging(name, row, by), by)


def _hanging(name: str, row: Row, by: Asker) -> Change:
    values: dict[str, Any] = reading.of_hanging(name, row.body)
    document = Document.objects.select_for_update().filter(pk=rules.own_id(values["informatieobject"])).first()
    if document is None:
        raise Refused(Fault("informatieobject", "bad-url", "Dit document is hier niet."))
    kind = HANGING[name]
    made = kind.model(id=row.id, informatieobject=document)
    kind.write(made, {**kind.defaults, **values})
    insert(made)
    resource = {"verzendingen": "verzending"}.get(name, name)
    append("document.detail_changed", by.actor(), subjects={"document": document.pk}, data={"resource": resource})
    where, body = rendering.at(name, made.pk), kind.render([made])[0]
    return _created(document, resource, where, f"{document.titel[:180]} ({resource})", body)
