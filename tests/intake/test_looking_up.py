"""Looking things up while somebody fills in: when another system is asked, what counts, and what it may cost."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from outside import FACTS, LOOKUPS, PAGES, Draft, Outside, publish

from adapters.servers import serving
from catalogue.services import STALL, broken
from house import House
from raadhuis.cases.models import Zaak
from raadhuis.cases.queries import staff_case
from raadhuis.cases.queries.looked_up import looked_up as said_elsewhere
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue import queries as definitions
from raadhuis.intake import actions, lookups, registers
from raadhuis.intake.state import State, looked_up
from raadhuis.journal.models import Event
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import uuid7
from raadhuis.site import checking


@pytest.fixture
def outside(house: House, settings: Any) -> Iterator[Outside]:
    system = Outside()
    with serving(system) as url:
        where = {name: {"url": f"{url}/{name}"} for name in ("sessies", "plaatsen", "regels")}
        settings.RAADHUIS_ADAPTERS = {**django_settings.RAADHUIS_ADAPTERS, "lookups": where}
        registers.adapters.cache_clear()
        publish({})
        yield system


@pytest.fixture
def draft(house: House, outside: Outside) -> Draft:
    return Draft(house)


def test_what_needs_no_answer_is_asked_when_an_application_begins(draft: Draft, outside: Outside) -> None:
    assert outside.paths() == ["/sessies/nu"]
    page = draft.shown("wie")
    fields = {field.id: field for field in page.fields}
    assert (fields["roepnaam"].typed, fields["roepnaam"].known_from) == ("Noor", "Uw sessie")
    assert fields["mobiel"].typed == "+31612345678", "as this type of question keeps it"
    assert "bedrijf" not in fields, "what is known is not asked"
    assert draft.env["sessie"]["bedrijf"] == "Feest BV"
    assert [(d["service"], d["outcome"]) for d in draft.events()] == [("sessies", "ok")]


def test_what_reads_an_answer_is_asked_when_its_page_was_saved_and_then_what_reads_that(
    draft: Draft, outside: Outside
) -> None:
    outside.paths()
    saved = draft.save("waar", plein="Brink")
    assert saved.ok and saved.next == "regels", "a page that the answer brings along comes next"
    (_, query, body), rules = outside.asked
    assert query == {"taal": "nl"} and body == {"plein": "Brink"}, "what is unknown is not sent"
    assert rules[0] == "/regels/gemeenten/GM 1"
    assert draft.shown("regels").fields[0].label == "Blijft de weg vrij?"
    assert draft.shown("hoeveel").fields[0].typed == "3"
    assert draft.env["binnen"] is True, "a fact reads a look-up"


def test_the_same_question_is_asked_once(draft: Draft, outside: Outside) -> None:
    draft.save("waar", plein="Brink")
    outside.paths()
    assert draft.save("waar", plein="Brink").ok
    draft.save("hoeveel", plekken="2")
    assert outside.paths() == []
    draft.save("waar", plein="Dam")
    assert outside.paths() == ["/plaatsen/zoek"], "the same municipality: its rules are known"


def test_an_answer_about_another_question_counts_no_longer(draft: Draft, outside: Outside) -> None:
    draft.save("waar", plein="Brink")
    del outside.answers["/plaatsen/zoek"]
    saved = draft.save("waar", plein="Nergens")
    assert "gemeente" not in draft.env and "regels" not in draft.env
    assert saved.next == "hoeveel", "the page about rules is gone again"
    assert draft.shown("hoeveel").fields[0].typed == "", "and so is the first value that nobody confirmed"


def test_what_stops_being_asked_stops_to_count_and_comes_back_without_asking(draft: Draft, outside: Outside) -> None:
    draft.save("waar", plein="Brink")
    draft.save("waar", plein="")
    assert "gemeente" not in draft.env
    outside.paths()
    draft.save("waar", plein="Brink")
    assert outside.paths() == [] and draft.env["gemeente"]["code"] == "GM 1"


def test_what_a_look_up_says_shows_on_the_page_that_was_saved(draft: Draft, outside: Outside) -> None:
    outside.answers["/plaatsen/zoek"]["data"]["gemeente"]["vol"] = True
    saved = draft.save("waar", plein="Brink")
    assert not saved.ok and saved.page and not saved.page.errors
    assert [f.label for f in saved.page.fields if f.type == "note"] == ["Waterrijk zit vol."]
    assert draft.save("waar", plein="Brink").ok, "it was read"
    outside.answers["/plaatsen/zoek"]["data"]["gemeente"] = {"code": "GM 2", "binnen": False}
    saved = draft.save("waar", plein="Elders")
    assert saved.page and saved.page.errors[0][1] == "Daar gaan wij niet over."


def test_an_answer_of_the_applicant_is_never_replaced(draft: Draft, outside: Outside) -> None:
    draft.save("hoeveel", plekken="7")
    draft.save("wie", roepnaam="Anna", mobiel="")
    draft.save("waar", plein="Brink")
    assert draft.state.answers["plekken"] == 7
    assert draft.state.answers["roepnaam"] == "Anna" and "mobiel" not in draft.state.answers


def test_a_first_value_follows_the_look_up_until_somebody_answered(draft: Draft, outside: Outside) -> None:
    draft.save("waar", plein="Brink")
    outside.answers["/plaatsen/zoek"] = {"data": {"gemeente": {"code": "GM2", "binnen": True}}}
    outside.answers["/regels/gemeenten/GM2"] = {"vraag": "Anders?", "gewoonlijk": 5}
    draft.save("waar", plein="Dam")
    assert draft.shown("hoeveel").fields[0].typed == "5"


@pytest.mark.parametrize("odd", [{"a": 1}, [1], True, "veel", "", None, 10**9, 1e300, "x" * 30_000])
def test_a_first_value_that_nobody_could_have_typed_is_left_out(house: House, outside: Outside, odd: Any) -> None:
    outside.answers["/regels/gemeenten/GM 1"] = {"vraag": "Ja?", "gewoonlijk": odd}
    publish({"pages.3.questions.0.at_most": 1000})
    draft = Draft(house)
    draft.save("waar", plein="Brink")
    assert draft.shown("hoeveel").fields[0].typed == "" and "plekken" not in draft.state.answers


def test_one_that_fails_is_asked_again_but_not_for_ever(
    draft: Draft, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.status["/plaatsen/zoek"] = 500
    outside.paths()
    for _ in range(5):
        assert draft.save("waar", plein="Geheimplein 1").ok, "it costs nobody an error"
        assert "gemeente" not in draft.env
    assert outside.paths() == ["/plaatsen/zoek"] * 3
    draft.save("waar", plein="Brink")
    assert outside.paths() == ["/plaatsen/zoek"], "another question has tries of its own"
    outside.status.clear()
    draft.save("hoeveel", plekken="2")
    assert draft.env["gemeente"]["code"] == "GM 1", "also at another page"
    assert "plaatsen: status 500" in caplog.text and "Geheimplein" not in caplog.text and "Brink" not in caplog.text
    assert [d["outcome"] for d in draft.events()] == ["ok", *["failed"] * 4, "ok", "ok"]


def test_a_service_that_nobody_allowed_leaves_it_unknown(house: House, outside: Outside) -> None:
    publish({"lookups.0.service": "elders"})
    draft = Draft(house)
    assert outside.paths() == [] and draft.shown("wie").fields[0].typed == ""
    assert [(d["service"], d["outcome"]) for d in draft.events()] == [("elders", "refused")]
    found = {line.what: line for line in checking.look() if line.what.startswith("look-up")}
    assert found["look-up: elders"].level == "warning" and STALL in found["look-up: elders"].said
    assert found["look-up: plaatsen"].level == "ok"


def test_a_service_that_hangs_costs_a_page_two_seconds_in_all(house: House, outside: Outside) -> None:
    publish({"lookups.1.when": "true", "lookups.2.path": "gemeenten"})
    outside.slow = 4
    began = time.monotonic()
    draft = Draft(house)
    assert time.monotonic() - began < 3.5, "three look-ups, and one deadline over all"
    assert looked_up(draft.state) == {}
    assert all(d["milliseconds"] <= 3000 for d in draft.events())
    assert len(draft.events()) == 1, "what there was no time for is not counted as asked"


def test_too_much_is_unknown(draft: Draft, outside: Outside, caplog: pytest.LogCaptureFixture) -> None:
    outside.answers["/plaatsen/zoek"] = {"data": {"gemeente": {"code": "x" * 70_000}}}
    assert draft.save("waar", plein="Brink").ok
    assert "gemeente" not in draft.env and "more than" in caplog.text
    outside.answers["/plaatsen/zoek"] = {"data": ["geen object"]}
    assert draft.save("waar", plein="Dam").ok and "gemeente" not in draft.env


@pytest.mark.parametrize("code", ["../../beheer", "..", "%2e%2e", "a\\..\\b", {"a": 1}, True, ["x"], ""])
def test_an_answer_that_climbs_is_not_asked(draft: Draft, outside: Outside, code: Any) -> None:
    outside.answers["/plaatsen/zoek"]["data"]["gemeente"]["code"] = code
    outside.paths()
    assert draft.save("waar", plein="Brink").ok
    assert outside.paths() == ["/plaatsen/zoek"]


def test_a_page_with_an_error_is_kept_and_asks_with_what_was_right(draft: Draft, outside: Outside) -> None:
    publish({})
    saved = draft.save("wie", roepnaam="", mobiel="geen nummer")
    assert not saved.ok and saved.page and len(saved.page.errors) == 2
    assert draft.state.typed["mobiel"] == "geen nummer"


@pytest.mark.django_db(transaction=True)
def test_what_another_window_saves_while_one_is_asking_stays(draft: Draft, outside: Outside) -> None:
    """In the thread of the other system, so with real transactions: it would wait for ever if one were open here."""
    draft.save("wie", roepnaam="Anna")
    seen: list[Any] = []

    def other_window() -> None:
        outside.then = None
        seen.append(draft.state.answers.get("plein"))
        seen.append(draft.save("hoeveel", plekken="9").ok)
        connection.close()

    outside.then = other_window
    assert draft.save("waar", plein="Brink").ok
    assert seen == ["Brink", True], "what was typed is on disk before anybody is asked"
    state = draft.state
    assert (state.answers["plekken"], state.answers["plein"]) == (9, "Brink")
    assert draft.env["gemeente"]["code"] == "GM 1"


@pytest.mark.django_db(transaction=True)
def test_the_same_page_saved_elsewhere_meanwhile_is_not_overwritten_but_what_was_found_is_kept(
    draft: Draft, outside: Outside
) -> None:
    token = draft.shown("waar").token

    def other_window() -> None:
        outside.then = None
        assert draft.save("waar", plein="Dam").ok
        connection.close()

    outside.then = other_window
    saved = draft.save("waar", plein="Brink", token=token)
    assert not saved.ok and saved.page and "ander venster" in saved.page.notice
    assert draft.state.answers["plein"] == "Dam"
    draft.save("hoeveel", plekken="2")
    assert draft.env["gemeente"]["code"] == "GM 1", "the answer about the Brink is not taken for one about the Dam"
    bodies = [body["plein"] for path, _, body in outside.asked if path == "/plaatsen/zoek"]
    assert bodies[-1] == "Dam"


def test_a_look_up_is_asked_after_those_that_it_reads_wherever_it_stands(house: House, outside: Outside) -> None:
    fact = {"name": "code", "type": "text", "value": "gemeente.code", "title": {"nl": "Code"}}
    rules = LOOKUPS[2] | {"path": "gemeenten/{code}"}
    publish({"lookups": [rules, LOOKUPS[1], LOOKUPS[0]], "facts.+": fact})
    draft = Draft(house)
    outside.paths()
    assert draft.save("waar", plein="Brink").next == "regels"
    assert outside.paths() == ["/plaatsen/zoek", "/regels/gemeenten/GM 1"]


def test_look_ups_in_a_circle_are_asked_once_each_and_settle(house: House, outside: Outside) -> None:
    """A look-up that asks as long as it has no answer, as older forms say it: it does not come and go."""
    publish({"lookups.0.when": "empty(sessie)", "lookups.1.when": "not empty(plein) and empty(regels.niets)"})
    draft = Draft(house)
    draft.save("waar", plein="Brink")
    outside.paths()
    for _ in range(3):
        draft.save("hoeveel", plekken="2")
        assert draft.env["sessie"]["naam"] == "Noor" and draft.env["gemeente"]["code"] == "GM 1"
    assert outside.paths() == []


CIRCLE = {"lookups.0.when": "empty(sessie)", "lookups.1.when": "not empty(plein) and empty(regels.niets)"}
BACKWARDS = {"lookups": [LOOKUPS[2], LOOKUPS[1], LOOKUPS[0]], "pages.1.questions.0.when": "holds(sessie.naam)"}


@pytest.mark.parametrize("changes", [{}, CIRCLE, BACKWARDS])
def test_what_counts_does_not_hang_on_what_counted_before(
    house: House, outside: Outside, changes: dict[str, Any]
) -> None:
    publish(changes)
    draft = Draft(house)
    draft.save("waar", plein="Brink")
    for place, there in (("Brink", {"sessie", "gemeente", "regels"}), ("Dam", {"sessie"}), ("", {"sessie"})):
        for before in itertools.product((True, False), repeat=3):
            state = draft.state
            state.answers["plein"] = place
            for one, counts in zip(state.lookups.values(), before, strict=True):
                one.counts = counts
            lookups.settle(definitions.published(STALL), state)
            assert set(looked_up(state)) == there, (place, before)


def test_a_service_that_rests_after_failing_costs_no_tries(house: House, outside: Outside) -> None:
    draft = Draft(house)
    outside.status["/plaatsen/zoek"] = 503
    for place in ("Brink", "Brink", "Brink", "Dam", "Dam", "Dam", "Dam", "Dam"):
        assert draft.save("waar", plein=place).ok
    assert outside.paths()[1:] == ["/plaatsen/zoek"] * 5, "then it is left alone for a while"
    assert draft.state.lookups["gemeente"].tries == 2
    outside.status.clear()
    registers.adapters.cache_clear()  # As long afterwards.
    draft.save("waar", plein="Dam")
    assert draft.env["gemeente"]["code"] == "GM 1"


def test_nothing_is_asked_inside_a_transaction(draft: Draft) -> None:
    with durable(), pytest.raises(RuntimeError, match="outside transactions"):
        lookups.look_up(definitions.published(STALL), State())


def test_correcting_what_a_look_up_told_asks_what_that_changes(house: House, outside: Outside) -> None:
    publish({"lookups.+": LOOKUPS[1] | {"name": "firma", "body": {"x": "bedrijf"}, "when": "holds(bedrijf)"}})
    draft = Draft(house)
    assert draft.env["bedrijf"] == "Feest BV" and "bedrijf" in draft.state.known
    del outside.answers["/sessies/nu"]
    assert actions.correct_known(draft.id, "bedrijf", draft.person) == "wie"
    assert draft.save("wie", roepnaam="Anna", bedrijf="Anders BV").ok
    assert draft.state.answers["bedrijf"] == "Anders BV", "and what the applicant says instead stays"


def test_the_case_keeps_what_the_form_was_shown_with(house: House, outside: Outside) -> None:
    browser: Client = house.client()
    application = house.begin(browser, STALL)
    answers = {"roepnaam": "Anna", "mobiel": "", "plein": "Brink", "akkoord": True, "plekken": 2}
    assert house.answer(browser, application, answers) == ["wie", "waar", "regels", "hoeveel"]
    outside.answers.clear()
    outside.paths()
    assert house.submit(browser, application).status_code == 200
    assert outside.paths() == [], "submission asks nobody"
    zaak = Zaak.objects.get(submission=application)
    data = case_data(zaak)
    assert data["registers"]["gemeente"]["code"] == "GM 1" and data["facts"]["binnen"] is True
    shown = dict(staff_case(zaak.id, house.staff("ria")).looked_up)
    assert shown["Gemeente van het plein"] == ["Code: GM 1", "Naam: Waterrijk", "Binnen: Ja"]
    assert shown["Regels van de gemeente"] == ["Vraag: Blijft de weg vrij?", "Gewoonlijk: 3", "Klein ding: a 1"]
    page = house.client("ria").get(f"/werk/zaken/{zaak.id}/").content.decode()
    assert "Wat andere systemen zeiden" in page and "Naam: Waterrijk" in page
    told = [str(event.data) for event in Event.objects.filter(kind="application.looked_up")]
    assert told and not any(word in line for line in told for word in ("Brink", "Noor", "Waterrijk", "GM 1"))


@pytest.mark.parametrize(
    "value", [["a"] * 50, {str(n): n for n in range(50)}, "x" * 5000, {"a": {"b": {"c": {"d": 1}}}}]
)
def test_staff_see_some_lines_whatever_the_other_system_said(value: Any) -> None:
    definition = broken(STALL, {"lookups": LOOKUPS, "pages": PAGES, "facts": FACTS, "examples": []}).definition
    published = definitions.Published(definition, 1, uuid7(), uuid7(), {}, {}, {}, {}, {})
    [(title, lines)] = said_elsewhere(published, {"registers": {"gemeente": value}}, "nl")
    assert title == "Gemeente van het plein" and 1 <= len(lines) <= 6
    assert all(0 < len(line) <= 200 for line in lines)
