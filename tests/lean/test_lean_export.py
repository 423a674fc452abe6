"""Logs go out by command, and OCEL comes in by it."""

from pathlib import Path
from typing import Any

import pytest

from lean.logs import EDITOR, READER, event, trace, xes
from raadhuis.kernel.problems import NotAllowed
from raadhuis.lean import actions
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
