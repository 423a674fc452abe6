"""What the tests of the national APIs share."""

import pytest

from zgw.clients import Application


@pytest.fixture
def app(house: object) -> Application:
    """An application that may do everything."""
    return Application()
