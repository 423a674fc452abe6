"""Being the only one that does something, whatever becomes of who was."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from raadhuis.kernel.alone import alone


def elsewhere(work: Callable[[], None]) -> None:
    """Does something in a thread, which has a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


def test_one_at_a_time_is_alone(db: None) -> None:
    seen: list[bool] = []

    def ask() -> None:
        with alone("test") as mine:
            seen.append(mine)

    with alone("test") as mine:
        assert mine
        elsewhere(ask)
    elsewhere(ask)
    assert seen == [False, True]


def test_other_names_do_not_stand_in_the_way(db: None) -> None:
    seen: list[bool] = []

    def ask() -> None:
        with alone("something else") as mine:
            seen.append(mine)

    with alone("test") as mine:
        assert mine
        elsewhere(ask)
    assert seen == [True]


def test_who_loses_its_connection_or_fails_is_no_longer_alone(db: None) -> None:
    seen: list[bool] = []

    def fail() -> None:
        with pytest.raises(ZeroDivisionError), alone("test"):
            raise ZeroDivisionError

    def lose() -> None:
        with alone("test"):
            connection.close()

    def ask() -> None:
        with alone("test") as mine:
            seen.append(mine)

    for step in (fail, ask, lose, ask):
        elsewhere(step)
    assert seen == [True, True]
