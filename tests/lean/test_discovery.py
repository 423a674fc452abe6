"""The inductive miner: what it must find, what it promises, and that it equals another one."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lean.logs import SHARED, encoded
from lean.trees import WAYS, Log, form, mined, theirs, words
from raadhuis.lean.conformance.replay import Player
from raadhuis.lean.discovery.nets import net_of
from raadhuis.lean.discovery.queries import model_of
from raadhuis.lean.queries import NOTHING


@pytest.mark.parametrize(
    ("log", "tree"),
    [
        (words(abc=1, acb=1), "→('a', ∧('b', 'c'))"),
        (words(ab=3, ac=2, _=1), "×(τ, →('a', ×('b', 'c')))"),
        (words(aba=1, a=2), "↺('a', 'b')"),
        (words(aaa=1), "↺('a', τ)"),
        (words(ad=1, abcd=2), "→('a', ×(τ, →('b', 'c')), 'd')"),
        (words(a=1), "'a'"),
        (words(_=4), "τ"),
        ({}, "τ"),
    ],
)
def test_what_is_known_is_found(log: Log, tree: str) -> None:
    """The examples of the papers, small."""
    assert str(mined(log)) == tree


def test_what_is_rare_is_left_out() -> None:
    log = words(abc=50, ac=1)
    assert str(mined(log)) == "→('a', ×(τ, 'b'), 'c')"
    assert str(mined(log, 0.2)) == "→('a', 'b', 'c')"


@settings(max_examples=150, deadline=None)
@given(WAYS)
def test_without_noise_every_case_fits(log: Log) -> None:
    """Leemans, Fahland and Van der Aalst 2013, theorem 1."""
    player = Player(net_of(mined(log)))
    assert [way for way in log if not player.play(way).fits] == []


@settings(max_examples=60, deadline=None)
@given(WAYS, st.sampled_from([0.1, 0.4, 0.8, 1.0]))
def test_with_noise_there_is_a_tree_of_known_activities(log: Log, noise: float) -> None:
    found = list(mined(log, noise).activities())
    assert len(found) == len(set(found)) and set(found) <= {step for way in log for step in way}


def _pm4py(log: Log, noise: float) -> Any:
    from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureUVCL
    from pm4py.algo.discovery.inductive.variants.im import IMUVCL
    from pm4py.algo.discovery.inductive.variants.imf import IMFUVCL
    from pm4py.util.compression.dtypes import UVCL

    told = {"noise_threshold": noise}
    miner = IMFUVCL(told) if noise else IMUVCL({})
    return theirs(miner.apply(IMDataStructureUVCL(UVCL(Counter(log))), told))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_small_logs_give_the_same_tree_as_pm4py(noise: float) -> None:
    pytest.importorskip("pm4py", reason="pm4py is a development dependency")
    different = []
    for seed in range(150):
        dice = random.Random(seed)
        log: Counter[tuple[str, ...]] = Counter()
        for _ in range(dice.randint(1, 8)):
            letters = "abcdef"[: dice.randint(2, 6)]
            way = dice.sample(letters, dice.randint(1, len(letters))) if seed % 2 else dice.choices(letters, k=5)
            log[tuple(way)] += dice.randint(1, 12)
        if form(mined(log, noise)) != form(_pm4py(log, noise)):
            different.append(seed)
    assert different == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("noise", [0.0, 0.2])
@pytest.mark.skipif(not SHARED.exists(), reason="the real logs are not on this machine")
def test_the_receipt_log_gives_the_same_tree_as_pm4py(noise: float) -> None:
    pm4py = pytest.importorskip("pm4py", reason="pm4py is a development dependency")
    told = pm4py.read_xes(str(SHARED / "Receipt.xes.gz"), variant="iterparse")
    log = Counter(told.groupby("case:concept:name")["concept:name"].apply(tuple))
    assert form(mined(log, noise)) == form(_pm4py(log, noise))


def _model(events: list[dict[str, Any]], folder: Path, **more: Any) -> Any:
    encoded(events, folder)
    return model_of(folder, NOTHING, more.get("noise", 0.0), more.get("most", 400))


def test_one_event(tmp_path: Path) -> None:
    found = _model([{"case": "1", "activity": "a", "time": 0}], tmp_path)
    assert (str(found.tree), found.cases, found.steps) == ("'a'", 1, 1)


def test_a_case_of_a_hundred_thousand_events(tmp_path: Path) -> None:
    found = _model([{"case": "1", "activity": "ab"[n % 2], "time": n} for n in range(100_000)], tmp_path)
    assert str(found.tree) == "↺(→('a', 'b'), τ)" and not found.simplified


def test_ten_thousand_activities_say_what_was_left_out(tmp_path: Path) -> None:
    events = [{"case": str(n % 100), "activity": f"act {n:05}", "time": n} for n in range(10_000)]
    events += [{"case": str(n), "activity": "last", "time": 20_000 + n} for n in range(100)]
    found = _model(events, tmp_path)
    assert (found.left_out, found.left_steps, found.steps) == (9601, 9601, 10_100)
    assert set(found.tree.activities()) > {"last"}


def test_only_so_many_activities_are_asked_for(tmp_path: Path) -> None:
    events = [{"case": str(n), "activity": name, "time": n} for n in range(5) for name in ("a", "b", "c")]
    events += [{"case": "0", "activity": "rare", "time": 9}]
    found = _model(events, tmp_path, most=3)
    assert (str(found.tree), found.left_out, found.left_steps) == ("→('a', 'b', 'c')", 1, 1)
