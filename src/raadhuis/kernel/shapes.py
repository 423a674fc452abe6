"""The shape of a resource that other systems send and get: what each attribute may hold, and what is wrong with a body.

In: attributes (from a contract) and decoded JSON. Out: the values by name, or every fault at once.
Always holds: what is read only is passed over; nothing that does not fit comes through; no text holds a control
character other than a tab or a line break (rendered documents use one for their own ends).
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from raadhuis.kernel.problems import Problem

Kind = Literal[
    "text",
    "uri",
    "email",
    "date",
    "datetime",
    "duration",
    "integer",
    "number",
    "boolean",
    "choice",
    "list",
    "object",
    "any",
]
MOST_ITEMS = 1000
MOST_CHARACTERS = 100_000
MOST_USUAL = 200


class Attribute(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """One attribute. `least` and `most` count characters; `of` is what a list holds, `parts` what an object has."""

    kind: Kind
    name: str = ""
    required: bool = False
    read_only: bool = False
    nullable: bool = False
    may_be_blank: bool = False
    """Whether a text that must be there may be an empty one."""
    least: int = 0
    most: int = 0
    at_least: float | None = None
    at_most: float | None = None
    options: tuple[str, ...] = ()
    of: "Attribute | None" = None
    parts: tuple["Attribute", ...] = ()


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one attribute: its path (`opschorting.reden`), a code for machines, a sentence."""

    name: str
    code: str
    reason: str


class Refused(Problem):
    """A body that does not fit, with every fault in it. `faults` are `invalidParams` in an answer."""

    status = 400
    code = "invalid"
    title = "Invalid input."

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.name}: {fault.reason}" for fault in faults)[:500])
        self.faults = faults


@contextlib.contextmanager
def within(name: str) -> Iterator[None]:
    """What is refused in this block is named as a part of the body: `startdatum` in `zaak` is `zaak.startdatum`.

    What is said of the whole is still said of the whole.
    """
    try:
        yield
    except Refused as refused:
        whole = "nonFieldErrors"
        faults = (
            one if one.name == whole else msgspec.structs.replace(one, name=f"{name}.{one.name}")
            for one in refused.faults
        )
        raise Refused(*faults) from None


def fault(name: str, code: str, reason: str) -> Refused:
    """A refusal for one reason."""
    return Refused(Fault(name, code, reason))


