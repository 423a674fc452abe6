"""What an applicant pointed out or drew on the map.

In: a definition and the answers of a case. Out: geometries, in the order of the form, also those inside groups.
Always holds: a place that was told in words is not among them.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from raadhuis.catalogue.questions import GroupQuestion, PlaceQuestion
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel.geometry import Geometry, geometry_of

MOST: Final = 100
"""Geometries that one map shows."""


def drawings(definition: Definition, answers: Mapping[str, Any]) -> list[Geometry]:
    """What was pointed out or drawn, for a map."""
    return list(islice(_all(definition, answers), MOST))


def whereabouts(definition: Definition, answers: Mapping[str, Any]) -> Geometry | None:
    """Where a case is: the first place that was pointed out or drawn."""
    return next(_all(definition, answers), None)


def _all(definition: Definition, answers: Mapping[str, Any]) -> Iterator[Geometry]:
    for page in definition.pages:
        for question in page.questions:
            if isinstance(question, PlaceQuestion):
                yield from _one(answers.get(question.id))
            if isinstance(question, GroupQuestion):
                places = [part.id for part in question.questions if isinstance(part, PlaceQuestion)]
                for row in answers.get(question.id) or []:
                    for place in places:
                        yield from _one(row.get(place))


def _one(place: Any) -> Iterator[Geometry]:
    geometry = geometry_of(place) if isinstance(place, Mapping) else None
    if geometry is not None:
        yield geometry
