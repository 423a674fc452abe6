"""The types of question a service can ask. One struct a type; the `type` field in YAML chooses it.

Always holds: a question's `id` is unique within its service and is the name by which expressions, prefill,
letters and tables refer to its answer. Shapes of answers (canonical JSON):

| type | answer |
|---|---|
| text, email, phone (E.164), iban, bsn, rsin, kvk, licence_plate (no hyphens) | str |
| number | int or float; money: int, in cents |
| date "YYYY-MM-DD", time "HH:MM", datetime "YYYY-MM-DDTHH:MM" (the clock of Amsterdam) | str |
| choice | str (the option's id); choices: list of str |
| yes_no, declaration | bool |
| address | {postcode, house_number, house_letter, addition, street, city, neighbourhood, bag_id, lat, lon} |
| place | {lat, lon, description, neighbourhood, address}; a line has {line, length} too, an area {area, surface} |
| file | list of {id, name, size, content_type} |
| group | list of {question id: answer} |
| note | none: it is read, not answered |

`line` and `area` are lists of [lon, lat] in degrees, as in GeoJSON; an area ends where it begins. `length` is in
metres, `surface` in square metres; `lat` and `lon` are then a point on the line (halfway) or in the area. A place that
was told in words has a description only.
"""

from typing import Any, ClassVar, Literal

import msgspec

from raadhuis.kernel.texts import Text

Shape = Literal["point", "line", "area"]


class Prefill(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the answer is known already. `source` is a path such as `person.address` or `business.name`.

    `ask: if_unknown` does not ask what the register knows (the overview shows it, with a way to say it is wrong);
    `ask: confirm` asks with the answer filled in and marked.
    """

    source: str
    ask: Literal["if_unknown", "confirm"] = "if_unknown"


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What every question has. `when` is an expression: the question is asked only when it is true."""

    id: str
    label: Text
    help: Text | None = None
    when: str = ""
    required: bool = True
    prefill: Prefill | None = None
    default: Any = None
    """What the question shows at first; it is an answer only once it is sent."""
    messages: dict[str, Text] = {}
    """Own sentences by the rule that refuses an answer, such as `required`, `pattern`, `too-long`."""
    personal: bool = True
    """Whether the answer tells something about a person (almost all do); shown to fewer people when it is."""


class TextQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="text"):
    """Free text; `lines` above 1 makes a larger box."""

    max_length: int = 1000
    lines: int = 1
    pattern: str = ""
    pattern_help: Text | None = None
    autocomplete: str = ""


class NumberQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="number"
):
    at_least: float | None = None
    at_most: float | None = None
    decimals: int = 0
    unit: Text | None = None


class MoneyQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="money"
):
    """An amount in euro; bounds in cents."""

    at_least: int = 0
    at_most: int = 100_000_000_00


class DateQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="date"):
    """`not_before` and `not_after` are a date, `today`, or the id of a date or datetime question asked earlier; the
    last two may have days added: `today+14`, `begin-28`. A question without an answer is no bound.
    """

    not_before: str = ""
    not_after: str = ""


class DateTimeQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="datetime"
):
    """A day and a time. The bounds are those of a date, and also `now` or a moment: `2026-07-01T09:00`."""

    not_before: str = ""
    not_after: str = ""


class TimeQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="time"):
    pass


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    label: Text
    help: Text | None = None
    when: str = ""


class ChoiceQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="choice"
):
    """One of `options`. `options_from` takes them from an answer, register or fact instead: a list of texts, of pairs
    (id and label), or of {id, label}.
    """

    options: list[Option] = []
    options_from: str = ""


class ChoicesQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="choices"
):
    """Any number of `options` (or of `options_from`, for instance `person.household`)."""

    options: list[Option] = []
    options_from: str = ""
    at_least: int = 0
    at_most: int = 100


class YesNoQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="yes_no"
):
    pass


class EmailQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="email"
):
    pass


class PhoneQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="phone"
):
    pass


class AddressQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="address"
):
    """Postcode and house number, looked up; street and city can be typed where the look-up knows no better."""


class PlaceQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="place"
):
    """A place in the municipality: on a map, or by address or description. The applicant chooses among `shapes`."""

    shapes: list[Shape] = msgspec.field(default_factory=lambda: ["point"])


class LicencePlateQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="licence_plate"
):
    pass


class IbanQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="iban"):
    pass


class BsnQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="bsn"):
    pass


class RsinQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="rsin"):
    pass


class KvkQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="kvk"):
    pass


class FileQuestion(Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="file"):
    """Files of these kinds, found by content and not by name. `document` names an informatieobjecttype."""

    document: str
    kinds: list[Literal["pdf", "jpeg", "png", "docx", "odt", "xlsx"]] = msgspec.field(
        default_factory=lambda: ["pdf", "jpeg", "png"]
    )
    at_most: int = 5
    max_megabytes: int = 10


class DeclarationQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="declaration"
):
    """A statement that the applicant must agree with (`required`) to go on."""


class GroupQuestion(
    Question, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type", tag="group"
):
    """Questions that are answered once for each thing: a stall, a road closure, a member of the family.

    With `for_each`, an expression that gives a list, there is a row for each item of that list, and nobody adds or
    removes one. `key` is the part of an item that tells it from the others; `given` says which column gets which part.
    """

    questions: "list[SimpleQuestion]"
    item: Text
    at_least: int = 0
    at_most: int = 20
    for_each: str = ""
    key: str = "id"
    given: dict[str, str] = {}


class Note(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    kw_only=True,
    tag_field="type",
    tag="note",
):
    """Text between questions: `label` with paragraphs, lists, bold and links. It asks nothing, so it has no answer."""

    help: ClassVar[Text | None] = None
    required: ClassVar[bool] = False
    prefill: ClassVar[Prefill | None] = None
    default: ClassVar[None] = None
    messages: ClassVar[dict[str, Text]] = {}
    personal: ClassVar[bool] = False

    id: str
    label: Text
    when: str = ""
    tone: Literal["plain", "info", "warning"] = "plain"


SimpleQuestion = (
    TextQuestion
    | NumberQuestion
    | MoneyQuestion
    | DateQuestion
    | TimeQuestion
    | DateTimeQuestion
    | ChoiceQuestion
    | ChoicesQuestion
    | YesNoQuestion
    | EmailQuestion
    | PhoneQuestion
    | AddressQuestion
    | PlaceQuestion
    | LicencePlateQuestion
    | IbanQuestion
    | BsnQuestion
    | RsinQuestion
    | KvkQuestion
    | FileQuestion
    | DeclarationQuestion
    | Note
)
AnyQuestion = SimpleQuestion | GroupQuestion
