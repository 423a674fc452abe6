"""The shapes of conformance.

Always holds: shares are fractions of 1; lists are in the order that the docstring says.
"""

from typing import Literal

import msgspec


class Deviation(msgspec.Struct, frozen=True):
    """What did not go as in the model: a step "skipped", an "extra" step, or a step at another moment ("order").

    So often, in so many cases; `examples`: the names of some.
    """

    kind: Literal["skipped", "extra", "order"]
    activity: str
    times: int
    cases: int
    examples: list[str]


class Conformance(msgspec.Struct, frozen=True):
    """How well cases fit a model.

    `cases` there are; `fitting` of those that were replayed are wholly as the model has it; `replay_fitness`: mean of
    their token replay, `log_fitness` of all tokens together; `alignment_fitness`: mean over the `aligned` cases of 1 -
    cost / (steps + `shortest`, the steps of the shortest way through the model); `cost` of all their alignments;
    `deviations`, of most cases first, of the aligned cases. `not_replayed`, `not_aligned`: cases for which there was no
    time; `steps_unknown`: steps that the model does not know, which are passed over.
    """

    cases: int
    fitting: int
    replay_fitness: float
    log_fitness: float
    aligned: int
    alignment_fitness: float
    cost: int
    deviations: list[Deviation]
    not_replayed: int = 0
    not_aligned: int = 0
    steps_unknown: int = 0
    shortest: int = 0


class Late(msgspec.Struct, frozen=True):
    """A case past its term by so many days; before `step` most time passed: so much, and that share of the case."""

    case: str
    days: int
    step: str
    spent_us: int
    share: float


class LateStep(msgspec.Struct, frozen=True):
    """In so many late cases most time passed before this step; half of them spent at least so much there."""

    step: str
    cases: int
    median_us: float


class Terms(msgspec.Struct, frozen=True):
    """How cases kept their terms of law: of `cases` (`open` of them), how many were closed too late, and how many are
    open and past their term today; by step, most cases first; `examples`: the latest, most days first.
    """

    cases: int
    open: int
    late_closed: int
    late_open: int
    steps: list[LateStep]
    examples: list[Late]


class Declared(msgspec.Struct, frozen=True):
    """Cases of one version of a service against the flow that it declares.

    `conformance` of those that are closed; `open`, `withdrawn`: cases that are not looked at.
    """

    service: str
    version: int
    conformance: Conformance
    open: int
    withdrawn: int
