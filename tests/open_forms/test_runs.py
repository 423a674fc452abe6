"""The imported event form runs: a market and a festival each meet what the source's own rules make applicable."""

import random
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
import pytest

from house import House
from open_forms.answering import PLACE, Answers
from open_forms.source import Source
from open_forms.test_import import EVENT, needs_exports
from raadhuis.cases.models import EnkelvoudigInformatieObject, Zaak
from raadhuis.catalogue import actions as catalogue_actions
from raadhuis.catalogue import facts
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.loading import load
from raadhuis.catalogue.open_forms.draft import import_export
from raadhuis.catalogue.questions import (
    AnyQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    FileQuestion,
    GroupQuestion,
    NumberQuestion,
)  # fmt: skip
from raadhuis.catalogue.questions import YesNoQuestion as YesNo
from raadhuis.catalogue.schema import Definition
from raadhuis.intake import actions
from raadhuis.intake import queries as intake
from raadhuis.intake.schema import Receipt
from raadhuis.kernel import privacy
from raadhuis.kernel.actor import SYSTEM
from raadhuis.site.example.filler import as_form, fill_in

pytestmark = needs_exports
TOWNS = [{"brk_identification": "GM0917", "name": "Heerlen"}, {"brk_identification": "GM0986", "name": "Voerendaal"}]
MARKET = {
    "naam_evenement": "Kleine markt",
    "soort_evenement": ["markt-braderie"],
    "evenement_plaats": ["buiten-meerdere-plaatsen"],
    "waarvoor_eventloket_gebruiken": "evementen-aanvraag-indienen",
    "aantal_aanwezigen_evenement_minder": True,
    "vinden_activiteiten_evenement_plaats": True,
    "alleen_muziek_geluid_geproduceerd": True,
    "geluidsproductie_lager_db_bronvermogen": True,
    "vinden_geen_activiteiten_plaats": True,
    "minder_objecten_geplaatst": True,
    "indien_objecten_geplaatst_kleiner": True,
    "gebiedsontsluitingswegen_doorgaande": False,
}
FESTIVAL = {
    "naam_evenement": "Groot feest",
    "soort_evenement": ["festival"],
    "evenement_plaats": ["buiten-meerdere-plaatsen"],
    "waarvoor_eventloket_gebruiken": "evementen-aanvraag-indienen",
    "aantal_aanwezigen_evenement_minder": False,
    "kruis_toepassing_evenement": ["muziek", "bouwsels-plaatsen-groter-10m2", "weg-vaarweg-afsluiten-doorgaand"],
    "bouwsels_plaats_locaties": ["tent", "podia"],
    "onderstaande_activiteiten_vinden_verder": ["vuurwerk-afsteken"],
}


@lru_cache(maxsize=1)
def event() -> tuple[Definition, Source]:
    packed = EVENT.read_bytes()
    return load(import_export(packed, "evenementen").document, "event").definition, Source(packed)


def _any(question: AnyQuestion, chance: random.Random) -> Any:
    match question:
        case YesNo():
            return chance.random() < 0.5
        case ChoiceQuestion() if question.options:
            return chance.choice(question.options).id
        case ChoicesQuestion():
            return [option.id for option in question.options if chance.random() < 0.3]
        case NumberQuestion():
            return chance.choice([0, 1, 5])
        case GroupQuestion():
            return [{"iets": 1}]
        case ChoiceQuestion():
            return None
    return "iets"


def _given(chance: random.Random) -> dict[str, Any]:
    """What look-ups gave: nothing, one town, or two."""
    towns = TOWNS[: chance.choice([0, 1, 2])]
    if not towns:
        return {}
    whole = {"items": towns, "within": chance.random() < 0.8, "object": {t["brk_identification"]: t for t in towns}}
    questions = {f"report_question_{n}": f"Vraag {n}?" for n in range(1, 6) if chance.random() < 0.5}
    return {
        "gemeenten_response": {"all": whole, "line": {"items": [], "start": True, "end": True}},
        "gemeente_variabelen": questions,
        "eventloket_session": {"kvk": chance.choice(["", "12345678"]), "user_first_name": "Jo"},
    }


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_answered_the_same_is_asked_as_in_the_source(seed: int) -> None:
    definition, source = event()
    chance = random.Random(seed)
    asked_somewhere = set[str]()
    for _ in range(40):
        picked: dict[str, Any] = {}
        given = _given(chance)
        env: dict[str, Any] = dict(given)
        for _ in range(60):  # As somebody fills in: page after page, until nothing more comes up.
            walk = facts.walk(definition, env)
            asked = {question.id: question for _, questions in walk.pages for question in questions}
            for name, question in asked.items():
                picked.setdefault(name, _any(question, chance))
            answered = given | {name: picked[name] for name in asked if picked[name] not in (None, [])}
            if answered == env:
                break
            env = answered
        assert set(asked) == source.asked(env)
        asked_somewhere |= set(asked)
    assert len(asked_somewhere) > 150


