"""The shapes that cross the room's door.

Always holds: times are in µs (`…_us`) or aware datetimes in UTC; shares are fractions of 1; lists are in the order that
the docstring says.
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

# Below this many persons a figure could be about somebody (docs/lean.md, "People are never ranked").
FEWEST_PERSONS = 5
# Office hours, in minutes of the day. Not before two: until then the Dutch day is another than that of UTC, by which
# the table of days is looked up (`office`).
USUAL, EARLIEST, LATEST = (9 * 60, 17 * 60), 2 * 60, 24 * 60


class LogView(msgspec.Struct, frozen=True):
    """A log that is here. `kind`: "own" (our journal), "journal" (another one) or "imported"; `findings`: code → how
    many events.
    """

    id: UUID
    name: str
    kind: str
    made: datetime
    events: int
    steps: int
    cases: int
    activities: int
    variants: int
    first: datetime | None
    last: datetime | None
    source: str = ""
    findings: dict[str, int] = {}


class Imported(msgspec.Struct, frozen=True):
    """What an import did: how much was read, kept, repaired and skipped; where, for the first of each kind."""

    id: UUID
    read: int
    kept: int
    skipped: int
    truncated: bool
    cases: int
    findings: list["FindingView"]


class PlaceView(msgspec.Struct, frozen=True):
    line: int
    trace: int
    said: str


class FindingView(msgspec.Struct, frozen=True):
    code: str
    skipped: bool
    count: int
    places: list[PlaceView]


class Filter(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which cases are looked at: those for which everything that is set holds. Kept in the URL as it is.

    `start`, `end`: the first and last Dutch day on which the case may have begun; `variants`: of these; `attributes`:
    key and value, told of the case or of one of its events (our own journal: "service", "service_version");
    `contains`: one activity directly followed by another somewhere in the case; `activity`: done in the case;
    `longer_us`, `shorter_us`: bounds of its duration by the clock. `hours`: not which cases but how time counts: only
    on working days between these minutes of the day (`office`).
    """

    start: date | None = None
    end: date | None = None
    variants: tuple[int, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    contains: tuple[tuple[str, str], ...] = ()
    activity: tuple[str, ...] = ()
    longer_us: int | None = None
    shorter_us: int | None = None
    hours: tuple[int, int] | None = None


class Times(msgspec.Struct, frozen=True):
    """Of a number of durations in µs: mean and percentiles (linear between neighbours; exact)."""

    mean: float
    p10: float
    p50: float
    p90: float
    p95: float
    lowest: int
    highest: int


class Arc(msgspec.Struct, frozen=True):
    """`target` directly followed `source`, `count` times; `times` of the steps from one to the other."""

    source: str
    target: str
    count: int
    times: Times | None = None


class Activity(msgspec.Struct, frozen=True):
    """How often it was done, in how many cases, and how many of those it began and ended."""

    name: str
    count: int
    cases: int
    begins: int
    ends: int


class ProcessMap(msgspec.Struct, frozen=True):
    """Activities by count and arcs by count, most first. `cases` that were looked at."""

    cases: int
    activities: list[Activity]
    arcs: list[Arc]


class Variant(msgspec.Struct, frozen=True):
    """One way through. `share` of the cases; `covered`: with all variants before it; median and mean duration in µs."""

    id: int
    activities: list[str]
    cases: int
    share: float
    covered: float
    median_us: float
    mean_us: float


class Variants(msgspec.Struct, frozen=True):
    """The most frequent variants, and how many there are."""

    cases: int
    total: int
    shown: list[Variant]


class Durations(msgspec.Struct, frozen=True):
    """How long cases take from first to last step; `times` is None without cases."""

    cases: int
    times: Times | None


class Repeat(msgspec.Struct, frozen=True):
    """An activity done again: `again` steps after the first of a case, in `cases`; `at_once`: directly after itself."""

    activity: str
    again: int
    cases: int
    at_once: int


class PingPong(msgspec.Struct, frozen=True):
    """Work went from `team` to `other` and came back, `count` times."""

    team: str
    other: str
    count: int


class Rework(msgspec.Struct, frozen=True):
    """Repeats by cases, most first, and ping-pong between teams by count; `cases` have any repeat."""

    cases: int
    of: int
    repeats: list[Repeat]
    ping_pong: list[PingPong]


class Handover(msgspec.Struct, frozen=True):
    source: str
    target: str
    count: int


class Handovers(msgspec.Struct, frozen=True):
    """Work that went from hand to hand. Between teams by name, where both have five persons or more; `hidden` steps
    between others. Between persons only how often, of how many steps that tell a person: nobody is named.
    """

    teams: list[Handover]
    hidden: int
    between_persons: int
    of_steps: int
    persons: int


class Flow(msgspec.Struct, frozen=True):
    """One day: cases that began, that ended, and that were under way at its end."""

    day: date
    arrivals: int
    departures: int
    backlog: int


class Little(msgspec.Struct, frozen=True):
    """Little's law (1961): the average number under way is arrivals a day times the average time in days.

    `expected` of the law against `measured`; `holds` when they differ by less than a tenth: else the period is not
    stable.
    """

    arrivals_a_day: float
    mean_days: float
    expected: float
    measured: float
    holds: bool


class Flows(msgspec.Struct, frozen=True):
    """Every day between the first and the last, in order."""

    days: list[Flow]
    little: Little | None
    backlog_age_days: list[int]
    """Of the cases under way at the end: days since their start, by tens of percents (p10, p20 … p90); empty without.
    """


class Load(msgspec.Struct, frozen=True):
    """Steps that a team (of five persons or more) did on a day."""

    team: str
    day: date
    steps: int


class StepTime(msgspec.Struct, frozen=True):
    """Where time goes: of the steps of an activity for which work was told, touch and wait before it, in µs, added up.

    `untold` steps tell only when they were done: their time is neither touch nor waiting, and is in `untold_us`.
    """

    activity: str
    steps: int
    touch_us: int
    wait_us: int
    untold: int
    untold_us: int


class Cause(msgspec.Struct, frozen=True):
    """What cases wait for, in µs added up over cases, and the share of all time: one of CAUSES."""

    cause: str
    total_us: int
    share: float
    cases: int


CAUSES = ("work", "queue", "colleague", "other", "resident", "nothing")
"""Somebody works on it; nobody took it up; a colleague has it and does not work on it; another team or organisation;
the resident; no task is open."""


class Way(msgspec.Struct, frozen=True):
    """An arc that is drawn; `source` or `target` may be the begin or the end. `median_us` between the two steps."""

    source: str
    target: str
    count: int
    median_us: float | None = None


class Chosen(msgspec.Struct, frozen=True):
    """What is drawn of a process map, and which shares of all steps and moves that is."""

    activities: list[Activity]
    ways: list[Way]
    share_of_steps: float
    share_of_moves: float
    of_activities: int
    of_ways: int


class Box(msgspec.Struct, frozen=True):
    """An activity in a drawing: its centre and size in pixels, its name in lines; `weight` 0 to 1 by count."""

    x: float
    y: float
    width: int
    height: int
    lines: list[str]
    activity: Activity
    weight: float


class Line(msgspec.Struct, frozen=True):
    """An arc in a drawing: the path of an SVG, and the centre of the words along it; `weight` 0 to 1 by count."""

    way: Way
    path: str
    x: float
    y: float
    words: str
    weight: float


class Drawing(msgspec.Struct, frozen=True):
    """A process map as a picture, in pixels; `begin` and `end` are the centres of the two dots."""

    width: int
    height: int
    begin: tuple[float, float]
    end: tuple[float, float]
    boxes: list[Box]
    lines: list[Line]


class Preview(msgspec.Struct, frozen=True):
    """A log before it comes in: its first rows, and which column is taken for what ("case" → its name). Of OCEL a
    column is a type of object.

    `remembered`: a table with this header came in before, and was understood so. `fields`: what is to be chosen.
    """

    file_name: str
    columns: list[str]
    rows: list[list[str]]
    guessed: dict[str, str]
    remembered: bool
    fields: tuple[str, ...] = ("case", "activity", "time", "start", "lifecycle", "resource", "team")


class Coming(msgspec.Struct, frozen=True):
    """A file that was sent from a browser and is becoming a log.

    `stage`: "waiting" (nobody is at it yet), "reading", "working-out", "stopping"; or it ended without a log:
    "stopped", "refused" (`said` is why), "interrupted" (whoever was at it died, more than once) or "failed" (a fault of
    ours). `share`: how much of the file was read. `waited`: for how many seconds it waits. `columns`: it can be
    understood in another way.
    """

    id: UUID
    name: str
    file_name: str
    stage: str
    share: float = 0.0
    events: int = 0
    said: str = ""
    waited: float = 0.0
    columns: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.stage in {"stopped", "refused", "interrupted", "failed"}
