"""Letters as PDF/A-2a with PDF/UA tags: fit for the archive and for a screen reader.

In: a Paper (title, lines, paragraphs; plain text). Out: the bytes of a PDF. Always holds: text is data to the
template and never part of its source, so that nothing a person typed can be run; and whatever a person typed, there is
a letter: PDF/A forbids a character that no font draws, and nobody may wait for a letter because of a smiley.
"""

import contextlib
import re
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import orjson
from django.conf import settings

_FOLDER = Path(__file__).resolve().parent
_TEMPLATE = _FOLDER / "letter.typ"
# What Libertinus draws for certain: Latin, Greek, Cyrillic, the usual punctuation and currencies.
_DRAWN = re.compile(
    r"[\t\n\u0020-\u007e\u00a0-\u0377\u0384-\u0482\u048a-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203e\u20ac]"
)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What is on a letter. `facts` are (label, value) lines; `sections` (heading, paragraphs, bullets)."""

    title: str
    language: str = "nl"
    sender: str = ""
    place_and_date: str = ""
    reference: str = ""
    recipient: list[str] = []
    facts: list[tuple[str, str]] = []
    sections: list[tuple[str, list[str], list[str]]] = []
    colour: str = "#0b4f6c"


def render(paper: Paper, made: datetime) -> bytes:
    """The PDF (PDF/A-2a, PDF/UA-1), about 10 ms. `made` is its date of creation. Raises typst.TypstError.

    Where typst's own fonts lack a character, the machine's are tried; where those do too, it becomes U+FFFD.
    """
    import typst  # Seven megabytes, for who makes letters: no process that serves pages does.

    content = msgspec.to_builtins(paper)
    try:
        return _compile(content, made)
    except typst.TypstError:
        with contextlib.suppress(typst.TypstError):
            return _compile(content, made, system_fonts=True)
    return _compile(_drawable(content), made)


def _compile(content: Any, made: datetime, *, system_fonts: bool = False) -> bytes:
    import typst

    document: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_FOLDER),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={"paper": orjson.dumps(content).decode()},
        ignore_system_fonts=not system_fonts,  # The same letter on every machine: typst brings Libertinus itself.
        timestamp=int(made.timestamp()),
    )
    return document


def _is_drawn(character: str) -> bool:
    return bool(_DRAWN.match(character)) and (character in "\t\n" or unicodedata.category(character)[0] != "C")


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(c if _is_drawn(c) else "\N{REPLACEMENT CHARACTER}" for c in value)
    if isinstance(value, list | tuple):
        return [_drawable(part) for part in value]
    return {name: _drawable(part) for name, part in value.items()} if isinstance(value, dict) else value


def sender() -> str:
    """The municipality's name, as it stands at the head of a letter."""
    return str(settings.RAADHUIS_MUNICIPALITY["name"])


def authority() -> str:
    """Who decides in law (bestuursorgaan): it signs a decision's letter."""
    return str(settings.RAADHUIS_MUNICIPALITY.get("authority") or "Burgemeester en wethouders")
