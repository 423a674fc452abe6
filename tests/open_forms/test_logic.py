"""JSON-Logic and its translation agree, whatever is answered: the source's own evaluator is the oracle."""

from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from json_logic import jsonLogic

from raadhuis.catalogue.open_forms.logic import Translator
from raadhuis.catalogue.open_forms.refs import Ref, Untranslatable
from raadhuis.catalogue.open_forms.truth import written
from raadhuis.kernel.expressions import parse

BOXES = {"A1": ("muziek",), "A2": ("eten",), "A3": ("drank",)}
SORT = {"klein": ("klein",), "groot": ("groot",), "0.5": ("half", "ook-half")}
REFS = {
    "naam": Ref("naam", "text", ("naam",)),
    "aantal": Ref("aantal", "number", ("aantal",)),
    "bedrag": Ref("bedrag", "money", ("bedrag",)),
    "soort": Ref("soort", "choice", ("soort",), SORT),
    "markt": Ref("markt", "yes_no", ("markt",), {"Ja": ("yes",), "Nee": ("no",)}),
    "delen": Ref("delen", "choices", ("delen",), BOXES),
    "akkoord": Ref("akkoord", "tick", ("akkoord",)),
    "datum": Ref("datum", "date", ("datum",)),
    "adres": Ref("adres", "composed", ("adres",), {"postcode": ()}),
    "rijen": Ref("rijen", "rows", ("rijen",)),
    "dienst": Ref("dienst", "object", ("dienst",)),
    "dienst.stad": Ref("dienst.stad", "given", ("dienst.stad",), absent="unknown"),
    "dienst.binnen": Ref("dienst.binnen", "given", ("dienst.binnen",), absent="unknown"),
    "dienst.lijst": Ref("dienst.lijst", "given", ("dienst.lijst",), absent="unknown"),
} | {f"delen.{key}": Ref(f'"{ids[0]}" in delen', "member", ("delen",)) for key, ids in BOXES.items()}
EMPTY_ADDRESS = {"postcode": "", "houseNumber": "", "city": ""}


class _Form:
    def ref(self, path: str) -> Ref | None:
        return REFS.get(path)

    def points(self, ref: Ref) -> str:
        raise Untranslatable("geen punten hier")


def _answers() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "naam": st.sampled_from(["Jan", "feest", "3"]),
            "aantal": st.sampled_from([0, 1, 2, 500, 2.5]),
            "bedrag": st.sampled_from([0, 50, 100, 20_000]),
            "soort": st.sampled_from(["klein", "groot", "half", "ook-half"]),
            "markt": st.booleans(),
            "delen": st.lists(st.sampled_from(["muziek", "eten", "drank"]), min_size=1, unique=True),
            "akkoord": st.booleans(),
            "datum": st.sampled_from(["2026-01-01", "2026-12-31", "1990-06-15"]),
            "adres": st.just({"postcode": "3500AA", "house_number": 1, "city": "Waterrijk"}),
            "rijen": st.lists(st.fixed_dictionaries({"prijs": st.integers(0, 5)}), min_size=1, max_size=3),
            "dienst": st.fixed_dictionaries(
                {"id": st.just(1)},
                optional={
                    "stad": st.sampled_from(["", "GM01", "GM02"]),
                    "binnen": st.booleans(),
                    "lijst": st.lists(st.sampled_from(["a", "b"]), max_size=3),
                },
            ),
        },
    )


