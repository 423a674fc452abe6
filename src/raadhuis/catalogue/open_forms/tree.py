"""The components of an export in order, without the boxes that only lay them out.

In: an Export. Out: Parts: what is asked or shown, each with the step and the boxes it stands in. Always holds: every
component of the source is a Part, a Box, or inside a Part (a repeating group), and is told to the account.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from raadhuis.catalogue.open_forms.archive import Export, Json
from raadhuis.catalogue.open_forms.report import Account

_LAYOUT = {"columns"}
_BOXES = {"fieldset"}


class Part(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A component that is asked or shown. `boxes` are the fieldsets around it, outermost first; `group` is the
    repeating group that it is a column of, or None."""

    id: str
    component: Json
    step: int
    boxes: tuple["Part", ...] = ()
    group: "Part | None" = None
    inner: list["Part"] = []

    @property
    def kind(self) -> str:
        """The type as the source calls it."""
        return str(self.component["type"])

    @property
    def key(self) -> str:
        """The key as the source calls it."""
        return str(self.component["key"])

    def setting(self, *path: str) -> Any:
        """A setting at a path, or None."""
        value: Any = self.component
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value


class Tree:
    """All parts of a form. `top` are the parts by step; `by_key` finds a part or box by the key of the source."""

    def __init__(self, export: Export, account: Account) -> None:
        self._account, self._keys = account, set[str]()
        self.by_key: dict[str, Part] = {}
        self._boxes: dict[str, Part] = {}
        self.top: list[list[Part]] = []
        for number, step in enumerate(export.steps):
            account.found("steps", step.uuid, f"{number + 1} ({step.name[:60]})")
            self.top.append(list(self._walk(step.components, number, (), None)))

    def _walk(self, components: list[Json], step: int, boxes: tuple[Part, ...], group: Part | None) -> Iterator[Part]:
        for component in components:
            part = self._part(component, step, boxes, group)
            inner = [inner for column in component.get("columns") or [] for inner in column["components"]]
            inner += component.get("components") or []
            if part.kind in _LAYOUT:
                yield from self._walk(inner, step, boxes, group)
            elif part.kind in _BOXES:
                yield from self._walk(inner, step, (*boxes, part), group)
            elif inner and part.kind == "editgrid" and group is None:
                whole = msgspec.structs.replace(part, inner=[])
                whole.inner.extend(self._walk(inner, step, (), whole))
                self.by_key[part.key] = whole
                yield whole
            else:
                for lost in self._walk(inner, step, boxes, group):
                    self._account.lose("components", lost.id, f"staat in `{part.key}`, en daar past geen vraag in")
                yield part

    def _part(self, component: Json, step: int, boxes: tuple[Part, ...], group: Part | None) -> Part:
        key = component["key"]
        place = f"{group.id}.{key}" if group is not None else key
        number, unique = 2, f"{step}.{place}"
        while unique in self._keys:
            unique, number = f"{step}.{place}#{number}", number + 1
        self._keys.add(unique)
        label = " ".join(str(component.get("label") or "").split())[:60]
        self._account.found("components", unique, f"{key} ({component['type']}, stap {step + 1}: {label})")
        part = Part(id=unique, component=component, step=step, boxes=boxes, group=group)
        if part.kind in _BOXES | _LAYOUT:
            self._boxes.setdefault(key, part)
        elif group is None:
            self.by_key.setdefault(key, part)
        else:
            self.by_key.setdefault(f"{group.key}.{key}", part)
        return part

    def box(self, key: str) -> Part | None:
        """A fieldset by its key."""
        return self._boxes.get(key)

    def all_parts(self) -> Iterator[Part]:
        """Every part, those of groups after their group."""
        for parts in self.top:
            for part in parts:
                yield part
                yield from part.inner
