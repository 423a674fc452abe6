"""The `raadhuis` command, as people and scripts use it: exit status, tables, one JSON object."""

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db import connection

from house import House
from raadhuis.catalogue import queries as catalogue
from raadhuis.journal import queries as journal
from raadhuis.journal.models import Event
from raadhuis.kernel import clock
from raadhuis.site import checking
from raadhuis.site.commands import parser, run
from raadhuis.site.example.filler import apply
from raadhuis.site.example.load import FOLDER

PARKING = {"kenteken": "GZ999R", "eigenaar": "eigen", "email": "fatima@voorbeeld.example"}


def _apply(house: House) -> str:
    answers = PARKING | {"ingangsdatum": (clock.today() + timedelta(days=7)).isoformat()}
    return str(apply("parkeervergunning", house.person("fatima"), answers).zaak)


def _json(capsys: Any) -> Any:
    return orjson.loads(capsys.readouterr().out)


def _leaves(made: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    inner = [a for a in made._actions if isinstance(a, argparse._SubParsersAction)]
    return [leaf for action in inner for child in action.choices.values() for leaf in _leaves(child)] or [made]


def test_every_command_says_what_it_does_with_an_example() -> None:
    leaves = _leaves(parser())
    assert len(leaves) >= 18
    for leaf in leaves:
        assert leaf.description, leaf.prog
        assert (leaf.epilog or "").startswith(f"Example: {leaf.prog}"), leaf.prog


def test_verify_names_the_first_row_that_was_altered(house: House, capsys: Any) -> None:
    _apply(house)
    assert run(["journal", "seal"]) == 0
    capsys.readouterr()
    assert run(["journal", "verify", "--json"]) == 0
    before = _json(capsys)
    assert (before["ok"], before["first_bad"], before["events"]) == (True, None, Event.objects.count())
    target = journal.after(0)[5].sequence
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER journal_event_refuse_update")
        cursor.execute("UPDATE journal_event SET actor = 'somebody else' WHERE sequence = %s", [target])
    assert run(["journal", "verify", "--json"]) == 1
    after = _json(capsys)
    assert (after["ok"], after["first_bad"]) == (False, target)
    assert run(["journal", "verify"]) == 1
    assert "altered" in capsys.readouterr().out


def test_a_head_that_is_not_in_the_chain_tells_of_a_tail_cut_off(house: House, capsys: Any) -> None:
    run(["journal", "seal"])
    capsys.readouterr()
    run(["journal", "verify", "--json"])
    head = _json(capsys)["head"]
    assert run(["journal", "verify", "--head", head]) == 0
    assert run(["journal", "verify", "--head", "f" * 64]) == 1


def test_export_writes_only_what_is_new(house: House, tmp_path: Path, capsys: Any) -> None:
    assert run(["journal", "export", str(tmp_path), "--json"]) == 0
    first = _json(capsys)
    _apply(house)
    assert run(["journal", "export", str(tmp_path), "--json"]) == 0
    second = _json(capsys)
    assert first["events"] + second["events"] == Event.objects.count()
    assert second["events"] > 5
    assert all((tmp_path / "events" / file).exists() for file in first["files"] + second["files"])


def test_replay_finds_every_decision_the_same(house: House, capsys: Any) -> None:
    zaak = _apply(house)
    assert run(["decision", "replay", "--json", "--zaak", zaak]) == 0
    assert _json(capsys) == {"decisions": 1, "same": 1, "different": []}


def test_check_runs_the_examples_and_points_at_the_line(tmp_path: Path, capsys: Any) -> None:
    files = [str(file) for file in sorted(FOLDER.glob("*.yaml"))]
    assert run(["service", "check", "--json", *files]) == 0
    found = _json(capsys)
    assert (found["files"], found["errors"]) == (4, 0)
    assert found["examples"] >= 16
    broken = tmp_path / "kapot.yaml"
    text = (FOLDER / "parkeervergunning.yaml").read_text().replace("type: licence_plate", "type: kenteken")
    broken.write_text(text)
    assert run(["service", "check", str(broken)]) == 1
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "type: kenteken" in row)
    said = capsys.readouterr().out
    assert any(f"kapot.yaml:{near}: error" in said for near in range(line - 3, line + 1)), said


