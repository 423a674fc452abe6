"""What cases are like, counted among some of them and among all: what the source tells of them, what is done in them,
which team did the first step, on which day of the week they came in.

In: an encoded log and a mark for each case. Out: how many cases have each trait. Always holds: one pass over the log; a
team is named only when the whole log has FEWEST_PERSONS of it; what looks like a person, or is also the name of one who
did a step, is no trait.
"""

import re
from typing import Any, NamedTuple

# More values than this nobody reads, and each that is tested makes the others less sure.
MOST_VALUES, MOST_TRAITS, FEWEST_CASES = 40, 400, 5
# What these are called in logs holds who did the work, or who it is about.
_PERSON = re.compile(
    r"resource|responsible|verantwoordelijk|planner|actor|user|person|employee|medewerker|behandelaar|naam|name|klant|customer|email|bsn|telefoon|adres|id$",
    re.IGNORECASE,
)


class Trait(NamedTuple):
    """One: `kind` is "attribute" (`key` and `value`), "activity" or "team" (`value`), or "weekday" ("0" for Monday)."""

    kind: str
    key: str
    value: str


class Counted(NamedTuple):
    """How many cases have it: of those that are marked, and of all."""

    trait: Trait
    marked: int
    all: int


def counted(run: Any, t: Any, marked: Any, teams: set[int], skip: frozenset[str] = frozenset()) -> list[Counted]:
    """The traits of at least FEWEST_CASES cases and not of all. `marked`: a table of case and `mark` (boolean);
    `teams`: those that may be named; `skip`: keys that are left out.
    """
    names = {"activity": run.named("activities"), "team": run.named("teams")}
    small = {name for place, name in enumerate(names["team"]) if place not in teams}
    whole = run.one(marked.aggregate(cases=marked.count()))[0]
    found = []
    for kind, told in tables_of(t).items():
        joined = told.join(marked, "case")
        grouped = joined.group_by("key", "value").aggregate(
            marked=joined.mark.cast("int64").sum(), cases=joined.case.count()
        )
        for key, value, some, cases in run.rows(grouped):
            if kind == "team" and int(value) not in teams:
                continue
            if kind == "attribute" and str(value) in small:
                continue
            said = names[kind][int(value)] if kind in names else str(value)
            found.append(Counted(Trait(kind, key, said), int(some), int(cases)))
    kept = [one for one in _readable(found, skip | _persons(run, found)) if FEWEST_CASES <= one.all < whole]
    kept.sort(key=lambda one: (-one.all, one.trait))
    return kept[:MOST_TRAITS]


def tables_of(t: Any) -> dict[str, Any]:
    """Tables of case, key and value, each pair of a case once."""
    import ibis

    nothing = ibis.literal("")
    first = t.steps.filter(t.steps.nth == 1)
    teamed = t.steps.filter(t.steps.team >= 0)
    team = teamed.group_by("case").aggregate(value=teamed.team.argmin(teamed.position).cast("string"))
    day = ((t.cases.start_day + 3) % 7).cast("string")
    return {
        "attribute": t.attributes.select("case", "key", "value").distinct(),
        "activity": first.select("case", key=nothing, value=first.activity.cast("string")),
        "team": team.select("case", key=nothing, value=team.value),
        "weekday": t.cases.select("case", key=nothing, value=day),
    }


def _persons(run: Any, found: list[Counted]) -> frozenset[str]:
    """Keys of which a value is also the name of who did a step somewhere in the log."""
    known = set(run.named("resources"))
    return frozenset(one.trait.key for one in found if one.trait.kind == "attribute" and one.trait.value in known)


def _readable(found: list[Counted], skip: frozenset[str]) -> list[Counted]:
    """Without keys that look like persons, and without those of which the values are too many to read."""
    values: dict[str, int] = {}
    for one in found:
        values[one.trait.key] = values.get(one.trait.key, 0) + (one.trait.kind == "attribute")
    return [
        one
        for one in found
        if one.trait.kind != "attribute"
        or not (_PERSON.search(one.trait.key) or one.trait.key in skip or values[one.trait.key] > MOST_VALUES)
    ]
