"""The figures equal a plain-Python oracle's, on random logs and on odd ones."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lean import oracle
from lean.logs import asked, encoded
from raadhuis.lean import days
from raadhuis.lean.analyses import expressions as e

# The night in which a Dutch clock shows an hour twice, and the one in which it skips one; then ordinary moments.
NIGHTS = [1_761_433_200_000_000 + 1_800_000_000 * n for n in range(8)] + [
    1_743_292_800_000_000 + 1_800_000_000 * n for n in range(8)
]
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "case": st.sampled_from(["1", "2", "zaak é", "4"]),
            "activity": st.sampled_from("abcd"),
            "time": st.one_of(st.sampled_from(NIGHTS), st.integers(0, 40).map(lambda n: n * 86_400_000_000)),
            "resource": st.sampled_from(["", "p", "q", "r"]),
            "team": st.sampled_from(["", "x", "y", "z"]),
        }
    ),
    min_size=1,
    max_size=60,
)


def _check(events: list[dict[str, Any]], folder: Path) -> None:
    counts = encoded(events, folder)
    cases = oracle.cases_of(events)
    assert (counts.steps, counts.cases) == (len(events), len(cases))
    with asked(folder) as (run, names):
        t = e.tables()
        arcs = {(names[a], names[b]): (count, median) for a, b, count, median in run.rows(e.follow_medians(t))}
        assert arcs == oracle.arcs(events)
        ways = {variant: count for variant, count, *_ in run.rows(e.variants(t))}
        assert Counter(ways.values()) == Counter(oracle.variants(events).values())
        assert len(ways) == counts.variants == len(oracle.variants(events))
        spans = oracle.durations(events)
        found = run.one(e.durations(t))
        assert found[0] == len(spans)
        assert found[4] == pytest.approx(numpy.percentile(spans, [10, 50, 90, 95]))
        assert {names[a]: tuple(row) for a, *row in run.rows(e.rework(t))} == oracle.rework(events)
        for by, table in (("resource", "resources"), ("team", "teams")):
            who = run.named(table)
            assert {(who[a], who[b]): n for a, b, n in run.rows(e.handover(t, by))} == oracle.handover(events, by)
        teams = run.named("teams")
        assert {(teams[a], teams[b]): n for a, b, n in run.rows(e.ping_pong(t))} == oracle.ping_pong(events)
        begun = Counter(oracle.day(steps[0]["time"]) for steps in cases.values())
        assert dict(run.rows(e.arrivals(t))) == begun


@settings(max_examples=25)
@given(EVENTS)
def test_figures_equal_the_oracle(events: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _check(events, Path(folder))


def test_the_order_of_the_source_breaks_ties(tmp_path: Path) -> None:
    steps = [{"case": "1", "activity": name, "time": 5} for name in "cabba"]
    encoded(steps, tmp_path)
    with asked(tmp_path) as (run, names):
        rows = sorted(run.rows(e.ways(e.tables(), [0])))
        assert [names[activity] for _, _, activity in rows] == list("cabba")


def test_one_event(tmp_path: Path) -> None:
    _check([{"case": "1", "activity": "a", "time": 0, "resource": "", "team": ""}], tmp_path)


def test_ten_thousand_activities(tmp_path: Path) -> None:
    events = [
        {"case": str(n % 100), "activity": f"act {n}", "time": n, "resource": "", "team": ""} for n in range(10_000)
    ]
    _check(events, tmp_path)


def test_a_case_of_a_hundred_thousand_events(tmp_path: Path) -> None:
    events = [{"case": "1", "activity": "ab"[n % 2], "time": n, "resource": "", "team": ""} for n in range(100_000)]
    _check(events, tmp_path)


def test_work_is_what_lies_between_begin_and_end(tmp_path: Path) -> None:
    told = [("start", 0), ("suspend", 10), ("resume", 50), ("complete", 55), ("start", 60), ("complete", 61)]
    events = [{"case": "1", "activity": "a", "time": time, "lifecycle": step} for step, time in told]
    events += [{"case": "1", "activity": "b", "time": 70, "lifecycle": "complete"}]
    counts = encoded(events, tmp_path)
    assert (counts.events, counts.steps) == (7, 3)
    with asked(tmp_path) as (run, names):
        found = {names[row[0]]: row[1:] for row in run.rows(e.step_times(e.tables()))}
    assert found == {"a": (2, 16, 5, 0, 0), "b": (1, 0, 0, 1, 9)}


def test_an_activity_that_is_never_completed_keeps_its_steps(tmp_path: Path) -> None:
    events = [{"case": "1", "activity": "a", "time": time, "lifecycle": "start"} for time in (1, 2)]
    assert encoded(events, tmp_path).steps == 2


def test_a_variant_has_the_same_number_in_every_log(tmp_path: Path) -> None:
    numbers = []
    for extra in ([], [{"case": "0", "activity": "0 comes first", "time": 0}]):
        folder = tmp_path / str(len(extra))
        folder.mkdir()
        encoded([*extra, *({"case": "1", "activity": name, "time": 1} for name in "ab")], folder)
        with asked(folder) as (run, _):
            numbers.append({row[0] for row in run.rows(e.variant_counts(e.tables()))})
    assert numbers[0] < numbers[1]


def test_days_are_dutch_also_when_the_clock_changes() -> None:
    moments = numpy.array([*NIGHTS, -1, 0, 4102444800000000], dtype=numpy.int64)
    assert [int(day) for day in days.of(moments)] == [oracle.day(int(moment)) for moment in moments]
    assert days.begin_of(oracle.day(NIGHTS[3])) <= NIGHTS[3]


def test_typing_errors_in_years_do_not_stop_anything() -> None:
    wild = numpy.array([-62_135_596_800_000_000, 0, 253_402_300_799_000_000], dtype=numpy.int64)
    assert [int(day) for day in days.of(wild)] == [-719_162, 0, 2_932_896]
