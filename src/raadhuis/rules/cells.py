"""The cells of a decision table: read from a small grammar, evaluated here, and written for the engine.

    cell       = value | comparison | range | one-of | "not(" one-of ")"
    comparison = (">=" | "<=" | ">" | "<" | "=" | "!=") value          (numbers and dates; = and != for all)
    range      = ("[" | "(") value ".." value ("]" | ")")              (numbers and dates; a round bracket excludes)
    one-of     = value ("," value)*                                    (texts in double quotes)

In: a cell and the type of its column. Out: a Test. Always holds: only literals that we write ourselves reach the
engine, so a text in a cell can never become code there; a text without quotes is taken as it stands.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from raadhuis.rules.schema import Cell, ValueType
from raadhuis.rules.values import Refused, Value, literal, typed

_COMPARISON = re.compile(r"(>=|<=|!=|>|<|=)\s*(.+)", re.DOTALL)
_RANGE = re.compile(r"([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])", re.DOTALL)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
MAX_VALUES = 500


class BadCell(ValueError):
    """The cell cannot be read; the message says what to write instead."""


class Test(msgspec.Struct, frozen=True):
    """What a cell asks of a value: one of `values` (or none of them, when `negated`), or within two bounds."""

    values: tuple[Value, ...] = ()
    negated: bool = False
    low: Value | None = None
    high: Value | None = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Value) -> bool:
        """Whether `value`, of the column's type, passes."""
        if self.values:
            return (value in self.values) is not self.negated
        comparable: Any = value
        low: Any = self.low
        high: Any = self.high
        if low is not None and (comparable < low or (self.low_open and comparable == low)):
            return False
        return high is None or not (comparable > high or (self.high_open and comparable == high))

    def for_engine(self) -> str:
        """The same, as a cell of the engine, where `$` is the value."""
        if self.values:
            sign, joined = ("!=", " and ") if self.negated else ("==", " or ")
            return joined.join(f"$ {sign} {literal(value)}" for value in self.values)
        parts = []
        if self.low is not None:
            parts.append(f"$ {'>' if self.low_open else '>='} {literal(self.low)}")
        if self.high is not None:
            parts.append(f"$ {'<' if self.high_open else '<='} {literal(self.high)}")
        return " and ".join(parts)

    def points(self) -> tuple[Value, ...]:
        """The values where the answer may change."""
        return self.values or tuple(v for v in (self.low, self.high) if v is not None)


@lru_cache(maxsize=4096, typed=True)
def parse(cell: Cell, type_: ValueType) -> Test:
    """Reads a cell of a column of `type_`. Raises BadCell."""
    if isinstance(cell, str) and type_ != "boolean":
        return _from_text(cell.strip(), type_)
    return Test(values=(_value(cell, type_),))


def _from_text(text: str, type_: ValueType) -> Test:
    negation = _NOT.fullmatch(text)
    if negation and (type_ != "text" or negation.group(1).lstrip().startswith('"')):
        return Test(values=_one_of(negation.group(1), type_), negated=True)
    compared = _COMPARISON.fullmatch(text)
    if compared:
        return _compared(compared.group(1), compared.group(2), type_)
    between = _RANGE.fullmatch(text) if type_ in {"number", "date"} else None
    if between:
        return _between(between, type_)
    if type_ == "text" and not text.startswith('"'):
        return Test(values=(_value(text, type_),))
    return Test(values=_one_of(text, type_))


def _compared(sign: str, right: str, type_: ValueType) -> Test:
    value = _scalar(right.strip(), type_)
    if sign in {"=", "!="}:
        return Test(values=(value,), negated=sign == "!=")
    if type_ == "text":
        raise BadCell(f'een tekst is niet groter of kleiner: schrijf "…" of not("…") in plaats van {sign}')
    if sign.startswith(">"):
        return Test(low=value, low_open=sign == ">")
    return Test(high=value, high_open=sign == "<")


def _between(found: re.Match[str], type_: ValueType) -> Test:
    low, high = _scalar(found.group(2), type_), _scalar(found.group(3), type_)
    test = Test(low=low, high=high, low_open=found.group(1) == "(", high_open=found.group(4) == ")")
    a: Any = low
    b: Any = high
    if a > b or (a == b and (test.low_open or test.high_open)):
        raise BadCell(f"in {found.group(0)} past geen enkele waarde: zet de laagste grens links")
    return test


def _one_of(text: str, type_: ValueType) -> tuple[Value, ...]:
    if re.search(r"\d,\d", text) and type_ == "number":
        raise BadCell(f"{text!r}: schrijf 1.5 voor anderhalf, of `1, 5` (met spatie) voor één of vijf")
    values = _quoted(text) if type_ == "text" else [_scalar(part.strip(), type_) for part in text.split(",")]
    if len(values) > MAX_VALUES:
        raise BadCell(f"meer dan {MAX_VALUES} waarden in een cel")
    return tuple(dict.fromkeys(values))


def _quoted(text: str) -> list[Value]:
    values: list[Value] = []
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        found = _QUOTED.match(text, at)
        if not found:
            raise BadCell(f"{text!r}: zet elke tekst tussen dubbele aanhalingstekens, met komma's ertussen")
        values.append(_value(re.sub(r"\\(.)", r"\1", found.group(1), flags=re.DOTALL), "text"))
        rest = text[found.end() :].lstrip()
        if not rest:
            return values
        if not rest.startswith(","):
            raise BadCell(f"{text!r}: tussen twee teksten hoort een komma")
        at = len(text) - len(rest) + 1


def _scalar(text: str, type_: ValueType) -> Value:
    if type_ == "text":
        return _quoted(text)[0] if text.startswith('"') and len(_quoted(text)) == 1 else _value(text, type_)
    if type_ == "number":
        if not _NUMBER.fullmatch(text):
            raise BadCell(f"{text!r} is geen getal (schrijf een punt voor decimalen, geen duizendtallen)")
        return _value(float(text) if "." in text else int(text), type_)
    return _value(text, type_)


def _value(value: Any, type_: ValueType) -> Value:
    try:
        found = typed(value, type_)
    except Refused as error:
        raise BadCell(f"{value!r} is geen {_WORDS[type_]}") from error
    return found


_WORDS = {
    "boolean": "ja of nee (true of false)",
    "number": "getal",
    "text": "tekst",
    "date": "datum (jjjj-mm-dd)",
}


def as_words(value: Value) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date):
        return value.isoformat()
    return f"“{value}”" if isinstance(value, str) else str(value)
