"""Lines and areas on the map: how long, how large, where they are, whether they fit.

In: points as (lon, lat) in degrees (WGS 84), in the order in which they were put; an area's ring without its first
point repeated. Out: metres, square metres, points, GeoJSON (RFC 7946). Always holds: what a town draws is so small that
the earth is flat there; lengths and surfaces are right within half a percent at that size.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

import msgspec

Position = tuple[float, float]
METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere with the mean radius of the earth."""
MICRO = 1_000_000


class Point(msgspec.Struct, frozen=True, tag_field="type", tag="Point"):
    coordinates: Position


class LineString(msgspec.Struct, frozen=True, tag_field="type", tag="LineString"):
    coordinates: list[Position]


class Polygon(msgspec.Struct, frozen=True, tag_field="type", tag="Polygon"):
    """One ring, counterclockwise, that ends where it begins."""

    coordinates: list[list[Position]]


Geometry = Point | LineString | Polygon


def geometry_of(place: Mapping[str, Any]) -> Geometry | None:
    """The geometry of an answer to a place question; None when it has words only."""
    if place.get("line"):
        return LineString([(float(lon), float(lat)) for lon, lat in place["line"]])
    if place.get("area"):
        ring = [(float(lon), float(lat)) for lon, lat in place["area"]]
        return Polygon([ring if _signed_surface(ring[:-1]) > 0 else ring[::-1]])
    if place.get("lat") is None or place.get("lon") is None:
        return None
    return Point((float(place["lon"]), float(place["lat"])))


def collection(geometries: Sequence[Geometry]) -> bytes:
    """A FeatureCollection, as JSON."""
    features: list[dict[str, Any]] = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def length(line: Sequence[Position]) -> int:
    """The length in whole metres."""
    return round(sum(_steps(line)))


def surface(ring: Sequence[Position]) -> int:
    """The surface in whole square metres."""
    return round(abs(_signed_surface(ring)))


def halfway(line: Sequence[Position]) -> Position:
    """The point on the line from which it is as far to the one end as to the other."""
    steps = _steps(line)
    left = sum(steps) / 2
    for step, (one, other) in zip(steps, pairwise(line), strict=True):
        if step and left <= step:
            part = left / step
            return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part
        left -= step
    return line[-1]


def within(ring: Sequence[Position]) -> Position:
    """A point inside the ring: in the middle of the widest stretch, about halfway its height."""
    heights = sorted({lat for _, lat in ring})
    middle = (heights[0] + heights[-1]) / 2
    # Between two corners in height, never at one: there the stretches are told apart for sure.
    low, high = min(pairwise(heights), key=lambda pair: abs((pair[0] + pair[1]) / 2 - middle))
    lat = (low + high) / 2
    crossed = sorted(
        one[0] + (other[0] - one[0]) * (lat - one[1]) / (other[1] - one[1])
        for one, other in _sides(ring)
        if (one[1] > lat) != (other[1] > lat)
    )
    west, east = max(zip(crossed[::2], crossed[1::2], strict=True), key=lambda pair: pair[1] - pair[0])
    return (west + east) / 2, lat


def crosses_itself(ring: Sequence[Position]) -> bool:
    """Whether two sides of the ring meet elsewhere than at the corner that they share."""
    # Whole numbers, so that what lies on a line lies on it exactly.
    sides = _sides([(round(lon * MICRO), round(lat * MICRO)) for lon, lat in ring])
    for place, side in enumerate(sides):
        for other_place in range(place + 1, len(sides)):
            other = sides[other_place]
            if other_place == place + 1 or (place == 0 and other_place == len(sides) - 1):
                corner = side[1] if other_place == place + 1 else side[0]
                if _runs_back(side, other, corner):
                    return True
            elif _meet(side, other):
                return True
    return False


def _steps(line: Sequence[Position]) -> list[float]:
    flat = _flat(line)
    return [hypot(x - to_x, y - to_y) for (x, y), (to_x, to_y) in pairwise(flat)]


def _flat(points: Sequence[Position]) -> list[Position]:
    """The points in metres from the first one, to the east and to the north."""
    if not points:
        return []
    lon, lat = points[0]
    wide = METRES_A_DEGREE * cos(radians(sum(point[1] for point in points) / len(points)))
    return [((x - lon) * wide, (y - lat) * METRES_A_DEGREE) for x, y in points]


def _signed_surface(ring: Sequence[Position]) -> float:
    """Above nought when the ring runs counterclockwise."""
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in _sides(_flat(ring))) / 2


def _sides(ring: Sequence[Position]) -> list[tuple[Position, Position]]:
    return list(pairwise([*ring, *ring[:1]]))


def _turn(a: Position, b: Position, c: Position) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _on(side: tuple[Position, Position], point: Position) -> bool:
    """Whether a point on the line through a side lies on the side."""
    (a, b), (x, y) = side, point
    return min(a[0], b[0]) <= x <= max(a[0], b[0]) and min(a[1], b[1]) <= y <= max(a[1], b[1])


def _meet(one: tuple[Position, Position], other: tuple[Position, Position]) -> bool:
    turns = _turn(*one, other[0]), _turn(*one, other[1]), _turn(*other, one[0]), _turn(*other, one[1])
    if (turns[0] > 0) != (turns[1] > 0) and (turns[2] > 0) != (turns[3] > 0) and all(turns):
        return True
    return (
        (turns[0] == 0 and _on(one, other[0]))
        or (turns[1] == 0 and _on(one, other[1]))
        or (turns[2] == 0 and _on(other, one[0]))
        or (turns[3] == 0 and _on(other, one[1]))
    )


def _runs_back(one: tuple[Position, Position], other: tuple[Position, Position], corner: Position) -> bool:
    """Whether two sides that share a corner lie over one another."""
    a = one[0] if one[1] == corner else one[1]
    b = other[1] if other[0] == corner else other[0]
    return _turn(corner, a, b) == 0 and (_on(one, b) or _on(other, a))
