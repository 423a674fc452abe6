"""A service is checked before anybody uses it: every kind of mistake is found, at its place, with what to do."""

from typing import Any

import pytest

from catalogue.services import NAMES, REMOVE, STALL, codes, found, whole
from raadhuis.catalogue.check import check
from raadhuis.catalogue.check.upl import names

PARKING, EVENT = "parkeervergunning", "evenementenvergunning"
STREET, MOVE = "melding-openbare-ruimte", "verhuizing"
T = {"nl": "Hallo daar.", "en": "Hello there."}


@pytest.mark.parametrize("name", NAMES)
def test_the_example_services_have_no_findings_at_all(name: str) -> None:
    assert check(whole(name)) == []


def test_there_are_four_with_their_edge_cases() -> None:
    assert len(NAMES) == 4
    for name in NAMES:
        definition = whole(name).definition
        assert len(definition.examples) >= 4
        assert definition.upl.uri == names()[definition.upl.name]
        assert "ingetrokken" in {result.key for result in definition.zaaktype.resultaattypen}


def question(**more: Any) -> dict[str, Any]:
    return {"id": "vraag", "type": "text", "label": T} | more


SOURCE = "pages.1.questions.0.prefill.source"
EXPRESSIONS = [
    # service, what changes, code, path
    (PARKING, {"pages.3.when": "eigenaar in ['lease'"}, "bad-expression", "pages.3.when"),
    (PARKING, {"pages.3.when": "eigenaren == 'lease'"}, "unknown-name", "pages.3.when"),
    (PARKING, {"pages.3.when": "eigenaar == 'leaze'"}, "unknown-option", "pages.3.when"),
    (PARKING, {"pages.3.when": "eigenaar in ['lease', 'auto']"}, "unknown-option", "pages.3.when"),
    (PARKING, {"pages.3.when": "eigenaar == 3"}, "wrong-kind", "pages.3.when"),
    (PARKING, {"pages.3.when": "eigenaar"}, "wrong-kind", "pages.3.when"),
    (PARKING, {"pages.3.when": "adres.straat == 'x'"}, "unknown-part", "pages.3.when"),
    (PARKING, {"pages.3.when": "kenteken.letters == 'x'"}, "unknown-part", "pages.3.when"),
    (EVENT, {"pages.4.when": "plek.surface == 'groot'"}, "wrong-kind", "pages.4.when"),
    (EVENT, {"pages.4.when": "route.surface > 5000"}, "unknown-part", "pages.4.when"),
    (EVENT, {"pages.4.when": "plek.length > 500"}, "unknown-part", "pages.4.when"),
    (PARKING, {"pages.3.when": "business.name == 'x'"}, "unknown-name", "pages.3.when"),
    (PARKING, {"pages.3.when": "not empty(ingangsdatum)"}, "expression-too-early", "pages.3.when"),
    (PARKING, {"pages.3.when": "eerder_verleend > 3"}, "expression-too-early", "pages.3.when"),
    (STALL, {"pages.0.questions.1.when": "groot"}, "expression-too-early", "pages.0.questions.1.when"),
    (STALL, {"pages.0.questions.3.not_before": "morgen"}, "unknown-reference", "pages.0.questions.3.not_before"),
    (STALL, {"pages.0.questions.3.not_before": "laatste_dag"}, "unknown-reference", "pages.0.questions.3.not_before"),
    (STALL, {"pages.0.questions.4.not_after": "naam+1"}, "unknown-reference", "pages.0.questions.4.not_after"),
    (STALL, {"pages.0.questions.4.not_after": "today + 1"}, "bounds", "pages.0.questions.4.not_after"),
    (STALL, {"pages.0.questions.4.not_after": "2026-02-30"}, "bounds", "pages.0.questions.4.not_after"),
    (STALL, {"facts.4.value": "opbouw < '12:00'"}, "wrong-kind", "facts.4.value"),
    (STALL, {"facts.4.value": "opbouw > 3"}, "wrong-kind", "facts.4.value"),
    (STALL, {"pages.1.questions.0.label.nl": "Is {bestaat_niet} er?"}, "unknown-place", "pages.1.questions.0.label.nl"),
    (STALL, {"pages.1.questions.0.help.en": "{email}"}, "unknown-place", "pages.1.questions.0.help.en"),
    (STALL, {"pages.1.title.nl": "{onveilig}"}, "unknown-place", "pages.1.title.nl"),
    (STALL, {"pages.1.questions.1.label.nl": "{naam.deel}"}, "unknown-place", "pages.1.questions.1.label.nl"),
    (
        STALL,
        {"pages.3.questions.2.questions.0.label.nl": "{watt}"},
        "unknown-place",
        "pages.3.questions.2.questions.0.label.nl",
    ),
    (STALL, {"pages.3.questions.0.options_from": "groot"}, "wrong-kind", "pages.3.questions.0.options_from"),
    (STALL, {"pages.3.questions.0.options_from": "[1, 2]"}, "wrong-kind", "pages.3.questions.0.options_from"),
    (STALL, {"facts.2.value": "breedte"}, "wrong-kind", "facts.2.value"),
    (PARKING, {"pages.2.title.nl": "{person}"}, "unknown-place", "pages.2.title.nl"),
    (STALL, {"pages.0.checks.0.when": "email == 'x'"}, "expression-too-early", "pages.0.checks.0.when"),
    (STALL, {"pages.0.checks.0.when": "breedte > 20 and breedte < 20"}, "never-true", "pages.0.checks.0.when"),
    (STALL, {"pages.0.checks.0.text.nl": "{email}"}, "unknown-place", "pages.0.checks.0.text.nl"),
    (STALL, {"examples.0.answers.breedte": 21}, "example-stopped", "examples.0.answers"),
    (STALL, {"pages.0.checks.0.question": "email"}, "unknown-question", "pages.0.checks.0.question"),
    (
        STALL,
        {"pages.0.questions.0.messages.too-low": {"nl": "x"}},
        "unknown-rule",
        "pages.0.questions.0.messages.too-low",
    ),
    (
        STALL,
        {"pages.0.questions.0.messages.pattern.nl": "{breedte}"},
        "unknown-place",
        "pages.0.questions.0.messages.pattern.nl",
    ),
    (
        STALL,
        {"pages.3.questions.2.messages": {"required": {"nl": "x"}}},
        "unknown-rule",
        "pages.3.questions.2.messages.required",
    ),
    (STALL, {"pages.0.questions.0.default": 3}, "default", "pages.0.questions.0.default"),
    (STALL, {"pages.0.questions.1.default": "4"}, "default", "pages.0.questions.1.default"),
    (STALL, {"pages.0.questions.1.default": 4.5}, "default", "pages.0.questions.1.default"),
    (STALL, {"pages.0.questions.2.default": "ja"}, "default", "pages.0.questions.2.default"),
    (STALL, {"pages.0.questions.3.default": "morgen"}, "default", "pages.0.questions.3.default"),
    (STALL, {"pages.0.questions.4.default": "2027-01-01"}, "default", "pages.0.questions.4.default"),
    (STALL, {"pages.3.questions.2.default": []}, "default", "pages.3.questions.2.default"),
    (STREET, {"pages.0.questions.0.default": "vuur"}, "default", "pages.0.questions.0.default"),
    (STALL, {"pages.1.when": "onveilig"}, "expression-too-early", "pages.1.when"),
    (STALL, {"pages.1.questions.0.when": "groot and not groot"}, "never-true", "pages.1.questions.0.when"),
    (PARKING, {"pages.3.when": "years_since(kenteken) > 3"}, "wrong-kind", "pages.3.when"),
    (PARKING, {"pages.3.when": "days_until() > 3"}, "wrong-arguments", "pages.3.when"),
    (PARKING, {"facts.0.value": "person.birth_date"}, "wrong-kind", "facts.0.value"),
    (PARKING, {"facts.0.value": "years_since(person.geboren)"}, "unknown-part", "facts.0.value"),
    (PARKING, {"facts.0.value": "eerder_verleend + 1"}, "expression-too-early", "facts.0.value"),
    (PARKING, {"facts.1.value": "adres == 'hier'"}, "wrong-kind", "facts.1.value"),
    (PARKING, {"same_case_key": "person.address"}, "wrong-kind", "same_case_key"),
    (PARKING, {"fee.lines.0.when": "eerder_verleend == 0"}, "expression-too-early", "fee.lines.0.when"),
    (PARKING, {"tasks.0.when": "earlier_granted > 0"}, "expression-too-early", "tasks.0.when"),
    (PARKING, {"tasks.0.when": "buurt > 3"}, "wrong-kind", "tasks.0.when"),
    (
        PARKING,
        {"pages.1.questions.0.prefill": {"source": "person.car"}},
        "unknown-part",
        "pages.1.questions.0.prefill.source",
    ),
    (
        PARKING,
        {"pages.1.questions.0.prefill": {"source": "person.address"}},
        "wrong-kind",
        "pages.1.questions.0.prefill.source",
    ),
    (
        STREET,
        {"pages.2.questions.1.prefill": {"source": "person.name"}},
        "unknown-name",
        "pages.2.questions.1.prefill.source",
    ),
    (MOVE, {"pages.3.questions.0.options_from": "person.name"}, "wrong-kind", "pages.3.questions.0.options_from"),
    (MOVE, {"pages.3.when": "'kind' in person.household.relation"}, "unknown-option", "pages.3.when"),
    (EVENT, {"pages.6.when": "'podia' in onderdelen"}, "unknown-option", "pages.6.when"),
    (EVENT, {"facts.7.value": "bezoekers > 500 and bezoekers"}, "wrong-kind", "facts.7.value"),
    (EVENT, {"facts.7.value": "sum(kramen.bakt) > 3"}, "wrong-kind", "facts.7.value"),
    (EVENT, {"facts.7.value": "begindatum > '1 mei'"}, "wrong-kind", "facts.7.value"),
    (EVENT, {"facts.7.value": "1 if bezoekers > 3 else 'veel'"}, "wrong-kind", "facts.7.value"),
    (
        EVENT,
        {"pages.7.questions.0.questions.0.when": "podia.hoogte > 3"},
        "wrong-kind",
        "pages.7.questions.0.questions.0.when",
    ),
]
FORM = [
    (PARKING, {"id": "Parkeer Vergunning"}, "bad-id", "id"),
    (PARKING, {"who.kinds": []}, "nobody", "who.kinds"),
    (PARKING, {"pages.1.id": "adres"}, "duplicate-id", "pages.1.id"),
    (PARKING, {"pages.1.questions.+": question(id="kenteken")}, "duplicate-id", "pages.1.questions.1.id"),
    (PARKING, {"pages.1.questions.+": question(id="mijn-auto")}, "bad-id", "pages.1.questions.1.id"),
    (PARKING, {"pages.1.questions.+": question(id="is")}, "bad-id", "pages.1.questions.1.id"),
    (PARKING, {"pages.1.questions.+": question(id="person")}, "bad-id", "pages.1.questions.1.id"),
    (EVENT, {"pages.3.questions.0.shapes": []}, "shapes", "pages.3.questions.0.shapes"),
    (EVENT, {"pages.3.questions.0.shapes": ["area", "area"]}, "shapes", "pages.3.questions.0.shapes"),
    (PARKING, {"pages.1.questions.+": question(id="buurt")}, "fact-is-question", "facts.2.name"),
    (PARKING, {"pages.2.questions.0.options.1.id": "eigen"}, "duplicate-id", "pages.2.questions.0.options.1.id"),
    (PARKING, {"pages.1.questions.+": question(type="choice")}, "options", "pages.1.questions.1"),
    (PARKING, {"pages.1.questions.+": question(type="number", at_least=5, at_most=1)}, "bounds", "pages.1.questions.1"),
    (PARKING, {"pages.4.questions.0.not_after": "volgende week"}, "bounds", "pages.4.questions.0.not_after"),
    (PARKING, {"pages.1.questions.+": question(pattern="[a-")}, "pattern", "pages.1.questions.1.pattern"),
    (PARKING, {"pages.3.questions.0.document": "foto"}, "unknown-document", "pages.3.questions.0.document"),
    (EVENT, {"pages.6.questions.0.at_least": 30}, "bounds", "pages.6.questions.0"),
    (EVENT, {"pages.6.questions.0.questions.1.id": "breedte"}, "duplicate-id", "pages.6.questions.0.questions.1.id"),
    (EVENT, {"pages.6.questions.0.questions": []}, "group-empty", "pages.6.questions.0.questions"),
    (
        EVENT,
        {"pages.9.questions.0.questions.0.prefill": {"source": "person.name"}},
        "prefill-in-group",
        "pages.9.questions.0.questions.0.prefill",
    ),
]
PROCESS = [
    (PARKING, {"decision.table": "weg"}, "unknown-table", "decision.table"),
    (STREET, {"routing.table": "weg"}, "unknown-table", "routing.table"),
    (STREET, {"tables.0.outputs.0.name": "ploeg"}, "routing-output", "tables.0.outputs"),
    (STREET, {"tables.0.rows.0.then.working_days": 0}, "routing-output", "tables.0.rows.0.then.working_days"),
    (STREET, {"tables.0.rows.0.then.team": "veiligheid2"}, "unknown-team", "tables.0.rows.0.then.team"),
    (STREET, {"tables.0.rows.0.law": "awb"}, "unknown-law", "tables.0.rows.0.law"),
    (PARKING, {"tables.0.refusal_allowed_by": "awb"}, "unknown-law", "tables.0.refusal_allowed_by"),
    (PARKING, {"tables.0.inputs.2.type": "text"}, "table-fact-type", "tables.0.inputs.2.type"),
    (PARKING, {"tables.0.inputs.2.fact": "ouderdom"}, "table-without-fact", "tables.0.inputs.2.fact"),
    (PARKING, {"decision.grant.resultaattype": "ja"}, "unknown-key", "decision.grant.resultaattype"),
    (PARKING, {"decision.grant.besluittype": "ja"}, "unknown-key", "decision.grant.besluittype"),
    (PARKING, {"decision.refuse.letter": "nee"}, "unknown-key", "decision.refuse.letter"),
    (PARKING, {"decision.refuse.laws": ["nergens"]}, "unknown-key", "decision.refuse.laws"),
    (PARKING, {"decision.refuse.letter": ""}, "decision-without-letter", "decision.refuse"),
    (PARKING, {"decision.valid_for": REMOVE}, "place-empty", "letters.verleend.body"),
    (PARKING, {"decision.valid_for": REMOVE}, "retention", "zaaktype.resultaattypen.0.afleidingswijze"),
    (PARKING, {"decision.objection_weeks": 4}, "objection-term", "decision.objection_weeks"),
    (
        PARKING,
        {"zaaktype.resultaattypen.0.archiefactietermijn": {"working_days": 5}},
        "retention",
        "zaaktype.resultaattypen.0.archiefactietermijn",
    ),
    (
        PARKING,
        {"zaaktype.resultaattypen.0.afleidingswijze": "eigenschap"},
        "retention",
        "zaaktype.resultaattypen.0.afleidingswijze",
    ),
    (PARKING, {"tasks": []}, "no-end", "tasks"),
    (PARKING, {"tasks.0.when": "buurt == 'Centrum'"}, "no-end", "tasks"),
    (PARKING, {"tasks.0.team": "parkeerders"}, "unknown-team", "tasks.0.team"),
    (PARKING, {"owner": "parkeerders"}, "unknown-team", "owner"),
    (PARKING, {"tasks.0.status": "bezig"}, "unknown-status", "tasks.0.status"),
    (PARKING, {"tasks.0.shows": ["auto"]}, "unknown-question", "tasks.0.shows"),
    (PARKING, {"tasks.0.outcome": "none"}, "task-outcome", "tasks.0.outcome"),
    (PARKING, {"tasks.0.id": "approve"}, "bad-id", "tasks.0.id"),
    (EVENT, {"tasks.1.after": ["controle"]}, "unknown-task", "tasks.1.after"),
    (EVENT, {"tasks.0.after": ["besluiten"]}, "task-order", "tasks.0.after"),
    (EVENT, {"tasks.2.id": "advies-veiligheid"}, "duplicate-id", "tasks.2.id"),
    (EVENT, {"decision": REMOVE}, "permit-without-decision", "kind"),
    (STREET, {"tasks.0.four_eyes": True}, "four-eyes", "tasks.0.four_eyes"),
    (STREET, {"zaaktype.resultaattypen.3.key": "weg"}, "no-withdrawal", "zaaktype.resultaattypen"),
    (
        STREET,
        {"zaaktype.resultaattypen.0.omschrijving": "Opgelost door ons eigen team"},
        "length",
        "zaaktype.resultaattypen.0.omschrijving",
    ),
    (STREET, {"zaaktype.resultaattypen.0.archiefactietermijn": REMOVE}, "retention", "zaaktype.resultaattypen.0"),
    (
        STREET,
        {"zaaktype.statustypen": [{"key": "a", "omschrijving": "A", "text": T}]},
        "statuses",
        "zaaktype.statustypen",
    ),
    (STREET, {"zaaktype.roltypen.0.generiek": "klantcontacter"}, "no-initiator", "zaaktype.roltypen"),
    (
        PARKING,
        {"zaaktype.informatieobjecttypen.2.richting": "intern"},
        "no-document-type",
        "zaaktype.informatieobjecttypen",
    ),
    (PARKING, {"measures.1.target": 70}, "measure", "measures.1.target"),
    (EVENT, {"measures.0.kind": "automatic_share"}, "measure", "measures.0.kind"),
    (EVENT, {"measures.1.id": "snel"}, "duplicate-id", "measures.1.id"),
    (PARKING, {"upl.name": "parkeervergunningen"}, "upl-unknown", "upl.name"),
    (PARKING, {"upl.uri": "http://voorbeeld.example/x"}, "upl-uri", "upl.uri"),
]
TEXTS = [
    (PARKING, {"title.nl": " "}, "missing-text", "title.nl"),
    (PARKING, {"title.en": REMOVE}, "missing-translation", "title"),
    (PARKING, {"tables.0.title.en": REMOVE}, "missing-translation", "tables.0.title"),
    (PARKING, {"letters.verleend.body.nl": "Beste {voornaam}"}, "unknown-place", "letters.verleend.body.nl"),
    (PARKING, {"letters.verleend.title.nl": "Uw vergunning"}, "places-differ", "letters.verleend.title.en"),
    (STREET, {"notifications.handled.nl": "Klaar met {omschrijving}"}, "unknown-place", "notifications.handled.nl"),
    (PARKING, {"pages.0.intro.nl": "Uw auto {kenteken}"}, "unknown-place", "pages.0.intro.nl"),
    (PARKING, {"summary.nl": "Indien u reeds een auto hebt."}, "hard-officialese", "summary.nl"),
    (PARKING, {"summary.nl": "woord " * 21}, "hard-long-sentence", "summary.nl"),
]
TABLES = [
    (PARKING, {"tables.0.rows.4": REMOVE}, "table-gap", "tables.0.rows"),
    (PARKING, {"tables.0.rows.0.when": {}}, "row-shadowed", "tables.0.rows.5"),
    (PARKING, {"tables.0.rows.5.when.auto_van": "mijn"}, "cell-not-allowed", "tables.0.rows.5.when.auto_van"),
]


@pytest.mark.parametrize(
    ("name", "changes", "code", "path"),
    [*EXPRESSIONS, *FORM, *PROCESS, *TEXTS, *TABLES],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_mistake_is_found_where_it_is(name: str, changes: dict[str, Any], code: str, path: str) -> None:
    assert (code, path) in codes(name, changes)


def test_a_finding_has_a_line_and_says_what_to_do() -> None:
    loaded = whole(PARKING)
    (wrong,) = [f for f in found(PARKING, {"pages.3.when": "eigenaar == 'leaze'"}) if f.code == "unknown-option"]
    assert wrong.message == "“leaze” is geen optie van `eigenaar`. Bedoelt u “lease”?"
    assert loaded.text.splitlines()[loaded.line_of("pages.3.when") - 1].strip().startswith("when: eigenaar in")


def test_teams_are_only_checked_when_they_are_known() -> None:
    assert {f.code for f in check(whole(PARKING), teams=["groen"])} == {"unknown-team"}
    assert check(whole(PARKING), teams=["parkeren"]) == []
