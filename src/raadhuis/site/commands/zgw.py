"""`raadhuis zgw`: applications that may use the national case APIs, and catalogues that move between registers."""

import argparse
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from raadhuis.site.commands import zgw_load, zgw_take_over
from raadhuis.site.commands.common import SubParsers, add_command, print_json, print_table, start_django

if TYPE_CHECKING:
    from raadhuis.clients.schema import NewRight

MOST_SHOWN = 60


def add(commands: SubParsers) -> None:
    """Adds the sub-commands of `zgw`."""
    words = "national case APIs: client, clients, import, export, compare, load, take-over"
    group = commands.add_parser("zgw", help=words)
    inner = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    client = add_command(
        inner,
        "client",
        _client,
        "Let an application in and show its secret, or give it a new secret.",
        "raadhuis zgw client zaaksysteem --label Zaaksysteem --all",
    )
    client.add_argument("id", help="the client id with which it signs")
    client.add_argument("--label", help="its name for people; the client id, when left out")
    client.add_argument("--all", action="store_true", help="it may do everything")
    client.add_argument("--read-types", action="store_true", help="it may read the catalogue")
    client.add_argument("--write-types", action="store_true", help="it may write the catalogue")
    client.add_argument("--new-secret", action="store_true", help="for an application that is there already")
    listing = add_command(inner, "clients", _clients, "Show who is let in.", "raadhuis zgw clients")
    listing.add_argument("--json", action="store_true")
    taking = add_command(
        inner,
        "import",
        _import,
        "Take over the types of another register from its ZIP.",
        "raadhuis zgw import catalogus.zip --domein RAADH --rsin 002220647",
    )
    taking.add_argument("file", type=Path)
    _catalogue_options(taking)
    taking.add_argument("--json", action="store_true")
    giving = add_command(
        inner, "export", _export, "Write a catalogue as a ZIP.", "raadhuis zgw export uit.zip --domein RAADH"
    )
    giving.add_argument("file", type=Path)
    giving.add_argument("--zaaktype", default="", help="only this zaaktype (its identificatie), in its newest version")
    _catalogue_options(giving)
    against = add_command(
        inner,
        "compare",
        _compare,
        "Compare a catalogue here with the ZIP of another; 1 when they differ.",
        "raadhuis zgw compare productie.zip --domein RAADH",
    )
    against.add_argument("file", type=Path)
    _catalogue_options(against)
    against.add_argument("--json", action="store_true")
    zgw_load.add(inner)
    zgw_take_over.add(inner)


def _catalogue_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--domein", default="", help="of the catalogue here")
    command.add_argument("--rsin", default="", help="of the catalogue here; the municipality's own, when left out")


def _client(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.clients import actions
    from raadhuis.clients.schema import NewApplicatie, NewRight
    from raadhuis.kernel.actor import SYSTEM

    secret = secrets.token_urlsafe(32)
    if arguments.new_secret:
        actions.set_secret(arguments.id, secret, SYSTEM)
    else:
        scopes = ["catalogi.lezen"] if arguments.read_types or arguments.write_types else []
        scopes += ["catalogi.schrijven"] if arguments.write_types else []
        new = NewApplicatie(
            label=arguments.label or arguments.id,
            client_ids=[arguments.id],
            everything=arguments.all,
            rights=[NewRight(component="ztc", scopes=scopes)] if scopes else [],
            secrets={arguments.id: secret},
        )
        actions.add_applicatie(new, SYSTEM)
    sys.stdout.write(f"client id  {arguments.id}\nsecret     {secret}\n")
    sys.stderr.write("The secret is shown once. Keep it where the application finds it.\n")
    return 0


def _clients(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.clients import queries

    _, found = queries.applicaties()
    if arguments.json:
        print_json({"clients": [msgspec.to_builtins(one) for one in found]})
        return 0
    heads = ["label", "client ids", "may"]
    print_table(
        heads,
        [
            [one.label, ", ".join(one.client_ids), "everything" if one.everything else _scopes(one.rights)]
            for one in found
        ],
    )
    return 0


def _scopes(rights: "Sequence[NewRight]") -> str:
    return ", ".join(sorted({scope for right in rights for scope in right.scopes}))


def _wanted(arguments: argparse.Namespace) -> tuple[str, str] | None:
    from django.conf import settings

    if not arguments.domein:
        return None
    return arguments.domein, arguments.rsin or settings.RAADHUIS_MUNICIPALITY["rsin"]


def _import(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.catalogue.ztc.moving import import_catalogue
    from raadhuis.kernel.actor import SYSTEM

    account = import_catalogue(_content(arguments.file), _wanted(arguments), SYSTEM)
    states = ("imported", "there", "differs", "refused")
    counts = {state: account.count(state) for state in states}  # type: ignore[arg-type]
    if arguments.json:
        print_json({**counts, "ignored": account.ignored, "lines": msgspec.to_builtins(account.lines)})
    else:
        kinds = dict.fromkeys(line.resource for line in account.lines)
        print_table(
            ["types", *states],
            [
                [kind, *(sum(one.resource == kind and one.state == state for one in account.lines) for state in states)]
                for kind in kinds
            ],
        )
        for line in account.lines:
            if line.why:
                sys.stdout.write(f"{line.state}: {line.resource} {line.name}: {'; '.join(line.why)}\n")
        for name in account.ignored:
            sys.stdout.write(f"not read: {name}\n")
    return 0 if not counts["refused"] and not counts["differs"] else 1


def _content(file: Path) -> bytes:
    from raadhuis.kernel.problems import Absent

    try:
        return file.read_bytes()
    except OSError as error:
        raise Absent(f"{file}: {error.strerror}") from error


def _export(arguments: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings

    from raadhuis.catalogue.ztc import moving, queries

    catalogus = queries.catalogue(*(_wanted(arguments) or ("", "")))
    zaaktype = queries.newest_zaaktype(catalogus, arguments.zaaktype) if arguments.zaaktype else None
    arguments.file.write_bytes(moving.export_catalogue(catalogus, f"{settings.RAADHUIS_URL}/", zaaktype))
    sys.stdout.write(f"Written: {arguments.file}\n")
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.catalogue.ztc import queries
    from raadhuis.catalogue.ztc.comparing import compare

    found = compare(_content(arguments.file), queries.catalogue(*(_wanted(arguments) or ("", ""))))
    if arguments.json:
        print_json({"differences": msgspec.to_builtins(found)})
    else:
        for one in found[:MOST_SHOWN]:
            if one.attribute:
                sys.stdout.write(f"{one.what}: {one.attribute}: here {one.here!r}, there {one.there!r}\n")
            else:
                sys.stdout.write(f"{one.what}: only {'here' if one.here else 'there'}\n")
        sys.stdout.write(f"{len(found)} differences\n")
    return 1 if found else 0
