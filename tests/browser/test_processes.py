"""How work flows, in a browser: a log of another system comes in and is read on one sheet."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from browser import hands
from browser.conftest import Open
from browser.eyes import Look, looks_at
from browser.town import Town

pytestmark = pytest.mark.browser
# A process of its own starts for it, on a machine that may be busy.
COMES_IN = 60_000
SIDES = (
    "kaart",
    "varianten",
    "tijd",
    "herhaling",
    "teams",
    "logboek",
    "model",
    "afspraak",
    "verspilling",
    "traag",
    "veranderingen",
    "voorspelling",
    "waardestroom",
    "stippen",
    "stippen",
)
STEPS = ("Ontvangen", "Toetsen op volledigheid", "Aanvulling vragen aan de aanvrager", "Toetsen op volledigheid",
         "Advies vragen", "Besluiten", "Brief sturen")  # fmt: skip


def rows(folder: Path) -> Path:
    """A table with forty cases, of which some take a longer way."""
    lines, begin = ["zaak;stap;tijd;team"], datetime(2026, 1, 5, 8, tzinfo=UTC)
    for case in range(40):
        steps = STEPS if case % 4 == 0 else (*STEPS[:2], *STEPS[5:])
        for place, step in enumerate(steps):
            moment = begin + timedelta(days=case * 2 + place * (3 if case % 3 else 9))
            lines.append(f"{case};{step};{moment:%Y-%m-%d %H:%M};Vergunningen")
    file = folder / "vergunningen.csv"
    file.write_text("\n".join(lines))
    return file


def log(folder: Path) -> Path:
    """The same kind of thing as XES, packed, with one event that cannot be read."""
    time = '<date key="time:timestamp" value="2026-01-{:02d}T09:00:00+01:00"/>'
    traces = "".join(
        f'<trace><string key="concept:name" value="{case}"/>'
        + "".join(
            f'<event><string key="concept:name" value="{step}"/>{time.format(place + 1)}</event>'
            for place, step in enumerate(STEPS[: 3 + case % 4])
        )
        + '<event><string key="concept:name" value="Kapot"/><date key="time:timestamp" value="ooit"/></event></trace>'
        for case in range(12)
    )
    file = folder / "ander-systeem.xes.gz"
    file.write_bytes(gzip.compress(f'<?xml version="1.0"?><log xes.version="1.0">{traces}</log>'.encode()))
    return file


@looks_at("processes", "processes: none", "log: bring in", "log: bring in, refused", "log: which column",
          "log: in short", "log: filter, refused", *(f"log: {side}" for side in SIDES))  # fmt: skip
def test_a_log_comes_in_and_is_read(town: Town, open_page: Open, look: Look, tmp_path: Path) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Ada", "staff", "/werk/processen/")
    look(page, "processes: none")
    page.get_by_role("link", name="Haal een logboek binnen").click()
    look(page, "log: bring in")
    hands.press(page, "Haal binnen")
    look(page, "log: bring in, refused")
    page.locator("input[type=file]").set_input_files(rows(tmp_path))
    hands.send(page, "Haal binnen")
    look(page, "log: which column")
    hands.send(page, "Haal binnen")
    expect(page.locator("main")).to_contain_text("Dit gaat over 40 zaken.", timeout=COMES_IN)
    look(page, "log: in short")
    paper = page.pdf(format="A4")
    (tmp_path / "sheet.pdf").write_bytes(paper)
    assert len(PdfReader(tmp_path / "sheet.pdf").pages) == 1
    place = page.url.partition("?")[0]
    for side in SIDES:
        page.goto(f"{place}{side}/")
        look(page, f"log: {side}")
        if side == "waardestroom":
            (tmp_path / "stream.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
            (paper_,) = PdfReader(tmp_path / "stream.pdf").pages
            assert (round(paper_.mediabox.width / 72 * 25.4), round(paper_.mediabox.height / 72 * 25.4)) == (420, 297)
    page.goto(f"{place}?langer=lang")
    look(page, "log: filter, refused")
    page.goto(f"{town.home}/werk/processen/")
    look(page, "processes")


@looks_at("service: figures, too few")
def test_everybody_sees_how_a_service_goes(town: Town, open_page: Open, look: Look) -> None:
    page = open_page()
    page.goto(f"{town.home}/diensten/evenementenvergunning/")
    page.get_by_role("link", name="Bekijk hoe lang het echt duurt").click()
    look(page, "service: figures, too few")


def test_a_packed_log_with_damage_comes_in(town: Town, open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    hands.log_in(page, town.home, "Ada", "staff", "/werk/processen/nieuw/")
    page.locator("input[type=file]").set_input_files(log(tmp_path))
    hands.send(page, "Haal binnen")
    page.get_by_role("link", name="Bekijk wat er mis was").click(timeout=COMES_IN)
    expect(page.locator("main")).to_contain_text("een tijd die geen tijd is")
    page.locator("summary", has_text="Gooi dit logboek weg").click()
    hands.send(page, "Ja, gooi weg")
    expect(page.locator("main")).not_to_contain_text("ander-systeem")
