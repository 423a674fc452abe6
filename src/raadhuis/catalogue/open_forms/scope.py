"""What a variable of the source is here: an answer, a part of one, a derived fact, or something a look-up gave.

In: the tree of components, the variables of the form, and the names that were given. Out: a Ref for a path. Always
holds: a path that leads nowhere gives None, never a name that does not exist.
"""

from typing import Any

from raadhuis.catalogue.open_forms.archive import Variable
from raadhuis.catalogue.open_forms.naming import Names, without_tags, words_of
from raadhuis.catalogue.open_forms.options import Options
from raadhuis.catalogue.open_forms.refs import Kind, Ref, Untranslatable, quoted
from raadhuis.catalogue.open_forms.tree import Part, Tree

_KINDS: dict[str, Kind] = {
    "number": "number", "currency": "money", "date": "date", "datetime": "datetime", "time": "time",
    "checkbox": "tick", "selectboxes": "choices", "editgrid": "rows", "file": "composed", "map": "composed",
    "addressNL": "composed", "partners": "choices", "children": "choices", "npFamilyMembers": "choices",
    "signature": "tick",
}  # fmt: skip
_ADDRESS = {
    "postcode": "postcode", "houseNumber": "house_number", "houseLetter": "house_letter",
    "houseNumberAddition": "addition", "city": "city", "streetName": "street",
}  # fmt: skip
SHOWN = frozenset({"content", "softRequiredErrors"})
"""Components that ask nothing."""
_STATIC = {
    "now": Ref("today()", "date", ()),
    "today": Ref("today()", "date", ()),
    "auth_bsn": Ref("person.bsn", "text", ("person.bsn",)),
    "auth_kvk": Ref("business.kvk", "text", ("business.kvk",)),
    # Always there, and never what a rule compares it with.
    "submission_id": Ref("true", "tick", ()),
    "form_id": Ref("true", "tick", ()),
    "environment": Ref("true", "tick", ()),
}

_RELATIVES = {"children": "person.children", "partners": "person.partners"}


