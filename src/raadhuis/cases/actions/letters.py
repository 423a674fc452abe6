"""Letters: of a decision, and of receipt. Made by the outbox's runner, once, and kept as a document of the case.

In: the outbox event. Out: a document, and its event. Always holds: delivering the same event twice makes one letter
(the document's unique `event`).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.cases import announcing
from raadhuis.cases.actions.common import definition_of, lock_zaak
from raadhuis.cases.actions.opening import add_file
from raadhuis.cases.models import (
    Besluit,
    BesluitInformatieObject,
    DecisionRecord,
    EnkelvoudigInformatieObject,
    Zaak,
)
from raadhuis.cases.papers import Paper, render
from raadhuis.cases.papers.compose import compose, confirmation
from raadhuis.cases.queries.cosigning import cosign_view
from raadhuis.cases.queries.decisions import decision_view
from raadhuis.cases.schema import KeptFile
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue.queries import Published
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent

Keep = Callable[[bytes], tuple[str, int, str]]
"""Stores bytes durably; gives (key, size, sha256)."""


class _Letter(msgspec.Struct, frozen=True):
    zaak: Zaak
    published: Published
    paper: Paper
    name: str
    besluit: Besluit | None


def _letter(payload: dict[str, Any]) -> _Letter:
    """What an outbox event asks for: the letter of a decision, or the confirmation of receipt. Raises Absent."""
    if "record" in payload:
        record = DecisionRecord.objects.select_related("besluit", "zaak").filter(id=payload["record"]).first()
        if record is None:
            raise Absent
        zaak, published = record.zaak, definition_of(record.zaak)
        data = case_data(zaak)
        view = decision_view(record, published, data.get("applicant", {}).get("language", "nl"))
        paper = compose(published, data, view, payload["letter"], zaak.identificatie)
        return _Letter(zaak, published, paper, f"besluit-{zaak.identificatie}.pdf", record.besluit)
    found = Zaak.objects.filter(id=payload["zaak"]).first()
    if found is None:
        raise Absent
    published = definition_of(found)
    signature = cosign_view(found, published)
    waits_for = signature.who if signature and signature.state == "asked" else ""
    paper = confirmation(published, case_data(found), found, waits_for)
    return _Letter(found, published, paper, f"ontvangstbevestiging-{found.identificatie}.pdf", None)


def deliver_letter(event_id: UUID, payload: dict[str, Any], keep: Keep) -> None:
    """Makes the letter that an outbox event asks for, and adds it to the case. Twice makes one."""
    if EnkelvoudigInformatieObject.objects.filter(event=event_id).exists():
        return
    letter = _letter(payload)
    key, size, sha256 = keep(render(letter.paper, clock.now()))
    with durable():
        zaak = lock_zaak(letter.zaak.id)
        if EnkelvoudigInformatieObject.objects.filter(event=event_id).exists():
            return
        kinds = letter.published.definition.zaaktype.informatieobjecttypen
        kind = next((k.key for k in kinds if k.richting == "uitgaand"), kinds[0].key)
        document = add_file(
            zaak,
            letter.published,
            KeptFile(
                key=key,
                name=letter.name,
                size=size,
                sha256=sha256,
                content_type="application/pdf",
                document=kind,
                title=letter.paper.title,
                scanned="clean",
            ),
            SYSTEM,
            direction="uitgaand",
            event=event_id,
        )
        if letter.besluit:
            relation = BesluitInformatieObject.objects.create(besluit=letter.besluit, informatieobject=document)
            announcing.besluit_document(letter.besluit, relation.id)
