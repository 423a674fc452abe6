"""Makes the pictures of docs/images and the page docs/screens.md, from a demonstration that it starts itself.

`.venv/bin/python tools/screenshots.py`. Needs Debian's Chromium and built assets. Always holds: what is shown was done
by hands on real pages; a picture is at most 250 kB.
"""

import io
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")

import django  # noqa: E402

django.setup()

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from browser import hands  # noqa: E402
from browser.conftest import ARGUMENTS, CHROMIUM  # noqa: E402
from browser.test_residents import parking  # noqa: E402
from browser.town import Town  # noqa: E402
from raadhuis.site.example.events import festival  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 250_000
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 860}
SHOTS = {
    "start": "The start page: find a service, see your cases.",
    "start-phone": "The same on a phone.",
    "service-phone": "A service: how long, what it costs, what it saves compared with paper, as counted.",
    "form-phone": "One question on a page.",
    "overview-phone": "Everything once more before it is sent, and what the registers already told.",
    "decision-phone": "The decision at once, with its reasons and the articles of law.",
    "case-phone": "The case as the applicant follows it.",
    "map-phone": "A report with a pin on the map; without a map one searches or describes.",
    "queue": "Staff: the work of one's teams, the most urgent first.",
    "task-phone": "Staff: a decision on a phone, with the advice of two teams.",
    "desk-case": "Staff: a whole case, with a decision that can still be undone.",
    "letter": "Staff: the letter before it is sent.",
    "figures": "Staff: what each service saves and how it does against its targets, counted from the journal.",
    "services": "Staff: services and their versions.",
    "draft": "Staff: a new version, what the check says and what changes.",
}


