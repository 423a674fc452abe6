"""Look-ups in a definition: what they may read, from where on they are known, and what an owner must still decide."""

from typing import Any

from catalogue.services import broken, codes
from raadhuis.catalogue.facts import last_questions

ASK = {
    "name": "buurtteam",
    "title": {"nl": "Buurtteam", "en": "Team"},
    "service": "wijken",
    "path": "teams/{categorie}",
}
REPORT = "melding-openbare-ruimte"


def _with(**more: Any) -> dict[str, Any]:
    return {"lookups": [ASK | more]}


def test_a_look_up_that_reads_answers_is_fine() -> None:
    lookup = _with(query={"gevaar": "gevaar"}, when='categorie == "weg"')
    assert not {c for c in codes(REPORT, lookup) if c[1].startswith("lookups")}


def test_it_is_known_after_the_last_question_that_it_reads_also_by_way_of_facts() -> None:
    fact = {"name": "team_naam", "type": "text", "value": "buurtteam.naam", "title": {"nl": "Team", "en": "Team"}}
    definition = broken(REPORT, _with(query={"gevaar": "gevaar"}) | {"facts.+": fact}).definition
    last = last_questions(definition)
    assert last["buurtteam"] == last["team_naam"] == "gevaar"


def test_what_is_read_before_it_can_be_asked_is_told() -> None:
    changes = _with(query={"gevaar": "gevaar"}) | {"pages.0.questions.0.when": "holds(buurtteam.open)"}
    assert ("expression-too-early", "pages.0.questions.0.when") in codes(REPORT, changes)


def test_what_does_not_exist_is_told() -> None:
    assert ("unknown-name", "lookups.0.query.x") in codes(REPORT, _with(query={"x": "bestaat_niet"}))
    assert ("unknown-name", "lookups.0.path") in codes(REPORT, _with(path="a/{bestaat_niet}"))
    assert ("bad-expression", "lookups.0.when") in codes(REPORT, _with(when="1 +"))
    assert ("bad-id", "lookups.0.service") in codes(REPORT, _with(service="https://elders.example"))
    assert ("fact-is-question", "lookups.0.name") in codes(REPORT, _with(name="categorie"))


def test_what_must_still_be_decided_is_a_warning_each() -> None:
    found = codes(REPORT, {"to_decide": [{"nl": "Welke wet?", "en": "Which law?"}]})
    assert ("to-decide", "to_decide.0") in found
