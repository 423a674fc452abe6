"""Readers of answers that are one line."""

import re
from datetime import date, timedelta

import phonenumbers
from stdnum import iban as iban_number
from stdnum.nl import bsn as bsn_number

from raadhuis.catalogue.questions import (
    DateQuestion,
    MoneyQuestion,
    NumberQuestion,
    Question,
    TextQuestion,
)
from raadhuis.intake.reading.shapes import Context, Form, Reading, text_of, wrong
from raadhuis.kernel import clock, plates

_EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$")
# [0-9] and not \d: digits of other scripts are digits to Python, and to no register that gets them later.
_TIME = re.compile(r"^([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])$")
_THOUSANDS = re.compile(r"^-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?$")


def read_text(question: TextQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name).replace("\r\n", "\n")
    if len(typed) > question.max_length:
        return wrong(
            context,
            name,
            "too-long",
            f"Maak uw antwoord korter: er passen {question.max_length} tekens in.",
            f"Shorten your answer: there is room for {question.max_length} characters.",
            typed,
        )
    if typed and question.pattern and not re.fullmatch(question.pattern, typed):
        hint = question.pattern_help
        return wrong(
            context,
            name,
            "pattern",
            hint.nl if hint else "Controleer wat u hebt ingevuld.",
            hint.in_("en") if hint else "Check what you filled in.",
            typed,
        )
    return Reading(typed=typed, value=typed or None)


