"""Readers of answers that are one line, but for days and times (`moments`)."""

import re

import phonenumbers
from stdnum import iban as iban_number
from stdnum.nl import bsn as bsn_number

from raadhuis.catalogue.questions import (
    MoneyQuestion,
    NumberQuestion,
    Question,
    TextQuestion,
)
from raadhuis.intake.reading.shapes import Context, Form, Reading, text_of, wrong
from raadhuis.kernel import plates

_EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$")
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
    # [0-9] and not \d: digits of other scripts are digits to Python, and to no register that gets them later.
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
