"""Cases to work on, made through the forms, and the hands that do the work."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from house import House
from raadhuis.cases import actions
from raadhuis.cases.models import DecisionRecord, Task, Zaak
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock, ids
from raadhuis.kernel.actor import Actor
from raadhuis.site.example.events import festival, street_party
from raadhuis.site.example.filler import apply

EVENT = "evenementenvergunning"
PARKING = "parkeervergunning"
REPORT = "melding-openbare-ruimte"


def lease() -> dict[str, Any]:
    """A parking permit that a person must look at."""
    return {
        "kenteken": "GZ999R",
        "eigenaar": "lease",
        "verklaring": [{"name": "brief.pdf"}],
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
    }


def own() -> dict[str, Any]:
    """A parking permit that is granted at once."""
    return {name: value for name, value in lease().items() if name != "verklaring"} | {"eigenaar": "eigen"}


def report() -> dict[str, Any]:
    """A report of rubbish, without an address."""
    return {
        "categorie": "afval",
        "plek": {"lat": 52.1, "lon": 5.1, "description": "Op de stoep bij de brug"},
        "gevaar": False,
        "omschrijving": "Er staan drie zakken.",
    }


class Case:
    """One case, and who works on it."""

    def __init__(self, house: House, zaak: UUID) -> None:
        self.house = house
        self.id = zaak

    @property
    def zaak(self) -> Zaak:
        return Zaak.objects.get(id=self.id)

    def task(self, key: str, *, open_only: bool = True) -> Task:
        """The (newest) task with this key."""
        rows = Task.objects.filter(zaak=self.id, key=key)
        return (rows.filter(open=True) if open_only else rows).latest("offered")

    def open_tasks(self) -> dict[str, str]:
        """State by key of what is open."""
        return dict(Task.objects.filter(zaak=self.id, open=True).order_by("offered").values_list("key", "state"))

    def told(self) -> list[str]:
        """The kinds of event about this case."""
        return [event.kind for event in journal.of_zaak(self.id)]

    def staff(self, who: str) -> Actor:
        return self.house.staff(who)

    def claim(self, key: str, who: str) -> Task:
        task = self.task(key)
        actions.claim(task.id, self.staff(who))
        return task

    def complete(self, key: str, who: str, result: str = "") -> None:
        actions.complete(self.claim(key, who).id, self.staff(who), note="Gezien.", result=result)

    def advise(self, key: str, who: str, advice: str = "positive") -> None:
        actions.give_advice(self.claim(key, who).id, self.staff(who), advice=advice, text="Zo kan het.")

    def decide(self, key: str, who: str, result: str = "grant") -> DecisionRecord:
        task = self.claim(key, who)
        return actions.decide(
            task.id,
            self.staff(who),
            result=result,
            motivation="Het plan is veilig.",
            conditions=["Muziek uit om 22 uur."],
        )

    def sign(self, who: str) -> DecisionRecord:
        return actions.approve(self.claim("approve", who).id, self.staff(who))

    def ask(self, key: str, who: str, *, suspend: bool = True) -> Task:
        task = self.task(key)
        actions.ask_applicant(
            task.id,
            self.staff(who),
            text="Hoe breed is de steeg?",
            documents=True,
            suspend=suspend,
            key=ids.uuid7().hex,
        )
        return task

    def answer(self, text: str = "Vier meter.") -> None:
        actions.write_to_town_hall(
            self.id, Actor(kind="resident", pseudonym="a"), text=text, key=ids.uuid7().hex, files=[], opened=self.id
        )


def party(house: House) -> Case:
    """A street party: nothing special."""
    return Case(house, apply(EVENT, house.person("fatima"), street_party(random.Random(3))).zaak)


def big(house: House) -> Case:
    """A festival with everything to it."""
    return Case(house, apply(EVENT, house.person("festival"), festival()).zaak)


def parking(house: House, who: str = "fatima") -> Case:
    """A parking permit for a person to decide on."""
    return Case(house, apply(PARKING, house.person(who), lease()).zaak)


def street(house: House) -> Case:
    """A report about the street."""
    return Case(house, apply(REPORT, house.nobody(), report()).zaak)


def working_morning() -> datetime:
    """Ten in the morning on the next working day: so that a test does not run over midnight."""
    day = clock.next_working_day(clock.today())
    return datetime(day.year, day.month, day.day, 10, tzinfo=clock.AMSTERDAM)


def copy_of(row: Any, **changes: Any) -> Any:
    """The same row under another id, not saved yet."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | {"id": ids.uuid7()} | changes)


def many(house: House, count: int = 60) -> Case:
    """A parking permit to decide on, and `count` copies of it, each with its open task."""
    case = parking(house)
    zaak, task, team = case.zaak, case.task("beoordelen"), case.zaak.teams.get()
    copies = [copy_of(zaak, identificatie=f"2026-AAA{n:04}", submission=ids.uuid7()) for n in range(count)]
    Zaak.objects.bulk_create(copies)
    Task.objects.bulk_create(copy_of(task, zaak_id=copy.id) for copy in copies)
    type(team).objects.bulk_create(type(team)(zaak=copy, team=team.team) for copy in copies)
    return case