def _source(answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers as the source holds them: an unanswered question has an empty value of its type."""
    values = {ids[n]: value for value, ids in SORT.items() for n in range(len(ids))}
    return {
        "naam": answers.get("naam", ""),
        "aantal": answers.get("aantal"),
        "bedrag": answers["bedrag"] / 100 if "bedrag" in answers else None,
        "soort": values[answers["soort"]] if "soort" in answers else "",
        "markt": {True: "Ja", False: "Nee", None: ""}[answers.get("markt")],
        "delen": {key: ids[0] in answers.get("delen", []) for key, ids in BOXES.items()},
        "akkoord": answers.get("akkoord", False),
        "datum": answers.get("datum", ""),
        "adres": {"postcode": "3500AA", "houseNumber": "1", "city": "Waterrijk"}
        if "adres" in answers
        else EMPTY_ADDRESS,
        "rijen": answers.get("rijen", []),
        "dienst": answers.get("dienst", {}),
    }


def _var(name: str) -> dict[str, Any]:
    return {"var": name}


_same = st.sampled_from(["==", "!=", "===", "!=="])
_order = st.sampled_from(["<", "<=", ">", ">="])
_CONSTANTS: dict[str, list[Any]] = {
    "naam": ["Jan", "", "feest", "None"],
    "aantal": [0, 1, 500],
    "bedrag": [0, 1, 0.5],
    "soort": ["klein", "", "0.5", "bestaat-niet"],
    "markt": ["Ja", "Nee", ""],
    "akkoord": [True, False],
    "adres": [str(EMPTY_ADDRESS), "None", "{}"],
    "rijen": ["[]", "None"],
    "delen": [str(dict.fromkeys(BOXES, False)), str({"A1": True, "A2": False, "A3": False}), "None"],
    "dienst": ["{}"],
    "dienst.stad": ["GM01", "", "None"],
    "dienst.binnen": [True, False],
    "delen.A1": [True, False],
    "delen.A2": [True, False],
    "weg": ["", "None", "x"],
}


def _comparison(name: str) -> st.SearchStrategy[Any]:
    signs = st.sampled_from(["==", "!="])
    return st.tuples(signs, st.sampled_from(_CONSTANTS[name]), st.booleans()).map(
        lambda t: {t[0]: [_var(name), t[1]] if t[2] else [t[1], _var(name)]}
    )


_ATOMS = st.one_of(
    *(_comparison(name) for name in _CONSTANTS),
    st.sampled_from([*REFS, "weg"]).map(lambda name: {"!!": [_var(name)]}),
    st.sampled_from(["naam", "markt", "delen.A3", "akkoord", "rijen"]).map(_var),
    st.tuples(_order, st.sampled_from(["aantal", "bedrag"]), st.sampled_from([0, 1, 2, 500])).map(
        lambda t: {t[0]: [_var(t[1]), t[2]]}
    ),
    st.tuples(_order, st.just("datum")).map(lambda t: {t[0]: [{"date": _var(t[1])}, {"date": "2026-06-01"}]}),
    st.tuples(_order, st.integers(-40, 3)).map(
        lambda t: {t[0]: [{"date": _var("datum")}, {"+": [{"today": []}, {"rdelta": [t[1], 0, 0]}]}]}
    ),
    st.tuples(_order, st.integers(0, 3)).map(
        lambda t: {t[0]: [{"reduce": [_var("rijen"), {"+": [1, _var("accumulator")]}, 0]}, t[1]]}
    ),
    st.tuples(_order, st.integers(0, 9)).map(
        lambda t: {t[0]: [{"reduce": [_var("rijen"), {"+": [_var("accumulator"), _var("current.prijs")]}, 0]}, t[1]]}
    ),
    st.tuples(_order, st.integers(0, 900)).map(lambda t: {t[0]: [{"+": [_var("aantal"), _var("bedrag")]}, t[1]]}),
    st.just({"in": [_var("soort"), ["klein", "groot"]]}),
    st.just({"in": ["fee", _var("naam")]}),
    st.just({"if": [{"missing": ["dienst.lijst"]}, True, False]}),
    st.just({">=": [{"count": [_var("naam"), _var("delen.A1"), _var("akkoord")]}, 2]}),
    st.booleans(),
)
_LOGIC = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"and": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"or": parts}),
        inner.map(lambda part: {"!": [part]}),
        inner.map(lambda part: {"!!": [part]}),
        st.lists(inner, min_size=3, max_size=5).map(lambda parts: {"if": parts}),
    ),
    max_leaves=6,
)


@settings(max_examples=800, deadline=None)
@given(_LOGIC, _answers())
@example({"!": [{"==": [_var("soort"), "klein"]}]}, {})
@example({"and": [{"!!": [_var("dienst.stad")]}, {"!=": [_var("dienst.stad"), "GM01"]}]}, {})
def test_the_translation_means_what_the_source_means(logic: Any, answers: dict[str, Any]) -> None:
    try:
        wanted = bool(jsonLogic(logic, _source(answers)))
    except (TypeError, ValueError):
        assume(False)
    test = Translator(_Form()).truth(logic)
    loosely, surely = written(test), written(test, sure=True)
    assert (parse(loosely).truth(answers) is True) is wanted, loosely
    assert parse(surely).value(answers) is wanted, surely


@settings(max_examples=200, deadline=None)
@given(_LOGIC, _answers())
def test_a_value_that_depends_on_a_condition_is_the_same(logic: Any, answers: dict[str, Any]) -> None:
    choice = {"if": [logic, "ja", {"cat": ["nee", "-", "toch"]}]}
    try:
        wanted = jsonLogic(choice, _source(answers))
    except (TypeError, ValueError):
        assume(False)
    assert parse(Translator(_Form()).value(choice).text).value(answers) == wanted


@pytest.mark.parametrize(
    ("logic", "ours"),
    [
        ({"==": [_var("delen.A1"), True]}, '"muziek" in delen'),
        ({"==": [_var("markt"), "Ja"]}, "markt"),
        ({"==": [_var("markt"), "Nee"]}, "not markt"),
        ({"!=": [_var("soort"), "klein"]}, 'empty(soort) or soort != "klein"'),
        ({"and": [{"!!": [_var("rijen")]}, {"!=": [_var("rijen"), "None"]}]}, "not empty(rijen)"),
        ({"==": [_var("naam"), ""]}, "empty(naam)"),
        (
            {"and": [{"==": [_var("dienst.stad"), "GM01"]}, {"==": [_var("markt"), "Nee"]}]},
            'dienst.stad == "GM01" and not markt',
        ),
        (
            {"or": [{"==": [_var("naam"), "a"]}, {"and": [{"==": [_var("naam"), "a"]}, {"!!": [_var("aantal")]}]}]},
            'naam == "a"',
        ),
        (
            {">": [{"date": _var("datum")}, {"-": [{"today": []}, {"rdelta": [18, 0, 0]}]}]},
            "datum > shift(today(), -18, 0, 0)",
        ),
        ({"==": [{"!!": [_var("naam")]}, False]}, "empty(naam)"),
    ],
)
def test_it_reads_as_a_person_would_write_it(logic: Any, ours: str) -> None:
    assert written(Translator(_Form()).truth(logic)) == ours


@pytest.mark.parametrize(
    "logic",
    [
        {"==": [{"toverstaf": []}, 1]},
        {"var": {"cat": ["x.", _var("naam")]}},
        {"==": [{"reduce": [_var("rijen"), {"*": [_var("accumulator"), 2]}, 1]}, 4]},
        {"a": 1, "b": 2},
        {">": [_var("naam"), "a"]},
        {"==": [{"+": [_var("naam"), 1]}, 2]},
    ],
)
def test_what_cannot_be_said_is_said(logic: Any) -> None:
    with pytest.raises(Untranslatable):
        Translator(_Form()).truth(logic)


def test_logic_without_end_is_refused() -> None:
    logic: Any = {"!": [True]}
    for _ in range(500):
        logic = {"!": [logic]}
    with pytest.raises(Untranslatable, match="dieper"):
        Translator(_Form()).truth(logic)
