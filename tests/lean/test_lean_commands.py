"""`raadhuis lean`, as people type it."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings

from lean.logs import EDITOR, READER, event, trace, xes
from raadhuis.journal import queries as journal
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.lean import actions, queries
from raadhuis.lean.logs.report import BadLog
from raadhuis.lean.models import EventLog
from raadhuis.lean.schema import Filter
from raadhuis.site.commands import lean_better, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def _log(tmp_path: Path, cases: int = 6) -> Path:
    """Of six persons in two teams, and one person in a third; every other case is done twice over."""
    traces = []
    for case in range(cases):
        steps = [("Ontvangen", "Balie"), ("Toetsen", "Vergunningen"), ("Besluiten", "Vergunningen")]
        steps += [("Toetsen", "Balie"), ("Besluiten", "Klein")] * (case % 2)
        events = [
            event(name, f"2024-01-{case + 1:02}T{9 + place:02}:00:00Z", org_group=team, org_resource=f"{team}{case}")
            for place, (name, team) in enumerate(steps)
        ]
        traces.append(trace(f"zaak {case}", *events))
    file = tmp_path / "permits.xes"
    file.write_text(xes(*traces))
    return file


def _json(capsys: Any) -> Any:
    return orjson.loads(capsys.readouterr().out)


def test_import_list_show_and_forget(tmp_path: Path, capsys: Any) -> None:
    assert run(["lean", "import", str(_log(tmp_path)), "--json"]) == 0
    done = _json(capsys)
    assert (done["read"], done["kept"], done["cases"], done["truncated"]) == (24, 24, 6, False)
    assert run(["lean", "logs", "--json"]) == 0
    assert [one["name"] for one in _json(capsys)["logs"]] == ["permits"]
    assert run(["lean", "show", "permits", "map", "--json"]) == 0
    arcs = {(arc["source"], arc["target"]): arc["count"] for arc in _json(capsys)["arcs"]}
    assert arcs == {("Ontvangen", "Toetsen"): 6, ("Toetsen", "Besluiten"): 9, ("Besluiten", "Toetsen"): 3}
    assert run(["lean", "show", done["id"], "rework", "--json"]) == 0
    assert [(one["activity"], one["cases"]) for one in _json(capsys)["repeats"]] == [("Besluiten", 3), ("Toetsen", 3)]
    for what in ("map", "variants", "time", "rework", "handover", *lean_better.TABLES):
        assert run(["lean", "show", "permits", what, "--limit", "3"]) == 0
        assert len(capsys.readouterr().out.splitlines()) <= 6
    assert (Path(settings.RAADHUIS_LEAN_FOLDER) / done["id"]).is_dir()
    assert run(["lean", "forget", "permits"]) == 0
    assert not (Path(settings.RAADHUIS_LEAN_FOLDER) / done["id"]).exists()
    assert run(["lean", "show", "permits", "map"]) == 1
    told = [event.kind for event in journal.after(0)]
    assert told[-2:] == ["eventlog.imported", "eventlog.forgotten"]


def test_a_team_of_few_is_never_named(tmp_path: Path) -> None:
    id = actions.import_log(_log(tmp_path, 6), EDITOR).id
    found = queries.handovers(id)
    assert {(one.source, one.target, one.count) for one in found.teams} == {
        ("Balie", "Vergunningen", 6),
        ("Vergunningen", "Balie", 3),
    }
    assert (found.hidden, found.persons) == (3, 15)
    assert {one.team for one in queries.load(id)} == {"Balie", "Vergunningen"}
    assert [(one.team, one.other) for one in queries.rework(id).ping_pong] == [("Balie", "Vergunningen")]
    small = actions.import_log(_log(tmp_path, 1), EDITOR).id
    assert queries.handovers(small).teams == [] and queries.handovers(small).persons == 0


def test_filters_choose_whole_cases(tmp_path: Path) -> None:
    from datetime import date

    id = actions.import_log(_log(tmp_path), EDITOR).id
    whole = queries.variants(id)
    assert [(one.cases, one.covered) for one in whole.shown] == [(3, 0.5), (3, 1.0)]
    again = Filter(contains=(("Besluiten", "Toetsen"),))
    assert queries.durations(id, again).cases == 3
    assert queries.durations(id, Filter(start=date(2024, 1, 2), end=date(2024, 1, 4))).cases == 3
    assert queries.durations(id, Filter(variants=(whole.shown[0].id,))).cases == 3
    assert queries.durations(id, Filter(longer_us=3 * 3_600_000_000)).cases == 3
    assert queries.durations(id, Filter(activity=("nergens",))).cases == 0
    nothing = Filter(contains=(("nergens", "Toetsen"),))
    assert queries.process_map(id, nothing).arcs == [] and queries.variants(id, nothing).shown == []
    assert queries.flows(id, nothing).days == [] and queries.durations(id, nothing).times is None
    both = queries.rework(id, Filter(start=date(2024, 1, 2), contains=(("Besluiten", "Toetsen"),), longer_us=1))
    assert (both.of, both.cases) == (3, 3)


def test_flows_and_littles_law(tmp_path: Path) -> None:
    id = actions.import_log(_log(tmp_path), EDITOR).id
    found = queries.flows(id)
    assert [(day.arrivals, day.departures, day.backlog) for day in found.days] == [(1, 1, 0)] * 6
    assert found.little is not None and found.little.arrivals_a_day == 1.0
    times = {one.activity: one for one in queries.step_times(id)}
    assert (times["Toetsen"].untold, times["Toetsen"].untold_us) == (9, 9 * 3_600_000_000)


def test_who_may(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        actions.import_log(_log(tmp_path), READER)
    id = actions.import_log(_log(tmp_path), EDITOR).id
    with pytest.raises(NotAllowed):
        actions.forget_log(id, READER)
    actions.forget_log(id, EDITOR)
    with pytest.raises(Absent):
        queries.durations(id)


def test_a_refused_file_leaves_nothing(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "leeg.csv"
    file.write_text("a,b\n")
    with pytest.raises(BadLog):
        actions.import_log(file, EDITOR)
    assert run(["lean", "import", str(file)]) == 1
    assert "kop" in capsys.readouterr().err
    assert run(["lean", "import", str(tmp_path / "nergens")]) == 1
    assert run(["lean", "import", str(file), "--map", "case"]) == 2
    assert list(Path(settings.RAADHUIS_LEAN_FOLDER).iterdir()) == [] and not EventLog.objects.exists()


def test_columns_are_remembered_by_their_header(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("x,y,z\n1,a,2024-01-01\n1,b,2024-01-02\n")
    actions.import_log(file, EDITOR, mapping={"case": "x", "activity": "y"})
    assert actions.import_log(file, EDITOR).kept == 2


def test_what_an_interrupted_import_left_is_thrown_away(tmp_path: Path) -> None:
    import os

    left = Path(settings.RAADHUIS_LEAN_FOLDER) / "01a21ead-e5ae-7e6c-b817-68cf20745d4c.part"
    left.mkdir(parents=True)
    actions.import_log(_log(tmp_path), EDITOR)
    assert left.exists()
    os.utime(left, (0, 0))
    actions.import_log(_log(tmp_path), EDITOR)
    assert not left.exists()
