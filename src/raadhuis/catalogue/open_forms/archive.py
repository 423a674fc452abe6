"""The export itself: a ZIP of JSON lists, read with care into what the rest of the import works on.

In: bytes that somebody uploaded. Out: an Export. Always holds: nothing is written to disk; no more than MOST_BYTES is
unpacked, whatever the ZIP says about itself; what is no export is refused in one sentence.
"""

import re
from typing import Any

import msgspec

from raadhuis.kernel.packed import BadPackage, json_files, rows
from raadhuis.kernel.problems import Invalid

MOST_PACKED = 20_000_000
MOST_BYTES = 12_000_000
MOST_MEMBERS = 50
DEEPEST = 40
"""How deep components may be nested in one another."""
_LISTS = ("forms", "formSteps", "formDefinitions", "formLogic", "formVariables")
_NEEDED = ("forms", "formSteps", "formDefinitions")
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")

Json = dict[str, Any]


class NoExport(Invalid):
    """This file is not an export of Open Formulieren; the sentence says what is wrong with it."""

    code = "no-export"

    def __init__(self, why: str) -> None:
        super().__init__({"file": why})


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the source. `applicable`: whether it applies before any rule says otherwise."""

    uuid: str
    name: str
    translations: dict[str, Json]
    applicable: bool
    login_required: bool
    components: list[Json]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule does: `kind` as the source calls it, to a `component`, `variable` or `step`, with its settings."""

    kind: str
    component: str
    variable: str
    step: str
    settings: Json


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """`number` is its place in the source; `from_step` the step from which it acts, "" for always."""

    number: int
    trigger: Any
    description: str
    from_step: str
    actions: list[Action]


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """A value beside the answers. `fetch` says which service gives it, `prefill` which register; {} when none does."""

    key: str
    name: str
    data_type: str
    initial: Any
    fetch: Json
    prefill: Json


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A form. `release` is that of the source program, "" when the file does not say it; `ignored` are names of files
    in the ZIP that are not part of a form."""

    form: Json
    steps: list[Step]
    rules: list[Rule]
    variables: list[Variable]
    release: str
    ignored: list[str]


def read(packed: bytes) -> Export:
    """Reads an export. Raises NoExport."""
    lists, meta, ignored = _unpack(packed)
    missing = [name for name in _NEEDED if name not in lists]
    if missing:
        raise NoExport(f"In dit ZIP-bestand ontbreekt {missing[0]}.json. Is het een export van Open Formulieren?")
    if len(lists["forms"]) != 1:
        raise NoExport(f"Een export hoort één formulier te bevatten; hier staan er {len(lists['forms'])} in.")
    form = lists["forms"][0]
    definitions = {_last(row.get(key)): row for row in lists["formDefinitions"] for key in ("url", "uuid")}
    numbered = enumerate(sorted(lists["formSteps"], key=lambda row: _whole(row.get("index"))))
    steps = [_step(row, definitions, number) for number, row in numbered]
    if not steps:
        raise NoExport("Dit formulier heeft geen stappen.")
    rules = sorted(lists.get("formLogic", []), key=lambda row: _whole(row.get("order")))
    return Export(
        form=form,
        steps=steps,
        rules=[_rule(number, row) for number, row in enumerate(rules, 1)],
        variables=[_variable(row) for row in lists.get("formVariables", []) if row.get("source") != "component"],
        release=str(meta.get("of_release") or ""),
        ignored=ignored,
    )


def form_of(packed: bytes) -> str:
    """The UUID of the form in an export. Raises NoExport."""
    return identity(read(packed).form)


def identity(form: Json) -> str:
    """What tells a form apart from others: its UUID, or where an old export has none its slug."""
    return str(form.get("uuid") or form.get("slug") or form.get("name") or "formulier")[:64]


def _unpack(packed: bytes) -> tuple[dict[str, list[Json]], Json, list[str]]:
    try:
        found, ignored = json_files(
            packed, (*_LISTS, "_meta"), room=MOST_BYTES, most_packed=MOST_PACKED, most_files=MOST_MEMBERS
        )
        meta = found.pop("_meta", None)
        lists = {name: [_named(row) for row in rows(value, f"{name}.json")] for name, value in found.items()}
    except BadPackage as error:
        raise NoExport(str(error)) from error
    return lists, meta if isinstance(meta, dict) else {}, ignored


def _named(row: Json) -> Json:
    return {_snake(key): inner for key, inner in row.items()}


def _snake(key: str) -> str:
    return _CAMEL.sub(lambda found: f"_{found[1].lower()}", key)


def _last(reference: Any) -> str:
    """The UUID at the end of an API address, or the UUID itself."""
    return str(reference or "").rstrip("/").rsplit("/", 1)[-1]


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _step(row: Json, definitions: dict[str, Json], number: int) -> Step:
    definition = definitions.get(_last(row.get("form_definition")))
    if definition is None:
        raise NoExport(f"Stap {number + 1} verwijst naar een definitie die niet in het bestand zit.")
    components = _dict(definition.get("configuration")).get("components")
    if not isinstance(components, list):
        raise NoExport(f"De definitie van stap {number + 1} heeft geen lijst van onderdelen.")
    return Step(
        uuid=_last(row.get("uuid") or row.get("url")) or f"step-{number}",
        name=str(definition.get("name") or row.get("name") or f"Stap {number + 1}"),
        translations={k: _dict(v) for k, v in _dict(definition.get("translations")).items()},
        applicable=row.get("is_applicable") is not False,
        login_required=bool(row.get("login_required") or definition.get("login_required")),
        components=_components(components, number, 0),
    )


def _components(found: list[Any], number: int, depth: int) -> list[Json]:
    """Checks the tree once, so that whoever walks it later need not fear its depth or its shapes."""
    if depth > DEEPEST:
        raise NoExport(f"De onderdelen van stap {number + 1} zijn dieper genest dan {DEEPEST}.")
    kept = []
    for component in found:
        if not isinstance(component, dict) or not isinstance(component.get("type"), str):
            raise NoExport(f"In stap {number + 1} staat een onderdeel zonder soort.")
        inner = dict(component)
        inner["key"] = str(component.get("key") or "")
        if isinstance(component.get("components"), list):
            inner["components"] = _components(component["components"], number, depth + 1)
        if isinstance(component.get("columns"), list):
            inner["columns"] = [
                {**column, "components": _components(column.get("components") or [], number, depth + 1)}
                for column in component["columns"]
                if isinstance(column, dict)
            ]
        kept.append(inner)
    return kept


def _rule(number: int, row: Json) -> Rule:
    actions = row.get("actions")
    return Rule(
        number=number,
        trigger=row.get("json_logic_trigger"),
        description=str(row.get("description") or ""),
        from_step=_last(row.get("trigger_from_step")),
        actions=[_action(a) for a in actions if isinstance(a, dict)] if isinstance(actions, list) else [],
    )


def _action(row: Json) -> Action:
    settings = _dict(row.get("action"))
    return Action(
        kind=str(settings.get("type") or ""),
        component=str(row.get("component") or ""),
        variable=str(row.get("variable") or ""),
        step=_last(row.get("form_step_uuid") or row.get("form_step")),
        settings=settings,
    )


def _variable(row: Json) -> Variable:
    options = _dict(row.get("prefill_options"))
    prefill = {
        "plugin": row.get("prefill_plugin"),
        "attribute": row.get("prefill_attribute"),
        "type": options.get("type"),
    }
    return Variable(
        key=str(row.get("key") or ""),
        name=str(row.get("name") or ""),
        data_type=str(row.get("data_type") or "string"),
        initial=row.get("initial_value"),
        fetch=_dict(row.get("service_fetch_configuration")),
        prefill=prefill if prefill["plugin"] else {},
    )
