"""Reads an expression as a type checker does: which kind it gives, and what in it cannot be right.

In: an expression, and the kinds of the names that it may read. Out: the Kind it gives, and problems in sentences.
Always holds: what is not known to be wrong is let through; one slip gives one problem.
"""

import ast
import difflib
import re
from collections.abc import Callable, Mapping

from raadhuis.catalogue.check.kinds import BOOLEAN, DATE, NUMBER, TEXT, UNKNOWN, Kind
from raadhuis.kernel.expressions import Expression

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?")
_LISTS = Kind("list", item=UNKNOWN)
_NUMBERS = Kind("list", item=NUMBER)
_YES_NOS = Kind("list", item=BOOLEAN)
_SIGNATURES: dict[str, tuple[tuple[Kind, ...], int, Kind]] = {
    # name: (kinds of the arguments, how many at least, what it gives)
    "count": ((_LISTS,), 1, NUMBER),
    "sum": ((_NUMBERS,), 1, NUMBER),
    "highest": ((_NUMBERS,), 1, NUMBER),
    "lowest": ((_NUMBERS,), 1, NUMBER),
    "any": ((_YES_NOS,), 1, BOOLEAN),
    "all": ((_YES_NOS,), 1, BOOLEAN),
    "today": ((), 0, DATE),
    "years_since": ((DATE,), 1, NUMBER),
    "days_until": ((DATE,), 1, NUMBER),
    "days_between": ((DATE, DATE), 2, NUMBER),
    "weeks_until": ((DATE,), 1, Kind("number", whole=False)),
    "lower": ((TEXT,), 1, TEXT),
    "starts_with": ((TEXT, TEXT), 2, BOOLEAN),
    "round": ((NUMBER, NUMBER), 1, NUMBER),
    "day": ((DATE,), 1, DATE),
    "shift": ((DATE, NUMBER, NUMBER, NUMBER), 2, DATE),
    "join": ((UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), 1, TEXT),
    "pick": ((UNKNOWN, UNKNOWN), 2, UNKNOWN),
    "pairs": ((_LISTS, _LISTS), 2, Kind("list", item=_LISTS)),
    "chosen": ((_LISTS, UNKNOWN), 2, _LISTS),
    "empty": ((UNKNOWN,), 1, BOOLEAN),
    "unknown": ((UNKNOWN,), 1, BOOLEAN),
    "holds": ((UNKNOWN,), 1, BOOLEAN),
    "number_of": ((_LISTS,), 1, NUMBER),
    "total": ((_NUMBERS,), 1, NUMBER),
}


