"""A line or an area: what is drawn becomes an answer with its size, or a sentence; nothing that is sent raises."""

from typing import Any

import pytest
from asking import as_controls, form_of, question, read
from hypothesis import given, settings
from hypothesis import strategies as st

from raadhuis.cases.answers import as_sentence
from raadhuis.intake.reading import Context, read_question, start_typed
from raadhuis.intake.reading.places import MOST_POINTS
from raadhuis.kernel import geometry

SQUARE = "5.100000,52.100000 5.110000,52.100000 5.110000,52.110000 5.100000,52.110000"


def told(shapes: list[str], **typed: str) -> Any:
    return read("place", {f"q.{part}": text for part, text in typed.items()}, shapes=shapes)


def test_a_line_has_its_length_and_a_point_halfway() -> None:
    value = read("place", {"q.points": "5.1,52.1 5.1,52.11 5.1,52.12"}, shapes=["line"]).value
    assert value == {
        "lat": 52.11,
        "lon": 5.1,
        "line": [[5.1, 52.1], [5.1, 52.11], [5.1, 52.12]],
        "length": 2224,
    }
    assert as_sentence(question("place", shapes=["line"]), value) == "lijn van ongeveer 2.200 meter"


@pytest.mark.parametrize("typed", [SQUARE, f"{SQUARE} 5.1,52.1", " ".join(reversed(SQUARE.split()))])
def test_an_area_is_closed_by_us_and_has_its_surface(typed: str) -> None:
    value = read("place", {"q.points": typed, "q.description": "Het veld"}, shapes=["area"]).value
    assert value["area"][0] == value["area"][-1] and len(value["area"]) == 5
    assert value["surface"] == pytest.approx(759_600, rel=0.005)
    assert (value["lat"], value["lon"]) == (52.105, 5.105)
    said = as_sentence(question("place", shapes=["area"]), value, "en")
    assert said == "area of about 760,000 m²; Het veld"
    shape = geometry.geometry_of(value)
    assert isinstance(shape, geometry.Polygon)
    assert shape.coordinates[0][:2] != [(5.1, 52.1), (5.1, 52.11)], "counterclockwise, as GeoJSON asks"


def test_the_applicant_chooses_among_the_shapes_and_what_else_was_drawn_does_not_count() -> None:
    typed = {"points": SQUARE, "lat": "52.2", "lon": "5.2"}
    asked = ["point", "area", "line"]
    assert told(asked, **typed).value == {"lat": 52.2, "lon": 5.2}
    assert "area" in told(asked, **typed, shape="area").value
    assert "line" in told(asked, **typed, shape="line").value
    assert told(asked, **typed, shape="circle").value == {"lat": 52.2, "lon": 5.2}
    assert told(["area"], **typed, shape="point").value["surface"] > 0, "a point was not asked"


def test_words_are_an_answer_too() -> None:
    assert told(["area"], description="Het veld achter de kerk").value == {"description": "Het veld achter de kerk"}
    assert [rule for _, _, rule in told(["area"], description="daar").errors] == ["too-short"]


_NUMBERS = st.one_of(
    st.floats(-200, 200).map(str),
    st.integers(0, 30).map(lambda n: f"5.{100 + n}"),
    st.integers(0, 30).map(lambda n: f"52.{100 + n}"),
    st.sampled_from(["nan", "inf", "-inf", "1e9", "", "-0", "0", "90", "-90.0", "180", "٣", "5.1.1", "0x5", "9" * 400]),
)
_TYPED = st.one_of(
    st.lists(st.tuples(_NUMBERS, _NUMBERS).map(",".join), max_size=12).map(" ".join),
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda p: f"5.1{p[0]},52.1{p[1]}"), min_size=2, max_size=9
    ).map(" ".join),
    st.text(max_size=200),
    st.sampled_from(["5.1,52.1 " * 10**6, "5," * 10**6, " " * 10**6, " ".join(f"5.{n},52" for n in range(10**5))]),
)


@settings(max_examples=300, deadline=None)
@given(
    typed=_TYPED,
    shape=st.sampled_from(["point", "line", "area", "", "[]"]),
    shapes=st.lists(st.sampled_from(["point", "line", "area"]), min_size=1, unique=True),
)
def test_whatever_is_sent_gives_a_shape_that_fits_or_a_sentence(typed: str, shape: str, shapes: list[str]) -> None:
    asked = question("place", shapes=shapes, required=False)
    reading = read_question(asked, form_of({"q.points": typed, "q.shape": shape}), "q", Context())
    assert bool(reading.errors) <= (reading.value is None)
    if reading.value is None:
        return
    value = reading.value
    drawn = value.get("line") or value["area"]
    assert len(drawn) <= MOST_POINTS + 1
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in [*drawn, (value["lon"], value["lat"])])
    assert value.get("length", 0) >= 0 and value.get("surface", 0) >= 0
    again = read_question(asked, form_of(as_controls(start_typed(asked, value))), "q", Context())
    assert (again.errors, again.value) == ([], value)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=7, unique=True))
def test_a_point_in_an_area_lies_in_it(corners: list[tuple[int, int]]) -> None:
    ring = [(float(x), float(y)) for x, y in corners]
    if geometry.crosses_itself(ring):
        return
    x, y = geometry.within(ring)
    sides = zip(ring, [*ring[1:], ring[0]], strict=True)
    west = [a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) < x for a, b in sides if (a[1] > y) != (b[1] > y)]
    assert sum(west) % 2 == 1, "an odd number of sides to the west of it"


@pytest.mark.parametrize(
    ("ring", "crosses"),
    [
        ([(0, 0), (2, 0), (2, 2), (0, 2)], False),
        ([(0, 0), (2, 2), (2, 0), (0, 2)], True),
        ([(0, 0), (2, 0), (1, 0), (1, 2)], True),  # Runs back over its own side.
        ([(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)], True),  # A corner on another side.
        ([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)], False),
        ([(0, 0), (1, 1), (2, 2)], True),  # No surface.
    ],
)
def test_when_edges_cross(ring: list[tuple[float, float]], crosses: bool) -> None:
    assert geometry.crosses_itself(ring) is crosses
    assert geometry.crosses_itself(ring[::-1]) is crosses