class FormScope:
    """The variables of one form."""

    def __init__(self, tree: Tree, variables: list[Variable], names: Names, options: dict[str, Options]) -> None:
        self._tree, self._names, self._options = tree, names, options
        self.variables = {variable.key: variable for variable in variables}
        self.assigned: set[str] = set()
        """Variables that a rule fills in, or a look-up or register."""
        self.filled: set[str] = set()
        """Variables that a rule fills in, whatever a register says."""
        self.opened: set[str] = set()
        """Variables of which a part is read: they are objects, whatever the source calls them."""
        self.words: set[str] = set()
        """Variables that are given words, whatever the source calls them."""
        self.asked_points: dict[str, Part] = {}
        """Facts that give the number behind an option, by name."""
        self.row: Part | None = None
        """The repeating group inside which conditions are read."""

    def ref(self, path: str) -> Ref | None:
        """What `path` is here; None when there is nothing of that name."""
        if path in _STATIC:
            return _STATIC[path]
        part = self._in_row(path) or self._tree.by_key.get(path)
        if part is not None:
            return self._of_part(part)
        head, _, rest = path.rpartition(".")
        while head:
            part = self._in_row(head) or self._tree.by_key.get(head)
            if part is not None:
                return self._of_piece(part, rest)
            if head in self.variables:
                return self._of_variable(self.variables[head], rest)
            head, _, more = head.rpartition(".")
            rest = f"{more}.{rest}" if more else rest
        return self._of_variable(self.variables[path], "") if path in self.variables else None

    def _in_row(self, path: str) -> Part | None:
        if self.row is None:
            return None
        return next((p for p in self.row.inner if path in {p.key, f"{self.row.key}.{p.key}"}), None)

    def name_of(self, part: Part) -> str:
        """The id of the question that a part became."""
        if part.kind == "content":
            said = " ".join(words_of(without_tags(str(part.component.get("html") or "")))[:3])
            return self._names.give(part.id, f"uitleg {said}", "uitleg")
        return self._names.give(part.id, without_tags(str(part.component.get("label") or "")), "vraag")

    def _of_part(self, part: Part) -> Ref | None:
        if part.kind in SHOWN or part.kind == "fieldset":
            return None
        name = self.name_of(part)
        if part.group is not None and self.row is not part.group:
            return Ref(f"{self.name_of(part.group)}.{name}", "list", (self.name_of(part.group),))
        options = self._options.get(part.id)
        if options is not None and part.kind in {"radio", "select"}:
            kind: Kind = "choices" if part.setting("multiple") else "yes_no" if options.yes_no else "choice"
            # A list of answers is no list of boxes: it is compared as a list.
            return Ref(name, kind, (name,), {} if kind == "choices" else options.by_value)
        by_value = options.by_value if options else {}
        if part.kind == "addressNL":
            by_value = dict.fromkeys(_ADDRESS, ())
        return Ref(name, _KINDS.get(part.kind, "text"), (name,), by_value)

    def _of_piece(self, part: Part, rest: str) -> Ref | None:
        """A part of an answer: one box of many, one column of a group, one line of an address."""
        name = self.name_of(part) if part.kind not in SHOWN | {"fieldset"} else ""
        options = self._options.get(part.id)
        if options is not None and part.kind in {"selectboxes", "select", "radio"}:
            ids = options.by_value.get(rest, ())
            return Ref(f"{quoted(ids[0])} in {name}", "member", (name,)) if ids else None
        if part.kind == "editgrid":
            column = next((p for p in part.inner if p.key == rest), None)
            return Ref(f"{name}.{self.name_of(column)}", "list", (name,)) if column is not None else None
        if part.kind == "addressNL" and rest in _ADDRESS:
            return Ref(f"{name}.{_ADDRESS[rest]}", "text", (name,))
        return None

    def _of_variable(self, variable: Variable, rest: str) -> Ref | None:
        relatives = _RELATIVES.get(str(variable.prefill.get("type"))) if variable.prefill else None
        if relatives is not None and variable.key not in self.filled:
            return Ref(relatives, "list", (relatives,)) if not rest else None
        if variable.key not in self.assigned:
            return self._constant(variable) if not rest else None
        name = self._names.give(f"variable.{variable.key}", variable.name or variable.key, "waarde")
        text = name
        for word in rest.split(".") if rest else []:
            if word.isdecimal():
                text = f"pick({text}, {int(word[:6])})"
            elif word.isidentifier() and not word.startswith("_") and not text.endswith(")"):
                text = f"{text}.{word}"
            else:
                text = f"pick({text}, {quoted(word)})"
        if rest:
            self.opened.add(variable.key)
            return Ref(text, "given", (text,), absent="unknown")
        kind: dict[str, Kind] = {
            "boolean": "tick", "object": "object", "array": "list", "int": "number", "float": "number",
            "date": "date", "datetime": "datetime", "time": "time",
        }  # fmt: skip
        if self.holds_words(variable):
            return Ref(text, "text", (text,))
        return Ref(text, kind.get(variable.data_type, "object"), (text,))

    def holds_words(self, variable: Variable) -> bool:
        """Whether rules give a variable of yes and no a word instead."""
        return variable.data_type == "boolean" and variable.key in self.words

    @staticmethod
    def _constant(variable: Variable) -> Ref:
        value = variable.initial
        if isinstance(value, bool):
            return Ref("true" if value else "false", "tick", ())
        if isinstance(value, int | float):
            return Ref(repr(value), "number", ())
        if isinstance(value, str) and value:
            return Ref(quoted(value), "text", ())
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return Ref(f"[{', '.join(quoted(item) for item in value)}]", "list", ())
        return Ref('""', "text", ())

    def is_known(self, variable: Variable) -> bool:
        """Whether a register of ours gives the variable."""
        return bool(variable.prefill) and str(variable.prefill.get("type")) in _RELATIVES

    def constants(self) -> dict[str, Any]:
        """The variables that never change, with their values."""
        return {key: v.initial for key, v in self.variables.items() if key not in self.assigned}

    def points(self, ref: Ref) -> str:
        """The name of a fact that holds the number behind the chosen option. Raises Untranslatable."""
        part = next(
            (p for p in self._tree.all_parts() if p.kind in {"radio", "select"} and self.name_of(p) == ref.text), None
        )
        if part is None or not ref.options:
            raise Untranslatable("rekenen met een antwoord dat geen getal is")
        for value in ref.options:
            try:
                float(value)
            except ValueError:
                raise Untranslatable(f"rekenen met de keuze {value!r}") from None
        name = self._names.give(f"points.{part.id}", f"punten {ref.text.replace('_', ' ')}", "punten")
        self.asked_points[name] = part
        return name

    def points_expression(self, part: Part) -> str:
        """The number behind each option, as one expression."""
        name, rows = self.name_of(part), self._options[part.id].rows
        if self._options[part.id].yes_no:
            yes, no = (next(float(row[1]) for row in rows if row[0] == word) for word in ("yes", "no"))
            return f"{_number(yes)} if {name} else {_number(no)}"
        *chosen, last = [(option, float(value)) for option, value, *_ in rows]
        tests = " else ".join(f"{_number(value)} if {name} == {quoted(option)}" for option, value in chosen)
        return f"{tests} else {_number(last[1])}" if tests else _number(last[1])

    def place(self, path: str) -> str | None:
        """What shows a variable in a text: a `{place}`, or its words when it never changes; None when nothing does."""
        if path in self.variables and path not in self.assigned:
            value = self.variables[path].initial
            return str(value) if isinstance(value, str | int | float) else None
        ref = self.ref(path)
        if ref is None or not all(word.isidentifier() for word in ref.text.split(".")) or ref.text in {"true", "false"}:
            return None
        return f"{{{ref.text}}}"


def _number(value: float) -> str:
    return repr(int(value)) if value.is_integer() else repr(value)
