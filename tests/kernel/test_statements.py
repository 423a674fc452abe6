"""A statement that was put together once says, and finds, what its queryset would have."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.db.transaction import TransactionManagementError
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from raadhuis.cases.models import Status, Zaak, ZaakTeam
from raadhuis.journal.models import Event
from raadhuis.kernel import ids
from raadhuis.kernel.statements import Given, Statement, insert, insert_many, update
from raadhuis.kernel.values import columns_of, values_of

pytestmark = pytest.mark.django_db
MADE = datetime(2026, 11, 27, 9, 30, 15, 250_000, tzinfo=UTC)


def zaak(number: int, **more: Any) -> Zaak:
    return Zaak(
        id=ids.uuid7(),
        identificatie=f"2026-{number}",
        bronorganisatie="000000000",
        verantwoordelijke_organisatie="000000000",
        zaaktype=ids.uuid7(),
        registratiedatum=date(2026, 11, 27),
        startdatum=date(2026, 11, 1) + timedelta(days=number),
        made=MADE + timedelta(seconds=number),
        submission=ids.uuid7(),
        **more,
    )


@pytest.fixture
def zaken() -> list[Zaak]:
    rows = [zaak(number, zaakgeometrie={"type": "Point"} if number else None) for number in range(3)]
    insert(*rows)
    insert(*(Status(zaak=row, statustype=ids.uuid7(), key="nieuw", datum_status_gezet=MADE) for row in rows[:2]))
    return rows


def _asked(ask: Any) -> tuple[list[Any], list[str]]:
    with CaptureQueriesContext(connection) as heard:
        found = list(ask())
    return found, [query["sql"] for query in heard.captured_queries]


def test_it_finds_and_says_what_the_queryset_would(zaken: list[Zaak]) -> None:
    told = Status.objects.filter(zaak=OuterRef("pk"), datum_status_gezet__gte=MADE)
    asked: list[tuple[Any, Any]] = [
        (lambda day: Zaak.objects.filter(startdatum=day), date(2026, 11, 2)),
        (lambda one: Zaak.objects.filter(id=one).values_list("id", "made", "startdatum"), zaken[1].id),
        (lambda when: Zaak.objects.filter(made__gt=when).order_by("-made").values_list("id", flat=True), MADE),
        (lambda one: Status.objects.filter(zaak=one).select_related("zaak"), zaken[0].id),
        (lambda number: Zaak.objects.annotate(told=Exists(told)).filter(identificatie__gte=number), "2026-1"),
    ]
    for build, value in asked:
        statement: Statement[Any] = Statement(lambda build=build: build(Given("value")).order_by("-id"))  # type: ignore[misc]
        plain, said = _asked(lambda build=build, value=value: build(value).order_by("-id"))
        for _ in range(2):
            found, again = _asked(lambda statement=statement, value=value: statement.all(value=value))
            assert found == plain and found
            assert [sql.replace("(", "").replace(")", "") for sql in again] == [
                sql.replace("(", "").replace(")", "") for sql in said
            ]


def test_rows_are_whole(zaken: list[Zaak]) -> None:
    related = Statement(lambda: Status.objects.filter(zaak=Given("zaak")).select_related("zaak"))
    counted = Statement(lambda: Zaak.objects.filter(id=Given("zaak")).annotate(x=Exists(Status.objects.all())))
    with CaptureQueriesContext(connection) as heard:
        status, row = related.first(zaak=zaken[1].id), counted.first(zaak=zaken[1].id)
        assert status is not None and row is not None
        assert (status.zaak.identificatie, status.datum_status_gezet) == ("2026-1", MADE)
        assert (row.zaakgeometrie, bool(row.x)) == ({"type": "Point"}, True)  # type: ignore[attr-defined]
    assert len(heard) == 2
    assert related.first(zaak=zaken[2].id) is None


def test_a_value_is_never_part_of_the_sql(zaken: list[Zaak]) -> None:
    by_number = Statement(lambda: Zaak.objects.filter(identificatie=Given("number")))
    assert by_number.first(number="2026-1") == zaken[1]
    assert by_number.first(number="' OR 1=1 --") is None
    with pytest.raises(KeyError):
        by_number.all()


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_within_a_transaction_only() -> None:
    locked = Statement(lambda: Zaak.objects.select_for_update().filter(id=Given("zaak")))
    with transaction.atomic():
        assert locked.first(zaak=ids.uuid7()) is None
    with pytest.raises(TransactionManagementError):
        locked.first(zaak=ids.uuid7())


def test_rows_are_written_as_the_models_themselves_would() -> None:
    ours, theirs = zaak(7, zaakgeometrie={"type": "Point", "coordinates": [5.1, 52.1]}), zaak(8)
    with CaptureQueriesContext(connection) as heard:
        insert(ours, theirs)
    assert len(heard) == 1
    theirs.delete()
    theirs.id = ids.uuid7()
    theirs.save(force_insert=True)
    read = {row.identificatie: row for row in Zaak.objects.all()}
    for one in (ours, theirs):
        for field in Zaak._meta.concrete_fields:
            assert getattr(read[one.identificatie], field.attname) == getattr(one, field.attname), field.name
    assert not ours._state.adding
    ours.omschrijving, ours.einddatum, ours.toelichting = "anders", date(2026, 12, 1), "niet bewaard"
    update(ours, "omschrijving", "einddatum")
    again = Zaak.objects.get(id=ours.id)
    assert (again.omschrijving, again.einddatum, again.toelichting) == ("anders", date(2026, 12, 1), "")


def test_a_number_that_the_database_makes_is_left_to_it() -> None:
    for kind in ("case.created", "case.closed"):
        insert(Event(time=MADE, kind=kind, kind_version=1, subjects="{}", data="{}", service_version=None))
    first, second = Event.objects.filter(time=MADE).order_by("sequence")
    assert (first.kind, second.kind) == ("case.created", "case.closed")
    assert first.sequence < second.sequence


def test_what_is_there_already_stays(zaken: list[Zaak]) -> None:
    row = ZaakTeam(zaak=zaken[0], team="vergunningen")
    insert(row, unless_there=True)
    insert(ZaakTeam(zaak=zaken[0], team="vergunningen"), unless_there=True)
    assert ZaakTeam.objects.filter(zaak=zaken[0]).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(ZaakTeam(zaak=zaken[0], team="vergunningen"))


def test_what_the_driver_is_given_is_what_the_fields_themselves_would_give() -> None:
    """Every column of every table, with a value of its kind, a strange one where there may be one, and none."""
    moment = datetime(2026, 11, 27, 23, 30, 15, 250_000, tzinfo=UTC)
    samples: dict[type[Any], tuple[Any, ...]] = {
        models.UUIDField: (ids.uuid7(), str(ids.uuid7())),
        models.DateTimeField: (moment,),
        models.DateField: (moment.date(), "2026-11-27", moment),
        models.JSONField: ({"a": [1, None]}, "text", 3),
        models.BooleanField: (True, False),
        models.IntegerField: (7, "7"),
        models.BinaryField: (b"\x00\x01", memoryview(b"ab")),
        models.CharField: ("é", 5),
        models.TextField: ("'; --", 5),
    }
    seen = set()
    for model in apps.get_models():
        for column in columns_of(model, connection):
            field = column.field
            if getattr(field, "auto_now", False):
                continue
            while isinstance(field, models.ForeignKey):
                field = field.target_field
            kind = next(kind for kind in samples if isinstance(field, kind))
            seen.add(kind)
            for value in (*samples[kind], None):
                row = model()
                setattr(row, column.name, value)
                (given,) = values_of(row, [column], connection, adding=True)
                meant = column.field.get_db_prep_save(value, connection)
                assert _plain(given) == _plain(meant), (model, column.name, value)
    assert seen == set(samples)


def _plain(value: Any) -> Any:
    """What the driver wraps, unwrapped."""
    return bytes(value) if isinstance(value, memoryview) else getattr(value, "obj", value)


def test_a_moment_without_its_zone_is_not_written() -> None:
    row = zaak(1)
    row.made = datetime(2026, 11, 27, 9, 30)
    with pytest.raises(ValueError, match="zone"):
        insert_many([row])


def test_very_many_rows_are_written_as_one_by_one() -> None:
    rows = [zaak(number, processobject={"naam": "x"} if number else None) for number in range(300)]
    rows[7].toelichting = "tab\t, regel\n, \\N, é en 'aanhaling'"
    with CaptureQueriesContext(connection) as heard:
        insert_many(rows)
        insert_many([])
    assert len(heard) <= 1
    read = Zaak.objects.in_bulk([row.id for row in rows])
    for one in rows:
        for field in Zaak._meta.concrete_fields:
            assert getattr(read[one.id], field.attname) == getattr(one, field.attname), field.name
        assert not one._state.adding
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(rows[:1])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite chooses the index whatever it knows of a table")
def test_a_new_case_is_counted_without_a_walk_past_the_others(zaken: list[Zaak]) -> None:
    """Of so many cases, and told so, that PostgreSQL would rather not read them all."""
    insert_many([zaak(number) for number in range(10, 310)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_zaak")
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned('cases_zaak'::regclass)")
        before = cursor.fetchone()
        insert(*(zaak(number) for number in range(310, 320)))
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned('cases_zaak'::regclass)")
        assert cursor.fetchone() == before
