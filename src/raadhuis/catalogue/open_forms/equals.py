"""What the source compares a variable with, by the kind of answer that it is here.

Always holds: what the source compares by its looks (`"None"`, `"{}"`, a printed dictionary) is read as what it stands
for there: nothing filled in.
"""

import ast
from collections.abc import Callable
from typing import Any

from raadhuis.catalogue.open_forms.refs import Ref, literal, not_in, quoted
from raadhuis.catalogue.open_forms.truth import FALSE, Filled, Is, Test, all_of, any_of, negate

NOTHING = ("None", "{}", "[]")


def equals(ref: Ref, constant: Any) -> Test:
    """When the variable equals the constant, as the source compares them."""
    return _EQUALS.get(ref.kind, _text_equals)(ref, constant)


def _text_equals(ref: Ref, constant: Any) -> Test:
    if constant in ("", None):
        return negate(Filled(ref.text)) if constant == "" else FALSE
    if constant in NOTHING:
        return FALSE
    return Is(f"{ref.text} == {quoted(str(constant))}", f"{ref.text} != {quoted(str(constant))}", ref.of)


def _choice_equals(ref: Ref, constant: Any) -> Test:
    if constant in ("", None):
        return negate(Filled(ref.text)) if constant == "" else FALSE
    ids = ref.options.get(str(constant), ())
    if ref.options or ids:
        return any_of(*(Is(f"{ref.text} == {quoted(i)}", f"{ref.text} != {quoted(i)}", ref.of) for i in ids))
    return _text_equals(ref, constant)  # The options come from elsewhere: their ids are the source's values.


def _yes_no_equals(ref: Ref, constant: Any) -> Test:
    if constant == "":
        return negate(Filled(ref.text))
    ids = ref.options.get(str(constant), ())
    if not ids:
        return FALSE
    yes, no = (ref.text, f"not {ref.text}") if ids[0] == "yes" else (f"not {ref.text}", ref.text)
    return Is(yes, no, ref.of)


def _tick_equals(ref: Ref, constant: Any) -> Test:
    if isinstance(constant, str):
        if constant not in {"True", "False"}:
            return FALSE
        constant = constant == "True"
    inverse = not_in(ref.text) if ref.kind == "member" else f"not {ref.text}"
    test = Is(ref.text, inverse, ref.of)
    return test if constant else negate(test)


def _number_equals(ref: Ref, constant: Any) -> Test:
    if constant in ("", None, "None"):
        return negate(Filled(ref.text))
    try:
        number = float(constant)
    except (TypeError, ValueError):
        return FALSE
    number = number * 100 if ref.kind == "money" else number
    text = repr(int(number)) if number.is_integer() else repr(number)
    return Is(f"{ref.text} == {text}", f"{ref.text} != {text}", ref.of)


def _boxes_equal(ref: Ref, constant: Any) -> Test:
    """A list of boxes is compared with a printed dictionary: which are ticked, and which are not."""
    if not ref.options:
        return negate(Filled(ref.text)) if constant == "[]" else FALSE
    try:
        wanted = ast.literal_eval(str(constant)) if len(str(constant)) < 4000 else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        wanted = None
    if not isinstance(wanted, dict) or set(wanted) != set(ref.options):
        return FALSE
    if not any(wanted.values()):
        return negate(Filled(ref.text))
    found: list[Test] = []
    for value, ids in ref.options.items():
        test = Is(f"{quoted(ids[0])} in {ref.text}", f"{quoted(ids[0])} not in {ref.text}", ref.of)
        found.append(test if wanted[value] else negate(test))
    return all_of(*found)


def _composed_equals(ref: Ref, constant: Any) -> Test:
    """An address is compared with a printed dictionary of empty parts; a file or group with `[]`."""
    if constant in ("[]", "{}"):
        return FALSE if ref.options else negate(Filled(ref.text))
    try:
        parts = ast.literal_eval(str(constant)) if str(constant).startswith("{") and len(str(constant)) < 4000 else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        parts = None
    if isinstance(parts, dict) and not any(parts.values()):
        return negate(Filled(ref.text))
    return FALSE


def _object_equals(ref: Ref, constant: Any) -> Test:
    if constant in ("", None, *NOTHING):
        return negate(Filled(ref.text))
    return _given_equals(ref, constant)


def _given_equals(ref: Ref, constant: Any) -> Test:
    if constant in (None, "None"):
        return negate(Filled(ref.text, ref.absent))
    if constant in NOTHING:
        return negate(Filled(ref.text))
    if isinstance(constant, bool):
        # In the source nothing equals no; so the opposite of yes also holds for what is missing.
        test = Is(f"{ref.text} == true", f"{ref.text} != true", ref.of, ref.absent)
        return test if constant else negate(test)
    if constant in {"True", "False"}:
        return _given_equals(ref, constant == "True")
    return Is(f"{ref.text} == {literal(constant)}", f"{ref.text} != {literal(constant)}", ref.of, ref.absent)


_EQUALS: dict[str, Callable[[Ref, Any], Test]] = {
    "choice": _choice_equals,
    "yes_no": _yes_no_equals,
    "tick": _tick_equals,
    "member": _tick_equals,
    "number": _number_equals,
    "money": _number_equals,
    "choices": _boxes_equal,
    "composed": _composed_equals,
    "rows": _composed_equals,
    "object": _object_equals,
    "list": _object_equals,
    "given": _given_equals,
}
