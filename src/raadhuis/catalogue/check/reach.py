"""Pages, questions and tasks that nobody ever gets, or that everybody gets though a condition says otherwise.

In: a definition whose expressions are right. Out: findings "never-true" and "always-true".
Always holds: found by trying the values that matter (each option, the numbers and dates around a boundary, missing
where something may be missing), together with the conditions of what a condition reads; when that would be more than
MAX_TRIES, nothing is said. Where trying is not exact (sums, two answers compared), "never" is only a warning; where
it hangs on the shape of what a look-up gives, which only the other system knows, nothing is said.
"""

import ast
import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any, Final

import msgspec
from dateutil.relativedelta import relativedelta

from raadhuis.catalogue import facts
from raadhuis.catalogue.check.expressions import Site, sites
from raadhuis.catalogue.check.kinds import EARLIER_GRANTED, Kind
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel import clock
from raadhuis.kernel.expressions import UNKNOWN, Expression, parse
from raadhuis.rules.schema import Finding

MAX_TRIES: Final = 5000
MISSING: Final = object()
_WHEN = ".when"


class _Step(msgspec.Struct, frozen=True):
    """In the order of the form: a question that is there when its conditions hold, or a fact with its value."""

    name: str
    conditions: tuple[Expression, ...] = ()
    value: Expression | None = None


def reach_findings(definition: Definition) -> Iterator[Finding]:
    """Conditions that are never true, or always."""
    steps, contexts = _steps(definition), _contexts(definition)
    for site in sites(definition):
        if not site.path.endswith(_WHEN) or site.path.count(".questions.") > 1:
            continue
        context = contexts.get(site.path.removesuffix(_WHEN), ())
        seen = None if _hangs_on_a_shape(site, steps, context) else _truths(site, steps, context)
        if seen is None:
            continue
        if True not in seen:
            message = f"`{site.text}` is nooit waar: dit komt nooit aan bod. Verbeter de voorwaarde of haal dit weg."
            yield Finding("never-true", site.path, message, "error" if _exact(site.text, steps) else "warning")
        elif seen == {True} and not site.path.startswith("fee."):
            message = f"`{site.text}` is altijd waar: de voorwaarde doet niets. Haal haar weg of verbeter haar."
            yield Finding("always-true", site.path, message, "warning")


def _hangs_on_a_shape(site: Site, steps: dict[str, _Step], context: tuple[Expression, ...]) -> bool:
    """Whether a function or a deeper path looks into something whose shape nobody here knows: it may be any."""
    expressions = _all_read([parse(site.text), *context], steps)
    strange = {path for e in expressions for path in e.paths if _is_strange(path, site.names, steps)}
    if any(other.startswith(f"{path}.") for path in strange for other in strange):
        return True
    return any(
        isinstance(node, ast.Call)
        and not (isinstance(node.func, ast.Name) and node.func.id in _SHAPELESS)
        and any(set(parse(ast.unparse(argument)).paths) & strange for argument in node.args)
        for expression in expressions
        for node in ast.walk(expression.tree)
    )


_SHAPELESS = frozenset({"empty", "unknown", "holds", "lower"})
"""Functions that tell the same of every shape that is tried."""


def _is_strange(path: str, names: Mapping[str, Kind], steps: dict[str, _Step]) -> bool:
    first = path.split(".")[0]
    if first in steps and steps[first].value is not None:  # A fact is worked out; what it reads is looked at itself.
        return False
    return first in names and _kind_at(path, names)[0].name == "unknown"


def _exact(text: str, steps: dict[str, _Step]) -> bool:
    """Whether trying values settles it: each comparison is with something written out, and nothing is calculated."""
    for expression in _all_read([parse(text)], steps):
        for node in ast.walk(expression.tree):
            if isinstance(node, ast.BinOp):
                return False
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in _SETTLED:
                return False
            if isinstance(node, ast.Compare) and not any(_literal(n) for n in (node.left, *node.comparators)):
                return False
    return True


_SETTLED = frozenset({"empty", "count", "any", "all", "years_since", "days_until", "lower"})


def _literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.List | ast.Tuple)


def _steps(definition: Definition) -> dict[str, _Step]:
    made = facts.plan(definition)
    steps: dict[str, _Step] = {step.name: _Step(step.name, value=step.value) for step in made.first}
    for _, above, questions in made.pages:
        for question, when in questions:
            steps[question.id] = _Step(question.id, tuple(e for e in (above, when) if e is not None))
            steps |= {step.name: _Step(step.name, value=step.value) for step in made.after.get(question.id, ())}
    return steps | {step.name: _Step(step.name, value=step.value) for step in made.facts if step.name not in steps}


