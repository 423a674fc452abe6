"""On the real logs our figures equal pm4py's, which computes them in another way."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lean.logs import SHARED, asked
from raadhuis.lean.analyses import expressions as e
from raadhuis.lean.encoding import encode
from raadhuis.lean.engine import engine
from raadhuis.lean.events import Sink
from raadhuis.lean.logs import xes
from raadhuis.lean.source import imported

pm4py = pytest.importorskip("pm4py", reason="pm4py is a development dependency")
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the real logs are not on this machine")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["running-example.xes", "Receipt.xes.gz", "BPIC15_1.xes.gz"])
def test_figures_equal(tmp_path: Path, name: str) -> None:
    # Where r4pm is there, pm4py would read with it by itself, and want polars too.
    log = pm4py.read_xes(str(SHARED / name), variant="chunk_regex")
    with engine() as made:
        xes.read(SHARED / name, Sink(made, tmp_path))
    encode(imported(tmp_path), tmp_path)
    with asked(tmp_path) as (run, acts):
        t = e.tables()
        counts, begins, ends = pm4py.discover_dfg(log)
        assert {(acts[a], acts[b]): n for a, b, n in run.rows(e.follows(t))} == dict(counts)
        assert {acts[a]: n for a, n in run.rows(e.begins(t))} == dict(begins)
        assert {acts[a]: n for a, n in run.rows(e.ends(t))} == dict(ends)
        _check_times(run, e, t, acts, log)
        ways = run.rows(e.variants(t))
        theirs = pm4py.get_variants_as_tuples(log)
        sizes = Counter(value if isinstance(value, int) else len(value) for value in theirs.values())
        assert Counter(row[1] for row in ways) == sizes
        spans = sorted(pm4py.get_all_case_durations(log))
        assert run.one(e.durations(t))[0] == len(spans)
        assert sorted(row[0] / 1e6 for row in run.rows(t.cases.select("duration"))) == pytest.approx(spans)
        again = pm4py.get_rework_cases_per_activity(log)
        assert {acts[a]: cases for a, _, cases, _ in run.rows(e.rework(t))} == again
        people = run.named("resources")
        moved = {(people[a], people[b]): n for a, b, n in run.rows(e.handover(t, "resource"))}
        shares = pm4py.discover_handover_of_work_network(log, beta=0).connections
        whole = sum(moved.values())
        assert {pair: n / whole for pair, n in moved.items()} == pytest.approx(
            {pair: share for pair, share in shares.items() if share}
        )


def _check_times(run: Any, e: Any, t: Any, acts: list[str], log: Any) -> None:
    """pm4py rounds nothing, but keeps seconds as floats."""
    times, _, _ = pm4py.discover_performance_dfg(log, perf_aggregation_key="all")
    ours = {(acts[a], acts[b]): row for a, b, *row in run.rows(e.follow_times(t))}
    assert set(ours) == set(times)
    for arc, (_, mean, lowest, highest, percentiles) in ours.items():
        found = (mean / 1e6, percentiles[1] / 1e6, lowest / 1e6, highest / 1e6)
        theirs = times[arc]
        assert found == pytest.approx((theirs["mean"], theirs["median"], theirs["min"], theirs["max"]), abs=1e-3), arc
