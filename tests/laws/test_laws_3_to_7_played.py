"""A played past: no personal data in its journal, its cases rebuilt from events alone, its decisions replayed.

Laws 3, 4, 6 and 7, over some dozens of cases that went through the ordinary actions.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import TestCase, override_settings

from laws.rebuilt import live, rebuild
from raadhuis.adapters.standins import town
from raadhuis.adapters.standins.people import BUSINESSES, RESIDENTS, STAFF
from raadhuis.adapters.standins.population import population
from raadhuis.cases import queries as cases
from raadhuis.cases.models import DecisionRecord, Message, Zaak
from raadhuis.cases.sealed import case_data
from raadhuis.intake import registers
from raadhuis.journal import queries as journal
from raadhuis.journal import seal
from raadhuis.journal.models import Event
from raadhuis.journal.schema import EventView, Verification
from raadhuis.kernel import privacy
from raadhuis.site.example import load, play

CASES = 25


class Past:
    """What the played past left, as plain values: the rows are gone when the tests look."""

    def __init__(self) -> None:
        self.made = play.past(CASES, seed=5)
        self.events: list[EventView] = []
        while batch := journal.after(self.events[-1].sequence if self.events else 0):
            self.events += batch
        self.raw = [str(row) for row in Event.objects.values_list()]
        self.live = {zaak.id: live(zaak) for zaak in Zaak.objects.all()}
        self.rebuilt = rebuild(self.events)
        self.replayed = list(cases.replay_all())
        self.tables = DecisionRecord.objects.exclude(table="").count()
        self.automatic = list(DecisionRecord.objects.filter(automatic=True).values_list("result", "by_name"))
        self.refusals = list(DecisionRecord.objects.filter(result="refuse", state="taken").values_list("automatic"))
        self.verified: Verification = seal.verify()
        self.words = list(_words())


def _words() -> Iterator[str]:
    """What people typed in these cases, and what the registers said."""
    for zaak in Zaak.objects.all():
        yield from _strings(case_data(zaak))
    for row in Message.objects.all():
        yield privacy.decrypt("message", row.sealed).decode()
    for record in DecisionRecord.objects.all():
        yield str(privacy.decrypt_json("decision", record.sealed).get("motivation", ""))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


@pytest.fixture(scope="module")
def past(
    django_db_setup: None,
    django_db_blocker: Any,
    settings_of_standins: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Past]:
    """Played in a transaction of its own, which is rolled back before the first test looks."""
    from django.conf import settings

    folder: Path = tmp_path_factory.mktemp("files")
    adapters = {**settings.RAADHUIS_ADAPTERS, **settings_of_standins, "files_folder": str(folder)}
    with django_db_blocker.unblock(), override_settings(RAADHUIS_ADAPTERS=adapters):
        registers.adapters.cache_clear()
        inside = TestCase._enter_atomics()  # type: ignore[attr-defined]
        try:
            load.services()
            found = Past()
        finally:
            TestCase._rollback_atomics(inside)  # type: ignore[attr-defined]
            registers.adapters.cache_clear()
    yield found


def test_the_past_that_was_played_is_a_whole_one(past: Past) -> None:
    """So that the other tests mean something."""
    assert past.made == CASES == len(past.live)
    kinds = {event.kind for event in past.events}
    assert {"decision.taken", "case.closed", "task.completed", "letter.made", "application.submitted"} <= kinds
    assert len(past.events) > 20 * CASES
    assert {line.service for line in past.events if line.service} >= {"parkeervergunning", "melding-openbare-ruimte"}


def test_law_3_the_seal_fits_every_event(past: Past) -> None:
    assert past.verified.ok and past.verified.sealed == past.verified.events == len(past.events)
    numbers = [event.sequence for event in past.events]
    assert numbers == sorted(set(numbers))


NAMES = (
    {
        part
        for person in [*RESIDENTS, *population()]
        for part in (person.surname, *person.given_names.split())
        if len(part) > 3
    }
    | {part for one in STAFF for part in one.name.split() if len(part) > 3}
    | {one.name for one in BUSINESSES}
)
NUMBERS = (
    {p.bsn for p in [*RESIDENTS, *population()]} | {b.kvk for b in BUSINESSES} | {b.rsin for b in BUSINESSES if b.rsin}
)
STREETS = {a.street for a in town.ADDRESSES}
POSTCODES = {a.postcode for a in town.ADDRESSES}
# A word that is also a key of a definition (an option, a page, a row) tells nothing about who chose it.
CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


def test_law_4_no_event_holds_a_number_or_a_name(past: Past) -> None:
    text = "\n".join(past.raw)
    for kind, secrets in (("number", NUMBERS), ("street", STREETS), ("postcode", POSTCODES)):
        assert not [one for one in secrets if one in text], kind
    words = set(re.findall(r"[^\W\d_]+", text))
    assert not NAMES & words
    assert "@" not in text and "voorbeeld.example" not in text


def test_law_4_no_event_holds_what_anybody_typed(past: Past) -> None:
    text = "\n".join(past.raw)
    typed = {word for word in past.words if len(word) > 5 and not CODE.fullmatch(word)}
    assert len(typed) > 50, "there is enough to look for"
    leaked = sorted(one for one in typed if one in text)
    # A day that somebody filled in can be the day on which an event took place.
    assert [one for one in leaked if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", one)] == []


def test_law_4_every_actor_is_a_pseudonym(past: Past) -> None:
    for event in past.events:
        assert event.actor == "raadhuis" or re.fullmatch(r"[0-9a-f]{32}", event.actor), event.kind
    assert {e.role for e in past.events} <= {
        "resident",
        "business",
        "anonymous",
        "system",
        *["handler", "decider", "team_lead"],
    }


def test_the_cases_can_be_rebuilt_from_the_journal_alone(past: Past) -> None:
    assert set(past.rebuilt) == set(past.live)
    for zaak, found in past.rebuilt.items():
        assert found == past.live[zaak], zaak
    assert {found.result for found in past.live.values()} - {""}, "some are closed"


def test_law_6_every_decision_of_a_table_replays_the_same(past: Past) -> None:
    assert len(past.replayed) == past.tables > 5
    assert all(one.same for one in past.replayed), [one for one in past.replayed if not one.same]


def test_law_7_the_machine_granted_and_people_refused(past: Past) -> None:
    assert past.automatic and {result for result, _ in past.automatic} == {"grant"}
    assert {name for _, name in past.automatic} == {"Raadhuis"}
    assert all(automatic is False for (automatic,) in past.refusals)
