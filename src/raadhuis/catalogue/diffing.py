"""The difference between two definitions, in words a service owner reads.

In: two definitions. Out: changes, in the order of the document. Always holds: things with an id, key or name are
compared with their namesake, so that moving a page is not shown as a page removed and another added.
"""

from typing import Any, Literal

import msgspec

from raadhuis.catalogue.schema import Definition

_NAMES = ("id", "key", "name", "fact")


class Change(msgspec.Struct, frozen=True):
    """`path` is dotted, with names instead of numbers: "pages.auto.title.nl". `before` and `after` are short texts."""

    kind: Literal["added", "removed", "changed", "moved"]
    path: str
    before: str = ""
    after: str = ""

    def sentence(self) -> str:
        """The change as one line."""
        if self.kind == "added":
            return f"+ {self.path}: {self.after}"
        if self.kind == "removed":
            return f"- {self.path}: {self.before}"
        if self.kind == "moved":
            return f"~ {self.path}: stands elsewhere now"
        return f"~ {self.path}: {self.before} → {self.after}"


def diff(old: Definition, new: Definition) -> list[Change]:
    """What changes from `old` to `new`."""
    return diff_values(msgspec.to_builtins(old), msgspec.to_builtins(new))


def diff_values(old: Any, new: Any) -> list[Change]:
    """The same for documents as plain values."""
    changes: list[Change] = []
    _compare(old, new, "", changes)
    return changes


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[k] for k in (*_NAMES, "nl") if k in value), "{…}")
    if isinstance(value, list):
        value = f"{len(value)} ×"
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _name(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return next((str(value[key]) for key in _NAMES if isinstance(value.get(key), str)), "")


def _compare(old: Any, new: Any, path: str, changes: list[Change]) -> None:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            inner = f"{path}.{key}".strip(".")
            if key not in new:
                changes.append(Change("removed", inner, before=_short(old[key])))
            elif key not in old:
                changes.append(Change("added", inner, after=_short(new[key])))
            else:
                _compare(old[key], new[key], inner, changes)
    elif isinstance(old, list) and isinstance(new, list):
        _compare_lists(old, new, path, changes)
    else:
        changes.append(Change("changed", path, _short(old), _short(new)))


def _compare_lists(old: list[Any], new: list[Any], path: str, changes: list[Change]) -> None:
    names = [_name(item) for item in [*old, *new]]
    if not all(names):
        before, after = ({str(n): item for n, item in enumerate(items)} for items in (old, new))
        _compare(before, after, path, changes)
        return
    before, after = {_name(i): i for i in old}, {_name(i): i for i in new}
    _compare(before, after, path, changes)
    kept_before, kept_after = [n for n in before if n in after], [n for n in after if n in before]
    changes += [Change("moved", f"{path}.{a}") for a, b in zip(kept_after, kept_before, strict=True) if a != b]
