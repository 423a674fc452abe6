"""What of the work helps nobody: steps that change nothing, questions that go wrong, papers that were missing.

In: the id of a log and a Filter. Out: the shapes of `waste.shapes`. docs/lean.md says how each is computed.
Always holds: what is called needless was so in NEARLY_ALWAYS of at least FEWEST_STEPS; how many others still fit what
was seen stands beside it.
"""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from raadhuis.lean import days, queries
from raadhuis.lean.certainty import wilson
from raadhuis.lean.schema import FEWEST_PERSONS, Filter
from raadhuis.lean.waste.shapes import Check, Incomplete, Leaving, Question, Ruled, Waste

NEARLY_ALWAYS = 0.99
# Of fifty that all ended the same, up to 7 in 100 may still be otherwise: fewer tell too little.
FEWEST_STEPS = 50
MOST_SHOWN = 50
_DONE = "done"


def waste(id: UUID, chosen: Filter = queries.NOTHING) -> Waste:
    """Everything that a log tells of waste, in time by the clock. Raises Absent."""
    run, e, t = queries.asked(id, queries.by_the_clock(chosen))
    steps = _steps(run, e, t)
    folder = queries.journal_of(id)
    if folder is None or not any((folder / "events").glob("*/*.parquet")):
        return Waste(False, checks(steps, {}, _next(run, e, t)), [], [], [], [])
    from raadhuis.lean.analyses.running import sql_of
    from raadhuis.lean.waste.journal import Journal

    service = next((value for key, value in chosen.attributes if key == "service"), "")
    journal = Journal(run, folder, sql_of(t.cases.select("name")), _begun(chosen), service)
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for task, outcome, count in journal.outcomes():
        told[task][outcome] += count
    decisions = journal.decisions()
    no_check = {row[2] for row in decisions} | journal.acts()
    tasks = {name: one for name, one in steps.items() if "." not in name and name not in no_check}
    return Waste(
        True,
        checks(tasks, told, _next(run, e, t)),
        _questions(journal),
        _leaving(journal),
        _incomplete(journal),
        ruled(decisions),
    )


def checks(
    steps: dict[str, tuple[int, ...]], told: dict[str, Counter[str]], following: dict[str, Counter[str]]
) -> list[Check]:
    """The steps with which nearly always the same follows, most costly first.

    `steps`: name → (cases, steps, touch, wait, untold time, begins); `told`: outcomes of tasks; `following`: what came
    next. A task that can only be done, and a step of another system, are judged by what came next; what begins or ends
    a case is no check.
    """
    found = []
    for name, (cases, _, touch, wait, untold, begins) in steps.items():
        outcomes = told.get(name, Counter())
        by = "outcome" if set(outcomes) - {_DONE} else "next"
        seen = outcomes if by == "outcome" else following.get(name, Counter())
        if not seen or (by == "next" and 2 * begins > cases):
            continue
        whole = sum(seen.values())
        outcome, same = seen.most_common(1)[0]
        if whole < FEWEST_STEPS or same < NEARLY_ALWAYS * whole or not outcome:
            continue
        others = wilson(whole - same, whole)[1]
        found.append(Check(name, cases, whole, same, outcome, by, others, touch, wait, untold))
    found.sort(key=lambda one: (one.told != "outcome", -one.wait_us - one.touch_us - one.untold_us, one.activity))
    return found[:MOST_SHOWN]


def ruled(decisions: list[tuple[Any, ...]]) -> list[Ruled]:
    """Where persons nearly always decide the same when the journal tells the same, most cases first."""
    groups: dict[tuple[str, int, str, tuple[str, ...]], list[tuple[str, int, int]]] = defaultdict(list)
    automatic: Counter[str] = Counter()
    for service, version, task, before, result, count, wait in decisions:
        if task:
            groups[service, version or 0, task, tuple(before)].append((result, count, wait))
        else:
            automatic[service] += count
    found = []
    for (service, version, task, before), results in groups.items():
        whole = sum(count for _, count, _ in results)
        result, same, _ = max(results, key=lambda one: one[1])
        if whole < FEWEST_STEPS or same < NEARLY_ALWAYS * whole:
            continue
        steps = [(name, outcome) for name, _, outcome in (one.partition("=") for one in before)]
        others, wait = wilson(whole - same, whole)[1], sum(one[2] for one in results)
        found.append(Ruled(service, version, task, steps, whole, same, result, others, wait, automatic[service]))
    found.sort(key=lambda one: (-one.cases, one.service, one.version, one.task))
    return found[:MOST_SHOWN]


def _steps(run: Any, e: Any, t: Any) -> dict[str, tuple[int, ...]]:
    names = run.named("activities")
    cases = {place: in_cases for place, _, in_cases in run.rows(e.activities(t))}
    begins = dict(run.rows(e.begins(t)))
    return {
        names[place]: (cases[place], count, int(touch), int(wait), int(untold), begins.get(place, 0))
        for place, count, touch, wait, _, untold in run.rows(e.step_times(t))
    }


def _next(run: Any, e: Any, t: Any) -> dict[str, Counter[str]]:
    """What came after each activity; "" where the case ended."""
    names = run.named("activities")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for before, after, count in run.rows(e.follows(t)):
        found[names[before]][names[after]] = count
    for place, count in run.rows(e.ends(t)):
        found[names[place]][""] = count
    return found


def _begun(chosen: Filter) -> tuple[int, int]:
    """The moments between which an application must have been begun."""
    first = days.begin_of(days.day_of(chosen.start)) if chosen.start else -(1 << 62)
    return first, days.begin_of(days.day_of(chosen.end) + 1) if chosen.end else 1 << 62


def _questions(journal: Any) -> list[Question]:
    shown, lost = journal.shown(), journal.lost()
    found = [
        Question(service, page, question, shown[service, page], count, times, rule, lost.get((service, page)))
        for service, page, question, count, times, rule in journal.refused()
    ]
    found.sort(key=lambda one: (-one.applications / one.shown, one.service, one.page, one.question))
    return found[:MOST_SHOWN]


def _leaving(journal: Any) -> list[Leaving]:
    shown = journal.shown()
    found = [
        Leaving(service, page, max(shown.get((service, page), 0), count), count, spent or 0.0)
        for service, page, count, spent in journal.left()
    ]
    found.sort(key=lambda one: (-one.left, one.service, one.page))
    return found[:MOST_SHOWN]


def _incomplete(journal: Any) -> list[Incomplete]:
    cases = journal.cases_by_service()
    found = [
        Incomplete(service, task, cases.get(service, asked), asked, times, answered, wait, half)
        for service, task, asked, times, answered, wait, half in journal.asked()
        if cases.get(service, 0) >= FEWEST_PERSONS
    ]
    found.sort(key=lambda one: (-one.wait_us, one.service, one.task))
    return found[:MOST_SHOWN]
