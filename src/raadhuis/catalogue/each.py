"""Repeating groups that have a row for each item of a list (`for_each`).

In: such a group, what is known where it stands, and the rows that were filled in before. Out: the items of the list as
they stand now, and the rows with them.
Always holds: rows come and go with the list, in its order; a row belongs to the key of its item, so that what was
filled in comes back with the item; what an item gives is never what somebody typed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from raadhuis.catalogue.questions import (
    AnyQuestion,
    BsnQuestion,
    ChoiceQuestion,
    DateQuestion,
    EmailQuestion,
    GroupQuestion,
    IbanQuestion,
    KvkQuestion,
    LicencePlateQuestion,
    MoneyQuestion,
    Note,
    NumberQuestion,
    PhoneQuestion,
    RsinQuestion,
    TextQuestion,
    YesNoQuestion,
)
from raadhuis.kernel.expressions import parse

OF: Final = "_of"
"""Where a kept row holds the key of its item; no question can have this name."""
MOST_KEPT: Final = 200
_LONGEST_KEY = 200
_TEXTS = (
    TextQuestion,
    EmailQuestion,
    PhoneQuestion,
    IbanQuestion,
    BsnQuestion,
    RsinQuestion,
    KvkQuestion,
    LicencePlateQuestion,
)
GIVABLE: Final = (*_TEXTS, NumberQuestion, MoneyQuestion, DateQuestion, ChoiceQuestion, YesNoQuestion)
"""Types of questions whose answer an item can give."""


class Item(msgspec.Struct, frozen=True):
    """An item of the list: the key that it is known by, and the columns that it gives."""

    key: str
    given: dict[str, Any]


def grows(question: AnyQuestion) -> bool:
    """Whether this is a group that follows a list."""
    return isinstance(question, GroupQuestion) and bool(question.for_each)


def items(group: GroupQuestion, env: Mapping[str, Any]) -> list[Item]:
    """The items as things stand (≤ `at_most`), each key once; none when the list cannot be determined."""
    found = parse(group.for_each).value(env)
    made: dict[str, Item] = {}
    for one in found if isinstance(found, list) else []:
        if len(made) == group.at_most:
            break
        thing = _as_object(one)
        key = _as_key(thing.get(group.key))
        if key and key not in made:
            made[key] = Item(key, _given(group, thing))
    return list(made.values())


def _as_object(one: Any) -> Mapping[str, Any]:
    """An item as an object; a text, or a pair as `options_from` knows it, has an id and a label."""
    if isinstance(one, Mapping):
        return one
    if isinstance(one, list) and len(one) == 2:
        return {"id": one[0], "label": one[1]}
    return {"id": one, "label": one} if isinstance(one, str) else {}


def _as_key(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # As it comes back from a form, where lines end otherwise and what surrounds a value is left out.
    return " ".join(str(value).replace("\x00", "").split())[:_LONGEST_KEY].strip()


def _given(group: GroupQuestion, thing: Mapping[str, Any]) -> dict[str, Any]:
    columns = {part.id: part for part in group.questions}
    found = {
        name: _as_answer(columns[name], thing.get(field)) for name, field in group.given.items() if name in columns
    }
    return {name: value for name, value in found.items() if value is not None}


def _as_answer(part: AnyQuestion, value: Any) -> Any:
    """What an item gives, as an answer to this question; None for what is missing or would not be one."""
    if isinstance(part, YesNoQuestion):
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return None
    if isinstance(part, MoneyQuestion):
        return value if isinstance(value, int) else None
    if isinstance(part, NumberQuestion):
        return None if isinstance(value, str) else value
    if isinstance(part, DateQuestion):
        return _as_day(str(value))
    if isinstance(part, ChoiceQuestion):
        known = {option.id for option in part.options}
        return str(value) if not known or str(value) in known else None
    return str(value) if isinstance(part, _TEXTS) else None


def _as_day(text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def rows(group: GroupQuestion, env: Mapping[str, Any], kept: Any) -> list[dict[str, Any]]:
    """The answer to the group as things stand: a row for each item, of what it gives and what was filled in.

    `kept` rows that name no item (those of an example) belong to the item in their place.
    """
    found = kept if isinstance(kept, list) else []
    by_key = {row[OF]: row for row in found if OF in row}
    return [
        _row(group, env, item, by_key.get(item.key) or _in_place(found, place))
        for place, item in enumerate(items(group, env))
    ]


def _in_place(kept: list[dict[str, Any]], place: int) -> Mapping[str, Any]:
    return kept[place] if place < len(kept) and OF not in kept[place] else {}


def _row(group: GroupQuestion, env: Mapping[str, Any], item: Item, kept: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for part in group.questions:
        if isinstance(part, Note):
            continue
        if part.id in item.given:
            row[part.id] = item.given[part.id]
        elif part.id in kept and (not part.when or parse(part.when).truth({**env, **row}) is True):
            row[part.id] = kept[part.id]
    return row


def merged(before: Any, now: Any) -> list[dict[str, Any]]:
    """The rows to keep: what was filled in `now`, and what was before for items that are not there now (≤ 200)."""
    new = now if isinstance(now, list) else []
    keys = {row.get(OF) for row in new}
    old = [row for row in before or [] if row.get(OF) not in keys] if isinstance(before, list) else []
    return [*new, *old][:MOST_KEPT]


def unanswered(group: GroupQuestion, env: Mapping[str, Any], kept: Any) -> bool:
    """Whether an item came that nobody filled in a row for."""
    there = {row.get(OF) for row in kept} if isinstance(kept, list) else set()
    return any(item.key not in there for item in items(group, env))