REASONS = {
    "required": "Dit veld is vereist.",
    "null": "Dit veld mag niet leeg zijn.",
    "blank": "Dit veld mag niet leeg zijn.",
    "invalid": "Deze waarde is niet geldig.",
    "not_a_list": "Hier hoort een lijst te staan.",
    "invalid_choice": "Deze waarde is geen geldige keuze.",
    "max_length": "Deze waarde is te lang: er passen {most} tekens in.",
    "min_length": "Deze waarde is te kort: er horen minstens {least} tekens te staan.",
    "max_value": "Deze waarde is te groot: hoogstens {at_most:g}.",
    "min_value": "Deze waarde is te klein: minstens {at_least:g}.",
    "control-characters": "Deze waarde bevat tekens die niet in een tekst horen.",
    "too-many": "Deze lijst is te lang.",
}
_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _Wrong(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


def read(attributes: Iterable[Attribute], body: object, *, partial: bool = False, within: str = "") -> dict[str, Any]:
    """The values of a body by name; what was left out is left out. Raises Refused with every fault.

    With `partial` (PATCH) nothing is required at the first level. Dates are `date`, moments `datetime` in UTC; all
    else is as JSON has it.
    """
    faults: list[Fault] = []
    found = _object(tuple(attributes), body, within, faults, partial=partial)
    if faults:
        raise Refused(*faults)
    return found


def _object(
    attributes: tuple[Attribute, ...], body: object, within: str, faults: list[Fault], *, partial: bool = False
) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        faults.append(Fault(within or "nonFieldErrors", "invalid", "Hier hoort een JSON-object te staan."))
        return {}
    found: dict[str, Any] = {}
    for attribute in attributes:
        if attribute.read_only:
            continue
        if attribute.name not in body and (partial or not attribute.required):
            continue
        path = f"{within}.{attribute.name}" if within else attribute.name
        if attribute.name not in body:
            faults.append(Fault(path, "required", REASONS["required"]))
            continue
        held = len(faults)
        value = _value(attribute, body[attribute.name], path, faults)
        if len(faults) == held:
            found[attribute.name] = value
    return found


def _value(attribute: Attribute, value: object, path: str, faults: list[Fault]) -> Any:
    if value is None:
        if not attribute.nullable:
            faults.append(Fault(path, "null", REASONS["null"]))
        return None
    if attribute.kind == "object":
        if not attribute.required and value and isinstance(value, Mapping) and _is_blank(value):
            return None  # As registers write a group that is not there (rule zrc-012).
        return _object(attribute.parts, value, path, faults)
    if attribute.kind == "list":
        return _list(attribute, value, path, faults)
    try:
        return _SIMPLE[attribute.kind](attribute, value)
    except _Wrong as wrong:
        words = {name: getattr(attribute, name) for name in ("least", "most", "at_least", "at_most")}
        faults.append(Fault(path, wrong.code, REASONS[wrong.code].format(**words)))
        return None


def _is_blank(value: Mapping[str, object]) -> bool:
    return all(one in ("", None) for one in value.values())


def _list(attribute: Attribute, value: object, path: str, faults: list[Fault]) -> list[Any]:
    if not isinstance(value, list):
        faults.append(Fault(path, "not_a_list", REASONS["not_a_list"]))
        return []
    if len(value) > MOST_ITEMS:
        faults.append(Fault(path, "too-many", REASONS["too-many"]))
        return []
    of = attribute.of
    return value if of is None else [_value(of, item, f"{path}.{n}", faults) for n, item in enumerate(value)]


def _text(attribute: Attribute, value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("invalid")
    if not value.strip() and (attribute.required or attribute.least) and not attribute.may_be_blank:
        raise _Wrong("blank")
    if len(value) > (attribute.most or MOST_CHARACTERS):
        raise _Wrong("max_length") if attribute.most else _Wrong("invalid")
    if len(value) < attribute.least:
        raise _Wrong("min_length")
    if _CONTROL.search(value):
        raise _Wrong("control-characters")
    return value


def _uri(attribute: Attribute, value: object) -> str:
    text = _text(attribute, value)
    if text and not is_url(text):
        raise _Wrong("invalid")
    return text


def is_url(text: str) -> bool:
    """Whether this is a web address in full."""
    return _is_usual_url(text) if len(text) <= MOST_USUAL else _is_url(text)


@lru_cache(maxsize=4096)
def _is_usual_url(text: str) -> bool:
    """The same for one that may well come again, as those of types do."""
    return _is_url(text)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)


def _email(attribute: Attribute, value: object) -> str:
    text = _text(attribute, value)
    if text and not _EMAIL.fullmatch(text):
        raise _Wrong("invalid")
    return text


def moment_of(text: str, zone: tzinfo = UTC) -> datetime:
    """A moment as clients write it, in UTC; one without a zone is of this zone. Raises ValueError.

    In UTC, because a database does not know every distance from it that ISO 8601 has words for.
    """
    found = datetime.fromisoformat(text)
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None


def _date(attribute: Attribute, value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _Wrong("invalid")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _Wrong("invalid") from None


def _datetime(attribute: Attribute, value: object) -> datetime:
    if not isinstance(value, str) or len(value) < len("2026-01-01T00:00"):
        raise _Wrong("invalid")
    try:
        return moment_of(value)
    except ValueError:
        raise _Wrong("invalid") from None


def _duration(attribute: Attribute, value: object) -> str:
    if not isinstance(value, str) or len(value) > 40 or not _DURATION.fullmatch(value):
        raise _Wrong("invalid")
    return value


def _number(attribute: Attribute, value: object) -> int | float:
    whole = attribute.kind == "integer"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise _Wrong("invalid")
    if attribute.at_most is not None and value > attribute.at_most:
        raise _Wrong("max_value")
    if attribute.at_least is not None and value < attribute.at_least:
        raise _Wrong("min_value")
    if not -(2**63) <= value < 2**63:
        raise _Wrong("invalid")
    return value


def _boolean(attribute: Attribute, value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("invalid")
    return value


def _choice(attribute: Attribute, value: object) -> str:
    if not isinstance(value, str) or value not in attribute.options:
        raise _Wrong("invalid_choice")
    return value


def _any(attribute: Attribute, value: object) -> object:
    return value


_SIMPLE: dict[str, Callable[[Attribute, object], Any]] = {
    "text": _text,
    "uri": _uri,
    "email": _email,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "choice": _choice,
    "any": _any,
}


@lru_cache(maxsize=512)
def column_of(name: str) -> str:
    """`beginGeldigheid` is kept as `begin_geldigheid`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
