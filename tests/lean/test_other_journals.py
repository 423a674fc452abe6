"""The journal of another town hall as a log, and the year that the demo plays."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from house import House
from lean.logs import EDITOR, READER
from raadhuis.journal.kinds import KINDS
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed
from raadhuis.lean import actions, queries
from raadhuis.lean.conformance import queries as keeping_to_it
from raadhuis.lean.logs.report import BadLog
from raadhuis.lean.models import EventLog
from raadhuis.lean.schema import Filter
from raadhuis.lean.waste.queries import waste
from raadhuis.site.example import year
from raadhuis.site.example.year.living import live
from raadhuis.site.example.year.telling import Telling

UNTIL = date(2026, 11, 1)
EVENTS = Filter(attributes=(("service", "evenementenvergunning"),))


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def _told(cases: int, seed: int = 1) -> Telling:
    told = Telling(UNTIL.toordinal() - 365, seed)
    live(told, cases)
    return told


def test_the_year_is_told_in_the_shapes_of_the_journal(house: House) -> None:
    told = _told(120)
    kinds = set()
    for _, _, (kind, zaak, application, _, actor, role, *_, data) in told.rows:
        msgspec.convert(orjson.loads(str(data)), KINDS[str(kind)].data)
        assert (zaak or application) and actor and role
        kinds.add(kind)
    assert {"resident.asked", "advice.given", "decision.taken", "task.handed_over", "application.abandoned"} <= kinds
    assert _told(120).rows == told.rows
    assert _told(120, seed=2).rows != told.rows


def test_the_year_shows_where_cases_wait_and_why(house: House) -> None:
    """Two thousand a service: fewer would leave no team short of hands."""
    year.bring_in(2000, until=UNTIL)
    log = queries.named(year.NAME)
    assert log.kind == "journal" and log.cases == 8000
    causes = {one.cause: one.share for one in queries.causes(log.id, EVENTS)}
    assert max(causes, key=lambda cause: causes[cause]) == "queue"
    assert {"work", "queue", "colleague", "resident"} <= causes.keys()
    found = waste(log.id)
    assert "approve" in {one.activity for one in found.checks}
    assert {one.question for one in found.questions} >= {"situatietekening", "kenteken"}
    declared = keeping_to_it.declared(log.id, "evenementenvergunning").found
    assert 20 < declared.withdrawn < 100 and declared.conformance.cases > 1800
    assert not EventLog.objects.filter(kind="own").exists()


def test_a_journal_comes_in_by_its_export_and_goes_again(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    _told(30).write(folder)
    done = actions.import_journal(folder, EDITOR, name="Buurgemeente")
    assert done.cases == 120 and queries.log(done.id).source == "export"
    with pytest.raises(NotAllowed):
        actions.import_journal(folder, READER, name="Buurgemeente")
    with pytest.raises(Invalid):
        actions.import_journal(folder, EDITOR, name=" ")
    actions.forget_log(done.id, EDITOR)
    with pytest.raises(Absent):
        queries.log(done.id)


@pytest.mark.parametrize("content", [b"", b"PAR1 no", None])
def test_what_is_no_journal_is_refused_in_a_sentence(house: House, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "export" / "events" / "month=2026-01" / "1.parquet"
    if content is not None:
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    with pytest.raises(BadLog):
        actions.import_journal(tmp_path / "export", EDITOR, name="Buurgemeente")
    assert not EventLog.objects.exists() and not any((tmp_path / "lean").glob("*.part"))
