"""A town's cases in bulk: cases that were really played, copied with ids, numbers, people and dates of their own.

In: how many cases. Out: that many, with everything that hangs on them (statuses, roles, tasks, decisions, documents,
messages, applications, outbox, journal), in the real tables.
Always holds: a copy differs from what it was copied from in every id that is its own, in its number, in who applied and
in when; what is encrypted is the same and still opens. Closed cases lie up to two years back, open ones up to ten days.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

Row = tuple[Any, ...]
Change = Callable[[Any, int], Any]
TEMPLATES, OPEN_REPORTS, OPEN_PERMITS = 32, 5, 3
MOST_COPIES = 2500
CLOSED_SPAN, OPEN_SPAN = timedelta(days=700), timedelta(days=10)
# Parents before children; by which column a row belongs to a case.
TABLES = (
    ("cases.Zaak", "id"),
    ("intake.Application", "id"),
    ("cases.CaseData", "zaak_id"),
    ("cases.ZaakTeam", "zaak_id"),
    ("cases.Status", "zaak_id"),
    ("cases.Resultaat", "zaak_id"),
    ("cases.Rol", "zaak_id"),
    ("cases.Besluit", "zaak_id"),
    ("cases.EnkelvoudigInformatieObject", "id"),
    ("cases.ZaakInformatieObject", "zaak_id"),
    ("cases.BesluitInformatieObject", "besluit_id"),
    ("cases.Task", "zaak_id"),
    ("cases.Message", "zaak_id"),
    ("cases.DecisionRecord", "zaak_id"),
    ("journal.Outbox", "zaak"),
    ("journal.Event", "zaak"),
)
HASHED = {"applicant", "follow_code", "same_case", "lookup", "owner"}
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Town:
    """Cases that were really played, and as many copies of them as are asked for."""

    def __init__(self) -> None:
        from raadhuis.cases.models import Zaak
        from raadhuis.site.example import play

        play.past(TEMPLATES, seed=7)
        _leave_open()
        self._families = [_family(zaak) for zaak in Zaak.objects.order_by("id")]
        self._copies = 0

    def grow(self, count: int) -> int:
        """Copies until there are `count` cases (≤ 100,000); how many there are."""
        wanted = -(-count // len(self._families)) - 1
        with transaction.atomic():
            for first in range(wanted, self._copies, -100):  # Some thousand rows at a time.
                self._copy(range(first, max(first - 100, self._copies), -1))
        self._copies = max(wanted, self._copies)
        _account_for()
        return (self._copies + 1) * len(self._families)

    def _copy(self, numbers: range) -> None:
        for label, _ in TABLES:
            rows = (row for number in numbers for family in self._families for row in family.copy(label, number))
            _insert(apps.get_model(label), rows)


def _leave_open() -> None:
    """Some cases that came in today: reports, and permits that a person must look at."""
    from raadhuis.intake.state import Person
    from raadhuis.kernel import clock, ids
    from raadhuis.site import runner
    from raadhuis.site.example.filler import apply

    report = {
        "categorie": "weg",
        "plek": {"lat": 52.1017, "lon": 5.099, "description": "Op de stoep"},
        "gevaar": False,
        "omschrijving": "Er ligt een tegel los.",
        "email": "melder@voorbeeld.example",
    }
    permit = {
        "kenteken": "G123RT",
        "eigenaar": "ander",
        "verklaring": [{"name": "verklaring.pdf"}],
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "bewoner@voorbeeld.example",
    }
    for _ in range(OPEN_REPORTS):
        apply("melding-openbare-ruimte", Person(kind="anonymous", pseudonym=ids.uuid7().hex), report)
    for _ in range(OPEN_PERMITS):
        apply("parkeervergunning", resident("joris"), permit)
    runner.deliver()


def resident(who: str) -> Any:
    """One of the stand-ins' residents, logged in."""
    from raadhuis.adapters.standins.people import RESIDENTS
    from raadhuis.cases.actions import applicant_hash
    from raadhuis.intake.state import Person
    from raadhuis.kernel import privacy

    one = next(r for r in RESIDENTS if r.id == who)
    return Person(
        kind="resident",
        pseudonym=privacy.pseudonym_for("bsn", one.bsn),
        owner=applicant_hash(one.bsn),
        bsn=one.bsn,
        name=one.name,
        level="substantial",
    )


