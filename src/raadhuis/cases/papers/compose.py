"""What stands on a letter: of a decision, and of receipt.

In: the definition's texts, the application, the decision as people read it. Out: a Paper.
"""

from typing import Any

from raadhuis.cases.answers import answer_lines, as_sentence, known_of, labelled, long_date
from raadhuis.cases.models import Zaak
from raadhuis.cases.papers import Paper, authority, sender
from raadhuis.cases.schema import DecisionView
from raadhuis.catalogue.queries import Published
from raadhuis.kernel import clock
from raadhuis.kernel.texts import Text, fill

WORDS = {
    "case": Text("Zaaknummer", "Case number"),
    "date": Text("Datum", "Date"),
    "decision": Text("Besluit", "Decision"),
    "until": Text("Geldig tot en met", "Valid until"),
    "why": Text("Waarom wij dit besluiten", "Why we decide this"),
    "conditions": Text("Voorwaarden", "Conditions"),
    "laws": Text("Waar dit op rust", "What this rests on"),
    "automatic": Text(
        "Een computer nam dit besluit, met de regels die hieronder staan. Wilt u dat een medewerker ernaar kijkt? "
        "Laat het ons weten.",
        "This decision was taken by a computer, with the rules below. Would you like a member of staff to look at it? "
        "Let us know.",
    ),
    "greeting": Text("Met vriendelijke groet,", "Kind regards,"),
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
    "signs": Text(
        "{wie} moet eerst mee ondertekenen. Daarna gaan wij verder.",
        "{wie} must sign first. After that we go on.",
    ),
    "answers": Text("Wat u hebt ingevuld", "What you filled in"),
}


def places(published: Published, data: dict[str, Any], view: DecisionView | None, zaaknummer: str) -> dict[str, str]:
    """The values that a letter's `{places}` take, in the applicant's language."""
    language = data.get("applicant", {}).get("language", "nl")
    answers = data.get("answers", {})
    known = known_of(published, data, language)
    values = {
        question.id: as_sentence(question, answers[question.id], language, known)
        for page in published.definition.pages
        for question in page.questions
        if question.id in answers
    }
    values |= {name: known.said(name) for name in data.get("facts", {})}
    values |= {
        "naam": data.get("applicant", {}).get("name") or "",
        "zaaknummer": zaaknummer,
        "datum": long_date(clock.today().isoformat(), language),
        "gemeente": sender(),
    }
    if view is not None:
        values["redenen"] = " ".join(reason.text.in_(language) for reason in view.reasons) or view.motivation
        values["wetsartikelen"] = "; ".join(title for title, _ in view.laws)
        values["geldig_vanaf"] = long_date(view.valid_from.isoformat(), language) if view.valid_from else ""
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
    # Who decides in law signs; which colleague it was is not for the letter.
    sections.append(("", [word("greeting"), authority()], []))
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


def confirmation(published: Published, data: dict[str, Any], zaak: Zaak, waits_for: str = "") -> Paper:
    """The confirmation of receipt: what was sent in, on paper (Awb 4:3a). `waits_for`: who must sign along first."""
    language = data.get("applicant", {}).get("language", "nl")
    values = places(published, data, None, zaak.identificatie)
    until = zaak.einddatum_gepland or zaak.uiterlijke_einddatum_afdoening
    words = fill(RECEIVED["body"].in_(language), values)
    if waits_for:
        words += " " + fill(RECEIVED["signs"].in_(language), {"wie": waits_for})
    elif until and zaak.einddatum is None:
        words += " " + fill(RECEIVED["until"].in_(language), {"datum": long_date(until.isoformat(), language)})
    lines = [labelled(label, answer) for _, label, answer in answer_lines(published, data, language)]
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
