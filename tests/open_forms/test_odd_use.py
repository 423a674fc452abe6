"""The imported event form in odd hands: pages that do not apply, too many rows, endless answers, two submissions."""

import html
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from house import House, sentences
from open_forms.answering import Answers
from open_forms.test_import import EVENT, needs_exports
from open_forms.test_runs import FESTIVAL, MARKET
from raadhuis.cases.models import Zaak
from raadhuis.catalogue import actions as catalogue_actions
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.questions import GroupQuestion
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel.actor import SYSTEM
from raadhuis.site.example.filler import as_form, fill_in

pytestmark = [needs_exports, pytest.mark.django_db]


class Festival:
    """An application of Fatima with all its answers, in her browser."""

    def __init__(self, house: House, chosen: dict[str, Any]) -> None:
        service = catalogue_actions.import_form(EVENT.read_bytes(), "evenementen", SYSTEM).service
        catalogue_actions.publish(service, SYSTEM)
        self.definition: Definition = catalogue.published(service).definition
        person = house.person("fatima")
        self.application: UUID = fill_in(service, person, Answers(self.definition, chosen))
        self.client: Client = house.client("fatima")
        self.place = f"/aanvraag/{self.application}"

    def sent(self, page_id: str, **other: Any) -> HttpResponse:
        page = next(page for page in self.definition.pages if page.id == page_id)
        form = dict(as_form(page, Answers(self.definition, FESTIVAL)).lists())
        return self.client.post(f"{self.place}/vraag/{page_id}/", form | other)

    def overview(self) -> str:
        """What the overview says, without its tokens."""
        page = self.client.get(f"{self.place}/overzicht/")
        assert page.status_code == 200
        return html.unescape(page.content.decode()).split("<main")[1].split("<form")[0]

    def shown(self, page_id: str) -> HttpResponse:
        return self.client.get(f"{self.place}/vraag/{page_id}/")


def test_a_page_that_does_not_apply_leads_on_and_loses_nothing(house: House) -> None:
    market = Festival(house, MARKET)
    before = market.overview()
    for page_id in ("versterkte-muziek", "route", "bouwsels-10m2"):
        assert market.shown(page_id).status_code == 303
        away = market.sent(page_id)
        assert away.status_code in {303, 422}, page_id
    assert market.overview() == before
    assert market.shown("bestaat-niet").status_code == 404


def test_thirty_rows_are_ten_too_many_and_all_come_back(house: House) -> None:
    festival = Festival(house, FESTIVAL)
    rows = {f"tenten_plaatst.{n}.row": "1" for n in range(30)}
    group = next(q for p in festival.definition.pages for q in p.questions if q.id == "tenten_plaatst")
    assert isinstance(group, GroupQuestion) and group.at_most == 20
    names = {f"tenten_plaatst.{n}.{group.questions[0].id}": f"Tent no {n}" for n in range(30)}
    response = festival.sent("bouwsels-10m2", **rows, **names)
    page = response.content.decode()
    assert response.status_code == 422
    assert all(f"Tent no {n}" in page for n in range(30))
    assert "Bouwsels > 10m2" in festival.overview()


def test_an_endless_answer_comes_back_whole_with_a_sentence_and_other_scripts_are_kept(house: House) -> None:
    festival = Festival(house, FESTIVAL)
    endless = "feest 🎪 " * 1_250
    refused = festival.sent("evenement", naam_evenement=endless)
    assert refused.status_code == 422 and "korter" in sentences(refused)
    assert endless.strip() in refused.content.decode()
    odd = "🎪 Фестиваль <b>ü</b> {naam} '\"&"
    assert festival.sent("evenement", naam_evenement=odd).status_code == 303
    assert odd in festival.overview() and "&lt;b&gt;" not in festival.overview()


def test_submitted_twice_is_one_case_and_every_page_leads_to_the_receipt(house: House) -> None:
    festival = Festival(house, FESTIVAL)
    for _ in range(2):
        answer = festival.client.post(f"{festival.place}/overzicht/")
        assert answer.status_code == 303 and answer.headers["Location"].endswith("/klaar/")
    assert Zaak.objects.count() == 1
    for page_id in ("evenement", "versterkte-muziek"):
        assert festival.shown(page_id).headers["Location"].endswith("/klaar/")
        assert festival.sent(page_id).status_code in {303, 409}
    assert festival.client.get(f"{festival.place}/klaar/").status_code == 200
