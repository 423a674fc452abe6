"""What the rules of a form do, gathered by what they do it to.

In: the rules in their order. Out: for each part and step the condition under which it is shown; derived facts;
look-ups; what stops an applicant; who handles it. Always holds: a later rule overrules an earlier one, as in the
source; every rule is either worked into one of these, or lost with its reason.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from raadhuis.catalogue.open_forms.archive import Action, Rule, Variable
from raadhuis.catalogue.open_forms.following import following
from raadhuis.catalogue.open_forms.lookups import lookup_of
from raadhuis.catalogue.open_forms.refs import Untranslatable, literal, quoted
from raadhuis.catalogue.open_forms.translation import Translation
from raadhuis.catalogue.open_forms.tree import Part
from raadhuis.catalogue.open_forms.truth import FALSE, TRUE, Filled, Is, Test, all_of, any_of, negate, written

Turn = tuple[Test, bool]
"""When a rule acts, and what it then makes of the thing."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A derived value. `of` are the names that it reads."""

    name: str
    type: str
    value: str
    title: str


class Effects:
    """The rules of one form, worked out."""

    def __init__(self, form: Translation, before: Callable[[], None]) -> None:
        self._export, self._tree, self._scope, self._options = form.export, form.tree, form.scope, form.options
        self._translator, self._account = form.translator, form.account
        self._hidden: dict[str, list[Turn]] = {}
        self._required: dict[str, list[Turn]] = {}
        self._steps: dict[int, list[Turn]] = {}
        self._values: dict[str, list[tuple[Test, Any, str]]] = {}
        self._fetches: dict[str, list[Test]] = {}
        self.prefills: dict[str, str] = {}
        self.lists: dict[str, dict[str, Any]] = {}
        """By repeating group: the settings that make it follow a list."""
        self._answered: dict[str, list[str]] = {}
        self.stops: list[Test] = []
        self.routes: list[tuple[Test, str]] = []
        self._numbers = {step.uuid: number for number, step in enumerate(form.export.steps)}
        self._declare()
        before()
        for rule in form.export.rules:
            self._gather(rule)
        self.idle = {
            key
            for key in self._scope.assigned
            if key not in self._values
            and not self._scope.variables[key].fetch
            and not self._scope.variables[key].prefill
        }
        """Variables that only rules without effect fill in."""

    def _declare(self) -> None:
        """Which variables are filled in by rules, look-ups or registers must be known before the first rule is read."""
        if self._scope.assigned:
            return
        for variable in self._export.variables:
            if variable.fetch or variable.prefill:
                self._scope.assigned.add(variable.key)
        for rule in self._export.rules:
            for action in rule.actions:
                if action.kind in {"variable", "fetch-from-service"} and action.variable in self._scope.variables:
                    self._scope.assigned.add(action.variable)
                    if isinstance(action.settings.get("value"), str):
                        self._scope.words.add(action.variable)

    def _gather(self, rule: Rule) -> None:
        key = str(rule.number)
        where = f"{rule.number}" + (f" ({rule.description[:70]})" if rule.description else "")
        self._account.found("rules", key, where)
        self._translator.unknown.clear()
        try:
            trigger = self._translator.truth(rule.trigger)
        except Untranslatable as error:
            self._account.lose("rules", key, f"de voorwaarde: {error}")
            return
        for name in sorted(self._translator.unknown):
            self._account.remark("rules", key, f"vraagt naar `{name[:60]}`, en dat bestaat niet in dit formulier")
        if trigger == FALSE:
            self._account.remark("rules", key, "kan nooit waar zijn en doet dus niets")
            return
        if not rule.actions:
            self._account.remark("rules", key, "doet niets")
        first = self._numbers.get(rule.from_step, 0)
        if any(self._target(action) < first for action in rule.actions):
            why = f"werkt in het oude formulier pas vanaf stap {first + 1}, hier zodra de antwoorden er zijn"
            self._account.remark("rules", key, why)
        for action in rule.actions:
            self._act(key, rule, trigger, action)
        if key in self._answered:
            answers = ", ".join(f"`{name}`" for name in self._answered[key])
            self._account.lose("rules", key, f"vult antwoorden in, en dat doet alleen de aanvrager: {answers}")

    def _target(self, action: Action) -> int:
        """The step that an action changes; far away for what is not on a step."""
        part = self._tree.by_key.get(action.component) or self._tree.box(action.component)
        number = self._numbers.get(action.step) if action.kind.startswith("step-") else None
        return part.step if part is not None else len(self._numbers) if number is None else number

    def _act(self, key: str, rule: Rule, trigger: Test, action: Action) -> None:
        kind = action.kind
        if kind == "property":
            self._property(key, trigger, action)
        elif kind in {"step-applicable", "step-not-applicable"}:
            number = self._numbers.get(action.step)
            if number is None:
                self._account.remark("rules", key, "verwijst naar een stap die er niet is")
            else:
                self._steps.setdefault(number, []).append((trigger, kind == "step-applicable"))
        elif kind == "variable":
            self._assign(key, trigger, action)
        elif kind == "fetch-from-service":
            self._fetch(key, trigger, action)
        elif kind == "disable-next":
            self.stops.append(trigger)
        elif kind == "synchronize-variables":
            self._follow(key, trigger, action)
        elif kind == "set-registration-backend":
            self.routes.append((trigger, str(action.settings.get("value") or "")))
        else:
            why = {"evaluate-dmn": "de beslistabel zelf staat niet in een export: schrijf hem onder `tables`"}
            self._account.lose("rules", key, why.get(kind, f"de actie `{kind[:40]}` kennen wij niet"))

    def _property(self, key: str, trigger: Test, action: Action) -> None:
        part = self._tree.by_key.get(action.component) or self._tree.box(action.component)
        setting = action.settings.get("property")
        name = setting.get("value") if isinstance(setting, dict) else None
        if part is None:
            self._account.remark("rules", key, f"verwijst naar `{action.component[:60]}`, en dat onderdeel is er niet")
        elif name == "hidden":
            if _conditional(part):
                self._account.remark("rules", key, f"`{part.key}` heeft een eigen voorwaarde, en die gaat voor")
            self._hidden.setdefault(part.id, []).append((trigger, bool(action.settings.get("state"))))
        elif name in {"required", "validate.required"}:
            self._required.setdefault(part.id, []).append((trigger, bool(action.settings.get("state"))))
        else:
            self._account.lose("rules", key, f"de eigenschap `{str(name)[:40]}` veranderen kan niet")

    def _assign(self, key: str, trigger: Test, action: Action) -> None:
        value = action.settings.get("value")
        if action.variable in self._scope.variables:
            self._values.setdefault(action.variable, []).append((trigger, value, key))
            return
        part = self._tree.by_key.get(action.variable)
        if part is None:
            self._account.remark("rules", key, f"vult `{action.variable[:60]}`, en dat bestaat niet in dit formulier")
            return
        try:
            source = self._translator.value(value)
        except Untranslatable as error:
            self._account.lose("rules", key, f"de waarde voor `{part.key}`: {error}")
            return
        if source.kind == "given" and all(word.isidentifier() for word in source.text.split(".")):
            self.prefills[part.id] = source.text
        else:
            self._answered.setdefault(key, []).append(part.key)

    def _fetch(self, key: str, trigger: Test, action: Action) -> None:
        variable = self._scope.variables.get(action.variable)
        if variable is None or not variable.fetch:
            self._account.lose("rules", key, f"haalt `{action.variable[:60]}` op, en de export zegt niet waar")
            return
        self._fetches.setdefault(variable.key, []).append(trigger)

    def _follow(self, key: str, trigger: Test, action: Action) -> None:
        try:
            part, settings = following(action.settings.get("config"), written(trigger), self._tree, self._scope)
        except Untranslatable as error:
            self._account.lose("rules", key, str(error))
            return
        if part.id in self.lists:
            self._account.lose("rules", key, f"`{part.key}` groeit al met een andere lijst mee")
            return
        self.lists[part.id] = settings.of_group
        for remark in settings.remarks:
            self._account.remark("rules", key, remark)

    # What becomes of it

    def shown(self, part: Part) -> Test:
        """When a part (or box) itself is shown, apart from the boxes around it."""
        own = _conditional(part)
        if own:
            return self._condition(part, *own)
        turns = self._hidden.get(part.id, [])
        return _folded(FALSE if part.component.get("hidden") else TRUE, [(test, not hides) for test, hides in turns])

    def _condition(self, part: Part, name: str, wanted: Any, show: bool) -> Test:
        self._scope.row = part.group
        try:
            test = self._simple(part, name, wanted)
        except Untranslatable as error:
            self._account.lose("components", part.id, f"de voorwaarde: {error}")
            test = TRUE if show else FALSE
        finally:
            self._scope.row = None
        return test if show else negate(test)

    def _simple(self, part: Part, name: str, wanted: Any) -> Test:
        """`conditional`: the source compares one answer with one value."""
        ref = self._scope.ref(name)
        if ref is None:
            self._account.remark("components", part.id, f"hangt af van `{name[:60]}`, en dat bestaat niet")
            return FALSE
        if ref.kind == "choices":
            trigger = self._tree.by_key.get(name)
            options = self._options.get(trigger.id) if trigger is not None else None
            ids = options.by_value.get(str(wanted), ()) if options else ()
            if wanted in ("", None):
                return negate(Filled(ref.text))
            return any_of(*(Is(f"{quoted(i)} in {ref.text}", f"{quoted(i)} not in {ref.text}", ref.of) for i in ids))
        if ref.kind == "tick" and isinstance(wanted, str):
            wanted = wanted.lower() == "true"
        return self._translator.truth({"==": [{"var": name}, wanted]})

    def applicable(self, step: int) -> Test:
        """When a step applies."""
        return _folded(TRUE if self._export.steps[step].applicable else FALSE, self._steps.get(step, []))

    def required(self, part: Part) -> Test | None:
        """When rules make an answer required; None when none of them touches it."""
        turns = self._required.get(part.id)
        return _folded(TRUE if part.setting("validate", "required") else FALSE, turns) if turns else None

    def facts(self) -> list[Fact]:
        """The variables that rules fill in, as derived facts; and the numbers behind options."""
        found = []
        for name, turns in self._values.items():
            variable = self._scope.variables[name]
            ref = self._scope.ref(name)
            assert ref is not None
            if variable.fetch:
                self._account.lose(
                    "variables", name, "wordt opgehaald en door een regel veranderd: dat kan niet allebei"
                )
                continue
            made = self._folded_value(variable, turns)
            if made is not None:
                found.append(Fact(name=ref.text, type=made[1], value=made[0], title=variable.name or name))
        for name, part in self._scope.asked_points.items():
            title = f"Punten: {' '.join(str(part.component.get('label') or name).split())}"
            found.append(Fact(name=name, type="number", value=self._scope.points_expression(part), title=title[:120]))
        return found

    def _folded_value(self, variable: Variable, turns: list[tuple[Test, Any, str]]) -> tuple[str, str] | None:
        words = self._scope.holds_words(variable)
        begins = None if words and isinstance(variable.initial, bool) else variable.initial
        try:
            text = literal(begins) if begins not in (None, "", [], {}) else ""
        except Untranslatable as error:
            self._account.remark("variables", variable.key, f"de beginwaarde: {error}")
            text = ""
        kinds = set()
        for trigger, value, rule in turns:
            try:
                made = self._translator.outcome(value)
            except Untranslatable as error:
                self._account.lose("rules", rule, f"de waarde voor `{variable.key}`: {error}")
                continue
            if made.text != "nothing":
                kinds.add(made.kind)
            text = _either(made.text, trigger, text)
        return (text or "nothing", self._type(variable, kinds)) if text or turns else None

    def _type(self, variable: Variable, kinds: set[str]) -> str:
        if kinds <= {"tick"} and variable.data_type == "boolean":
            return "boolean"
        if kinds == {"given"} or not kinds:
            known = {"boolean": "boolean", "array": "list", "int": "number", "float": "number"}
            return known.get(variable.data_type, "text" if variable.key not in self._scope.opened else "object")
        if kinds == {"number"}:
            return "number"
        if kinds <= {"date", "datetime"}:
            return "date"
        if kinds <= {"text", "constant", "choice"}:
            return "text"
        return "list" if kinds <= {"list", "rows", "choices"} else "object"

    def lookups(self) -> list[dict[str, Any]]:
        """The look-ups at other systems."""
        found = []
        for variable in self._scope.variables.values():
            if not variable.fetch:
                continue
            when = any_of(*self._fetches.get(variable.key, []))
            if when == FALSE:
                self._account.remark("variables", variable.key, "geen regel haalt dit op")
                continue
            ref = self._scope.ref(variable.key)
            assert ref is not None
            try:
                found.append(lookup_of(variable, ref.text, written(when), self._translator, self._scope, self._account))
            except Untranslatable as error:
                self._account.lose("variables", variable.key, str(error))
        return found


def _conditional(part: Part) -> tuple[str, Any, bool] | None:
    own = part.component.get("conditional")
    if not isinstance(own, dict) or not own.get("when") or own.get("show") in (None, ""):
        return None
    return str(own["when"]), own.get("eq"), own["show"] in (True, "true")


def _folded(first: Test, turns: Iterable[Turn]) -> Test:
    """What holds after all turns: each one overrules what was, when it acts."""
    outcome = first
    for test, makes in turns:
        outcome = any_of(test, outcome) if makes else all_of(negate(test), outcome)
    return outcome


def _either(value: str, trigger: Test, before: str) -> str:
    if trigger == TRUE:
        return value
    if trigger == FALSE:
        return before
    if before in ("", "false") and value == "true":
        return written(trigger, sure=True)
    if value == "true" and before:
        return f"{written(trigger, sure=True)} or ({before})"
    if trigger == Filled(value) and not before:
        return value
    rest = before or "nothing"
    return f"{value} if {written(trigger, sure=True)} else {rest}"
