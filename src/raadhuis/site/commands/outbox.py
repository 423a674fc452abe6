"""`raadhuis outbox`: what waits to leave the house, and what could not be delivered."""

import argparse
import sys
from uuid import UUID

import msgspec

from raadhuis.site.commands.common import SubParsers, add_command, print_json, print_table, start_django


def add(commands: SubParsers) -> None:
    """Adds `outbox list` and `outbox resend`."""
    group = commands.add_parser("outbox", help="mail, letters and webhooks on their way: list, resend")
    inner = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = add_command(inner, "list", _list, "Show what waits, or dead letters.", "raadhuis outbox list --dead")
    listing.add_argument("--dead", action="store_true", help="what could not be delivered")
    listing.add_argument("--json", action="store_true")
    resend = add_command(inner, "resend", _resend, "Try a dead letter again.", "raadhuis outbox resend ID")
    resend.add_argument("id", type=UUID)


def _list(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.journal import queries

    rows = queries.undelivered(state="dead" if arguments.dead else "waiting", limit=200)
    if arguments.json:
        print_json({"rows": [msgspec.to_builtins(row) for row in rows]})
    else:
        print_table(
            ["id", "kind", "made", "due", "attempts", "last error"],
            [
                [
                    *(r.id, f"{r.kind} {r.title}".strip(), f"{r.made:%Y-%m-%d %H:%M}", f"{r.due:%Y-%m-%d %H:%M}"),
                    *(r.attempts, r.last_error),
                ]
                for r in rows
            ],
        )
    return 0


def _resend(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.journal import outbox
    from raadhuis.kernel.actor import Actor, Role

    # Who may run commands on the server administers it.
    outbox.resend(
        arguments.id, Actor(kind="staff", pseudonym="command-line", channel="system", roles=frozenset({Role.ADMIN}))
    )
    sys.stdout.write("Sent again.\n")
    return 0
