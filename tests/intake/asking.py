"""Every type of question, and a form to answer it with."""

from typing import Any, Final

import msgspec
from django.http import QueryDict

from raadhuis.catalogue import questions as q
from raadhuis.catalogue.questions import AnyQuestion
from raadhuis.intake.reading import Context, Reading, read_question
from raadhuis.kernel.texts import Text

LABEL: Final = Text("Vraag", "Question")
TYPES: Final = {str(kind.__struct_config__.tag): kind for kind in q.AnyQuestion.__args__ if kind is not q.Note}
OPTIONS: Final = [
    q.Option("rood", Text("Rood", "Red")),
    q.Option("blauw", Text("Blauw", "Blue")),
    q.Option("goud", Text("Goud", "Gold"), when="rijk"),
]
_MORE: Final[dict[str, dict[str, Any]]] = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "file": {"document": "bijlage"},
    "group": {
        "item": Text("Kraam", "Stall"),
        "questions": [
            q.TextQuestion(id="naam", label=LABEL, max_length=20),
            q.NumberQuestion(id="breedte", label=LABEL, at_least=1, at_most=100, decimals=1),
            q.YesNoQuestion(id="bakt", label=LABEL, required=False),
            q.TextQuestion(id="olie", label=LABEL, when="bakt"),
        ],
    },
}


def question(kind: str, **settings: Any) -> AnyQuestion:
    """A question of this type, with id "q"."""
    made: AnyQuestion = TYPES[kind](**{"id": "q", "label": LABEL} | _MORE.get(kind, {}) | settings)
    return made


def form_of(controls: str | dict[str, Any]) -> QueryDict:
    """A submitted form; a string is the one control "q"."""
    form = QueryDict(mutable=True)
    for name, value in ({"q": controls} if isinstance(controls, str) else controls).items():
        if isinstance(value, list):
            form.setlist(name, value)
        else:
            form[name] = value
    return form


def read(kind: str, controls: str | dict[str, Any], env: dict[str, Any] | None = None, **settings: Any) -> Reading:
    """What is read; `settings` are the question's."""
    return read_question(question(kind, **settings), form_of(controls), "q", Context(env=env or {}))


def english(kind: str, controls: str | dict[str, Any], **settings: Any) -> Reading:
    """The same, for who chose English."""
    return read_question(question(kind, **settings), form_of(controls), "q", Context(language="en"))


def as_controls(typed: Any, name: str = "q") -> dict[str, Any]:
    """What stands in the controls, as a browser would send it again."""
    if isinstance(typed, dict):
        return {f"{name}.{part}": text for part, text in typed.items()}
    if isinstance(typed, list) and typed and isinstance(typed[0], dict):
        rows: dict[str, Any] = {}
        for number, row in enumerate(typed):
            rows[f"{name}.{number}.row"] = "1"
            for part, inner in row.items():
                rows |= as_controls(inner, f"{name}.{number}.{part}")
        return rows
    return {name: typed}


def plain(value: Any) -> Any:
    """A value without what Python adds, to compare."""
    return msgspec.to_builtins(value)
