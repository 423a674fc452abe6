"""The value stream of a log: the steps that most cases take, what is worked and waited at each, how often it is good at
once (Rother and Shook, *Learning to See*, 1999; percent complete and accurate: Martin and Osterling 2013).

In: the id of a log and a Filter. Out: a Stream. Always holds: times are averages over all cases, by the clock, so that
those of the boxes and of all other steps add up to the average time from first step to last.
"""

from typing import Any
from uuid import UUID

import msgspec

from raadhuis.lean import queries
from raadhuis.lean.schema import Filter

# So many boxes are read on one sheet of A3; steps that fewer cases take are taken together.
MOST_BOXES, LEAST_SHARE = 9, 0.2


class Step(msgspec.Struct, frozen=True):
    """A process box. `steps` in all, in `cases`, of which `good` did it once and never again.

    Per case of the whole log, in µs: `wait_us` before it and `work_us` in it; `untold_us` is the time of which only the
    end is told: waiting and work together. `each_us`: work each time it was told, None where it never was.
    """

    activity: str
    steps: int
    cases: int
    good: int
    wait_us: float
    work_us: float
    untold_us: float
    each_us: float | None


class Stream(msgspec.Struct, frozen=True):
    """The boxes in the order in which cases come by. `lead_us`: from first step to last; `rest_us`: of it in the
    `others` kinds of steps that have no box; `work_us`: what was told to be worked, None where nothing was.
    """

    cases: int
    boxes: list[Step]
    others: int
    lead_us: float
    rest_us: float
    work_us: float | None


def value_stream(id: UUID, chosen: Filter = queries.NOTHING) -> Stream:
    """The value stream of the cases that the filter leaves. Raises Absent."""
    run, e, t = queries.asked(id, queries.by_the_clock(chosen))
    names, of = run.named("activities"), run.one(e.durations(t))[0]
    again = {place: cases for place, _, cases, _ in run.rows(e.rework(t))}
    found = [(float(row[1]), _step(names[row[0]], row, again.get(row[0], 0), of)) for row in run.rows(steps_of(t))]
    found.sort(key=lambda one: (-one[1].cases, one[0], one[1].activity))
    shown = [one for one in found if one[1].cases >= LEAST_SHARE * of][:MOST_BOXES]
    rest = [one for _, one in found[len(shown) :]]
    shown.sort(key=lambda one: (one[0], one[1].activity))
    lead = sum(_all(one) for _, one in found)
    work = sum(one.work_us for _, one in found)
    told = any(one.each_us is not None for _, one in found)
    return Stream(
        cases=of,
        boxes=[one for _, one in shown],
        others=len(rest),
        lead_us=lead,
        rest_us=sum(map(_all, rest)),
        work_us=work if told else None,
    )


def steps_of(t: Any) -> Any:
    """Per activity: where it stands on average when first done; time: all, waited, untold; work told, how often."""
    import ibis

    steps, nothing = t.steps, ibis.literal(0, "int64")
    told, known = steps.touch >= 0, steps.since >= 0
    wait = ibis.greatest(steps.since - steps.touch, nothing)
    return steps.group_by("activity").aggregate(
        place=steps.position.mean(where=steps.nth == 1),
        steps=steps.count(),
        cases=(steps.nth == 1).sum(),
        since=known.ifelse(steps.since, nothing).sum(),
        wait=(told & known).ifelse(wait, nothing).sum(),
        untold=(~told & known).ifelse(steps.since, nothing).sum(),
        touch=told.ifelse(steps.touch, nothing).sum(),
        told=told.sum(),
    )


def _step(name: str, row: tuple[Any, ...], again: int, of: int) -> Step:
    _, _, steps, cases, since, wait, untold, touch, told = row
    # Of work that overlaps with the step before only what comes after that is time of the case.
    work = (since - wait - untold) / of
    each = touch / told if told else None
    return Step(name, steps, cases, cases - again, wait / of, work, untold / of, each)


def _all(one: Step) -> float:
    return one.wait_us + one.work_us + one.untold_us
