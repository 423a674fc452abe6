"""The figures of a log in plain Python, straight from their definitions: what the fast ones are held against."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def cases_of(events: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Steps by case, ordered by time and then by place in the source."""
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for place, event in enumerate(events):
        held[event["case"]].append({**event, "place": place})
    return {case: sorted(steps, key=lambda one: (one["time"], one["place"])) for case, steps in held.items()}


def arcs(events: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, float]]:
    """Directly-follows: count and median µs."""
    spans: dict[tuple[str, str], list[int]] = defaultdict(list)
    for steps in cases_of(events).values():
        for one, two in itertools.pairwise(steps):
            spans[one["activity"], two["activity"]].append(two["time"] - one["time"])
    return {arc: (len(found), median(found)) for arc, found in spans.items()}


def variants(events: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    """Ways through, and their cases."""
    return Counter(tuple(step["activity"] for step in steps) for steps in cases_of(events).values())


def durations(events: list[dict[str, Any]]) -> list[int]:
    """µs from first to last step, shortest first."""
    return sorted(steps[-1]["time"] - steps[0]["time"] for steps in cases_of(events).values())


def rework(events: list[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    """Per activity: steps after the first in their case, cases with such a step, steps directly after itself."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for steps in cases_of(events).values():
        done: Counter[str] = Counter()
        before = None
        for step in steps:
            name = step["activity"]
            done[name] += 1
            if done[name] > 1:
                found[name][0] += 1
                found[name][1] += done[name] == 2
                found[name][2] += before == name
            before = name
    return {name: (a, b, c) for name, (a, b, c) in found.items()}


def handover(events: list[dict[str, Any]], by: str) -> Counter[tuple[str, str]]:
    """Who had the step before, and who this one."""
    return Counter(
        (one[by], two[by])
        for steps in cases_of(events).values()
        for one, two in itertools.pairwise(steps)
        if one[by] and two[by]
    )


def ping_pong(events: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """Work that comes back: (team, the other one)."""
    found: Counter[tuple[str, str]] = Counter()
    for steps in cases_of(events).values():
        teams = [step["team"] for step in steps if step["team"]]
        stretches = [team for place, team in enumerate(teams) if place == 0 or teams[place - 1] != team]
        for one, two, three in zip(stretches, stretches[1:], stretches[2:], strict=False):
            if one == three:
                found[one, two] += 1
    return found


def day(micros: int) -> int:
    """The Dutch day of a moment, since 1970."""
    moment = datetime.fromtimestamp(micros // 1_000_000, tz=UTC).astimezone(AMSTERDAM)
    return (moment.date() - datetime(1970, 1, 1).date()).days