class Typed:
    """The outcome: `kind`, and `problems` as (code, sentence)."""

    def __init__(self, expression: Expression, names: Mapping[str, Kind], later: Mapping[str, str]) -> None:
        self.problems: list[tuple[str, str]] = []
        self._names = names
        self._later = later
        self.kind = self._of(expression.tree)

    def _problem(self, code: str, message: str) -> Kind:
        if (code, message) not in self.problems:
            self.problems.append((code, message))
        return UNKNOWN

    def _of(self, node: ast.expr) -> Kind:
        handler = _HANDLERS.get(type(node))
        return handler(self, node) if handler else UNKNOWN

    def name(self, node: ast.Name) -> Kind:
        if node.id in {"true", "false"}:
            return BOOLEAN
        if node.id == "nothing":
            return UNKNOWN
        if node.id in self._names:
            return self._names[node.id]
        if node.id in self._later:
            return self._problem(
                "expression-too-early", f"`{node.id}` is hier nog niet bekend: {self._later[node.id]}."
            )
        close = difflib.get_close_matches(node.id, [*self._names, *self._later], n=1)
        hint = f" Bedoelt u `{close[0]}`?" if close else ""
        return self._problem("unknown-name", f"`{node.id}` is geen vraag, feit of register hier.{hint}")

    def attribute(self, node: ast.Attribute) -> Kind:
        base = self._of(node.value)
        record = base.item if base.name == "list" and base.item else base
        if record.name == "unknown":
            return UNKNOWN
        if record.name != "record" or record.parts is None:
            return self._problem("unknown-part", f"`{ast.unparse(node.value)}` is {base.words} en heeft geen delen.")
        part = record.parts.get(node.attr)
        if part is None:
            known = ", ".join(sorted(record.parts))
            return self._problem(
                "unknown-part", f"`{ast.unparse(node.value)}` heeft geen deel `{node.attr}`. Er is: {known}."
            )
        return Kind("list", item=part) if base.name == "list" else part

    def constant(self, node: ast.Constant) -> Kind:
        if isinstance(node.value, bool):
            return BOOLEAN
        if isinstance(node.value, int | float):
            return Kind("number", whole=isinstance(node.value, int))
        return TEXT

    def sequence(self, node: ast.List | ast.Tuple) -> Kind:
        items = [self._of(item) for item in node.elts]
        same = items[0] if items and all(i.name == items[0].name for i in items) else UNKNOWN
        return Kind("list", item=same)

    def logic(self, node: ast.BoolOp) -> Kind:
        for value in node.values:
            self._want(value, "boolean", "`and` en `or` staan tussen voorwaarden")
        return BOOLEAN

    def unary(self, node: ast.UnaryOp) -> Kind:
        if isinstance(node.op, ast.Not):
            self._want(node.operand, "boolean", "`not` staat voor een voorwaarde")
            return BOOLEAN
        self._want(node.operand, "number", "een minteken staat voor een getal")
        return NUMBER

    def arithmetic(self, node: ast.BinOp) -> Kind:
        for side in (node.left, node.right):
            self._want(side, "number", "rekenen gaat met getallen")
        whole = not isinstance(node.op, ast.Div)
        return Kind("number", whole=whole)

    def _want(self, node: ast.expr, name: str, rule: str) -> None:
        kind = self._of(node)
        if kind.name not in {name, "unknown"}:
            self._problem("wrong-kind", f"`{ast.unparse(node)}` is {kind.words}, en {rule}.")

    def choose(self, node: ast.IfExp) -> Kind:
        self._want(node.test, "boolean", "achter `if` staat een voorwaarde")
        yes, no = self._of(node.body), self._of(node.orelse)
        if yes.name == no.name or no.name == "unknown":
            return yes if yes.options is None else Kind(yes.name)
        if yes.name == "unknown":
            return no
        return self._problem("wrong-kind", f"`{ast.unparse(node)}` geeft soms {yes.words} en soms {no.words}.")

    def call(self, node: ast.Call) -> Kind:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        wanted, least, gives = _SIGNATURES.get(name, ((), 0, UNKNOWN))
        if name in _SIGNATURES and not least <= len(node.args) <= len(wanted):
            return self._problem("wrong-arguments", f"`{name}` vraagt {least or 'geen'} waarde(n) tussen haakjes.")
        for argument, want in zip(node.args, wanted, strict=False):
            self._argument(name, argument, want)
        if name == "chosen":  # Items of the first list, with all that they have.
            return self._of(node.args[0])
        return gives

    def _argument(self, name: str, node: ast.expr, want: Kind) -> None:
        kind = self._of(node)
        if want.name == "unknown" or kind.name == "unknown":
            return
        fits = kind.name == want.name or (want.name == "text" and kind.name in {"date", "time", "datetime"})
        if want.name == "date" and isinstance(node, ast.Constant):
            fits = isinstance(node.value, str) and bool(_ISO.fullmatch(node.value))
        elif want.name == "date":
            fits = kind.name in {"date", "datetime"}
        if not fits:
            self._problem("wrong-kind", f"`{name}` vraagt {want.words}, en `{ast.unparse(node)}` is {kind.words}.")
        elif want.item and kind.item and len({want.item.name, kind.item.name, "unknown"}) == 3:
            self._problem("wrong-kind", f"`{name}` vraagt een lijst met {want.item.words}: `{ast.unparse(node)}`.")

    def compare(self, node: ast.Compare) -> Kind:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn):
                self._membership(left, right)
            else:
                ordered = not isinstance(operator, ast.Eq | ast.NotEq)
                self._pair(left, self._of(left), right, self._of(right), ordered=ordered)
            left = right
        return BOOLEAN

    def _membership(self, left: ast.expr, right: ast.expr) -> None:
        container, item = self._of(right), self._of(left)
        if isinstance(right, ast.List | ast.Tuple):
            for element in right.elts:
                self._pair(left, item, element, self._of(element), ordered=False)
        elif container.name == "list" and container.item:
            self._pair(left, item, right, container.item, ordered=False)
        elif container.name not in {"text", "unknown"}:
            message = f"`{ast.unparse(right)}` is {container.words}; `in` zoekt in een lijst of een tekst."
            self._problem("wrong-kind", message)

    def _pair(self, left: ast.expr, a: Kind, right: ast.expr, b: Kind, *, ordered: bool) -> None:
        if "unknown" in {a.name, b.name}:
            return
        said = f"`{ast.unparse(left)}` en `{ast.unparse(right)}`"
        texts = {"text", "date", "time", "datetime"}
        if a.name != b.name and not {a.name, b.name} <= texts:
            self._problem("wrong-kind", f"{said} zijn niet te vergelijken: {a.words} en {b.words}.")
        elif ordered and a.name in {"boolean", "list", "record"}:
            self._problem("wrong-kind", f"{said}: {a.words} is niet groter of kleiner.")
        else:
            self._literal(left, right, b)
            self._literal(right, left, a)

    def _literal(self, node: ast.expr, other: ast.expr, kind: Kind) -> None:
        """A text written out, beside something that can only be some texts, or a date."""
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return
        if kind.options is not None and node.value not in kind.options:
            close = difflib.get_close_matches(node.value, kind.options, n=1)
            hint = f" Bedoelt u “{close[0]}”?" if close else f" Er is: {', '.join(sorted(kind.options))}."
            self._problem("unknown-option", f"“{node.value}” is geen optie van `{ast.unparse(other)}`.{hint}")
        elif kind.name == "date" and not _ISO.fullmatch(node.value):
            self._problem("wrong-kind", f"“{node.value}” is geen datum: schrijf jjjj-mm-dd.")
        elif kind.name == "datetime" and not _MOMENT.fullmatch(node.value):
            self._problem("wrong-kind", f"“{node.value}” is geen dag met een tijd: schrijf jjjj-mm-ddTuu:mm.")


_HANDLERS: dict[type[ast.expr], Callable[..., Kind]] = {
    ast.Name: Typed.name,
    ast.Attribute: Typed.attribute,
    ast.Constant: Typed.constant,
    ast.List: Typed.sequence,
    ast.Tuple: Typed.sequence,
    ast.BoolOp: Typed.logic,
    ast.UnaryOp: Typed.unary,
    ast.BinOp: Typed.arithmetic,
    ast.IfExp: Typed.choose,
    ast.Call: Typed.call,
    ast.Compare: Typed.compare,
}
