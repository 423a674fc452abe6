"""Times and texts of many events at once are what they are one by one."""

import numpy
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raadhuis.lean.logs import instants, moments
from raadhuis.lean.logs.texts import MIX, PADDING, Rows, Texts, TooMany

FORMS = ["{}Z", "{}.{:03}Z", "{}.{:06}Z", "{}+02:00", "{}.{:03}-11:30", "{}.{:06}+00:59"]


@st.composite
def time(draw: st.DrawFn) -> str:
    """Mostly a time; now and then something near it."""
    whole = draw(st.datetimes()).replace(microsecond=0).isoformat()
    text = draw(st.sampled_from(FORMS)).format(whole, draw(st.integers(0, 999)))
    place = draw(st.integers(0, len(text) - 1))
    letter = draw(st.sampled_from("0123456789-+:.TZ x") | st.none())
    return text if letter is None else text[:place] + letter + text[place + 1 :]


@example("2023-02-29T00:00:00Z")
@example("2024-02-29T23:59:59.999999-23:59")
@example("1900-02-29T00:00:00Z")
@example("0000-01-01T00:00:00Z")
@example("9999-12-31T23:59:60Z")
@example("2024-01-01T00:00:00+24:00")
@given(time())
def test_a_time_is_the_same_in_a_column(text: str) -> None:
    found, understood = instants.parsed(numpy.frombuffer(text.encode(), dtype=numpy.uint8).reshape(1, -1))
    if understood[0]:
        assert moments.parse(text) == (found[0], True)


@pytest.mark.parametrize("form", FORMS)
def test_usual_times_are_understood_in_a_column(form: str) -> None:
    texts = [form.format(f"{year}-{month:02}-28T23:59:59", month) for year in (1969, 2024) for month in range(1, 13)]
    letters = numpy.frombuffer("".join(texts).encode(), dtype=numpy.uint8).reshape(len(texts), -1)
    found, understood = instants.parsed(letters)
    assert understood.all()
    assert found.tolist() == [moments.parse(text)[0] for text in texts]


@given(st.lists(st.lists(st.text("abé", max_size=20).map(str.encode), max_size=20), max_size=4))
def test_the_same_text_has_the_same_number(pieces: list[list[bytes]]) -> None:
    numbered, known = Texts(), dict[bytes, int]()
    for texts in pieces:
        lengths = numpy.array([len(text) for text in texts], dtype=numpy.int64)
        starts = numpy.cumsum(lengths) - lengths
        numbers = numbered.numbers(b"".join(texts) + bytes(PADDING), starts, lengths).tolist()
        for text, number in zip(texts, numbers, strict=True):
            assert known.setdefault(text, number) == number
        assert [known[text] for text in numbered.known] == list(range(len(known)))


def test_two_rows_with_one_digest_are_not_confused() -> None:
    rows = Rows(2)
    one = numpy.array([[5, 7]], dtype=numpy.uint64)
    with numpy.errstate(over="ignore"):
        other = one + numpy.array([MIX[1], -MIX[0]])
    assert rows.numbers(one, lambda row: 3).tolist() == [3]
    with pytest.raises(TooMany):
        rows.numbers(other, lambda row: 4)
    assert rows.numbers(one, lambda row: 5).tolist() == [3]
