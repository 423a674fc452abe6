"""From a line of JSON to rows that are not saved yet.

In: a line. Out: the case and what comes along with it, every part sound by the rules of its own resource; or Refused,
with its faults named within the line.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import orjson

from raadhuis.cases.models import Resultaat, Status, Zaak
from raadhuis.cases.trail import Change
from raadhuis.cases.zrc import shapes
from raadhuis.cases.zrc.actions import children, common, making
from raadhuis.cases.zrc.actions.zaken import unsaved
from raadhuis.clients.schema import Asker
from raadhuis.kernel.documents import localised
from raadhuis.kernel.shapes import Fault, Refused

MOST_LINE_BYTES = 1024 * 1024
# What may come with a case, by the name of its resource.
PARTS = {
    "rollen": "rollen",
    "eigenschappen": "zaakeigenschappen",
    "objecten": "zaakobjecten",
    "resultaat": "resultaten",
}


class Part(NamedTuple):
    """Something that hangs on the case: of which resource, as it was sent, as a row, at which address."""

    resource: str
    values: dict[str, Any]
    row: Any
    where: str


class Line(msgspec.Struct):
    """A line on its way in."""

    number: int
    zaak: Zaak
    values: dict[str, Any]
    parts: list[Part] = []
    statuses: list[dict[str, Any]] = []
    """As they were sent, in order of time."""
    set_statuses: list[Status] = []
    changes: list[Change] = []
    """For the trail."""
    told: list[tuple[str, dict[str, object] | None]] = []
    """For the journal: what happened after the case was made."""

    def rows(self, resource: str) -> list[Any]:
        """The rows of one resource."""
        return [part.row for part in self.parts if part.resource == resource]

    @property
    def result(self) -> Resultaat | None:
        """The result that came along."""
        return next(iter(self.rows("resultaten")), None)


class Taken:
    """The numbers and ids of a batch of lines that are cases already."""

    def __init__(self, zaken: Iterable[Mapping[str, Any]]) -> None:
        named = list(zaken)
        numbers = {
            number for one in named if isinstance(number := one.get("identificatie"), str) and "\0" not in number
        }
        ids = [id for one in named if (id := _uuid(one.get("uuid"))) is not None]
        rows = Zaak.objects.filter(identificatie__in=numbers - {""})
        self._numbers = set(rows.values_list("bronorganisatie", "identificatie"))
        self._ids = set(Zaak.objects.filter(pk__in=ids).values_list("pk", flat=True))

    def require_free(self, bronorganisatie: str, identificatie: str, uuid: UUID | None) -> None:
        """Raises Refused for a number or an id that is taken."""
        if identificatie and (bronorganisatie, identificatie) in self._numbers:
            words = "Er is al een zaak met deze identificatie bij deze organisatie."
            raise Refused(Fault("zaak.identificatie", "identificatie-niet-uniek", words))
        if uuid in self._ids:
            raise Refused(Fault("zaak.uuid", "unique", "Er is al een zaak met deze UUID."))

    def take(self, zaak: Zaak) -> None:
        """A line that comes in."""
        self._numbers.add((zaak.bronorganisatie, zaak.identificatie))
        self._ids.add(zaak.pk)


def decoded(line: bytes) -> dict[str, Any]:
    """{"zaak": …, and what hangs on it}. Raises Refused."""
    if len(line) > MOST_LINE_BYTES:
        raise Refused(Fault("nonFieldErrors", "too-large", "Deze regel is te lang."))
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Refused(Fault("nonFieldErrors", "parse_error", "Dit is geen JSON.")) from None
    if not isinstance(found, dict):
        raise Refused(Fault("nonFieldErrors", "invalid", "Hier hoort een JSON-object te staan."))
    whole = found if isinstance(found.get("zaak"), dict) else {"zaak": found}
    strange = sorted(set(whole) - {"zaak", "statussen", *PARTS})
    if strange:
        raise Refused(Fault(strange[0], "invalid", "Dit hoort niet bij een zaak in dit bestand."))
    return whole


def shaped(name: str, body: Any, host: str, within: str) -> dict[str, Any]:
    """A part of a line in the shape of a resource. Raises Refused with its faults named within the line."""
    try:
        if not isinstance(body, Mapping):
            raise Refused(Fault("nonFieldErrors", "invalid", "Hier hoort een JSON-object te staan."))
        values = shapes.sent(name, body)
    except Refused as refused:
        faults = (Fault(f"{within}{one.name}", one.code, one.reason) for one in refused.faults)
        raise Refused(*faults) from None
    return {key: localised(value, host) for key, value in values.items()}


def sound(
    number: int,
    whole: Mapping[str, Any],
    sent: dict[str, Any],
    found: Mapping[str, Any],
    by: Asker,
    host: str,
    taken: Taken,
) -> Line:
    """A line whose every part is sound. Raises Refused, NotPermitted."""
    uuid = _uuid(whole["zaak"].get("uuid"))
    if uuid is None and whole["zaak"].get("uuid") is not None:
        raise Refused(Fault("zaak.uuid", "invalid", "Dit is geen UUID."))
    taken.require_free(sent["bronorganisatie"], sent.get("identificatie", ""), uuid)
    zaak, values = unsaved(sent, by, found, number_is_free=True)
    zaak.pk = uuid or zaak.pk
    one = Line(number, zaak, values)
    address = f"{host}{common.place('zaken', zaak.pk)[1:]}"
    for name, resource in PARTS.items():
        given = whole.get(name) or []
        for place, part in enumerate(_listed(name, [given] if name == "resultaat" and given else given)):
            within = f"{name}." if name == "resultaat" else f"{name}.{place}."
            values_of = shaped(resource, _of_case(part, address), host, within)
            row = making.MAKE[resource](zaak, values_of)
            one.parts.append(Part(resource, values_of, row, children.where(resource, row)))
    for place, part in enumerate(_listed("statussen", whole.get("statussen") or [])):
        one.statuses.append(shaped("statussen", _of_case(part, address), host, f"statussen.{place}."))
    one.statuses.sort(key=lambda status: status["datumStatusGezet"])
    return one


def _listed(name: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise Refused(Fault(name, "not_a_list", "Hier hoort een lijst te staan."))
    return given


def _of_case(part: Any, address: str) -> Any:
    return {**part, "zaak": address} if isinstance(part, Mapping) else part


def _uuid(given: object) -> UUID | None:
    try:
        return UUID(str(given)) if given is not None else None
    except ValueError:
        return None
