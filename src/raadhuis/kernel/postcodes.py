"""Dutch postcodes as people write them.

In: a postcode, or a text with postcodes in it. Out: four digits, a space that does not break over lines, two letters.
"""

import re

_POSTCODE = re.compile(r"\b([1-9][0-9]{3}) ?([A-Z]{2})\b")


def written(text: str) -> str:
    """ "Kade 1, 9990AB Waterrijk" with its postcode as "9990 AB", held together by a no-break space."""
    return _POSTCODE.sub("\\1\u00a0\\2", text)
