"""The shapes that readers share."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from raadhuis.cases.answers import Known
from raadhuis.catalogue.questions import AnyQuestion
from raadhuis.intake.schema import OptionView
from raadhuis.kernel.texts import Text

LONGEST = 20_000


class Form(Protocol):
    """A submitted form: one value, or all values, of a control; and the names there are."""

    def get(self, key: str, default: str, /) -> Any: ...
    def getlist(self, key: str) -> list[Any]: ...
    def keys(self) -> Any: ...


class Addresses(Protocol):
    """What readers ask of the address look-up; each may raise Unavailable."""

    def lookup(self, postcode: str, house_number: int, letter: str = "", addition: str = "") -> list[Any]: ...
    def search(self, text: str, limit: int = 8) -> list[Any]: ...
    def reverse(self, lat: float, lon: float) -> Any: ...


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader may need besides the question: the language, other answers, the address look-up."""

    language: str = "nl"
    env: Mapping[str, Any] = {}
    addresses: Any = None
    files: Mapping[str, list[dict[str, Any]]] = {}
    """Kept files by question id, as canonical answers."""
    questions: Mapping[str, AnyQuestion] = {}
    """The questions that others may refer to, by id."""
    sources: Mapping[str, str] = {}
    """What look-ups are called, by name."""

    def label_of(self, question: str) -> str:
        """What the question with this id asks; "" for none."""
        found = self.questions.get(question)
        return self.text(found.label) if found else ""

    def text(self, text: Text | None, *, prose: bool = False) -> str:
        """A text of the definition, with its places filled."""
        return self.known.text(text, prose=prose)

    @property
    def known(self) -> Known:
        """What fills places."""
        return Known(self.env, self.questions, self.language)


class Reading(msgspec.Struct, kw_only=True):
    """What a reader made of it. `value` None: no answer. `errors`: (control, sentence, rule code)."""

    typed: Any = ""
    value: Any = None
    errors: list[tuple[str, str, str]] = []
    options: list[OptionView] = []
    came: bool = False
    """Whether a row came that the form did not show yet."""
    found: dict[str, list[OptionView]] = {}
    """In a group: the options of the questions in its rows, by control."""


def text_of(form: Form, name: str) -> str:
    """What was typed in a control: one line, without NUL and stray spaces, of bounded length."""
    return str(form.get(name, "") or "").replace("\x00", "").strip()[:LONGEST]


def wrong(context: Context, name: str, rule: str, nl: str, en: str, typed: Any = "") -> Reading:
    """A refusal: the sentence in the reader's language, and the rule's code."""
    return Reading(typed=typed, errors=[(name, Text(nl, en).in_(context.language), rule)])