def _contexts(definition: Definition) -> dict[str, tuple[Expression, ...]]:
    """Under which conditions the place with this path is met at all (a question: those of its page)."""
    contexts: dict[str, tuple[Expression, ...]] = {}
    for p, page in enumerate(definition.pages):
        above = (parse(page.when),) if page.when else ()
        contexts |= {f"pages.{p}.checks.{n}": above for n in range(len(page.checks))}
        for q, question in enumerate(page.questions):
            path = f"pages.{p}.questions.{q}"
            contexts[path] = above
            own = (parse(question.when),) if question.when else ()
            for o in range(len(getattr(question, "options", []))):
                contexts[f"{path}.options.{o}"] = above + own
    return contexts


def _truths(site: Site, steps: dict[str, _Step], context: tuple[Expression, ...]) -> set[bool | None] | None:
    """All that the condition can be where it is met; None when there is too much to try."""
    condition = parse(site.text)
    order = _closure([condition, *context], steps)
    expressions = _all_read([condition, *context], steps)
    names = site.names | {"earlier_granted": EARLIER_GRANTED}
    candidates, lists = _candidates(expressions, names, {name for name in order if steps[name].value})
    if math.prod(len(values) for values in candidates.values()) > MAX_TRIES:
        return None
    met = [env for env in _walks(candidates, lists, order, steps) if all(c.truth(env) is True for c in context)]
    return {condition.truth(env) for env in met}


def _all_read(expressions: list[Expression], steps: dict[str, _Step]) -> list[Expression]:
    """These, and the conditions and values of all that they read."""
    read = [steps[name] for name in _closure(expressions, steps)]
    return expressions + [e for step in read for e in (*step.conditions, step.value) if e is not None]


def truths(definition: Definition, site: Site, context: tuple[Expression, ...]) -> set[bool | None] | None:
    """All that a condition can be where `context` holds; None when that is too much to try."""
    return _truths(site, _steps(definition), context)


def _closure(expressions: list[Expression], steps: dict[str, _Step]) -> list[str]:
    """The questions and facts that these read, directly or by way of others, in the order of the form."""
    needed: set[str] = set()
    waiting = [name for expression in expressions for name in expression.names]
    while waiting:
        name = waiting.pop()
        if name in needed or name not in steps:
            continue
        needed.add(name)
        step = steps[name]
        for expression in (*step.conditions, *((step.value,) if step.value else ())):
            waiting += expression.names
    return [name for name in steps if name in needed]


def _walks(
    candidates: dict[str, list[Any]], lists: frozenset[str], order: list[str], steps: dict[str, _Step]
) -> Iterator[dict[str, Any]]:
    """Every environment: answers count only where their question is asked, facts where they can be determined."""
    for values in product(*candidates.values()):
        given = _environment(dict(zip(candidates, values, strict=True)), lists)
        env = {name: value for name, value in given.items() if name not in steps}
        for name in order:
            step = steps[name]
            if step.value is not None:
                value = step.value.value(env)
                if value is not UNKNOWN:
                    env[name] = value
            elif name in given and all(condition.truth(env) is True for condition in step.conditions):
                env[name] = given[name]
        yield env


def _environment(values: Mapping[str, Any], lists: frozenset[str]) -> dict[str, Any]:
    """From dotted paths to nested answers; a longer path wins over a shorter one. `lists` are paths of lists."""
    env: dict[str, Any] = {}
    for path in sorted(values, key=len):
        if values[path] is MISSING:
            continue
        *above, last = path.split(".")
        place, so_far = env, ""
        for part in above:
            so_far = f"{so_far}.{part}".strip(".")
            place = _down(place, part, so_far in lists)
        place[last] = values[path]
    return env


def _down(place: dict[str, Any], part: str, is_list: bool) -> dict[str, Any]:
    inner = place.get(part)
    if is_list:
        if not isinstance(inner, list) or not inner or not isinstance(inner[0], dict):
            place[part] = [{}]
        else:
            place[part] = [dict(inner[0]), *inner[1:]]
        first: dict[str, Any] = place[part][0]
        return first
    place[part] = dict(inner) if isinstance(inner, dict) else {}
    found: dict[str, Any] = place[part]
    return found


