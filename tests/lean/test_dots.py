"""The dotted chart: every step has its dot while they fit, and a part of the cases when they do not."""

from pathlib import Path
from typing import Any

import pytest

from lean.logs import EDITOR
from raadhuis.lean import actions
from raadhuis.lean.dots import EDGE, MOST_DOTS, TOP, WIDTH, dots
from raadhuis.lean.schema import Filter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def log(tmp_path: Path, rows: list[str]) -> Any:
    file = tmp_path / "log.csv"
    file.write_text("\n".join(["zaak;stap;tijd", *rows]))
    return actions.import_log(file, EDITOR).id


def test_each_step_stands_at_its_time_and_case(tmp_path: Path) -> None:
    rows = [f"{n};{name};2026-03-{day + n:02d} 09:00" for n in range(3) for name, day in (("Begin", 1), ("Eind", 9))]
    id = log(tmp_path, rows)
    found = dots(id)
    assert (found.cases, found.steps, found.drawn) == (3, 6, 6)
    begin, end = found.kinds
    assert begin.path.startswith(f"M{EDGE} {TOP}h0M") and end.path.endswith(f"M{WIDTH - EDGE} 540h0")
    assert begin.path.count("M") == 3 and len(found.ticks) == 5
    together = dots(id, by_case=True)
    assert {dot.split(" ")[0] for dot in together.kinds[0].path.split("M")[1:]} == {str(EDGE)}
    assert dots(id, Filter(activity=("nergens",))).kinds == []


def test_of_very_many_a_part_is_drawn_and_all_are_counted(tmp_path: Path) -> None:
    rows = [f"{n};Stap {k};2026-03-{1 + n % 28:02d} {9 + k}:00" for n in range(2000) for k in range(9)]
    found = dots(log(tmp_path, rows))
    assert found.steps == 18_000 and found.drawn <= MOST_DOTS and found.drawn_cases == 500
    assert [one.activity for one in found.kinds][-1] == "" and sum(one.steps for one in found.kinds) == 18_000


def test_one_case_of_very_many_steps_and_one_step(tmp_path: Path) -> None:
    rows = [f"1;Stap;2026-03-01 {9 + n // 1800:02d}:{n // 30 % 60:02d}:{n % 30:02d}" for n in range(9000)]
    assert dots(log(tmp_path, rows)).drawn <= MOST_DOTS
    one = dots(log(tmp_path, ["1;Stap;2026-03-01 09:00"]))
    assert (one.drawn, len(one.ticks), one.longest_us) == (1, 1, 0)
