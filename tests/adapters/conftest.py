"""What the tests of the adapters share: the stand-ins, running, and clients that are configured to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from raadhuis.adapters.config import REALMS, Adapters, from_settings
from raadhuis.adapters.standins.server import Standins, start


@pytest.fixture(scope="session")
def standins() -> Iterator[Standins]:
    running = start(0, 0)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def settings_of_standins(standins: Standins) -> dict[str, Any]:
    url = standins.url
    return {
        "persons_url": f"{url}/brp",
        "businesses_url": f"{url}/kvk",
        "addresses_url": f"{url}/pdok",
        "vehicles_url": f"{url}/rdw",
        "mail_url": standins.mail_url,
        "mail_from": "Gemeente Waterrijk <gemeente@waterrijk.example>",
        **{f"{realm}_issuer": f"{url}/oidc/{realm}" for realm in REALMS},
        **{f"{realm}_client_id": "raadhuis" for realm in REALMS},
        **{f"{realm}_client_secret": "demo" for realm in REALMS},
    }


@pytest.fixture
def adapters(settings_of_standins: dict[str, Any], tmp_path: Path) -> Adapters:
    return from_settings({**settings_of_standins, "files_folder": str(tmp_path / "files")})
