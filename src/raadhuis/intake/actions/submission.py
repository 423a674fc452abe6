"""Submission: one idempotent transaction from application to case.

Always holds: pressed twice, or sent again after a lost answer, it makes one case and gives the same receipt (law 2);
the receipt is given only when it is durable; facts are typed and complete before a table decides (law 7).
"""

from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext

from raadhuis.cases.actions import open_zaak
from raadhuis.cases.answers import Known
from raadhuis.cases.schema import Applicant, KeptFile, NewZaak
from raadhuis.catalogue import facts
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import EmailQuestion, FileQuestion, GroupQuestion, PhoneQuestion
from raadhuis.intake import pages, queries
from raadhuis.intake.actions.common import actor_of, lock
from raadhuis.intake.checks import failing
from raadhuis.intake.models import Application
from raadhuis.intake.schema import Receipt
from raadhuis.intake.state import Person, State, applicable, from_elsewhere, rows_to_fill_in, unseal, walked
from raadhuis.journal.actions import append
from raadhuis.kernel import clock, ids, privacy
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import NotNow
from raadhuis.kernel.statements import update
from raadhuis.rules import queries as rules
from raadhuis.rules.schema import Decision


class Incomplete(NotNow):
    """Something still has to be answered; `page` is where."""

    code = "incomplete"

    def __init__(self, page: str) -> None:
        super().__init__("Er ontbreekt nog een antwoord.")
        self.page = page


def submit(application: UUID, person: Person, language: str = "nl") -> Receipt:
    """Files the application. Again gives the first receipt, with `again` set. Raises Absent, Incomplete."""
    with durable():
        row = lock(application, person, must_be_open=False)
        if row.state == "submitted":
            earlier = msgspec.convert(privacy.decrypt_json("receipt", row.receipt), Receipt)
            return msgspec.structs.replace(earlier, again=True)
        if row.state != "open":
            raise NotNow(gettext("Deze aanvraag is verlopen. Begin een nieuwe."))
        published = catalogue.by_version_id(row.version)
        state = unseal(row)
        for question_id, files in pages.files_of(row).items():
            if "." not in question_id:
                state.answers[question_id] = files
        _require_complete(published, state)
        receipt = _file(row, published, state, person, language)
        row.state, row.sealed, row.resume, row.changed = "submitted", b"", "", clock.now()
        row.receipt = privacy.encrypt_json("receipt", msgspec.to_builtins(receipt))
        update(row, "state", "sealed", "resume", "changed", "receipt")
    return receipt


def _require_complete(published: Published, state: State) -> None:
    walk = walked(published, state)
    for page, questions in walk.pages:
        for question in questions:
            value = walk.env.get(question.id)
            if question.required and (value is None or value in ("", [], {})):
                raise Incomplete(page.id)
            if question.id in state.typed:  # Something that was refused is still standing there.
                raise Incomplete(page.id)
        if failing(published.definition, page, walk.env) or rows_to_fill_in(page, state, walk.env):
            raise Incomplete(page.id)


def _file(row: Application, published: Published, state: State, person: Person, language: str) -> Receipt:
    definition = published.definition
    answers = applicable(published, state)
    env = {**from_elsewhere(state), **answers}
    same_case = queries.same_case_value(published, env)
    env["earlier_granted"] = queries.earlier_granted(published, env)
    known_facts = facts.compute_facts(definition, env)
    env |= known_facts
    decision = _decide(published, known_facts)
    routed = queries.route(published, known_facts)
    follow = "" if person.owner else ids.read_aloud_code(10)
    new = NewZaak(
        submission=row.id,
        version=row.version,
        applicant=_applicant(published, answers, state, row, language),
        answers=answers,
        registers=from_elsewhere(state),
        facts=known_facts,
        known=[k for k in state.known if k not in state.corrected],
        corrected=[k for k in state.corrected if k in answers],
        files=_files(row, published, answers, Known(env, facts.plan(definition).questions)),
        decision=decision,
        team=str(routed.get("team", "")),
        priority=str(routed.get("priority", "")),
        working_days=queries.working_days_of(routed),
        same_case=same_case,
        follow_code=follow,
    )
    actor = actor_of(row, person)
    opened = open_zaak(new, actor)
    append(
        "application.submitted",
        actor,
        subjects={"application": row.id, "zaak": opened.zaak},
        service=row.service,
        service_version=row.service_version,
        data=_counts(published, state),
    )
    return Receipt(
        zaak=opened.zaak,
        identificatie=opened.identificatie,
        follow_code=follow,
        service=row.service,
        version=row.version,
        decision=decision if opened.granted else None,
        submitted=opened.made,
        expected_before=opened.expected_before,
        weighed=decision is not None and not opened.granted and not opened.waits_for,
        waits_for=opened.waits_for,
    )


