"""The one expression language of service definitions: conditions and derived facts.

In: a text such as `bezoekers > 500 and "muziek" in activiteiten`, and an environment of answers.
Out: a value, or UNKNOWN when an answer that it needs is missing.
Always holds: an expression reads and compares, nothing else: no attribute of an object, no loop, no call outside
FUNCTIONS; it is bounded in length and depth; it never raises on odd answers but answers UNKNOWN.

The syntax is a small part of Python's (its own parser reads it): names, `a.b` for a part of an answer or for that
part in every row of a repeating group, literals, lists, and or not, == != < <= > >= in not in, + - * /, calls.
Truth is three-valued (Kleene, 1938): `UNKNOWN and False` is False, `UNKNOWN or True` is True.
"""

import ast
import calendar
import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from raadhuis.kernel import clock


class _Unknown:
    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false: compare with `is`")


UNKNOWN: Final = _Unknown()
Env = Mapping[str, Any]
_Step = Callable[[Env], Any]

MAX_LENGTH = 4000
MAX_DEPTH = 40


class BadExpression(ValueError):
    """The text is not an expression of this language; the message says what to change."""


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _years_since(value: Any) -> int:
    born, now = _as_date(value), clock.today()
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def _numbers(values: Any) -> list[float]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def _shift(value: Any, years: Any, months: Any = 0, days: Any = 0) -> str:
    """A date so many years and months later (on the last day of a month that is too short), then so many days."""
    start = _as_date(value)
    month = start.month - 1 + int(months) + 12 * int(years)
    year, month = start.year + month // 12, month % 12 + 1
    moved = date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    return (moved + timedelta(days=int(days))).isoformat()


def _pick(values: Any, key: Any) -> Any:
    """The value under a key, or at a place (from 0) in a list. Raises KeyError, TypeError."""
    if isinstance(values, list):
        place = int(key)
        if not 0 <= place < len(values):
            raise KeyError(key)
        return values[place]
    if isinstance(values, Mapping) and isinstance(key, str):
        return values[key]
    raise TypeError("neither a list nor an object")


def _pairs(first: Any, second: Any) -> list[list[Any]]:
    if not isinstance(first, list) or not isinstance(second, list) or len(first) != len(second):
        raise TypeError("not two lists that belong together")
    return [[a, b] for a, b in zip(first, second, strict=True)]


def _chosen(options: Any, ids: Any) -> list[Any]:
    """The items of a list (texts, pairs, or objects with an id) that were chosen from it. Raises TypeError."""
    wanted = [ids] if isinstance(ids, str) else ids
    if not isinstance(options, list) or not isinstance(wanted, list):
        raise TypeError("not a list, and what was chosen from it")
    return [one for one in options if _id_of(one) in wanted]


def _id_of(one: Any) -> Any:
    if isinstance(one, Mapping):
        return one.get("id")
    return one[0] if isinstance(one, list) and len(one) == 2 else one


FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "count": len,
    "sum": lambda values: sum(_numbers(values)),
    "highest": lambda values: max(_numbers(values)),
    "lowest": lambda values: min(_numbers(values)),
    "any": lambda values: any(v is True for v in values),
    "all": lambda values: all(v is True for v in values),
    "today": lambda: clock.today().isoformat(),
    "years_since": _years_since,
    "days_until": lambda value: (_as_date(value) - clock.today()).days,
    "days_between": lambda start, end: (_as_date(end) - _as_date(start)).days,
    "weeks_until": lambda value: (_as_date(value) - clock.today()).days / 7,
    "lower": lambda value: str(value).lower(),
    "starts_with": lambda value, start: str(value).startswith(str(start)),
    "round": lambda value, digits=0: round(value, int(digits)),
    "day": lambda value: _as_date(value).isoformat(),
    "shift": _shift,
    "join": lambda *values: "".join(str(value) for value in values),
    "pick": _pick,
    "pairs": _pairs,
    "chosen": _chosen,
    # The functions below see UNKNOWN. An answer that is missing or empty:
    "empty": lambda value: value is UNKNOWN or value is None or value == "" or value == [] or value == {},
    # Missing, whatever an empty value may mean:
    "unknown": lambda value: value is UNKNOWN,
    # There, and neither empty, nor no, nor nought:
    "holds": lambda value: value is not UNKNOWN and bool(value),
    # How many there are, and what they add up to: nought when there are none.
    "number_of": lambda values: len(values) if isinstance(values, list) else 0,
    "total": lambda values: sum(_numbers(values)) if isinstance(values, list) else 0,
}
SEE_UNKNOWN: Final = frozenset({"empty", "unknown", "holds", "number_of", "total"})

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Expression:
    """A parsed expression. `names` are the first parts of what it reads; `paths` the full dotted names."""

    __slots__ = ("_step", "names", "paths", "text", "tree")

    def __init__(self, text: str, tree: ast.expr) -> None:
        self.text = text
        self.tree = tree
        self._step = _compile(tree, 0)  # First: it is this that refuses what is nested too deep.
        self.paths = tuple(dict.fromkeys(_paths(tree)))
        self.names = frozenset(p.split(".")[0] for p in self.paths)

    def value(self, env: Env) -> Any:
        """The value for these answers, or UNKNOWN."""
        try:
            return self._step(env)
        except (TypeError, ValueError, ArithmeticError, KeyError, AttributeError, RecursionError):
            return UNKNOWN

    def truth(self, env: Env) -> bool | None:
        """True, False, or None when it cannot be determined (also when the value is not a yes or no)."""
        result = self.value(env)
        return result if isinstance(result, bool) else None


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Reads `text`. Raises BadExpression with a sentence that says what is wrong."""
    if len(text) > MAX_LENGTH:
        raise BadExpression(f"longer than {MAX_LENGTH} characters")
    try:
        return Expression(text, ast.parse(text.strip(), mode="eval").body)
    except BadExpression:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadExpression(f"cannot be read: {getattr(error, 'msg', None) or error}") from error


def _dotted(node: ast.expr) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) <= MAX_DEPTH:
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _paths(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name | ast.Attribute):
        path = _dotted(node)
        if path:
            yield path
        return
    if isinstance(node, ast.Call):
        for argument in node.args:
            yield from _paths(argument)
        return
    for child in ast.iter_child_nodes(node):
        yield from _paths(child)


def _compile(node: ast.expr, depth: int) -> _Step:
    if depth > MAX_DEPTH:
        raise BadExpression(f"nested deeper than {MAX_DEPTH}")
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise BadExpression(f"{ast.unparse(node)!r} is not part of the expression language")
    return handler(node, depth + 1)


def _constant(node: ast.Constant, depth: int) -> _Step:
    value = node.value
    if not isinstance(value, bool | int | float | str):
        raise BadExpression(f"{value!r} is not a yes/no, number or text")
    return lambda env: value


WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "nothing": UNKNOWN}
"""Names that are values; `nothing` is a value that is missing."""


def _name(node: ast.Name, depth: int) -> _Step:
    key = node.id
    if key.startswith("_"):
        raise BadExpression(f"{key!r}: a name starts with a letter")
    if key in WORDS:
        word = WORDS[key]
        return lambda env: word

    def step(env: Env) -> Any:
        value = env.get(key)
        return UNKNOWN if value is None else value

    return step


def _part(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return [part for row in value if (part := _part(row, key)) is not UNKNOWN]
    if isinstance(value, Mapping):
        found = value.get(key)
        return UNKNOWN if found is None else found
    return UNKNOWN


def _attribute(node: ast.Attribute, depth: int) -> _Step:
    key = node.attr
    if key.startswith("_") or _dotted(node) is None:
        raise BadExpression(f"{ast.unparse(node)!r}: only names may stand around a point")
    inner = _compile(node.value, depth)
    return lambda env: _part(inner(env), key)


def _list(node: ast.List | ast.Tuple, depth: int) -> _Step:
    steps = [_compile(item, depth) for item in node.elts]
    return lambda env: [step(env) for step in steps]


def _bool_op(node: ast.BoolOp, depth: int) -> _Step:
    steps = [_compile(value, depth) for value in node.values]
    decisive = isinstance(node.op, ast.Or)

    def step(env: Env) -> Any:
        unknown = False
        for part in steps:
            try:
                value = part(env)
            except (TypeError, ValueError, ArithmeticError):
                value = UNKNOWN
            if value is decisive:
                return decisive
            if not isinstance(value, bool):
                unknown = True
        return UNKNOWN if unknown else not decisive

    return step


def _unary(node: ast.UnaryOp, depth: int) -> _Step:
    inner = _compile(node.operand, depth)
    if isinstance(node.op, ast.Not):

        def negate(env: Env) -> Any:
            value = inner(env)
            return not value if isinstance(value, bool) else UNKNOWN

        return negate
    if isinstance(node.op, ast.USub):
        return lambda env: UNKNOWN if (value := inner(env)) is UNKNOWN else -value
    raise BadExpression(f"{ast.unparse(node)!r} is not part of the expression language")


def _bin_op(node: ast.BinOp, depth: int) -> _Step:
    function = _ARITHMETIC.get(type(node.op))
    if function is None:
        raise BadExpression(f"{ast.unparse(node)!r}: only + - * / can be used")
    left, right = _compile(node.left, depth), _compile(node.right, depth)

    def step(env: Env) -> Any:
        a, b = left(env), right(env)
        for value in (a, b):
            if value is UNKNOWN or isinstance(value, bool) or not isinstance(value, int | float):
                return UNKNOWN
        return function(a, b)

    return step


def _same_kind(a: Any, b: Any) -> bool:
    number = (int, float)
    if isinstance(a, bool) or isinstance(b, bool):
        return isinstance(a, bool) and isinstance(b, bool)
    return (isinstance(a, number) and isinstance(b, number)) or type(a) is type(b)


def _compare_pair(op: ast.cmpop) -> Callable[[Any, Any], Any]:
    ordered = _COMPARE.get(type(op))
    if ordered is not None:
        return lambda a, b: ordered(a, b) if _same_kind(a, b) else UNKNOWN
    if isinstance(op, ast.Eq):
        return lambda a, b: a == b if _same_kind(a, b) else UNKNOWN
    if isinstance(op, ast.NotEq):
        return lambda a, b: a != b if _same_kind(a, b) else UNKNOWN
    if isinstance(op, ast.In):
        return lambda a, b: a in b if isinstance(b, list | str) else UNKNOWN
    if isinstance(op, ast.NotIn):
        return lambda a, b: a not in b if isinstance(b, list | str) else UNKNOWN
    raise BadExpression("compare with == != < <= > >= in or not in")


def _compare(node: ast.Compare, depth: int) -> _Step:
    first = _compile(node.left, depth)
    rest = [(_compare_pair(op), _compile(right, depth)) for op, right in zip(node.ops, node.comparators, strict=True)]

    def step(env: Env) -> Any:
        left, unknown = first(env), False
        for compare, right_step in rest:
            right = right_step(env)
            outcome = UNKNOWN if left is UNKNOWN or right is UNKNOWN else compare(left, right)
            if outcome is False:
                return False
            unknown = unknown or outcome is UNKNOWN
            left = right
        return UNKNOWN if unknown else True

    return step


def _call(node: ast.Call, depth: int) -> _Step:
    name = node.func.id if isinstance(node.func, ast.Name) else None
    if name not in FUNCTIONS or node.keywords:
        raise BadExpression(f"{ast.unparse(node.func)!r} is not one of: {', '.join(sorted(FUNCTIONS))}")
    function = FUNCTIONS[name]
    steps = [_compile(argument, depth) for argument in node.args]
    if len(steps) > 4:
        raise BadExpression(f"{name} takes fewer arguments")
    sees_unknown = name in SEE_UNKNOWN

    def step(env: Env) -> Any:
        values = [s(env) for s in steps]
        if not sees_unknown and any(v is UNKNOWN for v in values):
            return UNKNOWN
        return function(*values)

    return step


def _if(node: ast.IfExp, depth: int) -> _Step:
    test, yes, no = (_compile(part, depth) for part in (node.test, node.body, node.orelse))

    def step(env: Env) -> Any:
        chosen = test(env)
        if not isinstance(chosen, bool):
            return UNKNOWN
        return yes(env) if chosen else no(env)

    return step


_HANDLERS: dict[type[ast.AST], Callable[[Any, int], _Step]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.List: _list,
    ast.Tuple: _list,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.BinOp: _bin_op,
    ast.Compare: _compare,
    ast.Call: _call,
    ast.IfExp: _if,
}
