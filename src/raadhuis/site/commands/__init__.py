"""The `raadhuis` command: one module for each room, one sub-command for each thing people do.

In: words from the command line. Out: an exit status, a table for people or, with --json, one object on standard output.
Always holds: 0 only when all is well; errors go to standard error, in a sentence that says what to do.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from django.db import DatabaseError

from raadhuis.kernel.problems import Problem
from raadhuis.site.commands import data, decisions, journal, lean, outbox, persons, services, serving, zgw

Run = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """The parser of all sub-commands."""
    top = argparse.ArgumentParser(
        prog="raadhuis",
        description="A town hall as one program.",
        epilog="Example: raadhuis demo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (serving, data, journal, services, decisions, outbox, persons, zgw, lean):
        module.add(commands)
    return top


def run(words: Sequence[str]) -> int:
    """Carries out a sub-command; its exit status."""
    arguments = parser().parse_args(words)
    try:
        carry_out: Run = arguments.run
        return carry_out(arguments)
    except Problem as problem:
        sys.stderr.write(f"raadhuis: {problem.detail}\n")
        return 1
    except DatabaseError as error:
        sys.stderr.write(
            f"raadhuis: the database refuses ({error}). Are the tables there? `raadhuis migrate` makes them.\n"
        )
        return 1
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
