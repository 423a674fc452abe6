"""Facts and cells as values of a type: number, boolean, text, date.

In: anything. Out: a value that both the engine and our own evaluation read alike, or the reason why there is none.
Always holds: nothing is converted by guess: a boolean is no number, "3" is no number, NaN is nothing.
"""

import math
import re
from datetime import date, datetime
from typing import Any, Final

from raadhuis.kernel.expressions import UNKNOWN
from raadhuis.rules.schema import TableInput, ValueType

Value = bool | int | float | str | date
MAX_TEXT: Final = 4000
MAX_WHOLE: Final = 10**14
"""The engine keeps 15 significant digits: whole numbers up to here, and six decimals up to MAX_FRACTION, are exact."""
MAX_FRACTION: Final = 10**8
DECIMALS: Final = 6
MAX_KEPT: Final = 2**63
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class Refused(ValueError):
    """A value that cannot be used; `why` is "missing", "wrong-type", "not-allowed" or "out-of-range"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def typed(value: Any, type_: ValueType) -> Value:
    """`value` as a value of `type_`, numbers rounded to six decimals. Raises Refused."""
    if value is None or value is UNKNOWN:
        raise Refused("missing")
    if type_ == "boolean":
        if isinstance(value, bool):
            return value
    elif type_ == "number":
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _number(value)
    elif type_ == "text":
        if isinstance(value, str):
            return _text(value)
    elif isinstance(value, date | str):
        return _date(value)
    raise Refused("wrong-type")


def _number(value: int | float) -> int | float:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused("wrong-type")
        if not value.is_integer():
            if abs(value) > MAX_FRACTION:
                raise Refused("out-of-range")
            value = round(value, DECIMALS)
        if float(value).is_integer():
            value = int(value)
    if abs(value) > MAX_WHOLE:
        raise Refused("out-of-range")
    return value


def _text(value: str) -> str:
    if not value:
        raise Refused("missing")
    if len(value) > MAX_TEXT:
        raise Refused("out-of-range")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused("wrong-type")  # Half a character: no JSON, no letter can hold it.
    return value


def _date(value: date | str) -> date:
    if isinstance(value, datetime):
        raise Refused("wrong-type")
    if isinstance(value, date):
        return value
    if not _ISO.fullmatch(value):
        raise Refused("wrong-type")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refused("wrong-type") from error


def for_input(value: Any, column: TableInput) -> Value:
    """`value` as the column takes it: typed, within its bounds, decimals and `values`. Raises Refused."""
    found = typed(value, column.type)
    if isinstance(found, str) and column.values and found not in column.values:
        raise Refused("not-allowed")
    if column.type == "number" and isinstance(found, int | float):
        # Against the value as it came: 17.9999999 is no 18. What floating point itself adds is far less.
        if not math.isclose(round(found, column.decimals), value, rel_tol=1e-15, abs_tol=1e-9):
            raise Refused("not-allowed")
        if column.at_least is not None and found < column.at_least:
            raise Refused("out-of-range")
        if column.at_most is not None and found > column.at_most:
            raise Refused("out-of-range")
    return found


def for_engine(value: Value) -> bool | int | float | str:
    """As the engine gets it: a date as the number yyyymmdd, a text with what could end a literal written as `%hex;`.

    Both are one to one and keep order where order matters, so comparing there is comparing here.
    """
    if isinstance(value, date):
        return value.year * 10000 + value.month * 100 + value.day
    if isinstance(value, str):
        return "".join(c if _harmless(c) else f"%{ord(c):x};" for c in value)
    return value


def _harmless(character: str) -> bool:
    return character.isprintable() and character not in "%\"'\\`$#{}"


def literal(value: Value) -> str:
    """`value` written in the engine's language."""
    plain = for_engine(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, str):
        return f'"{plain}"'
    return f"{plain:.{DECIMALS}f}" if isinstance(plain, float) else str(plain)


def keepable(value: Any) -> Any:
    """`value` as it is kept with a decision: as it is where JSON can hold it, a date as ISO, else a short text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -MAX_KEPT <= value < MAX_KEPT else f"{value:.15e}" if abs(value) < 10**300 else "huge"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [keepable(item) for item in value]
    if isinstance(value, dict):
        return {_keepable_text(str(key)): keepable(item) for key, item in value.items()}
    return _keepable_text(value if isinstance(value, str) else str(value)[:200])


def _keepable_text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
