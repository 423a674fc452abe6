"""Answers to whatever a form asks: those that were chosen, and for the rest the first that will do.

In: a definition and chosen answers by question id. Out: a Mapping that the filler reads. Always holds: an answer fits
its question; what was not chosen is answered with no, one, or the first option.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from raadhuis.catalogue.questions import (
    AddressQuestion,
    AnyQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    DateTimeQuestion,
    DeclarationQuestion,
    EmailQuestion,
    FileQuestion,
    GroupQuestion,
    MoneyQuestion,
    Note,
    NumberQuestion,
    PhoneQuestion,
    PlaceQuestion,
    TimeQuestion,
    YesNoQuestion,
)
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel import clock

DRAWN = [[5.099, 52.1017], [5.1, 52.1017], [5.1, 52.1025], [5.099, 52.1017]]
PLACE = {"lat": "52.1017", "lon": "5.099", "description": "Op het plein"}


class Answers(Mapping[str, Any]):
    """What somebody answers."""

    def __init__(self, definition: Definition, chosen: Mapping[str, Any]) -> None:
        self._questions = {q.id: q for page in definition.pages for q in page.questions if not isinstance(q, Note)}
        unknown = set(chosen) - set(self._questions)
        assert not unknown, f"no such questions: {sorted(unknown)}"
        self._chosen = chosen
        self._days = 60

    def __getitem__(self, name: str) -> Any:
        if name in self._chosen:
            return self._chosen[name]
        return self._of(self._questions[name])

    def __contains__(self, name: object) -> bool:
        return name in self._questions

    def __iter__(self) -> Iterator[str]:
        return iter(self._questions)

    def __len__(self) -> int:
        return len(self._questions)

    def _of(self, question: AnyQuestion) -> Any:
        match question:
            case GroupQuestion():
                row = {q.id: self._of(q) for q in question.questions if not isinstance(q, Note)}
                return [row] * max(question.at_least, 1 if question.required else 0)
            case ChoiceQuestion():
                return question.options[0].id if question.options else None
            case ChoicesQuestion():
                return [question.options[0].id] if question.required and question.options else []
            case YesNoQuestion():
                return False
            case DeclarationQuestion():
                return True
            case NumberQuestion():
                return question.at_least if question.at_least is not None else 1
            case MoneyQuestion():
                return max(question.at_least, 100)
            case DateQuestion():
                return (clock.today() + timedelta(days=-9000 if question.not_after else 60)).isoformat()
            case DateTimeQuestion():
                self._days += 1  # Each moment after the one before it.
                return f"{(clock.today() + timedelta(days=self._days)).isoformat()}T12:00"
            case TimeQuestion():
                return "12:00"
            case EmailQuestion():
                return "organisator@voorbeeld.example"
            case PhoneQuestion():
                return "0612345678"
            case AddressQuestion():
                return {"postcode": "3500 AA", "house_number": "1", "street": "Dorpsstraat", "city": "Waterrijk"}
            case PlaceQuestion():
                return PLACE | {shape: DRAWN for shape in question.shapes if shape != "point"}
            case FileQuestion():
                return [{"name": "plan.pdf"}]
            case _:
                return "12345678" if question.pattern else "Iets" if question.required else None
