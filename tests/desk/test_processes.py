"""How work flows, at the desk: logs come in from a browser and are explained."""

import gzip
import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from cases.work import parking, party
from house import House
from lean.logs import EDITOR
from lean.test_drift import log as changing
from lean.test_waste import journal
from raadhuis.cases import actions as cases
from raadhuis.desk.views import process_better
from raadhuis.kernel import clock
from raadhuis.lean import coming, queries
from raadhuis.lean.actions import import_log, refresh_own

PLACE = "/werk/processen/"
GUESS = {"case": "zaaknummer", "activity": "stap", "time": "datum", "team": "afdeling", "name": "Vergunningen"}
ROWS = """zaaknummer;stap;datum;afdeling
1;Ontvangen;2026-01-05 09:00;Balie
1;Toetsen;2026-01-07 09:00;Vergunningen
1;Besluiten;2026-01-12 09:00;Vergunningen
2;Ontvangen;2026-02-02 09:00;Balie
2;Toetsen;2026-02-03 09:00;Vergunningen
2;Toetsen;2026-02-20 09:00;Vergunningen
2;Besluiten;2026-03-02 09:00;Vergunningen
"""
XES = """<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">
<trace><string key="concept:name" value="A"/>
<event><string key="concept:name" value="Start &lt;b&gt;"/>
<date key="time:timestamp" value="2026-01-05T09:00:00+01:00"/></event>
<event><string key="concept:name" value="Einde"/><date key="time:timestamp" value="2026-01-06T09:00:00+01:00"/></event>
<event><string key="concept:name" value="Kapot"/><date key="time:timestamp" value="gisteren"/></event>
</trace></log>"""


@pytest.fixture
def editor(house: House, settings: Any, tmp_path: Path) -> Client:
    """Somebody who improves services; logs lie in a folder of this test."""
    settings.RAADHUIS_LEAN_FOLDER = tmp_path / "lean"
    return house.client("ada")


