"""Finding work: the queue with its filters and pages, search, the list of cases and its export."""

import csv
import io
import re
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from cases.work import PARKING, Case, many, parking, party, street
from catalogue.services import broken
from house import House
from raadhuis.cases import actions
from raadhuis.cases.models import Task, Zaak
from raadhuis.catalogue import actions as catalogue
from raadhuis.desk.views.queue import neutral
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM


def tasks_on(page: HttpResponse) -> list[UUID]:
    """The tasks of a page of the queue, in order."""
    return [UUID(found) for found in re.findall(r'href="/werk/taken/([0-9a-f-]{36})/"', page.content.decode())]


def cases_on(page: HttpResponse) -> list[UUID]:
    return [UUID(found) for found in re.findall(r'href="/werk/zaken/([0-9a-f-]{36})/"', page.content.decode())]


def next_of(page: HttpResponse) -> str:
    """Where "next 50" leads; "" when there is none."""
    found = re.search(r'href="(\?[^"]*(?:na|voor)=[^"]+)"', page.content.decode())
    return found.group(1).replace("&amp;", "&") if found else ""


def walk(client: Client, path: str, items: object = tasks_on) -> list[list[UUID]]:
    """Every page from `path` on."""
    pages, query = [], path.partition("?")[2]
    for _ in range(6):
        page = client.get(f"{path.partition('?')[0]}?{query}")
        assert page.status_code == 200
        pages.append(items(page))  # type: ignore[operator]
        query = next_of(page).lstrip("?")
        if not query:
            return pages
    raise AssertionError("the pages do not end")


def test_every_task_is_on_one_page_of_fifty_and_the_most_urgent_first(house: House) -> None:
    many(house, 125)
    for number, task in enumerate(Task.objects.order_by("?")):
        Task.objects.filter(id=task.id).update(sort_due=clock.today() + timedelta(days=number % 7))
    pages = walk(house.client("murat"), "/werk/")
    assert [len(page) for page in pages] == [50, 50, 26]
    seen = [task for page in pages for task in page]
    expected = list(Task.objects.order_by("sort_due", "id").values_list("id", flat=True))
    assert seen == expected


def test_a_task_that_comes_in_meanwhile_is_neither_shown_twice_nor_pushes_one_out(house: House) -> None:
    many(house, 60)
    client = house.client("murat")
    first = client.get("/werk/")
    new = parking(house, "joris").task("beoordelen")
    Task.objects.filter(id=new.id).update(sort_due=clock.today() - timedelta(days=300))
    second = client.get(f"/werk/{next_of(first)}")
    both = tasks_on(first) + tasks_on(second)
    assert len(set(both)) == len(both) == 61 and new.id not in both


@pytest.mark.parametrize("key", ["x", "2026-01-01_x", "_", "2026-13-45_00000000-0000-0000-0000-000000000000"])
def test_a_page_that_is_none_gets_a_sentence(house: House, key: str) -> None:
    response = house.client("murat").get("/werk/", {"na": key})
    assert response.status_code == 422 and "bladzijde" in response.content.decode()
    assert house.client("murat").get("/werk/zaken/", {"voor": key}).status_code == 422


@pytest.fixture
def work(house: House) -> dict[str, Case]:
    """Four parking permits: untouched, mine, waiting, late; and work of other teams."""
    made = {name: parking(house, "fatima") for name in ("offered", "mine", "paused", "late")}
    made["mine"].claim("beoordelen", "murat")
    task = made["paused"].claim("beoordelen", "ingrid")
    actions.pause(task.id, house.staff("ingrid"), "colleague")
    late = made["late"].task("beoordelen").id
    Task.objects.filter(id=late).update(
        due=clock.today() - timedelta(days=3), sort_due=clock.today() - timedelta(days=3)
    )
    return made | {"event": party(house), "report": street(house)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"offered", "mine", "paused", "late"}),
        ("stand=mine", {"mine"}),
        ("stand=offered", {"offered", "late"}),
        ("stand=paused", {"paused"}),
        ("stand=late", {"late"}),
        ("stand=onzin", {"offered", "mine", "paused", "late"}),
        ("team=parkeren&stand=offered", {"offered", "late"}),
        ("team=evenementen", set()),
        ("team=nergens", set()),
    ],
)
def test_the_queue_shows_what_is_asked_and_only_of_ones_own_teams(
    house: House, work: dict[str, Case], query: str, expected: set[str]
) -> None:
    shown = set(tasks_on(house.client("murat").get(f"/werk/?{query}")))
    assert shown == {work[name].zaak.tasks.get().id for name in expected}


def test_a_team_lead_sees_how_busy_each_team_is_and_a_handler_does_not(house: House, work: dict[str, Case]) -> None:
    lead = re.sub(r"\s+", " ", house.client("marco").get("/werk/").content.decode())
    table = lead.split("Hoe druk is het?")[1].split("</table>")[0]
    row = next(row for row in table.split("<tr") if "Team Parkeren" in row)
    assert re.findall(r">\s*(\d+)\s*<", row) == ["4", "2", "1", "1"]
    assert "Hoe druk is het?" not in house.client("murat").get("/werk/").content.decode()


def test_what_is_late_says_so_in_words(house: House, work: dict[str, Case]) -> None:
    assert "te laat" in house.client("murat").get("/werk/?stand=late").content.decode().lower()


