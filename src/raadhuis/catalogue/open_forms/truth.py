"""Conditions between the source's logic and ours: built as a tree, simplified, and written as people would write them.

JSON-Logic knows two truths, our expressions three: an answer that is missing makes a comparison UNKNOWN. So each
comparison carries its guards: expressions that hold when it cannot be determined. Where UNKNOWN must count as false in
the end (a condition to show something), guards are left out; where the opposite is asked, or a value depends on it,
they are written. Always holds: `written` of a tree means the same as the source for every set of answers.
"""

from __future__ import annotations

import msgspec


class Fixed(msgspec.Struct, frozen=True):
    """True or false, whatever the answers are."""

    value: bool


class Is(msgspec.Struct, frozen=True):
    """A comparison; `inverse` is its opposite, "" for `not (…)`. `of` are the names it needs: it is false when one
    is absent. `absent` is the function that tells so: `empty` for answers, `unknown` for what a look-up gave."""

    text: str
    inverse: str = ""
    of: tuple[str, ...] = ()
    absent: str = "empty"


class Filled(msgspec.Struct, frozen=True):
    """Whether `name` has a value: `not empty(name)`; `not unknown(name)` where an empty value is one too; `holds(name)`
    where no and nought are none."""

    name: str
    function: str = "empty"


class Not(msgspec.Struct, frozen=True):
    inner: Test


class Every(msgspec.Struct, frozen=True):
    parts: tuple[Test, ...]


class Some(msgspec.Struct, frozen=True):
    parts: tuple[Test, ...]


Test = Fixed | Is | Filled | Not | Every | Some
TRUE, FALSE = Fixed(True), Fixed(False)


def negate(test: Test) -> Test:
    """The opposite."""
    if isinstance(test, Fixed):
        return Fixed(not test.value)
    return test.inner if isinstance(test, Not) else Not(test)


def all_of(*tests: Test) -> Test:
    """True when every one is."""
    parts: list[Test] = []
    for test in tests:
        if test == FALSE:
            return FALSE
        parts += test.parts if isinstance(test, Every) else ([] if test == TRUE else [test])
    unique = _without_what_follows(tuple(dict.fromkeys(parts)))
    if any(negate(part) in unique for part in unique):
        return FALSE
    return TRUE if not unique else unique[0] if len(unique) == 1 else Every(unique)


def any_of(*tests: Test) -> Test:
    """True when one is."""
    parts: list[Test] = []
    for test in tests:
        if test == TRUE:
            return TRUE
        parts += test.parts if isinstance(test, Some) else ([] if test == FALSE else [test])
    unique = tuple(dict.fromkeys(parts))
    if any(negate(part) in unique for part in unique):
        return TRUE
    # (a and b) or a is a.
    unique = tuple(p for p in unique if not (isinstance(p, Every) and any(q in p.parts for q in unique)))
    return FALSE if not unique else unique[0] if len(unique) == 1 else Some(unique)


def _without_what_follows(parts: tuple[Test, ...]) -> tuple[Test, ...]:
    """Leaves out what the rest says already: "x is filled in" beside a comparison of x, (a or b) beside a."""
    compared = {name for part in parts if isinstance(part, Is) for name in part.of}
    held = {part.name for part in parts if isinstance(part, Filled) and part.function == "holds"}

    def follows(part: Test) -> bool:
        if isinstance(part, Filled):
            return part.function != "holds" and part.name in compared | held
        if isinstance(part, Not) and isinstance(part.inner, Is):
            return any(part.inner.text == f'{name} == ""' for name in held)
        return isinstance(part, Some) and any(one in parts for one in part.parts)

    return tuple(part for part in parts if not follows(part))


_OR, _AND, _NOT, _ATOM = range(4)


def written(test: Test, *, sure: bool = False) -> str:
    """The expression. With `sure` it is never UNKNOWN; without, UNKNOWN stands for false."""
    return _write(test, True, sure, frozenset())[0]


def _write(test: Test, want: bool, sure: bool, present: frozenset[str]) -> tuple[str, int]:
    """(text, how tightly it binds). `present` are names that are known to have a value here."""
    if isinstance(test, Not):
        return _write(test.inner, not want, sure, present)
    if isinstance(test, Fixed):
        return ("true" if test.value is want else "false"), _ATOM
    if isinstance(test, Filled):
        plain = (test.function != "holds") is not want
        call = f"{test.function}({test.name})"
        return (call, _ATOM) if plain else (f"not {call}", _NOT)
    if isinstance(test, Is):
        return _comparison(test, want, sure, present)
    return _joined(test, want, sure, present)


def _comparison(test: Is, want: bool, sure: bool, present: frozenset[str]) -> tuple[str, int]:
    guarded = [f"{test.absent}({name})" for name in test.of if name not in present]
    if want:
        if sure and guarded:
            return " and ".join([*(f"not {guard}" for guard in guarded), test.text]), _AND
        return test.text, _binding(test.text)
    opposite = test.inverse or f"not ({test.text})"
    return (" or ".join([*guarded, opposite]), _OR) if guarded else (opposite, _binding(opposite))


def _binding(text: str) -> int:
    return _NOT if text.startswith("not ") else _ATOM


def _joined(test: Every | Some, want: bool, sure: bool, present: frozenset[str]) -> tuple[str, int]:
    conjunction = isinstance(test, Every) is want
    word, level = (" and ", _AND) if conjunction else (" or ", _OR)
    if conjunction:
        # Beside "x is filled in", nothing else needs to ask whether x is there.
        present |= {
            name
            for part in test.parts
            for name in (
                [part.name] if isinstance(part, Filled) and want else part.of if isinstance(part, Is) and want else []
            )
        }
        first = {part.name for part in test.parts if isinstance(part, Filled)}
    texts = []
    for part in test.parts:
        known = (
            present
            if not (conjunction and isinstance(part, Is) and want and sure)
            else (present - set(part.of)) | (first & set(part.of))
        )
        text, binds = _write(part, want, sure, known)
        texts.append(text if binds > level or (binds == level) else f"({text})")
    return word.join(dict.fromkeys(texts)), level
