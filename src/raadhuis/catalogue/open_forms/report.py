"""What became of every part of an export: mapped, or lost with its reason.

Always holds: `mapped` never counts a part that is in `lost`; a remark is about a part that is mapped, but not as it
was.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

What = Literal["steps", "components", "rules", "variables"]
KINDS: tuple[What, ...] = ("steps", "components", "rules", "variables")
_SINGULAR = {"steps": "stap", "components": "onderdeel", "rules": "regel", "variables": "variabele"}


class Line(msgspec.Struct, frozen=True):
    """One part. `where` is how an application manager finds it in the source; `why` is a reason or remark, in Dutch."""

    what: What
    where: str
    why: str

    def sentence(self) -> str:
        """The line as people read it."""
        return f"{_SINGULAR[self.what]} {self.where}: {self.why}"


class Count(msgspec.Struct, frozen=True):
    total: int
    mapped: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The account of an import. `lost` names parts that did not come along, `remarks` what came along differently."""

    steps: Count
    components: Count
    rules: Count
    variables: Count
    lost: list[Line]
    remarks: list[Line]

    @property
    def share(self) -> float:
        """Which part of all parts is mapped, 0 to 1."""
        counts = [getattr(self, kind) for kind in KINDS]
        total = sum(count.total for count in counts)
        return sum(count.mapped for count in counts) / total if total else 1.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did. `changes` are against the import before it (`again`), in words; `conflicts` are places where
    an edit made here was kept though the newer export changed the same thing."""

    service: str
    report: Report
    changes: list[str] = []
    conflicts: list[str] = []
    again: bool = False


class Account:
    """Keeps count while an export is worked through."""

    def __init__(self) -> None:
        self._parts: dict[What, dict[str, str]] = {kind: {} for kind in KINDS}
        self._lost: dict[tuple[What, str], list[str]] = {}
        self._remarks: list[Line] = []

    def found(self, what: What, key: str, where: str) -> None:
        """There is such a part; `key` is unique within its kind."""
        self._parts[what][key] = where

    def where(self, what: What, key: str) -> str:
        """How a part is named to people."""
        return self._parts[what].get(key, key)

    def lose(self, what: What, key: str, why: str) -> None:
        """A part did not come along, or only by half."""
        reasons = self._lost.setdefault((what, key), [])
        if why not in reasons:
            reasons.append(why)

    def forget(self, what: What) -> None:
        """Begins anew with parts of this kind."""
        self._lost = {(kind, key): reasons for (kind, key), reasons in self._lost.items() if kind != what}
        self._remarks = [line for line in self._remarks if line.what != what]

    def is_lost(self, what: What, key: str) -> bool:
        """Whether it was said to be lost."""
        return (what, key) in self._lost

    def remark(self, what: What, key: str, why: str) -> None:
        """A part came along, but differs in this."""
        line = Line(what, self.where(what, key), why)
        if line not in self._remarks:
            self._remarks.append(line)

    def report(self) -> Report:
        """The account as it stands."""
        counts = {
            kind: Count(len(parts), sum(1 for key in parts if (kind, key) not in self._lost))
            for kind, parts in self._parts.items()
        }
        lost = [
            Line(what, self.where(what, key), "; ".join(reasons)) for (what, key), reasons in self._in_order(self._lost)
        ]
        remarks = [line for line in self._remarks if line not in lost]
        return Report(**counts, lost=lost, remarks=remarks)

    @staticmethod
    def _in_order(
        lost: dict[tuple[What, str], list[str]],
    ) -> Iterable[tuple[tuple[What, str], list[str]]]:
        return sorted(lost.items(), key=lambda item: KINDS.index(item[0][0]))
