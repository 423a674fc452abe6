"""What a variable of the source is here, and the small shapes that the translation works with."""

import json
from typing import Any, Literal, Protocol

import msgspec

DEEPEST = 30
Kind = Literal[
    "text", "number", "money", "date", "datetime", "time", "choice", "choices", "member", "yes_no", "tick",
    "composed", "rows", "object", "list", "given",
]  # fmt: skip


class Untranslatable(Exception):
    """Our language cannot say this; the message says what and why."""


class Ref(msgspec.Struct, frozen=True):
    """What a variable of the source is here.

    `text` is an expression, `of` the names it needs. `options`: the source's value → our options' ids (more than one
    where the source uses a value twice). A `member` is one box of a list of boxes; `tick` a box of its own; `yes_no` a
    choice between two words (`options` has "yes" and "no" as ids); `composed` an address, place or file; `rows` a
    repeating group; `object` and `list` variables; `given` a part of what a look-up gave.
    """

    text: str
    kind: Kind
    of: tuple[str, ...]
    options: dict[str, tuple[str, ...]] = {}
    absent: str = "empty"


class Scope(Protocol):
    """What the translation asks of the form."""

    def ref(self, path: str) -> Ref | None:
        """What the variable is here; None when there is no such variable."""

    def points(self, ref: Ref) -> str:
        """The name of a fact that holds the number behind the chosen option. Raises Untranslatable."""


class Value(msgspec.Struct, frozen=True):
    """An expression with a value; `of` are the names without which it has none."""

    text: str
    of: tuple[str, ...] = ()
    kind: str = ""


def quoted(text: str) -> str:
    """A text as our expressions write it."""
    return json.dumps(text, ensure_ascii=False)


def parts(logic: dict[str, Any]) -> tuple[str, list[Any]]:
    """The operator of a piece of JSON-Logic, and what it works on. Raises Untranslatable."""
    keys = [key for key in logic if not key.startswith("_")]
    if len(keys) != 1:
        raise Untranslatable("dit is geen JSON-Logic: één bewerking per object")
    values = logic[keys[0]]
    return keys[0], values if isinstance(values, list) else [values]


def literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list) and all(isinstance(v, str | int | float) for v in value):
        return f"[{', '.join(literal(v) for v in value)}]"
    raise Untranslatable("een vaste waarde die geen tekst, getal of ja/nee is")


def not_in(text: str) -> str:
    return text.replace(" in ", " not in ", 1)
