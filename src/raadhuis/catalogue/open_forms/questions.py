"""Components of the source as questions of ours.

In: a Part. Out: the question as it stands in a document (a dict), or more than one. Always holds: a setting that
matters to who fills in is either in the question or told to the account; how the source's screens look is dropped.
"""

import math
from collections.abc import Callable
from typing import Any

from raadhuis.catalogue.open_forms import words
from raadhuis.catalogue.open_forms.known import FILE_KINDS, REGISTERS, RULES, Documents, megabytes, whole
from raadhuis.catalogue.open_forms.options import Options
from raadhuis.catalogue.open_forms.report import Account
from raadhuis.catalogue.open_forms.scope import FormScope
from raadhuis.catalogue.open_forms.tree import Part

Question = dict[str, Any]
LONGEST_ANSWER = 20_000
_SHAPES = {"marker": "point", "polyline": "line", "polygon": "area"}


class Questions:
    """Makes questions of parts."""

    def __init__(self, scope: FormScope, options: dict[str, Options], account: Account, documents: Documents) -> None:
        self._scope, self._options, self._account, self._documents = scope, options, account, documents
        self.cosigner = ""
        """The question with the address of who signs along, once there is one."""

    def of(self, part: Part) -> list[Question]:
        """The questions that a part becomes; none when it is lost."""
        make = _MAKERS.get(part.kind)
        if make is None:
            self._lose(part, f"de soort `{part.kind[:40]}` kennen wij niet")
            return []
        made = make(self, part)
        if part.setting("multiple") and part.kind in _ONE_BY_ONE:
            made = [self._repeated(part, made[0])]
        return made

    def _lose(self, part: Part, why: str) -> None:
        self._account.lose("components", part.id, why)

    def _remark(self, part: Part, why: str) -> None:
        self._account.remark("components", part.id, why)

    def text(self, part: Part, setting: str, *, one_line: bool = False) -> dict[str, str] | None:
        """A text of the source in both languages; None when it is empty."""
        make = words.plain if one_line else words.text

        def lost(what: str, why: str) -> None:
            self._remark(part, f"{what}: {why}")

        dutch = make(str(part.component.get(setting) or ""), self._scope.place, lost)
        if not dutch:
            return None
        english = part.setting("openForms", "translations", "en", setting)
        translated = make(str(english), self._scope.place, lost) if english else ""
        return {"nl": dutch, **({"en": translated} if translated else {})}

    def _base(self, part: Part, kind: str) -> Question:
        name = self._scope.name_of(part)
        label = self.text(part, "label", one_line=True) or {"nl": name.replace("_", " ").capitalize()}
        question: Question = {"id": name, "type": kind, "label": label}
        helped = [text for text in (self.text(part, "description"), self.text(part, "tooltip")) if text]
        if helped:
            question["help"] = {
                "nl": "\n\n".join(text["nl"] for text in helped),
                **({"en": "\n\n".join(text["en"] for text in helped)} if all("en" in text for text in helped) else {}),
            }
        if not part.setting("validate", "required"):
            question["required"] = False
        self._prefill(part, question)
        self._messages(part, question)
        self._rest(part)
        return question

    def _rest(self, part: Part) -> None:
        """Settings that have no place here."""
        if part.setting("validate", "custom"):
            self._remark(part, "een eigen controle in JavaScript is niet overgenomen")
        plugins = part.setting("validate", "plugins") or []
        for plugin in plugins if isinstance(plugins, list) else []:
            if not str(plugin).startswith("phonenumber"):
                self._remark(part, f"de controle `{str(plugin)[:60]}` is niet overgenomen")
        if part.setting("openForms", "requireVerification"):
            self._remark(part, "het e-mailadres wordt niet met een code gecontroleerd")
        if part.component.get("showInSummary") is False and part.kind not in {"content", "fieldset"}:
            self._remark(part, "het antwoord staat ook in het overzicht")

    def _prefill(self, part: Part, question: Question) -> None:
        plugin, attribute = part.setting("prefill", "plugin"), part.setting("prefill", "attribute")
        if not plugin:
            return
        for plugins, attributes in REGISTERS.items():
            if plugin in plugins and attribute in attributes:
                question["prefill"] = {"source": attributes[attribute]}
                return
        self._remark(part, f"vooraf invullen uit `{str(plugin)[:40]}` ({str(attribute)[:60]}) is niet overgenomen")

    def _messages(self, part: Part, question: Question) -> None:
        dutch, english = part.setting("translatedErrors", "nl") or {}, part.setting("translatedErrors", "en") or {}
        found = {
            RULES[rule]: {"nl": str(sentence), **({"en": str(english[rule])} if english.get(rule) else {})}
            for rule, sentence in dutch.items()
            if sentence and rule in RULES
        }
        if found:
            question["messages"] = found

    # One by one

    def _plain(self, kind: str) -> Callable[[Part], list[Question]]:
        return lambda part: [self._base(part, kind)]

    def words(self, part: Part) -> list[Question]:
        """textfield and textarea."""
        question = self._base(part, "text")
        longest = part.setting("validate", "maxLength")
        question["max_length"] = min(whole(longest, 1000), LONGEST_ANSWER)
        if part.kind == "textarea":
            question["lines"] = max(3, whole(part.component.get("rows"), 3))
        pattern = str(part.setting("validate", "pattern") or "")
        if pattern:
            question["pattern"] = pattern.removeprefix("^").removesuffix("$")
        if part.component.get("autocomplete"):
            question["autocomplete"] = str(part.component["autocomplete"])
        self._default(part, question)
        return [question]

    def _default(self, part: Part, question: Question) -> None:
        value = part.component.get("defaultValue")
        if isinstance(value, str | int | float) and value not in ("", False) and not isinstance(value, bool):
            question["default"] = value

    def number(self, part: Part) -> list[Question]:
        """number and currency."""
        money = part.kind == "currency"
        question = self._base(part, "money" if money else "number")
        for theirs, ours in (("min", "at_least"), ("max", "at_most")):
            bound = part.setting("validate", theirs)
            if isinstance(bound, int | float) and not isinstance(bound, bool) and math.isfinite(bound):
                question[ours] = round(bound * 100) if money else bound
        decimals = part.component.get("decimalLimit")
        if not money:
            question["decimals"] = min(whole(decimals, 2), 6)
            unit = str(part.component.get("suffix") or "").strip()
            if unit:
                question["unit"] = {"nl": unit, "en": unit}
        self._default(part, question)
        return [question]

    def day(self, part: Part) -> list[Question]:
        """date and datetime, with bounds that may look at another answer."""
        question = self._base(part, part.kind)
        for theirs, ours, fixed in (("minDate", "not_before", "minDate"), ("maxDate", "not_after", "maxDate")):
            bound = self._bound(part, part.setting("openForms", theirs) or {}, part.setting("datePicker", fixed))
            if bound:
                question[ours] = bound
        return [question]

    def _bound(self, part: Part, bound: dict[str, Any], fixed: Any) -> str:
        mode = bound.get("mode") or ("fixedValue" if fixed else "")
        now = "now" if part.kind == "datetime" else "today"
        if mode == "fixedValue":
            return str(fixed or "")[:10]
        if mode in {"future", "past"}:
            if part.kind == "datetime" or bound.get("includeToday"):
                return now
            return "today+1" if mode == "future" else "today-1"
        if mode != "relativeToVariable":
            return ""
        delta = bound.get("delta") or {}
        if delta.get("years") or delta.get("months"):
            self._remark(part, "een grens in maanden of jaren is niet overgenomen")
            return ""
        sign = "-" if bound.get("operator") == "subtract" else "+"
        days = f"{sign}{whole(delta.get('days'), 0)}" if delta.get("days") else ""
        if bound.get("variable") in {"now", "today"}:
            return f"{now}{days}"
        ref = self._scope.ref(str(bound.get("variable") or ""))
        if ref is None or ref.kind not in {"date", "datetime"}:
            self._remark(part, "een grens ten opzichte van iets anders dan een datum is niet overgenomen")
            return ""
        return f"{ref.text}{days}"

    def choice(self, part: Part) -> list[Question]:
        """radio, select and selectboxes."""
        options = self._options[part.id]
        if options.yes_no:
            return [self._base(part, "yes_no")]
        many = part.kind == "selectboxes" or bool(part.setting("multiple"))
        question = self._base(part, "choices" if many else "choice")
        if options.expression is not None:
            question["options_from"] = options.expression  # Translated by who knows the expressions.
        else:
            question["options"] = [_option(*row) for row in options.rows]
            if not options.rows:
                self._lose(part, "een keuze zonder mogelijkheden")
                return []
        if many:
            for theirs, ours in (("minSelectedCount", "at_least"), ("maxSelectedCount", "at_most")):
                bound = part.setting("validate", theirs)
                if isinstance(bound, int) and not isinstance(bound, bool) and bound > 0:
                    question[ours] = bound
        default = part.component.get("defaultValue")
        chosen = options.by_value.get(default) if isinstance(default, str) else None
        if chosen and not many:
            question["default"] = chosen[0]
        return [question]

    def tick(self, part: Part) -> list[Question]:
        """checkbox: one that must be ticked is a declaration, any other a question of yes or no."""
        if part.setting("validate", "required"):
            return [self._base(part, "declaration")]
        question = self._base(part, "yes_no")
        question.pop("required", None)
        self._remark(part, "een los vinkje wordt een vraag met ja en nee")
        return [question]

    def file(self, part: Part) -> list[Question]:
        """file: kinds by content, and the document type."""
        question = self._base(part, "file")
        wanted = part.setting("file", "type") or []
        kinds = [FILE_KINDS[mime] for mime in wanted if mime in FILE_KINDS]
        strange = [str(mime) for mime in wanted if mime not in FILE_KINDS and mime not in {"*", ""}]
        if strange:
            self._remark(part, f"deze soorten bestanden nemen wij niet aan: {', '.join(strange)[:200]}")
        question["document"] = self._documents.key_for(part)
        if kinds:
            question["kinds"] = sorted(set(kinds), key=list(FILE_KINDS.values()).index)
        most = part.component.get("maxNumberOfFiles")
        question["at_most"] = min(whole(most, 10), 20) if part.setting("multiple") else 1
        question["max_megabytes"] = min(megabytes(part.component.get("fileMaxSize")), 50)
        return [question]

    def place(self, part: Part) -> list[Question]:
        """map: a point, a line or an area, as far as the form lets one draw them."""
        question = self._base(part, "place")
        given = part.setting("interactions")
        shapes = [_SHAPES[name] for name in _SHAPES if isinstance(given, dict) and given.get(name)]
        if shapes not in ([], ["point"]):
            question["shapes"] = shapes
        return [question]

    def postcode(self, part: Part) -> list[Question]:
        """postcode: a text of that form."""
        question = self._base(part, "text")
        question |= {"max_length": 7, "pattern": "[1-9][0-9]{3} ?[A-Za-z]{2}", "autocomplete": "postal-code"}
        question["pattern_help"] = {
            "nl": "Schrijf de postcode als 1234 AB.",
            "en": "Write the postcode as 1234 AB.",
        }
        return [question]

    def signature(self, part: Part) -> list[Question]:
        """signature: who fills in says so, in words that are kept."""
        self._remark(part, "een getekende handtekening wordt een verklaring die de aanvrager aanvinkt")
        question = self._base(part, "declaration")
        question.pop("required", None)
        return [question]

    def relatives(self, part: Part) -> list[Question]:
        """partners, children and npFamilyMembers: from the register of persons."""
        source = {"partners": "person.partners", "children": "person.children"}.get(part.kind, "person.household")
        question = self._base(part, "choices")
        question["options_from"] = source
        return [question]

    def cosign(self, part: Part) -> list[Question]:
        """cosign: the address of who signs along; in the older form of it they logged in on the same screen."""
        question = self._base(part, "email")
        if part.group is not None or self.cosigner:
            self._lose(part, "hier ondertekent één tweede persoon mee; het e-mailadres wordt wel gevraagd")
            return [question]
        self.cosigner = question["id"]
        if part.kind == "coSign":
            self._remark(part, "de tweede persoon logt niet op hetzelfde scherm in, maar krijgt een e-mail")
        return [question]

    def checks(self, part: Part) -> list[Question]:
        """softRequiredErrors: the overview shows what is still missing."""
        self._remark(part, "wat nog ontbreekt, staat in het overzicht voor het versturen")
        return []

    def note(self, part: Part) -> list[Question]:
        """content: a note for each piece with a condition of its own; `logic` is translated by who knows how."""

        def lost(what: str, why: str) -> None:
            self._remark(part, f"{what}: {why}")

        pieces = words.segments(str(part.component.get("html") or ""), lost)
        english = words.segments(str(part.setting("openForms", "translations", "en", "html") or ""), lost)
        name = self._scope.name_of(part)
        notes: list[Question] = []
        for place, piece in enumerate(pieces):
            dutch = words.text(piece.html, self._scope.place, lost)
            if not dutch:
                continue
            label = {"nl": dutch}
            if len(english) == len(pieces):
                translated = words.text(english[place].html, self._scope.place, lost)
                label |= {"en": translated} if translated else {}
            note: Question = {"id": name if not notes else f"{name}_{len(notes) + 1}", "type": "note", "label": label}
            if part.component.get("customClass") == "warning":
                note["tone"] = "warning"
            note["logic"] = piece.logic
            notes.append(note)
        if not notes:
            self._remark(part, "een tekst zonder woorden is weggelaten")
        return notes

    def group(self, part: Part) -> list[Question]:
        """editgrid: questions that are answered once for each thing; who walks the tree fills in the columns."""
        question = self._base(part, "group")
        item = self.text(part, "groupLabel", one_line=True)
        question["item"] = item or question["label"]
        least, most = part.setting("validate", "minLength"), part.setting("validate", "maxLength")
        if whole(least, 0) > 0:
            question["at_least"] = whole(least, 0)
        if whole(most, 0) > 0:
            question["at_most"] = min(whole(most, 20), 100)
        question["questions"] = []
        return [question]

    def _repeated(self, part: Part, question: Question) -> Question:
        """More than one answer to a question that has one: a group with one column."""
        self._remark(part, "meer dan één antwoord wordt een lijst met een knop om er een bij te zetten")
        column = {**question, "id": f"{question['id']}_item"}
        column.pop("required", None)
        kept: Question = {key: question[key] for key in ("id", "label", "help", "required") if key in question}
        return {**kept, "type": "group", "item": question["label"], "questions": [column]}


