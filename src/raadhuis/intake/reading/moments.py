"""Readers of days and times, on the clock of Amsterdam, with the bounds that a question gives them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from raadhuis.catalogue.bounds import read_bound
from raadhuis.catalogue.questions import DateQuestion, DateTimeQuestion, Question
from raadhuis.intake.reading.shapes import Context, Form, Reading, text_of, wrong
from raadhuis.kernel import clock

# [0-9] and not \d: digits of other scripts are digits to Python, and to no register that gets them later.
_TIME = re.compile(r"^([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])$")
_PARTS = ("day", "month", "year")
_WORDS = {"day": ("de dag", "the day"), "month": ("de maand", "the month"), "year": ("het jaar", "the year")}


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError(text)
    return int(text)


def _typed_day(form: Form, name: str) -> dict[str, str]:
    """Day, month and year as typed; one control with the whole date does as well."""
    typed = {part: text_of(form, f"{name}.{part}") for part in _PARTS}
    whole = text_of(form, name)[:10]
    if not any(typed.values()) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", whole):
        return {"day": whole[8:], "month": whole[5:7], "year": whole[:4]}
    return typed


def _day(typed: Mapping[str, str], name: str, context: Context) -> date | Reading:
    missing = next((part for part in _PARTS if not typed[part]), "")
    if missing:
        nl, en = _WORDS[missing]
        return wrong(
            context, f"{name}.{missing}", "incomplete-date", f"Vul ook {nl} in.", f"Enter {en} too.", dict(typed)
        )
    try:
        day = date(*(_whole(typed[part]) for part in ("year", "month", "day")))
    except ValueError:
        return wrong(
            context,
            f"{name}.day",
            "no-such-date",
            "Deze datum bestaat niet. Vul bijvoorbeeld in: 31 12 2026.",
            "This date does not exist. Enter for example: 31 12 2026.",
            dict(typed),
        )
    if day.year < 1850:
        return wrong(
            context,
            f"{name}.year",
            "bad-year",
            "Vul het jaar in met vier cijfers.",
            "Enter the year with four digits.",
            dict(typed),
        )
    return day


def read_date(question: DateQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = _typed_day(form, name)
    if not any(typed.values()):
        return Reading(typed=typed)
    day = _day(typed, name, context)
    if isinstance(day, Reading):
        return day
    refused = _within(question, datetime.combine(day, time()), name, context, typed)
    return refused or Reading(typed=typed, value=day.isoformat())


def read_datetime(question: DateTimeQuestion, form: Form, name: str, context: Context) -> Reading:
    typed = _typed_day(form, name) | {"time": text_of(form, f"{name}.time")}
    whole = text_of(form, name)
    if not typed["time"] and whole[10:11] == "T":
        typed["time"] = whole[11:]
    if not any(typed.values()):
        return Reading(typed=typed)
    day = _day(typed, name, context)
    if isinstance(day, Reading):
        return day
    control = f"{name}.time"
    if not typed["time"]:
        return wrong(context, control, "incomplete-time", "Vul ook de tijd in.", "Enter the time too.", typed)
    found = _TIME.match(typed["time"])
    if not found:
        return wrong(context, control, "not-a-time", *_EXAMPLE, typed)
    moment = datetime.combine(day, time(int(found.group(1)), int(found.group(2))))
    there = moment.replace(tzinfo=clock.AMSTERDAM).astimezone(UTC).astimezone(clock.AMSTERDAM).replace(tzinfo=None)
    if there != moment:
        return wrong(
            context,
            control,
            "no-such-time",
            "Deze tijd bestaat niet: de klok gaat dan een uur vooruit.",
            "This time does not exist: the clock goes forward an hour then.",
            typed,
        )
    refused = _within(question, moment, name, context, typed)
    return refused or Reading(typed=typed, value=moment.isoformat(timespec="minutes"))


def _within(
    question: DateQuestion | DateTimeQuestion, moment: datetime, name: str, context: Context, typed: dict[str, str]
) -> Reading | None:
    """The refusal of a moment that lies beyond a bound. A question about a day compares days."""
    days = isinstance(question, DateQuestion)
    for text, last in ((question.not_before, False), (question.not_after, True)):
        bound = read_bound(text)
        limit = bound.at(context.env, last=last) if bound else None
        if bound is None or limit is None:
            continue
        here, there = (moment.date(), limit.date()) if days else (moment, limit)
        if (here > there) if last else (here < there):
            shown = limit.strftime("%d-%m-%Y" if days or (limit.time() == time() and not last) else "%d-%m-%Y %H:%M")
            rule = "too-late" if last else "too-early"
            return wrong(
                context, f"{name}.day", rule, *_refusal(shown, last=last, label=context.label_of(bound.question)), typed
            )
    return None


def _refusal(shown: str, *, last: bool, label: str) -> tuple[str, str]:
    nl = f"Kies een datum tot en met {shown}." if last else f"Kies een datum vanaf {shown}."
    en = f"Choose a date up to {shown}." if last else f"Choose a date from {shown}."
    if not label:
        return nl, en
    return f"{nl} Dat past bij uw antwoord op “{label}”.", f"{en} That fits your answer to “{label}”."


_EXAMPLE = ("Vul een tijd in, bijvoorbeeld 14:30.", "Enter a time, such as 14:30.")


def read_time(question: Question, form: Form, name: str, context: Context) -> Reading:
    typed = text_of(form, name)
    if not typed:
        return Reading()
    found = _TIME.match(typed)
    if not found:
        return wrong(context, name, "not-a-time", *_EXAMPLE, typed)
    return Reading(typed=typed, value=f"{int(found.group(1)):02d}:{found.group(2)}")
