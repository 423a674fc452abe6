"""Filters: which cases of a log are looked at.

In: the tables and a Filter. Out: the tables with only those cases.
Always holds: a filter chooses whole cases, so that no figure is of half a case; what is set must all hold; names that
the log does not know leave nothing. How long cases may last is asked by the clock, also where figures count office
hours.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from raadhuis.lean.analyses.expressions import Tables, arcs_of
from raadhuis.lean.schema import Filter

_EPOCH = date(1970, 1, 1)
_NOBODY = -2


def filtered(t: Tables, chosen: Filter, activities: Mapping[str, int]) -> Tables:
    """The tables of the cases that `chosen` leaves; `activities`: the integer of each name."""
    if chosen == Filter():
        return t
    t = _chosen(t, chosen, activities)
    if chosen.hours:
        from raadhuis.lean import office

        return office.converted(t, chosen.hours)
    return t


def _chosen(t: Tables, chosen: Filter, activities: Mapping[str, int]) -> Tables:
    if msgspec.structs.replace(chosen, hours=None) == Filter():
        return t
    cases = _by_case(t.cases, chosen)
    if chosen == Filter(start=chosen.start, end=chosen.end, hours=chosen.hours):
        return _of_cases(t, cases, _in_period(t.arcs, chosen))
    for key, value in chosen.attributes:
        with_it = t.attributes.filter((t.attributes.key == key) & (t.attributes.value == value))
        cases = cases.semi_join(with_it, "case")
    for before, after in chosen.contains:
        steps = t.steps.filter(
            (t.steps.previous_activity == activities.get(before, _NOBODY))
            & (t.steps.activity == activities.get(after, _NOBODY))
        )
        cases = cases.semi_join(steps, "case")
    for name in chosen.activity:
        cases = cases.semi_join(t.steps.filter(t.steps.activity == activities.get(name, _NOBODY)), "case")
    return _of_cases(t, cases)


def _of_cases(t: Tables, cases: Any, arcs: Any = None) -> Tables:
    steps = t.steps.semi_join(cases, "case")
    spans = t.intervals.semi_join(cases, "case")
    return t._replace(steps=steps, cases=cases, arcs=arcs_of(steps) if arcs is None else arcs, intervals=spans)


def _in_period(table: Any, chosen: Filter) -> Any:
    """The rows of cases that began in the period."""
    if chosen.start is not None:
        table = table.filter(table.start_day >= (chosen.start - _EPOCH).days)
    if chosen.end is not None:
        table = table.filter(table.start_day <= (chosen.end - _EPOCH).days)
    return table


def _by_case(cases: Any, chosen: Filter) -> Any:
    cases = _in_period(cases, chosen)
    if chosen.variants:
        cases = cases.filter(cases.variant.isin(chosen.variants))
    if chosen.longer_us is not None:
        cases = cases.filter(cases.duration >= chosen.longer_us)
    if chosen.shorter_us is not None:
        cases = cases.filter(cases.duration <= chosen.shorter_us)
    return cases
