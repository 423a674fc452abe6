"""Groups that follow a list (`for_each`): can each row be told apart, and can the list give what its columns ask?

In: a definition. Out: findings. Always holds: what is said of a list rests on what is known of it; of what a look-up
gives nothing is known, so nothing is said.
"""

from collections.abc import Iterator

from raadhuis.catalogue.check.kinds import TEXT, UNKNOWN, Kind, of_question
from raadhuis.catalogue.check.stations import Station, stations
from raadhuis.catalogue.check.typed import Typed
from raadhuis.catalogue.each import GIVABLE
from raadhuis.catalogue.questions import FileQuestion, GroupQuestion
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel.expressions import BadExpression, parse
from raadhuis.rules.schema import Finding

_OPTION = Kind("record", parts={"id": TEXT, "label": TEXT})
_TEXTS = frozenset({"text", "date", "time", "datetime"})


def following_findings(definition: Definition) -> Iterator[Finding]:
    """What cannot work in groups that follow a list, and settings of such groups on one that does not."""
    for station in stations(definition):
        if isinstance(station.item, GroupQuestion):
            yield from _group(station.item, station)


def _group(group: GroupQuestion, station: Station) -> Iterator[Finding]:
    path = station.path
    if not group.for_each:
        for name in ("given", "key") if group.given else ("key",) if group.key != "id" else ():
            message = f"`{name}` hoort bij een lijst die met een andere lijst meegroeit. Vul ook `for_each` in."
            yield Finding("not-following", f"{path}.{name}", message)
        return
    if group.at_least:
        message = "Hoeveel rijen er zijn, zegt de lijst van `for_each`. Haal `at_least` weg."
        yield Finding("bounds", f"{path}.at_least", message)
    for n, part in enumerate(group.questions):
        if isinstance(part, FileQuestion):
            message = "Een bestand hoort bij een vaste rij, en deze rijen komen en gaan. Vraag het buiten de groep."
            yield Finding("file-in-list", f"{path}.questions.{n}", message)
    yield from _given(group, path, _item(group, station))


def _item(group: GroupQuestion, station: Station) -> Kind:
    """What the list holds; unknown when that cannot be told."""
    try:
        found = Typed(parse(group.for_each), station.known, station.later).kind
    except BadExpression:  # Told where the expression itself stands.
        return UNKNOWN
    if found.name != "list" or found.item is None:
        return UNKNOWN
    return _OPTION if found.item.name in _TEXTS | {"list"} else found.item


def _given(group: GroupQuestion, path: str, item: Kind) -> Iterator[Finding]:
    yield from _part(group.key, f"{path}.key", item, frozenset({"text", "number", *_TEXTS}))
    columns = {part.id: part for part in group.questions}
    for name, field in group.given.items():
        where = f"{path}.given.{name}"
        column = columns.get(name)
        if column is None:
            message = f"{name!r} is geen vraag van deze groep. Er is: {', '.join(sorted(columns))}."
            yield Finding("unknown-question", where, message)
        elif not isinstance(column, GIVABLE):
            yield Finding("wrong-kind", where, f"Het antwoord op {name!r} kan een lijst niet geven: dat moet gevraagd.")
        else:
            wanted = of_question(column).name
            yield from _part(field, where, item, _TEXTS if wanted == "text" else frozenset({wanted}))
    if {part.id for part in group.questions} <= set(group.given):
        yield Finding("group-empty", path, "De lijst geeft alles al: in deze groep valt niets te vragen.", "warning")


def _part(name: str, path: str, item: Kind, wanted: frozenset[str]) -> Iterator[Finding]:
    if item.name != "record" or item.parts is None:
        return
    part = item.parts.get(name)
    if part is None:
        message = f"De lijst van `for_each` heeft geen deel {name!r}. Er is: {', '.join(sorted(item.parts))}."
        yield Finding("unknown-part", path, message)
    elif part.name not in {*wanted, "unknown"}:
        yield Finding("wrong-kind", path, f"{name!r} is {part.words}, en past hier niet.")