def test_publish_diff_and_export(house: House, tmp_path: Path, capsys: Any) -> None:
    source = (FOLDER / "parkeervergunning.yaml").read_text()
    file = tmp_path / "parkeren.yaml"
    file.write_text(source.replace("cents: 3600", "cents: 4200"))
    assert run(["service", "diff", str(file)]) == 0
    assert "3600 → 4200" in capsys.readouterr().out
    assert run(["service", "publish", str(file)]) == 0
    assert catalogue.published("parkeervergunning").version == 2
    assert run(["service", "publish", str(file)]) == 0
    assert "is already version 2" in capsys.readouterr().out
    assert run(["service", "export", "parkeervergunning"]) == 0
    assert capsys.readouterr().out == file.read_text()
    assert run(["service", "export", "parkeervergunning", "--version", "1"]) == 0
    assert capsys.readouterr().out == source
    assert run(["service", "export", "bestaat-niet"]) == 1
    file.write_text(source.replace("besluittype: parkeervergunning", "besluittype: onbekend"))
    assert run(["service", "publish", str(file)]) == 1
    assert catalogue.published("parkeervergunning").version == 2


def test_forgetting_leaves_the_counts_as_they_were(house: House, monkeypatch: Any, capsys: Any) -> None:
    _apply(house)
    before = [(e.sequence, e.kind, e.actor) for e in journal.after(0)]
    for said in ("Forgotten", "Nobody is known"):
        monkeypatch.setattr("sys.stdin", _Lines("999900006\n"))
        assert run(["person", "forget"]) == 0
        assert said in capsys.readouterr().out
    after = [(e.sequence, e.kind, e.actor) for e in journal.after(0)]
    assert after[:-1] == before and after[-1][1] == "person.forgotten"
    monkeypatch.setattr("sys.stdin", _Lines("niet een nummer\n"))
    assert run(["person", "forget"]) == 2


class _Lines:
    def __init__(self, text: str) -> None:
        self.text = text

    def readline(self) -> str:
        return self.text


def test_production_refuses_the_demo(settings: Any, db: None) -> None:
    """What `serve` looks at before it starts: everything of the demo is an error there."""
    settings.RAADHUIS_MODE, settings.DEMO = "demo", True
    by_name = {found.what: found.level for found in checking.look()}
    assert by_name["mode"] == by_name["secret"] == by_name["TLS"] == "error"
    settings.RAADHUIS_MODE, settings.DEMO = "production", False
    settings.RAADHUIS_SECRETS = ["x" * 40]
    settings.RAADHUIS_URL, settings.HTTPS = "https://loket.example.nl", True
    settings.ALLOWED_HOSTS = ["loket.example.nl"]
    provider = {f"{realm}_issuer": f"https://login.example.nl/{realm}" for realm in ("resident", "business", "staff")}
    secrets = {f"{realm}_client_secret": "s" * 20 for realm in ("resident", "business", "staff")}
    real = {"mail_url": "smtps://mail.example.nl", "antivirus_url": "", "persons_url": ""}
    settings.RAADHUIS_ADAPTERS = {**settings.RAADHUIS_ADAPTERS, **provider, **secrets, **real}
    found = {one.what: one.level for one in checking.look()}
    assert [what for what, level in found.items() if level == "error" and what != "assets"] == []
    assert found["virus scanner"] == found["register: persons"] == "warning"
    settings.RAADHUIS_ADAPTERS["staff_issuer"] = "http://127.0.0.1:8010/oidc/staff"
    assert {one.what: one.level for one in checking.look()}["log-in: staff"] == "error"
