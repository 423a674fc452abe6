"""A form that asks for a second signature there, asks for it here: whole, conditional, optional, and once more."""

from typing import Any

import pytest
import yaml

from open_forms.test_import import NAME, SORT, component, document, form
from raadhuis.catalogue import actions, queries
from raadhuis.catalogue.check import check
from raadhuis.catalogue.diffing import diff_values
from raadhuis.catalogue.loading import load
from raadhuis.catalogue.open_forms.draft import as_yaml, import_export
from raadhuis.kernel.actor import SYSTEM

SECOND = component("cosign", "tweede", "E-mailadres van de andere ouder")
TEAM = "evenementen"


def forms(*backends: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = {"uuid": "11111111-2222", "name": "Straatfeest melden", "slug": "straatfeest"}
    return {"forms": [first | {"auth_backends": list(backends)}]}


def backend(loa: str = "", name: str = "digid") -> dict[str, Any]:
    return {"backend": name, "options": {"loa": loa} if loa else {}}


def test_the_component_becomes_a_question_and_a_second_signature() -> None:
    packed = form(NAME, SECOND)
    whole = document(packed)
    (asked,) = [q for page in whole["pages"] for q in page["questions"] if q["type"] == "email"]
    assert whole["cosign"]["email"] == asked["id"] and "when" not in whole["cosign"] and "required" not in asked
    report = import_export(packed, TEAM).report
    assert report.lost == [] and report.components.mapped == 2
    findings = check(load(import_export(packed, TEAM).document, "x"))
    assert [f for f in findings if f.level == "error"] == []
    assert any("tweede persoon" in f.message for f in findings if f.code == "to-decide")


@pytest.mark.parametrize(
    ("backends", "level"),
    [
        ([], ""),
        ([backend()], "substantial"),
        ([backend("urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract")], "low"),
        ([backend("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI")], "high"),
        ([backend("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"), backend(name="eherkenning")], "substantial"),
    ],
)
def test_the_level_is_that_of_the_form(backends: list[dict[str, Any]], level: str) -> None:
    assert document(form(NAME, SECOND, **forms(*backends)))["cosign"]["level"] == level


def test_who_is_asked_under_a_condition_signs_under_that_condition() -> None:
    hidden = SECOND | {"conditional": {"show": True, "when": "soort", "eq": "A"}}
    packed = form(NAME, SORT, hidden)
    whole = document(packed)
    (asked,) = [q for page in whole["pages"] for q in page["questions"] if q["type"] == "email"]
    assert whole["cosign"]["when"] == asked["when"]
    assert [f for f in check(load(import_export(packed, TEAM).document, "x")) if f.level == "error"] == []


@pytest.mark.parametrize("condition", [{}, {"conditional": {"show": True, "when": "soort", "eq": "A"}}])
def test_an_address_that_may_be_left_empty_asks_nobody_when_it_is(condition: dict[str, Any]) -> None:
    packed = form(NAME, SORT, SECOND | {"validate": {"required": False}} | condition)
    whole = document(packed)
    assert whole["cosign"]["when"] == f"not empty({whole['cosign']['email']})"
    assert [f for f in check(load(import_export(packed, TEAM).document, "x")) if f.level == "error"] == []


def test_one_person_signs_and_a_second_one_is_named_as_lost() -> None:
    report = import_export(form(NAME, SECOND, component("cosign", "derde", "En nog iemand")), TEAM).report
    assert ["één tweede persoon" in line.why for line in report.lost] == [True]
    rows = component("editgrid", "ouders", "Ouders", components=[SECOND])
    packed = form(NAME, rows)
    assert "cosign" not in document(packed)
    assert len(import_export(packed, TEAM).report.lost) == 1


def test_the_older_component_comes_along_by_mail() -> None:
    packed = form(NAME, component("coSign", "tweede", "Ondertekenen", authPlugin="digid"))
    assert document(packed)["cosign"]["email"]
    report = import_export(packed, TEAM).report
    assert report.lost == [] and any("krijgt een e-mail" in line.why for line in report.remarks)


def test_what_was_edited_here_survives_a_newer_export(db: None) -> None:
    packed = form(NAME, SECOND, **forms(backend()))
    actions.import_form(packed, TEAM, SYSTEM)
    whole = yaml.safe_load(queries.source_of("straatfeest-melden"))
    whole["cosign"] |= {"days": 30, "text": {"nl": "Ik vind het goed.", "en": "I agree."}}
    actions.draft(load(as_yaml(whole), "x"), SYSTEM)
    actions.import_form(form(NAME, SORT, SECOND, **forms(backend())), TEAM, SYSTEM)
    merged = yaml.safe_load(queries.source_of("straatfeest-melden"))
    assert merged["cosign"] == whole["cosign"]
    assert {change.path.split(".")[0] for change in diff_values(whole, merged)} <= {"pages"}