def text(page: HttpResponse) -> str:
    """What a person reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page.content.decode())).split())


def send(client: Client, file_name: str, content: bytes, **other: str) -> Any:
    """Uploads a file."""
    return client.post(f"{PLACE}nieuw/", {"file": SimpleUploadedFile(file_name, content), **other})


def came(client: Client, answer: Any) -> str:
    """The address of the log, after the background work has made it."""
    assert answer.status_code == 303, text(answer)
    coming.bring_in()
    done = client.get(answer.headers["Location"])
    assert done.status_code == 303, text(done)
    return str(done.headers["Location"]).partition("?")[0]


ORDERS = b"""{"objectTypes": [{"name": "bestelling", "attributes": []}, {"name": "mens", "attributes": []}],
"eventTypes": [{"name": "Vraag", "attributes": []}, {"name": "Klaar", "attributes": []}],
"objects": [{"id": "b1", "type": "bestelling"}, {"id": "b2", "type": "bestelling"}, {"id": "m1", "type": "mens"}],
"events": [
{"id": "1", "type": "Vraag", "time": "2026-01-05T09:00:00Z",
 "relationships": [{"objectId": "b1", "qualifier": ""}, {"objectId": "b2", "qualifier": ""}]},
{"id": "2", "type": "Klaar", "time": "2026-01-06T09:00:00Z",
 "relationships": [{"objectId": "b1", "qualifier": ""}, {"objectId": "m1", "qualifier": ""}]}]}"""


def brought_in(client: Client) -> str:
    """The address of a log that came in as a table."""
    answer = send(client, "vergunningen.csv", ROWS.encode())
    assert answer.status_code == 303, text(answer)
    shown = client.get(answer.headers["Location"])
    words = shown.content.decode()
    assert "Toetsen" in words and '<option value="zaaknummer" selected>' in words
    log = came(client, client.post(answer.headers["Location"], GUESS))
    assert client.get(answer.headers["Location"]).status_code == 404, "what came in is kept no longer"
    return log


def test_a_table_is_shown_first_and_then_explained(editor: Client) -> None:
    log = brought_in(editor)
    words = text(editor.get(log))
    assert "Dit gaat over 2 zaken." in words
    assert "De helft was klaar binnen 18 dagen" in words
    assert "Toetsen: 1 keer opnieuw" in words
    assert "Na 'Toetsen' duurt het lang voordat 'Toetsen' komt" in words
    assert "Vergunningen" in text(editor.get(PLACE))


def test_every_side_has_its_figures(editor: Client) -> None:
    log = brought_in(editor)
    assert "Ontvangen, dan Toetsen" in text(editor.get(f"{log}kaart/?stappen=100&paden=100"))
    assert "Er zijn 2 verschillende wegen." in text(editor.get(f"{log}varianten/"))
    assert "februari 2026" in text(editor.get(f"{log}tijd/"))
    assert "In 1 zaak gebeurt een stap opnieuw" in text(editor.get(f"{log}herhaling/"))
    assert "minder dan vijf personen" in text(editor.get(f"{log}teams/"))
    assert "een tijd zonder tijdzone" in text(editor.get(f"{log}logboek/"))
    assert editor.get(f"{log}iets/").status_code == 404


def test_the_filter_is_in_the_address_and_follows_along(editor: Client) -> None:
    log = brought_in(editor)
    page = editor.get(f"{log}?langer=10&van=2026-01-01")
    assert "Dit gaat over 1 zaak." in text(page)
    assert f"{log}kaart/?van=2026-01-01&amp;langer=10" in page.content.decode()
    assert "Dit gaat over 1 zaak." in text(editor.get(f"{log}?ervoor=Toetsen&na=Toetsen"))
    assert "geen zaken die aan uw keuze voldoen" in text(editor.get(f"{log}?tot=2020-01-01"))
    for query in ("van=morgen", "langer=-1", "langer=nan", "ervoor=Toetsen", "variant=x", "variant=9" * 3):
        page = editor.get(f"{log}?{query}")
        assert page.status_code == 200, query
    assert "Schrijf een aantal dagen" in text(editor.get(f"{log}?langer=veel"))


def test_of_steps_with_two_names_the_plainest_is_offered(editor: Client) -> None:
    named = XES.replace("<trace>", '<classifier name="NL" keys="naam"/><trace>')
    named = named.replace("</event>", '<string key="naam" value="Kijken wat er is"/></event>')
    answer = send(editor, "proef.xes", named.encode())
    page = editor.get(answer.headers["Location"])
    assert "Hoe heet een stap?" in text(page) and "Welke kolom is wat?" not in text(page)
    assert '<option value="naam" selected>' in page.content.decode()
    done = editor.post(answer.headers["Location"], {"activity": "naam", "name": "Proef"})
    assert "Kijken wat er is" in text(editor.get(came(editor, done)))


def test_a_way_of_many_long_steps_is_told_by_its_begin(editor: Client) -> None:
    """So that five of them fit on the sheet."""
    steps = "".join(
        f'<event><string key="concept:name" value="{number} {"lang " * 12}"/>'
        f'<date key="time:timestamp" value="2026-01-05T09:0{number}:00Z"/></event>'
        for number in range(8)
    )
    text_of_log = f'<log xes.version="1.0"><trace><string key="concept:name" value="A"/>{steps}</trace></log>'
    page = text(editor.get(came(editor, send(editor, "lang.xes", text_of_log.encode()))))
    told = page.partition("De vaakste wegen")[2]
    assert "1 lang" in told and "2 lang" not in told and "→ …" in told


def test_what_describes_itself_comes_in_at_once_and_says_what_was_wrong(editor: Client) -> None:
    log = came(editor, send(editor, "proef.xes.gz", gzip.compress(XES.encode()), name="Proef"))
    page = editor.get(log).content.decode()
    assert "Start &lt;b&gt;" in page and "Start <b>" not in page
    assert "een tijd die geen tijd is" in text(editor.get(f"{log}logboek/"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leeg.csv", b""),
        ("plaatje.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("kop.csv", b"a;b\n"),
    ],
)
def test_a_file_that_is_no_log_gets_a_sentence(editor: Client, name: str, content: bytes) -> None:
    answer = send(editor, name, content)
    assert answer.status_code == 422
    assert 'id="f-file-error"' in answer.content.decode()


def test_without_a_file_or_with_the_wrong_columns(editor: Client) -> None:
    assert editor.post(f"{PLACE}nieuw/").status_code == 422
    place = send(editor, "a.csv", ROWS.encode()).headers["Location"]
    wrong = editor.post(place, {"case": "zaaknummer", "activity": "stap", "time": "bestaat niet", "name": "A"})
    assert wrong.status_code == 422
    assert "Er is geen kolom bestaat niet" in text(wrong)
    assert editor.get(place).status_code == 200, "nothing is lost"


def test_another_sees_no_file_of_mine_and_readers_bring_nothing_in(editor: Client, house: House) -> None:
    place = send(editor, "a.csv", ROWS.encode()).headers["Location"]
    assert house.client("marco").get(place).status_code == 404
    log = brought_in(editor)
    murat = house.client("murat")
    assert murat.get(log).status_code == 200
    assert send(murat, "a.csv", ROWS.encode()).status_code == 403
    assert murat.post(f"{log}weg/").status_code == 403


def test_our_own_work_is_told_in_words_and_by_service(editor: Client, house: House) -> None:
    parking(house)
    task = party(house).task("controleren")
    with clock.at(clock.now() + timedelta(days=3)):
        cases.claim(task.id, house.staff("jeroen"))
    refresh_own()
    words = text(editor.get(PLACE))
    assert "Ons eigen logboek" in words
    log = f"{PLACE}{queries.named('Raadhuis').id}/"
    words = text(editor.get(log))
    assert "Dit gaat over 2 zaken." in words and "Aanvraag ontvangen" in words and "case.created" not in words
    assert "Niemand heeft het opgepakt" in words and "function" not in words
    assert "Dit gaat over 1 zaak." in text(editor.get(f"{log}?dienst=parkeervergunning"))
    assert editor.post(f"{log}weg/").status_code == 404, "our own journal stays"


def test_a_log_is_thrown_away(editor: Client, tmp_path: Path) -> None:
    log = brought_in(editor)
    assert editor.post(f"{log}weg/").status_code == 303
    assert editor.get(log).status_code == 404
    assert not list((tmp_path / "lean").iterdir())


def test_time_counts_in_office_hours_when_asked_and_says_so(editor: Client) -> None:
    log = brought_in(editor)
    by_the_clock = text(editor.get(f"{log}tijd/"))
    assert "Nachten, weekenden en feestdagen tellen mee." in by_the_clock and "werkdagen" not in by_the_clock
    page = editor.get(f"{log}tijd/?werktijd=ja")
    words = text(page)
    assert "Tijden staan in werktijd: maandag tot en met vrijdag van 9:00 tot 17:00" in words
    assert "6,5 werkdagen" in words and "feestdagen tellen mee" not in words
    assert "Hier telt alle tijd, dag en nacht" in words
    assert "werktijd=ja" in page.content.decode().partition('aria-label="Kanten van dit proces"')[2][:800]
    for side in ("", "kaart/", "varianten/", "herhaling/", "teams/", "verspilling/"):
        assert "Tijden staan in werktijd" in text(editor.get(f"{log}{side}?werktijd=ja&open=8:30&dicht=16:30"))
    for wrong in ("open=1:00", "dicht=25:00", "open=17:00&dicht=9:00", "open=negen", "open=٩:00"):
        page = editor.get(f"{log}?werktijd=ja&{wrong}")
        assert page.status_code == 200 and "rh-error" in page.content.decode()


def test_waste_is_pointed_out(editor: Client, house: House) -> None:
    log = brought_in(editor)
    assert "Wij vonden geen stap" in text(editor.get(f"{log}verspilling/"))
    place = f"{PLACE}{journal()}/verspilling/"
    words = text(editor.get(place))
    assert "Na 'stempel' kwam in 60 van de 60 keer" in words and "toegekend" in words
    assert "moest de aanvrager in 6 van de 60 zaken nog iets antwoorden" in words
    assert "Er is geen vraag waar vijf of meer mensen" in text(editor.get(f"{place}?tot=2026-03-03"))


def test_what_makes_slow_what_changed_and_the_stream(editor: Client, tmp_path: Path) -> None:
    log = f"{PLACE}{changing(tmp_path, 240, change=120)}/"
    words = text(editor.get(f"{log}veranderingen/"))
    assert "Er is 1 moment waarop het anders werd." in words and "met de stap 'Advies'" in words
    assert "de weg die zaken volgen en ook hoe lang zaken duren" in words
    assert "Zaken met de stap 'Advies': " in text(editor.get(f"{log}traag/?werktijd=ja"))
    words = text(editor.get(f"{log}voorspelling/"))
    assert "Dat leerden wij van 240 zaken die klaar zijn." in words and "Inwoners zien haar daarom niet" in words
    words = text(editor.get(f"{log}stippen/"))
    assert "Laat elke zaak links beginnen" in words and "Advies120120" in words
    assert "Zet ze op de kalender" in text(editor.get(f"{log}stippen/?vanaf=zaak"))
    assert "doorlooptijd: 8 dagen" in text(editor.get(f"{log}waardestroom/"))


def test_of_objects_one_says_which_are_the_cases(editor: Client) -> None:
    place = send(editor, "bestellingen.json", ORDERS).headers["Location"]
    words = text(editor.get(place))
    assert "Wat is een zaak?" in words and "b1m1b2" in words
    missed = editor.post(place, {"name": "Bestellingen"})
    assert missed.status_code == 422 and "Kies welk soort object de zaak is." in text(missed)
    log = came(editor, editor.post(place, {"name": "Bestellingen", "case": "bestelling", "resource": "mens"}))
    words = text(editor.get(f"{log}logboek/"))
    assert "Gebeurtenissen3" in words and "Zaken2" in words, "an event of two orders is a step in both"


def test_a_type_of_object_that_is_not_there_can_be_chosen_anew(editor: Client) -> None:
    place = send(editor, "bestellingen.json", ORDERS).headers["Location"]
    on_its_way = editor.post(place, {"name": "Bestellingen", "case": "factuur"}).headers["Location"]
    coming.bring_in()
    assert "Er is geen soort object factuur" in text(editor.get(on_its_way))
    assert "Pas uw keuze aan" in text(editor.get(on_its_way))
    came(editor, editor.post(place, {"name": "Bestellingen", "case": "bestelling"}))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b'{"objects": [], "events": []}', "geen objecten"), (b'{"objects": 3', "OCEL-bestand"), (b'{"a": 1}', "OCEL")],
)
def test_objects_that_are_none_are_refused_at_once(editor: Client, content: bytes, said: str) -> None:
    answer = send(editor, "kapot.json", content)
    assert answer.status_code == 422 and said in text(answer)


@pytest.mark.parametrize(
    "rows",
    [
        ["1;a;2026-01-05 09:00"],
        [f"{n};a;2026-01-05 09:00" for n in range(130)],
        [f"{n};{step};2026-01-05 09:00" for n in range(130) for step in "abc"],
        ["1;a;1970-01-01 00:00", "1;b;2200-12-31 23:59"],
    ],
    ids=["one event", "one step each", "all at one moment", "centuries"],
)
def test_odd_logs_get_an_answer_on_every_side(editor: Client, tmp_path: Path, rows: list[str]) -> None:
    file = tmp_path / "raar.csv"
    file.write_text("\n".join(["zaak;stap;tijd", *rows]))
    log = f"{PLACE}{import_log(file, EDITOR).id}/"
    for side in ("", *(f"{one}/" for one in process_better.SIDES), "tijd/", "varianten/", "kaart/"):
        for query in ("", "?werktijd=ja", "?langer=1"):
            assert editor.get(f"{log}{side}{query}").status_code == 200, (side, query)


def test_of_two_cases_nothing_is_made_up(editor: Client) -> None:
    log = brought_in(editor)
    assert "te weinig zaken die klaar zijn" in text(editor.get(f"{log}traag/"))
    assert "te weinig zaken om een verandering" in text(editor.get(f"{log}veranderingen/"))
    assert "te weinig zaken die klaar zijn om iets te voorspellen" in text(editor.get(f"{log}voorspelling/"))
    for side in ("traag", "veranderingen", "waardestroom", "verspilling", "voorspelling", "stippen"):
        assert editor.get(f"{log}{side}/?stap=niets").status_code == 200
