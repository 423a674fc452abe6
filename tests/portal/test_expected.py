"""Who waits reads how long it still takes, where that is known well enough: whatever day it is."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.work import EVENT, Case, party
from house import House
from lean.story import Case as Told
from lean.story import told
from raadhuis.kernel import clock
from raadhuis.lean import actions


@pytest.fixture
def running(house: House, settings: Any, tmp_path: Path) -> Case:
    """A case that runs, after 160 that are over: what comes in at the desk is done in a day, the rest takes weeks."""
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"
    start = clock.now() - timedelta(days=150)
    with told():
        for number in range(160):
            case = Told(EVENT, start + timedelta(hours=12 * number))
            if number % 2:
                case.task("balie", wait=1, work=0)
            case.tell("case.closed", hours=(20 if number % 2 else 240 + 48 * (number % 3)), result="grant")
    with clock.at(clock.now() - timedelta(days=4)):
        return party(house)


def test_a_running_case_says_how_long_it_mostly_takes(house: House, running: Case) -> None:
    fatima, place = house.client("fatima"), f"/mijn/zaken/{running.id}/"
    assert "Meestal" not in fatima.get(place).content.decode()
    actions.refresh_own()
    words = fatima.get(place).content.decode()
    found = re.search(r"Meestal duurt het nog (\d+) tot (\d+) werkdagen\.", words)
    assert found and 3 <= int(found[1]) < int(found[2]) <= 12
    assert "8 van de 10 zaken die zover waren" in words
    assert "more working days" in fatima.get(f"{place}?taal=en").content.decode()


def test_nothing_is_said_of_a_case_that_stands_still(house: House, running: Case) -> None:
    actions.refresh_own()
    running.claim("controleren", "jeroen")
    running.ask("controleren", "jeroen")
    assert "Meestal" not in house.client("fatima").get(f"/mijn/zaken/{running.id}/").content.decode()
