"""What the standard extensions of XES call what every log tells, and the types of an attribute's value.

In: names and text. Out: values. Source: IEEE 1849-2016, sections 5 and 7.
"""

from typing import Any

NAME, TIME, LIFECYCLE = "concept:name", "time:timestamp", "lifecycle:transition"
RESOURCE, GROUP, ROLE = "org:resource", "org:group", "org:role"
PLAIN = {"string", "date", "id", "int", "float", "boolean"}
TYPED = {"int", "float", "boolean"}


def typed(tag: str, value: str) -> Any:
    """The value of an attribute with this tag; the text itself where it is no such value."""
    try:
        if tag == "int":
            number = int(value)
            return number if abs(number) < 1 << 63 else value
        if tag == "float":
            return float(value)
    except ValueError:
        return value
    return value.strip().lower() in {"true", "1"} if tag == "boolean" else value
