"""Time as the law counts it: Dutch dates, holidays, working days, terms (Algemene termijnenwet)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raadhuis.kernel import clock
from raadhuis.kernel.clock import Term

# From the calendars of these years, as published by the Rijksoverheid; not computed.
HOLIDAYS = {
    2024: ["01-01", "03-29", "03-31", "04-01", "04-27", "05-05", "05-09", "05-19", "05-20", "12-25", "12-26"],
    2025: ["01-01", "04-18", "04-20", "04-21", "04-26", "05-05", "05-29", "06-08", "06-09", "12-25", "12-26"],
    2026: ["01-01", "04-03", "04-05", "04-06", "04-27", "05-05", "05-14", "05-24", "05-25", "12-25", "12-26"],
    2027: ["01-01", "03-26", "03-28", "03-29", "04-27", "05-05", "05-06", "05-16", "05-17", "12-25", "12-26"],
}
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize("year", sorted(HOLIDAYS))
def test_the_recognised_holidays_are_those_of_the_calendar(year: int) -> None:
    assert sorted(clock.holidays(year)) == [date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year]]


@pytest.mark.parametrize(("year", "day"), [(2025, 26), (2031, 26), (2036, 26), (2026, 27), (2030, 27)])
def test_koningsdag_on_a_sunday_is_kept_on_the_day_before(year: int, day: int) -> None:
    april = {d.day for d in clock.holidays(year) if d.month == 4 and d.day >= 26}
    assert day in april and ({26, 27} - {day}).isdisjoint(april)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2026-11-24", Term(weeks=8), "2027-01-19"),
        ("2026-10-30", Term(weeks=8), "2026-12-28"),  # Eight weeks end on Christmas, and then comes a weekend.
        ("2026-11-02", Term(weeks=6), "2026-12-14"),
        ("2026-11-07", Term(weeks=6), "2026-12-21"),  # A Saturday runs on to Monday.
        ("2025-03-20", Term(days=29), "2025-04-22"),  # Good Friday, Easter, Easter Monday: the Tuesday.
        ("2026-01-31", Term(months=1), "2026-03-02"),  # The last of February is a Saturday.
        ("2024-01-31", Term(months=1), "2024-02-29"),
        ("2026-12-23", Term(working_days=2), "2026-12-28"),
        ("2026-05-01", Term(working_days=1), "2026-05-04"),
        ("2026-05-04", Term(working_days=1), "2026-05-06"),  # 5 May lies between.
        ("2026-11-24", Term(weeks=1, working_days=3), "2026-12-04"),
        ("2026-08-05", Term(weeks=12), "2026-10-28"),
        ("2026-08-08", Term(weeks=12), "2026-11-02"),  # A Saturday.
        ("2026-08-08", Term(weeks=13), "2026-11-07"),  # A Saturday too, of a term too long to run on.
        ("2026-01-31", Term(months=3), "2026-04-30"),
        ("2026-02-01", Term(months=3), "2026-05-01"),
        ("2025-08-31", Term(months=6), "2026-02-28"),  # A Saturday.
        ("2026-01-01", Term(days=90), "2026-04-01"),
        ("2026-01-04", Term(days=91), "2026-04-05"),  # Easter.
    ],
)
def test_a_term_ends_where_the_law_says(start: str, term: Term, end: str) -> None:
    assert term.end(date.fromisoformat(start)).isoformat() == end


@given(DAYS, st.integers(0, 12), st.integers(0, 90), st.integers(0, 3), st.integers(0, 100))
def test_no_term_ends_on_a_day_off(start: date, weeks: int, days: int, months: int, working: int) -> None:
    if not any((weeks, days, months, working)):
        return
    end = Term(weeks=weeks, days=days, months=months, working_days=working).end(start)
    assert clock.is_working_day(end) and end > start


@given(DAYS, st.integers(0, 300))
def test_adding_working_days_and_counting_them_are_each_others_inverse(start: date, count: int) -> None:
    end = clock.add_working_days(start, count)
    assert clock.working_days_between(start, end) == count
    assert clock.working_days_between(end, start) == -count
    assert count == 0 or clock.is_working_day(end)


@given(DAYS)
def test_the_next_working_day_skips_days_off_only(day: date) -> None:
    found = clock.next_working_day(day)
    assert clock.is_working_day(found)
    assert all(not clock.is_working_day(day + timedelta(days=n)) for n in range((found - day).days))


@pytest.mark.parametrize(
    "term",
    [
        {},
        {"weeks": -1},
        {"days": 5, "months": -1},
        {"weeks": 5201},
        {"months": 10**9},
        {"days": 10**15},
        {"working_days": 2001},
    ],
)
def test_a_term_of_nothing_of_less_than_nothing_or_of_more_than_a_century_is_none(term: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="term"):
        Term(**term)


@pytest.mark.parametrize("count", [-1, 2001])
def test_a_term_has_bounds(count: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        clock.add_working_days(date(2026, 1, 1), count)


def test_too_long_a_period_is_not_counted() -> None:
    with pytest.raises(ValueError, match="too long"):
        clock.working_days_between(date(1900, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-30T21:59:00", "2026-06-30"),
        ("2026-06-30T22:01:00", "2026-07-01"),  # Summer time: two hours ahead.
        ("2026-12-31T22:59:00", "2026-12-31"),
        ("2026-12-31T23:01:00", "2027-01-01"),
    ],
)
def test_a_date_is_a_date_in_amsterdam(moment: str, day: str) -> None:
    with clock.at(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        assert clock.today().isoformat() == day


def test_the_clock_of_a_simulation_runs_on_and_is_put_back() -> None:
    then = datetime(2020, 2, 3, 12, tzinfo=UTC)
    real = clock.now()
    with clock.at(then):
        assert timedelta() <= clock.now() - then < timedelta(seconds=5)
        with clock.at(then - timedelta(days=1000)):
            assert clock.today().year == 2017
        assert clock.today().year == 2020
    assert timedelta() <= clock.now() - real < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("term", "iso"),
    [
        (Term(weeks=8), "P56D"),
        (Term(months=12), "P12M"),
        (Term(working_days=5), "P7D"),
        (Term(working_days=2), "P3D"),
        (Term(months=1, days=3), "P1M3D"),
    ],
)
def test_a_term_reads_as_an_iso_duration(term: Term, iso: str) -> None:
    assert term.iso() == iso


@pytest.mark.parametrize(
    ("term", "first", "last"),
    [
        (Term(months=12), date(2026, 12, 2), date(2027, 12, 1)),
        (Term(months=12), date(2026, 6, 6), date(2027, 6, 5)),  # A Saturday: validity is no term that runs on.
        (Term(weeks=1), date(2026, 11, 25), date(2026, 12, 1)),
        (Term(days=1), date(2026, 11, 25), date(2026, 11, 25)),
    ],
)
def test_a_period_holds_its_first_and_its_last_day(term: Term, first: date, last: date) -> None:
    assert term.last_day(first) == last
