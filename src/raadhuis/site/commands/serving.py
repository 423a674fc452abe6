"""`raadhuis demo`, `serve`, `work` and `check`: running the town hall.

Always holds: stopping `demo` or `serve` (Ctrl-C, SIGTERM) lets running requests finish and leaves no process behind.
"""

import argparse
import contextlib
import os
import secrets
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from raadhuis.site import processes
from raadhuis.site.commands.common import SubParsers, add_command, print_json, print_table, start_django
from raadhuis.site.commands.data import migrate
from raadhuis.site.environment import STANDINS_PORT

DEMO_CASES = 60
YEAR_CASES = 2000
SMTP_PORT = 8025
STOPS = {signal.SIGINT, signal.SIGTERM}


def add(commands: SubParsers) -> None:
    """Adds the commands that run the town hall."""
    demo = add_command(
        commands, "demo", _demo, "The example municipality on this machine, with invented people.", "raadhuis demo"
    )
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--standins-port", type=int, default=STANDINS_PORT, help="registers, log-in and mail box")
    demo.add_argument("--smtp-port", type=int, default=SMTP_PORT)
    demo.add_argument("--data", type=Path, help="data folder (default: $RAADHUIS_DATA or ./data)")
    demo.add_argument("--cases", type=int, default=DEMO_CASES, help="cases of the past months to begin with")
    demo.add_argument("--year", type=int, default=YEAR_CASES, help="cases a service of a played year, under Processen")
    serve = add_command(commands, "serve", _serve, "The production start.", "raadhuis serve --host 127.0.0.1")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on, behind your TLS proxy")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2)
    work = add_command(
        commands, "work", _work, "Only the background work; `serve` and `demo` start it.", "raadhuis work --once"
    )
    work.add_argument("--once", action="store_true")
    work.add_argument("--parent", type=int)
    check = add_command(commands, "check", _check, "What a production set-up lacks.", "raadhuis check")
    check.add_argument("--json", action="store_true")


