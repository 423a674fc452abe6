"""A past to look back on: residents apply, colleagues work, in order of time, through the ordinary actions.

In: how many cases, and a seed. Out: cases, decisions, letters and a journal of the past months.
Always holds: only actions write; the same seed plays the same story; the last days are left with work to do.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from raadhuis.adapters.standins import town
from raadhuis.adapters.standins.people import BUSINESSES, STAFF, Resident
from raadhuis.adapters.standins.population import population
from raadhuis.cases import actions, queries
from raadhuis.cases.actions import applicant_hash
from raadhuis.cases.schema import TaskLine
from raadhuis.catalogue import queries as catalogue
from raadhuis.intake.state import Person
from raadhuis.kernel import clock, ids, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Problem
from raadhuis.site import runner
from raadhuis.site.example.events import street_party
from raadhuis.site.example.filler import apply

DAYS = 100
SHARES = (
    ("parkeervergunning", 0.45),
    ("melding-openbare-ruimte", 0.3),
    ("verhuizing", 0.17),
    ("evenementenvergunning", 0.08),
)
Event = Callable[[], None]


class Story:
    """The run of events, in order of time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a story, no secret
        self.now = clock.now()
        self.moment = self.now
        self._heap: list[tuple[datetime, int, Event]] = []
        self._number = itertools.count()
        self.residents = [r for r in population() if r.birth_date.year < 2007]
        self.chance.shuffle(self.residents)
        self.made = 0

    def later(self, moment: datetime, event: Event) -> None:
        """Plans an event at working hours; what lies ahead of the real clock never happens."""
        local = clock.local(moment)
        if not clock.is_working_day(local.date()) or local.hour >= 17:
            day = clock.next_working_day(local.date() + timedelta(days=1 if local.hour >= 17 else 0))
            local = local.replace(year=day.year, month=day.month, day=day.day, hour=8)
        if local.hour < 8:
            local = local.replace(hour=8)
        if local < self.now:
            heapq.heappush(self._heap, (local, next(self._number), event))

    def anytime(self, moment: datetime, event: Event) -> None:
        """Plans what residents do: at any hour."""
        if moment < self.now:
            heapq.heappush(self._heap, (moment, next(self._number), event))

    def run(self) -> None:
        """Plays everything."""
        while self._heap:
            self.moment, _, event = heapq.heappop(self._heap)
            with clock.at(self.moment):
                event()
                runner.deliver()

    def after(self, low: float, high: float) -> datetime:
        """A moment between `low` and `high` hours from now."""
        return self.moment + timedelta(hours=self.chance.uniform(low, high))


def past(count: int, *, seed: int = 1) -> int:
    """Plays `count` cases (≤ 2,000) over the last hundred days; how many were made."""
    story = Story(seed)
    offered = {line.id for line in catalogue.services()}
    names, weights = zip(*((name, share) for name, share in SHARES if name in offered), strict=True)
    for _ in range(count):
        service = story.chance.choices(names, weights)[0]
        days = story.chance.uniform(0, DAYS)
        story.anytime(story.now - timedelta(days=days), lambda service=service: _arrive(story, service))  # type: ignore[misc]
    story.run()
    runner.seal_journal()
    return story.made


def _person(resident: Resident) -> Person:
    return Person(
        kind="resident",
        pseudonym=privacy.pseudonym_for("bsn", resident.bsn),
        owner=applicant_hash(resident.bsn),
        bsn=resident.bsn,
        name=resident.name,
        email=f"{resident.bsn}@voorbeeld.example",
        level="substantial",
    )


def _business() -> Person:
    festival = next(b for b in BUSINESSES if b.id == "festival")
    return Person(
        kind="business",
        pseudonym=privacy.pseudonym_for("kvk", festival.kvk),
        owner=applicant_hash(kvk=festival.kvk),
        kvk=festival.kvk,
        name=festival.name,
        email="info@waterrijkfeest.example",
        level="substantial",
    )


def _arrive(story: Story, service: str) -> None:
    person, answers = _application(story, service)
    receipt = apply(service, person, answers)
    story.made += 1
    if not receipt.decision:
        _plan(story, receipt.zaak)


def _application(story: Story, service: str) -> tuple[Person, dict[str, Any]]:
    chance = story.chance
    if service == "melding-openbare-ruimte":
        return Person(kind="anonymous", pseudonym=ids.uuid7().hex), _report(chance)
    if service == "evenementenvergunning":
        return _business(), street_party(chance)
    person = _person(story.residents.pop() if len(story.residents) > 1 else story.residents[0])
    if service == "verhuizing":
        return person, _move(chance)
    return person, _parking(chance)


def _plate(chance: random.Random) -> str:
    letters = "BDFGHJKLNPRSTVXZ"
    return "".join(
        [chance.choice(letters), f"{chance.randrange(100, 1000)}", chance.choice(letters), chance.choice(letters)]
    )


def _parking(chance: random.Random) -> dict[str, Any]:
    return {
        "kenteken": _plate(chance),
        "eigenaar": chance.choices(["eigen", "lease", "ander"], [0.82, 0.13, 0.05])[0],
        "verklaring": [{"name": "verklaring.pdf"}],
        "ingangsdatum": (clock.today() + timedelta(days=chance.randrange(1, 27))).isoformat(),
        "email": "bewoner@voorbeeld.example",
    }