def _option(name: str, value: str, label: str, english: str, helped: str) -> Question:
    option: Question = {"id": name, "label": {"nl": label or value, **({"en": english} if english else {})}}
    if helped:
        option["help"] = {"nl": helped}
    return option


_ONE_BY_ONE = {"textfield", "textarea", "email", "phoneNumber", "number", "currency", "date", "datetime", "time",
               "postcode", "bsn", "iban", "licenseplate"}  # fmt: skip


def _as(kind: str) -> Callable[[Questions, Part], list[Question]]:
    return lambda questions, part: questions._plain(kind)(part)


_MAKERS: dict[str, Callable[[Questions, Part], list[Question]]] = {
    "textfield": Questions.words,
    "textarea": Questions.words,
    "email": _as("email"),
    "phoneNumber": _as("phone"),
    "time": _as("time"),
    "bsn": _as("bsn"),
    "iban": _as("iban"),
    "licenseplate": _as("licence_plate"),
    "addressNL": _as("address"),
    "number": Questions.number,
    "currency": Questions.number,
    "date": Questions.day,
    "datetime": Questions.day,
    "radio": Questions.choice,
    "select": Questions.choice,
    "selectboxes": Questions.choice,
    "checkbox": Questions.tick,
    "file": Questions.file,
    "map": Questions.place,
    "postcode": Questions.postcode,
    "signature": Questions.signature,
    "partners": Questions.relatives,
    "children": Questions.relatives,
    "npFamilyMembers": Questions.relatives,
    "cosign": Questions.cosign,
    "coSign": Questions.cosign,
    "softRequiredErrors": Questions.checks,
    "content": Questions.note,
    "editgrid": Questions.group,
}
