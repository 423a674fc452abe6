"""When a closed case must be destroyed or handed over: from when the term runs, in the nine ways of the standard.

In: a case that closes, its result's type, and what hangs on it (`Around`): in the tables, or on its way in. Out:
archiefnominatie, startdatumBewaartermijn and archiefactiedatum on the row; no date where it cannot be told. Source:
API-standaard Zaken, zrc-021; ZGW Catalogi, brondatumArchiefprocedure.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from dateutil.relativedelta import relativedelta

from raadhuis.cases.models import Zaak, ZaakEigenschap, ZaakObject, ZaakRelatie
from raadhuis.cases.zrc.rendering import OBJECT
from raadhuis.cases.zrc.resolving import ZAKEN, own_id
from raadhuis.kernel import clock, privacy

_TERM = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


class Around(Protocol):
    """What hangs on a case, as far as a date may be told by it."""

    def values(self, name: str) -> Iterable[str]:
        """What its properties of this name say."""

    def objects(self, kind: str) -> Iterable[bytes]:
        """What its objects of this kind are, encrypted; empty for one that is known by its address."""

    def others(self) -> Sequence[str]:
        """The addresses of related cases."""

    def decisions(self) -> Sequence[tuple[date, date | None]]:
        """From when and until when its decisions hold."""


class _Stored:
    """What hangs on a case that is there."""

    def __init__(self, zaak: Zaak) -> None:
        self._zaak = zaak

    def values(self, name: str) -> Iterable[str]:
        return ZaakEigenschap.objects.filter(zaak=self._zaak, naam=name).values_list("waarde", flat=True)

    def objects(self, kind: str) -> Iterable[bytes]:
        rows = ZaakObject.objects.filter(zaak=self._zaak, object_type=kind)
        return (bytes(one) for one in rows.values_list("object_identificatie", flat=True))

    def others(self) -> Sequence[str]:
        return list(ZaakRelatie.objects.filter(zaak=self._zaak).values_list("andere", flat=True))

    def decisions(self) -> Sequence[tuple[date, date | None]]:
        return list(self._zaak.besluiten.values_list("ingangsdatum", "vervaldatum"))


def derive(zaak: Zaak, kind: Any, around: Around | None = None) -> None:
    """Sets what a result says of keeping, on a case with an end date; what a client set by hand stays (zrc-021).

    `around` is what hangs on a case that is not in the tables yet.
    """
    if not zaak.archiefnominatie:
        zaak.archiefnominatie = kind.archiefnominatie
    if not zaak.selectielijstklasse:
        zaak.selectielijstklasse = kind.selectielijstklasse
    start = source_date(zaak, kind, around or _Stored(zaak))
    zaak.startdatum_bewaartermijn = start
    if zaak.archiefactiedatum is None and start is not None and kind.archiefactietermijn:
        zaak.archiefactiedatum = later(start, kind.archiefactietermijn)


def forget(zaak: Zaak) -> None:
    """Takes the dates back: the case is opened again (zrc-008)."""
    zaak.einddatum, zaak.archiefnominatie = None, ""
    zaak.archiefactiedatum, zaak.startdatum_bewaartermijn = None, None


def source_date(zaak: Zaak, kind: Any, around: Around) -> date | None:
    """The brondatum; None when it cannot be told."""
    way = _WAYS.get(kind.afleidingswijze)
    return way(zaak, kind, around) if way is not None else None


def later(start: date, term: str) -> date | None:
    """A day so much later (an ISO 8601 duration); None for a term that is none or goes beyond the calendar."""
    match = _TERM.fullmatch(term)
    if match is None:
        return None
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    try:
        return start + relativedelta(years=years, months=months) + timedelta(weeks=weeks, days=days)
    except (ValueError, OverflowError):
        return None


def _day(value: object) -> date | None:
    """A day as people and systems write it: 2026-01-31, 20260131, or a moment on it."""
    if isinstance(value, datetime):
        return clock.local(value).date()
    match = _DAY.match(str(value or ""))
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _handled(zaak: Zaak, kind: Any, around: Around) -> date | None:
    return zaak.einddatum


def _whole(zaak: Zaak, kind: Any, around: Around) -> date | None:
    return zaak.hoofdzaak.einddatum if zaak.hoofdzaak is not None else None


def _property(zaak: Zaak, kind: Any, around: Around) -> date | None:
    values = around.values((kind.brondatum or {}).get("datumkenmerk", ""))
    return max((day for value in values if (day := _day(value))), default=None)


def _elsewhere(zaak: Zaak, kind: Any, around: Around) -> date | None:
    """ander_datumkenmerk: what another registration knows. A person sets it (the standard says: no date)."""
    return None


def _object(zaak: Zaak, kind: Any, around: Around) -> date | None:
    source, found = kind.brondatum or {}, []
    wanted = source.get("datumkenmerk", "")
    for sealed in around.objects(source.get("objecttype", "")):
        held = privacy.decrypt_json(OBJECT, sealed) if sealed else {}
        values = held.get("overigeData") if isinstance(held.get("overigeData"), dict) else held
        day = _day(values.get(wanted)) if isinstance(values, dict) else None
        found += [day] if day is not None else []
    return max(found, default=None)


def _term(zaak: Zaak, kind: Any, around: Around) -> date | None:
    term = (kind.brondatum or {}).get("procestermijn") or kind.procestermijn
    return later(zaak.einddatum, term) if zaak.einddatum is not None and term else None


def _related(zaak: Zaak, kind: Any, around: Around) -> date | None:
    """The latest end date of the related cases; None while one of them is open, or is not ours."""
    others = around.others()
    ids = [own_id(text, f"{ZAKEN}zaken/") for text in others]
    ends = list(Zaak.objects.filter(pk__in=[id for id in ids if id]).values_list("einddatum", flat=True))
    if not ends or len(ends) < len(others) or None in ends:
        return None
    return max(end for end in ends if end is not None)


def _from_decision(zaak: Zaak, kind: Any, around: Around) -> date | None:
    return max((since for since, _ in around.decisions()), default=None)


def _until_decision(zaak: Zaak, kind: Any, around: Around) -> date | None:
    """The latest day on which a decision ends; None while one has no end."""
    ends = [until for _, until in around.decisions()]
    return None if not ends or None in ends else max(end for end in ends if end is not None)


_WAYS: dict[str, Callable[[Zaak, Any, Around], date | None]] = {
    "afgehandeld": _handled,
    "hoofdzaak": _whole,
    "eigenschap": _property,
    "ander_datumkenmerk": _elsewhere,
    "zaakobject": _object,
    "termijn": _term,
    "gerelateerde_zaak": _related,
    "ingangsdatum_besluit": _from_decision,
    "vervaldatum_besluit": _until_decision,
}
