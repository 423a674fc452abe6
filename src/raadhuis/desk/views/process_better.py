"""What could be better about how work flows: waste, what makes slow, what changed, how long it still takes.

In: a log and a filter. Out: what the templates of these sides show. Always holds: codes of our own journal become the
words of the service's definition, in the language of the page; of what is in no definition any more, the code stays.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from babel import Locale
from django.http import HttpRequest
from django.utils.translation import gettext

from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.schema import Definition
from raadhuis.desk.views.process_filter import Looking
from raadhuis.desk.views.process_words import called_of, language
from raadhuis.kernel.durations import HOUR
from raadhuis.lean.dots import EDGE, HEIGHT, WIDTH, dots
from raadhuis.lean.drawing.laying import wrapped
from raadhuis.lean.drawing.streaming import room_for
from raadhuis.lean.drift import drift
from raadhuis.lean.prediction.queries import prediction
from raadhuis.lean.prediction.shapes import FEWEST_CASES
from raadhuis.lean.schema import LogView
from raadhuis.lean.slow import slow
from raadhuis.lean.stream import value_stream
from raadhuis.lean.waste.queries import waste

# So many letters of a name fit on one line of a box of the value stream.
BOX_LETTERS = 20
Side = Callable[[HttpRequest, LogView, Looking], dict[str, Any]]


class Words:
    """How services, pages, questions and results are called; asked once for a page of figures."""

    def __init__(self) -> None:
        self._definitions = {
            line.id: catalogue.by_version_id(line.version_id).definition for line in catalogue.services()
        }
        self._of = cache(self._words_of)

    def service(self, id: str) -> str:
        """The title of a service."""
        return self._of(id)["", id]

    def page(self, service: str, id: str) -> str:
        """The title of a page of its form."""
        return self._of(service).get(("page", id), id)

    def question(self, service: str, id: str) -> str:
        """What a question asks."""
        return self._of(service).get(("question", id), id)

    def outcome(self, service: str, id: str) -> str:
        """How a task ended or what a decision came to, as it is called."""
        return _outcomes().get(id) or self._of(service).get(("result", id), id)

    def any_outcome(self, id: str) -> str:
        """The same when the service is not known: as the first that has such a result calls it."""
        return next(
            (found for one in self._definitions if (found := self.outcome(one, id)) != id), _outcomes().get(id, id)
        )

    def _words_of(self, service: str) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {("", service): service}
        definition = self._definitions.get(service)
        return found | _titles(definition) if definition else found


def _outcomes() -> dict[str, str]:
    return {
        "done": gettext("klaar"),
        "approved": gettext("getekend"),
        "returned": gettext("teruggegeven"),
        "positive": gettext("positief advies"),
        "negative": gettext("negatief advies"),
        "grant": gettext("toegekend"),
        "refuse": gettext("afgewezen"),
    }


def _titles(definition: Definition) -> dict[tuple[str, str], str]:
    now = language()
    found = {("", definition.id): definition.title.in_(now)}
    for page in definition.pages:
        found["page", page.id] = page.title.in_(now)
        found |= {("question", one.id): one.label.in_(now) for one in page.questions}
    return found | {("result", one.key): one.text.in_(now) for one in definition.zaaktype.resultaattypen}


def _waste(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    return {"waste": waste(log.id, looks.filter), "words": Words()}


def _stream(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    stream, called = value_stream(log.id, looks.filter), called_of(log)
    named = [(one, wrapped(called(one.activity), BOX_LETTERS)) for one in stream.boxes]
    lines = max((len(words) for _, words in named), default=1)
    return {"stream": stream, "named": named, "room": room_for(len(named), lines)}


def _slow(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    return {"slow": slow(log.id, looks.filter), "trait": trait_of(log)}


def trait_of(log: LogView) -> Callable[[Any], str]:
    """What gives a trait of cases its words."""
    called, words = called_of(log), Words()
    weekdays = Locale(language()).days["format"]["wide"]

    def said(one: Any) -> str:
        if one.kind == "activity":
            return gettext("met de stap '%(step)s'") % {"step": called(one.value)}
        if one.kind == "team":
            return gettext("eerst bij team %(team)s") % {"team": one.value}
        if one.kind == "weekday":
            return gettext("binnengekomen op %(day)s") % {"day": weekdays[int(one.value)]}
        if log.kind != "imported" and one.key == "service":
            return words.service(one.value)
        if log.kind != "imported" and one.key == "service_version":
            return gettext("versie %(n)s van de dienst") % {"n": one.value}
        return f"{one.key}: {one.value}"

    return said


def _drift(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    return {"drift": drift(log.id, looks.filter), "trait": trait_of(log)}


def _prediction(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    model = prediction(log.id, looks.filter)
    # After some steps all that is left happens at once: that tells nobody anything.
    states = [one for one in model.states if one.activity and not one.nth and one.left[-1] > HOUR] if model else []
    states.sort(key=lambda one: (-one.cases, one.activity))
    return {"model": model, "states": states[:30], "fewest": FEWEST_CASES}


def _dots(request: HttpRequest, log: LogView, looks: Looking) -> dict[str, Any]:
    by_case = request.GET.get("vanaf") == "zaak"
    found = dots(log.id, looks.filter, by_case=by_case)
    return {"dots": found, "by_case": by_case, "size": (WIDTH, HEIGHT), "edge": EDGE}


SIDES: dict[str, Side] = {
    "verspilling": _waste,
    "traag": _slow,
    "veranderingen": _drift,
    "voorspelling": _prediction,
    "waardestroom": _stream,
    "stippen": _dots,
}
PAGES = {
    "verspilling": "waste",
    "traag": "slow",
    "veranderingen": "drift",
    "voorspelling": "prediction",
    "waardestroom": "stream",
    "stippen": "dots",
}
