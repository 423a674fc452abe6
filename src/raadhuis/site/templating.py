"""What templates can call, and what every page knows.

Comes in: an environment of Jinja2; a request. Goes out: our globals and filters in it; the context that all pages
share. Always holds: what is not Markup made here is escaped; dates, numbers and amounts are written in the language of
the page.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext, ngettext, npgettext, override, pgettext
from jinja2 import Environment
from markupsafe import Markup

from raadhuis.kernel import clock, postcodes
from raadhuis.kernel.clock import Term
from raadhuis.kernel.durations import lasting
from raadhuis.kernel.geometry import collection
from raadhuis.kernel.texts import Text
from raadhuis.site.prose import prose

LANGUAGE_PARAMETER = "taal"
"""`?taal=en` on any page asks for that language; the language middleware remembers it."""
_LOCALES = {"nl": "nl_NL", "en": "en_GB"}
_DEFAULT_MUNICIPALITY: dict[str, Any] = {"name": "Gemeente Waterrijk", "short_name": "Waterrijk"}


def language() -> str:
    """The language of this page: "nl" or "en"."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def _locale() -> str:
    return _LOCALES[language()]


_PLACES = [UUID(int=(0x5EA7 << 112) + number) for number in range(4)]
"""Ids that no row has: where the real ones stand in a path that is put together once."""


def url(name: str, /, *args: Any, **kwargs: Any) -> str:
    """The path of the view called `name`. Raises NoReverseMatch.

    A list has the same path for each row but for the id, and resolving one backwards costs as much as a row of a table.
    """
    if kwargs:
        return reverse(name, args=args or None, kwargs=kwargs)
    places = [_PLACES[n] if isinstance(arg, UUID) else arg for n, arg in enumerate(args)]
    path = _path(get_script_prefix(), name, *places)
    for place, arg in zip(places, args, strict=True):
        if place is not arg:
            path = path.replace(str(place), str(arg))
    return path


@lru_cache(maxsize=2048)
def _path(prefix: str, name: str, *args: Any) -> str:
    return reverse(name, args=args)


def translated(message: str, /, **values: Any) -> Markup:
    """`_()` in templates: the message in the language of the page, with `values` in its places, escaped."""
    text, holds_places = _message(get_language() or "nl", message)
    return text % values if holds_places else text


def counted(one: str, many: str, count: int, /, **values: Any) -> Markup:
    """`ngettext()` in templates: as `translated`, in singular or plural; `num` is the count as people write it."""
    return Markup(ngettext(one, many, count)) % {"num": number(count), **values}  # noqa: S704 - our own catalogue


@lru_cache(maxsize=4096)
def _message(code: str, message: str) -> tuple[Markup, bool]:
    with override(code):
        text = gettext(message)
    return Markup(text), "%" in text  # noqa: S704 - our own catalogue


@lru_cache(maxsize=1)
def _manifest(folder: str) -> Mapping[str, str]:
    path = Path(folder) / "manifest.json"
    try:
        found: dict[str, str] = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ImproperlyConfigured(f"The assets are not built: {path} is missing. Run `make assets`.") from error
    return found


def asset(logical: str) -> str:
    """The address of a built file: `asset("raadhuis.css")`. Raises ImproperlyConfigured when it was not built."""
    found = _manifest(str(settings.STATIC_ROOT)).get(logical)
    if found is None:
        raise ImproperlyConfigured(f"There is no asset {logical!r}. Is it in frontend/build.mjs? Run `make assets`.")
    return f"{settings.STATIC_URL}{found}"


def csrf_field(request: HttpRequest) -> str:
    """The hidden control that a form which writes must have."""
    return csrf_input(request)


def money(cents: int) -> str:
    """An amount in cents as people write it: € 12,50."""
    return format_currency(cents / 100, "EUR", locale=_locale())


