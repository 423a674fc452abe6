"""Texts in the languages of the house: Dutch first, English second.

Comes in: a Text and a language. Goes out: a string; a missing English text falls back on the Dutch.
"""

import re
from collections.abc import Mapping

import msgspec

_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)\}")


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
