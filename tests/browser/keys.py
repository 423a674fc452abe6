"""Somebody who has no mouse: Tab, Space, Enter and the arrows, nothing else.

Always holds: wherever the focus comes, it is seen: an outline around the control or around the row that it stands in,
inside the window.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.http import QueryDict
from playwright.sync_api import Page

from browser import hands
from raadhuis.catalogue.questions import FileQuestion, GroupQuestion
from raadhuis.catalogue.schema import Definition
from raadhuis.catalogue.schema import Page as FormPage
from raadhuis.site.example.filler import PDF, PNG, as_form

MOST_STOPS = 90
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {tag: "BODY", type: "", name: "", value: "", text: "", checked: false};
  return {tag: one.tagName, type: one.type ?? "", name: one.name ?? "", value: one.value ?? "",
    text: one.innerText?.trim() ?? "", checked: one.checked ?? false};
}"""
# Asks for a picture before it looks, since the window scrolls to the focus with the next one that is drawn; a machine
# that draws nothing for half a second is looked at all the same.
SEEN = """async () => {
  await Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 500))]);
  const one = document.activeElement;
  const drawn = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const around = [one, one.closest(".rh-option, .rh-plate")].filter(Boolean);
  const box = one.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return around.some(drawn) && inside;
}"""
# What tells why somebody does not see it.
WHERE = """() => {
  const one = document.activeElement;
  const {top, bottom} = one.getBoundingClientRect();
  const {outlineStyle, outlineWidth} = getComputedStyle(one);
  const ours = one.matches(":focus-visible");
  return JSON.stringify({html: one.outerHTML.slice(0, 200), top, bottom, outlineStyle, outlineWidth, ours,
    scrolled: scrollY, window: innerHeight, page: document.documentElement.scrollHeight, hash: location.hash});
}"""
# Two pictures on, what came before is drawn: the first may have been under way already.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
Here = dict[str, Any]


class Keys:
    """The keyboard on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Who listens from the start is told of every dialogue for files; asking only when it opens may be too late.
        page.on("filechooser", lambda chooser: None)

    def press(self, key: str) -> None:
        """One key."""
        self.page.keyboard.press(key)

    def here(self) -> Here:
        """Where the focus is."""
        found: Here = self.page.evaluate(HERE)
        return found

    def tab(self) -> Here:
        """On to the next stop; where that is. The focus must be seen there."""
        self.press("Tab")
        now = self.here()
        if now["tag"] != "BODY":
            self.expect_seen()
        return now

    def expect_seen(self, within: float = 30.0) -> None:
        """Fails when the focus is not seen after so many seconds."""
        until = time.monotonic() + within
        while not self.page.evaluate(SEEN):  # Not `wait_for_function`: that takes a promise for yes.
            if time.monotonic() > until:
                raise AssertionError(f"the focus is not seen: {self.page.evaluate(WHERE)}")
            self.page.wait_for_timeout(100)

    def skip(self) -> None:
        """Past the header, by the first link of the page; a browser may scroll there one picture later."""
        assert self.tab()["text"] in {"Naar de inhoud", "Skip to the content"}
        self.press("Enter")
        self.page.evaluate(DRAWN)

    def tab_to(self, text: str) -> None:
        """To what has this text; fails when Tab never comes there."""
        for _ in range(MOST_STOPS):
            if text in self.tab()["text"]:
                return
        raise AssertionError(f"Tab never comes to {text!r} on {self.page.url}")

    def enter(self, text: str) -> None:
        """To what has this text, and Enter."""
        self.tab_to(text)
        self.press("Enter")
        self.page.wait_for_load_state()

    def log_in(self, home: str, who: str, realm: str, then: str) -> None:
        """Through the stand-in's page."""
        self.page.goto(f"{home}/inloggen/{realm}/?verder={then}")
        self.enter(who)
        self.page.wait_for_url(f"{home}{then}*")


def fill_in(keys: Keys, definition: Definition, answers: Mapping[str, Any], folder: Path) -> list[str]:
    """From a question to the overview; the ids of the pages that were met."""
    met: list[str] = []
    for _ in range(60):
        if "/overzicht/" in keys.page.url:
            return met
        page_id = hands.page_id(keys.page)
        met += [page_id] if page_id not in met[-1:] else []
        _answer(keys, next(page for page in definition.pages if page.id == page_id), answers, folder)
        assert not keys.page.locator("[data-error-summary]").count(), keys.page.locator("main").inner_text()
    raise AssertionError(f"the form does not end: {met[-5:]}")


def _answer(keys: Keys, form_page: FormPage, answers: Mapping[str, Any], folder: Path) -> None:
    """Walks through one page and does at each stop what has to be done there; ends with Verder, or with a new row."""
    form = as_form(form_page, answers)
    groups = {q.id: len(answers.get(q.id, [])) for q in form_page.questions if isinstance(q, GroupQuestion)}
    files = {q.id: q for q in form_page.questions if isinstance(q, FileQuestion) and answers.get(q.id)}
    if keys.page.locator("[data-map]").count():  # Drawn once its script has come; Tab may be quicker than that.
        keys.page.locator("canvas.maplibregl-canvas").first.wait_for()
    if not keys.page.locator("[data-notice]").count():  # A notice has the focus already; the header is behind it.
        keys.skip()
    for _ in range(MOST_STOPS):
        now = keys.tab()
        name = now["name"]
        if (
            name == "add"
            and keys.page.locator(f'[name^="{now["value"]}."][name$=".row"]').count() < groups[now["value"]]
        ):
            _go(keys)
            return
        if now["tag"] == "BUTTON" and now["text"] == "Verder":
            _go(keys)
            return
        if name in files and not keys.page.locator(".rh-files__item").count():
            _pick_file(keys, files[name], folder)
        elif now["tag"] == "CANVAS" and "lat" in answers.get(form_page.questions[0].id, {}):
            keys.press("Enter")
        elif name in form:
            _put(keys, now, form)
    raise AssertionError(f"Tab never comes to Verder on {keys.page.url}")


def _go(keys: Keys) -> None:
    with keys.page.expect_navigation():
        keys.press("Enter")


def _pick_file(keys: Keys, question: FileQuestion, folder: Path) -> None:
    kind = "pdf" if "pdf" in question.kinds else "png"
    file = folder / f"stuk.{kind}"
    file.write_bytes(PDF if kind == "pdf" else PNG)
    with keys.page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(file)


def _put(keys: Keys, now: Here, form: QueryDict) -> None:
    wanted = [str(value) for value in form.getlist(now["name"])]
    if now["type"] == "radio":
        _choose(keys, now, wanted[0])
    elif now["type"] == "checkbox":
        if (now["value"] in wanted) != now["checked"]:
            keys.press("Space")
    elif now["value"] != wanted[0]:
        keys.press("ControlOrMeta+a")
        keys.page.keyboard.type(wanted[0])


def _choose(keys: Keys, now: Here, wanted: str) -> None:
    """Space on the right one; the arrows go to the others."""
    for _ in range(20):
        if now["value"] == wanted:
            if not now["checked"]:
                keys.press("Space")
            return
        keys.press("ArrowDown")
        now = keys.here()
    raise AssertionError(f"the arrows never come to {wanted}")
