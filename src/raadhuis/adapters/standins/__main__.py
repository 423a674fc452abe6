"""The stand-ins as a process of their own: `python -m raadhuis.adapters.standins --web-port 8010 --smtp-port 8025`.

Comes in: two ports (0 takes a free one); with --lookups, answers of one's own; with --parent, the process to end with.
Goes out: one line on standard output with both addresses, once everything answers.
Always holds: ends with status 0 on SIGTERM and SIGINT and when the parent is gone; 1 when a port is taken.
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import msgspec

from raadhuis.adapters.lookups.standin import EXAMPLE
from raadhuis.adapters.standins.server import start

_LOOK_SECONDS = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Runs until told to stop; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m raadhuis.adapters.standins",
        description="Runs stand-ins for the systems outside Raadhuis, on this machine only, with invented people.",
        epilog="example: python -m raadhuis.adapters.standins --web-port 8010 --smtp-port 8025",
    )
    parser.add_argument("--web-port", type=int, default=8010, help="for HTTP; 0 takes a free one (default: 8010)")
    parser.add_argument("--smtp-port", type=int, default=8025, help="for mail; 0 takes a free one (default: 8025)")
    parser.add_argument("--parent", type=int, default=0, metavar="PID", help="end when this process ends")
    parser.add_argument("--lookups", type=Path, default=EXAMPLE, metavar="FILE", help="answers for look-ups (JSON)")
    chosen = parser.parse_args(arguments)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        standins = start(chosen.web_port, chosen.smtp_port, chosen.lookups)
    except OSError as error:
        sys.stderr.write(f"The stand-ins cannot start: {error.strerror}. Choose other ports, or end what uses them.\n")
        return 1
    except msgspec.DecodeError as error:
        sys.stderr.write(f"{chosen.lookups} holds no rules that can be read: {error}\n")
        return 1
    sys.stdout.write(f"{standins.url} {standins.mail_url}\n")
    sys.stdout.flush()
    while not stop.wait(_LOOK_SECONDS):
        if chosen.parent and not _lives(chosen.parent):
            break
    standins.stop()
    return 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    sys.exit(main())
