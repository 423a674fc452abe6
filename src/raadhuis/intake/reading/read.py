"""The one door: reads any question, also a repeating group, and says when a required answer is missing."""

import re
from decimal import Decimal
from typing import Any

import msgspec

from raadhuis.catalogue import each
from raadhuis.catalogue.each import OF, Item
from raadhuis.catalogue.questions import (
    AnyQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    DeclarationQuestion,
    GroupQuestion,
    Note,
    PlaceQuestion,
)
from raadhuis.intake.reading import composed, moments, places, simple
from raadhuis.intake.reading.shapes import Context, Form, Reading, text_of, wrong
from raadhuis.kernel import plates
from raadhuis.kernel.expressions import parse

_READERS: dict[str, Any] = {
    "text": simple.read_text,
    "number": simple.read_number,
    "money": simple.read_money,
    "date": moments.read_date,
    "time": moments.read_time,
    "datetime": moments.read_datetime,
    "email": simple.read_email,
    "phone": simple.read_phone,
    "iban": simple.read_iban,
    "bsn": simple.read_bsn,
    "rsin": simple.read_rsin,
    "kvk": simple.read_kvk,
    "licence_plate": simple.read_plate,
    "yes_no": simple.read_yes_no,
    "declaration": simple.read_declaration,
    "choice": composed.read_choice,
    "choices": composed.read_choices,
    "address": composed.read_address,
    "place": places.read_place,
    "file": composed.read_file,
}
_FIRST_CONTROL = {"date": ".day", "datetime": ".day", "address": ".postcode", "place": ".q"}
_IN_PARTS = frozenset({"address", "place", "date", "datetime"})
MOST_ROWS = 200


def type_of(question: AnyQuestion) -> str:
    """The type as written in YAML."""
    return str(type(question).__struct_config__.tag)


def first_control(question: AnyQuestion, name: str) -> str:
    """The name of the control that an error about a missing answer points at."""
    return name + _FIRST_CONTROL.get(type_of(question), "")


def read_question(question: AnyQuestion, form: Form, name: str, context: Context) -> Reading:
    """Reads one question. A missing required answer is an error with rule "required"."""
    reading = _read(question, form, name, context)
    if question.messages and reading.errors:
        reading.errors = [_in_own_words(question, name, error, context) for error in reading.errors]
    return reading


def _in_own_words(
    question: AnyQuestion, name: str, error: tuple[str, str, str], context: Context
) -> tuple[str, str, str]:
    control, sentence, rule = error
    if isinstance(question, GroupQuestion) and control != name:  # The questions of a row have their own.
        return error
    return control, context.text(question.messages.get(rule)) or sentence, rule


def _read(question: AnyQuestion, form: Form, name: str, context: Context) -> Reading:
    if isinstance(question, GroupQuestion):
        return _group(question, form, name, context)
    reading: Reading = _READERS[type_of(question)](question, form, name, context)
    if reading.value is None and not reading.errors and question.required:
        missing = wrong(context, first_control(question, name), "required", *_missing(question, context), reading.typed)
        missing.options = reading.options
        return missing
    return reading


def _missing(question: AnyQuestion, context: Context) -> tuple[str, str]:
    label = context.text(question.label)
    if isinstance(question, DeclarationQuestion):
        return "Zet een vinkje om verder te gaan.", "Tick the box to go on."
    if isinstance(question, ChoiceQuestion | ChoicesQuestion) or type_of(question) == "yes_no":
        return f"Kies een antwoord bij: {label}", f"Choose an answer for: {label}"
    if type_of(question) == "file":
        return f"Voeg een bestand toe bij: {label}", f"Add a file for: {label}"
    if isinstance(question, PlaceQuestion) and "point" not in question.shapes:
        return (
            "Teken op de kaart, zoek adressen, of schrijf op waar het is.",
            "Draw on the map, search for addresses, or write down where it is.",
        )
    if isinstance(question, PlaceQuestion):
        return (
            "Kies een plek op de kaart, zoek een adres, of schrijf op waar het is.",
            "Choose a place on the map, search for an address, or write down where it is.",
        )
    return f"Vul in: {label}", f"Fill in: {label}"


def row_numbers(form: Form, name: str) -> list[int]:
    """Which rows of a group the form holds, from the names of its controls."""
    pattern = re.compile(rf"^{re.escape(name)}\.(\d{{1,4}})\.")
    found = {int(match.group(1)) for key in form.keys() if (match := pattern.match(str(key)))}  # noqa: SIM118
    return sorted(found)[:MOST_ROWS]


