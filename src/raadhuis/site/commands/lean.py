"""`raadhuis lean`: event logs in, and what they show."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.site import processes
from raadhuis.site.commands import lean_better, lean_model
from raadhuis.site.commands.common import SubParsers, add_command, print_json, print_table, start_django

SHOWN = ("map", "variants", "time", "rework", "handover", "waiting", *lean_better.TABLES, *lean_model.TABLES)
FIELDS = "case, activity, time, start, lifecycle, resource, team, dates"
FORMATS = ("xes", "csv", "parquet", "ocel-sqlite", "ocel-json", "ocel-xml")
DAY = 86_400_000_000


def add(commands: SubParsers) -> None:
    """Adds `lean` and its sub-commands."""
    group = commands.add_parser(
        "lean", help="how work flows: import, bring-in, export, logs, refresh, show, model, forget"
    )
    inner = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    bring = add_command(
        inner,
        "import",
        _import,
        "Read an event log: XES (also gzipped), CSV, Parquet or OCEL 2.0, or a folder with the export of another "
        "journal; 1 when nothing in it can be used.",
        "raadhuis lean import vergunningen.csv --name Vergunningen --map case=zaaknummer activity=stap time=datum",
    )
    bring.add_argument("file", type=Path)
    bring.add_argument("--name", default="", help="the name of the log; the file's, when left out")
    bring.add_argument("--map", nargs="+", default=[], metavar="FIELD=COLUMN", help=f"which column is what: {FIELDS}")
    bring.add_argument("--json", action="store_true")
    waiting = add_command(
        inner,
        "bring-in",
        _bring_in,
        "Make logs of the files that were sent at the desk and wait; `raadhuis work` does so by itself.",
        "raadhuis lean bring-in",
    )
    waiting.add_argument("--parent", type=int, default=None, help=argparse.SUPPRESS)
    giving = add_command(
        inner,
        "export",
        _export,
        "Write a log to a file, without personal data.",
        "raadhuis lean export Vergunningen uit.xes --format xes --attributes kanaal",
    )
    giving.add_argument("log")
    giving.add_argument("file", type=Path)
    giving.add_argument("--format", choices=FORMATS, default="xes")
    giving.add_argument("--attributes", nargs="+", default=[], metavar="NAME", help="these go along; no others do")
    listing = add_command(inner, "logs", _logs, "Show which logs there are.", "raadhuis lean logs")
    listing.add_argument("--json", action="store_true")
    refresh = add_command(
        inner, "refresh", _refresh, "Work our own journal out as a log, when it has grown.", "raadhuis lean refresh"
    )
    refresh.add_argument("--json", action="store_true")
    show = add_command(
        inner, "show", _show, "Show what a log (by name or id) tells.", "raadhuis lean show Vergunningen variants"
    )
    show.add_argument("log")
    show.add_argument("what", choices=SHOWN)
    show.add_argument("--limit", type=int, default=20, help="rows in the table")
    show.add_argument("--json", action="store_true")
    lean_model.add_noise(show)
    show.add_argument(
        "--service", metavar="ID", help="with conformance: hold a journal against what this service declares"
    )
    lean_model.add(inner)
    forget = add_command(inner, "forget", _forget, "Throw a log away.", "raadhuis lean forget Vergunningen")
    forget.add_argument("log")


def _actor() -> Any:
    from raadhuis.kernel.actor import Actor, Role

    # Who may run commands on the server administers it.
    return Actor(kind="staff", pseudonym="command-line", channel="system", roles=frozenset({Role.ADMIN}))


def _import(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import actions

    mapping = dict(pair.split("=", 1) for pair in arguments.map if "=" in pair)
    if len(mapping) < len(arguments.map):
        sys.stderr.write("raadhuis: --map takes FIELD=COLUMN, such as case=zaaknummer\n")
        return 2
    if arguments.file.is_dir():
        name = arguments.name or arguments.file.resolve().name
        done = actions.import_journal(arguments.file, _actor(), name=name)
        return _tell_import(done, as_json=arguments.json)
    if not arguments.file.is_file():
        sys.stderr.write(f"raadhuis: {arguments.file} is not there, or is no file\n")
        return 1
    watched: dict[str, Any] = {"watch": _Bar()} if sys.stderr.isatty() else {}
    done = actions.import_log(arguments.file, _actor(), name=arguments.name, mapping=mapping, **watched)
    return _tell_import(done, as_json=arguments.json)


def _bring_in(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import coming

    if arguments.parent is not None:
        processes.die_with_parent(arguments.parent)
    coming.bring_in()
    return 0


def _tell_import(done: Any, *, as_json: bool) -> int:
    if as_json:
        print_json(msgspec.to_builtins(done))
        return 0
    heads = ["events", "kept", "skipped", "cases", "complete"]
    print_table(heads, [[done.read, done.kept, done.skipped, done.cases, "NO" if done.truncated else "yes"]])
    for found in done.findings:
        sys.stdout.write(f"  {found.code}: {found.count} {'skipped' if found.skipped else 'repaired'}\n")
        for place in found.places[:3]:
            where = [f"line {place.line}"] * bool(place.line) + [f"trace {place.trace}"] * bool(place.trace)
            sys.stdout.write(f"    {', '.join(where)} {place.said}".rstrip() + "\n")
    return 0


class _Bar:
    """A progress bar on standard error, twice a second."""

    def __init__(self) -> None:
        self._shown, self._stage = 0.0, ""

    def __call__(self, stage: str, share: float, events: int) -> None:
        if stage == "working-out":
            words = f"\r[{'#' * 40}] {events} events; working out …\n" if self._stage != stage else ""
        elif time.monotonic() - self._shown > 0.5:
            self._shown = time.monotonic()
            part = min(40, int(40 * share))
            words = f"\r[{'#' * part}{'.' * (40 - part)}] {events} events "
        else:
            return
        self._stage = stage
        sys.stderr.write(words)


def _logs(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import queries

    found = queries.logs()
    if arguments.json:
        print_json({"logs": [msgspec.to_builtins(one) for one in found]})
    else:
        rows = [[one.name, one.kind, one.cases, one.steps, one.activities, one.variants, one.id] for one in found]
        print_table(["name", "kind", "cases", "steps", "activities", "variants", "id"], rows)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import actions, queries

    id = queries.named(arguments.log).id
    try:
        count = actions.export_log(id, arguments.file, arguments.format, _actor(), arguments.attributes)
    except OSError as error:
        sys.stderr.write(f"raadhuis: {arguments.file} cannot be written: {error.strerror}\n")
        return 1
    sys.stdout.write(f"{count} events written\n")
    return 0


def _refresh(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import actions, queries

    id = actions.refresh_own()
    found = queries.log(id) if id else None
    if arguments.json:
        print_json({"log": found and msgspec.to_builtins(found)})
    else:
        sys.stdout.write(
            f"{found.name}: {found.cases} cases\n" if found else "There are no cases in the journal yet.\n"
        )
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import actions, queries

    actions.forget_log(queries.named(arguments.log).id, _actor())
    sys.stdout.write("Thrown away.\n")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import queries

    id = queries.named(arguments.log).id
    ask: dict[str, Callable[[UUID], Any]] = {
        "map": queries.process_map,
        "variants": lambda log: queries.variants(log, limit=arguments.limit),
        "time": queries.durations,
        "rework": queries.rework,
        "handover": queries.handovers,
        "waiting": queries.causes,
        **lean_better.ASK,
        **lean_model.asks(arguments.noise, arguments.service),
    }
    if arguments.service and arguments.what != "conformance":
        sys.stderr.write(
            "raadhuis: --service goes with conformance: a service declares a flow, and nothing else here\n"
        )
        return 2
    found = ask[arguments.what](id)
    if arguments.json:
        print_json(msgspec.to_builtins(found))
    else:
        heads, rows = _TABLES[arguments.what](found)
        print_table(heads, rows[: arguments.limit])
    return 0


Rows = tuple[list[str], list[list[object]]]


def _days(micros: float) -> str:
    return f"{micros / DAY:.1f}"


def _map(found: Any) -> Rows:
    rows: list[list[object]] = [
        [arc.source, arc.target, arc.count, _days(arc.times.p50), _days(arc.times.p90)] for arc in found.arcs
    ]
    return ["from", "to", "times", "median days", "p90 days"], rows


def _variants(found: Any) -> Rows:
    rows: list[list[object]] = [
        [one.cases, f"{one.covered:.1%}", _days(one.median_us), " → ".join(one.activities)[:200]] for one in found.shown
    ]
    return ["cases", "covered", "median days", f"way (of {found.total})"], rows


def _time(found: Any) -> Rows:
    times = found.times
    if times is None:
        return ["cases"], [[0]]
    figures = (times.mean, times.p10, times.p50, times.p90, times.p95, times.highest)
    return ["cases", "mean days", "p10", "median", "p90", "p95", "longest"], [[found.cases, *map(_days, figures)]]


def _rework(found: Any) -> Rows:
    rows: list[list[object]] = [[one.activity, one.cases, one.again, one.at_once] for one in found.repeats]
    return ["activity", f"cases (of {found.of})", "times again", "directly again"], rows


def _handover(found: Any) -> Rows:
    rows: list[list[object]] = [[one.source, one.target, one.count] for one in found.teams]
    rows.append(["teams of fewer than five", "", found.hidden])
    rows.append(["between persons", f"of {found.of_steps} steps", found.between_persons])
    return ["from", "to", "times"], rows


def _waiting(found: Any) -> Rows:
    rows: list[list[object]] = [[one.cause, _days(one.total_us), f"{one.share:.1%}", one.cases] for one in found]
    return ["cause", "days in all", "share", "cases"], rows


_TABLES: dict[str, Callable[[Any], Rows]] = {
    "map": _map,
    "variants": _variants,
    "time": _time,
    "rework": _rework,
    "handover": _handover,
    "waiting": _waiting,
    **lean_better.TABLES,
    **lean_model.TABLES,
}
