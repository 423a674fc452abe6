"""The shapes of a decision table, as people write them in YAML, and of a decision.

Always holds: every input is typed and may say which values it can take, so that gaps and overlaps can be found.
"""

from typing import Any, Literal

import msgspec

from raadhuis.kernel.texts import Text

ValueType = Literal["boolean", "number", "text", "date"]
Cell = str | bool | int | float


class TableInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One column of facts. `fact` is the name of a fact; `values` are all it can be (for text);
    `at_least` and `at_most` bound a number, `decimals` says how many it may have (whole, when left out)."""

    fact: str
    type: ValueType
    title: Text
    values: list[str] = []
    at_least: float | None = None
    at_most: float | None = None
    decimals: int = 0


class TableOutput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One column of the outcome."""

    name: str
    type: ValueType
    values: list[str] = []


class TableRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When the cells hold (a column that is left out always holds), then this outcome, for this reason.

    A cell is a value, or a comparison: `>= 2`, `[1..5]`, `"a", "b"` (one of), `not("a")`; see
    `rules.cells` for the grammar.
    """

    id: str
    when: dict[str, Cell]
    then: dict[str, Cell]
    reason: Text
    law: str = ""


class DecisionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`hit: first` takes the first row that matches, `hit: collect` all of them.

    An output named `result` takes `grant`, `refuse` or `person`. `refusal_allowed_by` names the law that lets the
    machine refuse (law 7 of the house); without it every refusal goes to a person.
    """

    id: str
    title: Text
    inputs: list[TableInput]
    outputs: list[TableOutput]
    rows: list[TableRow]
    hit: Literal["first", "collect"] = "first"
    refusal_allowed_by: str = ""


class Reason(msgspec.Struct, frozen=True):
    """Why one row matched: its id, the sentence, and the article of law (a key of the definition's `laws`)."""

    row: str
    text: Text
    law: str = ""


class Undetermined(msgspec.Struct, frozen=True):
    """A fact that could not be used, and why: "missing", "wrong-type", "not-allowed", "out-of-range".

    Of a table (`fact` is its id): "no-row" (nothing covers these facts), "table-invalid", "engine-failed".
    """

    fact: str
    why: str


class Decision(msgspec.Struct, frozen=True):
    """What a table says about facts.

    `outcome` holds the outputs of the row (for `collect`: those of the first, and `collected` holds all);
    `for_person` is true when a person must look (law 7), `undetermined` then may say why.
    `trace` is what the engine reported, kept for replay; `table_version` is the SHA-256 of the table as written.
    """

    table: str
    table_version: str
    facts: dict[str, Any]
    outcome: dict[str, Any]
    reasons: list[Reason]
    for_person: bool
    undetermined: list[Undetermined] = []
    collected: list[dict[str, Any]] = []
    trace: dict[str, Any] = {}
    not_matched: list[str] = []


class Finding(msgspec.Struct, frozen=True):
    """Something `check` found: a stable code, where (a dotted path into the document), and what to do."""

    code: str
    path: str
    message: str
    level: Literal["error", "warning", "advice"] = "error"
