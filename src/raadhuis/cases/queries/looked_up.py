"""What other systems said while somebody filled in, for who handles the case.

In: the look-ups of a definition, and what the case keeps of them. Out: a title each, with a few lines of plain text.
Always holds: at most MOST_LINES lines a look-up, each of at most MOST_SAID characters, whatever the other system said.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from raadhuis.cases.answers import Known
from raadhuis.catalogue.queries import Published
from raadhuis.kernel.texts import Text

MOST_LINES: Final = 6
MOST_SAID: Final = 200
_MOST_PARTS = 20
_DEEPEST = 3
_MORE = Text("… en nog {n}", "… and {n} more")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def looked_up(published: Published | None, data: Mapping[str, Any], language: str) -> list[tuple[str, list[str]]]:
    """(title, lines) of every look-up that was answered, in the order of the definition."""
    kept = data.get("registers", {})
    return [
        (lookup.title.in_(language), lines)
        for lookup in (published.definition.lookups if published else [])
        if lookup.name in kept and (lines := _lines(kept[lookup.name], language))
    ]


def _lines(value: Any, language: str) -> list[str]:
    if isinstance(value, Mapping) and not _said(value, language):
        said = [_labelled(name, one, language) for name, one in list(value.items())[:_MOST_PARTS]]
    else:
        said = [_short(one, language) for one in (value if isinstance(value, list) else [value])[:_MOST_PARTS]]
    lines = [line if len(line) <= MOST_SAID else f"{line[: MOST_SAID - 1]}…" for line in said if line]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], _MORE.in_(language).replace("{n}", str(len(lines) - MOST_LINES + 1))]


def _labelled(name: str, value: Any, language: str) -> str:
    said = _short(value, language)
    words = " ".join(_HUMP.sub(" ", str(name)).replace("_", " ").split()).lower()
    return f"{words[:1].upper()}{words[1:]}: {said}" if said else ""


def _said(value: Any, language: str) -> str:
    return Known({"v": value}, language=language).said("v")


def _short(value: Any, language: str, deep: int = _DEEPEST) -> str:
    """A value in some words; an object without a name of its own says its parts."""
    if isinstance(value, list) and deep:
        return ", ".join(said for one in value[:_MOST_PARTS] if (said := _short(one, language, deep - 1)))
    said = _said(value, language)
    if said or not isinstance(value, Mapping) or not deep:
        return said
    parts = [(name, _short(one, language, deep - 1)) for name, one in list(value.items())[:_MOST_PARTS]]
    return "; ".join(f"{str(name).replace('_', ' ')} {one}" for name, one in parts if one)
