"""The town hall as a process, Debian's Chromium, and pages that are watched."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.eyes import WIDTHS, Look, Watcher
from browser.town import Town

CHROMIUM = Path("/usr/bin/chromium")
ASSETS = Path(__file__).parents[2] / "src" / "raadhuis" / "site" / "assets" / "manifest.json"
# Software drawing, so that the map draws without a graphics card; and nothing that asks the internet by itself.
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
]
PHONE = {"width": 390, "height": 844}
Open = Callable[..., Page]


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demonstration, on free ports with its own data."""
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM}: install Debian's chromium to run the tests in a browser")
    assert ASSETS.exists(), "the assets are not built; run `make assets`"
    running = Town(tmp_path_factory.mktemp("town"))
    yield running
    assert running.end() == [], "processes were left behind"


@pytest.fixture(scope="package")
def chromium(town: Town) -> Iterator[Browser]:
    """One browser for all tests here; it ends with them, since its event loop would stand in the way of others."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, town: Town) -> Iterator[Open]:
    """Opens a page in a browser of its own (its own cookies); afterwards nothing may have gone wrong in any of them."""
    watchers: list[Watcher] = []
    with ExitStack() as stack:

        def new(**options: Any) -> Page:
            context = chromium.new_context(**{"viewport": PHONE, "locale": "nl-NL", **options})
            context.set_default_timeout(15_000)
            stack.callback(context.close)
            watchers.append(
                Watcher(context, (town.home, town.standins, town.standins.replace("127.0.0.1", "localhost")))
            )
            return context.new_page()

        yield new
    problems = [problem for watcher in watchers for problem in watcher.problems]
    assert not problems, "\n".join(problems)


_LOOKED: list[str] = []


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Iterator[Look]:
    """Looks at pages with axe and a ruler, at three widths; afterwards, everything that the test said it looks at."""
    eyes = Look()
    yield eyes
    _LOOKED.extend(eyes.seen)
    assert not eyes.problems, "\n".join(eyes.problems)
    assert eyes.seen == getattr(request.function, "looks_at", frozenset())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many pages were looked at."""
    if _LOOKED:
        terminalreporter.write_line(f"axe looked at {len(_LOOKED)} pages at {len(WIDTHS)} widths")
