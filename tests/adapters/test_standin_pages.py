"""The stand-ins' pages in a real browser: usable without JavaScript, by keyboard, and found faultless by axe."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from adapters.oidc import query_of
from adapters.servers import serving
from raadhuis.adapters.config import Adapters
from raadhuis.adapters.identity import begin, finish
from raadhuis.adapters.standins.server import Standins
from raadhuis.adapters.standins.web import Request, Response, page

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci in frontend"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield running
        running.close()


def faults(shown: Page) -> list[str]:
    shown.evaluate(AXE.read_text())
    return [f["id"] for f in shown.evaluate("axe.run().then(result => result.violations)")]


@pytest.fixture
def callback() -> Iterator[str]:
    """Where the browser comes back to: a page of our own."""

    def arrive(request: Request) -> Response:
        return page("Terug", "<p>U bent terug.</p>")

    with serving(arrive) as url:
        yield f"{url}/klaar"


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("realm", ["resident", "business", "staff"])
def test_the_login_page(browser: Browser, adapters: Adapters, callback: str, realm: str, width: int) -> None:
    shown = browser.new_page(viewport={"width": width, "height": 800})
    shown.goto(begin(adapters.identity[realm], callback).url)
    assert faults(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown.close()


def test_choosing_and_cancelling_without_javascript(browser: Browser, adapters: Adapters, callback: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    provider = adapters.identity["resident"]
    request = begin(provider, callback)
    shown.goto(request.url)
    shown.get_by_role("button", name="Anouk Jansen").press("Enter")
    shown.wait_for_url(f"{callback}?**")
    assert finish(provider, request, query_of(shown.url), callback).bsn == "999900067"
    shown.goto(begin(provider, callback).url)
    shown.get_by_role("button", name="Annuleren").click()
    shown.wait_for_url(f"{callback}?**")
    assert query_of(shown.url)["error"] == "access_denied"
    context.close()


def test_the_pages_of_the_mail(browser: Browser, adapters: Adapters, standins: Standins) -> None:
    standins.mailbox.empty()
    shown = browser.new_page(viewport={"width": 320, "height": 800})
    shown.goto(f"{standins.url}/mail/")
    assert faults(shown) == []
    file = ("besluit.pdf", "application/pdf", b"%PDF")
    text = "Beste Zoë,\n\nKijk op http://localhost:8000/volgen/ hoe het ervoor staat.\n" + "x" * 300
    adapters.mail.send(uuid4(), "zoe.met.een.heel.lange.naam@gemeente.example", "Uw aanvraag is binnen", text, [file])
    shown.reload()
    assert faults(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    shown.get_by_role("link", name="Uw aanvraag is binnen").click()
    shown.wait_for_url(f"{standins.url}/mail/*")
    assert shown.get_by_role("heading", level=1).inner_text() == "Uw aanvraag is binnen"
    assert shown.get_by_role("link", name="http://localhost:8000/volgen/").is_visible()
    assert shown.get_by_role("link", name="besluit.pdf").is_visible()
    assert faults(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    for path in ("/", "/nergens", "/oidc/resident/end_session"):
        shown.goto(standins.url + path)
        assert faults(shown) == [], path
    shown.close()
