"""The year itself: people apply, teams work, residents answer late.

In: where to tell it, and how many cases a service. Out: nothing but what was told.
Always holds: a case goes by its service's own definition: the pages of its example cases, its tasks in their order, its
statuses and results. What happens is told in the kinds and shapes of `journal/kinds.py`, as the rooms tell it.
"""

import heapq
import itertools
from bisect import bisect
from collections.abc import Callable
from math import inf
from typing import Any

from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.schema import Definition, Example
from raadhuis.site.example.year.services import HOURS, SERVICES, Service
from raadhuis.site.example.year.teams import TEAMS, Person, Team, Work
from raadhuis.site.example.year.telling import DAY, Case, Telling

Who = tuple[str, str]
"""Pseudonym and role."""
Told = dict[str, Any]
SYSTEM: Who = ("raadhuis", "system")
# When the town hall extends the term of a case that is not over: some days before eight weeks.
EXTENDS = 52 * DAY
LIES_WITH_SOMEBODY, NEVER_ANSWERS, COMES_BACK, DISAGREES, LEAVES_REFUSED = 0.14, 0.05, 0.4, 0.005, 0.12
_WITH_KIND = {"task.offered", "task.claimed", "task.started", "task.resumed", "task.cancelled"}


def live(told: Telling, cases: int) -> None:
    """Plays `cases` of each service; those of services that are not published are left out."""
    offered = {line.id for line in catalogue.services()}
    town = _Town(told)
    for name, service in SERVICES.items():
        if name in offered:
            definition = catalogue.published(name).definition
            for moment in _arrivals(told, service, cases):
                town.later(moment, lambda d=definition, s=service, m=moment: town.arrive(d, s, m))  # type: ignore[misc]
    town.run()


def _arrivals(told: Telling, service: Service, count: int) -> list[float]:
    """When people begin to apply: by season, weekday and hour."""
    days = [
        service.season(told.date_of(day * DAY).timetuple().tm_yday - 1)
        * (0.55 if told.date_of(day * DAY).weekday() > 4 else 1.0)
        for day in range(365)
    ]
    by_day, by_hour = list(itertools.accumulate(days)), list(itertools.accumulate(HOURS))
    moments = []
    for _ in range(count):
        day = bisect(by_day, told.chance.random() * by_day[-1])
        hour = bisect(by_hour, told.chance.random() * by_hour[-1])
        moments.append(min(day, 364) * DAY + (min(hour, 23) + told.chance.random()) * 3600)
    return moments


