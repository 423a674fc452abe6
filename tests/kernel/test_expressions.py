"""The expression language: what it answers, that it is bounded, and that nothing gets out of it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raadhuis.kernel import clock
from raadhuis.kernel.expressions import FUNCTIONS, MAX_DEPTH, MAX_LENGTH, UNKNOWN, BadExpression, parse

Tree = Any


def trees() -> st.SearchStrategy[Tree]:
    """Expressions over yes-or-no variables, as nested tuples."""
    leaves = st.one_of(st.sampled_from(["a", "b", "c", "d"]), st.booleans())
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
            st.tuples(st.just("if"), inner, inner, inner),
            st.tuples(st.just("=="), inner, inner),
        ),
        max_leaves=10,
    )


def written(tree: Tree) -> str:
    match tree:
        case ("not", inner):
            return f"(not {written(inner)})"
        case ("if", test, yes, no):
            return f"({written(yes)} if {written(test)} else {written(no)})"
        case ("==", left, right):
            return f"({written(left)} == {written(right)})"
        case (word, list(parts)):
            return "(" + f" {word} ".join(written(p) for p in parts) + ")"
        case bool():
            return str(tree)
        case _:
            return str(tree)


def kleene(tree: Tree, env: dict[str, bool]) -> bool | None:
    """The reference: Kleene's strong logic, written as tables."""
    match tree:
        case ("not", inner):
            return {True: False, False: True, None: None}[kleene(inner, env)]
        case ("and", list(parts)):
            seen = {kleene(p, env) for p in parts}
            return False if False in seen else None if None in seen else True
        case ("or", list(parts)):
            seen = {kleene(p, env) for p in parts}
            return True if True in seen else None if None in seen else False
        case ("if", test, yes, no):
            return {True: kleene(yes, env), False: kleene(no, env), None: None}[kleene(test, env)]
        case ("==", left, right):
            one, other = kleene(left, env), kleene(right, env)
            return None if one is None or other is None else one == other
        case bool():
            return bool(tree)
        case _:
            return env.get(str(tree))


@given(trees(), st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.booleans()))
def test_truth_is_three_valued_as_kleene_wrote_it(tree: Tree, env: dict[str, bool]) -> None:
    assert parse(written(tree)).truth(env) is kleene(tree, env)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bezoekers > 500", True),
        ("bezoekers == 501.0", True),
        ("0 < bezoekers <= 501", True),
        ('"muziek" in onderdelen and not ("vuurwerk" in onderdelen)', True),
        ('"podium" not in onderdelen', True),
        ("podia.hoogte", [6, 3.5]),
        ("highest(podia.hoogte) + 1 - 2 * 3 / 4", 5.5),
        ("sum(podia.hoogte) == 9.5 and lowest(podia.hoogte) == 3.5", True),
        ("count(podia)", 2),
        ("any(podia.dak)", True),
        ("all(podia.dak)", False),
        ("person.address.city", "Waterrijk"),
        ('lower(naam) == "feest" and starts_with(naam, "FE")', True),
        ("empty(leeg) and empty(weg) and empty(person.weg) and not empty(naam)", True),
        ("round(7 / 3, 2)", 2.33),
        ('days_between("2026-01-01", "2026-02-01")', 31),
        ('naam if bezoekers > 1000 else "klein"', "klein"),
        ("-bezoekers", -501),
        ('shift("2024-02-29", 1)', "2025-02-28"),
        ('shift("2026-01-31", 0, 1, 1)', "2026-03-01"),
        ('shift("2026-03-10", -18, -3, -10)', "2007-11-30"),
        ('day("2026-03-10T20:15")', "2026-03-10"),
        ('join(naam, "-", 3)', "FEEST-3"),
        ('pick(person.address, "city")', "Waterrijk"),
        ("pick(onderdelen, 1)", "eten"),
        ("pairs(onderdelen, onderdelen)", [["muziek", "muziek"], ["eten", "eten"]]),
        ("number_of(onderdelen) + number_of(leeg) + number_of(weg)", 2),
        ("total(podia.hoogte) + total(weg)", 9.5),
        ("holds(naam) and not holds(weg) and not holds(leeg) and holds(ja)", True),
        ("unknown(nothing) and empty(naam if not ja else nothing)", True),
        ("unknown(weg) and not unknown(leeg)", True),
        # What cannot be known is not guessed.
        ('shift("gisteren", 1)', UNKNOWN),
        ("shift(weg, 1)", UNKNOWN),
        ('shift("9999-01-01", 999999)', UNKNOWN),
        ('pick(person.address, "street")', UNKNOWN),
        ("pick(onderdelen, 2)", UNKNOWN),
        ("pick(onderdelen, -1)", UNKNOWN),
        ("pick(naam, 0)", UNKNOWN),
        ("pairs(onderdelen, leeg)", UNKNOWN),
        ("weg > 3", UNKNOWN),
        ("naam > 3", UNKNOWN),
        ("ja == 1", UNKNOWN),
        ("ja + 1", UNKNOWN),
        ("naam + naam", UNKNOWN),
        ("bezoekers / 0", UNKNOWN),
        ("bezoekers / 0 > 1 or ja", True),
        ("weg > 3 and not ja", False),
        ("days_until(naam)", UNKNOWN),
        ("highest(leeg)", UNKNOWN),
        ("count(bezoekers)", UNKNOWN),
        ("naam.deel", UNKNOWN),
        ("1 in bezoekers", UNKNOWN),
        ("days_between(naam)", UNKNOWN),
        ("round(weg)", UNKNOWN),
    ],
)
def test_what_an_expression_answers(text: str, expected: object) -> None:
    env = {
        "bezoekers": 501,
        "onderdelen": ["muziek", "eten"],
        "podia": [{"hoogte": 6, "dak": True}, {"hoogte": 3.5, "dak": False}, {}],
        "person": {"address": {"city": "Waterrijk"}},
        "naam": "FEEST",
        "leeg": [],
        "ja": True,
    }
    if text == "all(podia.dak)":
        env["podia"] = env["podia"][:2]  # type: ignore[index]
    if text == "count(podia)":
        env["podia"] = env["podia"][:2]  # type: ignore[index]
    found = parse(text).value(env)
    assert found is expected if expected in (UNKNOWN, True, False) else found == expected


