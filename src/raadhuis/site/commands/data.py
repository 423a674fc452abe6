"""`raadhuis migrate` and `raadhuis example`: the tables, and the example municipality."""

import argparse
import sys

from raadhuis.site.commands.common import SubParsers, add_command, start_django


def add(commands: SubParsers) -> None:
    """Adds `migrate` and `example`."""
    add_command(commands, "migrate", _migrate, "Make or update the tables.", "raadhuis migrate")
    example = add_command(
        commands, "example", _example, "Load the example municipality's services.", "raadhuis example --cases 60"
    )
    example.add_argument("--cases", type=int, default=0, help="also play this many cases of the past months (≤ 2,000)")
    example.add_argument("--seed", type=int, default=1, help="the same seed plays the same cases")


def migrate() -> None:
    """Brings the tables up to date. When they are, which is nearly always, that costs one look."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _migrate(arguments: argparse.Namespace) -> int:
    start_django()
    migrate()
    sys.stdout.write("The tables are up to date.\n")
    return 0


def _example(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.site.example import load, play
    from raadhuis.site.example.filler import Refused

    if not 0 <= arguments.cases <= 2000:
        sys.stderr.write("raadhuis: --cases takes 0 to 2,000\n")
        return 2
    migrate()
    for line in load.services():
        sys.stdout.write(line + "\n")
    if arguments.cases:
        try:
            played = play.past(arguments.cases, seed=arguments.seed)
        except Refused as error:
            sys.stderr.write(
                f"raadhuis: {error}.\nPlaying cases needs the registers: let RAADHUIS_STANDINS name the address where "
                "`python -m raadhuis.adapters.standins` runs, or use `raadhuis demo`.\n"
            )
            return 1
        sys.stdout.write(f"{played} cases played\n")
    return 0
