"""What is told of how long cases still take. Always holds: lengths in µs by the clock."""

from datetime import datetime

import msgspec

# Below so many closed cases nothing is learned, and nothing is said to residents.
FEWEST_CASES = 100
# Eight in ten cases should end within what is said.
COVERS, LEAST_COVERED = 0.8, 0.7
# Nearer by less than so much of the naive error is nothing that a resident would notice.
LEAST_BETTER = 0.05


class State(msgspec.Struct, frozen=True):
    """Cases whose last step was `activity` ("" for any) as their `nth` step (from 1; 0 for any, MOST for that or more):
    how long they still took from that step on, as an ordered sample.
    """

    activity: str
    nth: int
    cases: int
    left: list[int]


class Score(msgspec.Struct, frozen=True):
    """How well it did on `cases` that began later than those it learned from: the mean absolute error in µs (of each
    case over its moments), that of the naive answer (the median of all, less what has passed), and `better`: the mean
    difference between them with its bounds (95 %). `covered`: the share of moments that lay within what was said.
    `width_us`: how wide that was, on average. `beats_naive`: surely (95 %) nearer than the naive answer by LEAST_BETTER
    of its error, and covering at least LEAST_COVERED.
    """

    cases: int
    error_us: float
    naive_us: float
    better: tuple[float, float, float]
    covered: float
    width_us: float
    beats_naive: bool


class Model(msgspec.Struct, frozen=True):
    """What was learned of `cases`. `margin_us` is added on both sides of what the sample says, so that COVERS of later
    cases lie within. `score` is None when there are too few to hold some out.
    """

    made: datetime
    cases: int
    margin_us: int
    naive_us: int
    states: list[State]
    score: Score | None

    @property
    def beats_naive(self) -> bool:
        """Whether it is worth showing."""
        return self.score is not None and self.score.beats_naive


class Left(msgspec.Struct, frozen=True):
    """Still to go: most likely `middle_us`, mostly between `low_us` and `high_us`."""

    low_us: int
    middle_us: int
    high_us: int
