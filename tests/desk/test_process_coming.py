"""A log on its way, at the desk: how far it is, stopping it, what went wrong, and nothing lost."""

import html
import os
import re
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from desk.test_processes import GUESS, PLACE, ROWS, XES, came, send, text
from house import House
from raadhuis.lean import coming, queries, uploads

HTMX = {"HTTP_HX_REQUEST": "true"}
NO_EVENTS = b"<log></log>"


@pytest.fixture
def editor(house: House, settings: Any, tmp_path: Path) -> Client:
    """Somebody who improves services; logs lie in a folder of this test."""
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"
    return house.client("ada")


def on_its_way(client: Client, content: bytes = XES.encode(), name: str = "proef.xes") -> str:
    """The address of the page that says how far a file is."""
    answer = send(client, name, content)
    assert answer.status_code == 303, text(answer)
    return str(answer.headers["Location"])


def kept(place: str) -> UUID:
    """The id in an address."""
    return UUID(place.split("/")[4])


def note(place: str, **state: Any) -> None:
    """Writes down how far it is, as who is at it would."""
    coming._write(uploads.folder_of(kept(place)) / "state", coming._State(**state))


def bar(page: HttpResponse) -> str:
    """The progress bar on a page."""
    found = re.search(r"<progress[^>]*>[^<]*</progress>", page.content.decode())
    assert found, text(page)
    return html.unescape(found[0])


def test_a_page_says_how_far_it_is_until_the_log_is_there(editor: Client) -> None:
    place = on_its_way(editor)
    page = editor.get(place)
    assert "Wacht op zijn beurt" in text(page) and 'value="0"' in bar(page)
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    quiet = editor.get(f"{place}?vernieuwen=nee").content.decode()
    assert 'http-equiv="refresh"' not in quiet and "Ververs deze pagina" in quiet
    with coming._alone(uploads.folder_of(kept(place))) as mine:
        assert mine
        note(place, tries=1, share=0.43, events=1200)
        page = editor.get(place)
        assert "Bezig met lezen" in text(page) and "1.200 gebeurtenissen gelezen" in text(page)
        assert 'value="43"' in bar(page) and "43 %" in bar(page)
        assert "Bezig met lezen: 43 %" in text(editor.get(PLACE)), "found back under Processen"
        note(place, tries=1, stage="working-out", share=1.0, events=3000)
        assert "Bezig met rekenen" in text(editor.get(place)) and 'value="100"' in bar(editor.get(place))
    log = came(editor, editor.post(place, {"do": "iets"}))
    assert editor.get(log).status_code == 200
    assert "Nog niet binnen" not in text(editor.get(PLACE))


def test_with_scripts_the_figures_come_alone_and_little_is_read_aloud(editor: Client) -> None:
    place = on_its_way(editor)
    with coming._alone(uploads.folder_of(kept(place))):
        note(place, share=0.30)
        part = editor.get(f"{place}?verteld=reading-1", **HTMX).content.decode()
        assert "<h1" not in part and "<progress" in part and "hx-swap-oob" not in part, "nothing new to say"
        note(place, share=0.52)
        part = editor.get(f"{place}?verteld=reading-1", **HTMX).content.decode()
        assert re.search(r'hx-swap-oob="innerHTML:#verteld">Bezig met lezen: 50 %<', part)
        assert "verteld=reading-2" in part
    coming.bring_in()
    assert editor.get(place, **HTMX).headers["HX-Refresh"] == "true", "the page becomes that of the log"
    assert editor.get(place).headers["Location"] == f"{PLACE}{kept(place)}/?gedaan=log-imported"


