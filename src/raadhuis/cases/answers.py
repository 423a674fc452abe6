"""Answers as sentences: how a stored answer reads on a screen, in a letter and in the overview.

In: a question of the definition and its canonical answer. Out: plain text in one language, never markup.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import (
    AnyQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    DeclarationQuestion,
    FileQuestion,
    GroupQuestion,
    NumberQuestion,
)
from raadhuis.kernel import plates, postcodes
from raadhuis.kernel.texts import Text

NONE = Text("Niet ingevuld", "Not filled in")
YES, NO = Text("Ja", "Yes"), Text("Nee", "No")
AGREED = Text("Akkoord", "Agreed")


def as_sentence(question: AnyQuestion, value: Any, language: str = "nl") -> str:
    """The answer as a person would say it."""
    if value is None or value == "" or value == [] or value == {}:
        return NONE.in_(language)
    render = _RENDER.get(str(type(question).__struct_config__.tag), _plain)
    return render(question, value, language)


def _plain(question: AnyQuestion, value: Any, language: str) -> str:
    return str(value)


def _number(question: AnyQuestion, value: Any, language: str) -> str:
    unit = question.unit.in_(language) if isinstance(question, NumberQuestion) and question.unit else ""
    return f"{format_decimal(value, locale=language)} {unit}".strip()


def money(cents: int, language: str = "nl") -> str:
    """An amount in cents: "€ 12,50"."""
    return str(format_currency(cents / 100, "EUR", locale=language)).replace("\xa0", " ")


def long_date(text: str, language: str = "nl") -> str:
    """ "2026-11-24" as "24 november 2026"."""
    return str(format_date(date.fromisoformat(text), "d MMMM y", locale=language))


def _date(question: AnyQuestion, value: Any, language: str) -> str:
    try:
        return long_date(str(value), language)
    except ValueError:
        return str(value)


def _datetime(question: AnyQuestion, value: Any, language: str) -> str:
    """ "2026-11-24T19:30" as "24 november 2026, 19:30"."""
    day, _, clock = str(value).partition("T")
    return f"{_date(question, day, language)}, {clock}"


def _choices(question: AnyQuestion, value: Any, language: str) -> str:
    chosen = value if isinstance(value, list) else [value]
    labels: dict[str, str] = {}
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        labels = {option.id: option.label.in_(language) for option in question.options}
    names = [c.get("label", c.get("id", "")) if isinstance(c, dict) else labels.get(str(c), str(c)) for c in chosen]
    return ", ".join(str(name) for name in names)


def _yes_no(question: AnyQuestion, value: Any, language: str) -> str:
    if isinstance(question, DeclarationQuestion):
        return AGREED.in_(language) if value is True else NO.in_(language)
    return (YES if value is True else NO).in_(language)


def address_line(value: Mapping[str, Any]) -> str:
    """ "Kade 3A-2, 9991 AB Waterrijk", with a no-break space in the postcode."""
    number = f"{value.get('house_number', '')}{value.get('house_letter', '') or ''}"
    if value.get("addition"):
        number += f"-{value['addition']}"
    spaced = postcodes.written(str(value.get("postcode", "") or ""))
    return ", ".join(
        p for p in (f"{value.get('street', '')} {number}".strip(), f"{spaced} {value.get('city', '')}".strip()) if p
    )


def _address(question: AnyQuestion, value: Any, language: str) -> str:
    return address_line(value) if isinstance(value, Mapping) else str(value)


def _place(question: AnyQuestion, value: Any, language: str) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    parts = [str(value.get(k)) for k in ("address", "description", "neighbourhood") if value.get(k)]
    if not parts and value.get("lat") is not None:
        parts = [f"{float(value['lat']):.5f}, {float(value['lon']):.5f}"]
    return postcodes.written("; ".join(parts))


def _file(question: AnyQuestion, value: Any, language: str) -> str:
    return ", ".join(str(f.get("name", "")) for f in value if isinstance(f, Mapping))


def _plate(question: AnyQuestion, value: Any, language: str) -> str:
    return plates.written(str(value))


def labelled(label: str, answer: str) -> str:
    """A label and its answer on one line: "Breedte: 12 meter", "Wie gaat er mee? Niemand"."""
    return f"{label} {answer}" if label.endswith("?") else f"{label}: {answer}"


def _phone(question: AnyQuestion, value: Any, language: str) -> str:
    """A Dutch mobile number as people write it: "06 12345678"; other numbers stay as they are."""
    number = str(value)
    return f"06 {number[4:]}" if number.startswith("+316") and len(number) == 12 else number


def _group(question: AnyQuestion, value: Any, language: str) -> str:
    if not isinstance(question, GroupQuestion):
        return ""
    rows = []
    for number, row in enumerate(value, 1):
        parts = [
            labelled(part.label.in_(language), as_sentence(part, row.get(part.id), language))
            for part in question.questions
            if row.get(part.id) not in (None, "", [])
        ]
        rows.append(f"{question.item.in_(language)} {number}: " + "; ".join(parts))
    return "\n".join(rows)


_RENDER: dict[str, Callable[[AnyQuestion, Any, str], str]] = {
    "number": _number,
    "money": lambda question, value, language: money(int(value), language),
    "date": _date,
    "datetime": _datetime,
    "choice": _choices,
    "choices": _choices,
    "yes_no": _yes_no,
    "declaration": _yes_no,
    "phone": _phone,
    "address": _address,
    "place": _place,
    "file": _file,
    "licence_plate": _plate,
    "group": _group,
}


def answer_lines(
    published: Published | None, data: Mapping[str, Any], language: str, only: list[str] | None = None
) -> list[tuple[str, str, str]]:
    """(question id, label, answer) for what was answered, in the order of the form; files are shown elsewhere."""
    if published is None:
        return []
    answers = data.get("answers", {})
    return [
        (question.id, question.label.in_(language), as_sentence(question, answers[question.id], language))
        for page in published.definition.pages
        for question in page.questions
        if question.id in answers and not isinstance(question, FileQuestion) and (not only or question.id in only)
    ]
