"""Reads where something is: a point, a line or an area on the map, an address that was found, or words.

In: the controls `lat` and `lon` (a point), `points` ("lon,lat lon,lat …", a line or an area), `shape` (which of them,
when the question takes more than one), `q` (what is looked up), `pick` ("lat,lon" of a hit) and `description`; and
`search` with the name and ".undo" or ".clear", for one point less or none. Out: the answer of a place question. Always
holds: whoever has no map can do all that the map can, by looking up one address after the other; words alone are an
answer too.
"""

import re
from typing import Any, Final

from raadhuis.catalogue.questions import PlaceQuestion, Shape
from raadhuis.intake.reading.shapes import Context, Form, Reading, text_of, wrong
from raadhuis.intake.schema import OptionView
from raadhuis.kernel import geometry, postcodes
from raadhuis.kernel.geometry import Position
from raadhuis.kernel.problems import Unavailable

_PARTS = ("lat", "lon", "description", "q", "pick")
MOST_POINTS: Final = 100
_LEAST: dict[Shape, int] = {"line": 2, "area": 3}
_DECIMALS = 6
"""Of a degree: a decimetre."""


def read_place(question: PlaceQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = {part: text_of(form, f"{name}.{part}")[:500] for part in _PARTS}
    shape = _shape(question, text_of(form, f"{name}.shape"))
    if len(question.shapes) > 1:
        typed["shape"] = shape
    if len(question.shapes) > 1 or shape != "point":
        typed["points"] = text_of(form, f"{name}.points")
    return _read_point(typed, name, context) if shape == "point" else _read_drawn(shape, typed, form, name, context)


def _shape(question: PlaceQuestion, wanted: str) -> Shape:
    return next((shape for shape in question.shapes if shape == wanted), question.shapes[0])


def _coordinate(text: str, most: float) -> float | None:
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", text):
        return None
    number = float(text)
    return number if abs(number) <= most else None


def _unknown(typed: dict[str, str], name: str, context: Context, **emptied: str) -> Reading:
    return wrong(
        context,
        f"{name}.q",
        "not-a-place",
        "Deze plek op de kaart kennen wij niet. Kies haar opnieuw.",
        "We do not know this place on the map. Choose it again.",
        typed | emptied,
    )


# A point


def _read_point(typed: dict[str, str], name: str, context: Context) -> Reading:
    lat, lon = _coordinate(typed["lat"], 90), _coordinate(typed["lon"], 180)
    if (typed["lat"] or typed["lon"]) and (lat is None or lon is None):
        return _unknown(typed, name, context, lat="", lon="")
    picked = _picked(typed["pick"])
    if picked is not None:
        lon, lat = picked
    if lat is None and typed["q"]:
        found = _look_up(typed, name, context)
        if isinstance(found, Reading):
            return found
        if found is not None:
            lon, lat = found
    if lat is None or lon is None:
        return _in_words(typed, name, context)
    value = {"lat": lat, "lon": lon, "description": typed["description"]}
    return _placed(value, typed | {"lat": str(lat), "lon": str(lon)}, context)


def _picked(text: str) -> Position | None:
    lat, _, lon = text.partition(",")
    found = _coordinate(lon, 180), _coordinate(lat, 90)
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else None


def _look_up(typed: dict[str, str], name: str, context: Context) -> Reading | Position | None:
    """The one place that was found; what to say when there are none or more; None when words will do."""
    hits = _search(typed["q"], context)
    if len(hits) == 1:
        return _picked(hits[0].id)
    if not hits and len(typed["description"]) >= 10:
        return None
    sentence = (
        ("Kies een van de adressen.", "Choose one of the addresses.")
        if hits
        else (
            "Wij vinden dit adres niet. Beschrijf de plek, of probeer een ander adres.",
            "We cannot find this address. Describe the place, or try another address.",
        )
    )
    reading = wrong(context, f"{name}.q", "pick-a-place", *sentence, typed)
    reading.options = hits
    return reading


def _search(text: str, context: Context) -> list[OptionView]:
    try:
        found = context.addresses.search(text) if context.addresses is not None else []
    except Unavailable:
        found = []
    return [
        OptionView(f"{hit.lat},{hit.lon}", postcodes.written(hit.label)) for hit in found[:8] if hit.lat is not None
    ]


def _in_words(typed: dict[str, str], name: str, context: Context) -> Reading:
    if not typed["description"]:
        return Reading(typed=typed)
    if len(typed["description"]) < 10:
        return wrong(
            context,
            f"{name}.description",
            "too-short",
            "Beschrijf de plek zo dat wij haar kunnen vinden.",
            "Describe the place so that we can find it.",
            typed,
        )
    return Reading(typed=typed, value={"description": typed["description"]})


def _placed(value: dict[str, Any], typed: dict[str, str], context: Context) -> Reading:
    try:
        near = context.addresses.reverse(value["lat"], value["lon"]) if context.addresses is not None else None
    except Unavailable:
        near = None
    if near is not None:
        value |= {"address": near.label, "neighbourhood": near.neighbourhood}
    return Reading(typed=typed, value={k: v for k, v in value.items() if v != ""})


# A line or an area


def _read_drawn(shape: Shape, typed: dict[str, str], form: Form, name: str, context: Context) -> Reading:
    points = read_points(typed["points"])
    if points is None:
        return _unknown(typed, name, context, points="")
    if len(points) > MOST_POINTS:
        return wrong(
            context,
            f"{name}.q",
            "too-many",
            f"Er passen hoogstens {MOST_POINTS} punten. Wij houden de eerste.",
            f"There is room for at most {MOST_POINTS} points. We keep the first ones.",
            typed | {"points": write_points(points[:MOST_POINTS])},
        )
    fewer = {f"{name}.undo": points[:-1], f"{name}.clear": []}.get(str(form.get("search", "") or ""))
    points = points if fewer is None else fewer
    picked = _picked(typed["pick"]) if fewer is None else None
    if picked is None and fewer is None and typed["q"]:
        found = _look_up(typed | {"points": write_points(points)}, name, context)
        if isinstance(found, Reading):
            return found
        picked = found
    if picked is not None:  # One more, and room for the next.
        points = _apart([*points, picked])
        typed |= {"q": "", "pick": ""}
    typed["points"] = write_points(points)
    if not points:
        return _in_words(typed, name, context)
    return _misdrawn(shape, points, typed, name, context) or _drawn(shape, points, typed, context)


def read_points(text: str) -> list[Position] | None:
    """The points of "lon,lat lon,lat …", without those that are where the one before is; None when it is not that."""
    points: list[Position] = []
    for word in text.split():
        lon, _, lat = word.partition(",")
        east, north = _coordinate(lon, 180), _coordinate(lat, 90)
        if east is None or north is None:
            return None
        points.append((east, north))
    return _apart(points)


def write_points(points: list[Position]) -> str:
    """The points as a control holds them."""
    return " ".join(f"{lon:.{_DECIMALS}f},{lat:.{_DECIMALS}f}" for lon, lat in points)


def _apart(points: list[Position]) -> list[Position]:
    """Rounded, and without a point that is where the one before it is."""
    rounded = [(round(lon, _DECIMALS), round(lat, _DECIMALS)) for lon, lat in points]
    return [point for place, point in enumerate(rounded) if not place or point != rounded[place - 1]]


_FEW: dict[Shape, tuple[str, str]] = {
    "line": (
        "Een lijn heeft minstens twee punten. Zet nog een punt, of haal dit punt weg en beschrijf de plek.",
        "A line has at least two points. Put another one, or remove this one and describe the place.",
    ),
    "area": (
        "Een vlak heeft minstens drie punten. Zet er nog een, of haal ze weg en beschrijf de plek.",
        "An area has at least three points. Put another one, or remove them and describe the place.",
    ),
}
_CROSSED = (
    "De randen van het vlak lopen door elkaar. Haal punten weg, en zet ze in de volgorde van de rand.",
    "The edges of the area cross. Remove points, and put them in the order of the edge.",
)


def _misdrawn(
    shape: Shape, points: list[Position], typed: dict[str, str], name: str, context: Context
) -> Reading | None:
    ring = _open(points) if shape == "area" else points
    if len(set(ring)) < _LEAST[shape]:
        return wrong(context, f"{name}.q", "too-few", *_FEW[shape], typed)
    if shape == "area" and geometry.crosses_itself(ring):
        return wrong(context, f"{name}.q", "crosses-itself", *_CROSSED, typed)
    return None


def _open(points: list[Position]) -> list[Position]:
    """The ring without its first point at the end: we close it."""
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _drawn(shape: Shape, points: list[Position], typed: dict[str, str], context: Context) -> Reading:
    ring = _open(points)
    (lon, lat), told = (
        (geometry.halfway(points), {"line": [list(p) for p in points], "length": geometry.length(points)})
        if shape == "line"
        else (geometry.within(ring), {"area": [list(p) for p in [*ring, ring[0]]], "surface": geometry.surface(ring)})
    )
    value = {"lat": round(lat, _DECIMALS), "lon": round(lon, _DECIMALS), **told, "description": typed["description"]}
    return _placed(value, typed, context)


def typed_place(value: dict[str, Any]) -> dict[str, str]:
    """How an answer stands in its controls."""
    shape = next((shape for shape in ("line", "area") if value.get(shape)), "point")
    parts = ("description", "address", "neighbourhood", *(("lat", "lon") if shape == "point" else ()))
    typed = {part: str(value[part]) for part in parts if value.get(part) is not None}
    if shape != "point":
        points = [(float(lon), float(lat)) for lon, lat in value[shape]]
        typed["points"] = write_points(_open(points) if shape == "area" else points)
    return typed | {"shape": shape} if typed.get("lat") or typed.get("points") else typed
