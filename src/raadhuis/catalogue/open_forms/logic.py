"""JSON-Logic in our own expression language.

In: a piece of JSON-Logic, and a Scope that knows what its variables are here. Out: a Test (`truth`) or the text of a
value. Raises Untranslatable, with the reason, for what our language cannot say. Always holds: the translation means the
same for every set of answers that the form can hold.
"""

import ast
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from raadhuis.catalogue.open_forms.equals import NOTHING, equals
from raadhuis.catalogue.open_forms.refs import (
    DEEPEST,
    Ref,
    Scope,
    Untranslatable,
    Value,
    literal,
    not_in,
    parts,
    quoted,
)
from raadhuis.catalogue.open_forms.truth import (
    FALSE,
    TRUE,
    Filled,
    Fixed,
    Is,
    Test,
    all_of,
    any_of,
    negate,
    written,
)  # fmt: skip


class Translator:
    """Translates for one form."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.unknown: set[str] = set()
        """Variables that the source asks for and does not have."""

    def truth(self, logic: Any, depth: int = 0) -> Test:
        """When this is true."""
        if depth > DEEPEST:
            raise Untranslatable(f"dieper genest dan {DEEPEST}")
        if not isinstance(logic, dict):
            return Fixed(bool(logic))
        operator, values = parts(logic)
        if operator in {"==", "===", "!=", "!=="}:
            same = self._same(*_two(operator, values))
            return negate(same) if operator.startswith("!") else same
        if operator in {"and", "or"}:
            join = all_of if operator == "and" else any_of
            return join(*(self.truth(value, depth + 1) for value in values))
        if operator in {"!", "!!"}:
            inner = self.truth(values[0] if values else None, depth + 1)
            return inner if operator == "!!" else negate(inner)
        if operator in {"<", "<=", ">", ">="}:
            return self._ordered(operator, values)
        if operator in {"if", "?:"}:
            return self._either(values, depth)
        if operator == "missing":
            return self._missing(values)
        if operator == "in":
            return self._in(*_two(operator, values))
        if operator == "var":
            return self._filled(self._ref(values))
        value = self.value(logic, depth)
        return Is(f"{value.text} != 0", f"{value.text} == 0", value.of)

    def _either(self, values: list[Any], depth: int) -> Test:
        found: list[Test] = []
        before: Test = TRUE
        for place in range(0, len(values) - 1, 2):
            test = self.truth(values[place], depth + 1)
            found.append(all_of(before, test, self.truth(values[place + 1], depth + 1)))
            before = all_of(before, negate(test))
        if len(values) % 2:
            found.append(all_of(before, self.truth(values[-1], depth + 1)))
        return any_of(*found)

    def _missing(self, values: list[Any]) -> Test:
        names = values[0] if len(values) == 1 and isinstance(values[0], list) else values
        found = []
        for name in names:
            ref = self._scope.ref(str(name))
            found.append(TRUE if ref is None else negate(_present(ref)))
        return any_of(*found)

    def _ref(self, values: list[Any]) -> Ref | None:
        if not values or not isinstance(values[0], str):
            raise Untranslatable("`var` met een naam die pas later bekend is")
        ref = self._scope.ref(values[0])
        if ref is None:
            self.unknown.add(values[0])
        return ref

    def _filled(self, ref: Ref | None) -> Test:
        if ref is None:
            return FALSE
        if is_fixed(ref):
            return Fixed(bool(ast.literal_eval(ref.text.capitalize() if ref.kind == "tick" else ref.text)))
        if ref.kind == "choices":
            return TRUE if ref.options else Filled(ref.text)
        if ref.kind in {"member", "tick"}:
            return Is(ref.text, f"not {ref.text}" if ref.kind == "tick" else not_in(ref.text), ref.of)
        if ref.kind == "composed":
            return TRUE if ref.options else Filled(ref.text)
        if ref.kind in {"number", "money", "given", "object", "list"}:
            return Filled(ref.text, "holds")
        return Filled(ref.text)

    # Comparisons

    def _same(self, left: Any, right: Any) -> Test:
        if not isinstance(left, dict) and not isinstance(right, dict):
            return Fixed(str(left) == str(right) if str in {type(left), type(right)} else left == right)
        if isinstance(left, dict) and isinstance(right, dict):
            return self._same_values(left, right)
        logic, constant = (left, right) if isinstance(left, dict) else (right, left)
        operator, values = parts(logic)
        if isinstance(constant, bool) and operator != "var":
            test = self.truth(logic)
            return test if constant else negate(test)
        if operator != "var":
            value = self.value(logic)
            return _compared(value, "==", _constant(constant))
        ref = self._ref(values)
        if ref is None:
            return Fixed(constant is None or constant == "None")
        if isinstance(constant, list | dict):
            constant = str(constant)
        if is_fixed(ref):
            value = ast.literal_eval(ref.text.capitalize() if ref.kind == "tick" else ref.text)
            return self._same(value, constant)
        return equals(ref, constant)

    def _same_values(self, left: Any, right: Any) -> Test:
        a, b = self.value(left), self.value(right)
        return Is(f"{a.text} == {b.text}", f"{a.text} != {b.text}", tuple(dict.fromkeys(a.of + b.of)))

    def _ordered(self, operator: str, values: list[Any]) -> Test:
        if len(values) < 2:
            raise Untranslatable(f"`{operator}` met minder dan twee waarden")
        if any(value is None for value in values):
            return FALSE
        found = []
        for left, right in pairwise(values):
            a, b = self.value(left), self.value(right)
            if {a.kind, b.kind} & {"text", "choice"}:
                raise Untranslatable(f"`{operator}` op tekst")
            found.append(Is(f"{a.text} {operator} {b.text}", "", tuple(dict.fromkeys(a.of + b.of))))
        return all_of(*found)

    def _in(self, needle: Any, hay: Any) -> Test:
        if isinstance(hay, dict):
            ref = self._ref(parts(hay)[1]) if parts(hay)[0] == "var" else None
            if ref is None:
                return FALSE if parts(hay)[0] == "var" else self._in_value(needle, hay)
            if ref.kind == "choices" and isinstance(needle, str):
                ids = ref.options.get(needle, ())
                return any_of(
                    *(Is(f"{quoted(i)} in {ref.text}", f"{quoted(i)} not in {ref.text}", ref.of) for i in ids)
                )
            return self._in_value(needle, hay)
        if isinstance(hay, list):
            return any_of(*(self._same(needle, item) for item in hay))
        raise Untranslatable("`in` zonder lijst of tekst")

    def _in_value(self, needle: Any, hay: Any) -> Test:
        a, b = self.value(needle), self.value(hay)
        return Is(f"{a.text} in {b.text}", f"{a.text} not in {b.text}", tuple(dict.fromkeys(a.of + b.of)))

    # Values

    def value(self, logic: Any, depth: int = 0) -> Value:
        """The expression of a value."""
        if depth > DEEPEST:
            raise Untranslatable(f"dieper genest dan {DEEPEST}")
        if not isinstance(logic, dict):
            return _constant(logic)
        operator, values = parts(logic)
        made = _VALUES.get(operator)
        if made is not None:
            return made(self, values, depth + 1)
        if operator in {"==", "===", "!=", "!==", "and", "or", "!", "!!", "<", "<=", ">", ">=", "in", "missing"}:
            return Value(f"({written(self.truth(logic, depth), sure=True)})", (), "tick")
        raise Untranslatable(f"de bewerking `{operator}` kennen wij niet")

    def outcome(self, logic: Any, depth: int = 0) -> Value:
        """A value that may be none at all: what the source prints for nothing is `nothing` here."""
        return Value("nothing") if logic in ("", None, *NOTHING) else self.value(logic, depth)

    def _var(self, values: list[Any], depth: int) -> Value:
        if values and isinstance(values[0], dict):
            return self._picked(values[0], depth)
        ref = self._ref(values)
        if ref is None:
            raise Untranslatable(f"de variabele `{values[0]}` bestaat niet in dit formulier")
        if ref.kind == "choices" and ref.options:
            raise Untranslatable("een lijst van vakjes als waarde")
        value = Value(ref.text, ref.of, ref.kind)
        if ref.kind == "money":
            return Value(f"({ref.text} / 100)", ref.of, "number")
        if len(values) > 1 and values[1] is not None:
            return Value(f"({literal(values[1])} if {ref.absent}({ref.text}) else {ref.text})", (), ref.kind)
        return value

    def _picked(self, name: Any, depth: int) -> Value:
        """`var` of a name that is put together: `gemeenten.` + the answer is a part picked from `gemeenten`."""
        operator, values = parts(name)
        if operator == "cat" and len(values) == 2 and isinstance(values[0], str) and values[0].endswith("."):
            ref = self._scope.ref(values[0].removesuffix("."))
            if ref is not None and ref.kind in {"object", "list", "given"}:
                key = self.value(values[1], depth)
                return Value(f"pick({ref.text}, {key.text})", (*ref.of, *key.of), "given")
        raise Untranslatable("`var` met een naam die pas later bekend is")

    def _number(self, logic: Any, depth: int) -> Value:
        if isinstance(logic, dict) and parts(logic)[0] == "var":
            ref = self._ref(parts(logic)[1])
            if ref is not None and ref.kind in {"choice", "yes_no"}:
                name = self._scope.points(ref)
                return Value(name, (name,), "number")
        if isinstance(logic, str):
            try:
                return Value(repr(float(logic) if "." in logic else int(logic)), (), "number")
            except ValueError:
                raise Untranslatable(f"rekenen met de tekst {logic!r}") from None
        value = self.value(logic, depth)
        if value.kind in {"text", "yes_no", "member", "composed", "rows", "choices"}:
            raise Untranslatable("rekenen met iets dat geen getal is")
        return value

    def _sum(self, values: list[Any], depth: int) -> Value:
        if any(_is(value, "rdelta") or _is(value, "duration") for value in values):
            return self._moved(values, 1, depth)
        return self._arithmetic(" + ", values, depth)

    def _difference(self, values: list[Any], depth: int) -> Value:
        if len(values) == 1:
            value = self._number(values[0], depth)
            return Value(f"-{value.text}", value.of, "number")
        if any(_is(value, "rdelta") or _is(value, "duration") for value in values):
            return self._moved(values, -1, depth)
        first, second = self.value(values[0], depth), self.value(values[1], depth)
        if {first.kind, second.kind} & {"date", "datetime"}:
            raise Untranslatable("de tijd tussen twee datums als waarde")
        return self._arithmetic(" - ", values[:2], depth)

    def _arithmetic(self, sign: str, values: list[Any], depth: int) -> Value:
        found = [self._number(value, depth) for value in values]
        if not found:
            raise Untranslatable("rekenen zonder getallen")
        text = sign.join(value.text for value in found)
        of = tuple(dict.fromkeys(name for value in found for name in value.of))
        return Value(f"({text})" if len(found) > 1 else text, of, "number")

    def _moved(self, values: list[Any], sign: int, depth: int) -> Value:
        """A date some years, months and days later or earlier."""
        if len(values) != 2 or not _is(values[1], "rdelta"):
            raise Untranslatable("met deze duur kunnen wij niet rekenen")
        day = self.value(values[0], depth)
        steps = parts(values[1])[1]
        if not all(isinstance(step, int) and not isinstance(step, bool) for step in steps) or any(steps[3:]):
            raise Untranslatable("een duur in uren, of een die pas later bekend is")
        moves = ", ".join(str(sign * step) for step in [*steps, 0, 0, 0][:3])
        return Value(f"shift({day.text}, {moves})", day.of, "date")

    def _today(self, values: list[Any], depth: int) -> Value:
        return Value("today()", (), "date")

    def _as_date(self, values: list[Any], depth: int) -> Value:
        value = self.value(values[0], depth) if values else None
        if value is None:
            raise Untranslatable("`date` zonder waarde")
        return Value(value.text if value.kind == "date" else f"day({value.text})", value.of, "date")

    def _as_moment(self, values: list[Any], depth: int) -> Value:
        value = self.value(values[0], depth)
        return Value(value.text, value.of, "datetime")

    def _if(self, values: list[Any], depth: int) -> Value:
        if len(values) % 2 == 0:
            values = [*values, ""]
        text, kind = "", ""
        of: list[str] = []
        for place in range(0, len(values) - 1, 2):
            test, then = self.truth(values[place], depth), self.outcome(values[place + 1], depth)
            text += f"{then.text} if {written(test, sure=True)} else "
            of, kind = [*of, *then.of], then.kind
        last = self.outcome(values[-1], depth)
        return Value(f"({text}{last.text})", tuple(dict.fromkeys([*of, *last.of])), kind or last.kind)

    def _cat(self, values: list[Any], depth: int) -> Value:
        found = [self.value(value, depth) for value in values]
        of = tuple(dict.fromkeys(name for value in found for name in value.of))
        return Value(f"join({', '.join(value.text for value in found)})", of, "text") if len(found) < 5 else _too_many()

    def _map(self, values: list[Any], depth: int) -> Value:
        over, inner = _two("map", values)
        rows = self.value(over, depth)
        return Value(self._column(rows, inner), rows.of, "list")

    def _column(self, rows: Value, inner: Any) -> str:
        operator, values = parts(inner) if isinstance(inner, dict) else ("", [])
        if operator == "var" and values and isinstance(values[0], str):
            return self._scope_part(rows.text, values[0])
        if operator == "merge" and len(values) == 2:
            return f"pairs({self._column(rows, values[0])}, {self._column(rows, values[1])})"
        raise Untranslatable("`map` met een bewerking per rij")

    @staticmethod
    def _scope_part(rows: str, name: str) -> str:
        if not all(word.isidentifier() and not word.startswith("_") for word in name.split(".")):
            raise Untranslatable(f"`map` naar {name!r}")
        return f"{rows}.{name}"

    def _reduce(self, values: list[Any], depth: int) -> Value:
        if len(values) != 3 or values[2] != 0 or not _is(values[1], "+"):
            raise Untranslatable("`reduce` die niet telt of optelt")
        rows = self.value(values[0], depth)
        rest = [v for v in parts(values[1])[1] if v != {"var": "accumulator"}]
        if len(parts(values[1])[1]) != 2 or len(rest) != 1:
            raise Untranslatable("`reduce` die niet telt of optelt")
        if rest[0] == 1:
            return Value(f"number_of({rows.text})", (), "number")
        if _is(rest[0], "var") and str(parts(rest[0])[1][0]).startswith("current."):
            part = self._scope_part(rows.text, str(parts(rest[0])[1][0]).removeprefix("current."))
            return Value(f"total({part})", (), "number")
        raise Untranslatable("`reduce` die niet telt of optelt")

    def _count(self, values: list[Any], depth: int) -> Value:
        tests = [written(self.truth(value, depth), sure=True) for value in values]
        return Value("(" + " + ".join(f"(1 if {test} else 0)" for test in tests) + ")", (), "number")

    def _outer(self, sign: str, values: list[Any], depth: int) -> Value:
        """The lowest (`<=`) or highest (`>=`): nothing when one of them is missing, as in the source."""
        first, *rest = (self._number(value, depth) for value in values)
        for other in rest:
            of = tuple(dict.fromkeys(first.of + other.of))
            first = Value(f"({first.text} if {first.text} {sign} {other.text} else {other.text})", of, "number")
        return first


def is_fixed(ref: Ref) -> bool:
    """Whether the variable is written out: it never changes."""
    return not ref.of and ref.kind in {"text", "number", "tick", "list"} and not ref.text.endswith(")")


def _too_many() -> Value:
    raise Untranslatable("`cat` van meer dan vier stukken")


def _is(logic: Any, operator: str) -> bool:
    return isinstance(logic, dict) and list(logic) == [operator]


def _two(operator: str, values: list[Any]) -> tuple[Any, Any]:
    if len(values) != 2:
        raise Untranslatable(f"`{operator}` met {len(values)} waarden")
    return values[0], values[1]


def _present(ref: Ref) -> Test:
    """Whether the source has the variable at all: an unanswered question is there, with an empty value."""
    return Filled(ref.text, ref.absent) if ref.kind in {"given", "number", "money"} else TRUE


def _constant(value: Any) -> Value:
    kind = "tick" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "constant"
    return Value(literal("" if value is None else value), (), kind)


def _compared(value: Value, sign: str, other: Value) -> Test:
    opposite = {"==": "!=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}[sign]
    of = tuple(dict.fromkeys(value.of + other.of))
    return Is(f"{value.text} {sign} {other.text}", f"{value.text} {opposite} {other.text}", of)


_VALUES: dict[str, Callable[[Translator, list[Any], int], Value]] = {
    "var": Translator._var,
    "+": Translator._sum,
    "-": Translator._difference,
    "*": lambda self, values, depth: self._arithmetic(" * ", values, depth),
    "/": lambda self, values, depth: self._arithmetic(" / ", values[:2], depth),
    "min": lambda self, values, depth: self._outer("<=", values[:4], depth),
    "max": lambda self, values, depth: self._outer(">=", values[:4], depth),
    "if": Translator._if,
    "?:": Translator._if,
    "cat": Translator._cat,
    "today": Translator._today,
    "date": Translator._as_date,
    "datetime": Translator._as_moment,
    "map": Translator._map,
    "reduce": Translator._reduce,
    "count": Translator._count,
}