def _filed(zaak: Zaak) -> dict[str, Any]:
    found: dict[str, Any] = privacy.decrypt_json("case", zaak.case_data.sealed)["answers"]
    return found


def _apply(house: House, chosen: dict[str, Any]) -> tuple[UUID, Receipt, Definition]:
    service = catalogue_actions.import_form(EVENT.read_bytes(), "evenementen", SYSTEM).service
    catalogue_actions.publish(service, SYSTEM)
    definition = catalogue.published(service).definition
    person = house.nobody()
    application = fill_in(service, person, Answers(definition, chosen))
    mine = msgspec.structs.replace(person, applications=frozenset({application}))
    return application, actions.submit(application, mine), definition


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [MARKET, FESTIVAL], ids=["market", "festival"])
def test_somebody_comes_from_the_first_page_to_a_filed_case(house: House, chosen: dict[str, Any]) -> None:
    _, receipt, definition = _apply(house, chosen)
    zaak = Zaak.objects.get(id=receipt.zaak)
    filed = _filed(zaak)
    _, source = event()
    required = {q.id for page in definition.pages for q in page.questions if getattr(q, "required", False)}
    assert set(filed) >= source.asked(filed) & required
    assert set(filed) <= source.asked(filed)
    assert filed["naam_evenement"] == chosen["naam_evenement"]
    pages = {page.id for page, _ in facts.walk(definition, filed).pages}
    festive = {"bouwsels-10m2", "versterkte-muziek", "weg-vaarweg-afsluiten", "risicoscan"}
    assert (pages & festive == festive) is (chosen is FESTIVAL)
    assert ("melding" in pages) is (chosen is MARKET)
    files = [q.id for page in definition.pages for q in page.questions if isinstance(q, FileQuestion) and q.id in filed]
    assert EnkelvoudigInformatieObject.objects.count() == len(files)
    assert (len(files) > 1) is (chosen is FESTIVAL)


@pytest.mark.django_db
def test_an_early_answer_that_changes_hides_later_pages_and_keeps_what_was_typed(house: House) -> None:
    service = catalogue_actions.import_form(EVENT.read_bytes(), "evenementen", SYSTEM).service
    catalogue_actions.publish(service, SYSTEM)
    definition = catalogue.published(service).definition
    person = house.nobody()
    application = fill_in(service, person, Answers(definition, FESTIVAL))
    mine = msgspec.structs.replace(person, applications=frozenset({application}))
    page = next(p for p in definition.pages if any(q.id == "kruis_toepassing_evenement" for q in p.questions))
    music = next(p for p in definition.pages if p.id == "versterkte-muziek")
    quiet = Answers(definition, FESTIVAL | {"kruis_toepassing_evenement": ["weg-vaarweg-afsluiten-doorgaand"]})
    assert actions.save_page(application, page.id, as_form(page, quiet), mine).ok
    sections = {section for section, _, _ in intake.overview(application, mine).sections}
    assert music.id not in sections
    loud = Answers(definition, FESTIVAL)
    assert actions.save_page(application, page.id, as_form(page, loud), mine).ok
    again = intake.page(application, music.id, mine)
    assert any(field.typed for field in again.fields), "what was typed is still there"
    actions.save_page(application, page.id, as_form(page, quiet), mine)
    filed = _filed(Zaak.objects.get(id=actions.submit(application, mine).zaak))
    assert not set(filed) & {question.id for question in music.questions}


@pytest.mark.django_db
def test_the_place_on_the_map_and_the_rows_are_filed_as_they_were_given(house: House) -> None:
    _, receipt, _ = _apply(house, FESTIVAL)
    filed = _filed(Zaak.objects.get(id=receipt.zaak))
    spots = filed["locatie_kaart"]
    assert [spot["buiten_locatie_evenement"]["description"] for spot in spots] == [PLACE["description"]]