def _candidates(
    expressions: list[Expression], names: Mapping[str, Kind], computed: set[str]
) -> tuple[dict[str, list[Any]], frozenset[str]]:
    """Values to try by path, and which paths are lists."""
    numbers, texts = _constants(expressions)
    found: dict[str, list[Any]] = {}
    lists: set[str] = set()
    for path in sorted({path for e in expressions for path in e.paths}):
        first = path.split(".")[0]
        if first in computed or first not in names:
            continue
        kind, sure, on_the_way = _kind_at(path, names)
        values = _values(kind, numbers, texts)
        found[path] = values if sure else [MISSING, *values]
        lists |= on_the_way
    return found, frozenset(lists)


def _kind_at(path: str, names: Mapping[str, Kind]) -> tuple[Kind, bool, set[str]]:
    """The kind at a dotted path, whether it is surely there, and the paths of lists on the way."""
    first, *rest = path.split(".")
    kind, so_far = names[first], first
    sure, lists = kind.sure, set()
    for part in rest:
        if kind.name == "list" and kind.item:
            lists.add(so_far)
            kind, sure = kind.item, False
        so_far = f"{so_far}.{part}"
        kind = (kind.parts or {}).get(part, Kind("unknown"))
        sure = sure and kind.sure
    return kind, sure, lists


def _constants(expressions: list[Expression]) -> tuple[set[float], set[str]]:
    numbers: set[float] = set()
    texts: set[str] = set()
    for expression in expressions:
        for node in ast.walk(expression.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.Constant) and not isinstance(node.value, bool):
                numbers.add(node.value)  # type: ignore[arg-type]
    return numbers | {-number for number in numbers}, texts


def _values(kind: Kind, numbers: set[float], texts: set[str]) -> list[Any]:
    match kind.name:
        case "boolean":
            return [True, False]
        case "number":
            around = {n + step for n in numbers for step in (-1, 0, 1)} | {0, 1, kind.low or 0, kind.high or 0}
            return sorted(n for n in around if _within(n, kind))
        case "text":
            return sorted(kind.options) if kind.options is not None else [*sorted(texts), "iets anders"]
        case "time":
            return [*sorted(t for t in texts if ":" in t), "00:00", "23:59"]
        case "date":
            return _dates(numbers, texts)
        case "datetime":
            return [*(f"{day}T12:00" for day in _dates(numbers, texts)), *sorted(t for t in texts if "T" in t)]
        case "list":
            return _lists(kind, numbers, texts)
        case "record":
            return [{"iets": "iets"}]
        case _:
            around = {n + step for n in numbers for step in (-1, 0, 1)} | {0, 1}
            return ["iets", "", True, False, *sorted(around), [{}], *sorted(texts)]


def _within(number: float, kind: Kind) -> bool:
    return (kind.low is None or number >= kind.low) and (kind.high is None or number <= kind.high)


def _lists(kind: Kind, numbers: set[float], texts: set[str]) -> list[Any]:
    """Lists of every length that matters; of a choice, every mixture of the options that are mentioned."""
    lengths = sorted({int(n) + step for n in numbers for step in (0, 1) if 0 <= n <= 20} | {0, 1})
    if kind.item is None or kind.item.name == "record":
        return [[{}] * length for length in lengths]
    items = _values(kind.item, numbers, texts)
    mentioned = [item for item in items if item in texts][:5]
    mixtures = [list(some) for size in range(len(mentioned) + 1) for some in combinations(mentioned, size)]
    return [MISSING, *(m for m in mixtures if m), items, *(items[:length] for length in lengths if length)]


def _dates(numbers: set[float], texts: set[str]) -> list[str]:
    today = clock.today()
    days = {today + timedelta(days=n) for n in (-1, 0, 1)}
    for text in texts:
        try:
            days |= {date.fromisoformat(text) + timedelta(days=n) for n in (-1, 0, 1)}
        except (ValueError, OverflowError):
            continue
    for number in numbers:
        if number == int(number) and abs(number) < 800:
            days |= {today + timedelta(days=int(number) + n) for n in (-1, 0, 1)}
            days |= {today + timedelta(weeks=int(number), days=n) for n in (-1, 0, 1)}
        if number == int(number) and 0 < number < 130:
            days |= {today - relativedelta(years=int(number)) + timedelta(days=n) for n in (-1, 0, 1)}
    return [day.isoformat() for day in sorted(days)]
