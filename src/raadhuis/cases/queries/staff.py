"""What staff see of one case: everything they need, in one page."""

from typing import Any
from uuid import UUID

from raadhuis.cases import access
from raadhuis.cases.answers import Known, answer_pages, as_sentence, known_of
from raadhuis.cases.drawings import drawings
from raadhuis.cases.models import (
    BestandsDeel,
    DecisionRecord,
    EnkelvoudigInformatieObject,
    InformatieObjectVersie,
    Task,
    Zaak,
    ZaakInformatieObject,
)
from raadhuis.cases.queries import advantage, cosigning, decisions, parts
from raadhuis.cases.queries.looked_up import looked_up
from raadhuis.cases.queries.queue import task_line
from raadhuis.cases.schema import Applicant, DocumentView, StaffCase, TaskLine
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue.queries import Published
from raadhuis.journal import queries as journal
from raadhuis.journal.kinds import KINDS
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.statements import Given, Statement

MOST_EVENTS = 500
_TASK = Statement(lambda: Task.objects.filter(id=Given("task")).select_related("zaak"))
_TASKS = Statement(lambda: Task.objects.filter(zaak=Given("zaak")).order_by("offered")[:100])
_RECORDS = Statement(
    lambda: DecisionRecord.objects.filter(zaak=Given("zaak")).select_related("besluit").order_by("made")[:50]
)


def readable(zaak_id: UUID, actor: Actor) -> Zaak:
    """The case, if this member of staff may read it. Raises Absent."""
    zaak = parts.zaak_by_id(zaak_id)
    if zaak is None or not access.may_read_zaak(actor, zaak):
        raise Absent
    return zaak


def staff_case(zaak_id: UUID, actor: Actor, language: str = "nl") -> StaffCase:
    """One case for staff. Raises Absent when it is not there or not theirs."""
    zaak = readable(zaak_id, actor)
    published = parts.published_of(zaak)
    data = case_data(zaak)
    who = data.get("applicant", {"kind": "anonymous"})
    records, events = _RECORDS.all(zaak=zaak.id), journal.of_zaak(zaak.id)
    kind = published.definition.zaaktype if published else None
    facts = {f.name: f.title.in_(language) for f in published.definition.facts} if published else {}
    return StaffCase(
        id=zaak.id,
        identificatie=zaak.identificatie,
        service=zaak.service,
        service_version=zaak.service_version,
        title=parts.title_of(zaak.service, zaak.version, zaak.omschrijving, language),
        made=zaak.made,
        status=parts.status_text(published, zaak.status_key, zaak.result_key, language),
        steps=parts.steps(zaak, published, language),
        # The number itself stays sealed: nobody needs it to read a case.
        applicant=Applicant(
            kind=who.get("kind", "anonymous"),
            name=who.get("name", ""),
            email=who.get("email", ""),
            phone=who.get("phone", ""),
            kvk=who.get("kvk", ""),
            language=who.get("language", "nl"),
        ),
        answers=answer_pages(published, data, language),
        drawings=drawings(published.definition, data.get("answers", {})) if published else [],
        facts=[(facts.get(name, name), _fact(value)) for name, value in data.get("facts", {}).items()],
        looked_up=looked_up(published, data, language),
        term=zaak.uiterlijke_einddatum_afdoening,
        planned=zaak.einddatum_gepland,
        suspended=zaak.suspended_since is not None,
        suspension_reason=zaak.opschorting_reden,
        extended=bool(zaak.verlenging_reden),
        can_extend=bool(kind and kind.extension and not zaak.verlenging_reden and zaak.einddatum is None),
        closed=zaak.einddatum,
        result=zaak.result_key,
        archive=(zaak.archiefnominatie, zaak.archiefactiedatum),
        tasks=_tasks(zaak, language),
        messages=parts.messages(zaak, internal=True),
        documents=parts.documents(zaak, shared_only=False, language=language),
        decisions=[decisions.decision_view(r, published, language) for r in records],
        timeline=[(e.time, KINDS[e.kind].dutch, e.role) for e in events[:MOST_EVENTS]],
        advantage=advantage.case_advantage(events, published.definition.advantage.paper) if published else None,
        can_undo=_can_undo(records, actor),
        corrections=_corrections(published, data, language),
        may_handle=access.may_handle(actor),
        cosign=cosigning.cosign_view(zaak, published),
    )


def _tasks(zaak: Zaak, language: str) -> list[TaskLine]:
    rows = _TASKS.all(zaak=zaak.id)
    for row in rows:
        row.zaak = zaak
    return [task_line(row, language) for row in rows]


def _corrections(published: Published | None, data: dict[str, Any], language: str) -> list[tuple[str, str, str]]:
    answers, found = data.get("answers", {}), []
    known = known_of(published, data, language) if published else Known(language=language)
    for page in published.definition.pages if published else []:
        for question in page.questions:
            if question.id in data.get("corrected", []) and question.prefill:
                had: Any = data.get("registers", {})
                for part in question.prefill.source.split("."):
                    had = had.get(part) if isinstance(had, dict) else None
                said = as_sentence(question, answers.get(question.id), language, known)
                found.append((known.text(question.label), as_sentence(question, had, language, known), said))
    return found


def documents_of(zaak_id: UUID, actor: Actor) -> list[DocumentView]:
    """The documents of a case, for a task page. Raises Absent."""
    return parts.documents(readable(zaak_id, actor), shared_only=False)


def _fact(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _can_undo(records: list[DecisionRecord], actor: Actor) -> UUID | None:
    for record in records:
        waiting = record.released is not None and record.released > clock.now()
        if record.state == "taken" and not record.automatic and waiting:
            return record.id if actor.pseudonym in {record.by, record.second} else None
    return None


def document_for_staff(document_id: UUID, actor: Actor) -> tuple[str, str, str, int]:
    """(file key, name, content type, size) of a document on a case that this member of staff may read."""
    links = ZaakInformatieObject.objects.filter(informatieobject=document_id).select_related("informatieobject", "zaak")
    for link in links[:20]:
        if access.may_read_zaak(actor, link.zaak):
            item = link.informatieobject
            return item.file_key, item.bestandsnaam, item.formaat, item.bestandsomvang or 0
    raise Absent


def readable_task(task_id: UUID, actor: Actor) -> Task:
    """The task, if this member of staff may read its case. Raises Absent."""
    task = _TASK.first(task=task_id)
    if task is None or not access.may_read_zaak(actor, task.zaak):
        raise Absent
    return task


def known_files(keys: list[str]) -> set[str]:
    """Which of these keys (≤ 500) are the file of a document, of an earlier version of one, or of a part of one.

    Indexes: document_by_file, version_by_file, part_by_file.
    """
    found: set[str] = set()
    for model in (EnkelvoudigInformatieObject, InformatieObjectVersie, BestandsDeel):
        rows = model._default_manager.filter(file_key__in=keys[:500])
        found |= set(rows.values_list("file_key", flat=True))
    return found
