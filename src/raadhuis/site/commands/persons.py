"""`raadhuis person forget`: breaks the link between a person and what the journal tells."""

import argparse
import sys

from raadhuis.site.commands.common import SubParsers, add_command, start_django


def add(commands: SubParsers) -> None:
    """Adds `person forget`."""
    group = commands.add_parser("person", help="persons: forget")
    inner = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    forget = add_command(
        inner,
        "forget",
        _forget,
        "Break the link between a number (read from standard input) and its pseudonym in the journal.",
        "raadhuis person forget --kind bsn < number.txt",
    )
    forget.add_argument("--kind", choices=("bsn", "kvk"), default="bsn")


def _forget(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.cases.actions import forget_person
    from raadhuis.kernel.actor import SYSTEM

    # From standard input, so that the number stands in no history and no list of processes.
    number = sys.stdin.readline().strip()
    if not number.isdecimal():
        sys.stderr.write("raadhuis: give the number on standard input, digits only\n")
        return 2
    found = forget_person(arguments.kind, number, SYSTEM)
    sys.stdout.write("Forgotten.\n" if found else "Nobody is known under this number.\n")
    return 0
