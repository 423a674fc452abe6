"""Logs go out in six formats, come in again the same, and take no persons along."""

import csv
import re
import sqlite3
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean.logs import SHARED
from raadhuis.kernel.problems import Invalid
from raadhuis.lean.engine import engine
from raadhuis.lean.events import Sink
from raadhuis.lean.logs import guarding, reading, writing
from raadhuis.lean.logs.report import BadLog, Report
from raadhuis.lean.source import imported

STEPS = [
    (
        "zaak <1>",
        'a & "b"',
        1_700_000_000_123_456,
        "start",
        "Jan Jansen",
        "Team 'x'",
        '{"n":3,"t":"é\\n","secret":"s"}',
    ),
    ("zaak <1>", 'a & "b"', 1_700_000_001_000_000, "complete", "Jan Jansen", "Team 'x'", '{"n":4}'),
    ("2", "slot\u0001", 1_600_000_000_000_000, "", "", "", ""),
]
COLUMNS = ("case", "activity", "time", "lifecycle", "resource", "team", "attributes")


def _made(folder: Path) -> str:
    with engine() as made:
        sink = Sink(made, folder)
        for step in STEPS:
            for name, value in zip(COLUMNS, step, strict=True):
                sink.columns[name].append(value)
        sink.settle(whole=True)
    return imported(folder).events


def _read(file: Path, folder: Path, **mapping: str) -> tuple[list[tuple[Any, ...]], Report]:
    folder.mkdir()
    with engine() as made:
        report, _ = reading.read(file, Sink(made, folder), mapping, lambda signature: None)
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        rows = made.execute(f"SELECT {names} FROM ({imported(folder).events}) ORDER BY time, sequence").fetchall()
    return rows, report


