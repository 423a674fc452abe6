"""Letters as PDF/A-2a with PDF/UA tags: fit for the archive and for a screen reader.

In: a Paper (title, lines, paragraphs; plain text). Out: the bytes of a PDF. Always holds: text is data to the
template and never part of its source, so that nothing a person typed can be run.
"""

from datetime import datetime
from pathlib import Path

import msgspec
import orjson
import typst
from django.conf import settings

_FOLDER = Path(__file__).resolve().parent
_TEMPLATE = _FOLDER / "letter.typ"


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
    """The PDF (PDF/A-2a, PDF/UA-1), about 10 ms. `made` is its date of creation. Raises typst.TypstError."""
    document: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_FOLDER),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={"paper": orjson.dumps(msgspec.to_builtins(paper)).decode()},
        ignore_system_fonts=True,  # The same letter on every machine: typst brings Libertinus itself.
        timestamp=int(made.timestamp()),
    )
    return document


def sender() -> str:
    """The municipality's name, as it stands at the head of a letter."""
    return str(settings.RAADHUIS_MUNICIPALITY["name"])
