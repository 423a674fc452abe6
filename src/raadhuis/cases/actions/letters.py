"""Letters: of a decision, and of receipt. Made by the outbox's runner, once, and kept as a document of the case.

In: the outbox event. Out: a document, and its event. Always holds: delivering the same event twice makes one letter
(the document's unique `event`).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.cases.actions.common import case_data, definition_of, lock_zaak
from raadhuis.cases.actions.opening import add_file
from raadhuis.cases.answers import as_sentence, long_date
from raadhuis.cases.models import (
    Besluit,
    BesluitInformatieObject,
    DecisionRecord,
    EnkelvoudigInformatieObject,
    Zaak,
)
from raadhuis.cases.papers import Paper, render, sender
from raadhuis.cases.queries.decisions import decision_view
from raadhuis.cases.queries.parts import answer_lines
from raadhuis.cases.schema import DecisionView, KeptFile
from raadhuis.catalogue.queries import Published
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.texts import Text, fill

Keep = Callable[[bytes], tuple[str, int, str]]
"""Stores bytes durably; gives (key, size, sha256)."""

WORDS = {
    "case": Text("Zaaknummer", "Case number"),
    "date": Text("Datum", "Date"),
    "decision": Text("Besluit", "Decision"),
    "until": Text("Geldig tot en met", "Valid until"),
    "why": Text("Waarom wij dit besluiten", "Why we decide this"),
    "conditions": Text("Voorwaarden", "Conditions"),
    "laws": Text("Waar dit op rust", "What this rests on"),
    "automatic": Text(
        "Een computer nam dit besluit, met de regels die hierboven staan. Wilt u dat een medewerker ernaar kijkt? "
        "Laat het ons weten.",
        "This decision was taken by a computer, with the rules above. Would you like a member of staff to look at it? "
        "Let us know.",
    ),
    "object": Text("Bent u het niet eens met dit besluit?", "Do you disagree with this decision?"),
    "object_how": Text(
        "Dan kunt u bezwaar maken tot en met {datum}. Dat kan online bij uw zaak, of met een brief aan {gemeente}. "
        "Schrijf op: uw naam en adres, de datum, het zaaknummer, waarom u het niet eens bent, en zet uw handtekening.",
        "You can object until {datum}. You can do so online with your case, or by letter to {gemeente}. Write down: "
        "your name and address, the date, the case number, why you disagree, and sign it.",
    ),
}

RECEIVED = {
    "title": Text("Ontvangstbevestiging: {dienst}", "Confirmation of receipt: {dienst}"),
    "body": Text(
        "Wij hebben op {datum} van u ontvangen wat hieronder staat. Uw zaaknummer is {zaaknummer}. Bewaar dit nummer.",
        "On {datum} we received from you what is listed below. Your case number is {zaaknummer}. Keep this number.",
    ),
    "until": Text("U krijgt uiterlijk {datum} antwoord.", "You will get an answer by {datum}."),
    "answers": Text("Wat u hebt ingevuld", "What you filled in"),
}


def places(published: Published, data: dict[str, Any], view: DecisionView | None, zaaknummer: str) -> dict[str, str]:
    """The values that a letter's `{places}` take, in the applicant's language."""
    language = data.get("applicant", {}).get("language", "nl")
    answers = data.get("answers", {})
    values = {
        question.id: as_sentence(question, answers[question.id], language)
        for page in published.definition.pages
        for question in page.questions
        if question.id in answers
    }
    values |= {name: str(value) for name, value in data.get("facts", {}).items()}
    values |= {
        "naam": data.get("applicant", {}).get("name") or "",
        "zaaknummer": zaaknummer,
        "datum": long_date(clock.today().isoformat(), language),
        "gemeente": sender(),
    }
    if view is not None:
        values["redenen"] = " ".join(reason.text.in_(language) for reason in view.reasons) or view.motivation
        values["wetsartikelen"] = "; ".join(title for title, _ in view.laws)
        values["geldig_tot"] = long_date(view.valid_until.isoformat(), language) if view.valid_until else ""
    return values


def compose(published: Published, data: dict[str, Any], view: DecisionView, letter: str, zaaknummer: str) -> Paper:
    """The content of a decision's letter, from the definition's text and the record of the decision."""
    language = data.get("applicant", {}).get("language", "nl")
    text = published.definition.letters[letter]
    values = places(published, data, view, zaaknummer)

    def word(key: str) -> str:
        return WORDS[key].in_(language)

    facts = [(word("case"), zaaknummer), (word("decision"), view.result_text)]
    if view.valid_until:
        facts.append((word("until"), values["geldig_tot"]))
    body = [part.strip() for part in fill(text.body.in_(language), values).split("\n\n") if part.strip()]
    sections: list[tuple[str, list[str], list[str]]] = [("", body, [])]
    reasons = [reason.text.in_(language) for reason in view.reasons]
    if reasons or view.motivation:
        why = [p for p in view.motivation.split("\n\n") if p.strip()]
        sections.append((word("why"), why + ([word("automatic")] if view.automatic else []), reasons))
    if view.conditions:
        sections.append((word("conditions"), [], view.conditions))
    if view.laws:
        sections.append((word("laws"), [], [title for title, _ in view.laws]))
    if view.object_before:
        until = long_date(view.object_before.isoformat(), language)
        sections.append((word("object"), [fill(word("object_how"), {"datum": until, "gemeente": sender()})], []))
    return Paper(
        title=fill(text.title.in_(language), values),
        language=language,
        sender=sender(),
        place_and_date=values["datum"],
        reference=zaaknummer,
        recipient=[values["naam"]] if values["naam"] else [],
        facts=facts,
        sections=sections,
    )


def confirmation(published: Published, data: dict[str, Any], zaak: Zaak) -> Paper:
    """The confirmation of receipt: what was sent in, on paper (Awb 4:3a)."""
    language = data.get("applicant", {}).get("language", "nl")
    values = places(published, data, None, zaak.identificatie)
    until = zaak.einddatum_gepland or zaak.uiterlijke_einddatum_afdoening
    words = fill(RECEIVED["body"].in_(language), values)
    if until and zaak.einddatum is None:
        words += " " + fill(RECEIVED["until"].in_(language), {"datum": long_date(until.isoformat(), language)})
    lines = [f"{label}: {answer}" for _, label, answer in answer_lines(published, data, language)]
    return Paper(
        title=fill(RECEIVED["title"].in_(language), {"dienst": published.definition.title.in_(language)}),
        language=language,
        sender=sender(),
        place_and_date=long_date(clock.local(zaak.made).date().isoformat(), language),
        reference=zaak.identificatie,
        recipient=[values["naam"]] if values["naam"] else [],
        facts=[(WORDS["case"].in_(language), zaak.identificatie)],
        sections=[("", [words], []), (RECEIVED["answers"].in_(language), [], lines)],
    )


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
    paper = confirmation(published, case_data(found), found)
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
            BesluitInformatieObject.objects.create(besluit=letter.besluit, informatieobject=document)
