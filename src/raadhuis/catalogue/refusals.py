"""The rules by which an answer can be refused, by type of question: the keys of a question's own `messages`.

Always holds: these are the codes that reading gives and that the journal counts.
"""

from raadhuis.catalogue.questions import AnyQuestion

_DAY = {"incomplete-date", "no-such-date", "bad-year", "too-early", "too-late"}
_RULES: dict[str, set[str]] = {
    "text": {"too-long", "pattern"},
    "number": {"not-a-number", "not-whole", "too-low", "too-high"},
    "money": {"not-an-amount", "too-low", "too-high"},
    "date": _DAY,
    "datetime": _DAY | {"incomplete-time", "not-a-time", "no-such-time"},
    "time": {"not-a-time"},
    "choice": {"not-an-option"},
    "choices": {"not-an-option", "too-few", "too-many"},
    "yes_no": {"not-an-option"},
    "email": {"not-an-email"},
    "phone": {"not-a-phone-number"},
    "address": {"not-a-postcode", "not-a-house-number", "not-a-house-letter", "too-long", "address-unknown"},
    "place": {"not-a-place", "pick-a-place", "too-short", "too-few", "too-many", "crosses-itself"},
    "licence_plate": {"not-a-plate"},
    "iban": {"not-an-iban"},
    "bsn": {"not-a-bsn"},
    "rsin": {"not-an-rsin"},
    "kvk": {"not-a-kvk-number"},
    "file": set(),
    "declaration": set(),
    "group": {"too-few", "too-many"},
}


def rules_of(question: AnyQuestion) -> set[str]:
    """The codes of the rules that may refuse an answer to this question."""
    kind = str(type(question).__struct_config__.tag)
    own = _RULES.get(kind, set())
    return own if kind in {"group", "note"} else own | {"required"}
