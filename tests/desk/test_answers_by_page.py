"""What the applicant answered, at the desk: a large form under the titles of its pages, a small one at a glance."""

import html
import re

from cases.work import big, parking
from house import House
from raadhuis.cases import queries

FOLDED = re.compile(r'<details class="rh-details"( open)?><summary>([^<]*) <span class="rh-details__count">(\d+) ')


def folded(page: str) -> list[tuple[bool, str, int]]:
    """(whether it is open, the title, how many answers) of each page of the form."""
    return [(bool(is_open), html.unescape(title), int(count)) for is_open, title, count in FOLDED.findall(page)]


def test_a_large_form_stands_under_its_page_titles_and_opens_as_a_whole(house: House) -> None:
    case = big(house)
    pages = queries.staff_case(case.id, house.staff("jeroen")).answers
    client, address = house.client("jeroen"), f"/werk/zaken/{case.id}/"
    page = client.get(address).content.decode()
    assert [(title, count) for _, title, count in folded(page)] == [(p.title, len(p.lines)) for p in pages]
    in_sight = [is_open for is_open, _, _ in folded(page)]
    assert in_sight[0] and not in_sight[-1] and in_sight == sorted(in_sight, reverse=True)
    for one in pages:
        for _, label, _answer in one.lines:
            assert html.escape(label, quote=False) in page.replace("&#39;", "'").replace("&#34;", '"')
    whole = client.get(f"{address}?antwoorden=alle").content.decode()
    assert all(is_open for is_open, _, _ in folded(whole)) and "Vouw de antwoorden in" in whole
    assert folded(client.get(f"{address}?antwoorden=<b>").content.decode()) == folded(page)


def test_a_task_shows_what_it_needs_under_the_same_titles(house: House) -> None:
    case = big(house)
    case.complete("controleren", "jeroen")
    task = case.task("advies-verkeer").id
    shown = queries.task_view(task, house.staff("ria")).answers
    page = house.client("ria").get(f"/werk/taken/{task}/").content.decode()
    count = sum(len(one.lines) for one in shown)
    assert [title for _, title, _ in folded(page)] == (
        [one.title for one in shown] if count > 9 and len(shown) > 1 else []
    )
    assert all(html.escape(answer, quote=False)[:40] in page for one in shown for _, _, answer in one.lines)


def test_a_small_form_is_not_folded(house: House) -> None:
    case = parking(house)
    page = house.client("murat").get(f"/werk/zaken/{case.id}/").content.decode()
    assert folded(page) == [] and "Vouw" not in page and '<dl class="rh-answers' in page
