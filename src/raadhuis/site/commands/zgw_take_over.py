"""`raadhuis zgw take-over`: what another register holds, through its own APIs; and whether all of it is here."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from raadhuis.site.commands.common import SubParsers, add_command, print_json, print_table, start_django

if TYPE_CHECKING:
    from raadhuis.adapters.registers import Register
    from raadhuis.cases.takeover.run import Account
    from raadhuis.cases.takeover.verifying import Verdict

MOST_SHOWN = 60
PARTS = ("catalogi", "documenten", "zaken", "besluiten")


def add(inner: SubParsers) -> None:
    """Adds `take-over` to the sub-commands of `zgw`."""
    command = add_command(
        inner,
        "take-over",
        _take_over,
        "Take over another register (catalogue, documents, cases, decisions) through its APIs, and compare; 1 when "
        "something was refused or differs. Run it again to go on after a break.",
        "raadhuis zgw take-over https://register.example/ --client raadhuis --secret-file secret.txt",
    )
    command.add_argument("url", help="its host; each API is below it, at /zaken/api/v1 and so on")
    command.add_argument("--client", required=True, help="the client id that it let in, with the right to read all")
    command.add_argument("--secret-file", type=Path, required=True, help="a file with the secret of that client id")
    for api in PARTS:
        command.add_argument(f"--{api}", metavar="URL", help=f"where its API “{api}” is, when not below the host")
    command.add_argument(
        "--known-as", metavar="URL", action="append", default=[], help="another host by which its addresses name it"
    )
    command.add_argument("--from", dest="part", choices=PARTS, default=PARTS[0], help="with which part to begin")
    command.add_argument("--verify", action="store_true", help="only compare; write nothing")
    command.add_argument("--no-verify", action="store_true", help="do not compare afterwards")
    command.add_argument("--json", action="store_true")


def _take_over(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.cases.takeover.run import take_over
    from raadhuis.cases.takeover.verifying import verify

    register, source = _register(arguments), arguments.url.rstrip("/")
    chosen: dict[str, Any] = {"known_as": arguments.known_as, "group": arguments.part, "tell": _teller()}
    account = None if arguments.verify else _going_on(lambda: take_over(register, source, **chosen))
    verdict = None if arguments.no_verify and account else _going_on(lambda: verify(register, **chosen))
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if arguments.json:
        print_json(_as_json(account, verdict))
    else:
        if account is not None:
            _print_account(account)
        if verdict is not None:
            _print_verdict(verdict)
    return 0 if (account is None or account.whole) and (verdict is None or verdict.same) else 1


def _register(arguments: argparse.Namespace) -> "Register":
    from raadhuis.adapters.registers import Register
    from raadhuis.kernel.problems import Absent
    from raadhuis.kernel.shapes import is_url

    bases = {api: getattr(arguments, api) or f"{arguments.url.rstrip('/')}/{api}/api/v1" for api in PARTS}
    for address in (arguments.url, *bases.values(), *arguments.known_as):
        if not is_url(address):
            raise Absent(f"{address} is no web address; give one as https://register.example/")
    return Register(bases, arguments.client, _secret(arguments.secret_file))


def _secret(file: Path) -> str:
    from raadhuis.kernel.problems import Absent

    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Absent(f"{file}: {getattr(error, 'strerror', 'it is no text')}") from error


def _going_on(work: Callable[[], Any]) -> Any:
    """Does it; a register that is away is told with what was kept and what to do."""
    from raadhuis.adapters.errors import AdapterUnavailable
    from raadhuis.kernel.problems import Unavailable

    try:
        return work()
    except AdapterUnavailable as problem:
        who = "The other register" if problem.system == "register" else "What this needs"
        raise Unavailable(f"{who} does not answer ({problem}). What was taken is kept; run this again.") from problem


def _teller() -> Callable[[str, int], None]:
    """Shows progress on a terminal, twice a second."""
    shown = [0.0]

    def tell(phase: str, dealt: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - shown[0] > 0.5:
            shown[0] = time.monotonic()
            sys.stderr.write(f"\r\x1b[K{phase}: {dealt:,}")

    return tell


def _as_json(account: "Account | None", verdict: "Verdict | None") -> dict[str, Any]:
    found: dict[str, Any] = {}
    if account is not None:
        found["taken"] = {"resources": account.counts, "went_on": account.went_on, "whole": account.whole}
        found["findings"] = msgspec.to_builtins(account.findings)
    if verdict is not None:
        found["compared"] = {"same": verdict.same, **msgspec.to_builtins(verdict)}
    return found


def _print_account(account: "Account") -> None:
    from raadhuis.cases.takeover.progress import STATES

    print_table(
        ["taken over", *STATES], [[name, *(counts[one] for one in STATES)] for name, counts in account.counts.items()]
    )
    for one in account.findings[:MOST_SHOWN]:
        named = f"{one.attribute}: " if one.attribute else ""
        sys.stdout.write(f"{one.state}: {one.resource} {one.address}: {named}{one.reason} ({one.code})\n")
    _and_more(len(account.findings))
    if account.went_on:
        sys.stdout.write("This run went on with one that was broken off; the figures are of both together.\n")


def _print_verdict(verdict: "Verdict") -> None:
    print_table(
        ["compared", "there", "here", "differ"],
        [[one.resource, one.there, one.here, one.differ] for one in verdict.resources],
    )
    sys.stdout.write(f"{verdict.files:,} files of {verdict.bytes:,} bytes hashed on both sides\n")
    for one in verdict.differences[:MOST_SHOWN]:
        sys.stdout.write(f"{one.attribute or 'not here'}: {one.resource} {one.address}\n")
    _and_more(len(verdict.differences))
    sys.stdout.write("Nothing differs.\n" if verdict.same else f"{len(verdict.differences):,} differences\n")


def _and_more(found: int) -> None:
    if found > MOST_SHOWN:
        sys.stdout.write(f"and {found - MOST_SHOWN:,} more (--json names them all)\n")
