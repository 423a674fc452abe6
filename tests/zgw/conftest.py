"""What the tests of the national APIs share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from zgw.clients import Application
from zgw.notifying import ROOT, wanted
from zgw.receivers import Receiver


@pytest.fixture
def app(house: object) -> Application:
    """An application that may do everything."""
    return Application()


@pytest.fixture
def receivers(settings: Any) -> Iterator[Callable[..., Receiver]]:
    """Makes subscribers on this machine, which may be called for once."""
    settings.RAADHUIS_RECEIVERS_INSIDE = ["127.0.0.0/8"]
    made: list[Receiver] = []

    def make(behave: Callable[[int], int] | None = None) -> Receiver:
        made.append(Receiver(behave))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def subscribed(app: Application, receivers: Callable[..., Receiver]) -> tuple[Application, Receiver]:
    """An application that may do everything, and a receiver of all about cases."""
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver))
    return app, receiver
