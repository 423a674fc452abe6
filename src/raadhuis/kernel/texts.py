"""Texts in the languages of the house: Dutch first, English second.

Comes in: a Text and a language. Goes out: a string; a missing English text falls back on the Dutch. What fills a
place is text and never markup.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

# Small letters begin a place, so that "{A}" in a text of somebody's own stays; what another system gives may be
# `houseLetter` or `Naam` further on. Names and dots only: a place reads a value and can do nothing.
_PLACE = re.compile(r"\{([a-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\}")


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A text in Dutch (`nl`) and English (`en`)."""

    nl: str
    en: str = ""

    def in_(self, language: str) -> str:
        """The text in `language` ("nl", "en"), else in Dutch."""
        return self.en if language == "en" and self.en else self.nl


def places(text: str) -> list[str]:
    """The names between braces in a text: "Beste {naam}" has ["naam"]."""
    return _PLACE.findall(text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Puts `values` in the places of `text`; a place without a value becomes "…"; no other syntax exists."""
    return _PLACE.sub(lambda found: values.get(found.group(1), "…"), text)


_EMPTY = "\x00"
_GAP = re.compile(rf"([ \t]*){_EMPTY}(?:[ \t]*{_EMPTY})*([ \t]*)")
SPECIAL = "\\*[]()•-."
"""What means something in the texts of an editor (lists, bold, links); with a backslash before it, it is itself."""
_SPECIAL = re.compile(rf"([{re.escape(SPECIAL)}])")


def fill_in(text: str, say: Callable[[str], str], *, prose: bool = False) -> str:
    """Puts what `say` knows of each place into `text`, on one line; nothing for "", without leaving double spaces.

    With `prose` the text is markup of an editor, and what is filled in stays the characters that it is.
    """
    if "{" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        words = " ".join(say(found.group(1)).replace(_EMPTY, "").split())
        return (_SPECIAL.sub(r"\\\1", words) if prose else words) or _EMPTY

    return _GAP.sub(lambda gap: " " if gap.group(1) and gap.group(2) else "", _PLACE.sub(one, text))
