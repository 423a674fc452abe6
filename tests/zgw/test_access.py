"""Every operation of the national APIs × every scope: who gets in. The committed table is `docs/zgw-access.md`.

A new operation without its line fails, and so does an answer that differs. After a change on purpose:
RAADHUIS_WRITE=1 pytest tests/zgw/test_access.py, and read the difference.
"""

import os
import re
from pathlib import Path

import pytest
from django.test import Client as Http
from django.urls import get_resolver

from house import House
from raadhuis.clients.schema import TYPE_OF, NewRight
from zgw.clients import Application

TABLE = Path(__file__).resolve().parents[2] / "docs" / "zgw-access.md"
SCOPES = {
    "ztc": ("lezen", "schrijven", "geforceerd-schrijven", "geforceerd-verwijderen"),
    "ac": ("lezen", "bijwerken"),
    "zrc": (
        *("lezen", "aanmaken", "bijwerken", "geforceerd-bijwerken", "statussen.toevoegen", "heropenen"),
        *("verwijderen", "audittrails.lezen"),
    ),
    "nrc": ("consumeren", "publiceren"),
    "drc": (
        *("lezen", "aanmaken", "bijwerken", "geforceerd-bijwerken", "verwijderen"),
        *("lock", "geforceerd-unlock", "audittrails.lezen"),
    ),
    "brc": ("lezen", "aanmaken", "bijwerken", "verwijderen", "audittrails.lezen"),
}
NAMES = {
    "ztc": "catalogi",
    "ac": "autorisaties",
    "nrc": "notificaties",
    "zrc": "zaken",
    "drc": "documenten",
    "brc": "besluiten",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PUBLIC = "/referentielijsten/"
NOWHERE = "00000000-0000-0000-0000-000000000007"
HEAD = """# Which scope opens which operation

Made by a test (`tests/zgw/test_access.py`) that asks every operation as an application with just one scope. A name
means that the scope opens it; without any of them the answer is 403. `(zaken)` and the like: the same scope of another
API opens it too.

| operation | opened by |
|---|---|
"""


def addresses() -> list[str]:
    """The address of every operation of the APIs."""
    apis = [(f"/{api.pattern}", api.url_patterns) for api in get_resolver("raadhuis.zgw.urls").url_patterns]
    return sorted(
        f"{prefix}{one.pattern}" for prefix, below in apis for one in below if not one.name.startswith("zgw_nowhere")
    )


@pytest.fixture
def holders(house: House) -> dict[str, Application]:
    """By scope an application that has nothing else."""
    rights: dict[str, list[NewRight]] = {}
    for component, scopes in SCOPES.items():
        for scope in scopes:
            name = scope if scope.startswith("audittrails") else f"{NAMES[component]}.{scope}"
            rights.setdefault(name, []).append(_right(component, name))
    return {name: Application(*several) for name, several in rights.items()}


def _right(component: str, scope: str) -> NewRight:
    typed = {"type": "https://elders.example/x", "level": "openbaar"} if component in TYPE_OF else {}
    return NewRight(component=component, scopes=[scope], **typed)  # type: ignore[arg-type]


def test_every_operation_is_opened_by_the_scopes_of_the_table(holders: dict[str, Application]) -> None:
    asked = [(method, address) for address in addresses() for method in METHODS]
    lines = [
        f"| {method} `{_shown(address)}` | {opened} |"
        for method, address in asked
        if (opened := _opened_by(holders, method, address))
    ]
    table = HEAD + "\n".join(lines) + "\n"
    if os.environ.get("RAADHUIS_WRITE"):
        TABLE.write_text(table, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == table


def _shown(address: str) -> str:
    return re.sub(r"<uuid:(\w+)>", r"{\1}", address)


def _opened_by(holders: dict[str, Application], method: str, address: str) -> str:
    """Which scopes open an operation; "" when there is no such operation."""
    place = re.sub(r"<uuid:\w+>", NOWHERE, address)
    if address.startswith(PUBLIC):
        return "" if Http().generic(method, place).status_code == 405 else "everybody"
    body = {} if method in {"POST", "PUT", "PATCH"} else None
    if next(iter(holders.values())).ask(method, place, body).status_code == 405:
        return ""
    answers = {scope: app.ask(method, place, body).status_code for scope, app in holders.items()}
    own = (f"{address.split('/')[1]}.", "audittrails.")
    return ", ".join(
        f"`{scope}`" if scope.startswith(own) else f"({scope.partition('.')[0]})"
        for scope, status in answers.items()
        if status not in {403, 405}
    )


def test_people_do_not_come_in_here(house: House) -> None:
    for who in ("", "fatima", "ada"):
        client: Http = house.client(who)
        for address in (one for one in addresses() if not one.startswith(PUBLIC)):
            assert client.get(re.sub(r"<uuid:\w+>", NOWHERE, address)).status_code in {403, 405}
