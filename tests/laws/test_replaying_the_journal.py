"""Whatever staff and applicant do to a case, in any order, its journal tells how it stands."""

import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.cosigning import Signed, waiting
from cases.work import Case, big, parking, party, street, working_morning
from house import House
from laws.rebuilt import live, rebuild
from raadhuis.cases import actions
from raadhuis.cases.models import DecisionRecord, Task
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock, ids
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Problem

PEOPLE = ("jeroen", "ingrid", "marco", "bas", "ria", "murat")
TEAMS = ("evenementen", "veiligheid", "openbare-ruimte", "parkeren", "")
Act = Callable[[Case, Task, Actor, Any], object]

ACTS: dict[str, Act] = {
    "note": lambda c, t, a, n: actions.note(t.id, a, "Gezien.", [n]),
    "claim": lambda c, t, a, n: actions.claim(t.id, a),
    "start": lambda c, t, a, n: actions.start(t.id, a),
    "release": lambda c, t, a, n: actions.release(t.id, a),
    "pause": lambda c, t, a, n: actions.pause(t.id, a, ["other", "colleague", "resident", "advice"][n % 4]),
    "resume": lambda c, t, a, n: actions.resume(t.id, a),
    "to team": lambda c, t, a, n: actions.hand_over(t.id, a, team=TEAMS[n % 5]),
    "to person": lambda c, t, a, n: actions.hand_over(
        t.id, a, team=TEAMS[n % 5], person=c.staff(PEOPLE[n % 6]).pseudonym
    ),
    "complete": lambda c, t, a, n: actions.complete(t.id, a, result=["opgelost", ""][n % 2]),
    "ask advice": lambda c, t, a, n: actions.ask_advice(t.id, a, team=TEAMS[n % 4], question="Kan dit?"),
    "give advice": lambda c, t, a, n: actions.give_advice(t.id, a, advice="positive", text="Ja."),
    "ask": lambda c, t, a, n: actions.ask_applicant(
        t.id, a, text="Wat?", documents=False, suspend=n % 2 == 0, key=ids.uuid7().hex
    ),
    "answer": lambda c, t, a, n: c.answer(),
    "suspend": lambda c, t, a, n: actions.suspend_term(c.id, a, reason="x"),
    "resume term": lambda c, t, a, n: actions.resume_term(c.id, a),
    "extend": lambda c, t, a, n: actions.extend_term(c.id, a, reason="x"),
    "decide": lambda c, t, a, n: actions.decide(t.id, a, result=["grant", "refuse"][n % 2], motivation="Zo."),
    "approve": lambda c, t, a, n: actions.approve(t.id, a),
    "return": lambda c, t, a, n: actions.return_proposal(t.id, a, why="Nee."),
    "undo": lambda c, t, a, n: actions.undo(c.id, a, _newest(c)),
    "release now": lambda c, t, a, n: actions.release_now(c.id, a, _newest(c)),
    "withdraw": lambda c, t, a, n: actions.withdraw(c.id, a, opened=c.id) if n % 5 == 0 else None,
}


def _newest(case: Case) -> Any:
    found = DecisionRecord.objects.filter(zaak=case.id).order_by("-made").values_list("id", flat=True).first()
    return found or case.id


# What can be expected to succeed, by the state of the task; the rest is tried now and then, to be refused.
LIKELY = {
    "offered": ["claim"],
    "claimed": ["start", "release", "to team"],
    "paused": ["resume", "answer", "release", "return"],
    "started": ["pause", "to team", "to person", "ask advice", "ask", "note", "release"],
}
ENDS = {
    "decide": ["decide"] * 6,
    "approve": ["approve", "approve", "return"] * 2,
    "advice": ["give advice"] * 6,
}


