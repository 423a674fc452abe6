"""The value that a question shows at first: could somebody have given it?

In: a question. Out: findings "default". Always holds: what is agreed with, sent along or identifies somebody is never
filled in for them.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from raadhuis.catalogue.questions import (
    AnyQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    DateTimeQuestion,
    EmailQuestion,
    MoneyQuestion,
    NumberQuestion,
    PhoneQuestion,
    TextQuestion,
    TimeQuestion,
    YesNoQuestion,
)
from raadhuis.rules.schema import Finding

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")


def default_findings(question: AnyQuestion, path: str) -> Iterator[Finding]:
    """What is wrong with the `default` of a question."""
    value = getattr(question, "default", None)
    if value is not None and (wanted := _wanted(question, value)):
        yield Finding("default", f"{path}.default", f"{value!r} kan hier niet vooraf staan: {wanted}.")


def _wanted(question: AnyQuestion, value: Any) -> str:
    """What should stand there instead; "" when the value is right."""
    text = value if isinstance(value, str) else ""
    right, words = False, "deze soort vraag krijgt geen beginwaarde"
    match question:
        case TextQuestion():
            right, words = 0 < len(text) <= question.max_length, f"een tekst van hoogstens {question.max_length} tekens"
        case NumberQuestion() | MoneyQuestion():
            return _wanted_number(question, value)
        case DateQuestion():
            right, words = _reads(date.fromisoformat, text, 10), "een datum als 2026-07-01"
        case DateTimeQuestion():
            right, words = _reads(datetime.fromisoformat, text, 16), "een dag met een tijd, als 2026-07-01T09:00"
        case TimeQuestion():
            right, words = bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text)), "een tijd als 09:00"
        case YesNoQuestion():
            right, words = isinstance(value, bool), "true of false"
        case ChoiceQuestion():
            right, words = _are_options(question, [value]), "het id van een van de opties"
        case ChoicesQuestion():
            right = isinstance(value, list) and 0 < len(value) <= question.at_most and _are_options(question, value)
            words = "een lijst met id’s van opties"
        case EmailQuestion():
            right, words = bool(_EMAIL.fullmatch(text)), "een e-mailadres"
        case PhoneQuestion():
            right, words = bool(re.fullmatch(r"\+[1-9]\d{6,14}", text)), "een telefoonnummer als +31612345678"
    return "" if right else words


def _wanted_number(question: NumberQuestion | MoneyQuestion, value: Any) -> str:
    whole = isinstance(question, MoneyQuestion) or question.decimals == 0
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return "een heel aantal centen" if isinstance(question, MoneyQuestion) else "een getal dat hier past"
    low, high = question.at_least, question.at_most
    fits = (low is None or value >= low) and (high is None or value <= high)
    return "" if fits else "een getal tussen at_least en at_most"


def _are_options(question: ChoiceQuestion | ChoicesQuestion, chosen: list[Any]) -> bool:
    known = {option.id for option in question.options}
    return all(isinstance(one, str) and (bool(question.options_from) or one in known) for one in chosen)


def _reads(reader: Any, text: str, length: int) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return len(text) == length
