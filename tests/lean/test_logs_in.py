"""Logs come in: XES and tables, whole and damaged."""

import gzip
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lean.logs import HEAD, SHARED, event, trace, xes
from raadhuis.kernel.problems import Invalid
from raadhuis.lean.engine import engine
from raadhuis.lean.events import AT_ONCE, Sink
from raadhuis.lean.logs import reading
from raadhuis.lean.logs.pieces import LEAST
from raadhuis.lean.logs.report import BadLog, Report
from raadhuis.lean.logs.xes import names_told

COLUMNS = ("case", "activity", "time", "lifecycle", "resource", "team", "attributes")


def _read(file: Path, folder: Path, **mapping: str) -> tuple[list[tuple[Any, ...]], Report]:
    with engine() as made:
        report, _ = reading.read(file, Sink(made, folder), mapping, lambda signature: None)
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        rows = made.execute(
            f"SELECT {names} FROM read_parquet('{folder}/events/*.parquet') ORDER BY sequence"
        ).fetchall()
    return rows, report


def _file(tmp_path: Path, text: str | bytes, name: str = "log") -> Path:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_xes_with_all_it_can_tell(tmp_path: Path) -> None:
    text = HEAD + (
        '<trace><string key="concept:name" value="1"/><string key="kind" value="x &amp; y"/><event>'
        '<string key="concept:name" value="a &lt; b"/><date key="time:timestamp" value="2024-03-31T03:30:00+02:00"/>'
        '<string key="lifecycle:transition" value="complete"/><string key="org:resource" value="p"/>'
        '<string key="org:group" value="team"/><int key="n" value="3"/><float key="f" value="1.5"/>'
        '<boolean key="b" value="true"/><string key="outer" value="o"><string key="inner" value="i"/></string>'
        '<list key="l"><values><string key="one" value="1"/></values></list></event></trace></log>'
    )
    rows, report = _read(_file(tmp_path, text), tmp_path)
    more = '{"n":3,"f":1.5,"b":true,"outer":"o","outer/inner":"i","l/one":"1"}'
    assert rows == [("1", "a < b", 1_711_848_600_000_000, "complete", "p", "team", more)]
    assert (report.read, report.kept, report.findings) == (1, 1, {})
    told = duckdb.sql(f"SELECT * FROM '{tmp_path}/told/*.parquet'").fetchall()
    assert told == [("1", '{"kind":"x & y"}')]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_step_may_be_called_by_another_key(tmp_path: Path, quote: str) -> None:
    """As the log's own classifiers say; an event without it keeps its usual name."""
    head = HEAD + '<classifier name="NL" keys="naam:nl lifecycle:transition"/><classifier name="x" keys="gelijk"/>'
    events = event("01_B", "2024-01-01T00:00:00Z", naam_nl="Kijken", gelijk="01_B") + event(
        "02", "2024-01-02T00:00:00Z"
    )
    text = (
        xes(trace("1", events))
        .replace(HEAD, head)
        .replace('key="', f"key={quote}")
        .replace('" value', f"{quote} value")
    )
    file = _file(tmp_path, text)
    assert names_told(file, 5) == (["concept:name", "naam:nl"], [["01_B", "Kijken"], ["02", ""]])
    rows, _ = _read(file, tmp_path / "1", activity="naam:nl")
    assert [row[1] for row in rows] == ["Kijken", "02"]
    assert [row[1] for row in _read(file, tmp_path / "2")[0]] == ["01_B", "02"]


def test_the_usual_way_and_the_tree_read_the_same(tmp_path: Path) -> None:
    usual = xes(
        *(trace(f"{n}", *(event("a&b", f"2024-01-01T00:00:{s:02}Z", k="v") for s in range(5))) for n in range(9))
    )
    unusual = usual.replace('key="', "key='").replace('" value', "' value")
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    assert _read(_file(tmp_path, usual), tmp_path / "1")[0] == _read(_file(tmp_path, unusual), tmp_path / "2")[0]


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "utf-16"])
def test_encodings_and_prefixes(tmp_path: Path, encoding: str, prefix: str) -> None:
    text = xes(trace("é", event("ü", "2024-01-01T00:00:00Z")))
    text = text.replace("UTF-8", encoding.removesuffix("-sig"))
    if prefix:
        text = text.replace("<trace", "<x:trace").replace("</trace", "</x:trace").replace("<event", "<x:event")
        text = text.replace("</event", "</x:event").replace("<log ", '<x:log xmlns:x="y" ').replace("</log", "</x:log")
        text = text.replace("<string", "<x:string").replace("<date", "<x:date")
    rows, _ = _read(_file(tmp_path, text.encode(encoding)), tmp_path)
    assert rows[0][:3] == ("é", "ü", 1_704_067_200_000_000)


