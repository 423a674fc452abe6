"""The options of a choice: what the source lists, or takes from a variable, with ids that people can read."""

from collections.abc import Mapping
from typing import Any

import msgspec

from raadhuis.catalogue.open_forms.naming import joined, split_key, words_of
from raadhuis.catalogue.open_forms.tree import Part

MOST_OPTIONS = 300


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` are (id, value of the source, label, label in English, help). `expression` (JSON-Logic) is where they come
    from when that is only known while somebody fills in. `yes_no` when they are the words yes and no."""

    rows: list[tuple[str, str, str, str, str]] = []
    expression: Any = None
    yes_no: bool = False

    @property
    def by_value(self) -> dict[str, tuple[str, ...]]:
        """The source's value → our ids."""
        found: dict[str, tuple[str, ...]] = {}
        for name, value, *_ in self.rows:
            found[value] = (*found.get(value, ()), name)
        return found


def options_of(part: Part, constants: Mapping[str, Any], earlier: Mapping[str, str]) -> Options:
    """The options of `part`. `constants` are variables that never change; `earlier` names by "key.value"."""
    if part.setting("openForms", "dataSrc") in {"variable", "referenceLists"}:
        expression = part.setting("openForms", "itemsExpression")
        listed = _constant_list(expression, constants)
        if listed is None:
            return Options(expression=expression if expression is not None else {"var": ""})
        raw = [item for item in (_item(item) for item in listed) if item]
    else:
        raw = []
        for values in (
            part.setting("values"),
            part.setting("data", "values"),
        ):  # An editor may leave one of them empty.
            if not raw and isinstance(values, list):
                raw = [item for item in (_item(value) for value in values if isinstance(value, dict)) if item]
    return _named(part, raw[:MOST_OPTIONS], earlier)


def _constant_list(expression: Any, constants: Mapping[str, Any]) -> list[Any] | None:
    if isinstance(expression, list):
        return expression
    if isinstance(expression, dict) and list(expression) == ["var"]:
        name = expression["var"][0] if isinstance(expression["var"], list) and expression["var"] else expression["var"]
        value = constants.get(name) if isinstance(name, str) else None
        return value if isinstance(value, list) else None
    return None


def _item(item: Any) -> tuple[str, str, str, str] | None:
    """(value, label, English label, help) of an option; None for an empty one."""
    if isinstance(item, dict):
        english = item.get("openForms", {}).get("translations", {}).get("en", {}) if _nested(item) else {}
        value, label = str(item.get("value", "")), str(item.get("label", ""))
        return (value, label, str(english.get("label") or ""), str(item.get("description") or "")) if value else None
    if isinstance(item, list | tuple) and len(item) == 2:
        return (str(item[0]), str(item[1]), "", "")
    return (str(item), str(item), "", "") if isinstance(item, str | int | float) and str(item) else None


def _nested(item: dict[str, Any]) -> bool:
    inner = item.get("openForms")
    return isinstance(inner, dict) and isinstance(inner.get("translations"), dict)


def _named(part: Part, raw: list[tuple[str, str, str, str]], earlier: Mapping[str, str]) -> Options:
    labels = sorted(label.strip().lower() for _, label, _, _ in raw)
    if labels == ["ja", "nee"] and part.kind in {"radio", "select"} and not part.setting("multiple"):
        rows = [("yes" if label.strip().lower() == "ja" else "no", value, label, "", "") for value, label, _, _ in raw]
        return Options(rows=rows, yes_no=True)
    rows, taken = [], set[str]()
    for place, (value, label, english, help_text) in enumerate(raw):
        name = (
            earlier.get(f"{part.key}.{value}#{place}") or joined(words_of(label), "-") or joined(split_key(value), "-")
        )
        if not name or not name[0].isalpha():
            name = f"o-{name}".rstrip("-")
        chosen, number = name, 2
        while chosen in taken:
            chosen, number = f"{name}-{number}", number + 1
        taken.add(chosen)
        rows.append((chosen, value, label.strip(), english.strip(), help_text.strip()))
    return Options(rows=rows)
