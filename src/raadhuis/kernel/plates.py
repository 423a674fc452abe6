"""Dutch number plates: which forms exist, and how they are written with hyphens.

Source: RDW, "Kentekensystematiek": sidecodes 1 to 14, and the forms for military and diplomatic vehicles.
"""

import re

# One regular expression a sidecode; X a letter, 9 a digit.
_FORMS = [
    "XX9999",
    "9999XX",
    "99XX99",
    "XX99XX",
    "XXXX99",
    "99XXXX",
    "99XXX9",
    "9XXX99",
    "XX999X",
    "X999XX",
    "XXX99X",
    "X99XXX",
    "9XX999",
    "999XX9",
]
_PATTERNS = [re.compile("^" + f.replace("X", "[A-Z]").replace("9", "[0-9]") + "$") for f in _FORMS]


def normalise(typed: str) -> str:
    """What was typed, without spaces, points and hyphens, in capitals."""
    return re.sub(r"[\s.\-]", "", typed).upper()


def is_plate(plate: str) -> bool:
    """Whether a normalised plate has one of the Dutch forms."""
    return any(pattern.match(plate) for pattern in _PATTERNS) or bool(re.match(r"^CD[A-Z]?[0-9]{1,4}$", plate))


def written(plate: str) -> str:
    """A normalised plate with its hyphens: "AB123C" becomes "AB-123-C", "ABCD12" becomes "AB-CD-12"."""
    parts = re.findall(r"[A-Z]+|[0-9]+", plate)
    # A run of four is written in pairs.
    return "-".join(half for part in parts for half in ((part[:2], part[2:]) if len(part) == 4 else (part,)))
