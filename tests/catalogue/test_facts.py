"""Facts in conditions: known as soon as what they read is, never sooner, and the same at submission."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.services import STALL, broken, codes, whole
from raadhuis.catalogue import facts
from raadhuis.catalogue.check import check
from raadhuis.catalogue.diffing import diff
from raadhuis.kernel import expressions

STALLS = whole(STALL).definition
WRONG = {"expression-too-early", "unknown-name", "wrong-kind"}


def pages(**answers: Any) -> list[str]:
    return [page.id for page in facts.visible_pages(STALLS, answers)]


def test_the_definition_is_right() -> None:
    assert [f for f in check(whole(STALL)) if f.level == "error"] == []


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, False),
        ({"breedte": 9}, True),
        ({"breedte": 5, "warm": True}, True),
        ({"breedte": 5, "warm": False}, False),
        ({"warm": True}, False),
    ],
)
def test_a_page_reads_facts(answers: dict[str, Any], shown: bool) -> None:
    assert ("brand" in pages(**answers)) is shown


def test_a_fact_counts_only_answers_that_apply() -> None:
    env = facts.walk(STALLS, {"breedte": 3, "warm": True, "blusser": False}).env
    assert "blusser" not in env and env["brandgevaar"] is False and env["onveilig"] is False
    assert "onveilig" not in facts.walk(STALLS, {"breedte": 6, "warm": True}).env


def test_a_fact_cannot_be_put_in_from_outside() -> None:
    assert "brand" not in pages(breedte=3, warm=False, groot=True, brandgevaar=True)


@given(
    st.fixed_dictionaries(
        {},
        optional={"breedte": st.integers(0, 12), "warm": st.booleans(), "blusser": st.booleans()},
    )
)
def test_what_is_shown_and_what_is_filed_rest_on_the_same_facts(answers: dict[str, Any]) -> None:
    env = facts.walk(STALLS, answers).env
    filed = {name: value for name, value in env.items() if name in answers}
    assert facts.compute_facts(STALLS, filed) == {f.name: env[f.name] for f in STALLS.facts if f.name in env}


def test_every_condition_and_fact_is_evaluated_once_in_a_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    facts.plan(STALLS)
    seen: list[str] = []
    value = expressions.Expression.value

    def counting(self: expressions.Expression, env: expressions.Env) -> Any:
        seen.append(self.text)
        return value(self, env)

    monkeypatch.setattr(expressions.Expression, "value", counting)
    facts.walk(STALLS, {"breedte": 6, "warm": True, "blusser": False})
    assert len(seen) == len(set(seen))
    assert {"groot or brandgevaar", *(fact.value for fact in STALLS.facts)} <= set(seen)


def test_a_question_and_an_option_may_read_facts() -> None:
    assert not {code for code, _ in codes(STALL, {"pages.1.questions.0.when": "groot"})} & WRONG
    kind = {
        "id": "soort",
        "type": "choice",
        "label": {"nl": "Welke soort?", "en": "Which kind?"},
        "options": [
            {"id": "a", "label": {"nl": "A", "en": "A"}},
            {"id": "b", "label": {"nl": "B", "en": "B"}, "when": "onveilig"},
        ],
    }
    assert not {code for code, _ in codes(STALL, {"pages.2.questions.+": kind})} & WRONG


def test_everything_that_a_form_can_say_survives_being_written_and_read() -> None:
    """Each field of each kind of question, and of pages, is used in the test service or in an example."""
    assert broken(STALL, {}).definition == STALLS
    assert diff(STALLS, broken(STALL, {}).definition) == []
