"""What is watched on every page that a test opens, and what can be said of a page as it stands.

Always holds: the page's own Content-Security-Policy stays in force; axe comes in through the debugger, not the page.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from browser.pages import PAGES

Test = TypeVar("Test", bound=Callable[..., Any])
WIDTHS = (320, 768, 1280)
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"], preload: false});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary.replaceAll("\\n", " ").slice(0, 240)})`));
}"""
WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > most + 1)
    .slice(0, 4).map((one) => `wider than the screen: ${one.tagName}.${one.className}`).concat(
      ["wider than the screen: " + document.documentElement.scrollWidth]);
}"""
# A document that answers 4xx is a page of ours; Chromium writes a line about each in the console.
STATUS_LINE = "Failed to load resource"


class Watcher:
    """Listens to everything that pages of one context do."""

    def __init__(self, context: BrowserContext, allowed: tuple[str, ...]) -> None:
        self.problems: list[str] = []
        self._allowed = {urlsplit(url).netloc for url in allowed}
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and STATUS_LINE not in message.text and "GPU stall" not in message.text:
            self.problems.append(f"console: {message.text[:300]}")

    def _request(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme in {"http", "https", "ws", "wss"} and where.netloc not in self._allowed:
            self.problems.append(f"asks another site: {request.url[:200]}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.problems.append(f"{response.status}: {response.url[:200]}")


# Everything folded is opened for the look, and folded again, so that a flow goes on as it was.
UNFOLD = "document.querySelectorAll('details:not([open])').forEach((one) => { one.open = true; one.dataset.eyes = '' })"
FOLD = "document.querySelectorAll('details[data-eyes]').forEach((one) => { one.open = false; delete one.dataset.eyes })"


def axe_says(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What axe and the ruler find on the page at each width, with everything unfolded; [] when all is well."""
    said: list[str] = []
    page.evaluate(UNFOLD)
    page.evaluate(AXE.read_text())
    before = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        said += [f"{width} px: {line}" for line in [*page.evaluate(WIDE), *page.evaluate(RUN)]]
    if before:
        page.set_viewport_size(before)
    page.evaluate(FOLD)
    return said


class Look:
    """Looks at the pages that a test says it looks at (`looks_at`), and counts."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.problems: list[str] = []

    def __call__(self, page: Page, label: str) -> None:
        """Looks at the page as it stands. `label` is a line of PAGES, whose address it must have."""
        name = PAGES[label]
        if name:
            found = resolve(urlsplit(page.url).path)
            assert found.url_name == name, f"{label}: this is {found.url_name}"
        self.seen.add(label)
        self.problems += [f"{label}, {line}" for line in axe_says(page)]


def looks_at(*labels: str) -> Callable[[Test], Test]:
    """Says which pages a test looks at; what it does not say, or does not do, fails."""

    def mark(test: Test) -> Test:
        test.looks_at = frozenset(labels)  # type: ignore[attr-defined]
        return test

    return mark
