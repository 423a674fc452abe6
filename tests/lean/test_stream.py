"""The value stream of a log: what is waited and worked adds up to the time from first step to last."""

from pathlib import Path
from typing import Any

import pytest

from lean.logs import EDITOR
from lean.story import MONDAY, Case, told
from raadhuis.lean import actions, queries
from raadhuis.lean.schema import Filter
from raadhuis.lean.stream import MOST_BOXES, value_stream

pytestmark = pytest.mark.django_db
HOUR = 3_600_000_000


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def test_boxes_stand_in_order_and_times_add_up() -> None:
    with told():
        for number in range(10):
            case = Case("verhuizing", MONDAY).task("toets", wait=6, work=2)
            if number < 3:
                case.task("toets", wait=10, work=1)
            if number == 0:
                case.task("bijzonder", wait=100, work=10)
            case.task("besluit", wait=20, work=4).tell("case.closed", result="grant")
    id = actions.refresh_own()
    assert id is not None
    found = value_stream(id)
    assert [one.activity for one in found.boxes] == ["case.created", "toets", "besluit", "case.closed"]
    toets, besluit = found.boxes[1], found.boxes[2]
    assert (toets.steps, toets.cases, toets.good) == (13, 10, 7)
    assert round(toets.wait_us / HOUR * 10) == 90 and round(toets.work_us / HOUR * 10) == 23
    assert round((besluit.each_us or 0) / HOUR) == 4
    assert found.others == 1 and round(found.rest_us / HOUR) == 11
    times = queries.durations(id).times
    assert times is not None and found.lead_us == pytest.approx(times.mean)
    parts = sum(one.wait_us + one.work_us + one.untold_us for one in found.boxes)
    assert parts + found.rest_us == pytest.approx(found.lead_us)
    assert value_stream(id, Filter(hours=(540, 1020))).lead_us == found.lead_us, "always by the clock"


def test_a_log_without_begins_nothing_and_very_much(tmp_path: Path) -> None:
    rows = ["zaak;stap;tijd", *(f"1;Stap {n};2026-03-01 {9 + n // 60:02d}:{n % 60:02d}" for n in range(40))]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(rows))
    id = actions.import_log(file, EDITOR).id
    found = value_stream(id)
    assert len(found.boxes) == MOST_BOXES and found.work_us is None
    assert found.others == 31 and found.lead_us == 39 * 60_000_000
    assert value_stream(id, Filter(activity=("nergens",))).boxes == []
