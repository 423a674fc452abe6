"""Identifiers, number plates, texts in two languages, problems, and the durable transaction itself."""

import threading
import time
import uuid

import pytest
from django.db import IntegrityError, OperationalError, connection
from hypothesis import given
from hypothesis import strategies as st

from raadhuis.kernel import ids, plates
from raadhuis.kernel.db import current_unit, durable, in_durable
from raadhuis.kernel.models import Pseudonym
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow, Problem, TooMany, Unavailable
from raadhuis.kernel.texts import Text, fill, places


def test_identifiers_come_in_order_and_are_uuids_of_version_7() -> None:
    made = [ids.uuid7() for _ in range(5000)]
    assert made == sorted(made) and len(set(made)) == len(made)
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    milliseconds = made[-1].int >> 80
    assert abs(milliseconds - time.time_ns() // 1_000_000) < 5000


def test_threads_never_make_the_same_identifier_and_each_sees_its_own_in_order() -> None:
    made: dict[int, list[uuid.UUID]] = {}
    ready = threading.Barrier(8)

    def work(number: int) -> None:
        ready.wait()
        made[number] = [ids.uuid7() for _ in range(2000)]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [one for several in made.values() for one in several]
    assert len(set(everything)) == 16_000
    assert len({one.int >> 64 for one in everything}) == 16_000, "the first half alone orders: no two are the same"
    assert all(several == sorted(several) for several in made.values())


def test_a_code_can_be_read_aloud_and_typed_carelessly() -> None:
    codes = {ids.read_aloud_code(10) for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(codes)) <= set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
    code = ids.read_aloud_code(8)
    assert ids.normalise_code(f" {code[:4].lower()}-{code[4:]} ") == code
    assert len(ids.normalise_code("A" * 5000)) == 64


PLATES = {
    "AB1234": "AB-12-34",
    "1234AB": "12-34-AB",
    "12AB34": "12-AB-34",
    "AB12CD": "AB-12-CD",
    "ABCD12": "AB-CD-12",
    "12ABCD": "12-AB-CD",
    "12ABC3": "12-ABC-3",
    "1ABC23": "1-ABC-23",
    "AB123C": "AB-123-C",
    "A123BC": "A-123-BC",
    "ABC12D": "ABC-12-D",
    "A12BCD": "A-12-BCD",
    "1AB234": "1-AB-234",
    "123AB4": "123-AB-4",
    "CD123": "CD-123",
    "CDJ45": "CDJ-45",
}


@pytest.mark.parametrize(("plate", "written"), PLATES.items())
def test_every_form_of_plate_is_known_and_written_with_its_hyphens(plate: str, written: str) -> None:
    assert plates.is_plate(plate)
    assert plates.written(plate) == written
    for typed in (written, written.lower(), written.replace("-", " "), f" {plate}\n", written.replace("-", ".")):
        assert plates.normalise(typed) == plate


@pytest.mark.parametrize(
    "typed", ["", "A", "ABCDEF", "123456", "AB12345", "A1B2C3", "AB-12-3", "ÀB1234", "AB１234", "AB1234;", "XX-9-XX-9"]
)
def test_what_is_no_plate_is_none(typed: str) -> None:
    assert not plates.is_plate(plates.normalise(typed))


@given(st.text(max_size=30))
def test_any_text_can_be_asked_whether_it_is_a_plate(typed: str) -> None:
    plate = plates.normalise(typed)
    if plates.is_plate(plate):
        assert plates.normalise(plates.written(plate)) == plate
        assert plate.isascii() and plate.isalnum()


def test_a_text_falls_back_on_dutch() -> None:
    assert Text("ja", "yes").in_("en") == "yes"
    assert Text("ja", "yes").in_("nl") == Text("ja").in_("en") == Text("ja", "yes").in_("fr") == "ja"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Beste {naam}", "Beste Fatima"),
        ("{naam}{naam} {adres.straat}", "FatimaFatima Kade"),
        ("{weg} en {naam}", "… en Fatima"),
        ("{naam.__class__} {0} {} {naam!r} {naam:>10}", "… {0} {} {naam!r} {naam:>10}"),
        ("{lus}", "{naam}"),
    ],
)
def test_places_in_a_text_are_filled_once_and_nothing_else_is_run(text: str, filled: str) -> None:
    assert fill(text, {"naam": "Fatima", "adres.straat": "Kade", "lus": "{naam}"}) == filled


@given(st.text(max_size=80))
def test_filling_never_raises_and_leaves_a_text_without_places_alone(text: str) -> None:
    found = places(text)
    assert (fill(text, {}) == text) or found


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (Problem(), 400),
        (Absent(), 404),
        (NotAllowed(), 403),
        (NotNow(), 409),
        (Invalid({"naam": "Vul in."}), 422),
        (TooMany(retry_after=9), 429),
        (Unavailable(), 503),
    ],
)
def test_every_problem_has_its_status_and_the_members_of_rfc_9457(problem: Problem, status: int) -> None:
    told = problem.as_json()
    assert told["status"] == problem.status == status
    assert {"type", "title", "status", "detail"} <= set(told) and all(told.values())
    assert str(told["type"]).endswith(str(told["code"]))


def test_an_invalid_says_what_per_field() -> None:
    problem = Invalid({"naam": "Vul in.", "adres": "Ook."})
    assert problem.detail == "Vul in.; Ook."
    assert problem.as_json()["fields"] == {"naam": "Vul in.", "adres": "Ook."}


@pytest.mark.django_db
def test_a_durable_transaction_keeps_all_or_nothing_and_is_never_nested() -> None:
    steps: list[str] = []
    with durable() as unit:
        assert in_durable() and current_unit() is unit
        unit.before_commit(lambda: steps.append("last"))
        with pytest.raises(RuntimeError, match="nested"), durable():
            steps.append("never")
        Pseudonym.objects.create(kind="t", lookup="l", pseudonym="kept")
        steps.append("first")
    assert steps == ["first", "last"] and not in_durable()
    with pytest.raises(ZeroDivisionError), durable() as unit:
        Pseudonym.objects.create(kind="t", lookup="m", pseudonym="gone")
        unit.before_commit(lambda: steps.append(str(1 / 0)))
    assert not in_durable() and not Pseudonym.objects.filter(pseudonym="gone").exists()
    assert Pseudonym.objects.filter(pseudonym="kept").exists()
    with pytest.raises(RuntimeError, match="not inside"):
        current_unit()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (OSError(28, "No space left on device"), Unavailable),
        (OSError(2, "No such file"), OSError),
        (IntegrityError("UNIQUE"), IntegrityError),
    ],
)
def test_a_failure_that_passes_asks_to_try_again_and_a_fault_stays_a_fault(
    error: Exception, answer: type[Exception]
) -> None:
    with pytest.raises(answer), durable():
        raise error


@pytest.mark.django_db
def test_a_locked_database_asks_to_try_again() -> None:
    with pytest.raises(Unavailable) as refused, durable():
        raise OperationalError("database is locked" if connection.vendor == "sqlite" else "server closed")
    assert refused.value.retry_after > 0
