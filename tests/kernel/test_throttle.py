"""How often something may be tried."""

from datetime import timedelta

import pytest

from raadhuis.kernel import clock, throttle
from raadhuis.kernel.models import Throttle
from raadhuis.kernel.problems import TooMany

pytestmark = pytest.mark.django_db


def _try(what: str = "follow", who: str = "2026-ABC|1.2.3.4", times: int = 1) -> None:
    for _ in range(times):
        throttle.count_attempt(what, who, limit=3, seconds=60)


def test_beyond_the_limit_one_waits() -> None:
    _try(times=3)
    with pytest.raises(TooMany) as refused:
        _try()
    assert 0 < refused.value.retry_after <= 61


def test_others_and_other_things_are_counted_apart() -> None:
    _try(times=3)
    _try(who="2026-DEF|1.2.3.4", times=3)
    _try(what="resume", times=3)


def test_who_goes_on_trying_does_not_move_the_window() -> None:
    start = clock.now()
    with clock.at(start):
        _try(times=3)
    for seconds in (20, 40, 59):
        with clock.at(start + timedelta(seconds=seconds)), pytest.raises(TooMany) as refused:
            _try()
        assert refused.value.retry_after <= 61 - seconds
    with clock.at(start + timedelta(seconds=61)):
        _try(times=3)
        with pytest.raises(TooMany):
            _try()


def test_after_a_success_the_count_starts_anew() -> None:
    _try(times=3)
    throttle.reset("follow", "2026-ABC|1.2.3.4")
    _try(times=3)


def test_a_counter_holds_a_keyed_hash_and_nobodys_address() -> None:
    _try(who="Fatima|192.0.2.7")
    assert [len(row.key) for row in Throttle.objects.all()] == [64]
    assert "192.0.2.7" not in str(Throttle.objects.values_list())
