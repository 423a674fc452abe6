"""Geometries as other systems send them (GeoJSON, RFC 7946, degrees WGS 84): whether they are one, and where they lie.

In: decoded JSON. Out: yes or no, or the box around it. Always holds: at most 10,000 positions, two or three numbers
each, all of them on the earth.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

MOST_POSITIONS = 10_000
_Position = Annotated[list[float], msgspec.Meta(min_length=2, max_length=3)]
_Line = Annotated[list[_Position], msgspec.Meta(min_length=2)]
_Ring = Annotated[list[_Position], msgspec.Meta(min_length=4)]
_Surface = Annotated[list[_Ring], msgspec.Meta(min_length=1)]
Box = tuple[float, float, float, float]
"""(west, south, east, north)"""


class _Point(msgspec.Struct, tag_field="type", tag="Point"):
    coordinates: _Position


class _MultiPoint(msgspec.Struct, tag_field="type", tag="MultiPoint"):
    coordinates: list[_Position]


class _LineString(msgspec.Struct, tag_field="type", tag="LineString"):
    coordinates: _Line


class _MultiLineString(msgspec.Struct, tag_field="type", tag="MultiLineString"):
    coordinates: list[_Line]


class _Polygon(msgspec.Struct, tag_field="type", tag="Polygon"):
    coordinates: _Surface


class _MultiPolygon(msgspec.Struct, tag_field="type", tag="MultiPolygon"):
    coordinates: list[_Surface]


_Simple = _Point | _MultiPoint | _LineString | _MultiLineString | _Polygon | _MultiPolygon


class _Collection(msgspec.Struct, tag_field="type", tag="GeometryCollection"):
    geometries: list[_Simple]


def is_geometry(value: Any) -> bool:
    """Whether this is a geometry, closed where it must be, and on the earth."""
    try:
        found = msgspec.convert(value, _Simple | _Collection)
    except msgspec.ValidationError:
        return False
    parts = found.geometries if isinstance(found, _Collection) else [found]
    if not all(_is_closed(one) for one in parts):
        return False
    places = [place for one in parts for place in _positions(one.coordinates)]
    return 0 < len(places) <= MOST_POSITIONS and all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat, *_ in places)


def box(value: dict[str, Any]) -> Box:
    """The box around a geometry (`is_geometry`)."""
    nested = [one["coordinates"] for one in value.get("geometries", [value])]
    places = list(_positions(nested))
    lons, lats = [place[0] for place in places], [place[1] for place in places]
    return min(lons), min(lats), max(lons), max(lats)


def _is_closed(one: _Simple) -> bool:
    surfaces = one.coordinates if isinstance(one, _MultiPolygon) else []
    surfaces = [one.coordinates] if isinstance(one, _Polygon) else surfaces
    return all(ring[0] == ring[-1] for surface in surfaces for ring in surface)


def _positions(nested: Any) -> Iterator[list[float]]:
    if nested and isinstance(nested[0], int | float):
        yield nested
        return
    for one in nested:
        yield from _positions(one)