def _check(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.site import checking

    found = checking.look()
    refused = [line for line in found if line.level == "error"]
    if arguments.json:
        print_json({"ok": not refused, "findings": [line.as_json() for line in found]})
    else:
        print_table(["what", "level", "said"], [[line.what, line.level, line.said] for line in found])
        sys.stdout.write("Ready for production.\n" if not refused else f"{len(refused)} things stand in the way.\n")
    return 1 if refused else 0


def _work(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.site import runner

    if arguments.once:
        runner.once()
        return 0
    if arguments.parent is not None:
        processes.die_with_parent(arguments.parent)
    runner.run(arguments.parent)
    return 0


def _worker() -> Any:
    """What a worker of granian serves; called in the worker, before it hears signals itself."""
    _only_the_parent_says_stop()
    processes.die_with_parent(int(os.environ["RAADHUIS_PARENT"]))
    from raadhuis.site.wsgi import application

    return application


def _runner(parent: int) -> None:
    """The background work, in a forked child."""
    from raadhuis.site import runner

    processes.die_with_parent(parent)
    runner.run(parent)


def _prepare_to_fork() -> None:
    """Reads once what all processes need, and lets go of every connection: two may not speak through one."""
    from django.db import connections

    from raadhuis.intake.registers import adapters
    from raadhuis.site import runner, wsgi

    _ = runner, wsgi
    adapters.cache_clear()
    connections.close_all()
    if processes.can_fork():
        os.register_at_fork(after_in_child=_only_the_parent_says_stop)


def _granian(host: str, port: int, workers: int) -> int:
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "raadhuis.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # Four at a time in each worker: enough to answer while one waits for the disk, few enough not to convoy.
        blocking_threads=4,
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=processes.GRACE_SECONDS,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    )
    _stop_on_signal(server.signal_handler_interrupt)
    try:
        server.serve(target_loader=_worker, wrap_loader=False)
    except SystemExit:
        # granian counts a worker as failed that got the signal before the server did (Ctrl-C reaches all at once).
        if not server.interrupt_signal:
            raise
    return 0


def _stop_on_signal(stop: Callable[[], None]) -> None:
    """Calls `stop` once, from a thread, at the first SIGINT or SIGTERM; later ones change nothing.

    A handler would run in the middle of whatever this process does: one that sets an event while that event is being
    set or waited for, as at a second Ctrl-C, waits for itself for ever.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)

    def wait() -> None:
        signal.sigwait(STOPS)
        stop()

    threading.Thread(target=wait, daemon=True).start()


def _only_the_parent_says_stop() -> None:
    """In a child: Ctrl-C reaches all processes of a terminal at once, but it is the first that stops the others, by
    SIGTERM; and one that is still starting ends at once instead of with its parent's handler."""
    signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextlib.contextmanager
def _background() -> Iterator[None]:
    if processes.can_fork():
        child = processes.fork(_runner)
    else:
        child = processes.start(["raadhuis", "work", "--parent", str(os.getpid())])
    try:
        yield
    finally:
        processes.stop(child)


def _serve(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("RAADHUIS_MODE", "production")
    if not 1 <= arguments.workers <= 64:
        sys.stderr.write("raadhuis: --workers takes 1 to 64\n")
        return 2
    start_django()
    from django.conf import settings

    from raadhuis.site import checking

    if not settings.DEMO:
        refused = [line for line in checking.look() if line.level == "error"]
        for line in refused:
            sys.stderr.write(f"raadhuis: {line.what}: {line.said}\n")
        if refused:
            sys.stderr.write("raadhuis: not started. `raadhuis check` shows everything.\n")
            return 1
    if _port_taken(arguments.host, arguments.port):
        return 1
    signal.signal(signal.SIGTERM, _interrupt)
    migrate()
    os.environ["RAADHUIS_PARENT"] = str(os.getpid())
    _prepare_to_fork()
    with _background():
        return _granian(arguments.host, arguments.port, arguments.workers)


def _port_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.stderr.write(
                f"raadhuis: {host}:{port} cannot be used ({error.strerror}). Choose another with --port.\n"
            )
            return True
    return False


def _demo_environment(arguments: argparse.Namespace) -> None:
    folder = (arguments.data or Path(os.environ.get("RAADHUIS_DATA", "data"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "demo-secret"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(48))
        secret.chmod(0o600)
    os.environ |= {
        "RAADHUIS_MODE": "demo",
        "RAADHUIS_DATA": str(folder),
        "RAADHUIS_SECRET": secret.read_text().strip(),
        "RAADHUIS_URL": f"http://localhost:{arguments.port}",
        "RAADHUIS_STANDINS": f"http://127.0.0.1:{arguments.standins_port}",
        "RAADHUIS_MAIL_URL": f"smtp://127.0.0.1:{arguments.smtp_port}",
        "RAADHUIS_PARENT": str(os.getpid()),
    }


def _demo(arguments: argparse.Namespace) -> int:
    for port in (arguments.port, arguments.standins_port, arguments.smtp_port):
        if _port_taken("127.0.0.1", port):
            return 1
    _demo_environment(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    standins = processes.start(
        [
            "raadhuis.adapters.standins",
            "--web-port",
            str(arguments.standins_port),
            "--smtp-port",
            str(arguments.smtp_port),
            "--parent",
            str(os.getpid()),
        ]
    )
    try:
        start_django()
        processes.apart(lambda: _prepare(arguments.cases, arguments.year))
        _prepare_to_fork()
        with _background():
            # Before there is a second thread: a signal that one of those is given wakes nobody up.
            signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
            threading.Thread(target=_announce, args=(arguments,), daemon=True).start()
            return _granian("127.0.0.1", arguments.port, 2)
    finally:
        processes.stop(standins)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _prepare(cases: int, of_year: int) -> None:
    from raadhuis.catalogue import queries
    from raadhuis.site.example import load, play, year

    migrate()
    fresh = not queries.services()
    load.services()
    if fresh and cases:
        wait_for(f"{os.environ['RAADHUIS_STANDINS']}/gezond", 20)
        sys.stdout.write(f"Playing {cases} cases of the past months …\n")
        sys.stdout.flush()
        play.past(cases, seed=1)
    if fresh and of_year:
        year.bring_in(of_year)


def wait_for(url: str, seconds: float) -> bool:
    """Asks `url` until it answers 200; False when it did not within `seconds`."""
    until = time.monotonic() + seconds
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, OSError), opener.open(url, timeout=2) as answer:
            if answer.status == 200:
                return True
        time.sleep(0.1)
    return False


def _announce(arguments: argparse.Namespace) -> None:
    from raadhuis.adapters.standins import demo_identities

    home = os.environ["RAADHUIS_URL"]
    if not wait_for(f"{home}/gezond/", 60):
        sys.stderr.write("raadhuis: the server does not answer\n")
        return
    rows = [[who.realm, who.id, who.name, who.why] for who in demo_identities()]
    sys.stdout.write(
        f"\n  Residents    {home}/\n  Staff        {home}/werk/\n"
        f"  Mail box     {os.environ['RAADHUIS_STANDINS']}/mail\n\nWho can log in (all of them invented):\n\n"
    )
    print_table(["side", "name", "who", "why"], rows)
    sys.stdout.write("\nStop with Ctrl-C.\n")
    sys.stdout.flush()
