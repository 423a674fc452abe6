"""XES read by column says what XES read by its tree says, whatever stands in it."""

import random
import re
import string
import tempfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lean.logs import HEAD
from raadhuis.lean.engine import engine
from raadhuis.lean.events import Sink
from raadhuis.lean.logs import xes
from raadhuis.lean.logs.columns import MOST_KNOWN, MOST_NEW
from raadhuis.lean.logs.pieces import LEAST
from raadhuis.lean.logs.report import BadLog
from raadhuis.lean.logs.usual import MANY_SHAPES, Usual

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


EVENT = '<event><string key="concept:name" value="a"/><date key="time:timestamp" value="2024-01-01T00:00:00Z"/></event>'
ONE = f"<trace>{EVENT.replace('</event>', '<string %s/></event>')}</trace></log>"


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


def _by_tree(text: str, count: int = 1) -> Any:
    """With a space in the tag of its first trace or event (0: of all), which is unusual and says nothing."""
    return _read(re.sub("<(trace|event)>", r"<\1 >", text, count=count))


@example(HEAD + '<trace><event><string key="concept:name" value="a<b"/></event></trace></log>')
@example(HEAD + '<event></event><trace><event><int key="n" value="1"/></event></trace></log>')
@example(HEAD + ONE % 'key="&amp;" value="x"')
@example(HEAD + ONE % 'key="k" value="&#128;&#x10FFFF;&#9;&quot;"')
@example(HEAD + ONE % 'key="k" value="&#0;"')
@example(HEAD + ONE % 'key="k" value="&#xFFFE;"')
@example(HEAD + ONE % 'key="k" value="&x;"')
@example(HEAD + ONE % 'key="k" value="\ufffe"')
@example(HEAD + ONE % '\x0ckey="k" value="x"')
@example(HEAD + ONE % 'key="k" value="x"\x0c')
@example(HEAD + ONE % f'key="k" value="{"x" * 3000}"')
@example(HEAD + ONE % f'key="{"k" * 3000}" value="x"')
@example(
    HEAD + f'<trace><string key="concept:name" value="1"/>{EVENT}<string key="concept:name" value=""/></trace></log>'
)
@example(HEAD + f'<trace><string key="k" value="1"/>{EVENT}<int key="concept:name" value="007"/></trace></log>')
@example(HEAD + f'<trace><string key="k" value="1"/></trace>{EVENT}<trace>{EVENT}</trace></log>')
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


def _long(*, mixed: bool) -> str:
    """Of several pieces, with names and values that repeat and that do not, in one order or in any."""
    dice = random.Random(7)
    traces = []
    for number in range(500):
        case = "" if number % 50 == 7 else f'<string key="concept:name" value="{number if number % 60 else "é"}"/>'
        events = []
        for place in range(dice.randrange(1, 12)):
            name = dice.choice(["a", "b &amp; c", "ü"])
            time = dice.choice(["2024-02-29T01:02:03.004+01:00", "2024-01-01T00:00:00", "2024-02-30", ""])
            told = [
                f'<string key="concept:name" value="{name}"/><date key="time:timestamp" value="{time}"/>',
                f'<string key="org:group" value="{dice.choice(["", "g"])}"/><string key="org:role" value="r"/>',
                *(f'<string key="s{key}" value="{number}.{place}.{key}"/>' for key in range(11)),
                f'<float key="f" value="{dice.random()}"/><boolean key="b" value="true"/>',
            ]
            if mixed:
                dice.shuffle(told)
            events.append(f"<event>{''.join(told)}</event>\n")
        more = f'<int key="n" value="{number}"/>' if number % 3 else ""
        traces.append(f"<trace>{more}{case}{''.join(events)}</trace>\n")
    return HEAD + "".join(traces) + "</log>"


@pytest.mark.parametrize("mixed", [False, True])
def test_a_log_that_does_not_repeat_itself_is_read_the_same(mixed: bool) -> None:
    text = _long(mixed=mixed)
    assert len(text) > 3 * LEAST
    assert text.count('key="s1"') > MOST_NEW and 11 * MOST_NEW > MOST_KNOWN
    assert _read(text) == _by_tree(text, count=0)


@pytest.mark.parametrize(("mixed", "usual"), [(False, True), (True, False)])
def test_what_is_read_by_column(mixed: bool, usual: bool) -> None:
    """A log in which every event has a shape of its own is faster read one by one."""
    text = _long(mixed=mixed).removeprefix(HEAD).removesuffix("</log>")
    assert text.count("<event>") > 8 * MANY_SHAPES
    assert (Usual().events(text.encode(), opened=False) is not None) == usual
