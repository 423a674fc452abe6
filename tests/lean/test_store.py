"""The log in the engine's own form, and its arcs by day: the same figures as the log itself, however it came about."""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lean.logs import asked, encoded
from lean.test_figures import EVENTS
from raadhuis.lean import store
from raadhuis.lean.analyses import expressions as e
from raadhuis.lean.analyses import running
from raadhuis.lean.analyses.filters import filtered
from raadhuis.lean.engine import opened
from raadhuis.lean.schema import Filter

COUNTED = (e.follows, e.activities, e.rework)
FOREVER = 10**17
DAYS = st.one_of(st.none(), st.integers(0, 45).map(lambda n: date(1970, 1, 1) + timedelta(days=n)))
LOG = [
    {"case": str(n % 7), "activity": "abca"[n % 4], "time": n * 86_400_000_000, "team": "xy"[n % 2]} for n in range(60)
]


def _figures(folder: Path, chosen: Filter) -> list[Any]:
    with asked(folder) as (run, _):
        t = filtered(e.tables(), chosen, {})
        return [sorted(run.rows(make(t))) for make in (*COUNTED, e.variants, e.load)] + [run.one(e.durations(t))]


@settings(max_examples=15)
@given(EVENTS, DAYS, DAYS)
def test_arcs_by_day_count_what_the_steps_of_that_period_do(
    events: list[dict[str, Any]], start: date | None, end: date | None
) -> None:
    with tempfile.TemporaryDirectory() as place:
        encoded(events, Path(place))
        by_step = Filter(start=start, end=end, shorter_us=FOREVER)  # Leaves the same cases, which no day tells.
        assert _figures(Path(place), Filter(start=start, end=end)) == _figures(Path(place), by_step)


def test_a_log_of_before_is_laid_out_when_it_is_opened(tmp_path: Path) -> None:
    encoded(LOG, tmp_path)
    before = _figures(tmp_path, Filter())
    (tmp_path / store.FILE).unlink()
    shutil.rmtree(tmp_path / "arcs")  # Nor were they counted then.
    assert store.ensure(tmp_path) and not store.ensure(tmp_path)
    assert _figures(tmp_path, Filter()) == before


def test_steps_stand_by_arc_case_and_position(tmp_path: Path) -> None:
    encoded(LOG, tmp_path)
    with duckdb.connect() as made:
        order = 'previous_activity, activity, "case", position'
        rows = made.execute(f"SELECT {order} FROM '{tmp_path}/steps/*.parquet'").fetchall()
    assert len(rows) == len(LOG) and rows == sorted(rows)


def test_makers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    encoded(LOG, tmp_path)
    before = _figures(tmp_path, Filter())
    (tmp_path / store.FILE).unlink()
    with ThreadPoolExecutor(4) as several:
        assert any(several.map(store.ensure, [tmp_path] * 4))
    assert sorted(one.name for one in tmp_path.glob("*.*") if one.suffix not in {".parquet"}) == [store.FILE]
    assert _figures(tmp_path, Filter()) == before


def test_what_cannot_be_read_leaves_nothing_half(tmp_path: Path) -> None:
    encoded(LOG, tmp_path)
    (tmp_path / store.FILE).unlink()
    (tmp_path / "cases" / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(duckdb.Error, match="broken"):
        store.ensure(tmp_path)
    assert not list(tmp_path.glob("*.making*")) and not (tmp_path / store.FILE).exists()


def test_whoever_asks_has_the_settings_of_the_room() -> None:
    """Groups of two columns are counted in an array, for cursors too."""
    with opened() as made, made.cursor() as one:
        assert one.execute("SELECT current_setting('perfect_ht_threshold')").fetchone() == (20,)


def test_what_does_not_fit_in_memory_says_so(tmp_path: Path) -> None:
    """An exact median holds all times; a map without times does not."""
    encoded([{"case": str(n % 9), "activity": "abc"[n % 3], "time": n * n} for n in range(60_000)], tmp_path)
    with asked(tmp_path) as (run, _):
        assert len(run.rows(e.follow_medians(e.tables()))) == 3
        run._made.execute("SET memory_limit = '600KB'")
        with pytest.raises(running.TooLarge, match="kortere periode"):
            run.rows(e.follow_medians(e.tables()))
