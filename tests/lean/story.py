"""A journal for tests: events at moments of our choosing, told as the rooms tell them, without the rooms."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from raadhuis.journal.actions import append
from raadhuis.kernel import clock, ids
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
STAFF = Actor(kind="staff", pseudonym="s-1", channel="desk")


@contextmanager
def told() -> Iterator[None]:
    """Everything told within is one transaction: quick, and no test minds."""
    with durable():
        yield


def at(moment: datetime, kind: str, actor: Actor = STAFF, **more: Any) -> None:
    """One event."""
    with clock.at(moment):
        append(kind, actor, **more)


class Form:
    """An application that somebody is filling in."""

    def __init__(self, service: str, begun: datetime, who: str = "") -> None:
        self.id, self.moment, self.service = ids.uuid7(), begun, service
        self.actor = Actor(kind="resident", pseudonym=who or f"r-{self.id}")
        self._tell("application.started")

    def _tell(self, kind: str, **data: Any) -> None:
        place = {"application": self.id}
        at(self.moment, kind, self.actor, subjects=place, service=self.service, service_version=1, data=data)

    def page(self, page: str, *, minutes: int = 1, refused: str = "") -> "Form":
        """Sees a page, may get an answer refused, and gets it right."""
        self._tell("application.page_shown", page=page)
        self.moment += timedelta(seconds=1)
        if refused:
            self._tell("application.question_rejected", page=page, question=refused, rule="format")
        self.moment += timedelta(minutes=minutes)
        self._tell("application.page_answered", page=page, questions=1)
        return self

    def leave(self, page: str, days: int = 30) -> None:
        """Sees a page and never comes back."""
        self._tell("application.page_shown", page=page)
        self.moment += timedelta(days=days)
        self._tell("application.abandoned", page=page)


class Case:
    """A case and its tasks."""

    def __init__(self, service: str, begun: datetime, *, version: int = 1, who: str = "") -> None:
        self.id: UUID = ids.uuid7()
        self.service, self.version, self.moment = service, version, begun
        self.actor = Actor(kind="resident", pseudonym=who or f"r-{self.id}")
        self.tell("case.created", self.actor)

    def tell(self, kind: str, actor: Actor = STAFF, hours: float = 0, activity: str = "", **data: Any) -> "Case":
        """Something happens, so many hours (and a second: the clock runs on) after what happened before."""
        self.moment += timedelta(hours=hours, seconds=1)
        more = {"service": self.service, "service_version": self.version, "activity": activity, "data": data}
        at(self.moment, kind, actor, subjects={"zaak": self.id}, **more)
        return self

    def task(
        self, key: str, outcome: str = "done", *, wait: float = 4, work: float = 1, team: str = "balie", by: str = "s-1"
    ) -> "Case":
        """A task is offered, lies in the queue, is worked on and done."""
        who = Actor(kind="staff", pseudonym=by, channel="desk")
        self.tell("task.offered", activity=key, task=key, team=team)
        self.tell("task.started", who, wait, activity=key, task=key, team=team)
        return self.tell("task.completed", who, work, activity=key, task=key, team=team, outcome=outcome)

    def ask(self, task: str, hours: float) -> "Case":
        """The applicant is asked for more, and answers."""
        self.tell("resident.asked", activity=task)
        return self.tell("resident.answered", self.actor, hours)

    def decide(self, task: str, result: str = "grant", *, automatic: bool = False) -> "Case":
        """A decision, and the case is over."""
        self.tell("decision.taken", activity="decision" if automatic else task, result=result, automatic=automatic)
        return self.tell("case.closed", result=result)
