"""`raadhuis journal`: verify, seal, export."""

import argparse
import sys
from pathlib import Path

import msgspec

from raadhuis.site.commands.common import SubParsers, add_command, print_json, print_table, start_django


def add(commands: SubParsers) -> None:
    """Adds `journal` and its sub-commands."""
    group = commands.add_parser("journal", help="the append-only log: verify, seal, export")
    inner = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = add_command(
        inner, "verify", _verify, "Check every event against the seal.", "raadhuis journal verify --json"
    )
    verify.add_argument("--json", action="store_true", help="one object: events, ok, first_bad, …")
    verify.add_argument("--head", default="", help="a chain head noted earlier: fails when the seal no longer holds it")
    add_command(inner, "seal", _seal, "Seal what is not sealed yet.", "raadhuis journal seal")
    export = add_command(
        inner, "export", _export, "Write new events to Parquet, by month.", "raadhuis journal export out/"
    )
    export.add_argument("folder", type=Path)
    export.add_argument("--json", action="store_true")


def _verify(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.journal import seal

    found = seal.verify()
    cut = bool(arguments.head) and not seal.has_head(arguments.head)
    if arguments.json:
        print_json(msgspec.to_builtins(found) | {"ok": found.ok and not cut, "head_known": not cut})
    else:
        print_table(
            ["events", "sealed", "up to", "ok", "first bad", "why", "head"],
            [
                [
                    found.events,
                    found.sealed,
                    found.sealed_up_to,
                    "yes" if found.ok and not cut else "NO",
                    found.first_bad or "-",
                    found.why or ("head-unknown" if cut else "-"),
                    found.head[:16],
                ]
            ],
        )
    return 0 if found.ok and not cut else 1


def _seal(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.journal import seal

    total = 0
    while count := seal.seal():
        total += count
    sys.stdout.write(f"{total} events sealed\n")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.journal.export import export

    try:
        done = export(arguments.folder)
    except OSError as error:
        sys.stderr.write(f"raadhuis: {arguments.folder} cannot be written: {error.strerror}\n")
        return 1
    if arguments.json:
        print_json(msgspec.to_builtins(done))
    else:
        print_table(["events", "files", "up to"], [[done.events, len(done.files), done.up_to]])
        for file in done.files:
            sys.stdout.write(f"  {file}\n")
    return 0
