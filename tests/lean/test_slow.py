"""What slow cases have more often: found where it is, and not where it is not."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lean.logs import EDITOR
from raadhuis.lean import actions
from raadhuis.lean.schema import Filter
from raadhuis.lean.slow import slow


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def log(tmp_path: Path, *, apart: bool, cases: int = 400, seed: int = 3) -> UUID:
    """Cases of which, when `apart`, those by post and those with an advice are slow; the rest says nothing."""
    dice, rows = random.Random(seed), ["zaak;stap;tijd;kanaal;kleur;behandelaar;wie;groep;team;medewerker"]
    for case in range(cases):
        post, advice = dice.random() < 0.3, dice.random() < 0.3
        hours = dice.randrange(24, 120) + (240 * (post + advice) if apart else 0)
        told = f"{'post' if post else 'web'};{dice.choice('rgb')};{dice.choice('xyz')};{case % 12};"
        told += "Klein" if post else "Groot"
        by = f"{'Klein' if not case % 40 else 'AB'[case % 2]};{0 if not case % 40 else case % 12}"
        begin = datetime(2026, 3, 2 + dice.randrange(28), 9, tzinfo=UTC)
        steps = [("Begin", begin), *[("Advies", begin)] * advice, ("Klaar", begin + timedelta(hours=hours))]
        rows += [f"{case};{step};{moment:%Y-%m-%d %H:%M};{told};{by}" for step, moment in steps]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(rows))
    mapping = {"case": "zaak", "activity": "stap", "time": "tijd", "team": "team", "resource": "medewerker"}
    return actions.import_log(file, EDITOR, mapping=mapping).id


@pytest.mark.django_db
def test_what_makes_slow_is_found_and_nobody_is_named(tmp_path: Path) -> None:
    found = slow(log(tmp_path, apart=True))
    assert found.bound_us is not None and 80 <= found.slow <= 100
    named = {(one.kind, one.key, one.value) for one in found.factors}
    assert named == {("attribute", "kanaal", "post"), ("activity", "", "Advies")}, "no team of one person"
    assert ("attribute", "kanaal", "web") in {(one.kind, one.key, one.value) for one in found.quick}
    assert not {one.key for one in [*found.factors, *found.quick]} & {"behandelaar", "wie"}
    post = next(one for one in found.factors if one.value == "post")
    assert post.low < post.difference < post.high and post.lift > 1.5 and post.chance < 0.001
    assert slow(log(tmp_path, apart=True), Filter(activity=("Advies",))).factors


@pytest.mark.django_db
def test_chance_alone_seldom_stands_out(tmp_path: Path) -> None:
    """Of fifteen logs in which nothing goes together with slow, at most two show anything."""
    seen = [slow(log(tmp_path, apart=False, cases=120, seed=seed)) for seed in range(15)]
    assert sum(bool(one.factors or one.quick) for one in seen) <= 2
    assert all(one.tested >= 8 for one in seen)


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [["1;a;2026-03-01 09:00"], [f"{n};a;2026-03-01 09:00" for n in range(60)]])
def test_one_case_or_all_as_long(tmp_path: Path, rows: list[str]) -> None:
    file = tmp_path / "klein.csv"
    file.write_text("\n".join(["zaak;stap;tijd", *rows]))
    found = slow(actions.import_log(file, EDITOR).id)
    assert (found.bound_us, found.factors, found.cases) == (None, [], len(rows))
