"""The source's own rules, played by the source's own evaluator over the same answers: what it would ask.

In: an export, and answers as we file them. Out: the ids of the questions that the source would show. Always holds:
nothing of our own translation is used but the names that parts were given.
"""

from collections.abc import Mapping
from typing import Any

from json_logic import jsonLogic

from raadhuis.catalogue.open_forms.archive import Action, Export, Rule, read
from raadhuis.catalogue.open_forms.draft import Work
from raadhuis.catalogue.open_forms.tree import Part

EMPTY: dict[str, Any] = {"object": {}, "array": [], "boolean": False, "int": None, "float": None}
NO_ADDRESS = {"postcode": "", "houseLetter": "", "houseNumber": "", "houseNumberAddition": ""}

UNANSWERED: dict[str, Any] = {"number": None, "currency": None, "editgrid": [], "file": [], "addressNL": NO_ADDRESS}


class Source:
    """One form as the source runs it."""

    def __init__(self, packed: bytes) -> None:
        self.export: Export = read(packed)
        self._work = Work(read(packed), {}, "evenementen")
        self._work.document()

    def asked(self, answers: Mapping[str, Any]) -> set[str]:
        """The questions that apply with these answers."""
        data = self._data(answers)
        hidden: dict[str, bool] = {}
        steps = {step.uuid: step.applicable for step in self.export.steps}
        for _ in range(3):  # Variables that a later rule fills in are there when the rules run again.
            hidden, steps = {}, {step.uuid: step.applicable for step in self.export.steps}
            for rule in self.export.rules:
                self._play(rule, data, hidden, steps)
        found = set()
        for number, parts in enumerate(self._work.tree.top):
            if steps[self.export.steps[number].uuid]:
                found |= {
                    self._work.scope.name_of(part)
                    for part in parts
                    if part.kind != "content" and all(self._shown(p, data, hidden) for p in (*part.boxes, part))
                }
        return found

    def _data(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] = {"submission_id": "een-aanvraag"}
        for variable in self.export.variables:
            empty = EMPTY.get(variable.data_type, "")
            data[variable.key] = variable.initial if variable.initial not in (None, "") else empty
            given = self._work.scope.ref(variable.key) if variable.fetch else None
            if given is not None and given.text in answers:
                data[variable.key] = answers[given.text]
        for part in self._work.tree.by_key.values():
            if part.group is None and part.kind != "content":
                data[part.key] = self._value(part, answers.get(self._work.scope.name_of(part)))
        return data

    def _value(self, part: Part, answer: Any) -> Any:
        options = self._work.options.get(part.id)
        if part.kind == "selectboxes" and options:
            return {value: any(name in (answer or []) for name in ids) for value, ids in options.by_value.items()}
        if options is not None and part.kind in {"radio", "select"}:
            values = {name: value for name, value, *_ in options.rows}
            if options.yes_no:
                return "" if answer is None else values["yes" if answer else "no"]
            if part.setting("multiple"):
                return [values[name] for name in answer or []]
            return values.get(answer, "")
        if answer is None:
            return {"number": None, "currency": None, "editgrid": [], "file": [], "addressNL": NO_ADDRESS}.get(
                part.kind, ""
            )
        return answer

    def _play(self, rule: Rule, data: dict[str, Any], hidden: dict[str, bool], steps: dict[str, bool]) -> None:
        try:
            acts = bool(jsonLogic(rule.trigger, data))
        except (TypeError, ValueError):
            return
        for action in rule.actions if acts else []:
            self._act(action, data, hidden, steps)

    def _act(self, action: Action, data: dict[str, Any], hidden: dict[str, bool], steps: dict[str, bool]) -> None:
        if action.kind == "property":
            hidden[action.component] = bool(action.settings["state"])
        elif action.kind in {"step-applicable", "step-not-applicable"}:
            steps[action.step] = action.kind == "step-applicable"
        elif action.kind == "variable" and action.variable in {v.key for v in self.export.variables}:
            data[action.variable] = jsonLogic(action.settings["value"], data)

    def _shown(self, part: Part, data: Mapping[str, Any], hidden: Mapping[str, bool]) -> bool:
        own = part.component.get("conditional") or {}
        if own.get("when") and own.get("show") not in (None, ""):
            value, wanted = data.get(own["when"]), own.get("eq")
            if isinstance(value, dict):
                same = bool(value.get(wanted))
            elif isinstance(value, list):
                same = wanted in value
            else:
                same = str(value) == str(wanted)
            return same is bool(own["show"])
        return not hidden.get(part.key, bool(part.component.get("hidden")))
