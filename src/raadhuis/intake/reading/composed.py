"""Readers of answers with parts: options, addresses, files."""

import re
from typing import Any

from raadhuis.catalogue import facts
from raadhuis.catalogue.questions import (
    AddressQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    FileQuestion,
)
from raadhuis.intake.reading.shapes import Context, Form, Reading, text_of, wrong
from raadhuis.intake.schema import OptionView
from raadhuis.kernel.expressions import parse
from raadhuis.kernel.problems import Unavailable

ADDRESS_PARTS = ("postcode", "house_number", "house_letter", "addition", "street", "city")


def options_of(question: ChoiceQuestion | ChoicesQuestion, context: Context, chosen: list[str]) -> list[OptionView]:
    """The options that apply now, from the definition or from a register, with the chosen ones marked."""
    if question.options_from:
        return [OptionView(id_, label, "", id_ in chosen) for id_, label in facts.given_options(question, context.env)]
    return [
        OptionView(
            option.id,
            context.text(option.label),
            context.text(option.help),
            option.id in chosen,
        )
        for option in question.options
        if not option.when or parse(option.when).truth(context.env) is not False
    ]


def read_choice(question: ChoiceQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    options = options_of(question, context, [typed])
    if typed and not any(option.chosen for option in options):
        refused = wrong(context, name, "not-an-option", "Kies een van de antwoorden.", "Choose one of the answers.", "")
        refused.options = options
        return refused
    return Reading(typed=typed, value=typed or None, options=options)


def read_choices(question: ChoicesQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = [str(v)[:200] for v in form.getlist(name) if str(v)][:200]
    options = options_of(question, context, typed)
    chosen = [option.id for option in options if option.chosen]
    if set(typed) - set(chosen):
        reading = wrong(context, name, "not-an-option", "Kies uit de lijst.", "Choose from the list.", chosen)
    elif chosen and len(chosen) < question.at_least:
        reading = wrong(
            context,
            name,
            "too-few",
            f"Kies er minstens {question.at_least}.",
            f"Choose at least {question.at_least}.",
            chosen,
        )
    elif len(chosen) > question.at_most:
        reading = wrong(
            context,
            name,
            "too-many",
            f"Kies er hoogstens {question.at_most}.",
            f"Choose at most {question.at_most}.",
            chosen,
        )
    else:
        reading = Reading(typed=chosen, value=chosen or None)
    reading.options = options
    return reading


def read_address(question: AddressQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = {part: text_of(form, f"{name}.{part}")[:200] for part in ADDRESS_PARTS}
    if not typed["postcode"] and not typed["house_number"]:
        return Reading(typed=typed)
    postcode = re.sub(r"\s", "", typed["postcode"]).upper()
    if not re.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}", postcode) or postcode[4:] in {"SA", "SD", "SS"}:
        return wrong(
            context,
            f"{name}.postcode",
            "not-a-postcode",
            "Vul een postcode in, bijvoorbeeld 1234 AB.",
            "Enter a postcode, such as 1234 AB.",
            typed,
        )
    if not re.fullmatch(r"[1-9][0-9]{0,4}", typed["house_number"]):
        return wrong(
            context,
            f"{name}.house_number",
            "not-a-house-number",
            "Vul het huisnummer in met alleen cijfers.",
            "Enter the house number with digits only.",
            typed,
        )
    refused = _odd_number_part(typed, name, context)
    if refused is not None:
        return refused
    value: dict[str, Any] = {
        "postcode": postcode,
        "house_number": int(typed["house_number"]),
        "house_letter": typed["house_letter"].upper(),
        "addition": typed["addition"],
        "street": typed["street"],
        "city": typed["city"],
    }
    return _look_up(value, typed, name, context)


def _odd_number_part(typed: dict[str, str], name: str, context: Context) -> Reading | None:
    """Refuses what the address register cannot hold: cutting it off would look up, and keep, another address."""
    if not re.fullmatch(r"[A-Za-z]?", typed["house_letter"]):
        return wrong(
            context,
            f"{name}.house_letter",
            "not-a-house-letter",
            "Vul bij huisletter één letter in. Zet de rest bij toevoeging.",
            "Enter one letter as house letter. Put the rest in the addition.",
            typed,
        )
    if len(typed["addition"]) > 4:
        return wrong(
            context,
            f"{name}.addition",
            "too-long",
            "Een toevoeging heeft hoogstens 4 tekens.",
            "An addition has 4 characters at most.",
            typed,
        )
    return None


def _look_up(value: dict[str, Any], typed: dict[str, str], name: str, context: Context) -> Reading:
    found = None
    try:
        if context.addresses is not None:
            hits = context.addresses.lookup(
                value["postcode"], value["house_number"], value["house_letter"], value["addition"]
            )
            found = hits[0] if hits else None
    except Unavailable:
        found = None
    if found is not None:
        for part in ("street", "city", "neighbourhood", "bag_id", "lat", "lon"):
            value[part] = getattr(found, part, "") or value.get(part, "")
        return Reading(typed=typed | {"street": value["street"], "city": value["city"]}, value=value)
    if not value["street"] or not value["city"]:
        missing = "street" if not value["street"] else "city"
        return wrong(
            context,
            f"{name}.{missing}",
            "address-unknown",
            "Wij vinden dit adres niet. Kijk het na, of vul zelf de straat en de plaats in.",
            "We cannot find this address. Check it, or fill in the street and the town yourself.",
            typed,
        )
    return Reading(typed=typed, value={k: v for k, v in value.items() if v != ""})


def read_file(question: FileQuestion, form: Form, name: str, context: Context) -> Reading:
    kept = list(context.files.get(name, []))
    return Reading(typed=kept, value=kept or None)
