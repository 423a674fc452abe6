"""Logs for tests: written as XES or put in the event table straight away."""

from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from raadhuis.kernel.actor import Actor, Role
from raadhuis.lean.analyses import running
from raadhuis.lean.encoding import Encoded, encode
from raadhuis.lean.engine import engine, opened
from raadhuis.lean.events import Sink
from raadhuis.lean.source import imported

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "eventlogs"
EDITOR = Actor(kind="staff", pseudonym="p-1", channel="desk", roles=frozenset({Role.EDITOR}))
READER = Actor(kind="staff", pseudonym="p-2", channel="desk", roles=frozenset({Role.READER}))
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'


def event(activity: str, time: str, **more: str) -> str:
    """An event of an XES, on lines of its own."""
    told = {"concept:name": activity, **{key.replace("_", ":"): value for key, value in more.items()}}
    lines = [f"<string key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in told.items()]
    return "<event>\n" + "\n".join([*lines, f'<date key="time:timestamp" value="{time}"/>']) + "\n</event>\n"


def trace(name: str, *events: str) -> str:
    """A trace of an XES."""
    return f'<trace>\n<string key="concept:name" value={quoteattr(name)}/>\n' + "".join(events) + "</trace>\n"


def xes(*traces: str) -> str:
    """A whole XES."""
    return HEAD + "".join(traces) + "</log>\n"


def encoded(events: Sequence[dict[str, Any]], folder: Path) -> Encoded:
    """Puts events (case, activity, time; lifecycle, resource, team where told) in the table and encodes it."""
    with engine() as made:
        sink = Sink(made, folder)
        for one in events:
            for name, values in sink.columns.items():
                values.append(one.get(name, ""))
        sink.settle(whole=True)
    return encode(imported(folder), folder)


@contextmanager
def asked(folder: Path):  # type: ignore[no-untyped-def]
    """An encoded log ready to be asked, and the names of its activities."""
    run = running.Running(opened(), folder)
    yield run, run.named("activities")