def _decide(published: Published, known_facts: dict[str, Any]) -> Decision | None:
    use = published.definition.decision
    if use is None or not use.table:
        return None
    table = next(t for t in published.definition.tables if t.id == use.table)
    return rules.decide(table, known_facts)


def _applicant(
    published: Published, answers: dict[str, Any], state: State, row: Application, language: str
) -> Applicant:
    by_type: dict[type, str] = {}
    second = published.definition.cosign.email if published.definition.cosign else ""  # Somebody else's address.
    for page in published.definition.pages:
        for question in page.questions:
            reaches = isinstance(question, EmailQuestion | PhoneQuestion) and question.id != second
            if reaches and answers.get(question.id):
                by_type.setdefault(type(question), str(answers[question.id]))
    register = state.registers.get("person") or state.registers.get("business") or {}
    return Applicant(
        kind=row.kind,  # type: ignore[arg-type]
        name=str(register.get("name") or state.identity.get("name") or answers.get("naam") or ""),
        bsn=state.identity.get("bsn", ""),
        kvk=state.identity.get("kvk", ""),
        email=by_type.get(EmailQuestion) or state.identity.get("email", ""),
        phone=by_type.get(PhoneQuestion, ""),
        language="en" if language == "en" else "nl",
    )


def _files(row: Application, published: Published, answers: dict[str, Any], known: Known) -> list[KeptFile]:
    """The kept files of questions that apply; what was added on a page that vanished is left behind."""
    kinds: dict[str, FileQuestion] = {}
    for page in published.definition.pages:
        for question in page.questions:
            if isinstance(question, FileQuestion):
                kinds[question.id] = question
            if isinstance(question, GroupQuestion):
                kinds |= {f"{question.id}.{q.id}": q for q in question.questions if isinstance(q, FileQuestion)}
    if not any(question_id.split(".")[0] in answers for question_id in kinds):
        return []
    kept = []
    for upload in row.uploads.order_by("added")[:200]:
        parts = upload.question.split(".")
        kind = kinds.get(upload.question) or kinds.get(f"{parts[0]}.{parts[-1]}")
        if kind is None or parts[0] not in answers:
            continue
        kept.append(
            KeptFile(
                key=upload.file_key,
                name=upload.name,
                size=upload.size,
                sha256=upload.sha256,
                content_type=upload.content_type,
                document=kind.document,
                title=known.text(kind.label),
                scanned="clean" if upload.scanned == "clean" else "unscanned",
            )
        )
    return kept


def _counts(published: Published, state: State) -> dict[str, int]:
    known = set(state.known) - set(state.corrected)
    by_page = [[q for q in questions if q.id not in known] for _, questions in walked(published, state).pages]
    asked = [question for questions in by_page for question in questions]
    return {
        "pages": sum(1 for questions in by_page if questions),
        "questions_asked": len(asked),
        "questions_known": len(set(state.known) - set(state.corrected)),
        "documents_asked": sum(1 for q in asked if isinstance(q, FileQuestion) and q.required),
        "corrected": len(state.corrected),
    }
