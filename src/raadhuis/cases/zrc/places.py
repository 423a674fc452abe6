"""Which cases lie within a place on the map.

In: rows, a GeoJSON geometry. Out: ids. Always holds: at most so many places are looked at, and who asks is told when
there are more, rather than shown a part.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from raadhuis.cases.models import Zaak
from raadhuis.kernel.geojson import box, is_geometry
from raadhuis.kernel.shapes import Fault, Refused

MOST_LOOKED_AT = 20_000


def within(rows: QuerySet[Zaak], asked: Any) -> list[UUID]:
    """The ids of the rows whose place lies wholly within the geometry {"within": …}. Raises Refused."""
    area: Any = asked.get("within") if isinstance(asked, dict) else None
    if not isinstance(area, dict) or not is_geometry(area) or area["type"] not in {"Polygon", "MultiPolygon"}:
        words = "Geef een vlak: een GeoJSON-Polygon of -MultiPolygon in lengte- en breedtegraden."
        raise Refused(Fault("zaakgeometrie.within", "invalid", words))
    # Heavy, and needed by few: not by every worker from the start.
    from shapely import prepare  # type: ignore[import-untyped]
    from shapely.geometry import shape  # type: ignore[import-untyped]

    wanted = shape(area)
    if not wanted.is_valid:
        raise Refused(Fault("zaakgeometrie.within", "invalid", "Dit vlak kruist zichzelf."))
    prepare(wanted)
    west, south, east, north = box(area)
    places = list(rows.exclude(zaakgeometrie=None).values_list("pk", "zaakgeometrie")[: MOST_LOOKED_AT + 1])
    if len(places) > MOST_LOOKED_AT:
        words = f"Er zijn meer dan {MOST_LOOKED_AT} zaken met een plaats; zoek ook op zaaktype of datum."
        raise Refused(Fault("zaakgeometrie.within", "too-many", words))
    found: list[UUID] = []
    for id, place in places:
        if place is not None:
            w, s, e, n = box(place)
            if west <= w and e <= east and south <= s and n <= north and wanted.contains(shape(place)):
                found.append(id)
    return found
