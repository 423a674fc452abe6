"""Who works when: teams of persons with days of their own, holidays and sick days.

Always holds: nobody works at night, in a weekend or on a holiday (kernel/clock); who has a task works on it for as long
as it takes, over several days when it must.
"""

import random
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from datetime import date
from math import inf

from raadhuis.catalogue.schema import TaskDef
from raadhuis.kernel import clock
from raadhuis.site.example.year.services import Service
from raadhuis.site.example.year.telling import DAY, Case

# Persons, days a week, and from when to when (hours) they have time for these services.
TEAMS: dict[str, tuple[int, int, float, float]] = {
    "parkeren": (6, 4, 9.0, 11.5),
    "openbare-ruimte": (9, 4, 8.0, 12.5),
    "evenementen": (7, 4, 9.0, 15.5),
    "burgerzaken": (8, 4, 9.0, 11.0),
    "veiligheid": (5, 2, 13.0, 14.0),
}


class Person:
    """Somebody in a team. `free`: from which moment on they can take up a task."""

    def __init__(self, name: str, chance: random.Random, team: str, date_of: Callable[[float], date]) -> None:
        _, days, begins, ends = TEAMS[team]
        self.who = (name, "handler")
        self.free = 0.0
        self._begins, self._ends = begins * 3600, ends * 3600
        weekdays, away = set(chance.sample(range(5), days)), set()
        for first, last, length in ((170, 250, 15), (0, 360, 5), (0, 360, 3)):  # Summer, another week, and ill.
            begin = chance.randrange(first, last)
            away |= set(range(begin, begin + length))
        self._days = [
            day
            for day in range(2 * 365)
            if day % 365 not in away
            and date_of(day * DAY).weekday() in weekdays
            and clock.is_working_day(date_of(day * DAY))
        ]

    def next_work(self, moment: float) -> float:
        """The first moment at or after this one at which they work."""
        at = bisect_left(self._days, int(moment // DAY))
        if self._days[at] * DAY + self._ends <= moment:
            at += 1
        return max(self._days[at] * DAY + self._begins, moment)

    def after(self, moment: float, minutes: float) -> float:
        """When so many minutes of work are done that begin at this moment."""
        left = minutes * 60
        while True:
            moment = self.next_work(moment)
            room = int(moment // DAY) * DAY + self._ends - moment
            if left <= room:
                return moment + left
            left, moment = left - room, moment + room + 1


class Work:
    """A task of a case, from its offer to its end. `first`: the work of which this is the second pair of eyes."""

    def __init__(self, service: Service, case: Case, task: TaskDef, id: str, team: "Team") -> None:
        self.service, self.case, self.task, self.id, self.team = service, case, task, id, team
        self.key, self.kind = task.id, str(task.kind)
        self.person: Person = team.persons[0]
        self.first: Work | None = None
        self.held_up = False
        self.result = ""

    def second(self, id: str) -> "Work":
        """What a second person must approve."""
        second = Work(self.service, self.case, self.task, id, self.team)
        second.key = second.kind = "approve"
        second.first = self
        return second


class Team:
    """Persons and what lies in their queue, in order of coming. `looks`: when somebody looks in the queue next."""

    def __init__(self, name: str, chance: random.Random, date_of: Callable[[float], date]) -> None:
        self.name = name
        self.persons = [Person(f"nagespeeld-{name}-{n}", chance, name, date_of) for n in range(TEAMS[name][0])]
        self.queue: deque[Work] = deque()
        self.looks = inf

    def ready(self, moment: float) -> list[Person]:
        """Who is at work at this moment and has no task, longest free first."""
        found = [one for one in self.persons if one.free <= moment == one.next_work(moment)]
        return sorted(found, key=lambda one: one.free)

    def opens(self, moment: float) -> float:
        """When somebody of the team can take up something, after this moment."""
        return min(one.next_work(max(moment + 60, one.free)) for one in self.persons)
