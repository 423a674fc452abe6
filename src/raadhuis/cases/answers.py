"""Answers as sentences: how a stored answer reads on a screen, in a letter and in the overview.

In: a question of the definition and its canonical answer. Out: plain text in one language, never markup. Texts of the
definition take answers, facts and registers in their `{places}`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from raadhuis.cases.schema import AnswerPage
from raadhuis.catalogue import facts
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
from raadhuis.kernel.texts import Text, fill_in

NONE = Text("Niet ingevuld", "Not filled in")
YES, NO = Text("Ja", "Yes"), Text("Nee", "No")
LINE = Text("lijn van ongeveer {size} meter", "line of about {size} metres")
AREA = Text("vlak van ongeveer {size} m²", "area of about {size} m²")
AGREED = Text("Akkoord", "Agreed")


MOST_SAID = 500
"""What fills a place is cut after this many characters: a place is for a name or a date, not for a story."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?")


class Known(msgspec.Struct, frozen=True):
    """What is known where a text is shown: answers, registers and facts (`env`); and what was asked, by id."""

    env: Mapping[str, Any] = {}
    questions: Mapping[str, AnyQuestion] = {}
    language: str = "nl"

    def text(self, text: Text | None, *, prose: bool = False) -> str:
        """The text in this language with its places filled; `prose` for texts that are shown with their markup."""
        return fill_in(text.in_(self.language), self.said, prose=prose) if text else ""

    def said(self, path: str) -> str:
        """What is known at this dotted path, as a sentence; "" for nothing."""
        first, *parts = path.split(".")
        question, value = self.questions.get(first), self.env.get(first)
        if isinstance(question, GroupQuestion) and parts:
            question = next((part for part in question.questions if part.id == parts[0]), None)
            value = [_part(row, parts) for row in value] if isinstance(value, list) else None
            return self._cut([self._one(question if not parts[1:] else None, one) for one in value or []])
        return self._cut([self._one(question if not parts else None, _part(value, parts))])

    def _one(self, question: AnyQuestion | None, value: Any) -> str:
        if value is None or value == "" or value == [] or value == {}:
            return ""
        return as_sentence(question, value, self.language, self) if question else _plainly(value, self.language)

    def _cut(self, said: list[str]) -> str:
        words = ", ".join(one for one in said if one)
        return words if len(words) <= MOST_SAID else f"{words[: MOST_SAID - 1]}…"

    def within(self, group: GroupQuestion, row: Mapping[str, Any]) -> "Known":
        """What is known in a row of a group."""
        inside = {part.id: part for part in group.questions}
        return Known({**self.env, **row}, {**self.questions, **inside}, self.language)


def _part(value: Any, parts: list[str]) -> Any:
    for part in parts:
        if isinstance(value, list):
            value = [one.get(part) for one in value if isinstance(one, Mapping)]
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _plainly(value: Any, language: str) -> str:
    """A fact or what a register said, as a person would say it."""
    if isinstance(value, bool):
        return (YES if value else NO).in_(language)
    if isinstance(value, int | float):
        return str(format_decimal(value, locale=language))
    if isinstance(value, list):
        return ", ".join(said for one in value if (said := _plainly(one, language)))
    if isinstance(value, Mapping):
        return address_line(value) if value.get("postcode") else str(value.get("label") or value.get("name") or "")
    text = "" if value is None else str(value)
    found = _DAY.fullmatch(text)
    if not found:
        return text
    return _datetime(None, text, language) if found.group(1) else _date(None, text, language)


def as_sentence(question: AnyQuestion, value: Any, language: str = "nl", known: Known | None = None) -> str:
    """The answer as a person would say it; `known` fills labels within it, and names options from elsewhere."""
    if value is None or value == "" or value == [] or value == {}:
        return NONE.in_(language)
    known = known or Known(language=language)
    if isinstance(question, GroupQuestion):
        return _group(question, value, known)
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        return _choices(question, value, known)
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


def _date(question: AnyQuestion | None, value: Any, language: str) -> str:
    try:
        return long_date(str(value), language)
    except ValueError:
        return str(value)


def _datetime(question: AnyQuestion | None, value: Any, language: str) -> str:
    """ "2026-11-24T19:30" as "24 november 2026, 19:30"."""
    day, _, clock = str(value).partition("T")
    return f"{_date(question, day, language)}, {clock}"


def _choices(question: ChoiceQuestion | ChoicesQuestion, value: Any, known: Known) -> str:
    chosen = value if isinstance(value, list) else [value]
    labels = {option.id: known.text(option.label) for option in question.options}
    labels |= dict(facts.given_options(question, known.env))
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
    if drawn := _drawn(value, language):
        parts.insert(0, drawn)
    elif not parts and value.get("lat") is not None:
        parts = [f"{float(value['lat']):.5f}, {float(value['lon']):.5f}"]
    return postcodes.written("; ".join(parts))


def _drawn(value: Mapping[str, Any], language: str) -> str:
    """How large a line or an area is; "" for a point."""
    for part, size, text in (("line", "length", LINE), ("area", "surface", AREA)):
        if value.get(part):
            return text.in_(language).format(size=format_decimal(_about(int(value[size])), locale=language))
    return ""


def _about(size: int) -> int:
    """A drawing is no measurement: two digits say enough."""
    return int(float(f"{size:.2g}"))


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


def _group(question: GroupQuestion, value: Any, known: Known) -> str:
    rows, language = [], known.language
    for number, row in enumerate(value, 1):
        inside = known.within(question, row)
        parts = [
            labelled(inside.text(part.label), as_sentence(part, row.get(part.id), language, inside))
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
    "yes_no": _yes_no,
    "declaration": _yes_no,
    "phone": _phone,
    "address": _address,
    "place": _place,
    "file": _file,
    "licence_plate": _plate,
}


def known_of(published: Published, data: Mapping[str, Any], language: str) -> Known:
    """What is known in a case: its registers, answers and facts."""
    env = {**data.get("registers", {}), **data.get("answers", {}), **data.get("facts", {})}
    return Known(env, facts.plan(published.definition).questions, language)


def answer_pages(
    published: Published | None, data: Mapping[str, Any], language: str, only: list[str] | None = None
) -> list[AnswerPage]:
    """What was answered, by page of the form and in its order; files are shown elsewhere. `only`: these questions."""
    if published is None:
        return []
    answers, known = data.get("answers", {}), known_of(published, data, language)
    pages = []
    for page in published.definition.pages:
        lines = [
            (question.id, known.text(question.label), as_sentence(question, answers[question.id], language, known))
            for question in page.questions
            if question.id in answers and not isinstance(question, FileQuestion) and (not only or question.id in only)
        ]
        if lines:
            pages.append(AnswerPage(known.text(page.title), lines))
    return pages


def answer_lines(
    published: Published | None, data: Mapping[str, Any], language: str, only: list[str] | None = None
) -> list[tuple[str, str, str]]:
    """(question id, label, answer) for what was answered, in the order of the form; files are shown elsewhere."""
    return [line for page in answer_pages(published, data, language, only) for line in page.lines]
