"""Cells of our CSV that a spreadsheet would run as a formula, made harmless, and made what they were again.

In: a cell. Out: the same with an apostrophe before it where a spreadsheet would take it for a formula (OWASP, "CSV
Injection"). Always holds: `bared(guarded(text)) == text`, whatever the text is; a number below zero stays a number.
"""

import re
from collections.abc import Sequence

# How our own file begins: of no other are apostrophes taken away, since there they may be what was meant.
HEADER = ("case", "activity", "time", "lifecycle", "resource", "team")
_MARK = "'"
# What a formula begins with, also as wide as a Chinese character; before it the apostrophes that were in the cell.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_BELOW_ZERO = re.compile(r"-[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?")


def guarded(text: str) -> str:
    """A cell as it goes out."""
    if not _FORMULA.match(text) or _BELOW_ZERO.fullmatch(text):
        return text
    return _MARK + text


def bared(text: str) -> str:
    """A cell of a file of ours as it was before it went out."""
    return text[1:] if text.startswith(_MARK) and _FORMULA.match(text) else text


def is_ours(columns: Sequence[str]) -> bool:
    """Whether a table with these columns is one that we wrote."""
    return tuple(columns[: len(HEADER)]) == HEADER
