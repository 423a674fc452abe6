"""What a table does not tell: its encoding, its separator, which column is what and how its dates are written.

In: the beginning of a file. Out: the best guess, which a person may overrule.
"""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from raadhuis.lean.logs.moments import WAYS, Clock

_SEPARATORS = ",;\t|"
# What columns are called in the logs of tools and of town halls, the most telling first; letters and digits only.
_NAMES = {
    "case": """caseconceptname caseid case traceid zaakidentificatie zaaknummer zaakid zaak dossiernummer dossierid
        dossier aanvraagnummer aanvraagid aanvraag casenumber ticketid applicationid orderid""",
    "activity": """conceptname activity activityname activiteit eventname event taak task taaknaam stap status action
        actie handeling processtap""",
    "time": """timetimestamp timestamp completetimestamp completetime endtime endtimestamp einddatum eindtijd end
        tijdstip datumtijd datum tijd time date eventtime""",
    "start": "starttimestamp starttime startdatum starttijd begintijd begindatum start begin",
    "lifecycle": "lifecycletransition lifecycle transition",
    "resource": "orgresource resource user gebruiker medewerker behandelaar employee agent uitvoerder",
    "team": "orggroup group team afdeling department orgrole role groep rol",
}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def encoding(head: bytes) -> str:
    """By its mark; else UTF-8 when it is; else what Windows writes in Western Europe."""
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decoder(name: str) -> codecs.IncrementalDecoder:
    """Decodes piece by piece; what cannot be decoded becomes U+FFFD."""
    return codecs.getincrementaldecoder(name)("replace")


def delimiter(text: str) -> str:
    """The separator with which the first lines have the same number of columns, and the most of them."""
    best, most = ",", 0.0
    for candidate in _SEPARATORS:
        try:
            rows = [row for row, _ in zip(csv.reader(io.StringIO(text), delimiter=candidate), range(100), strict=False)]
        except csv.Error:
            continue
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            continue
        score = widths[0] * sum(width == widths[0] for width in widths) / len(widths)
        if score > most:
            best, most = candidate, score
    return best


def columns(names: Sequence[str], sample: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Which column is what, by name; the time also by what is in it."""
    bare = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in reversed(names)}
    found: dict[str, str] = {}
    for field, words in _NAMES.items():
        name = next((bare[word] for word in words.split() if word in bare and bare[word] not in found.values()), "")
        if name:
            found[field] = name
    if "time" not in found and "start" in found:
        found["time"] = found.pop("start")
    if "time" not in found:
        for place, name in enumerate(names):
            values = [row[place] for row in sample if len(row) > place]
            if name not in found.values() and values and _share(values, dates(values)) > 0.8:
                found["time"] = name
                break
    return found


def dates(values: Sequence[Any]) -> str:
    """The way of writing dates by which most of these can be read; day before month when both can."""
    given = [value for value in values if value not in (None, "")]
    return max(WAYS, key=lambda way: _share(given, way))


def _share(values: Sequence[Any], way: str) -> float:
    clock, good = Clock(way), 0
    for value in values:
        try:
            clock.micros(value)
        except (ValueError, TypeError, OverflowError):
            continue
        good += 1
    return good / len(values) if values else 0.0


def plainest(names: list[str], rows: list[list[str]]) -> str:
    """The name of the column whose values read most like words: the most with a space and without a digit, the first of
    equals.
    """

    def plain(place: int) -> int:
        return sum(" " in row[place] and not any(map(str.isdigit, row[place])) for row in rows)

    return names[max(range(len(names)), key=lambda place: (plain(place), -place))]
