"""Names that people can read, from the labels and the long keys of the source.

Always holds: a name is unique within its kind; the same label gives the same name, whatever else is in the form, unless
it is taken; names that an earlier import gave are given again.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from html import unescape

_SMALL_WORDS = """
a aan al als bent beschrijf bij bijv bv daar dan dat de deze die dient dit door een eens en er evt gaan gaat gaf
geef graag had heb hebben heeft het hier hierover hoe hun ieder iets ik in is ja je jou jouw kan kies kiezen
kunt maak maakt maar me meer met mij mijn moet na naar nee niet no nog nou nu of om omschrijf onder ons onze ook
op over per s te ten ter tot u uit uw van vanaf vermeld via vindt voor vul vult waar waarom wanneer was wat we
wel welk welke wie wij wil wilt word worden wordt zal ze zich zij zijn zo zoals zonder zou zult
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_TAG = re.compile(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_PLACE = re.compile(r"\{[^}]*\}|\([^)]*\)")
_KEY_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
LONGEST, WORDS = 40, 4
TAKEN = frozenset(
    {"true", "false", "nothing", "person", "business", "earlier_granted", "and", "or", "not", "in", "if", "else", "is"}
)


def without_tags(html: str) -> str:
    """The words of a piece of HTML or template."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def plain(text: str) -> str:
    """Without accents, in small letters."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def words_of(label: str) -> list[str]:
    """The words of a label that carry its meaning."""
    if label.isidentifier() and label != label.lower():
        return split_key(label)
    found = re.findall(r"[a-z0-9]+", plain(_PLACE.sub(" ", label)))
    return [word for word in found if word not in _SMALL] or found


def split_key(key: str) -> list[str]:
    """The words of a key in camelCase."""
    found = [plain(part) for part in _KEY_PARTS.findall(key)]
    return [word for word in found if word not in _SMALL] or found


def joined(words: Iterable[str], sign: str = "_") -> str:
    """The first words as one name, not longer than LONGEST."""
    name = ""
    for word in list(words)[:WORDS]:
        longer = f"{name}{sign}{word}" if name else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        name = longer
    return name


class Names:
    """Gives names. `earlier` maps what an import before this one named, by its key in the source."""

    def __init__(self, sign: str = "_", earlier: Mapping[str, str] | None = None) -> None:
        self._sign, self._earlier = sign, dict(earlier or {})
        self._taken: set[str] = set(TAKEN) | set(self._earlier.values())
        self.given: dict[str, str] = {}

    def give(self, key: str, label: str, fallback: str = "deel") -> str:
        """The name of what the source calls `key`; the same again for the same key."""
        if key in self.given:
            return self.given[key]
        if key in self._earlier:
            self.given[key] = self._earlier[key]
            return self.given[key]
        name = joined(words_of(label), self._sign) or joined(split_key(key), self._sign) or fallback
        if not name[0].isalpha():
            name = f"{fallback}{self._sign}{name}"
        chosen, number = name, 2
        while chosen in self._taken:
            chosen, number = f"{name}{self._sign}{number}", number + 1
        self._taken.add(chosen)
        self.given[key] = chosen
        return chosen