def _day(value: date | datetime | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return clock.local(value).date()
    return value


def day(value: date | datetime | str) -> str:
    """A date in words: 24 november 2026."""
    return _date_in_words(_day(value), "d MMMM y", _locale())


@lru_cache(maxsize=4096)
def _date_in_words(value: date, pattern: str, locale: str) -> str:
    return str(format_date(value, pattern, locale=locale))


def month(value: date) -> str:
    """A month in words: november 2026."""
    return _date_in_words(value, "MMMM y", _locale())


def weekday(value: date | datetime | str) -> str:
    """A date with its day of the week: dinsdag 24 november 2026."""
    return _date_in_words(_day(value), "EEEE d MMMM y", _locale())


def moment(value: datetime | str) -> str:
    """A date and time in words, on the clock of Amsterdam: 24 november 2026, 14:05."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return _minute_in_words(clock.local(value).replace(second=0, microsecond=0), _locale())


@lru_cache(maxsize=4096)
def _minute_in_words(value: datetime, locale: str) -> str:
    return format_datetime(value, "d MMMM y, HH:mm", locale=locale)


def iso(value: date | datetime) -> str:
    """A date or moment for the `datetime` attribute of a `time` element."""
    return value.isoformat()


def ago(value: datetime) -> str:
    """How long ago (or ahead) a moment is, in words: 3 dagen geleden."""
    return format_timedelta(value - clock.now(), add_direction=True, locale=_locale())


def number(value: float, decimals: int | None = None) -> str:
    """A number as people write it; with `decimals`, rounded to and always showing that many."""
    return _number_in_words(value, decimals, _locale())


@lru_cache(maxsize=4096)
def _number_in_words(value: float, decimals: int | None, locale: str) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=locale)


def size(count: int) -> str:
    """A number of bytes in the unit that fits: 1,2 MB."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            shown = number(amount, 0) if unit == "B" or amount >= 10 else number(amount, 1)
            return f"{shown} {unit}"
        amount /= 1000
    return f"{number(amount, 1)} GB"


def in_language(text: Text | str) -> str:
    """A Text in the language of the page; a string as it is."""
    return text if isinstance(text, str) else text.in_(language())


def working_days_left(count: int | None) -> str:
    """How much is left of a term, in words."""
    return _days_left(language(), count)


@lru_cache(maxsize=1024)
def _days_left(_: str, count: int | None) -> str:
    if count is None:
        return gettext("Geen termijn")
    if count < 0:
        return ngettext("%(n)s werkdag te laat", "%(n)s werkdagen te laat", -count) % {"n": -count}
    if count == 0:
        return gettext("Vandaag")
    return ngettext("Nog %(n)s werkdag", "Nog %(n)s werkdagen", count) % {"n": count}


def term(value: Term) -> str:
    """A length of time in words: 8 weken; 1 maand en 5 werkdagen."""
    parts = [
        words % {"n": count}
        for count, words in (
            (value.months, ngettext("%(n)s maand", "%(n)s maanden", value.months)),
            (value.weeks, ngettext("%(n)s week", "%(n)s weken", value.weeks)),
            (value.days, ngettext("%(n)s dag", "%(n)s dagen", value.days)),
            (value.working_days, ngettext("%(n)s werkdag", "%(n)s werkdagen", value.working_days)),
        )
        if count
    ]
    return gettext(" en ").join(parts)


def form_urls() -> dict[str, str]:
    """What a question can look up while somebody fills in: addresses, and for the map its areas, tiles and middle.

    The middle is "latitude,longitude". The town's own file may say `center`; the areas come with its theme.
    """
    town = _municipality()
    areas = f"themes/{town.get('theme', 'waterrijk')}-areas.json"
    return {
        "address": reverse("address_lookup"),
        "areas": asset(areas) if areas in _manifest(str(settings.STATIC_ROOT)) else "",
        "tiles": str(getattr(settings, "RAADHUIS_MAP_TILES", "")),
        "center": str(town.get("center", "52.1,5.1")),
    }


def anchor(name: str) -> str:
    """The id of a control with this name: `f-address-postcode` for `address.postcode`."""
    return "f-" + name.replace(".", "-")


def furnish(env: Environment) -> None:
    """Gives templates what they can call: our functions and filters, and gettext's."""
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals["_"] = env.globals["gettext"] = translated
    env.globals["ngettext"] = counted
    env.globals.update(url=url, asset=asset, csrf_field=csrf_field, today=clock.today, form_urls=form_urls)
    env.filters.update(
        money=money,
        date=day,
        weekday=weekday,
        datetime=moment,
        iso=iso,
        ago=ago,
        size=size,
        number=number,
        month=month,
        lasting=lasting,
        called=lambda name, called: called(name),
        prose=_prose,
        lang=in_language,
        working_days_left=working_days_left,
        anchor=anchor,
        term=term,
        postcodes=postcodes.written,
        geojson=lambda geometries: collection(geometries).decode(),
    )


def _prose(text: Text | str) -> Markup:
    return prose(in_language(text))


def _municipality() -> dict[str, Any]:
    return getattr(settings, "RAADHUIS_MUNICIPALITY", None) or _DEFAULT_MUNICIPALITY


# A refused form is shown at the address that it was sent to; these have no page of their own, so that the link to the
# other language goes to the page that the form stands on.
_PAGE_OF = {
    "desk_task_act": "desk_task",
    "desk_case_act": "desk_case",
    "desk_service_act": "desk_service",
    "write": "case",
    "withdraw": "case",
}


def _own_address(request: HttpRequest) -> str:
    found = request.resolver_match
    if found is None or found.url_name not in _PAGE_OF:
        return request.path
    return reverse(_PAGE_OF[found.url_name], kwargs={k: v for k, v in found.kwargs.items() if k != "verb"})


def _other_language(request: HttpRequest) -> dict[str, str]:
    code = "nl" if language() == "en" else "en"
    query = request.GET.copy() if request.method == "GET" else None
    pairs = [(key, value) for key, values in query.lists() for value in values] if query is not None else []
    pairs = [(key, value) for key, value in pairs if key != LANGUAGE_PARAMETER]
    return {
        "code": code,
        "name": {"nl": "Nederlands", "en": "English"}[code],
        "url": f"{_own_address(request)}?{urlencode([*pairs, (LANGUAGE_PARAMETER, code)])}",
    }


def _idle_seconds(request: HttpRequest) -> int:
    """After how long without a page the session of who is logged in ends; 0 for who is not."""
    if getattr(request, "actor", None):
        return int(settings.RAADHUIS_STAFF_IDLE_SECONDS)
    return int(settings.RAADHUIS_RESIDENT_IDLE_SECONDS) if getattr(getattr(request, "person", None), "owner", "") else 0


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: the municipality, the language and its alternative, who asks, and how.

    `person` (resident side) and `actor` (staff) are None when an error came before anybody was known.
    """
    return {
        "municipality": _municipality(),
        "language": language(),
        "other_language": _other_language(request),
        "person": getattr(request, "person", None),
        "actor": getattr(request, "actor", None),
        "session_ended": getattr(request, "session_ended", False),
        "idle_seconds": _idle_seconds(request),
        "is_htmx": request.headers.get("HX-Request") == "true",
        # Once a page: a list with a form in each line would otherwise mask the token anew for each.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "is_demo": bool(getattr(settings, "DEMO", False)),
    }
