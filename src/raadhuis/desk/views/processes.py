"""How work really flows: event logs, and for each a page on paper, a map, its ways, its time and its repeated work.

In: logs of room `lean`. Out: pages. Always holds: every figure is about the cases that the filter in the URL leaves,
and says how it was computed; nobody is named.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from raadhuis.catalogue import queries as catalogue
from raadhuis.desk.http import actor_of, attempt, see_other, staff_view
from raadhuis.desk.views import process_better, process_model
from raadhuis.desk.views.process_filter import Looking, looking
from raadhuis.desk.views.process_new import manager
from raadhuis.desk.views.process_words import called_of, language
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.lean import access, actions, coming, queries
from raadhuis.lean.drawing.choosing import choose
from raadhuis.lean.drawing.laying import lay
from raadhuis.lean.schema import Arc, Flow, LogView, ProcessMap

MOST_SHOWN = 10
FIRST_OF_WAY, LETTERS_OF_WAY = 8, 130
FIRST_STEPS, FIRST_MOVES, FIRST_BOXES = 90, 60, 10
"""What is drawn at first: so many percent, and no more boxes than fit on a screen."""


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not access.may_read(actor):
        raise NotAllowed
    return actor


@staff_view()
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which logs there are; who comes here is about to open one."""
    actor = _reader(request)
    queries.get_ready()
    may_manage = access.may_manage(actor)
    context = {
        "logs": queries.logs(),
        "coming": coming.all_of(actor) if may_manage else [],
        "may_manage": may_manage,
    }
    return render(request, "desk/processes.html", context)


@staff_view("POST")
def forget(request: HttpRequest, log: UUID) -> HttpResponseBase:
    """Throws a log away."""
    actor = manager(request)
    return attempt(
        lambda: actions.forget_log(log, actor),
        lambda: see_other("desk_processes", done="log-forgotten"),
        lambda problems, status: see_other("desk_processes"),
    )


@staff_view()
def log(request: HttpRequest, log: UUID) -> HttpResponseBase:
    """What there is to know, on one page that can be printed."""
    return _page(request, log, "", _in_short)


@staff_view()
def part(request: HttpRequest, log: UUID, part: str) -> HttpResponseBase:
    """One side of it, in full."""
    if part not in PARTS:
        raise Absent
    return _page(request, log, part, PARTS[part])


@staff_view()
def model_file(request: HttpRequest, log: UUID) -> HttpResponseBase:
    """The model of a log as BPMN 2.0, for other tools."""
    _reader(request)
    return process_model.download(request, queries.log(log), looking(request.GET))


def _page(
    request: HttpRequest, id: UUID, part: str, context: Callable[[HttpRequest, LogView, Looking], dict[str, Any]]
) -> HttpResponse:
    actor = _reader(request)
    found, looks = queries.log(id), looking(request.GET)
    shown = {
        "log": found,
        "looks": looks,
        "part": part,
        "activities": queries.activity_names(id),
        "may_manage": access.may_manage(actor),
        "called": called_of(found),
        "services": _services(found),
        **context(request, found, looks),
    }
    return render(request, f"desk/process_{PAGES[part]}.html", shown)


def _services(log: LogView) -> list[tuple[str, str]]:
    """(id, title) of our services, by which a journal can be filtered."""
    if log.kind == "imported":
        return []
    return [(one.id, one.title.in_(language())) for one in catalogue.services()]