@pytest.mark.parametrize("kind", writing.FORMATS)
def test_what_goes_out_comes_in_again(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "log"
    assert writing.write(_made(tmp_path), file, kind, ["n", "t"]) == 3
    told = file.read_bytes()
    assert b"Jansen" not in told and b"secret" not in told
    assert not list(tmp_path.glob("log.*"))
    ocel = kind.startswith("ocel")
    rows, report = _read(file, tmp_path / "back", **({"case": "case", "resource": "person"} if ocel else {}))
    assert (len(rows), report.skipped) == (3, 0)
    case = "case:{}" if ocel else "{}"
    activity = "slot" if kind in {"xes", "ocel-xml"} else "slot\u0001"
    assert [row[:3] for row in rows] == [
        (case.format("2"), activity, STEPS[2][2]),
        (case.format("zaak <1>"), 'a & "b"', STEPS[0][2]),
        (case.format("zaak <1>"), 'a & "b"', STEPS[1][2]),
    ]
    if not ocel:
        assert [row[3] for row in rows] == ["", "start", "complete"]
        assert [row[5] for row in rows] == ["", "Team 'x'", "Team 'x'"]
    people = {row[4] for row in rows[1:]}
    assert len(people) == 1 and people.pop().startswith("person-")
    more = orjson.loads(rows[1][6])
    assert {name: str(value) for name, value in more.items()} == {"n": "3", "t": "é\n"}


ODD = (
    *(
        "=1+2",
        "+31612345678",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1",
        "'=1",
        "''-x",
        "'gewoon",
        "-",
        " =1 ",
    ),
    *("-5", "-5.25", "-1.234,5", "-1e-3", "a,b;c", 'a"b', "twee\r\nregels", "één"),
)
RUNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
NUMBERS = {"-5", "-5.25", "-1.234,5", "-1e-3"}


def test_no_cell_of_a_csv_is_a_formula_and_each_comes_back_as_it_was(tmp_path: Path) -> None:
    with engine() as made:
        sink = Sink(made, tmp_path)
        for number, text in enumerate(ODD):
            told = orjson.dumps({"=kop": text, "-getal": -3, "einddatum": text}).decode()
            for name, value in zip(COLUMNS, (text, text, number, text, "", text, told), strict=True):
                sink.columns[name].append(value)
        sink.settle(whole=True)
    file = tmp_path / "log.csv"
    writing.write(imported(tmp_path).events, file, "csv", ["=kop", "-getal", "einddatum"])
    with file.open(newline="") as source:
        cells = {cell for row in csv.reader(source) for cell in row}
    assert {cell for cell in cells if cell.startswith(RUNS)} == NUMBERS | {"-3"}
    rows, report = _read(file, tmp_path / "back")
    assert not report.skipped and [row[0] for row in rows] == [row[1] for row in rows] == list(ODD)
    assert [row[3] for row in rows] == [row[5] for row in rows] == list(ODD)
    expected = [{"=kop": text, "-getal": "-3", "einddatum": text} for text in ODD]
    assert [orjson.loads(row[6]) for row in rows] == expected


@given(st.text())
def test_what_was_guarded_is_bared(text: str) -> None:
    safe = guarding.guarded(text)
    assert guarding.bared(safe) == text
    assert not safe.startswith(RUNS) or re.fullmatch(r"-[0-9.,]+([eE][+-]?[0-9]+)?", safe)


def test_apostrophes_in_the_file_of_another_stay(tmp_path: Path) -> None:
    file = tmp_path / "ander.csv"
    file.write_text("zaak,stap,tijd\n'=1,'@thuis',2026-01-05 09:00\n")
    rows, _ = _read(file, tmp_path / "back")
    assert rows[0][:2] == ("'=1", "'@thuis'")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_our_csv_comes_back_also_when_a_spreadsheet_saved_it(tmp_path: Path, separator: str) -> None:
    file = tmp_path / "log.csv"
    rows = [[*guarding.HEADER], ["1", "'=Stap", "2026-01-05T09:00:00.000+00:00", "", "", ""]]
    text = "".join(separator.join(row) + "\r\n" for row in rows)
    file.write_bytes(text.encode("utf-8-sig"))
    assert _read(file, tmp_path / "back")[0][0][:2] == ("1", "=Stap")


def test_a_person_has_another_number_in_every_file(tmp_path: Path) -> None:
    events = _made(tmp_path)
    numbers = set()
    for place in ("1", "2"):
        writing.write(events, tmp_path / place, "parquet")
        numbers |= {row[4] for row in duckdb.read_parquet(str(tmp_path / place)).filter("resource <> ''").fetchall()}
    assert len(numbers) == 2


def test_xes_keeps_to_the_rules_of_the_standard(tmp_path: Path) -> None:
    """Declared extensions for every prefix, globals on every trace and event, unique keys, typed values."""
    file = tmp_path / "log.xes"
    writing.write(_made(tmp_path), file, "xes", ["n", "t"])
    space = "{http://www.xes-standard.org/}"
    root = ET.parse(file).getroot()
    assert root.tag == f"{space}log" and {"xes.version", "xes.features"} <= set(root.attrib)
    order = [node.tag.removeprefix(space) for node in root]
    assert order == sorted(order, key=["extension", "global", "classifier", "trace"].index)
    prefixes = {node.get("prefix") for node in root.iter(f"{space}extension")}
    for node in root.iter(f"{space}event"):
        keys = [one.attrib["key"] for one in node]
        assert {"concept:name", "time:timestamp"} <= set(keys) and len(keys) == len(set(keys))
        assert {key.split(":")[0] for key in keys if ":" in key} <= prefixes
        for one in node:
            tag = one.tag.removeprefix(space)
            assert tag in {"string", "date", "int"} and (tag != "int" or int(one.attrib["value"]))


def test_ocel_sqlite_has_the_tables_of_the_standard(tmp_path: Path) -> None:
    file = tmp_path / "log.sqlite"
    writing.write(_made(tmp_path), file, "ocel-sqlite")
    with sqlite3.connect(file) as made:
        tables = {row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        maps = dict(made.execute("SELECT * FROM event_map_type"))
        loose = "SELECT count(*) FROM event_object WHERE ocel_object_id NOT IN (SELECT ocel_id FROM object)"
        assert made.execute(loose).fetchone() == (0,)
    needed = {"event", "object", "event_object", "object_object", "event_map_type", "object_map_type"}
    assert needed <= tables and {f"event_{name}" for name in maps.values()} <= tables


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        writing.write(_made(tmp_path), tmp_path / "x", "doc")


@pytest.mark.parametrize("kind", ["ocel-json", "ocel-xml"])
def test_of_a_broken_ocel_comes_what_stood_before(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "log"
    writing.write(_made(tmp_path), file, kind)
    told = file.read_bytes()
    file.write_bytes(told[: told.rindex(b"e3") - 5])
    rows, report = _read(file, tmp_path / "back", case="case")
    assert (len(rows), report.truncated) == (2, True)


def test_the_type_of_object_must_be_told_and_be_there(tmp_path: Path) -> None:
    file = tmp_path / "log"
    writing.write(_made(tmp_path), file, "ocel-json")
    for number, mapping in enumerate(({}, {"case": "orders"}, {"case": "case", "resource": "x"})):
        with pytest.raises(Invalid) as refused:
            _read(file, tmp_path / str(number), **mapping)
        assert "case, person, team" in refused.value.detail
    file.write_bytes(b'{"objects": 3}')
    with pytest.raises((BadLog, Invalid)):
        _read(file, tmp_path / "4", case="case")


@pytest.mark.skipif(not SHARED.exists(), reason="the real logs are not on this machine")
def test_a_real_ocel_is_flattened_on_the_chosen_type(tmp_path: Path) -> None:
    """As the file's own tables say: an event is in the case of each order that it belongs to."""
    file = SHARED / "ocel2-running-example.sqlite"
    rows, report = _read(file, tmp_path / "back", case="orders", resource="employees")
    with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as made:
        belongs = "FROM event_object eo JOIN object o ON o.ocel_id = eo.ocel_object_id WHERE o.ocel_type = 'orders'"
        expected = made.execute(
            f"SELECT count(*) FROM (SELECT DISTINCT ocel_event_id, ocel_object_id {belongs})"
        ).fetchone()
        events = made.execute(f"SELECT count(DISTINCT ocel_event_id) {belongs}").fetchone()
    assert (len(rows), report.read - report.findings["no-case"].count) == (*expected, *events)
    assert report.traces == 2000