def _decimal(typed: str) -> float | None:
    """A number as the Dutch (1.234,5) or the English (1234.5) write it."""
    plain = typed.replace(" ", "")
    if _THOUSANDS.match(plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", plain):
        return None
    return float(plain)


def read_number(question: NumberQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    number = _decimal(typed)
    if number is None:
        return wrong(
            context, name, "not-a-number", "Vul een getal in, bijvoorbeeld 12.", "Enter a number, such as 12.", typed
        )
    if question.decimals == 0 and number != int(number):
        return wrong(context, name, "not-whole", "Vul een heel getal in, zonder komma.", "Enter a whole number.", typed)
    if question.at_least is not None and number < question.at_least:
        least = f"{question.at_least:g}"
        return wrong(context, name, "too-low", f"Vul {least} of hoger in.", f"Enter {least} or more.", typed)
    if question.at_most is not None and number > question.at_most:
        most = f"{question.at_most:g}"
        return wrong(context, name, "too-high", f"Vul {most} of lager in.", f"Enter {most} or less.", typed)
    return Reading(typed=typed, value=int(number) if question.decimals == 0 else round(number, question.decimals))


def read_money(question: MoneyQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    amount = _decimal(typed.replace("€", "").strip().removesuffix(",-"))
    if amount is None:
        return wrong(
            context,
            name,
            "not-an-amount",
            "Vul een bedrag in, bijvoorbeeld 12,50.",
            "Enter an amount, such as 12.50.",
            typed,
        )
    cents = round(amount * 100)
    if cents < question.at_least:
        least = f"{question.at_least / 100:.2f}".replace(".", ",")
        return wrong(context, name, "too-low", f"Vul {least} euro of meer in.", f"Enter {least} euro or more.", typed)
    if cents > question.at_most:
        most = f"{question.at_most / 100:.2f}".replace(".", ",")
        return wrong(context, name, "too-high", f"Vul {most} euro of minder in.", f"Enter {most} euro or less.", typed)
    return Reading(typed=typed, value=cents)


def _bound(text: str) -> date | None:
    if not text:
        return None
    found = re.fullmatch(r"today([+-]\d{1,5})?", text)
    if found:
        return clock.today() + timedelta(days=int(found.group(1) or 0))
    return date.fromisoformat(text)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError(text)
    return int(text)


def read_date(question: DateQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = {part: text_of(form, f"{name}.{part}") for part in ("day", "month", "year")}
    whole = text_of(form, name)
    if whole and not any(typed.values()) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", whole):
        typed = {"day": whole[8:], "month": whole[5:7], "year": whole[:4]}
    if not any(typed.values()):
        return Reading(typed=typed)
    first = f"{name}.day"
    missing = [part for part in ("day", "month", "year") if not typed[part]]
    if missing:
        words = {"day": ("dag", "day"), "month": ("maand", "month"), "year": ("jaar", "year")}[missing[0]]
        return wrong(
            context,
            f"{name}.{missing[0]}",
            "incomplete-date",
            f"Vul ook de {words[0]} in." if words[0] != "jaar" else "Vul ook het jaar in.",
            f"Enter the {words[1]} too.",
            typed,
        )
    try:
        day = date(*(_whole(typed[part]) for part in ("year", "month", "day")))
    except ValueError:
        return wrong(
            context,
            first,
            "no-such-date",
            "Deze datum bestaat niet. Vul bijvoorbeeld in: 31 12 2026.",
            "This date does not exist. Enter for example: 31 12 2026.",
            typed,
        )
    if day.year < 1850:
        return wrong(
            context,
            f"{name}.year",
            "bad-year",
            "Vul het jaar in met vier cijfers.",
            "Enter the year with four digits.",
            typed,
        )
    return _within(question, day, first, context, typed)


def _within(question: DateQuestion, day: date, name: str, context: Context, typed: dict[str, str]) -> Reading:
    earliest, latest = _bound(question.not_before), _bound(question.not_after)
    if earliest and day < earliest:
        shown = earliest.strftime("%d-%m-%Y")
        return wrong(
            context, name, "too-early", f"Kies een datum vanaf {shown}.", f"Choose a date from {shown}.", typed
        )
    if latest and day > latest:
        shown = latest.strftime("%d-%m-%Y")
        return wrong(
            context, name, "too-late", f"Kies een datum tot en met {shown}.", f"Choose a date up to {shown}.", typed
        )
    return Reading(typed=typed, value=day.isoformat())


def read_time(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    found = _TIME.match(typed)
    if not found:
        return wrong(
            context, name, "not-a-time", "Vul een tijd in, bijvoorbeeld 14:30.", "Enter a time, such as 14:30.", typed
        )
    return Reading(typed=typed, value=f"{int(found.group(1)):02d}:{found.group(2)}")


def read_email(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if typed and not (_EMAIL.match(typed) and ".." not in typed and len(typed) <= 254):
        return wrong(
            context,
            name,
            "not-an-email",
            "Vul een e-mailadres in zoals naam@voorbeeld.nl.",
            "Enter an e-mail address such as name@example.com.",
            typed,
        )
    return Reading(typed=typed, value=typed or None)


def read_phone(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    try:
        number = phonenumbers.parse(typed[:40], "NL")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        return wrong(
            context,
            name,
            "not-a-phone-number",
            "Vul een telefoonnummer in, bijvoorbeeld 06 12345678.",
            "Enter a telephone number, such as +31 6 12345678.",
            typed,
        )
    return Reading(typed=typed, value=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_plate(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    plate = plates.normalise(typed)
    if not plates.is_plate(plate):
        return wrong(
            context,
            name,
            "not-a-plate",
            "Dit is geen Nederlands kenteken. Vul het in zoals AB-123-C.",
            "This is not a Dutch number plate. Enter it like AB-123-C.",
            typed,
        )
    return Reading(typed=plates.written(plate), value=plate)


def read_iban(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    compact = re.sub(r"\s", "", typed).upper()
    # The library's lists of a country's banks are older than the banks: length, form and check digits decide.
    if not iban_number.is_valid(compact, check_country=False):
        return wrong(
            context,
            name,
            "not-an-iban",
            "Dit rekeningnummer klopt niet. Kijk het na, bijvoorbeeld NL91 ABNA 0417 1643 00.",
            "This account number is not right. Check it, for example NL91 ABNA 0417 1643 00.",
            typed,
        )
    return Reading(typed=typed, value=compact)


def read_bsn(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    digits = re.sub(r"[\s.\-]", "", typed)
    if not (re.fullmatch(r"[0-9]{8,9}", digits) and bsn_number.is_valid(digits.zfill(9))):
        return wrong(
            context,
            name,
            "not-a-bsn",
            "Dit burgerservicenummer klopt niet. Het staat op uw paspoort en heeft 9 cijfers.",
            "This citizen service number is not right. It is on your passport and has 9 digits.",
            typed,
        )
    return Reading(typed=typed, value=digits.zfill(9))


def read_rsin(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    digits = re.sub(r"[\s.\-]", "", typed)
    if not (
        re.fullmatch(r"[0-9]{9}", digits) and bsn_number.is_valid(digits)
    ):  # The RSIN has the same eleven test as the BSN.
        return wrong(
            context,
            name,
            "not-an-rsin",
            "Dit RSIN klopt niet. Het heeft 9 cijfers.",
            "This RSIN is not right. It has 9 digits.",
            typed,
        )
    return Reading(typed=typed, value=digits)


def read_kvk(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    digits = re.sub(r"[\s.]", "", typed)
    if typed and not re.fullmatch(r"[0-9]{8}", digits):
        return wrong(
            context, name, "not-a-kvk-number", "Een KvK-nummer heeft 8 cijfers.", "A KvK number has 8 digits.", typed
        )
    return Reading(typed=typed, value=digits or None)


def read_yes_no(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if typed not in {"", "yes", "no"}:
        return wrong(context, name, "not-an-option", "Kies ja of nee.", "Choose yes or no.", "")
    return Reading(typed=typed, value=None if not typed else typed == "yes")


def read_declaration(question: Question, form: Form, name: str, context: Context) -> Reading:
    agreed = text_of(form, name) != ""
    return Reading(typed="yes" if agreed else "", value=True if agreed else None)