def visible_in_row(group: GroupQuestion, row: dict[str, Any], context: Context) -> list[AnyQuestion]:
    """The questions of a row whose condition holds, seen from that row."""
    env = {**context.env, **row}
    return [q for q in group.questions if not q.when or parse(q.when).truth(env) is True]


def _numbers(question: GroupQuestion, form: Form, name: str, context: Context) -> list[tuple[int, Item | None]]:
    """The rows to read by their number in the form, each with the item that it belongs to, if it follows a list."""
    numbers = row_numbers(form, name)
    if not question.for_each:
        return [(number, None) for number in numbers]
    shown = {text_of(form, f"{name}.{number}.row"): number for number in reversed(numbers)}
    return [(shown.get(item.key, -1), item) for item in each.items(question, context.env)]


def _group(question: GroupQuestion, form: Form, name: str, context: Context) -> Reading:
    reading = Reading(typed=[], value=[])
    asked = {part.id: part for part in question.questions if not isinstance(part, Note)}
    for place, (number, item) in enumerate(_numbers(question, form, name, context)):
        if number < 0:  # An item that came since the form was shown: nobody was asked about it yet.
            reading.came = True
            continue
        typed: dict[str, Any] = {OF: item.key} if item else {}
        value: dict[str, Any] = {**typed, **(item.given if item else {})}
        errors: list[tuple[str, str, str]] = []
        env = {**context.env, **(item.given if item else {})}
        inner = msgspec.structs.replace(context, env=env, questions={**context.questions, **asked})
        for part in asked.values():
            if (item and part.id in item.given) or (part.when and parse(part.when).truth(env) is not True):
                continue
            one = read_question(part, form, f"{name}.{number}.{part.id}", inner)
            typed[part.id] = one.typed
            if isinstance(part, PlaceQuestion) and one.options:
                reading.found = reading.found | {f"{name}.{place}.{part.id}": one.options}
            if one.value is not None:
                env[part.id] = value[part.id] = one.value
            # Rows are numbered anew when they are shown again, so the errors are too.
            errors += [
                (control.replace(f"{name}.{number}.", f"{name}.{place}.", 1), sentence, rule)
                for control, sentence, rule in one.errors
            ]
        reading.typed.append(typed)
        reading.value.append(value)
        reading.errors = reading.errors + errors
    reading.errors = _too_few_or_many(question, name, reading, context)
    reading.value = reading.value or None
    return reading


def _too_few_or_many(
    question: GroupQuestion, name: str, reading: Reading, context: Context
) -> list[tuple[str, str, str]]:
    """The errors of the rows, unless there are too many of them or, where nothing else is wrong, too few."""
    least = 0 if question.for_each else max(question.at_least, 1 if question.required else 0)
    if len(reading.value) > question.at_most:
        return wrong(
            context,
            name,
            "too-many",
            f"Er passen er hoogstens {question.at_most}.",
            f"There is room for at most {question.at_most}.",
        ).errors
    if not reading.errors and len(reading.value) < least:
        return wrong(
            context,
            name,
            "too-few",
            f"Voeg minstens {least} toe: {question.item.nl}.",
            f"Add at least {least}: {question.item.in_('en')}.",
        ).errors
    return reading.errors


def start_typed(question: AnyQuestion, value: Any) -> Any:
    """How a canonical answer stands in its controls."""
    kind = type_of(question)
    if value is None:
        return [] if kind in {"choices", "group", "file"} else {} if kind in _IN_PARTS else ""
    if kind in {"date", "datetime"}:
        day = {"day": value[8:10].lstrip("0"), "month": value[5:7].lstrip("0"), "year": value[:4]}
        return day if kind == "date" else day | {"time": value[11:16]}
    if kind == "money":
        return f"{value / 100:.2f}".replace(".", ",")
    if kind == "number":
        # Not "g": that keeps six figures, so that 10000.01 came back as 10000.
        return f"{Decimal(str(value)):f}".removesuffix(".0").replace(".", ",")
    if kind in {"yes_no", "declaration"}:
        return "yes" if value else "no"
    if kind == "licence_plate":
        return plates.written(str(value))
    if kind == "place":
        return places.typed_place(value)
    if kind == "address":
        return {part: str(content) for part, content in value.items() if content is not None}
    if isinstance(question, GroupQuestion):
        asked = [part for part in question.questions if not isinstance(part, Note)]
        return [{q.id: start_typed(q, row.get(q.id)) for q in asked} for row in value]
    return value