def _move(chance: random.Random) -> dict[str, Any]:
    where = chance.choice(town.ADDRESSES[:-1])
    return {
        "nieuw_adres": {
            "postcode": where.postcode,
            "house_number": where.house_number,
            "house_letter": where.house_letter,
            "addition": where.addition,
        },
        "verhuisdatum": (clock.today() + timedelta(days=chance.randrange(-4, 27))).isoformat(),
        "bewoning": chance.choices(["koop", "huur", "inwoning"], [0.4, 0.5, 0.1])[0],
        "toestemmingsbrief": [{"name": "brief.pdf"}],
        "email": "verhuizer@voorbeeld.example",
        "naar_waarheid": True,
    }


_SEEN = {
    "afval": "Er staan drie vuilniszakken naast de container.",
    "weg": "Er ligt een tegel los. Ik struikelde erover.",
    "verlichting": "De lantaarn brandt al een week niet.",
    "groen": "Een tak hangt laag over het fietspad.",
    "water": "De put is verstopt. Bij regen staat de straat blank.",
    "speelplek": "De bank bij de speelplek is kapot.",
    "voertuig": "Er staat al maanden een fiets zonder wielen.",
    "anders": "De brug maakt een hard geluid als er een auto overheen rijdt.",
}


def _report(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(list(_SEEN))
    where = chance.choice(town.ADDRESSES[:-1])
    return {
        "categorie": kind,
        "plek": {"lat": where.lat, "lon": where.lon, "description": "Op de stoep, aan de kant van het water"},
        "gevaar": chance.random() < 0.1,
        "omschrijving": _SEEN[kind],
        "email": "melder@voorbeeld.example",
    }


def _staff(name: str) -> Actor:
    one = next(e for e in STAFF if e.id == name)
    return Actor(
        kind="staff",
        pseudonym=privacy.pseudonym_for("staff", one.subject),
        channel="desk",
        name=one.name,
        roles=frozenset(one.roles),
        teams=frozenset(one.teams),
    )


_WORKERS = {
    "parkeren": "murat",
    "openbare-ruimte": "ria",
    "evenementen": "jeroen",
    "burgerzaken": "samira",
    "veiligheid": "bas",
}
_BOSS, _SECOND = "ingrid", "marco"


def _plan(story: Story, zaak: UUID) -> None:
    """Plans work on whatever is open now; most within a few days, some much later."""
    for line in _open_tasks(zaak):
        if line.state == "offered":
            slow = 240 if story.chance.random() < 0.12 else 48
            story.later(story.after(3, slow), lambda line=line: _work(story, line))  # type: ignore[misc]


def _open_tasks(zaak: UUID) -> list[TaskLine]:
    view = queries.staff_case(zaak, _staff(_SECOND))
    return [line for line in view.tasks if line.state in {"offered", "claimed", "started", "paused"}]


def _work(story: Story, line: TaskLine) -> None:
    worker = _staff(_WORKERS.get(line.team, _SECOND))
    if line.kind == "approve":
        worker = _staff(_SECOND)
    elif line.kind == "decide" and not _may(worker, line):
        worker = _staff(_BOSS)
    try:
        actions.claim(line.id, worker)
    except Problem:
        return
    story.later(story.after(0.3, 6), lambda: _finish(story, line, worker))


def _may(worker: Actor, line: TaskLine) -> bool:
    return queries.task_view(line.id, worker).may_work


def _finish(story: Story, line: TaskLine, worker: Actor) -> None:
    chance = story.chance
    try:
        if line.kind in {"decide", "assess", "act"} and chance.random() < 0.12 and not _asked(line):
            actions.ask_applicant(
                line.id, worker, text="Kunt u iets meer vertellen?", documents=False, suspend=True, key=ids.uuid7().hex
            )
            story.anytime(story.after(5, 96), lambda: _answer(story, line, worker))
            return
        _do(story, line, worker)
    except Problem:
        return
    _plan(story, line.zaak)


def _answer(story: Story, line: TaskLine, worker: Actor) -> None:
    resident = Actor(kind="anonymous", pseudonym=ids.uuid7().hex)
    actions.write_to_town_hall(
        line.zaak, resident, text="Ik heb het nagekeken. Het klopt.", key=ids.uuid7().hex, files=[], opened=line.zaak
    )
    story.later(story.after(1, 30), lambda: _finish(story, line, worker))


def _asked(line: TaskLine) -> bool:
    return bool(queries.staff_case(line.zaak, _staff(_SECOND)).messages)


def _do(story: Story, line: TaskLine, worker: Actor) -> None:
    chance = story.chance
    if line.kind == "advice":
        actions.give_advice(
            line.id, worker, advice=chance.choice(["positive", "conditions"]), text="Het plan is veilig."
        )
    elif line.kind == "approve":
        actions.approve(line.id, worker)
    elif line.kind == "decide":
        grant = chance.random() < 0.8
        words = "De stukken zijn in orde." if grant else "Uw aanvraag past niet bij de regels voor deze buurt."
        actions.decide(line.id, worker, result="grant" if grant else "refuse", motivation=words)
    else:
        results = [key for key, _ in queries.task_view(line.id, worker).results]
        actions.complete(line.id, worker, note="Gedaan.", result=results[0] if results else "")
