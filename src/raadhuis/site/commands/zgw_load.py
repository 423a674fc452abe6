"""`raadhuis zgw load`: very many cases at once, from a file with a case a line."""

import argparse
import sys
import time
from pathlib import Path

import msgspec

from raadhuis.site.commands.common import SubParsers, add_command, print_json, start_django

MOST_SHOWN = 60


def add(inner: SubParsers) -> None:
    """Adds `load` to the sub-commands of `zgw`."""
    command = add_command(
        inner,
        "load",
        _load,
        "Load cases from a file with one a line (NDJSON), by the rules of the Zaken API; 1 when a line was refused.",
        "raadhuis zgw load zaken.ndjson",
    )
    command.add_argument("file", type=Path, help='each line a case, or {"zaak": …, "rollen": […], "statussen": […], …}')
    command.add_argument("--json", action="store_true")


def _load(arguments: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings

    from raadhuis.cases.zrc.loading import load
    from raadhuis.clients.schema import by_command

    began, cpu, shown, loaded = time.monotonic(), time.process_time(), 0.0, 0
    refused = []
    with arguments.file.open("rb") as lines:
        for one in load(lines, by_command(), f"{settings.RAADHUIS_URL}/"):
            if one.faults:
                refused.append(one)
            else:
                loaded += 1
            if sys.stderr.isatty() and time.monotonic() - shown > 0.5:
                shown = time.monotonic()
                sys.stderr.write(f"\r{one.line:,} lines")
    if sys.stderr.isatty():
        sys.stderr.write("\r")
    seconds, used = time.monotonic() - began, time.process_time() - cpu
    if arguments.json:
        faults = [{"line": one.line, "faults": msgspec.to_builtins(one.faults)} for one in refused]
        print_json(
            {
                "loaded": loaded,
                "refused": len(refused),
                "seconds": round(seconds, 2),
                "cpu_seconds": round(used, 2),
                "lines": faults,
            }
        )
    else:
        for one in refused[:MOST_SHOWN]:
            words = "; ".join(f"{fault.name}: {fault.reason} ({fault.code})" for fault in one.faults)
            sys.stdout.write(f"line {one.line}: {words}\n")
        if len(refused) > MOST_SHOWN:
            sys.stdout.write(f"and {len(refused) - MOST_SHOWN} lines more\n")
        pace = f", {loaded / seconds:,.0f} a second ({used:.1f} s CPU)" if loaded else ""
        sys.stdout.write(f"{loaded:,} cases loaded, {len(refused):,} lines refused, in {seconds:.1f} s{pace}\n")
    return 1 if refused else 0
