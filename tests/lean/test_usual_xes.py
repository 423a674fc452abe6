"""XES read by column says what XES read by its tree says, whatever stands in it."""

import re
import string
import tempfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import duckdb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lean.logs import HEAD
from raadhuis.lean.engine import engine
from raadhuis.lean.events import Sink
from raadhuis.lean.logs import xes
from raadhuis.lean.logs.report import BadLog

KEYS = st.sampled_from(
    ["concept:name", "time:timestamp", "lifecycle:transition", "org:resource", "org:group", "org:role", "n%s", "é", "k"]
)
TIMES = st.sampled_from(
    ["2024-01-01T00:00:00Z", "2024-07-01T12:00:00", "2024-07-01T12:00:00.123456+02:00", "gisteren", ""]
)
WORDS = st.one_of(
    st.sampled_from(
        ["", "3", "-3", "1.5", "1e400", "007", "true", "x\\y", "a\nb", "a\tb", "%s", "\u00a0", "\U0001f600", "'"]
    ),
    st.text(string.printable.replace("\x0b", "").replace("\x0c", ""), max_size=6),
    TIMES,
)
TAGS = st.sampled_from(["string", "date", "int", "float", "boolean", "id"])
SPACE = st.sampled_from(["", "\n", "\r\n\t", "  "])


@st.composite
def attribute(draw: st.DrawFn) -> str:
    value = quoteattr(draw(WORDS))
    if not value.startswith('"'):
        value = quoteattr("x")
    return f'<{draw(TAGS)} key="{draw(KEYS)}" value={value}{draw(st.sampled_from(["", " "]))}/>'


@st.composite
def whole_event(draw: st.DrawFn) -> str:
    return (
        f'<event><string key="concept:name" value="{draw(st.sampled_from("abc"))}"/>'
        f'<date key="time:timestamp" value="{draw(TIMES)}"/>{draw(attribute())}</event>'
    )


@st.composite
def event(draw: st.DrawFn) -> str:
    between = draw(SPACE)
    return f"<event>{between}{between.join(draw(st.lists(attribute(), max_size=5)))}{between}</event>"


@st.composite
def log(draw: st.DrawFn) -> str:
    between = draw(SPACE)
    inside = st.lists(st.one_of(whole_event(), whole_event(), event(), attribute()), max_size=6)
    traces = st.builds(lambda parts: f"<trace>{between}{between.join(parts)}{between}</trace>", inside)
    return HEAD + between.join(draw(st.lists(st.one_of(traces, traces, event()), max_size=4))) + "</log>"


def _read(text: str) -> Any:
    with tempfile.TemporaryDirectory() as place, engine() as made:
        folder = Path(place)
        (folder / "log").write_bytes(text.encode())
        try:
            report = xes.read(folder / "log", Sink(made, folder))
        except BadLog as problem:
            return problem.detail
        events = duckdb.sql(f"SELECT * FROM '{folder}/events/*.parquet' ORDER BY sequence").fetchall()
        told = any((folder / "told").glob("*")) and duckdb.sql(f"SELECT * FROM '{folder}/told/*.parquet'").fetchall()
        found = {
            code: (one.count, one.skipped, [(at.line, at.trace) for at in one.places])
            for code, one in report.findings.items()
        }
        return events, told, found, (report.read, report.kept, report.traces, report.truncated)


def _by_tree(text: str) -> Any:
    """With a remark in its first trace or event, which is unusual and says nothing."""
    return _read(re.sub("<trace>|<event>", lambda found: f"{found[0]}<!---->", text, count=1))


@example(HEAD + '<trace><event><string key="concept:name" value="a<b"/></event></trace></log>')
@example(HEAD + '<event></event><trace><event><int key="n" value="1"/></event></trace></log>')
@example(HEAD + '<trace><!-- "x" --><event><int key="n" value="1"/></event></trace></log>')
@settings(max_examples=60)
@given(log())
def test_both_ways_read_the_same(text: str) -> None:
    assert _read(text) == _by_tree(text)


@settings(max_examples=60)
@given(log(), st.integers(0), st.text('<>/"&= a\n', max_size=3), st.integers(0, 12))
def test_damage_is_found_by_both_ways(text: str, place: int, other: str, lost: int) -> None:
    at = len(HEAD) + place % (len(text) - len(HEAD) + 1)
    damaged = text[:at] + other + text[at + lost :]
    assert _read(damaged) == _by_tree(damaged)