class Camera:
    """Takes a picture of what is in the window, in few colours."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, page: Page, name: str, tall: int = 0) -> None:
        """The window, or from its top so many pixels of the page."""
        page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        size = page.viewport_size or WIDE
        height = tall or size["height"]
        page.set_viewport_size({"width": size["width"], "height": height})
        image = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        page.set_viewport_size(size)
        file = IMAGES / f"{name}.png"
        image.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size > MOST_BYTES:
            raise RuntimeError(f"{file.name} is {file.stat().st_size} bytes")
        self.taken.add(name)


def window(browser: Browser, size: dict[str, int]) -> Page:
    """A browser of its own; a phone has more pixels to a point."""
    scale = 2 if size is PHONE else 1
    context = browser.new_context(viewport=size, device_scale_factor=scale, locale="nl-NL", reduced_motion="reduce")  # type: ignore[arg-type]
    return context.new_page()


def resident(town: Town, browser: Browser, camera: Camera) -> None:
    """A parking permit by Fatima."""
    page, wide = window(browser, PHONE), window(browser, WIDE)
    wide.goto(f"{town.home}/")
    camera.take(wide, "start")
    page.goto(f"{town.home}/")
    camera.take(page, "start-phone")
    page.goto(f"{town.home}/diensten/parkeervergunning/")
    camera.take(page, "service-phone", 1400)
    hands.log_in(page, town.home, "Fatima", "resident", "/diensten/parkeervergunning/")
    hands.begin(page, town.home, "parkeervergunning")
    page.fill("[name=kenteken]", "GZ-999-R")
    camera.take(page, "form-phone")
    hands.fill_in(page, hands.definition("parkeervergunning"), parking(), Path(tempfile.gettempdir()))
    camera.take(page, "overview-phone", 1400)
    hands.press(page, "Verstuur")
    page.wait_for_url("**/klaar/")
    camera.take(page, "decision-phone", 1200)
    hands.press_link(page, "Bekijk uw zaak")
    camera.take(page, "case-phone", 1400)


def reporter(town: Town, browser: Browser, camera: Camera) -> None:
    """A report with a pin on the map."""
    page = window(browser, PHONE)
    hands.begin(page, town.home, "melding-openbare-ruimte")
    hands.choose(page.locator('[name=categorie][value="groen"]'))
    hands.press(page, "Verder")
    canvas = page.locator("canvas.maplibregl-canvas")
    canvas.scroll_into_view_if_needed()
    page.locator(".rh-map__name").first.wait_for(state="attached")
    page.wait_for_timeout(1500)
    canvas.click()
    camera.take(page, "map-phone", 1150)


def staff(town: Town, browser: Browser, camera: Camera, folder: Path) -> None:
    """A festival, up to the letter and the signature."""
    organiser = window(browser, WIDE)
    hands.log_in(organiser, town.home, "Omar", "business", "/diensten/evenementenvergunning/")
    hands.apply(organiser, town.home, hands.definition("evenementenvergunning"), festival(), folder)
    number = organiser.locator(".rh-receipt__number").inner_text().strip()

    def at(who: str, title: str, size: dict[str, int] = WIDE) -> Page:
        page = window(browser, size)
        hands.log_in(page, town.home, who, "staff", "/werk/")
        page.goto(f"{town.home}/werk/zoeken/?q={number}")
        page.locator("main .rh-line", has_text=title).filter(has_text="Nog niet opgepakt").locator("a").first.click()
        hands.press(page, "Pak deze taak op")
        return page

    hands.press(at("Jeroen", "Kijken of alles erbij zit"), "De taak is klaar")
    advice = {
        "Bas": "Zet een medewerker bij het water. Houd de uitgangen vrij.",
        "Ria": "Houd vier meter vrij voor de bus.",
    }
    for who, text in advice.items():
        page = at(who, "Advies")
        hands.choose(page.locator('[name=advice][value="conditions"]'))
        page.locator("#doen textarea[name=text]").fill(text)
        hands.press(page, "Geef dit advies")
    lead = window(browser, WIDE)
    hands.log_in(lead, town.home, "Marco", "staff", "/werk/")
    camera.take(lead, "queue", 640)
    lead.goto(f"{town.home}/werk/cijfers/")
    camera.take(lead, "figures")
    decide(at("Ingrid", "Besluiten over de vergunning", PHONE), camera)
    second = at("Marco", "Besluit ondertekenen")
    hands.press(second, "Onderteken dit besluit")
    second.goto(f"{town.home}/werk/zoeken/?q={number}")
    camera.take(second, "desk-case")


def decide(page: Page, camera: Camera) -> None:
    """The decision on a phone; the letter on a wide screen."""
    page.goto(page.url.split("?")[0])
    hands.choose(page.locator('[name=result][value="grant"]'))
    camera.take(page, "task-phone", 1400)
    page.fill("#f-motivation", "Het plan is veilig en de buurt is op tijd ingelicht.")
    page.fill("#f-conditions", "Houd vier meter vrij\nMuziek tot 22.00 uur")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    hands.press(page, "Bekijk de brief")
    page.locator("#brief").screenshot(path=IMAGES / "letter.png")
    shrink(IMAGES / "letter.png", camera)
    hands.press(page, "Leg voor aan een collega")


def shrink(file: Path, camera: Camera) -> None:
    """Few colours and one pixel to a point, for a picture of a part of a page."""
    image = Image.open(file).convert("RGB")
    image = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    image.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    camera.taken.add(file.stem)


def editor(town: Town, browser: Browser, camera: Camera) -> None:
    """A new version of a service."""
    page = window(browser, WIDE)
    hands.log_in(page, town.home, "Tess", "staff", "/werk/diensten/")
    camera.take(page, "services", 560)
    text = (hands.SERVICES / "parkeervergunning.yaml").read_text(encoding="utf-8")
    page.goto(f"{town.home}/werk/diensten/nieuw/")
    page.fill("[name=text]", text.replace("law: ", "law: geen-", 1).replace("days: 10", "days: 12", 1))
    hands.press(page, "Bewaar als concept")
    page.locator("summary", has_text="verander").click()
    camera.take(page, "draft", 760)


def write_page() -> None:
    """docs/screens.md: every picture with its line."""
    lines = [
        "# What it looks like",
        "",
        "Made with `tools/screenshots.py` from the demonstration; nobody in it exists.",
        "",
    ]
    for name, words in SHOTS.items():
        width = 300 if name.endswith("-phone") else 760
        lines += [words, "", f'<img src="images/{name}.png" width="{width}" alt="{words}">', ""]
    (ROOT / "docs" / "screens.md").write_text("\n".join(lines), encoding="utf-8")


def main() -> int:
    IMAGES.mkdir(parents=True, exist_ok=True)
    camera = Camera()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        town = Town(Path(folder), cases=60)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            acts: list[Callable[[Town, Browser, Camera], None]] = [resident, reporter, editor]
            for act in acts:
                act(town, browser, camera)
            staff(town, browser, camera, Path(folder))
        finally:
            browser.close()
            town.end()
    if camera.taken != set(SHOTS):
        raise RuntimeError(f"pictures and lines differ: {camera.taken ^ set(SHOTS)}")
    write_page()
    return 0


if __name__ == "__main__":
    sys.exit(main())
