"""What people type becomes an answer or a sentence that helps; nothing that is typed raises."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asking import TYPES, as_controls, english, form_of, question, read
from hypothesis import given, settings
from hypothesis import strategies as st

from raadhuis.catalogue.refusals import rules_of
from raadhuis.intake.reading import Context, read_question, start_typed
from raadhuis.kernel import clock
from raadhuis.kernel.texts import Text


def day(text: str) -> dict[str, str]:
    parts = [*text.split(" "), "", ""]
    return {"q.day": parts[0], "q.month": parts[1], "q.year": parts[2]}


# Each answer is read on this day, whatever day it is: examples are made when the tests are collected, and a run may
# last past midnight.
NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def _at_noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def ahead(days: int) -> dict[str, str]:
    when = NOON + timedelta(days=days)
    return day(f"{when.day} {when.month} {when.year}")


GOOD: list[tuple[str, Any, Any, dict[str, Any]]] = [
    ("text", "  Fatima \x00 ", "Fatima", {}),
    ("text", "één\r\ntwee", "één\ntwee", {"lines": 3}),
    ("text", "1234", "1234", {"pattern": r"\d{4}"}),
    ("text", "a" * 10, "a" * 10, {"max_length": 10}),
    ("number", "12", 12, {}),
    ("number", "1.234", 1234, {}),
    ("number", "1 234", 1234, {}),
    ("number", "12,0", 12, {}),
    ("number", "1.234.567,5", 1234567.5, {"decimals": 1}),
    ("number", "1234.5", 1234.5, {"decimals": 1}),
    ("number", "-3", -3, {}),
    ("number", "0", 0, {"at_least": 0}),
    ("money", "12,50", 1250, {}),
    ("money", "€ 1.234,56", 123456, {}),
    ("money", "12.50", 1250, {}),
    ("money", "12,-", 1200, {}),
    ("money", "€12", 1200, {}),
    ("money", "0,07", 7, {}),
    ("money", "1,15", 115, {}),
    ("date", day("31 12 2026"), "2026-12-31", {}),
    ("date", day("1 3 2027"), "2027-03-01", {}),
    ("date", day("29 2 2028"), "2028-02-29", {}),
    ("date", "2026-07-04", "2026-07-04", {}),
    ("date", ahead(0), "2026-07-04", {"not_before": "today", "not_after": "today"}),
    ("datetime", day("4 7 2027") | {"q.time": "9.30"}, "2027-07-04T09:30", {}),
    ("datetime", "2027-07-04T23:59", "2027-07-04T23:59", {"not_after": "2027-07-04"}),
    ("datetime", day("4 7 2027") | {"q.time": "0:00"}, "2027-07-04T00:00", {"not_before": "2027-07-04"}),
    ("datetime", day("28 3 2027") | {"q.time": "3:00"}, "2027-03-28T03:00", {}),
    ("time", "14:30", "14:30", {}),
    ("time", "9.05", "09:05", {}),
    ("time", "0930", "09:30", {}),
    ("time", "23:59", "23:59", {}),
    ("email", " naam+x@sub.voorbeeld.nl ", "naam+x@sub.voorbeeld.nl", {}),
    ("phone", "06 1234 5678", "+31612345678", {}),
    ("phone", "+32 470 12 34 56", "+32470123456", {}),
    ("phone", "(020) 624-1111", "+31206241111", {}),
    ("iban", "nl91 abna 0417 1643 00", "NL91ABNA0417164300", {}),
    ("iban", "BE68539007547034", "BE68539007547034", {}),
    ("bsn", "9999.00.006", "999900006", {}),
    ("bsn", "999900006", "999900006", {}),
    ("bsn", "10000008", "010000008", {}),
    ("rsin", "999900171", "999900171", {}),
    ("kvk", "9999 0022", "99990022", {}),
    ("licence_plate", "gz-999-r", "GZ999R", {}),
    ("licence_plate", "AB 12 34", "AB1234", {}),
    ("yes_no", "yes", True, {}),
    ("yes_no", "no", False, {}),
    ("declaration", "on", True, {}),
    ("choice", "rood", "rood", {}),
    ("choices", {"q": ["rood", "blauw"]}, ["rood", "blauw"], {"at_least": 2}),
    (
        "address",
        {"q.postcode": "1234 ab", "q.house_number": "5", "q.house_letter": "a", "q.street": "Kade", "q.city": "Stad"},
        {"postcode": "1234AB", "house_number": 5, "house_letter": "A", "street": "Kade", "city": "Stad"},
        {},
    ),
    ("place", {"q.lat": "52.1", "q.lon": "5.1"}, {"lat": 52.1, "lon": 5.1}, {}),
    ("place", {"q.pick": "52.1,5.1", "q.q": "Kade"}, {"lat": 52.1, "lon": 5.1}, {}),
    ("place", {"q.description": "Bij de grote brug"}, {"description": "Bij de grote brug"}, {}),
    (
        "group",
        {"q.3.naam": "Friet", "q.3.breedte": "2,5", "q.3.bakt": "yes", "q.3.olie": "zonnebloem", "q.7.naam": "IJs"}
        | {"q.7.breedte": "3", "q.7.olie": "wordt niet gevraagd"},
        [
            {"naam": "Friet", "breedte": 2.5, "bakt": True, "olie": "zonnebloem"},
            {"naam": "IJs", "breedte": 3},
        ],
        {},
    ),
]


@pytest.mark.parametrize(("kind", "typed", "value", "more"), GOOD)
def test_a_good_answer_becomes_its_canonical_value(kind: str, typed: Any, value: Any, more: dict[str, Any]) -> None:
    reading = read(kind, typed, **more)
    assert reading.errors == []
    assert reading.value == value and type(reading.value) is type(value)


BAD: list[tuple[str, Any, str, dict[str, Any]]] = [
    ("text", "a" * 11, "too-long", {"max_length": 10}),
    ("text", "12a4", "pattern", {"pattern": r"\d{4}"}),
    ("text", "1234x", "pattern", {"pattern": r"\d{4}"}),
    ("number", "twaalf", "not-a-number", {}),
    ("number", "1e9", "not-a-number", {}),
    ("number", "inf", "not-a-number", {}),
    ("number", "nan", "not-a-number", {}),
    ("number", "1,2,3", "not-a-number", {}),
    ("number", "1.23.456", "not-a-number", {}),
    ("number", "0x10", "not-a-number", {}),
    ("number", "9" * 40, "not-a-number", {}),
    ("number", "1,5", "not-whole", {}),
    ("number", "0", "too-low", {"at_least": 1}),
    ("number", "101", "too-high", {"at_most": 100}),
    ("money", "12 euro", "not-an-amount", {}),
    ("money", "5,-3", "not-an-amount", {}),
    ("money", "-1", "too-low", {}),
    ("money", "10,01", "too-high", {"at_most": 1000}),
    ("date", day("30 2 2027"), "no-such-date", {}),
    ("date", day("29 2 2027"), "no-such-date", {}),
    ("date", day("31 4 2027"), "no-such-date", {}),
    ("date", day("1 13 2027"), "no-such-date", {}),
    ("date", day("0 1 2027"), "no-such-date", {}),
    ("date", day("1 januari 2027"), "no-such-date", {}),
    ("date", day("1 1 99999999999999999999"), "no-such-date", {}),
    ("date", day("1 1 2_0_2_7"), "no-such-date", {}),
    ("date", day("1 1 27"), "bad-year", {}),
    ("date", day("1 1"), "incomplete-date", {}),
    ("date", {"q.year": "2027"}, "incomplete-date", {}),
    ("date", ahead(-1), "too-early", {"not_before": "today"}),
    ("date", ahead(15), "too-late", {"not_after": "today+14"}),
    ("datetime", day("4 7 2027"), "incomplete-time", {}),
    ("datetime", {"q.time": "9:30"}, "incomplete-date", {}),
    ("datetime", day("31 6 2027") | {"q.time": "9:30"}, "no-such-date", {}),
    ("datetime", day("4 7 27") | {"q.time": "9:30"}, "bad-year", {}),
    ("datetime", day("4 7 2027") | {"q.time": "half tien"}, "not-a-time", {}),
    ("datetime", day("28 3 2027") | {"q.time": "2:30"}, "no-such-time", {}),
    ("datetime", day("1 1 2020") | {"q.time": "9:30"}, "too-early", {"not_before": "now"}),
    ("datetime", day("4 7 2027") | {"q.time": "9:29"}, "too-early", {"not_before": "2027-07-04T09:30"}),
    ("datetime", day("5 7 2027") | {"q.time": "0:00"}, "too-late", {"not_after": "2027-07-04"}),
    ("time", "24:00", "not-a-time", {}),
    ("time", "12:60", "not-a-time", {}),
    ("time", "half drie", "not-a-time", {}),
    ("time", "12:3", "not-a-time", {}),
    ("email", "naam", "not-an-email", {}),
    ("email", "naam@voorbeeld", "not-an-email", {}),
    ("email", "naam@@voorbeeld.nl", "not-an-email", {}),
    ("email", "na am@voorbeeld.nl", "not-an-email", {}),
    ("email", "naam@voorbeeld..nl", "not-an-email", {}),
    ("email", "naam@voorbeeld.nl\nBcc: x@y.nl", "not-an-email", {}),
    ("email", f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.nl", "not-an-email", {}),
    ("phone", "12", "not-a-phone-number", {}),
    ("phone", "bel mij", "not-a-phone-number", {}),
    ("phone", "06 1234 567", "not-a-phone-number", {}),
    ("iban", "NL91ABNA0417164301", "not-an-iban", {}),
    ("iban", "NL91ABNA041716430", "not-an-iban", {}),
    ("iban", "417164300", "not-an-iban", {}),
    ("bsn", "999900007", "not-a-bsn", {}),
    ("bsn", "000000000", "not-a-bsn", {}),
    ("bsn", "99990000", "not-a-bsn", {}),
    ("bsn", "9999000066", "not-a-bsn", {}),
    ("bsn", "abcdefghi", "not-a-bsn", {}),
    ("rsin", "999900172", "not-an-rsin", {}),
    ("rsin", "10000008", "not-an-rsin", {}),
    ("kvk", "1234567", "not-a-kvk-number", {}),
    ("kvk", "1234567a", "not-a-kvk-number", {}),
    ("licence_plate", "dit is geen kenteken", "not-a-plate", {}),
    ("licence_plate", "ABC-DEF", "not-a-plate", {}),
    ("yes_no", "misschien", "not-an-option", {}),
    ("choice", "groen", "not-an-option", {}),
    ("choices", {"q": ["rood", "groen"]}, "not-an-option", {}),
    ("choices", {"q": ["rood"]}, "too-few", {"at_least": 2}),
    ("choices", {"q": ["rood", "blauw"]}, "too-many", {"at_most": 1}),
    ("address", {"q.postcode": "0123 AB", "q.house_number": "1"}, "not-a-postcode", {}),
    ("address", {"q.postcode": "1234 SS", "q.house_number": "1"}, "not-a-postcode", {}),
    ("address", {"q.postcode": "1234", "q.house_number": "1"}, "not-a-postcode", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "1 hoog"}, "not-a-house-number", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "0"}, "not-a-house-number", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "123456"}, "not-a-house-number", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "1"}, "address-unknown", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "1", "q.street": "Kade"}, "address-unknown", {}),
    ("address", {"q.house_number": "1"}, "not-a-postcode", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "1", "q.house_letter": "AB"}, "not-a-house-letter", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "1", "q.house_letter": "2"}, "not-a-house-letter", {}),
    ("address", {"q.postcode": "1234 AB", "q.house_number": "1", "q.addition": "boven"}, "too-long", {}),
    ("place", {"q.lat": "91", "q.lon": "5"}, "not-a-place", {}),
    ("place", {"q.lat": "52", "q.lon": "1e2"}, "not-a-place", {}),
    ("place", {"q.lat": "52"}, "not-a-place", {}),
    ("place", {"q.description": "daar"}, "too-short", {}),
    ("place", {"q.q": "Nergensstraat 1"}, "pick-a-place", {}),
    ("place", {"q.points": "5.1,52.1 5.1,52.1"}, "too-few", {"shapes": ["line"]}),
    ("place", {"q.points": "5.1,52.1 5.2,52.1 5.1,52.1"}, "too-few", {"shapes": ["area"]}),
    ("place", {"q.points": "5.1,52.1 5.2,52.2 5.2,52.1 5.1,52.2"}, "crosses-itself", {"shapes": ["area"]}),
    ("place", {"q.points": "5.1,52.1 5.2,52.1 5.3,52.1"}, "crosses-itself", {"shapes": ["area"]}),
    ("place", {"q.points": " ".join(f"5.{n},52.1" for n in range(100, 201))}, "too-many", {"shapes": ["line"]}),
    ("place", {"q.points": "5.1,52.1 nan,52.2"}, "not-a-place", {"shapes": ["line"]}),
    ("place", {"q.points": "5.1,52.1 5.2,91", "q.shape": "line"}, "not-a-place", {"shapes": ["point", "line"]}),
    ("group", {}, "too-few", {}),
    ("group", {"q.0.naam": "x", "q.0.breedte": "2"}, "too-few", {"at_least": 2}),
    ("group", {f"q.{n}.{p}": "2" for n in range(3) for p in ("naam", "breedte")}, "too-many", {"at_most": 2}),
    ("group", {"q.0.naam": "x", "q.0.breedte": "0"}, "too-low", {}),
    # Digits of other scripts look like numbers to Python and to nobody else.
    ("kvk", "９９９９００２２", "not-a-kvk-number", {}),
    ("time", "1٣:٤5", "not-a-time", {}),
    ("number", "１２", "not-a-number", {}),
    ("bsn", "９９９９００００６", "not-a-bsn", {}),
    ("date", day("١ ١ ٢٠٢٧"), "no-such-date", {}),
    ("place", {"q.lat": "５２", "q.lon": "5"}, "not-a-place", {}),
]


@pytest.mark.parametrize(("kind", "typed", "rule", "more"), BAD)
def test_a_wrong_answer_gets_a_sentence_in_both_languages(
    kind: str, typed: Any, rule: str, more: dict[str, Any]
) -> None:
    dutch, other = read(kind, typed, **more), english(kind, typed, **more)
    assert [r for _, _, r in dutch.errors] == [rule]
    assert kind == "group" or dutch.value is None
    for (control, sentence, _), (_, translated, _) in zip(dutch.errors, other.errors, strict=True):
        assert control == "q" or control.startswith("q.")
        assert sentence.endswith(".") and translated.endswith(".") and sentence != translated
    shown = as_controls(dutch.typed)
    if kind in {"text", "number", "money", "iban", "bsn", "email", "phone", "time", "kvk", "rsin", "licence_plate"}:
        assert shown["q"].startswith(typed.strip()[:10]), "what was typed stands there again"


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"group"}))
def test_nothing_typed_is_asked_for_when_it_is_required_and_fine_when_not(kind: str) -> None:
    missing = read(kind, {})
    assert [rule for _, _, rule in missing.errors] == ["required"]
    spaces = {"q": "" if kind == "choices" else "   "}
    for empty in ({}, {"q": ""}, spaces, {"q.postcode": "", "q.day": " ", "q.lat": "", "q.q": ""}):
        free = read(kind, empty, required=False)
        assert (free.errors, free.value) == ([], None)


def test_options_come_and_go_with_other_answers() -> None:
    assert read("choice", "goud", env={"rijk": True}).value == "goud"
    refused = read("choice", "goud", env={"rijk": False})
    assert [rule for _, _, rule in refused.errors] == ["not-an-option"]
    assert [option.id for option in refused.options] == ["rood", "blauw"]
    known = {"person": {"household": [{"id": "h0", "label": "Youssef"}, {"id": "h1"}, 5, ["x"], {"label": "zonder"}]}}
    one = read("choices", {"q": ["h0"]}, env=known, options=[], options_from="person.household")
    assert one.value == ["h0"] and [(o.id, o.label, o.chosen) for o in one.options] == [
        ("h0", "Youssef", True),
        ("h1", "h1", False),
    ]
    assert read("choices", {"q": ["h0"]}, env={}, options=[], options_from="person.household").value is None


def test_the_errors_of_a_row_point_at_where_it_stands_when_it_is_shown_again() -> None:
    reading = read("group", {"q.2.naam": "x", "q.2.breedte": "2", "q.9.naam": "", "q.9.breedte": "veel"})
    assert [(control, rule) for control, _, rule in reading.errors] == [
        ("q.1.naam", "required"),
        ("q.1.breedte", "not-a-number"),
    ]


def test_no_more_rows_are_read_than_anybody_fills_in() -> None:
    form = {f"q.{n}.naam": "x" for n in range(1000)}
    assert len(read("group", form, required=False).value) == 200


def _controls(kind: str) -> list[str]:
    parts = {
        "date": ["day", "month", "year"],
        "address": ["postcode", "house_number", "house_letter", "addition", "street", "city"],
        "place": ["lat", "lon", "description", "q", "pick", "points", "shape"],
        "group": ["0.naam", "0.breedte", "0.bakt", "0.olie", "1.naam", "7777.breedte", "x.naam"],
    }
    return ["q", *(f"q.{part}" for part in parts.get(kind, []))]


LIKELY = st.sampled_from(
    [
        *("12", "1,5", "-0", "2026", "2", "29", "31", "yes", "no", "on", "rood", "blauw", "AB-12-34", "14:30", ","),
        *("+31612345678", "06 12345678", "NL91ABNA0417164300", "999900006", "52.1", "5.1", "52.1,5.1", "1e5", "٣"),
        *("naam@voorbeeld.nl", "1.234.567,89", "10000.01", "€ 5", "1234 AB", "\x00", "\ud800", "=cmd|'/C'!A0"),
        *("9" * 400, "Bij de brug op de hoek"),
    ]
)
TYPED = st.one_of(LIKELY, st.text(max_size=40), st.text(alphabet="0123456789.,-: €", max_size=16))


@settings(max_examples=600)
@given(data=st.data(), kind=st.sampled_from(sorted(TYPES)), required=st.booleans())
def test_any_text_in_any_control_gives_a_value_or_a_sentence(data: Any, kind: str, required: bool) -> None:
    controls = data.draw(st.dictionaries(st.sampled_from(_controls(kind)), TYPED, max_size=6))
    reading = read(kind, controls, required=required)
    assert isinstance(reading.errors, list)
    for control, sentence, rule in reading.errors:
        assert control.startswith("q") and sentence and rule.replace("-", "").isalpha()
    if reading.errors and kind != "group":
        assert reading.value is None
    if not reading.errors and not required:
        asked = question(kind, required=False)
        again = read_question(asked, form_of(as_controls(start_typed(asked, reading.value))), "q", Context())
        assert again.errors == []
        assert again.value == reading.value, "what is kept can be shown and sent again without changing"


EXACT = st.one_of(
    st.tuples(st.just("number"), st.integers(-(10**14), 10**14)),
    st.tuples(st.just("decimal"), st.integers(-(10**12), 10**12).map(lambda n: n / 100)),
    st.tuples(st.just("money"), st.integers(0, 100_000_000_00)),
)


@given(EXACT)
def test_every_number_and_amount_survives_being_shown_and_sent_again(one: tuple[str, Any]) -> None:
    kind, value = one
    asked = question("money") if kind == "money" else question("number", decimals=2 if kind == "decimal" else 0)
    again = read_question(asked, form_of(as_controls(start_typed(asked, value))), "q", Context())
    assert (again.errors, again.value) == ([], value)


BOUNDS: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("date", "2027-07-03", "not_before", {"begin": "2027-07-04"}, "too-early"),
    ("date", "2027-07-04", "not_before", {"begin": "2027-07-04"}, ""),
    ("date", "2027-07-04", "not_before", {"begin": "2027-07-04T12:00"}, ""),
    ("date", "2027-07-05", "not_after", {"begin": "2027-07-04"}, "too-late"),
    ("date", "2027-07-03", "not_before", {}, ""),
    ("datetime", "2027-07-04T09:00", "not_before", {"begin": "2027-07-04T09:01"}, "too-early"),
    ("datetime", "2027-07-04T09:00", "not_after", {"begin": "2027-07-04"}, ""),
    ("datetime", "2027-07-04T09:00", "not_after", {"begin": "2027-07-04T08:59"}, "too-late"),
]


@pytest.mark.parametrize(("kind", "typed", "side", "env", "rule"), BOUNDS)
def test_a_bound_may_be_the_answer_to_another_question(
    kind: str, typed: str, side: str, env: dict[str, Any], rule: str
) -> None:
    other = question("date", id="begin", label=Text("Wanneer begint u?", "When do you begin?"))
    context = Context(env=env, questions={"begin": other})
    reading = read_question(question(kind, **{side: "begin"}), form_of(typed), "q", context)
    assert [error[2] for error in reading.errors] == ([rule] if rule else [])
    assert all("Wanneer begint u?" in error[1] for error in reading.errors)


def test_a_bound_may_lie_days_from_another_answer() -> None:
    context = Context(env={"begin": "2027-07-04"})
    asked = question("date", not_before="begin+1", not_after="begin+14")
    found = [bool(read_question(asked, form_of(f"2027-07-{d:02d}"), "q", context).errors) for d in (4, 5, 18, 19)]
    assert found == [True, False, False, True]


def test_a_row_of_a_group_knows_its_own_answers() -> None:
    parts = [question("date", id="van"), question("date", id="tot", not_before="van")]
    rows = {"q.0.van": "2027-07-04", "q.0.tot": "2027-07-03", "q.1.van": "2027-07-02", "q.1.tot": "2027-07-03"}
    assert [(c, r) for c, _, r in read("group", rows, questions=parts).errors] == [("q.0.tot.day", "too-early")]


@pytest.mark.parametrize(("kind", "typed", "rule", "more"), BAD)
def test_every_rule_that_refuses_may_have_its_own_words(kind: str, typed: Any, rule: str, more: dict[str, Any]) -> None:
    if kind == "group" and rule not in {"too-few", "too-many"}:
        return  # Of a question in a row.
    assert rule in rules_of(question(kind))
    own = {rule: Text("Zo niet: {naam}.", "Not so: {naam}.")}
    assert read(kind, typed, {"naam": "Kaas"}, messages=own, **more).errors[0][1] == "Zo niet: Kaas."


@pytest.mark.parametrize("kind", TYPES)
def test_no_rule_is_promised_that_no_reading_gives(kind: str) -> None:
    given_rules = {rule for one, _, rule, _ in BAD if one == kind} - ({"too-low"} if kind == "group" else set())
    assert rules_of(question(kind)) - {"required"} == given_rules