def test_a_tenth_damaged_leaves_nine_tenths(tmp_path: Path) -> None:
    """Every way in which an event can be wrong costs that event alone, and is told with its line and trace."""
    dice = random.Random(5)
    damages = {
        "broken-xml": lambda one: one.replace("</event>", "</evnt>").replace("/>\n</", ">\n</"),
        "bad-time": lambda one: one.replace("2024-", "twenty-"),
        "no-time": lambda one: one.replace("time:timestamp", "time:stamp"),
        "no-activity": lambda one: one.replace("concept:name", "concept:nam"),
    }
    wrong: list[tuple[str, str]] = []
    traces = []
    for number in range(400):
        events = [event(f"a{place}", f"2024-01-01T00:00:{place:02}Z", more=f"{number}") for place in range(10)]
        code = sorted(damages)[number % 4]
        place = dice.randrange(10)
        events[place] = damages[code](events[place])
        wrong.append((code, str(number)))
        traces.append(trace(str(number), *events))
    text = xes(*traces)
    assert len(text) > LEAST
    rows, report = _read(_file(tmp_path, text), tmp_path)
    assert (report.read, report.kept, len(rows)) == (4000, 3600, 3600)
    assert {code: found.count for code, found in report.findings.items()} == dict.fromkeys(damages, 100)
    lines = text.splitlines()
    for found in report.findings.values():
        assert found.skipped and len(found.places) == 20
        for place in found.places:
            assert lines[place.line - 1].startswith("<event>")
            assert (found.code, str(place.trace - 1)) in wrong
    assert {row[0] for row in rows} == {str(number) for number in range(400)}


@pytest.mark.parametrize("packed", [False, True])
def test_what_stood_before_a_break_is_kept(tmp_path: Path, packed: bool) -> None:
    dice = random.Random(1)
    text = xes(
        *(
            trace(f"{n}", *(event(f"a{s}", f"2024-01-01T00:00:{s:02}Z", note=f"{dice.random()}") for s in range(10)))
            for n in range(300)
        )
    ).encode()
    whole = gzip.compress(text) if packed else text
    rows, report = _read(_file(tmp_path, whole[: len(whole) // 2]), tmp_path)
    assert report.truncated
    assert 1300 < len(rows) < 1600
    assert [row[1] for row in rows[:10]] == [f"a{n}" for n in range(10)]


def test_a_whole_file_is_not_called_truncated(tmp_path: Path) -> None:
    text = xes(trace("1", event("a", "2024-01-01T00:00:00Z"))).encode()
    assert not _read(_file(tmp_path, gzip.compress(text[:100]) + gzip.compress(text[100:])), tmp_path)[1].truncated


def test_a_trace_over_many_pieces_is_one_case(tmp_path: Path) -> None:
    count = 20_000
    text = xes(trace("long", *(event("a", f"2024-01-01T00:{n // 60 % 60:02}:{n % 60:02}Z") for n in range(count))))
    assert len(text) > 2 * LEAST
    rows, report = _read(_file(tmp_path, text), tmp_path)
    assert (len(rows), {row[0] for row in rows}, report.traces) == (count, {"long"}, 1)


def test_what_is_told_of_many_cases_without_events_is_kept(tmp_path: Path) -> None:
    with engine() as made:
        sink = Sink(made, tmp_path)
        for number in range(2 * AT_ONCE):
            sink.case_attributes(str(number), "{}")
            sink.settle()
    told = duckdb.sql(f"SELECT count(DISTINCT \"case\") FROM '{tmp_path}/told/*.parquet'").fetchall()
    assert told == [(2 * AT_ONCE,)]


def test_zones_are_mixed_and_told(tmp_path: Path) -> None:
    text = xes(
        trace(
            "1",
            event("a", "2024-07-01T12:00:00"),
            event("b", "2024-07-01T10:00:00Z"),
            event("c", "2024-07-01T12:00+02:00"),
        )
    )
    rows, report = _read(_file(tmp_path, text), tmp_path)
    assert len({row[2] for row in rows}) == 1
    assert report.findings["no-zone"].count == 1 and not report.findings["no-zone"].skipped


def test_traces_without_a_name_or_with_the_same(tmp_path: Path) -> None:
    one = event("a", "2024-01-01T00:00:00Z")
    text = xes(trace("1", one), trace("1", one), f"<trace>{one}</trace>")
    rows, report = _read(_file(tmp_path, text), tmp_path)
    assert [row[0] for row in rows] == ["1", "1", "trace 3"]
    assert report.findings["trace-named-before"].count == report.findings["trace-without-name"].count == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"<html><body>no log</body></html>",
        b"<log></log>",
        xes(trace("1")).encode(),
        xes(trace("1", "<event><string key='concept:name' value='a'/></event>")).encode(),
        b"\x1f\x8b\x08",
        b"a,b\n",
        b"only one column\n1\n2\n",
        b"PAR1 and then nothing",
    ],
)
def test_what_is_no_log_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadLog) as refused:
        _read(_file(tmp_path, content), tmp_path)
    assert len(refused.value.detail) > 15