def test_stopping_keeps_the_file_and_it_can_go_on(editor: Client, tmp_path: Path) -> None:
    place = on_its_way(editor)
    with coming._alone(uploads.folder_of(kept(place))):
        assert editor.post(place, {"do": "stop"}).status_code == 303
        assert "Bezig met stoppen" in text(editor.get(place)) and "Bezig met stoppen" in text(editor.get(PLACE))
    coming.bring_in()
    words = text(editor.get(place))
    assert "Het binnenhalen is gestopt" in words and "Er is niets binnengekomen." in words and "proef.xes" in words
    assert editor.get(place, **HTMX).headers["HX-Refresh"] == "true"
    assert "Gestopt" in text(editor.get(PLACE))
    log = came(editor, editor.post(place, {"do": "again"}))
    assert "Dit gaat over 1 zaak." in text(editor.get(log))


def test_what_went_wrong_is_told_and_the_file_can_be_thrown_away(editor: Client, tmp_path: Path) -> None:
    place = on_its_way(editor, NO_EVENTS)
    coming.bring_in()
    page = editor.get(place)
    assert "Dit logboek bevat geen enkele gebeurtenis." in text(page) and 'role="alert"' in page.content.decode()
    assert "Pas uw keuze aan" not in text(page)
    assert editor.post(place, {"do": "throw-away"}).headers["Location"] == f"{PLACE}?gedaan=log-not-kept"
    assert editor.get(place).status_code == 404
    assert not list((tmp_path / "lean").iterdir())


def test_a_table_that_was_understood_wrongly_is_shown_again_as_it_was_chosen(editor: Client) -> None:
    table = on_its_way(editor, ROWS.encode(), "a.csv")
    place = editor.post(table, GUESS | {"time": "stap"}).headers["Location"]
    assert editor.get(table).headers["Location"] == place, "as long as it is on its way"
    coming.bring_in()
    words = text(editor.get(place))
    assert "Geen van de 7 rijen is bruikbaar" in words and "Pas uw keuze aan" in words
    again = editor.get(table)
    assert "Geen van de 7 rijen is bruikbaar" in text(again)
    assert again.content.decode().count('<option value="stap" selected>') == 2, "what was chosen stands there"
    assert editor.get(came(editor, editor.post(table, GUESS))).status_code == 200


def test_who_speaks_english_reads_the_reason_in_english(editor: Client) -> None:
    editor.cookies["taal"] = "en"
    place = on_its_way(editor, NO_EVENTS)
    coming.bring_in()
    assert "geen enkele" not in text(editor.get(place)) and "Bringing in did not work" in text(editor.get(place))


def test_pressing_twice_makes_one_log(editor: Client) -> None:
    table = on_its_way(editor, ROWS.encode(), "a.csv")
    first, second = (editor.post(table, GUESS).headers["Location"] for _ in range(2))
    assert first == second
    coming.bring_in()
    coming.bring_in()
    assert [one.name for one in queries.logs()] == ["Vergunningen"]


def test_where_the_background_work_does_not_run_the_page_says_so(editor: Client) -> None:
    place = on_its_way(editor)
    order = uploads.folder_of(kept(place)) / "order"
    told = coming._read(order, coming._Order)
    assert told is not None and "nog niet begonnen" not in text(editor.get(place))
    coming._write(order, coming.msgspec.structs.replace(told, asked=time.time() - 60))
    page = editor.get(place).content.decode()
    assert "Vraag uw beheerder of het werk op de achtergrond loopt." in page and "Ververs deze pagina" in page
    assert "hx-trigger" not in page and 'http-equiv="refresh"' not in page, "who is away is logged out in the end"


def test_another_sees_nothing_of_it(editor: Client, house: House) -> None:
    place = on_its_way(editor)
    other = house.client("marco")
    assert other.get(place).status_code == 404
    assert other.post(place, {"do": "stop"}).status_code == 404
    assert "Nog niet binnen" not in text(other.get(PLACE))
    assert house.client("murat").get(place).status_code == 403


def test_after_a_day_it_is_gone(editor: Client, house: House) -> None:
    place = on_its_way(editor)
    old = time.time() - 2 * 86400
    os.utime(uploads.folder_of(kept(place)), (old, old))
    fresh = on_its_way(editor)
    from raadhuis.site import runner

    runner.sweep_logs()
    assert editor.get(place).status_code == 404 and editor.get(fresh).status_code == 200