# Search ---------------------------------------------------------------------------------------------------------
def test_a_whole_number_opens_the_case_and_a_part_gives_a_list(house: House) -> None:
    case = many(house, 3)
    client = house.client("murat")
    opened = client.get("/werk/zoeken/", {"q": f" {case.zaak.identificatie.lower()} "})
    assert opened.status_code == 303 and opened.headers["Location"] == f"/werk/zaken/{case.id}/"
    found = cases_on(client.get("/werk/zoeken/", {"q": "2026-aaa"}))
    assert len(found) == 3
    for nothing in ("", "20", "2026-ZZZZZZZ", "%%%", "___", "' OR 1=1 --"):
        assert cases_on(client.get("/werk/zoeken/", {"q": nothing})) == []


def test_a_search_that_finds_more_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    many(house, 21)
    client = house.client("murat")
    page = client.get("/werk/zoeken/", {"q": "2026-AAA"})
    assert len(cases_on(page)) == 20 and "Typ meer van het nummer" in page.content.decode()
    fewer = client.get("/werk/zoeken/", {"q": "2026-AAA000"})
    assert len(cases_on(fewer)) == 10 and "Typ meer van het nummer" not in fewer.content.decode()
    # Numbers of other teams that begin the same are not walked past without end.
    monkeypatch.setattr(sys.modules["raadhuis.cases.queries.queue"], "MOST_LOOKED_AT", 5)
    other = house.client("ria").get("/werk/zoeken/", {"q": "2026-AAA"})
    assert cases_on(other) == [] and "Heel veel nummers beginnen zo" in other.content.decode()


def test_nobody_finds_the_case_of_another_team(house: House) -> None:
    case = parking(house)
    for who in ("samira", "bas", "ria"):
        response = house.client(who).get("/werk/zoeken/", {"q": case.zaak.identificatie})
        assert response.status_code == 200 and cases_on(response) == []


# The list and its export ----------------------------------------------------------------------------------------
def test_the_list_of_cases_is_paged_and_shows_closed_ones_on_request(house: House) -> None:
    case = many(house, 70)
    actions.withdraw(case.id, house.staff("murat"), opened=case.id)
    client = house.client("murat")
    assert [len(page) for page in walk(client, "/werk/zaken/", cases_on)] == [50, 20]
    everything = [one for page in walk(client, "/werk/zaken/?alles=1", cases_on) for one in page]
    assert len(set(everything)) == len(everything) == 71 and case.id in everything
    assert everything == sorted(everything, reverse=True), "newest first"
    for other in ("verhuizing", "nergens", "x" * 500):
        assert cases_on(client.get("/werk/zaken/", {"dienst": other})) == []
    assert client.get("/werk/zaken/", {"dienst": "\x00"}).status_code == 400


def rows_of(response: HttpResponse) -> list[list[str]]:
    assert response.status_code == 200 and response.headers["Content-Type"].startswith("text/csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="zaken.csv"'
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_the_export_holds_every_case_of_the_teams_and_nothing_about_people(house: House) -> None:
    case = many(house, 70)
    street(house)
    response = house.client("marco").get("/werk/zaken/lijst.csv")
    rows = rows_of(response)
    assert rows[0] == ["zaaknummer", "dienst", "status", "begonnen", "afgesloten"]
    assert len(rows) == 1 + 71 + 1 and len({row[0] for row in rows}) == len(rows)
    for private in ("Fatima", "Amrani", "999900006", "fatima@", "GZ999R"):
        assert private not in response.content.decode()
    (line,) = [row for row in rows if row[0] == case.zaak.identificatie]
    assert line[1:] == [
        "Parkeervergunning voor bewoners",
        "Een medewerker bekijkt uw aanvraag.",
        str(clock.today()),
        "",
    ]


def test_an_export_that_is_too_long_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    many(house, 70)
    monkeypatch.setattr("raadhuis.desk.views.queue.MOST_EXPORTED_PAGES", 1)
    rows = rows_of(house.client("marco").get("/werk/zaken/lijst.csv"))
    assert len(rows) == 1 + 50 + 1 and rows[-1] == ["Dit zijn niet alle zaken: kies een dienst voor de rest."]


def test_a_case_made_after_midnight_here_is_of_the_day_here(house: House) -> None:
    case = parking(house)
    Zaak.objects.filter(id=case.id).update(made=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert rows_of(house.client("marco").get("/werk/zaken/lijst.csv"))[1][3] == "2026-07-01"


@pytest.mark.parametrize("who", ["murat", "els", "ingrid", "ada", "tess"])
def test_only_a_team_lead_takes_the_list_along(house: House, who: str) -> None:
    assert house.client(who).get("/werk/zaken/lijst.csv").status_code == 403


def test_no_cell_of_the_export_is_run_by_a_spreadsheet(house: House) -> None:
    title = '=HYPERLINK("http://kwaad.example";"klik")'
    catalogue.publish_document(broken(PARKING, {"title.nl": title}), SYSTEM)
    parking(house)
    assert rows_of(house.client("marco").get("/werk/zaken/lijst.csv"))[1][1] == f"'{title}"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(first: str) -> None:
    assert neutral(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize(("cell", "text"), [("gewoon = niets", "gewoon = niets"), (None, ""), (12, "12"), ("", "")])
def test_other_cells_stay_as_they_are(cell: object, text: str) -> None:
    assert neutral(cell) == text
