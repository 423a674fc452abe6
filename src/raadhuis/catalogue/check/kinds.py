"""What kind of value everything is that an expression can read: answers, registers, facts.

In: questions and facts of a definition. Out: Kinds by name. Always holds: a choice knows its options, a list knows what
it holds, an address or person knows its parts; so that a typing slip in an expression is found, not evaluated.
"""

from typing import Literal

import msgspec

from raadhuis.catalogue.questions import (
    AddressQuestion,
    AnyQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    DateTimeQuestion,
    DeclarationQuestion,
    FileQuestion,
    GroupQuestion,
    MoneyQuestion,
    Note,
    NumberQuestion,
    PlaceQuestion,
    TimeQuestion,
    YesNoQuestion,
)

Name = Literal["text", "number", "boolean", "date", "time", "datetime", "list", "record", "unknown"]


class Kind(msgspec.Struct, frozen=True):
    """`options` are all that a text can be (None: anything); `item` is what a list holds; `parts` those of a record.

    `low` and `high` bound a number; `whole` says that it has no decimals. `sure` is false for what a register or an
    optional question may leave unknown.
    """

    name: Name
    options: frozenset[str] | None = None
    item: "Kind | None" = None
    parts: "dict[str, Kind] | None" = None
    low: float | None = None
    high: float | None = None
    whole: bool = True
    sure: bool = True

    @property
    def words(self) -> str:
        """The kind as a person would say it."""
        return _WORDS[self.name]


_WORDS = {
    "text": "een tekst",
    "number": "een getal",
    "boolean": "ja of nee",
    "date": "een datum",
    "time": "een tijd",
    "datetime": "een dag met een tijd",
    "list": "een lijst",
    "record": "een gegeven met delen",
    "unknown": "onbekend",
}

TEXT, NUMBER, BOOLEAN, DATE = Kind("text"), Kind("number"), Kind("boolean"), Kind("date")
TIME, DATETIME, UNKNOWN = Kind("time"), Kind("datetime"), Kind("unknown")
_MAYBE = Kind("text", sure=False)
ADDRESS = Kind(
    "record",
    parts={
        "postcode": _MAYBE,
        "house_number": Kind("number", low=1, high=99999, sure=False),
        "house_letter": _MAYBE,
        "addition": _MAYBE,
        "street": _MAYBE,
        "city": _MAYBE,
        "neighbourhood": _MAYBE,
        "bag_id": _MAYBE,
        "lat": Kind("number", whole=False, sure=False),
        "lon": Kind("number", whole=False, sure=False),
    },
)
_PLACE = {
    "lat": Kind("number", whole=False, sure=False),
    "lon": Kind("number", whole=False, sure=False),
    "description": _MAYBE,
    "neighbourhood": _MAYBE,
    "address": _MAYBE,
}
PLACE = Kind("record", parts=_PLACE)
RELATIVE = Kind("record", parts={"id": TEXT, "label": TEXT, "birth_date": Kind("date", sure=False)})
FILES = Kind("list", item=Kind("record", parts={"id": TEXT, "name": TEXT, "size": NUMBER, "content_type": TEXT}))
MEMBER = Kind(
    "record",
    parts={
        "id": TEXT,
        "label": TEXT,
        "relation": Kind("text", options=frozenset({"partner", "child", "other"})),
        "birth_date": Kind("date", sure=False),
    },
)


def _unsure(kind: Kind) -> Kind:
    return msgspec.structs.replace(kind, sure=False)


REGISTERS: dict[str, Kind] = {
    "person": Kind(
        "record",
        sure=False,
        parts={
            "name": _MAYBE,
            "given_names": _MAYBE,
            "surname": _MAYBE,
            "birth_date": _unsure(DATE),
            "address": _unsure(ADDRESS),
            "since": _unsure(DATE),
            "email": _MAYBE,
            "secrecy": _unsure(BOOLEAN),
            "household": Kind("list", item=MEMBER, sure=False),
            "partners": Kind("list", item=RELATIVE, sure=False),
            "children": Kind("list", item=RELATIVE, sure=False),
        },
    ),
    "business": Kind(
        "record",
        sure=False,
        parts={
            "name": _MAYBE,
            "kvk": _MAYBE,
            "rsin": _MAYBE,
            "email": _MAYBE,
            "address": _unsure(ADDRESS),
        },
    ),
}
"""What `person` and `business` have, as intake fills them."""

EARLIER_GRANTED = Kind("number", low=0, high=100_000)


GIVEN = Kind("unknown", sure=False)
"""What a look-up gives: anything, or nothing."""


def of_question(question: AnyQuestion) -> Kind:
    """The kind of the answer to a question (see catalogue.questions)."""
    kind = _of(question)
    follows = isinstance(question, GroupQuestion) and bool(question.for_each)
    return kind if question.required and not follows else _unsure(kind)


def _of(question: AnyQuestion) -> Kind:
    match question:
        case NumberQuestion():
            return Kind("number", low=question.at_least, high=question.at_most, whole=question.decimals == 0)
        case MoneyQuestion():
            return Kind("number", low=question.at_least, high=question.at_most)
        case DateQuestion():
            return DATE
        case TimeQuestion():
            return TIME
        case DateTimeQuestion():
            return DATETIME
        case YesNoQuestion() | DeclarationQuestion():
            return BOOLEAN
        case ChoiceQuestion():
            return _choice(question)
        case ChoicesQuestion():
            return Kind("list", item=_choice(question))
        case AddressQuestion():
            return ADDRESS
        case PlaceQuestion():
            return msgspec.structs.replace(PLACE, parts={**_PLACE, **_drawn(question)})
        case FileQuestion():
            return FILES
        case GroupQuestion():
            asked = [part for part in question.questions if not isinstance(part, Note)]
            return Kind("list", item=Kind("record", parts={part.id: of_question(part) for part in asked}))
        case _:
            return TEXT


def _drawn(question: PlaceQuestion) -> dict[str, Kind]:
    """What a line or an area tells besides where it is."""
    points = Kind("list", item=Kind("list", item=Kind("number", whole=False)), sure=False)
    size = Kind("number", low=0, sure=False)
    line = {"line": points, "length": size} if "line" in question.shapes else {}
    return line | ({"area": points, "surface": size} if "area" in question.shapes else {})


def _choice(question: ChoiceQuestion | ChoicesQuestion) -> Kind:
    if question.options_from:
        return TEXT
    return Kind("text", options=frozenset(option.id for option in question.options))


def of_fact(type_: str) -> Kind:
    """The kind of a fact of this type; it may be unknown. What an object holds, its type does not tell."""
    if type_ == "object":
        return UNKNOWN
    return Kind(type_, sure=False)  # type: ignore[arg-type]
