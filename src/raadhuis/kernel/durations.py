"""How long something lasted, in words that fit: µs in, "4,5 uur" out, in the language of the page."""

from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, ngettext

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000


def lasting(micros: float) -> str:
    """A length of time: in seconds, minutes, hours or days, with one decimal below ten."""
    if micros < SECOND:
        return gettext("0 seconden")
    if micros < 1.5 * MINUTE:
        return ngettext("%(n)s seconde", "%(n)s seconden", round(micros / SECOND)) % {"n": round(micros / SECOND)}
    if micros < 1.5 * HOUR:
        return ngettext("%(n)s minuut", "%(n)s minuten", round(micros / MINUTE)) % {"n": round(micros / MINUTE)}
    if micros < 2 * DAY:
        return gettext("%(n)s uur") % {"n": _short(micros / HOUR)}
    return gettext("%(n)s dagen") % {"n": _short(micros / DAY)}


def _short(amount: float) -> str:
    pattern = "#,##0.#" if amount < 10 else "#,##0"
    return str(format_decimal(amount, format=pattern, locale=(get_language() or "nl").partition("-")[0]))


def working(micros: float, day: int) -> str:
    """The same of time that counts only in office hours; `day`: how many µs of them a day has."""
    if micros < SECOND:
        return gettext("0 seconden")
    if micros < 1.5 * HOUR:
        return gettext("%(time)s werktijd") % {"time": lasting(micros)}
    if micros < 2 * day:
        return gettext("%(n)s uur werktijd") % {"n": _short(micros / HOUR)}
    return gettext("%(n)s werkdagen") % {"n": _short(micros / day)}