def _next(case: Case, people: dict[str, Actor], chance: random.Random) -> tuple[str, Task, Actor] | None:
    """What is done now, to which task, by whom."""
    rows = list(Task.objects.filter(zaak=case.id).order_by("-open", "offered"))
    open_rows = [row for row in rows if row.open]
    task = chance.choice(open_rows or rows)
    if chance.random() < 0.25:
        return chance.choice(sorted(ACTS)), task, chance.choice(list(people.values()))
    if not open_rows:
        record = DecisionRecord.objects.filter(zaak=case.id, state="taken").order_by("-made").first()
        return ("undo", task, people[record.by]) if record and record.by in people else None
    if task.assignee:
        actor = people[task.assignee]
    else:
        fit = [a for a in people.values() if task.team in a.teams and (task.role != "decider" or "decider" in a.roles)]
        actor = chance.choice(fit or list(people.values()))
    likely = LIKELY[task.state] + (ENDS.get(task.kind, ["complete"] * 6) if task.state == "started" else [])
    return chance.choice(likely), task, actor


@pytest.mark.parametrize("make", [parking, party, big, street], ids=lambda make: make.__name__)
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # A walk cannot be made shorter: its story is one.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chance=st.randoms(use_true_random=False))
def test_whatever_is_done_the_journal_tells_how_the_case_stands(
    house: House, make: Callable[[House], Case], chance: random.Random
) -> None:
    moment = working_morning()
    with clock.at(moment):
        case = make(house)
        people = {actor.pseudonym: actor for actor in map(house.staff, PEOPLE)}
        for actor in people.values():
            actions.register_staff(actor)
    for number in range(40):
        with clock.at(moment + timedelta(minutes=number)):
            step = _next(case, people, chance)
            if step is None:
                break
            verb, task, actor = step
            with contextlib.suppress(Problem):
                ACTS[verb](case, task, actor, chance.randrange(60))
    assert rebuild(journal.of_zaak(case.id))[case.id] == live(case.zaak)


SIGNING: dict[str, Callable[[Signed, int], object]] = {
    "sign": lambda c, n: c.sign_along(["joris", "mei", "fatima"][n % 3]),
    "refuse": lambda c, n: c.refuse(["mei", "joris"][n % 2]),
    "again": lambda c, n: c.again(["", "mei@voorbeeld.example", "joris@voorbeeld.example"][n % 3]),
    "days go by": lambda c, n: actions.tend_signatures(),
    "withdraw": lambda c, n: actions.withdraw(c.id, c.actor("fatima"), opened=c.id) if n % 4 == 0 else None,
    "write": lambda c, n: c.answer("Dag."),
    "claim": lambda c, n: actions.claim(_open(c), c.staff("murat")),
    "complete": lambda c, n: actions.complete(_open(c), c.staff("murat")),
    "ask": lambda c, n: actions.ask_applicant(
        _open(c), c.staff("murat"), text="Wat?", documents=False, suspend=n % 2 == 0, key=ids.uuid7().hex
    ),
    "suspend": lambda c, n: actions.suspend_term(c.id, c.staff("murat"), reason="x"),
    "resume term": lambda c, n: actions.resume_term(c.id, c.staff("murat")),
}


def _open(case: Case) -> Any:
    found = Task.objects.filter(zaak=case.id, open=True).order_by("offered").values_list("id", flat=True).first()
    return found or case.id


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(SIGNING)), st.integers(0, 11), st.integers(0, 9)), max_size=14))
def test_whatever_happens_to_a_second_signature_the_journal_tells_how_it_stands(
    house: House, steps: list[tuple[str, int, int]]
) -> None:
    moment = working_morning()
    with clock.at(moment):
        case = waiting(house, to_a_person=True)
    for verb, number, days in steps:
        moment += timedelta(days=days, minutes=1)
        with clock.at(moment), contextlib.suppress(Problem):
            SIGNING[verb](case, number)
        waits = case.signature.state == "asked"
        assert not (waits and {"beoordelen"} & set(case.open_tasks())), "no task before the signature"
    assert rebuild(journal.of_zaak(case.id))[case.id] == live(case.zaak)
