"""What the commands share: starting Django, printing a table or JSON."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

import orjson

SubParsers = Any  # argparse keeps the type of what add_subparsers returns private.


def add_command(commands: SubParsers, name: str, run: Any, help_text: str, example: str) -> argparse.ArgumentParser:
    """A sub-command with its help and an example."""
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help_text,
        description=help_text,
        epilog=f"Example: {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.set_defaults(run=run)
    return made


def start_django() -> None:
    """Loads settings and rooms. Everything of ours that needs them is imported after this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")
    import django

    django.setup()


def print_json(value: object) -> None:
    """One JSON object on standard output."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns as wide as what is in them."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[n]) for line in [list(heads), *texts]) for n in range(len(heads))]
    for line in [list(heads), ["-" * width for width in widths], *texts]:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n")
