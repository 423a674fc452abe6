"""Steps of the source as pages of ours: one page for each thing that people think of as one thing.

In: the tree, what rules do, and how questions are made. Out: pages as they stand in a document. Always holds: a box
with questions becomes a page with its title; what stands loose between boxes becomes a page with the step's title; the
order of the source is kept.
"""

from collections.abc import Iterator
from typing import Any

from raadhuis.catalogue.open_forms.effects import Effects
from raadhuis.catalogue.open_forms.naming import Names
from raadhuis.catalogue.open_forms.questions import Question, Questions
from raadhuis.catalogue.open_forms.refs import Untranslatable
from raadhuis.catalogue.open_forms.translation import Translation
from raadhuis.catalogue.open_forms.tree import Part
from raadhuis.catalogue.open_forms.truth import FALSE, TRUE, Test, all_of, written

Page = dict[str, Any]
REQUIRED = {"nl": "Deze vraag moet u ook beantwoorden.", "en": "You must answer this question too."}


class Pages:
    """Makes the pages of one form."""

    def __init__(self, form: Translation, effects: Effects, questions: Questions, names: Names) -> None:
        self._export, self._tree, self._scope = form.export, form.tree, form.scope
        self._translator, self._account = form.translator, form.account
        self._effects, self._questions, self._names = effects, questions, names

    def all(self) -> list[Page]:
        """Every page, in order."""
        found: list[Page] = []
        titles: set[str] = set()
        for number, parts in enumerate(self._tree.top):
            made = [page for box, run in _runs(parts) if (page := self._page(number, box, run)) is not None]
            if not made:
                self._account.remark("steps", self._export.steps[number].uuid, "een stap zonder vragen is weggelaten")
            for page in made:
                self._tell_apart(page, number, titles)
            found += made
        return found

    def _tell_apart(self, page: Page, number: int, titles: set[str]) -> None:
        """Two pages with the same title get that of their step beside it, or a number."""
        title, step = page["title"]["nl"], self._export.steps[number].name
        if title in titles:
            page["title"] = {"nl": f"{step}: {title[0].lower()}{title[1:]}" if title != step else title}
            title, count = page["title"]["nl"], 2
            while page["title"]["nl"] in titles:
                page["title"], count = {"nl": f"{title} ({count})"}, count + 1
        titles.add(page["title"]["nl"])

    def _page(self, number: int, box: Part | None, parts: list[Part]) -> Page | None:
        step = self._export.steps[number]
        when = self._effects.applicable(number)
        title = {"nl": " ".join(step.name.split())}
        english = step.translations.get("en", {}).get("name")
        if english:
            title["en"] = str(english)
        key = f"page.{step.uuid}.{parts[0].id}"
        if box is not None:
            when = all_of(when, self._effects.shown(box))
            title = self._questions.text(box, "label", one_line=True) or title
            key = f"page.{step.uuid}.box.{box.key}"
        asked: list[Question] = []
        checks: list[dict[str, Any]] = []
        for part in parts:
            inside = part.boxes[1:] if box is not None else part.boxes
            around = all_of(*(self._effects.shown(outer) for outer in inside))
            for question in self._asked(part, around):
                asked.append(question)
                checks += self._demand(part, question)
        if not asked:
            return None
        page: Page = {"id": self._names.give(key, title["nl"], "pagina"), "title": title}
        if when != TRUE:
            page["when"] = written(when)
            for question in asked:
                if question.get("when") == page["when"]:
                    del question["when"]  # The page says it already.
        page["questions"] = asked
        if checks:
            page["checks"] = checks
        return page

    def _demand(self, part: Part, question: Question) -> list[dict[str, Any]]:
        """An answer that rules make required, or not, is asked for by a check instead of by the question."""
        demanded = self._effects.required(part)
        if demanded is None or question["type"] == "note":
            return []
        question["required"] = False
        missing = f"empty({question['id']})"
        when = missing if demanded == TRUE else f"({written(demanded, sure=True)}) and {missing}"
        return [{"when": when, "text": REQUIRED, "question": question["id"]}]

    def _asked(self, part: Part, around: Test) -> Iterator[Question]:
        shown = all_of(around, self._effects.shown(part))
        if shown == FALSE:
            self._account.remark("components", part.id, "wordt nooit getoond en is weggelaten")
            return
        for question in self._questions.of(part):
            own = shown
            logic = question.pop("logic", True)
            if logic is not True:
                own = all_of(shown, self._piece(part, logic))
            if isinstance(question.get("options_from"), dict):
                question["options_from"] = self._options_from(part, question["options_from"])
            if part.id in self._effects.prefills:
                question["prefill"] = {"source": self._effects.prefills[part.id], "ask": "confirm"}
            if question["type"] == "group" and part.inner:
                question["questions"] = [q for column in part.inner for q in self._columns(column)]
                if part.id in self._effects.lists:  # How many rows there are, the other list says.
                    question |= self._effects.lists[part.id]
                    question.pop("at_least", None)
                if not question["questions"]:
                    self._account.lose("components", part.id, "een herhaling zonder vragen")
                    continue
            yield _ordered(question, written(own) if own != TRUE else "")

    def _piece(self, part: Part, logic: Any) -> Test:
        try:
            return self._translator.truth(logic)
        except Untranslatable as error:
            self._account.remark("components", part.id, f"een voorwaarde in de tekst: {error}; hij staat er nu altijd")
            return TRUE

    def _columns(self, column: Part) -> Iterator[Question]:
        shown = all_of(*(self._effects.shown(box) for box in column.boxes), self._effects.shown(column))
        self._scope.row = column.group
        try:
            made = self._questions.of(column)
        finally:
            self._scope.row = None
        for question in made:
            if question["type"] == "group":
                self._account.lose("components", column.id, "een herhaling binnen een herhaling kan niet")
                continue
            if isinstance(question.get("options_from"), dict):
                question["options_from"] = self._options_from(column, question["options_from"])
            logic = question.pop("logic", True)
            own = all_of(shown, self._piece(column, logic)) if logic is not True else shown
            yield _ordered(question, written(own) if own != TRUE else "")

    def _options_from(self, part: Part, expression: Any) -> str:
        try:
            return self._translator.value(expression).text
        except Untranslatable as error:
            self._account.lose("components", part.id, f"de mogelijkheden: {error}")
            return "person.household"


def _runs(parts: list[Part]) -> Iterator[tuple[Part | None, list[Part]]]:
    """Runs of parts that stand in the same outermost box, or in none. A box of texts only joins what is around it."""
    run: list[Part] = []
    box: Part | None = None
    for part in parts:
        outer = part.boxes[0] if part.boxes else None
        if run and outer is not box:
            yield box, run
            run = []
        box = outer
        run.append(part)
    if run:
        yield box, run


_ORDER = ("id", "type", "label", "help", "when", "required", "prefill", "default", "tone")


def _ordered(question: Question, when: str) -> Question:
    """The fields of a question as people write them: the same order everywhere."""
    if when:
        question["when"] = when
    first = {key: question[key] for key in _ORDER if key in question}
    return first | {key: value for key, value in question.items() if key not in first}
