"""What of the work helps nobody, told by a journal of which every figure is known, and by the log of another system."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lean.logs import EDITOR
from lean.story import MONDAY, Case, Form, told
from raadhuis.lean import actions
from raadhuis.lean.schema import Filter
from raadhuis.lean.waste.queries import checks, ruled, waste

HOUR = 3_600_000_000
EVENT = "evenementenvergunning"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def journal() -> UUID:
    """Sixty cases of one service, of which six wait for an answer; twenty forms in which six get a question wrong, and
    seven that end halfway.
    """
    with told():
        for number in range(60):
            case = Case(EVENT, MONDAY + timedelta(days=number))
            case.task("toets", "complete" if number % 10 else "incomplete")
            if number % 10 == 0:
                case.ask("toets", 48)
            case.task("stempel", "done", wait=10, work=2).task("besluit", "grant").decide("besluit")
        for number in range(8):
            Case("verhuizing", MONDAY + timedelta(days=number), who=f"r-{number % 4}").ask("toets", 9)
        for number in range(20):
            form = Form(EVENT, MONDAY + timedelta(days=number))
            form.page("waar", minutes=5, refused="plek" if number < 6 else "")
            if number >= 13:
                form.leave("wanneer")
        for number in range(9):
            Form("verhuizing", MONDAY).page("adres", refused="postcode" if number < 4 else "").leave("adres")
    id = actions.refresh_own()
    assert id is not None
    return id


@pytest.mark.django_db
def test_our_own_journal_tells_what_helps_nobody() -> None:
    id = journal()
    found = waste(id)
    assert [(one.activity, one.told, one.same, one.steps) for one in found.checks] == [("stempel", "next", 60, 60)]
    check = found.checks[0]
    assert (round(check.touch_us / HOUR), round(check.wait_us / HOUR)) == (60 * 2, 60 * 10)
    assert 0.05 < check.others < 0.07
    questions = [(one.service, one.question, one.applications, one.shown) for one in found.questions]
    assert questions == [(EVENT, "plek", 6, 20)], "four persons of another service are not shown"
    assert round((found.questions[0].lost_us or 0) / HOUR * 60) == 5 and found.questions[0].rule == "format"
    assert [(one.service, one.page, one.left) for one in found.leaving] == [
        ("verhuizing", "adres", 9),
        (EVENT, "wanneer", 7),
    ]
    (asked,) = found.incomplete
    assert (asked.task, asked.asked, asked.cases, asked.answered) == ("toets", 6, 60, 6)
    assert (round(asked.wait_us / HOUR), round(asked.half_us / HOUR)) == (6 * 48, 48)
    ways = [(one.before, one.cases, one.result) for one in found.ruled]
    assert ways == [([("stempel", "done"), ("toets", "complete")], 54, "grant")]


@pytest.mark.django_db
def test_the_filter_holds_for_cases_and_the_period_for_forms() -> None:
    id = journal()
    early = waste(id, Filter(end=(MONDAY + timedelta(days=4)).date()))
    assert (early.checks, early.ruled, early.incomplete) == ([], [], [])
    assert early.questions[0].applications == 5
    other = waste(id, Filter(attributes=(("service", "verhuizing"),)))
    assert [one.service for one in other.leaving] == ["verhuizing"] and other.questions == []
    assert waste(id, Filter(activity=("bestaat niet",))).checks == []


@pytest.mark.django_db
def test_a_log_of_another_system_is_judged_by_what_comes_next(tmp_path: Path) -> None:
    rows = ["zaak;stap;tijd"]
    for case in range(200):
        steps = ["Aanvraag", "Toets", "Paraaf", "Besluit" if case % 2 else "Afwijzing", "Brief"]
        rows += [f"{case};{step};2026-03-{1 + case % 20:02d} {9 + place}:00" for place, step in enumerate(steps)]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(rows))
    found = waste(actions.import_log(file, EDITOR).id)
    assert not found.own
    assert [(one.activity, one.outcome, one.told) for one in found.checks] == [
        ("Toets", "Paraaf", "next"), ("Afwijzing", "Brief", "next"), ("Besluit", "Brief", "next"),
    ]  # fmt: skip
    one = tmp_path / "een.csv"
    one.write_text("zaak;stap;tijd\n1;Enige;2026-03-01 09:00\n")
    assert waste(actions.import_log(one, EDITOR).id).checks == []


def test_nearly_always_is_ninety_nine_of_a_hundred_and_not_of_ten() -> None:
    steps = dict.fromkeys("abcd", (100, 100, 5, 5, 0, 0))
    told_ = {
        "a": Counter({"yes": 99, "no": 1}),
        "b": Counter({"yes": 98, "no": 2}),
        "c": Counter({"yes": 10}),
        "d": Counter({"done": 100}),
    }
    assert [one.activity for one in checks(steps, told_, {"d": Counter({"x": 50, "y": 50})})] == ["a"]


def test_decisions_are_taken_together_by_what_came_before() -> None:
    same = [("s", 1, "t", ["x=ok"], "grant", 60, 10), ("s", 1, "t", ["x=no"], "grant", 30, 1)]
    mixed = [("s", 1, "t", ["x=no"], "refuse", 30, 1), ("s", 1, "", [], "grant", 7, 0)]
    (found,) = ruled([*same, *mixed])
    assert (found.before, found.cases, found.automatic) == ([("x", "ok")], 60, 7)
