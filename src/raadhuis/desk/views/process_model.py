"""What may happen in a process, as a model, and whether cases go as agreed.

In: a log and a filter. Out: what the templates of these sides show, and the model as a file for other tools.
Always holds: at most MOST_STEPS kinds of steps are in the model, the most frequent, and the page says so; cases of a
journal are held against what their service declares, those of other systems against the model of all of them.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from raadhuis.catalogue import queries as catalogue
from raadhuis.desk.views.process_filter import Looking
from raadhuis.desk.views.process_words import called_of, language
from raadhuis.lean import queries
from raadhuis.lean.drawing.choosing import choose
from raadhuis.lean.drawing.laying import lay
from raadhuis.lean.schema import Filter, LogView

MOST_STEPS, FIRST_STEPS, FIRST_NOISE = 60, 12, 20
"""What is drawn at first fits on some screens; nobody reads more than sixty."""
MAP_STEPS, MAP_MOVES = 90, 60
_Side = Callable[[HttpRequest, LogView, Looking], dict[str, Any]]


def _number(request: HttpRequest, name: str, otherwise: int, bounds: tuple[int, int]) -> int:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        return otherwise
    return min(max(int(text), bounds[0]), bounds[1])


def _asked(request: HttpRequest) -> tuple[int, int]:
    """How rare is left out, in percents, and how many kinds of steps are looked at."""
    noise = _number(request, "zeldzaam", FIRST_NOISE, (0, 100))
    return noise, _number(request, "soorten", FIRST_STEPS, (2, MOST_STEPS))


# Ibis, DuckDB and numpy are loaded with what these functions ask: a process that shows no figures does not pay that.
def _model(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    from raadhuis.lean.discovery.diagrams import diagram_of, place
    from raadhuis.lean.discovery.queries import model

    noise, most = _asked(request)
    found = model(log.id, looks.filter, noise / 100, most)
    names = {name: called_of(log)(name) for name in found.tree.activities()}
    return {
        "model": found,
        "noise": noise,
        "most": most,
        "placed": place(diagram_of(found.tree), names, down=True),
        "words": in_words(found.tree, called_of(log)),
    }


def in_words(tree: Any, called: Callable[[str], str]) -> list[tuple[str, str]]:
    """A process tree as numbered lines: what stands under 2 is 2.1, 2.2 and so on."""
    children = tree.children if tree.operator == "sequence" else (tree,)
    return [line for n, one in enumerate(children, 1) for line in _lines(one, str(n), called)]


def _lines(tree: Any, number: str, called: Callable[[str], str]) -> list[tuple[str, str]]:
    said = []
    while True:
        silent = [one.operator == "silent" for one in tree.children]
        if tree.operator == "choice" and silent == [True, False]:
            said.append(gettext("soms"))
            tree = tree.children[1]
        elif tree.operator == "loop" and silent[1]:
            said.append(gettext("een of meer keer"))
            tree = tree.children[0]
        else:
            break
    if not tree.children:
        said.append(called(tree.name) if tree.name else gettext("niets"))
        return [(number, _sentence(said[:-1]) + ": " + said[-1] if said[:-1] else said[-1])]
    kinds = {
        "sequence": gettext("na elkaar"),
        "choice": gettext("hoogstens één van deze") if silent[0] else gettext("één van deze"),
        "parallel": gettext("allemaal, in welke volgorde ook"),
        "loop": gettext("een of meer keer het eerste, met daartussen steeds het tweede"),
    }
    shown = [one for one in tree.children if one.operator != "silent"]
    lines = [line for n, one in enumerate(shown, 1) for line in _lines(one, f"{number}.{n}", called)]
    return [(number, _sentence([*said, kinds[tree.operator]]) + ":"), *lines]


def _sentence(said: list[str]) -> str:
    words = ", ".join(said)
    return words[:1].upper() + words[1:]


def download(request: HttpRequest, log: LogView, looks: Looking) -> HttpResponse:
    """The model as BPMN 2.0."""
    from raadhuis.lean.discovery.diagrams import diagram_of, place
    from raadhuis.lean.discovery.queries import model
    from raadhuis.lean.discovery.writing import bpmn

    noise, most = _asked(request)
    found, called = model(log.id, looks.filter, noise / 100, most), called_of(log)
    placed = place(diagram_of(found.tree), {name: called(name) for name in found.tree.activities()})
    response = HttpResponse(bpmn(placed, log.name, called), content_type="application/xml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="proces.bpmn"'
    return response


def _agreed(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    from raadhuis.lean.conformance.queries import conformance

    if log.kind != "imported":
        return _as_declared(log, looks)
    noise, most = _asked(request)
    found = conformance(log.id, looks.filter, noise / 100, most)
    return {"found": found, "noise": noise, "most": most, "declared": None, "terms": None}


def _as_declared(log: LogView, looks: Looking) -> dict[str, Any]:
    """The cases of a journal: of one service, the one that is filtered on or else the one with most cases."""
    from raadhuis.lean.conformance.declared import diagram_of_flow
    from raadhuis.lean.conformance.queries import declared, kept_terms
    from raadhuis.lean.discovery.diagrams import place

    known = {one.id: one.title.in_(language()) for one in catalogue.services()}
    service = looks.typed["dienst"] or _busiest(log.id, looks.filter, list(known))
    if service not in known:
        return {"found": None, "terms": None, "declared": None}
    others = tuple(pair for pair in looks.filter.attributes if pair[0] != "service")
    only = _replaced(looks.filter, (*others, ("service", service)))
    intended, called = declared(log.id, service, only), called_of(log)
    names = {name: called(name) for name in intended.flow.activities}
    return {
        "found": intended.found.conformance,
        "declared": intended.found,
        "service": known[service],
        "service_id": service,
        "placed": place(diagram_of_flow(intended.flow), names, down=True),
        "drawing": _as_it_goes(log, only, looks),
        "terms": kept_terms(log.id, only),
    }


def _as_it_goes(log: LogView, only: Filter, looks: Looking) -> Any:
    found = queries.process_map(log.id, only)
    return lay(choose(found, MAP_STEPS, MAP_MOVES), looks.along, called_of(log))


def _busiest(id: UUID, chosen: Filter, services: list[str]) -> str:
    """The service with most cases of those that are looked at."""
    cases = {
        one: queries.durations(id, _replaced(chosen, (*chosen.attributes, ("service", one)))).cases for one in services
    }
    return max(cases, key=lambda one: (cases[one], one), default="")


def _replaced(chosen: Filter, attributes: tuple[tuple[str, str], ...]) -> Filter:
    return msgspec.structs.replace(chosen, attributes=attributes)


SIDES: dict[str, _Side] = {"model": _model, "afspraak": _agreed}
PAGES = {"model": "model", "afspraak": "agreed"}