def test_an_entity_of_the_file_itself_is_never_expanded(tmp_path: Path) -> None:
    text = xes(
        trace("1", event("a", "2024-01-01T00:00:00Z"), event("b", "2024-01-01T00:00:01Z").replace('"b"', '"&x;"'))
    )
    text = text.replace("<log", '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log')
    rows, report = _read(_file(tmp_path, text), tmp_path)
    assert [row[1] for row in rows] == ["a"]
    assert report.findings["broken-xml"].count == 1


CSV = "Zaaknummer;Activiteit;Datum;Medewerker;Afdeling;Kanaal\n"


@pytest.mark.parametrize(
    ("dates", "moment"),
    [
        ("31-01-2024 09:30", "31-01-2024 09:30"),
        ("31/01/2024 9:30:00", "31/01/2024 9:30:00"),
        ("2024-01-31T09:30:00", "2024-01-31 09:30"),
        ("01/31/2024 09:30", "01/31/2024 09:30"),
        ("1706689800", "1706689800"),
        ("1706689800000", "1706689800000"),
    ],
)
def test_csv_is_understood_by_itself(tmp_path: Path, dates: str, moment: str) -> None:
    text = CSV + f'1;Ontvangst;{dates};an;Balie;Web\n1;"Toets; inhoud";{moment};bo;Balie;Web\n'
    rows, report = _read(_file(tmp_path, text.encode("cp1252")), tmp_path)
    assert [row[1] for row in rows] == ["Ontvangst", "Toets; inhoud"]
    assert {row[2] for row in rows} == {1_706_689_800_000_000}
    assert rows[0][4:] == ("an", "Balie", '{"Kanaal":"Web"}')
    assert report.skipped == 0


def test_csv_rows_that_are_damaged_cost_themselves_alone(tmp_path: Path) -> None:
    lines = [
        CSV.strip(),
        "1;a;2024-01-01;p;t;w",
        "1;b;no day;p;t;w",
        "1;c",
        "1;d;2024-01-02;p;t;w;x",
        ";e;2024-01-03;p;t;w",
    ]
    lines += ["1;;2024-01-03;p;t;w", "1;f;;p;t;w", "2;g;2024-01-04;;;"]
    rows, report = _read(_file(tmp_path, gzip.compress("\r\n".join(lines).encode())), tmp_path)
    assert [row[1] for row in rows] == ["a", "g"]
    lines_told = {code: found.places[0].line for code, found in report.findings.items() if found.places}
    wrong = ["bad-time", "short-row", "long-row", "no-case", "no-activity", "no-time"]
    assert lines_told == dict(zip(wrong, range(3, 9), strict=True))


def test_a_start_and_an_end_are_two_events(tmp_path: Path) -> None:
    text = "case,activity,start,end\n1,a,2024-01-01 10:00,2024-01-01 11:00\n1,b,2024-01-01 13:00,2024-01-01 12:00\n"
    rows, report = _read(_file(tmp_path, text), tmp_path)
    assert [(row[1], row[3]) for row in rows] == [("a", "start"), ("a", "complete"), ("b", "complete")]
    assert report.findings["start-after-end"].count == 1


def test_a_mapping_by_hand_wins_and_must_fit(tmp_path: Path) -> None:
    file = _file(tmp_path, "x,y,z\n1,a,2024-01-01\n")
    with pytest.raises(Invalid) as refused:
        _read(file, tmp_path)
    assert "x, y, z" in refused.value.detail
    with pytest.raises(Invalid):
        _read(file, tmp_path, case="nowhere", activity="y")
    with pytest.raises(Invalid):
        _read(file, tmp_path, colour="x")
    assert _read(file, tmp_path, case="x", activity="y")[0][0][:2] == ("1", "a")


def test_parquet(tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    duckdb.sql(
        "SELECT i % 3 AS case_id, 'a' || i AS activity, TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) HOUR AS "
        "timestamp, i AS number FROM range(10) t(i)"
    ).write_parquet(str(file))
    rows, report = _read(file, tmp_path)
    assert (len(rows), report.kept, rows[9][:3]) == (10, 10, ("0", "a9", 1_704_099_600_000_000))
    assert rows[9][6] == '{"number":9}'


@pytest.mark.skipif(not SHARED.exists(), reason="the real logs are not on this machine")
@pytest.mark.parametrize(("name", "cases", "events"), [("Receipt", 1434, 8577), ("BPIC15_1", 1199, 52_217)])
def test_real_logs_come_in_whole(tmp_path: Path, name: str, cases: int, events: int) -> None:
    rows, report = _read(SHARED / f"{name}.xes.gz", tmp_path)
    assert (len(rows), report.traces, report.findings) == (events, cases, {})