class _Town:
    """What is to come, and who works."""

    def __init__(self, told: Telling) -> None:
        self._told, self.chance = told, told.chance
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._teams = {name: Team(name, told.chance, told.date_of) for name in TEAMS}

    def later(self, moment: float, event: Callable[[], None]) -> None:
        if moment < 365 * DAY:
            heapq.heappush(self._heap, (moment, next(self._number), event))

    def run(self) -> None:
        while self._heap:
            heapq.heappop(self._heap)[2]()

    # People apply.

    def arrive(self, definition: Definition, service: Service, moment: float) -> None:
        """Somebody applies; before them others began and left."""
        example = self._example(definition, service)
        submitted = None
        while submitted is None:
            who = (self._told.uuid().replace("-", ""), service.who)
            case = Case(definition.id, self._told.uuid(), self._told.uuid(), who)
            case.version = 2 if moment >= service.changed * DAY else 1
            submitted = self._fill_in(service, case, example, moment)
        self._submit(definition, service, case, example, submitted)

    def _fill_in(self, service: Service, case: Case, example: Example, moment: float) -> float | None:
        """When the form was full; None when they left."""
        tell, chance, who = self._told.tell, self.chance, case.who
        tell(moment, "application.started", case, who)
        leaves_at = chance.randrange(len(example.pages)) if chance.random() < service.leaves else -1
        for place, page in enumerate(example.pages):
            moment += 2
            tell(moment, "application.page_shown", case, who, page, page=page)
            moment += chance.lognormvariate(3.6, 0.6)
            for at, question, rule, often in service.rejects:
                if at == page and chance.random() < often:
                    refused = {"page": page, "question": question, "rule": rule}
                    tell(moment, "application.question_rejected", case, who, page, **refused)
                    moment += chance.lognormvariate(3.9, 0.7)
                    leaves_at = place if chance.random() < LEAVES_REFUSED else leaves_at
            if place == leaves_at:
                tell(moment + 30 * DAY, "application.abandoned", case, SYSTEM, page, page=page)
                return None
            tell(moment, "application.page_answered", case, who, page, page=page, questions=1)
        return moment + 20

    def _example(self, definition: Definition, service: Service) -> Example:
        """The example case that this one is like."""
        known = {one.name: one for one in definition.examples if one.pages}
        weights = service.examples or dict.fromkeys(known, 1.0)
        names = [name for name in weights if name in known] or list(known)
        return known[self.chance.choices(names, [weights.get(name, 1.0) for name in names])[0]]

    def _submit(self, definition: Definition, service: Service, case: Case, example: Example, moment: float) -> None:
        tell, who = self._told.tell, case.who
        tell(moment, "case.created", case, who)
        tell(moment, "case.status_set", case, who, status=definition.zaaktype.statustypen[0].key)
        pages = len(example.pages)
        counts: Told = {"pages": pages, "questions_asked": pages + 2, "questions_known": 1, "documents_asked": 0}
        tell(moment, "application.submitted", case, who, **counts)
        if self.chance.random() < service.at_once[case.version - 1]:
            rows = ["verlenen"]
            told: Told = {
                "automatic": True,
                "result": "grant",
                "table": service.table,
                "table_version": "1",
                "rows": rows,
            }
            tell(moment, "decision.taken", case, SYSTEM, "decision", **told)
            self._close(definition, case, SYSTEM, service.result[0], moment)
            return
        told_tasks = example.expect.get("tasks")
        case.tasks = list(told_tasks) if told_tasks else [task.id for task in definition.tasks]
        self._offer_next(definition, service, case, who, moment)
        if len(case.tasks) > 1:
            self.later(moment + EXTENDS, lambda: self._extend(definition, case, moment + EXTENDS))

    def _extend(self, definition: Definition, case: Case, moment: float) -> None:
        if not case.closed:
            team = self._teams[definition.owner]
            data: Told = {"reason": "by-staff", "days": 42}
            self._told.tell(moment, "case.term_extended", case, team.persons[0].who, **data)

    # Teams work.

    def _tell(self, work: Work, moment: float, kind: str, who: Who | None = None, **more: object) -> None:
        """An event of a task, with what every event of this kind tells of it."""
        told = {"task": work.key, "team": work.team.name}
        if kind in _WITH_KIND:
            told["kind"] = work.kind
        self._told.tell(moment, kind, work.case, who or work.person.who, work.key, id=work.id, **told, **more)

    def _offer_next(self, definition: Definition, service: Service, case: Case, who: Who, moment: float) -> None:
        """What may begin now."""
        for task in definition.tasks:
            ready = set(task.after) & set(case.tasks) <= case.done
            if task.id in case.tasks and task.id not in case.offered and ready:
                case.offered.add(task.id)
                work = Work(service, case, task, self._told.uuid(), self._teams[task.team])
                self._tell(work, moment, "task.offered", who)
                if task.status:
                    self._told.tell(moment, "case.status_set", case, who, status=task.status)
                self._queue(work, moment)

    def _queue(self, work: Work, moment: float) -> None:
        work.team.queue.append(work)
        self._look(work.team, moment)

    def _look(self, team: Team, moment: float) -> None:
        """Plans that the team looks in its queue as soon as somebody can."""
        at = team.opens(moment)
        if at < team.looks:
            team.looks = at
            self.later(at, lambda: self._take_up(team, at))

    def _take_up(self, team: Team, moment: float) -> None:
        if moment == team.looks:
            team.looks = inf
        for person in team.ready(moment):
            if team.queue:
                self._begin(team.queue.popleft(), person, moment)
        if team.queue:
            self._look(team, moment)

    def _begin(self, work: Work, person: Person, moment: float) -> None:
        """Somebody takes a task up; now and then it lies with them for days first."""
        chance = self.chance
        work.person = person
        self._tell(work, moment, "task.claimed")
        lies = chance.random() < LIES_WITH_SOMEBODY
        begin = person.next_work(moment + chance.uniform(1, 5) * DAY) if lies else moment + chance.uniform(60, 900)
        done = person.after(begin, work.service.minutes.get(work.key, 40) * chance.lognormvariate(0, 0.5))
        person.free = moment + 300 if lies else done
        self.later(begin, lambda: self._tell(work, begin, "task.started"))
        self.later(done, lambda: self._finish(work, done))

    def _finish(self, work: Work, moment: float) -> None:
        """The work is done, unless somebody else is needed first."""
        chance, service = self.chance, work.service
        hold_ups = (
            (service.asks.get(work.key, 0.0), self._ask),
            (service.elsewhere, self._wait_elsewhere),
            (service.misrouted, self._hand_over),
        )
        if not work.held_up:
            for often, hold_up in hold_ups:
                if chance.random() < often:
                    work.held_up = True
                    hold_up(work, moment)
                    return
        if work.first is not None:
            self._approve(work, work.first, moment)
        elif work.task.four_eyes:
            self._propose(work, moment)
        else:
            self._complete(work, moment, work.person.who)

    def _ask(self, work: Work, moment: float) -> None:
        """The applicant is asked for more, and answers after days or weeks; somebody then reads it when they are in."""
        tell, case, person = self._told.tell, work.case, work.person
        tell(moment, "resident.asked", case, person.who, work.key, id=work.id)
        self._tell(work, moment, "task.paused", reason="resident")
        tell(moment, "case.term_suspended", case, person.who, reason="resident-asked")
        days = min(self.chance.lognormvariate(1.5, 0.9), 45)
        answered = moment + days * DAY
        if self.chance.random() < NEVER_ANSWERS:
            self.later(answered + 14 * DAY, lambda: self._withdraw(work, answered + 14 * DAY))
            return

        def answer() -> None:
            tell(answered, "resident.answered", case, case.who)
            self._tell(work, answered, "task.resumed", case.who)
            tell(answered, "case.term_resumed", case, case.who, reason="resumed", days=int(days))
            again = person.after(answered + self.chance.uniform(0.1, 2) * DAY, 20)
            self.later(again, lambda: self._finish(work, again))

        self.later(answered, answer)

    def _wait_elsewhere(self, work: Work, moment: float) -> None:
        """Another organisation must do its part first."""
        self._tell(work, moment, "task.paused", reason="other-organisation")
        back = work.person.next_work(moment + self.chance.lognormvariate(2.0, 0.7) * DAY)

        def resume() -> None:
            self._tell(work, back, "task.resumed")
            done = work.person.after(back, 25)
            self.later(done, lambda: self._finish(work, done))

        self.later(back, resume)

    def _hand_over(self, work: Work, moment: float) -> None:
        """It came to the wrong team, and goes to another; often that one gives it back."""
        first, names = work.team, [name for name in ("parkeren", "veiligheid") if name != work.team.name]
        other = work.team = self._teams[self.chance.choice(names)]
        self._tell(work, moment, "task.handed_over", from_team=first.name)
        self._queue(work, moment)
        if self.chance.random() < COMES_BACK:
            back = other.opens(moment + DAY)
            self.later(back, lambda: self._give_back(work, first, back))

    def _give_back(self, work: Work, first: Team, moment: float) -> None:
        other = work.team
        if work in other.queue:
            other.queue.remove(work)
            work.team = first
            self._tell(work, moment, "task.handed_over", other.persons[0].who, from_team=other.name)
            self._queue(work, moment)

    def _propose(self, work: Work, moment: float) -> None:
        work.result = self._decided(work)
        told: Told = {"automatic": False, "result": work.result}
        self._told.tell(moment, "decision.proposed", work.case, work.person.who, work.key, id=work.id, **told)
        self._tell(work, moment, "task.paused", reason="approval")
        second = work.second(self._told.uuid())
        self._tell(second, moment, "task.offered", work.person.who)
        self._queue(second, moment)

    def _approve(self, second: Work, first: Work, moment: float) -> None:
        """The second pair of eyes, which nearly always agrees."""
        who = second.person.who
        if self.chance.random() < DISAGREES:
            told: Told = {"automatic": False, "result": first.result}
            self._tell(second, moment, "task.completed", outcome="returned")
            self._told.tell(moment, "decision.returned", first.case, who, second.key, id=second.id, **told)
            self._tell(first, moment, "task.resumed", who)
            done = first.person.after(moment, 30)
            self.later(done, lambda: self._finish(first, done))
            return
        self._tell(second, moment, "task.completed", outcome="approved")
        self._complete(first, moment, who)

    def _decided(self, work: Work) -> str:
        return "grant" if self.chance.random() < work.service.grants else "refuse"

    def _complete(self, work: Work, moment: float, who: Who) -> None:
        case, kind = work.case, work.task.kind
        result = work.result or self._decided(work)
        named = work.service.result[result != "grant"]
        if kind == "advice":
            advice = {
                "task": work.key,
                "team": work.team.name,
                "advice": "conditions" if result == "grant" else "negative",
            }
            self._told.tell(moment, "advice.given", case, who, work.key, id=work.id, **advice)
        outcome = {"decide": result, "act": named}.get(kind)
        self._tell(work, moment, "task.completed", who, **({"outcome": outcome} if outcome else {}))
        if kind == "decide":
            told: Told = {"automatic": False, "result": result}
            self._told.tell(moment, "decision.taken", case, who, work.key, id=work.id, **told)
        case.done.add(work.task.id)
        definition = catalogue.published(case.service).definition
        if case.done >= set(case.tasks):
            self._close(definition, case, who, named, moment)
        else:
            self._offer_next(definition, work.service, case, who, moment)

    def _withdraw(self, work: Work, moment: float) -> None:
        case = work.case
        self._tell(work, moment, "task.cancelled", case.who)
        self._told.tell(moment, "case.withdrawn", case, case.who)
        self._close(catalogue.published(case.service).definition, case, case.who, "ingetrokken", moment)

    def _close(self, definition: Definition, case: Case, who: Who, result: str, moment: float) -> None:
        tell = self._told.tell
        case.closed = True
        tell(moment, "case.result_set", case, who, result=result)
        tell(moment, "case.status_set", case, who, status=definition.zaaktype.statustypen[-1].key)
        tell(moment, "case.closed", case, who, result=result)
