"""A visitor who knows nothing of the form: reads each page, and answers what is asked with the controls that are seen.

In: a page of any form, and answers by a part of the question's text. Out: the form, filled in. Always holds: only what
is visible is touched, with clicks, keys and the file chooser; a question without an answer of its own, and that must be
answered, gets Nee, the first option, one, or a few words.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from browser import hands
from raadhuis.kernel import clock
from raadhuis.site.example.filler import PDF

Answers = Mapping[str, str | list[str]]
MOST_PRESSES = 150
OPTIONAL = "(niet verplicht)"
# What a person sees of each question: its words, and the controls that take an answer.
SURVEY = """() => [...document.querySelectorAll("main [data-field]")].filter((one) => one.offsetParent).map((one) => {
  const look = (css) => [...one.querySelectorAll(css)].filter((control) => control.offsetParent);
  const words = (node) => node ? node.textContent.trim().replace(/\\s+/g, " ") : "";
  const kind = (one.className.match(/rh-fieldset--(\\w+)/) || [])[1]
    || (one.matches(".rh-declaration") ? "declaration"
      : one.querySelector("input[type=file], .rh-files") ? "file" : "line");
  return {
    name: one.dataset.field, kind,
    words: words(one.querySelector("legend, label")),
    rows: look(":scope > .rh-control > .rh-row").length,
    kept: look(".rh-files__item").length,
    options: kind === "choice" || kind === "declaration" ? look(".rh-option").map((option) => ({
      id: option.querySelector("input").id, words: words(option.querySelector("label")),
      radio: option.querySelector("input").type === "radio", checked: option.querySelector("input").checked })) : [],
    controls: look("input:not([type=hidden]), textarea").map((control) => ({
      id: control.id, type: control.type, mode: control.inputMode, value: control.value,
      words: words(document.querySelector(`label[for="${control.id}"]`)) })),
  };
})"""
# A house that the stand-in of the register of addresses knows.
ADDRESS = {"Postcode": "9990AC", "Huisnummer": "7"}
LINES = {"email": "organisator@voorbeeld.example", "tel": "0612345678", "numeric": "1", "decimal": "1"}


class Visitor:
    """Somebody at a form. `met` are the ids of the pages that came by, in order, each once."""

    def __init__(self, page: Page, answers: Answers, folder: Path) -> None:
        self.page, self.met = page, list[str]()
        self.answers = dict(answers)
        self._folder, self._days = folder, 60

    def go_on_until(self, last: str = "", at_page: Callable[[str], None] = lambda page_id: None) -> None:
        """Answers page after page until the page with this id is shown, or the overview."""
        for _ in range(MOST_PRESSES):
            if "/overzicht/" in self.page.url or (here := hands.page_id(self.page)) == last:
                return
            self.fill()
            if here not in self.met:
                self.met.append(here)
                at_page(here)
            hands.send(self.page, "Verder")
            problems = self.page.locator("[data-error-summary]")
            assert not problems.count(), f"{here}: {problems.inner_text()}"
        raise AssertionError(f"the form does not end: {self.met[-5:]}")

    def fill(self) -> None:
        """Answers everything that the page asks."""
        while (field := next((f for f in self._asked() if f["kind"] == "group" and not f["rows"]), None)) is not None:
            group = self.page.locator(f'[data-field="{field["name"]}"]')
            group.get_by_role("button", name="Voeg toe:").click()
            expect(group.locator(".rh-row")).to_have_count(1)
        for field in self._asked():
            getattr(self, f"_{field['kind']}")(field)

    def _asked(self) -> list[dict[str, Any]]:
        """The questions that must be answered, and those for which there is an answer."""
        fields = self.page.evaluate(SURVEY)
        return [f for f in fields if OPTIONAL not in f["words"] or self._chosen(f) is not None]

    def _chosen(self, field: Mapping[str, Any]) -> str | list[str] | None:
        return next((answer for part, answer in self.answers.items() if part in field["words"]), None)

    def _control(self, control: Mapping[str, Any]) -> Locator:
        return self.page.locator(f'[id="{control["id"]}"]')

    def _group(self, field: Mapping[str, Any]) -> None:
        assert field["rows"], field["words"]

    def _choice(self, field: Mapping[str, Any]) -> None:
        wanted, options = self._chosen(field), field["options"]
        if wanted is None and (any(option["checked"] for option in options) or not options):
            return
        words = [wanted] if isinstance(wanted, str) else wanted
        if words is None:
            words = [
                "Nee" if options[0]["radio"] and any(o["words"] == "Nee" for o in options) else options[0]["words"]
            ]
        assert all(any(option["words"].startswith(w) for option in options) for w in words), (field["words"], words)
        for option in options:
            right = any(option["words"].startswith(w) for w in words)
            if right != option["checked"] and (right or not option["radio"]):
                self.page.locator(f'label[for="{option["id"]}"]').click()

    def _declaration(self, field: Mapping[str, Any]) -> None:
        if not field["options"][0]["checked"]:
            self.page.locator(f'label[for="{field["options"][0]["id"]}"]').click()

    def _date(self, field: Mapping[str, Any]) -> None:
        if any(control["value"] for control in field["controls"]):
            return
        self._days += 1  # Each moment after the one before it.
        day = clock.today() + timedelta(days=self._days)
        for control, text in zip(field["controls"], (day.day, day.month, day.year, "12:00"), strict=False):
            self._control(control).fill(str(text))

    def _address(self, field: Mapping[str, Any]) -> None:
        for control in field["controls"]:
            if control["words"] in ADDRESS and not control["value"]:
                self._control(control).fill(ADDRESS[control["words"]])

    def _place(self, field: Mapping[str, Any]) -> None:
        words = next(control for control in field["controls"] if control["type"] == "textarea")
        if not words["value"]:
            self._control(words).fill("Op het plein, naast de kerk")

    def _file(self, field: Mapping[str, Any]) -> None:
        if field["kept"]:
            return
        file = self._folder / f"{self._chosen(field) or field['name']}.pdf"
        file.write_bytes(PDF)
        self._control(next(c for c in field["controls"] if c["type"] == "file")).set_input_files(file)

    def _line(self, field: Mapping[str, Any]) -> None:
        control, wanted = field["controls"][0], self._chosen(field)
        if control["value"] and wanted in (None, control["value"]):
            return
        by_kind = LINES.get(control["type"]) or LINES.get(control["mode"])
        if wanted is None and by_kind is None:
            wanted = "12:00" if "tijd" in field["words"].lower() else "Dat spreken wij nog af"
        assert wanted is None or isinstance(wanted, str), field["words"]
        self._control(control).fill(wanted or by_kind or "")