def _in_short(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    found = queries.process_map(log.id, looks.filter)
    variants, called = queries.variants(log.id, looks.filter, 5), called_of(log)
    return {
        **_drawn(log, looks, found, (_first_steps(found), FIRST_MOVES)),
        "causes": queries.causes(log.id, looks.filter),
        "durations": queries.durations(log.id, looks.filter),
        "variants": variants,
        "paths": [(one.share, *_begin_of([called(step) for step in one.activities])) for one in variants.shown],
        "covered": next((n for n, one in enumerate(variants.shown, 1) if one.covered >= 0.5), 0),
        "waits": _longest(found.arcs)[:5],
        "rework": queries.rework(log.id, looks.filter),
        "findings": queries.findings(log.id),
    }


def _begin_of(steps: list[str]) -> tuple[list[str], bool]:
    """The first steps of a way, as many as fit in two lines on paper; and whether there are more."""
    shown = steps[:1]
    for step in steps[1:FIRST_OF_WAY]:
        if sum(map(len, shown)) + len(step) > LETTERS_OF_WAY:
            break
        shown.append(step)
    return shown, len(shown) < len(steps)


def _map(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    found = queries.process_map(log.id, looks.filter)
    steps = _percent(request, "stappen", _first_steps(found))
    return {**_drawn(log, looks, found, (steps, _percent(request, "paden", FIRST_MOVES))), "found": found}


def _drawn(log: LogView, looks: Looking, found: ProcessMap, shares: tuple[int, int]) -> dict[str, Any]:
    chosen = choose(found, *shares)

    return {
        "chosen": chosen,
        "drawing": lay(chosen, looks.along, called_of(log)),
        "steps": shares[0],
        "moves": shares[1],
    }


def _first_steps(found: ProcessMap) -> int:
    """The percentage that shows no more boxes than fit on a screen."""
    whole, told = sum(one.count for one in found.activities), 0
    for one in found.activities[:FIRST_BOXES]:
        told += one.count
    return min(FIRST_STEPS, told * 100 // whole) if whole else FIRST_STEPS


def _percent(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "")
    return min(int(text), 100) if text.isascii() and text.isdecimal() and len(text) < 4 else otherwise


def _variants(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    return {
        "variants": queries.variants(log.id, looks.filter, 30),
        "durations": queries.durations(log.id, looks.filter),
    }


def _time(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    found = queries.process_map(log.id, looks.filter)
    flows = queries.flows(log.id, looks.filter)
    return {
        "durations": queries.durations(log.id, looks.filter),
        "waits": _longest(found.arcs)[:MOST_SHOWN],
        "causes": queries.causes(log.id, looks.filter),
        "step_times": queries.step_times(log.id, looks.filter)[:30],
        "flows": flows,
        "months": _months(flows.days),
    }


def _longest(arcs: list[Arc]) -> list[tuple[Arc, float]]:
    """Where cases wait: arcs by all the time together that cases spend on them, with their share of all time."""
    spent = [(one, (one.times.mean or 0) * one.count) for one in arcs if one.times is not None]
    whole = sum(time for _, time in spent)
    spent.sort(key=lambda pair: (-pair[1], pair[0].source, pair[0].target))
    return [(one, time / whole) for one, time in spent if time > 0] if whole else []


def _months(days: list[Flow]) -> list[tuple[date, int, int, int]]:
    """(first of the month, cases that came, that were done, under way at its end)."""
    found: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for day in days:
        month = found[day.day.replace(day=1)]
        month[0] += day.arrivals
        month[1] += day.departures
        month[2] = day.backlog
    return [(month, *counted) for month, counted in sorted(found.items())]  # type: ignore[misc]


def _repeats(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    return {"rework": queries.rework(log.id, looks.filter)}


def _teams(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    load = queries.load(log.id, looks.filter)
    by_team: dict[str, list[int]] = defaultdict(list)
    for one in load:
        by_team[one.team].append(one.steps)
    teams = [(team, sum(steps), len(steps), max(steps)) for team, steps in by_team.items()]
    teams.sort(key=lambda row: (-row[1], row[0]))
    return {"handovers": queries.handovers(log.id, looks.filter), "teams": teams}


def _source(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    return {"findings": queries.findings(log.id)}


PARTS: dict[str, Callable[[HttpRequest, LogView, Looking], dict[str, Any]]] = {
    "kaart": _map,
    "varianten": _variants,
    "tijd": _time,
    "herhaling": _repeats,
    "teams": _teams,
    "logboek": _source,
    **process_better.SIDES,
    **process_model.SIDES,
}
PAGES = {
    "": "short",
    "kaart": "map",
    "varianten": "variants",
    "tijd": "time",
    "herhaling": "repeats",
    "teams": "teams",
    "logboek": "source",
    **process_better.PAGES,
    **process_model.PAGES,
}