def give(lookup: str, count: int) -> None:
    """Makes `count` cases those of one applicant: half of them closed."""
    from raadhuis.cases.models import Zaak

    for closed in (True, False):
        rows = Zaak.objects.exclude(applicant="").filter(einddatum__isnull=not closed).order_by("-id")
        chosen = list(rows.values_list("id", flat=True)[: count // 2])
        Zaak.objects.filter(id__in=chosen).update(applicant=lookup)


class _Family:
    """A case with all its rows, ready to be copied. `own` holds the ids that a copy must not share."""

    def __init__(self, rows: dict[str, list[Row]], own: set[UUID], *, closed: bool) -> None:
        self._span = CLOSED_SPAN if closed else OPEN_SPAN
        self._own, self._rows = own, rows
        self._plans = {label: _plan(apps.get_model(label)) for label in rows}

    def copy(self, label: str, number: int) -> Iterator[Row]:
        """The rows of copy `number` (≥ 1) in one table."""
        back = self._span * number / MOST_COPIES
        plan = self._plans[label]
        for row in self._rows[label]:
            fresh = list(row)
            for index, kind in plan:
                if fresh[index] is not None:
                    fresh[index] = self._changed(kind, fresh[index], back, number)
            yield tuple(fresh)

    def _changed(self, kind: str, value: Any, back: timedelta, number: int) -> Any:
        if kind == "id":
            return self._moved(value, back)
        if kind == "moment":
            return _written(_moment(value) - back)
        if kind == "day":
            return _written(_day(value) - timedelta(days=back.days))
        if kind == "hash":
            return hashlib.sha256(f"{value}{number}".encode()).hexdigest() if value else value
        return f"{str(value)[:5]}{_code(value, number)}"

    def _moved(self, value: Any, back: timedelta) -> Any:
        found = value if isinstance(value, UUID) else UUID(value)
        if found not in self._own:
            return value
        # The first 48 bits are milliseconds: an id as if it had been made so much earlier.
        moved = UUID(int=found.int - (int(back.total_seconds() * 1000) << 80))
        return moved if isinstance(value, UUID) else moved.hex


def _family(zaak: Any) -> _Family:
    # Looked up by what the rows name each other by, which is the way a case is put together.
    from raadhuis.cases.models import Besluit, BesluitInformatieObject, ZaakInformatieObject

    documents = list(ZaakInformatieObject.objects.filter(zaak=zaak).values_list("informatieobject_id", flat=True))
    besluiten = list(Besluit.objects.filter(zaak=zaak).values_list("id", flat=True))
    documents += BesluitInformatieObject.objects.filter(besluit__in=besluiten).values_list(
        "informatieobject_id", flat=True
    )
    wanted: dict[str, list[UUID]] = {
        "intake.Application": [zaak.submission],
        "cases.EnkelvoudigInformatieObject": list(set(documents)),
        "cases.BesluitInformatieObject": besluiten,
    }
    rows: dict[str, list[Row]] = {}
    own: set[UUID] = {zaak.submission}
    for label, column in TABLES:
        model = apps.get_model(label)
        kept = {f"{column}__in": wanted.get(label, [zaak.id])}
        found = model._default_manager.filter(**kept)
        own |= {pk for pk in found.values_list("pk", flat=True) if isinstance(pk, UUID)}
        if label == "journal.Event":
            own |= set(found.values_list("id", flat=True))
        rows[label] = _raw(model, found)
    return _Family(rows, own, closed=zaak.einddatum is not None)


def _columns(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField | models.BigAutoField)]


def _raw(model: type[models.Model], found: models.QuerySet[Any]) -> list[Row]:
    """The rows as the database has them, without what it numbers itself."""
    names = ", ".join(f'"{f.column}"' for f in _columns(model))
    keys = list(found.values_list("pk", flat=True))
    pk = model._meta.pk
    if not keys or pk is None:
        return []
    prepared = [pk.get_db_prep_value(key, connection) for key in keys]
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(prepared))
        cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}" WHERE "{pk.column}" IN ({marks})', prepared)
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


def _plan(model: type[models.Model]) -> list[tuple[int, str]]:
    """Which columns of a copy differ, and how."""
    plan = []
    for index, field in enumerate(_columns(model)):
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        if isinstance(target, models.UUIDField):
            plan.append((index, "id"))
        elif isinstance(field, models.DateTimeField):
            plan.append((index, "moment"))
        elif isinstance(field, models.DateField):
            plan.append((index, "day"))
        elif field.name in HASHED:
            plan.append((index, "hash"))
        elif field.name == "identificatie":
            plan.append((index, "number"))
    return plan


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _day(value: Any) -> date:
    found = value if isinstance(value, date) else date.fromisoformat(value)
    return found if found.year < 9000 else date(9000, 1, 1)


def _written(value: datetime | date) -> Any:
    if connection.vendor == "postgresql":
        return value
    return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()


def _code(value: str, number: int) -> str:
    """Seven characters that no other copy has: five of the number, after two of what it was copied from."""
    digits = ""
    for _ in range(5):
        number, rest = divmod(number, len(_ALPHABET))
        digits += _ALPHABET[rest]
    return str(value)[5:9] + digits


def _insert(model: type[models.Model], rows: Iterator[Row]) -> None:
    names = ", ".join(f'"{f.column}"' for f in _columns(model))
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        words = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
        with connection.connection.cursor() as cursor, cursor.copy(words) as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["?"] * len(_columns(model)))
    connection.ensure_connection()
    connection.connection.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', rows)


def _account_for() -> None:
    """What the databases do by themselves as rows trickle in: count the tables, and empty the write-ahead log."""
    words = "VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)"
    with connection.cursor() as cursor:
        cursor.execute(words)
