"""What our sums of certainty say equals scipy, and the example of the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raadhuis.lean.certainty import adjusted, chi_square_tail, difference, of_table, wilson

stats = pytest.importorskip("scipy.stats", reason="scipy is what our sums are held against")


@given(st.floats(0.01, 200), st.integers(1, 40))
def test_the_tail_of_chi_square(value: float, freedom: int) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-9, abs=1e-300)


@given(*[st.integers(0, 60)] * 4)
def test_the_exact_test_of_a_table(a: int, b: int, c: int, d: int) -> None:
    assert of_table(a, b, c, d) == pytest.approx(stats.fisher_exact([[a, b], [c, d]]).pvalue, rel=1e-6, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_many_tests_are_corrected(chances: list[float]) -> None:
    assert adjusted(chances) == pytest.approx(list(stats.false_discovery_control(chances)))


@given(st.integers(1, 500), st.data())
def test_bounds_of_a_share(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    known = stats.binomtest(count, of).proportion_ci(method="wilson")
    assert wilson(count, of) == pytest.approx((known.low, known.high), abs=1e-9)


def test_bounds_of_a_difference() -> None:
    """Newcombe 1998, table II, case (a), method 10."""
    assert [round(one, 4) for one in difference(56, 70, 48, 80)] == [0.2, 0.0524, 0.3339]
