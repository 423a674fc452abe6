"""`raadhuis decision replay`: decide again what a table decided, with the facts of then."""

import argparse
import sys
from uuid import UUID

import msgspec

from raadhuis.site.commands.common import SubParsers, add_command, print_json, start_django


def add(commands: SubParsers) -> None:
    """Adds `decision replay`."""
    group = commands.add_parser("decision", help="decisions: replay")
    inner = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    replay = add_command(
        inner, "replay", _replay, "Decide again, with the facts and table of then; compare.", "raadhuis decision replay"
    )
    replay.add_argument("--zaak", type=UUID, help="only this case (its id)")
    replay.add_argument("--json", action="store_true")


def _replay(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.cases import queries

    total, different = 0, []
    for outcome in queries.replay_all(arguments.zaak):
        total += 1
        if not outcome.same:
            different.append(outcome)
    if arguments.json:
        print_json(
            {
                "decisions": total,
                "same": total - len(different),
                "different": [msgspec.to_builtins(d) for d in different],
            }
        )
    else:
        sys.stdout.write(f"{total} decisions replayed, {total - len(different)} the same\n")
        for one in different:
            sys.stdout.write(f"  {one.decision} ({one.table}): {'; '.join(one.differences)}\n")
    return 1 if different else 0
