"""The `{places}` in what a form says: does each refer to something that is known there, and can it be said in words?

In: a definition. Out: findings "unknown-place".
"""

from collections.abc import Iterator

from raadhuis.catalogue.check.stations import Station, stations
from raadhuis.catalogue.check.typed import Typed
from raadhuis.catalogue.questions import ChoiceQuestion, ChoicesQuestion, Note
from raadhuis.catalogue.schema import Definition, Page
from raadhuis.kernel.expressions import BadExpression, parse
from raadhuis.kernel.texts import Text, places
from raadhuis.rules.schema import Finding


def place_findings(definition: Definition) -> Iterator[Finding]:
    """Places of pages, questions, options and notes that refer to nothing, or to what is known only later."""
    for station in stations(definition):
        for path, text in _texts(station):
            for language in ("nl", "en"):
                for name in dict.fromkeys(places(getattr(text, language))):
                    if problem := _problem(name, station):
                        yield Finding("unknown-place", f"{station.path}.{path}.{language}", problem)


def _texts(station: Station) -> Iterator[tuple[str, Text]]:
    item = station.item
    if isinstance(item, Page):
        if station.end:
            yield from ((f"checks.{number}.text", check.text) for number, check in enumerate(item.checks))
            return
        yield "title", item.title
        yield from [("intro", item.intro)] if item.intro else []
        return
    yield "label", item.label
    if isinstance(item, Note):
        return
    yield from [("help", item.help)] if item.help else []
    yield from ((f"messages.{rule}", text) for rule, text in item.messages.items())
    if isinstance(item, ChoiceQuestion | ChoicesQuestion):
        for number, option in enumerate(item.options):
            yield f"options.{number}.label", option.label
            yield from [(f"options.{number}.help", option.help)] if option.help else []


def _problem(name: str, station: Station) -> str:
    try:
        typed = Typed(parse(name), station.known, station.later)
    except BadExpression as error:
        return f"{{{name}}} is geen naam van een vraag of feit: {error}."
    if typed.problems:
        return f"{{{name}}} wordt niet ingevuld: {typed.problems[0][1]}"
    if (
        typed.kind.name == "record"
        and typed.kind.parts
        and not {"postcode", "description", "label"} & {*typed.kind.parts}
    ):
        return f"{{{name}}} is {typed.kind.words}. Noem er een van: {', '.join(sorted(typed.kind.parts))}."
    return ""
