"""A stand-in for the services that forms look things up in: it answers from a file of rules.

Comes in: GET and POST of JSON. Goes out: the answer of the first rule that fits; 404 when none does.
Always holds: what it answers stands in the file. A rule names a `service`, a `method`, a `path` ("*" for any one
segment), and what must be in `query` and `body`: a value fits itself, "*" fits anything that is there, an object fits
one that holds its parts, a list fits one that holds its elements. A query's value may be JSON. `status` is 200 when
left out.
"""

from pathlib import Path
from typing import Any, Literal

import msgspec

from raadhuis.adapters.standins.web import App, Request, Response, json_response

EXAMPLE = Path(__file__).with_name("standin.json")
"""Invented answers, shaped as those of the systems that an imported event form asks."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One canned answer, and the question that it belongs to."""

    service: str
    path: str
    method: Literal["get", "post"] = "get"
    query: dict[str, Any] = {}
    body: dict[str, Any] = {}
    status: int = 200
    answer: Any


def rules_of(file: Path) -> list[Rule]:
    """The rules in a file. Raises OSError and msgspec.DecodeError."""
    return msgspec.json.decode(file.read_bytes(), type=list[Rule])


def app(rules: list[Rule]) -> App:
    """Answers below /SERVICE/PATH, by these rules."""

    def answer(request: Request) -> Response:
        try:
            body = msgspec.json.decode(request.body) if request.body else {}
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Response(400)
        query = {name: _value(text) for name, text in request.query}
        for rule in rules:
            there = _path_fits(f"/{rule.service}/{rule.path}", request.path)
            if there and rule.method == request.method.lower() and _fits(rule.query, query) and _fits(rule.body, body):
                return json_response(rule.answer, rule.status)
        return Response(404)

    return answer


def _path_fits(wanted: str, path: str) -> bool:
    parts, given = wanted.split("/"), path.split("/")
    return len(parts) == len(given) and all(p in ("*", g) and g for p, g in zip(parts[1:], given[1:], strict=True))


def _value(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _fits(wanted: Any, given: Any) -> bool:
    if wanted == "*":
        return given not in (None, "", [], {})
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(_fits(value, given.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(given, list) and all(any(_fits(one, other) for other in given) for one in wanted)
    return bool(wanted == given)
