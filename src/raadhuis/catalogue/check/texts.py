"""The texts of a definition: both languages there, places known, and Dutch that people understand (B1).

In: a definition. Out: findings. Always holds: texts of decision tables are checked for translation with the table.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from raadhuis.catalogue.check.readability import difficulties
from raadhuis.catalogue.questions import Note
from raadhuis.catalogue.schema import Definition, Page
from raadhuis.kernel.texts import Text, places
from raadhuis.rules.schema import Finding

LETTER_PLACES = ("naam", "zaaknummer", "datum", "gemeente", "redenen", "wetsartikelen", "geldig_vanaf", "geldig_tot")
MAIL_PLACES = ("naam", "zaaknummer", "link", "gemeente")
MAX_SHOWN = 90


def texts_of(value: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every Text within `value`, with its path."""
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts_of(getattr(value, name), f"{path}.{name}".strip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts_of(item, f"{path}.{number}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_of(item, f"{path}.{key}")


def text_findings(definition: Definition) -> Iterator[Finding]:
    """Missing texts and translations, unknown places, and sentences that are too hard."""
    for path, text in texts_of(definition):
        if not text.nl.strip():
            yield Finding("missing-text", f"{path}.nl", "Hier staat geen tekst. Schrijf er een in gewoon Nederlands.")
            continue
        if path.startswith("to_decide."):  # A note among colleagues, which is gone once it is decided.
            continue
        if not text.en.strip() and not path.startswith("tables."):
            message = f"Engels ontbreekt voor “{_short(text.nl)}”. Vul `en` in."
            yield Finding("missing-translation", path, message, "warning")
        if set(places(text.nl)) != set(places(text.en)) and text.en:
            message = "De Nederlandse en de Engelse tekst hebben niet dezelfde {plaatsen}."
            yield Finding("places-differ", f"{path}.en", message, "warning")
        if not path.startswith("laws."):  # A law has the name it has.
            yield from _reading(path, text)
    yield from _places(definition)


def _reading(path: str, text: Text) -> Iterator[Finding]:
    for hard in difficulties(text.nl):
        message = f"“{_short(hard.sentence)}”: {hard.advice}"
        yield Finding(f"hard-{hard.code.removeprefix('hard-')}", f"{path}.nl", message, "warning")


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _places(definition: Definition) -> Iterator[Finding]:
    questions = set(_asked(definition.pages))
    facts = {fact.name for fact in definition.facts}
    for key, letter in definition.letters.items():
        known = {*LETTER_PLACES, *questions, *facts}
        for part in ("title", "body"):
            yield from _unknown(f"letters.{key}.{part}", getattr(letter, part), known)
        used = {name for text in (letter.title, letter.body) for name in places(text.nl)}
        if "geldig_tot" in used and (definition.decision is None or definition.decision.valid_for is None):
            message = "{geldig_tot} is leeg: er staat niet hoe lang het besluit geldt. Vul `decision.valid_for` in."
            yield Finding("place-empty", f"letters.{key}.body", message)
    if definition.cosign:
        yield from _unknown("cosign.text", definition.cosign.text, {*questions, *facts})
    for name in definition.notifications.__struct_fields__:
        text = getattr(definition.notifications, name)
        if text is not None:
            yield from _unknown(f"notifications.{name}", text, set(MAIL_PLACES))


def _asked(pages: list[Page]) -> Iterator[str]:
    return (item.id for page in pages for item in page.questions if not isinstance(item, Note))


def _unknown(path: str, text: Text, known: set[str]) -> Iterator[Finding]:
    for language in ("nl", "en"):
        for name in places(getattr(text, language)):
            if name not in known:
                message = f"{{{name}}} is hier niet bekend. Er is: {', '.join(sorted(known)) or 'niets'}."
                yield Finding("unknown-place", f"{path}.{language}", message)
