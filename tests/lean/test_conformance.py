"""Replay and alignments: known figures, what is counted as a deviation, and that another tool finds the same."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lean.logs import SHARED
from lean.trees import WAYS, Log, mined, words
from raadhuis.lean.conformance.alignments import Aligner
from raadhuis.lean.conformance.checking import Way, check
from raadhuis.lean.conformance.replay import Player
from raadhuis.lean.discovery.nets import Net, Transition, net_of
from raadhuis.lean.discovery.schema import SILENT, Tree


def _leaf(name: str) -> Tree:
    return Tree("activity", name)


ABC = net_of(Tree("sequence", children=tuple(map(_leaf, "abc"))))


def _check(net: Net, *ways: tuple[str, int], passed_over: frozenset[str] = frozenset()) -> Any:
    told = [Way(list(steps), cases, example) for example, (steps, cases) in enumerate(ways)]
    return check(net, told, lambda cases: {one: f"zaak {one}" for one in cases}, passed_over)


def test_tokens_are_counted_as_the_paper_does() -> None:
    """Rozinat and Van der Aalst 2008: without b, the token of c is missing and that of a remains."""
    found = Player(ABC).play("ac")
    assert (found.produced, found.consumed, found.missing, found.remaining) == (3, 3, 1, 1)
    assert found.fitness == pytest.approx(2 / 3) and not found.fits
    assert Player(ABC).play("abc").fitness == 1


def test_silent_steps_are_taken_when_they_help() -> None:
    """Past what may be skipped, out of a loop and around again, and out of what goes side by side."""
    skip = Tree("choice", children=(SILENT, _leaf("b")))
    beside = Tree("parallel", children=(Tree("loop", children=(_leaf("a"), SILENT)), skip))
    player = Player(net_of(Tree("sequence", children=(beside, _leaf("c")))))
    for way in ("ac", "abc", "bac", "aabac", "aaac"):
        assert player.play(way).fits, way
    for way in ("bc", "a", "abbc", "ca", ""):
        assert not player.play(way).fits, way


def test_two_branches_wait_for_one_another() -> None:
    """What a parallel part needs comes from one split: it is fired once, for both branches."""
    net = Net(6, [Transition("", (0,), (2, 3)), Transition("x", (2,), (4,)), Transition("y", (3,), (5,)),
                  Transition("", (4, 5), (1,))])  # fmt: skip
    assert Player(net).play("xy").fits and Player(net).play("yx").fits
    found = Player(net).play("x")
    assert (found.missing, found.remaining) == (1, 2)


@settings(max_examples=80, deadline=None)
@given(WAYS, st.sampled_from([0.0, 0.2, 0.6]))
def test_replay_and_alignments_agree_on_what_fits(log: Log, noise: float) -> None:
    """What replays without a token missing or left costs nothing to align, and nothing else does."""
    net = net_of(mined(log, noise))
    player, aligner = Player(net), Aligner(net)
    for way in log:
        found = aligner.align(way, 20_000)
        known = all(step in {one.name for one in net.transitions} for step in way)
        assert found is not None and (found.cost == 0) == (player.play(way).fits and known), way


def test_deviations_are_counted_and_shown_by_example() -> None:
    found = _check(ABC, ("abc", 6), ("ac", 3), ("abbc", 2), ("acb", 1), ("abzc", 1), passed_over=frozenset("z"))
    assert (found.cases, found.fitting, found.cost, found.steps_unknown) == (13, 7, 7, 1)
    assert found.alignment_fitness == pytest.approx((7 + 3 * (1 - 1 / 5) + 2 * (1 - 1 / 7) + 1 - 2 / 6) / 13)
    told = {(one.kind, one.activity): (one.cases, one.times, one.examples) for one in found.deviations}
    assert told.pop(("skipped", "b")) == (3, 3, ["zaak 1"])
    assert told.pop(("extra", "b")) == (2, 2, ["zaak 2"])
    ((kind, activity), counts) = told.popitem()
    assert kind == "order" and activity in "bc" and counts == (1, 1, ["zaak 3"]) and not told


def test_nothing_to_look_at() -> None:
    found = _check(net_of(SILENT))
    assert (found.cases, found.replay_fitness, found.alignment_fitness) == (0, 1, 1)
    assert _check(net_of(SILENT), ("ab", 2)).cost == 4


def test_what_there_is_no_time_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raadhuis.lean.conformance.checking.STATES_EACH", 5)
    found = _check(ABC, ("abc", 1), ("cbacba", 2))
    assert (found.cases, found.aligned, found.not_aligned) == (3, 1, 2)


@pytest.mark.filterwarnings("ignore")
def test_costs_equal_those_of_pm4py() -> None:
    pm4py = pytest.importorskip("pm4py", reason="pm4py is a development dependency")
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils import petri_utils

    net = net_of(mined(words(abcd=5, acbd=3, abbd=1, ad=2, abcbcd=2)))
    made = PetriNet("net")
    places = [PetriNet.Place(str(n)) for n in range(net.places)]
    made.places.update(places)
    for number, one in enumerate(net.transitions):
        step = PetriNet.Transition(str(number), one.name or None)
        made.transitions.add(step)
        for place in one.takes:
            petri_utils.add_arc_from_to(places[place], step, made)
        for place in one.gives:
            petri_utils.add_arc_from_to(step, places[place], made)
    begin, end = Marking({places[0]: 1}), Marking({places[1]: 1})
    for word in ("abcd", "dcba", "bbbb", "", "aabbccdd", "acd", "xyz", "abcxd"):
        found = Aligner(net).align(list(word), 20_000)
        trace = pm4py.objects.log.obj.Trace([{"concept:name": letter} for letter in word])
        costs = pm4py.conformance_diagnostics_alignments(trace, made, begin, end, variant_str=None)["cost"]
        assert found is not None and found.cost == costs // 10_000, word


@pytest.mark.skipif(not SHARED.exists(), reason="the real logs are not on this machine")
def test_the_figures_of_the_receipt_log_are_those_that_are_known(tmp_path: Path) -> None:
    """pm4py 2.7: 49.72 % of the traces fit, average fitness 0.9167 by replay and 0.8155 by alignment (cost 2465)."""
    from raadhuis.lean.conformance import queries
    from raadhuis.lean.discovery.queries import ways_of
    from raadhuis.lean.encoding import encode
    from raadhuis.lean.engine import engine
    from raadhuis.lean.events import Sink
    from raadhuis.lean.logs import xes
    from raadhuis.lean.queries import NOTHING
    from raadhuis.lean.source import imported

    with engine() as made:
        xes.read(SHARED / "Receipt.xes.gz", Sink(made, tmp_path))
    encode(imported(tmp_path), tmp_path)
    found = queries.of_folder(tmp_path, NOTHING, 0.2, 400)
    assert (found.cases, round(found.fitting / found.cases, 4), found.cost) == (1434, 0.4972, 2465)
    assert (round(found.replay_fitness, 4), round(found.alignment_fitness, 4)) == (0.9167, 0.8155)
    assert found.not_aligned == found.not_replayed == 0
    assert Counter(one.kind for one in found.deviations).keys() == {"order", "skipped", "extra"}
    assert len(ways_of(tmp_path, NOTHING).log.starts) == 116
