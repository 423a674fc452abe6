"""Many times at once, as most logs write them.

In: letters, an array of bytes with a time in each row. Out: microseconds since 1970 in UTC.
Always holds: the same as `moments.parse` makes of each, or not understood. Apart from it, since pages know times too,
and do without numpy.
"""

from collections.abc import Callable
from typing import Any

import numpy

# How many digits a second has behind its point, by the letters of the whole: 2026-12-31T23:59:59.999+01:00, or with Z.
WIDTHS = {20: 0, 24: 3, 27: 6, 25: 0, 29: 3, 32: 6}


def parsed(letters: Any) -> tuple[Any, Any]:
    """Microseconds of many times at once, and which of them are understood: of the others `parse` knows more.

    In: an array of bytes with a time in each row, all of one of the WIDTHS. Understood is ISO 8601 in its full extended
    form with a zone.
    """
    behind = WIDTHS[letters.shape[1]]
    zone = 20 + behind if behind else 19
    at = numpy.ascontiguousarray(letters.T)
    digits = at - numpy.uint8(48)
    good = numpy.ones(len(letters), dtype=bool)

    def number(first: int, beyond: int) -> Any:
        nonlocal good
        value = numpy.zeros(len(letters), dtype=numpy.int64)
        for place in range(first, beyond):
            good &= digits[place] < 10
            value = value * 10 + digits[place]
        return value

    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
    rest = number(20, zone) * 10 ** (6 - behind)
    for place, letter in ((4, b"-"), (7, b"-"), (10, b"T"), (13, b":"), (16, b":"), *([(19, b".")] if behind else [])):
        good &= at[place] == letter[0]
    offset, known = _offset(at[zone:], number, zone)
    good &= known & (year > 0) & (month > 0) & (month < 13) & (hour < 24) & (minute < 60) & (second < 60)
    months = numpy.where(good, (year - 1970) * 12 + month - 1, 0)
    first, beyond = (since.view("M8[M]").astype("M8[D]").astype(numpy.int64) for since in (months, months + 1))
    good &= (day > 0) & (day <= beyond - first)
    seconds = ((first + day - 1) * 24 + hour) * 3600 + (minute - offset) * 60 + second
    return seconds * 1_000_000 + rest, good


def _offset(at: Any, number: Callable[[int, int], Any], zone: int) -> tuple[Any, Any]:
    """Minutes east of Greenwich, and where they are understood."""
    if len(at) == 1:
        return 0, at[0] == ord("Z")
    hours, minutes = number(zone + 1, zone + 3), number(zone + 4, zone + 6)
    signs = (at[0] == ord("+")) | (at[0] == ord("-"))
    known = signs & (at[3] == ord(":")) & (hours < 24) & (minutes < 60)
    return numpy.where(at[0] == ord("-"), -1, 1) * (hours * 60 + minutes), known
