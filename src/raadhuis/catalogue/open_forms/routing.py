"""Registrations that rules choose, as a decision table: the same conditions, one row each.

Always holds: a later rule of the source overrules an earlier one, so the rows stand in the opposite order and the first
that matches counts; a condition that is no row of comparisons becomes a fact of its own.
"""

import re
from collections.abc import Mapping
from typing import Any

from raadhuis.catalogue.open_forms.effects import Fact
from raadhuis.catalogue.open_forms.naming import joined, words_of
from raadhuis.catalogue.open_forms.truth import Every, Is, Not, Test, written

_EQUALS = re.compile(r'([a-z][\w.]*) == "([^"\\]*)"')
_NAME = re.compile(r"(not )?([a-z]\w*)")
TABLE = "verdelen"


def table_of(routes: list[tuple[Test, str]], names: Mapping[str, str], team: str) -> tuple[dict[str, Any], list[Fact]]:
    """The table, and the facts that it reads."""
    facts: dict[str, Fact] = {}
    inputs: dict[str, dict[str, Any]] = {}
    rows = []
    for number, (test, backend) in enumerate(reversed(routes), 1):
        cells = _cells(test)
        if cells is None:
            name = f"geval_{number}"
            facts[name] = Fact(name=name, type="boolean", value=written(test, sure=True), title=f"Geval {number}")
            inputs[name] = _input(name, "boolean", f"Geval {number}")
            when: dict[str, Any] = {name: True}
        else:
            when = {}
            for path, value in cells.items():
                name = f"deel_{joined(words_of(path.replace('.', ' ').replace('_', ' ')))}"
                kind = "boolean" if isinstance(value, bool) else "text"
                title = path.rpartition(".")[2].replace("_", " ").capitalize()
                facts.setdefault(name, Fact(name=name, type=kind, value=path, title=title))
                inputs.setdefault(name, _input(name, kind, title))
                when[name] = value
        called = names.get(backend, backend) or "onbekend"
        rows.append(
            {
                "id": f"rij-{number}",
                "when": when,
                "then": {"team": team},
                "reason": {"nl": f"In het oude formulier: {called}", "en": f"In the old form: {called}"},
            }
        )
    rows.append(
        {"id": "anders", "when": {}, "then": {"team": team}, "reason": {"nl": "Alle andere", "en": "All others"}}
    )
    table = {
        "id": TABLE,
        "title": {"nl": "Wie behandelt het?", "en": "Who handles it?"},
        "inputs": list(inputs.values()),
        "outputs": [{"name": "team", "type": "text", "values": [team]}],
        "rows": rows,
    }
    return table, list(facts.values())


def _input(name: str, kind: str, title: str) -> dict[str, Any]:
    return {"fact": name, "type": kind, "title": {"nl": title, "en": title}}


def _cells(test: Test) -> dict[str, Any] | None:
    """The comparisons that must all hold, by what they compare; None when it is more than that."""
    found: dict[str, Any] = {}
    for part in test.parts if isinstance(test, Every) else (test,):
        inner, positive = (part.inner, False) if isinstance(part, Not) else (part, True)
        if not isinstance(inner, Is):
            return None
        equal, name = _EQUALS.fullmatch(inner.text), _NAME.fullmatch(inner.text)
        if equal and positive and equal[1] not in found:
            found[equal[1]] = equal[2]
        elif name and name[2] not in found and positive:
            found[name[2]] = not name[1]
        else:
            return None
    return found
