"""From YAML to a Definition, with errors that name the file, the line and what to do.

In: the text of a document. Out: Loaded, or BadDefinition with findings.
Always holds: reading is bounded (size, depth) and runs nothing: no tags, no anchors and aliases (which can make a
small file enormous), no surprise types: only true and false are yes and no, and a date stays the text that was written.
"""

import difflib
import re
from functools import lru_cache
from typing import Any

import msgspec
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from raadhuis.catalogue import questions, schema
from raadhuis.catalogue.schema import Definition
from raadhuis.rules import schema as rules_schema
from raadhuis.rules.schema import Finding

MOST_CHARACTERS = 2_000_000
DEEPEST = 40
# The one written in C is ten times as fast; both read the same.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"^-?(0|[1-9]\d{0,17})$")
_FLOAT = re.compile(r"^-?\d{1,15}\.\d{1,15}$")
_AT = re.compile(r" - at `(?P<path>[^`]*)`$")


class BadDefinition(Exception):
    """The document cannot be read as a service definition; `findings` say what, where and what to do."""

    def __init__(self, findings: list[Finding], lines: dict[str, int] | None = None, file: str = "") -> None:
        super().__init__("; ".join(f.message for f in findings))
        self.findings = findings
        self.lines = lines or {}
        self.file = file

    def line_of(self, path: str) -> int:
        """The line (from 1) on which `path` stands, or the nearest part of it that the document has."""
        return nearest(self.lines, path)


class Loaded(msgspec.Struct, frozen=True):
    """A definition with the text that it came from, and where in it everything stands."""

    definition: Definition
    text: str
    file: str
    lines: dict[str, int]

    def line_of(self, path: str) -> int:
        """The line (from 1) on which `path` ("pages.0.title.nl") stands, or the nearest part of it."""
        return nearest(self.lines, path)


def nearest(lines: dict[str, int], path: str) -> int:
    """The line of `path`, or of the longest part of it that is known; 1 when nothing is."""
    parts = [p for p in path.split(".") if p]
    while parts:
        found = lines.get(".".join(parts))
        if found:
            return found
        parts.pop()
    return 1


def load(text: str, file: str = "") -> Loaded:
    """Reads a service definition. Raises BadDefinition."""
    data, lines = read(text, file)
    try:
        definition = msgspec.convert(data, Definition)
    except (msgspec.ValidationError, ValueError) as error:
        path, message = explain(str(error))
        raise BadDefinition([Finding("shape", path, message)], lines, file) from error
    return Loaded(definition, text, file, lines)


def read(text: str, file: str) -> tuple[Any, dict[str, int]]:
    """The document as plain values, and the line of each by its path. Raises BadDefinition."""
    if len(text) > MOST_CHARACTERS:
        raise BadDefinition(
            [Finding("too-large", "", f"langer dan {MOST_CHARACTERS} tekens: dit is geen dienst")], file=file
        )
    lines: dict[str, int] = {}
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                _refuse(
                    event.start_mark.line + 1 if event.start_mark else 1,
                    file,
                    "ankers en verwijzingen (& en *) horen niet in een dienst: schrijf het voluit",
                )
        node = yaml.compose(text, Loader=LOADER)
        if not isinstance(node, MappingNode):
            _refuse(1, file, "een dienst begint met `id: …`")
        return _build(node, "", lines, 0, file), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "dit is geen YAML"
        _refuse(
            mark.line + 1 if mark else 1,
            file,
            f"dit kan niet worden gelezen ({said}): kijk naar de inspringing, de aanhalingstekens en de dubbele punten",
        )
    except RecursionError:
        _refuse(1, file, f"dieper genest dan {DEEPEST}")
    raise AssertionError("unreachable")


def _refuse(line: int, file: str, message: str, code: str = "yaml") -> None:
    raise BadDefinition([Finding(code, "?", message)], {"?": line}, file)


def _build(node: Node | None, path: str, lines: dict[str, int], depth: int, file: str) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if depth > DEEPEST:
        _refuse(line, file, f"dieper genest dan {DEEPEST}")
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_build(item, f"{path}.{n}".strip("."), lines, depth + 1, file) for n, item in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in mapping:
            _refuse(key_node.start_mark.line + 1, file, f"`{key}` staat hier twee keer: haal er een weg")
        inner = f"{path}.{key}".strip(".")
        lines[inner] = key_node.start_mark.line + 1
        mapping[key] = _build(value_node, inner, lines, depth + 1, file)
    return mapping


def _scalar(node: ScalarNode) -> Any:
    text: str = node.value
    if node.style in {"'", '"', "|", ">"}:  # In quotes, or a block: what is written is meant as text.
        return text
    if text in {"true", "false"}:
        return text == "true"
    if text in {"", "~", "null"}:
        return None
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def explain(message: str) -> tuple[str, str]:
    """A path ("pages.0.title") and a sentence from msgspec's error."""
    found = _AT.search(message)
    path = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", found.group("path")).removeprefix("$").strip(".") if found else ""
    said = _AT.sub("", message)
    unknown = re.search(r"unknown field `([^`]*)`", said)
    if unknown:
        close = difflib.get_close_matches(unknown.group(1), _field_names(), n=1)
        hint = f": bedoelt u `{close[0]}`?" if close else ": haal het weg"
        return f"{path}.{unknown.group(1)}".strip("."), f"`{unknown.group(1)}` is hier onbekend{hint}"
    missing = re.search(r"missing required field `([^`]*)`", said)
    if missing:
        return path, f"`{missing.group(1)}` ontbreekt hier: voeg het toe"
    return path, _in_dutch(said)


_KINDS = {
    "str": "tekst",
    "int": "geheel getal",
    "float": "getal",
    "bool": "true of false",
    "array": "lijst",
    "object": "blok",
    "null": "niets",
}


def _in_dutch(said: str) -> str:
    expected = re.fullmatch(r"Expected `([^`]*)`, got `([^`]*)`", said)
    if expected:
        wanted, got = (" of ".join(_KINDS.get(k.strip(), k.strip()) for k in g.split("|")) for g in expected.groups())
        return f"hier hoort {wanted}, er staat {got}"
    value = re.fullmatch(r"Invalid (?:enum )?value (.*)", said)
    return f"{value.group(1)} kan hier niet: kijk in het schema wat wel kan" if value else f"dit past hier niet: {said}"


@lru_cache(maxsize=1)
def _field_names() -> list[str]:
    names: set[str] = set()
    for module in (schema, questions, rules_schema):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, msgspec.Struct):
                names.update(value.__struct_fields__)
    return sorted(names)
