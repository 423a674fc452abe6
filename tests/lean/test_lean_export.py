"""Logs go out by command, and OCEL comes in by it."""

from pathlib import Path
from typing import Any

import pytest

from lean.logs import EDITOR, READER, event, trace, xes
from raadhuis.kernel.problems import NotAllowed
from raadhuis.lean import actions, queries
from raadhuis.lean.schema import Filter
from raadhuis.site.commands import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"


def test_export_and_import_by_command(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "a.xes"
    file.write_text(xes(trace("1", event("a", "2024-01-01T00:00:00Z", org_resource="Jan", kanaal="web"))))
    assert run(["lean", "import", str(file)]) == 0
    out = tmp_path / "uit.json"
    assert run(["lean", "export", "a", str(out), "--format", "ocel-json", "--attributes", "kanaal"]) == 0
    assert "1 events written" in capsys.readouterr().out
    assert b"Jan" not in out.read_bytes() and b"web" in out.read_bytes()
    assert run(["lean", "import", str(out), "--name", "terug"]) == 1
    assert "case, person" in capsys.readouterr().err
    assert run(["lean", "import", str(out), "--name", "terug", "--map", "case=case"]) == 0
    assert run(["lean", "export", "a", str(tmp_path / "nergens" / "x.xes")]) == 1
    assert run(["lean", "export", "onbekend", str(out)]) == 1
    with pytest.raises(NotAllowed):
        actions.export_log(actions.import_log(file, EDITOR).id, out, "csv", READER)


def test_cases_are_chosen_by_what_the_source_tells(tmp_path: Path) -> None:
    """Of the case itself or of one of its events; also a key with a quote and a dot in it, and a number."""
    events = [event("a", "2024-01-01T00:00:00Z", kanaal="web"), event("b", "2024-01-02T00:00:00Z", kanaal="balie")]
    events.append(event("a", "2024-01-03T00:00:00Z", **{'x."y"': "1.5"}))
    file = tmp_path / "a.xes"
    told = trace("2", events[1]).replace("<event>", '<string key="soort" value="groot"/><event>', 1)
    file.write_text(xes(trace("1", *events[:2]), told, trace("3", events[2])))
    id = actions.import_log(file, EDITOR).id
    assert queries.durations(id).cases == 3
    pairs = {
        ("kanaal", "web"): 1,
        ("kanaal", "balie"): 2,
        ("soort", "groot"): 1,
        ('x."y"', "1.5"): 1,
        ("soort", "x"): 0,
    }
    for pair, cases in pairs.items():
        assert queries.durations(id, Filter(attributes=(pair,))).cases == cases, pair
