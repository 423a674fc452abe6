"""What `raadhuis lean show` says of how work could be better: as a table for people.

In: the shapes of room `lean`. Out: heads and rows. Always holds: times are in days by the clock, with one decimal.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

Rows = tuple[list[str], list[list[object]]]
DAY = 86_400_000_000


def _days(micros: float | None) -> str:
    return "-" if micros is None else f"{micros / DAY:.1f}"


def waste_of(id: UUID) -> Any:
    """What `show LOG waste` asks."""
    from raadhuis.lean.waste.queries import waste

    return waste(id)


def waste(found: Any) -> Rows:
    """A row for each thing, whatever kind it is."""
    rows: list[list[object]] = []
    for one in found.checks:
        spent = (one.touch_us + one.wait_us + one.untold_us) / one.steps
        rows.append(["step changes nothing", one.activity, f"{one.same}/{one.steps} {one.outcome}", _days(spent)])
    for one in found.questions:
        what = f"{one.service}: {one.page}/{one.question}"
        rows.append(["question goes wrong", what, f"{one.applications}/{one.shown} {one.rule}", _days(one.lost_us)])
    for one in found.leaving:
        share = f"{one.left}/{one.shown}"
        rows.append(["people leave", f"{one.service}: {one.page}", share, _days(one.spent_us)])
    for one in found.incomplete:
        share = f"{one.asked}/{one.cases}"
        rows.append(["something was missing", f"{one.service}: {one.task}", share, _days(one.half_us)])
    for one in found.ruled:
        what = f"{one.service} {one.version}: {one.task}"
        rows.append(
            ["a rule could decide", what, f"{one.same}/{one.cases} {one.result}", _days(one.wait_us / one.cases)]
        )
    return ["what", "where", "how often", "days each"], rows


def slow_of(id: UUID) -> Any:
    """What `show LOG slow` asks."""
    from raadhuis.lean.slow import slow

    return slow(id)


def slow(found: Any) -> Rows:
    """A row for each trait that stands out, most slow first."""
    rows: list[list[object]] = [
        [
            *(one.kind, f"{one.key}={one.value}" if one.key else one.value),
            *(f"{one.slow}/{one.cases}", f"{one.slow_others}/{one.others}"),
            *(f"{one.difference:+.1%} ({one.low:+.1%} to {one.high:+.1%})", f"{one.lift:.2f}", f"{one.chance:.1e}"),
        ]
        for one in (*found.factors, *found.quick)
    ]
    of = f"slow (over {_days(found.bound_us)} days)"
    return ["kind", f"of {found.tested} tested", of, "of the others", "difference", "lift", "by chance"], rows


def drift_of(id: UUID) -> Any:
    """What `show LOG drift` asks."""
    from raadhuis.lean.drift import drift

    return drift(id)


def drift(found: Any) -> Rows:
    """A row for each change, and for each thing that goes with it."""
    rows: list[list[object]] = []
    for one in found.changes:
        halves = f"{_days(one.half_before_us)} -> {_days(one.half_after_us)}"
        rows.append([one.day, " and ".join(one.what), f"{one.before} -> {one.after}", halves, f"{one.chance:.3f}"])
        for shift in one.shifts:
            what = f"{shift.key}={shift.value}" if shift.key else shift.value
            rows.append(
                ["", f"{shift.kind} {what}", f"{shift.before:.1%} -> {shift.after:.1%}", "", f"{shift.chance:.1e}"]
            )
    return ["first day", f"what changed ({found.cases} of {found.of} cases)", "cases", "median days", "by chance"], rows


def prediction_of(id: UUID) -> Any:
    """What `show LOG prediction` asks."""
    from raadhuis.lean.prediction.queries import prediction

    return prediction(id)


def prediction(found: Any) -> Rows:
    """How good it is, and for each last step how long it still takes."""
    heads = ["after", "cases", "still days (p10)", "median", "p90"]
    if found is None:
        return heads, []
    rows: list[list[object]] = []
    if found.score:
        score, said = found.score, "beats naive" if found.beats_naive else "does not beat naive"
        errors = f"error {_days(score.error_us)}, naive {_days(score.naive_us)} days"
        rows.append([f"{said}: {errors}, covered {score.covered:.0%}", score.cases, "", "", ""])
    for one in found.states:
        if not one.nth and one.left:
            last = len(one.left) - 1
            rows.append([one.activity or "any step", one.cases, *(_days(one.left[last * n // 10]) for n in (1, 5, 9))])
    return heads, rows


def stream_of(id: UUID) -> Any:
    """What `show LOG value-stream` asks."""
    from raadhuis.lean.stream import value_stream

    return value_stream(id)


def stream(found: Any) -> Rows:
    """A row for each box, and one for all other steps."""
    rows: list[list[object]] = [
        [
            *(one.activity, one.steps, one.cases, f"{one.good / max(one.cases, 1):.1%}"),
            *(_days(one.each_us), _days(one.wait_us + one.untold_us), _days(one.work_us)),
        ]
        for one in found.boxes
    ]
    rows.append([f"{found.others} other steps", "", "", "", "", _days(found.rest_us), ""])
    rows.append(["lead time", "", found.cases, "", "", _days(found.lead_us), _days(found.work_us)])
    return ["step", "times", "cases", "right first time", "work days", "waited per case", "worked per case"], rows


ASK: dict[str, Callable[[UUID], Any]] = {
    "waste": waste_of,
    "slow": slow_of,
    "drift": drift_of,
    "prediction": prediction_of,
    "value-stream": stream_of,
}
TABLES: dict[str, Callable[[Any], Rows]] = {
    "waste": waste,
    "slow": slow,
    "drift": drift,
    "prediction": prediction,
    "value-stream": stream,
}