def test_the_age_of_somebody_changes_on_their_birthday() -> None:
    today = clock.today()
    born = today.replace(year=today.year - 18, day=min(today.day, 28))
    age = parse("years_since(geboren)")
    assert age.value({"geboren": born.isoformat()}) == 18
    later = born.replace(day=born.day + 1) if born.day < 28 and today.day < 28 else None
    if later is not None:
        assert age.value({"geboren": later.isoformat()}) == 17


ESCAPES = [
    "().__class__",
    "a.__class__",
    "a.b.__class__.__mro__",
    "__import__('os')",
    "_a",
    "a._b",
    "open('x')",
    "count.__globals__",
    "lower(a)(b)",
    "(lambda: 1)()",
    "[x for x in a]",
    "{1: 2}",
    "{1, 2}",
    "a[0]",
    "a[1:2]",
    "f'{a}'",
    "b'x'",
    "...",
    "None",
    "1j",
    "a := 3",
    "a ** b",
    "a // b",
    "a % b",
    "a << 9",
    "a @ b",
    "~a",
    "+a",
    "a is b",
    "*a",
    "await a",
    "yield a",
    "a if b",
    "lower(value=a)",
    "lower(*a)",
    "round(1, 2, 3, 4, 5)",
    "'x'.lower()",
    "'{0.__class__}'.format(a)",
    "(a).b.c()",
    "[1].x",
    "import os",
    "a; b",
    "a\nb",
    "",
    " ",
    "a ==",
    "\x00",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_what_is_not_of_the_language_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadExpression) as refused:
        parse(text)
    assert str(refused.value)


LONG = [
    "not " * 900 + "a",
    "-" * 900 + "a",
    "-" * 3900 + "a",
    "lambda: " + "not " * 900 + "a",
    "lower(a)(" + "not " * 900 + "a)",
    "(" * 150 + "a" + ")" * 150,
    "(" * 1900 + "a" + ")" * 1900,
    "a" + ".b" * 900,
    "a" + ".b" * 1990,
    "[" * 80 + "]" * 80,
    "lower(" * 60 + "a" + ")" * 60,
    "a if " * 300 + "a" + " else a" * 300,
    "1" + "+1" * 300,
    "a" * (MAX_LENGTH + 1),
    "9" * 3999 + "+" * 5,
]


@pytest.mark.parametrize("text", LONG, ids=lambda text: f"{text[:8]}… of {len(text)}")
def test_depth_and_length_are_bounded_and_never_exhaust_the_stack(text: str) -> None:
    try:
        parse(text).value({"a": True})
    except BadExpression as refused:
        assert str(refused)
    else:
        assert text.startswith("("), "only brackets that mean nothing may go this deep"


def test_the_deepest_that_is_allowed_still_works() -> None:
    assert parse("not " * MAX_DEPTH + "a").truth({"a": True}) is True
    with pytest.raises(BadExpression, match="nested"):
        parse("not " * (MAX_DEPTH + 1) + "a")


ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["x", "y", "z"]), inner)),
    max_leaves=8,
)
PIECES = st.lists(
    st.sampled_from(
        [
            *FUNCTIONS,
            "a",
            "b",
            "a.x",
            "b.y.z",
            "(",
            ")",
            ",",
            "[",
            "]",
            '"t"',
            "0",
            "1.5",
            "==",
            "<",
            ">=",
            "in",
            "not",
            "and",
            "or",
            "if",
            "else",
            "+",
            "-",
            "*",
            "/",
            "True",
            "false",
        ]
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=300)
@given(st.one_of(PIECES.map(" ".join), st.text(max_size=60)), ANY, ANY)
def test_any_text_is_an_expression_or_refused_and_any_answers_are_survived(text: str, a: object, b: object) -> None:
    try:
        expression = parse(text)
    except BadExpression as refused:
        assert str(refused)
        return
    expression.value({"a": a, "b": b})
    assert expression.truth({"a": a, "b": b}) in {True, False, None}


@settings(max_examples=200)
@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(ANY, max_size=4))
def test_a_function_never_raises_on_odd_values(name: str, values: list[object]) -> None:
    names = [f"v{n}" for n in range(len(values))]
    parse(f"{name}({', '.join(names)})").value(dict(zip(names, values, strict=True)))


def test_names_and_paths_are_what_is_read() -> None:
    expression = parse(
        'person.address.city == stad and count(kramen) > lower("x") and not empty(_weg)'.replace("_", "")
    )
    assert expression.names == {"person", "stad", "kramen", "weg"}
    assert expression.paths == ("person.address.city", "stad", "kramen", "weg")


def test_unknown_cannot_be_taken_for_yes_or_no() -> None:
    with pytest.raises(TypeError, match="neither"):
        bool(UNKNOWN)
