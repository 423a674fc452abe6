"""An application on its way: rows of groups, questions that come up, pages that vanish, registers that are away."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from asking import form_of
from django.conf import settings as django_settings
from django.http import QueryDict

from house import House
from raadhuis.adapters.standins.people import RESIDENTS
from raadhuis.cases.models import Zaak
from raadhuis.cases.sealed import case_data
from raadhuis.intake import actions, queries, registers
from raadhuis.intake.actions.submission import Incomplete
from raadhuis.intake.models import Application, Upload
from raadhuis.intake.queries import Moved
from raadhuis.intake.schema import PageView, Saved
from raadhuis.intake.state import Person, unseal
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow, TooMany
from raadhuis.site.example.events import festival
from raadhuis.site.example.filler import as_form, fill_in

EVENT = "evenementenvergunning"
PARKING = "parkeervergunning"


class Draft:
    """One application, filled in by its owner."""

    def __init__(self, service: str, person: Person) -> None:
        self.id: UUID = actions.start(service, person)
        self.person = msgspec.structs.replace(person, applications=frozenset({self.id}))

    def save(self, page: str, controls: dict[str, Any] | QueryDict) -> Saved:
        form = controls if isinstance(controls, QueryDict) else form_of(controls)
        return actions.save_page(self.id, page, form, self.person)

    def shown(self, page: str) -> PageView:
        return queries.page(self.id, page, self.person)

    def refused(self, page: str, controls: dict[str, Any]) -> PageView:
        saved = self.save(page, controls)
        assert not saved.ok and saved.page is not None
        return saved.page

    @property
    def row(self) -> Application:
        return Application.objects.get(id=self.id)


@pytest.fixture
def event(house: House) -> Draft:
    """An event with stages, somewhere in the middle of the form."""
    draft = Draft(EVENT, house.person("festival"))
    assert draft.save("onderdelen", {"onderdelen": ["podium", "vuurwerk"]}).ok
    return draft


def row(number: int, width: str = "10", depth: str = "5", height: str = "4") -> dict[str, str]:
    return {f"podia.{number}.breedte": width, f"podia.{number}.diepte": depth, f"podia.{number}.hoogte": height}


def widths(page: PageView) -> list[str]:
    return [fields[0].typed for fields in page.fields[0].rows]


def test_a_group_that_is_required_begins_with_one_empty_row(event: Draft) -> None:
    assert widths(event.shown("podia")) == [""]


def test_rows_are_added_and_removed_without_losing_what_was_typed(event: Draft) -> None:
    page = event.refused("podia", row(0, "11") | {"add": "podia"})
    assert widths(page) == ["11", ""] and page.errors == [], "a new row is no fault yet"
    page = event.refused("podia", row(0, "11") | row(1, "half") | {"add": "podia"})
    assert widths(page) == ["11", "half", ""]
    page = event.refused("podia", row(0, "11") | row(1, "half") | row(2, "12") | {"remove": "podia.1"})
    assert widths(page) == ["11", "12"]
    assert event.save("podia", row(0, "11") | row(1, "12")).ok
    assert [r["breedte"] for r in unseal(event.row).answers["podia"]] == [11, 12]
    assert widths(event.shown("podia")) == ["11", "12"]


def test_the_errors_of_the_last_row_move_along_when_an_earlier_one_goes(event: Draft) -> None:
    page = event.refused("podia", row(4) | row(7, "veel"))
    assert [control for control, _ in page.errors] == ["podia.1.breedte"]
    assert [field.name for field in page.fields[0].rows[1]] == ["podia.1.breedte", "podia.1.diepte", "podia.1.hoogte"]
    assert page.fields[0].rows[1][0].error and not page.fields[0].rows[0][0].error


def test_no_more_rows_than_the_definition_allows(event: Draft) -> None:
    full = {k: v for n in range(10) for k, v in row(n).items()}
    assert len(event.refused("podia", full | {"add": "podia"}).fields[0].rows) == 10
    page = event.refused("podia", full | row(10))
    assert [control for control, _ in page.errors] == ["podia"]
    assert event.save("podia", full).ok


def test_removing_what_is_not_there_changes_nothing(event: Draft) -> None:
    for odd in ("podia.9", "podia.-1", "podia.", "podia.x", "podia.99999999999999999999"):
        assert widths(event.refused("podia", row(0, "11") | {"remove": odd})) == ["11"]
    assert event.save("podia", row(0, "11") | {"remove": "geen.1"}).ok, "no such group: the button is ignored"


def test_a_row_that_was_added_and_left_empty_keeps_the_application_from_being_filed(house: House) -> None:
    draft = Draft(EVENT, house.person("festival"))
    filled = fill_in(EVENT, house.person("festival"), festival())
    draft.id = filled
    draft.person = msgspec.structs.replace(draft.person, applications=frozenset({filled}))
    answers = festival()
    page = next(p for p in queries_page(draft, "podia"))
    form = as_form(page, answers)
    form["add"] = "podia"
    assert not draft.save("podia", form).ok
    with pytest.raises(Incomplete) as missing:
        actions.submit(draft.id, draft.person)
    assert missing.value.page == "podia"


def queries_page(draft: Draft, page_id: str) -> list[Any]:
    from raadhuis.catalogue import queries as catalogue

    return [p for p in catalogue.by_version_id(draft.row.version).definition.pages if p.id == page_id]


def test_a_question_that_comes_up_on_the_same_page_is_shown_and_is_no_error(event: Draft) -> None:
    page = event.refused("vuurwerk", {"vuurwerk_soort": "vuurwerk"})
    assert page.notice and page.errors == []
    assert [field.id for field in page.fields] == ["vuurwerk_soort", "vuurwerk_bedrijf"]
    assert queries.where_to_go_on(event.id, event.person)[1] != "", "the page still has to be answered"
    page = event.refused("vuurwerk", {"vuurwerk_soort": "vuurwerk", "vuurwerk_bedrijf": ""})
    assert [control for control, _ in page.errors] == ["vuurwerk_bedrijf"], "now it was seen and left empty"
    assert event.save("vuurwerk", {"vuurwerk_soort": "vuurwerk", "vuurwerk_bedrijf": "Knal B.V."}).ok
    assert event.save("vuurwerk", {"vuurwerk_soort": "kampvuur", "vuurwerk_bedrijf": "Knal B.V."}).ok
    assert [field.id for field in event.shown("vuurwerk").fields] == ["vuurwerk_soort"]


def test_what_was_typed_on_a_page_that_vanished_is_kept_but_not_filed(house: House) -> None:
    person = house.person("festival")
    draft = fill_in(EVENT, person, festival())
    mine = msgspec.structs.replace(person, applications=frozenset({draft}))
    actions.save_page(draft, "onderdelen", form_of({"onderdelen": ["podium"]}), mine)
    with pytest.raises(Moved):
        queries.page(draft, "tenten", mine)
    assert "tenten" in unseal(Application.objects.get(id=draft)).answers
    actions.save_page(draft, "onderdelen", form_of({"onderdelen": ["podium", "tent"]}), mine)
    assert widths(queries.page(draft, "tenten", mine)) == ["400"], "back again, nothing to type anew"
    actions.save_page(draft, "onderdelen", form_of({"onderdelen": ["podium"]}), mine)
    receipt = actions.submit(draft, mine)
    zaak = Zaak.objects.get(id=receipt.zaak)
    filed = case_data(zaak)["answers"]
    assert {"podia", "onderdelen", "bezoekers"} <= set(filed)
    assert not {"tenten", "muziek_van", "afsluitingen", "vuurwerk_soort", "alcohol_leider"} & set(filed)
    assert bytes(Application.objects.get(id=draft).sealed) == b"", "after filing the case has it, and nobody else"


def test_a_required_answer_that_came_up_elsewhere_keeps_the_application_from_being_filed(house: House) -> None:
    person = house.person("festival")
    draft = fill_in(EVENT, person, festival())
    mine = msgspec.structs.replace(person, applications=frozenset({draft}))
    plan = Upload.objects.get(application=draft, question="veiligheidsplan")
    actions.remove_upload(draft, plan.id, mine)
    with pytest.raises(Incomplete) as missing:
        actions.submit(draft, mine)
    assert missing.value.page == "bijlagen"
    assert ("bijlagen", "Tekening en plannen") in queries.overview(draft, mine).incomplete
    assert not Zaak.objects.filter(submission=draft).exists()


AWAY = "http://127.0.0.1:9"
REGISTERS = ("persons_url", "businesses_url", "addresses_url")


@pytest.mark.parametrize("who", ["fatima", "festival"])
def test_without_registers_everything_is_asked(house: House, settings: Any, who: str) -> None:
    known = Draft(PARKING if who == "fatima" else EVENT, house.person(who))
    assert unseal(known.row).known
    settings.RAADHUIS_ADAPTERS = settings.RAADHUIS_ADAPTERS | dict.fromkeys(REGISTERS, AWAY)
    registers.adapters.cache_clear()
    blind = Draft(known.row.service, house.person(who))
    state = unseal(blind.row)
    assert (state.known, state.answers, state.registers) == ([], {}, {})
    first = queries.where_to_go_on(blind.id, blind.person)[1]
    assert [f.id for f in blind.shown(first).fields] and not any(f.known_from for f in blind.shown(first).fields)
    if who == "fatima":
        assert first == "adres"
        address = {"adres.postcode": "9991 AB", "adres.house_number": "1"}
        page = blind.refused("adres", address)
        assert page.errors[0][0] == "adres.street", "the address register is away too: type street and town"
        assert blind.save("adres", address | {"adres.street": "Kade", "adres.city": "Waterrijk"}).ok


def test_a_case_about_which_nothing_is_known_goes_to_a_person(house: House, settings: Any) -> None:
    settings.RAADHUIS_ADAPTERS = settings.RAADHUIS_ADAPTERS | {"persons_url": AWAY, "addresses_url": AWAY}
    registers.adapters.cache_clear()
    draft = Draft(PARKING, house.person("fatima"))
    draft.save("adres", {"adres.postcode": "9991AB", "adres.house_number": "1", "adres.street": "K", "adres.city": "W"})
    draft.save("auto", {"kenteken": "GZ-999-R"})
    draft.save("eigenaar", {"eigenaar": "eigen"})
    draft.save("start", {"ingangsdatum": (clock.today() + timedelta(days=3)).isoformat()})
    draft.save("contact", {"email": "fatima@voorbeeld.example"})
    receipt = actions.submit(draft.id, draft.person)
    zaak = Zaak.objects.get(id=receipt.zaak)
    assert zaak.einddatum is None and receipt.decision is None
    assert zaak.tasks.get().kind == "decide"


def test_what_a_register_has_wrong_is_asked_and_told_once(house: House) -> None:
    draft = Draft(PARKING, house.person("fatima"))
    with pytest.raises(Absent):
        actions.correct_known(draft.id, "kenteken", draft.person)
    assert actions.correct_known(draft.id, "adres", draft.person) == "adres"
    assert actions.correct_known(draft.id, "adres", draft.person) == "adres"
    told = [e.kind for e in journal.of_application(draft.id)]
    assert told.count("application.prefill_corrected") == 1
    assert queries.where_to_go_on(draft.id, draft.person)[1] == "adres"
    assert draft.shown("adres").fields[0].typed, "what the register said stands there to be improved"


@pytest.mark.parametrize("page", ["", "weg", "../auto", "auto/"])
def test_a_page_that_no_definition_knows_is_absent(house: House, page: str) -> None:
    draft = Draft(PARKING, house.person("fatima"))
    with pytest.raises(Absent):
        draft.save(page, {"kenteken": "GZ-999-R"})


def test_a_service_that_asks_a_log_in_cannot_be_begun_without(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.start(PARKING, house.nobody())
    with pytest.raises(NotAllowed):
        actions.start(PARKING, house.person("festival"))
    with pytest.raises(NotAllowed):
        actions.start(PARKING, msgspec.structs.replace(house.person("fatima"), level="low"))
    with pytest.raises(Absent):
        actions.start("geen-dienst", house.person("fatima"))
    assert not Application.objects.exists()


def test_drafts_that_nobody_came_back_to_expire_with_all_they_held(house: House) -> None:
    old = fill_in(PARKING, house.person("fatima"), _lease())
    young = Draft(PARKING, house.person("joris"))
    days = django_settings.RAADHUIS_DRAFT_DAYS
    with clock.at(clock.now() + timedelta(days=days - 1)):
        assert actions.expire_drafts() == 0
        young.save("auto", {"kenteken": "GZ-999-R"})
    with clock.at(clock.now() + timedelta(days=days, minutes=5)):
        assert actions.expire_drafts() == 1
        assert actions.expire_drafts() == 0
        with pytest.raises(NotNow):
            actions.submit(old, msgspec.structs.replace(house.person("fatima"), applications=frozenset({old})))
        assert queries.drafts_of(house.person("fatima")) == []
    row = Application.objects.get(id=old)
    assert (row.state, bytes(row.sealed), row.resume) == ("abandoned", b"", "")
    assert not Upload.objects.filter(application=old).exists()
    assert young.row.state == "open"
    assert [e.kind for e in journal.of_application(old)][-1] == "application.abandoned"


def _lease() -> dict[str, Any]:
    return {
        "kenteken": "GZ999R",
        "eigenaar": "lease",
        "verklaring": [{"name": "brief.pdf"}],
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
    }


def test_expiry_goes_in_bounded_steps(house: House) -> None:
    person = house.person("fatima")
    for _ in range(5):
        actions.start(PARKING, person)
    with clock.at(clock.now() + timedelta(days=django_settings.RAADHUIS_DRAFT_DAYS + 1)):
        assert [actions.expire_drafts(2) for _ in range(4)] == [2, 2, 1, 0]


def test_the_link_alone_or_the_code_alone_opens_nothing(house: House) -> None:
    draft = Draft("melding-openbare-ruimte", house.nobody())
    draft.save("wat", {"categorie": "afval"})
    link, code = actions.save_for_later(draft.id, "melder@voorbeeld.example", draft.person)
    house.background()
    mail = next(m for m in house.mails("melder@voorbeeld.example") if "/verder/" in str(m))
    secret = str(mail).split("/verder/")[1].split("/")[0]
    other = house.nobody()
    with pytest.raises(Absent):
        queries.page(draft.id, "wat", other)
    with pytest.raises(Absent):
        actions.resume("", code, other)
    with pytest.raises(Absent):
        actions.resume("x" * 32, code, other)
    for _ in range(3):
        with pytest.raises(Invalid):
            actions.resume(secret, "ABCDEF", other)
    assert actions.resume(secret, f" {code.lower()[:3]} {code[3:]}", other) == draft.id
    assert link.kept_until == clock.today() + timedelta(days=django_settings.RAADHUIS_DRAFT_DAYS)


def test_guessing_codes_is_throttled_for_the_link_and_not_for_others(house: House) -> None:
    draft = Draft("melding-openbare-ruimte", house.nobody())
    _, code = actions.save_for_later(draft.id, "melder@voorbeeld.example", draft.person)
    house.background()
    secret = str(house.mails("melder@voorbeeld.example")[0]).split("/verder/")[1].split("/")[0]
    for _ in range(5):
        with pytest.raises(Invalid):
            actions.resume(secret, "ABCDEF", house.nobody())
    with pytest.raises(TooMany):
        actions.resume(secret, code, house.nobody())


def test_what_is_kept_is_not_readable_in_the_database(house: House) -> None:
    draft = Draft(PARKING, house.person("fatima"))
    draft.save("contact", {"email": "fatima@voorbeeld.example"})
    fatima = next(r for r in RESIDENTS if r.id == "fatima")
    held = bytes(draft.row.sealed) + str(Application.objects.filter(id=draft.id).values()).encode()
    for private in (fatima.bsn, fatima.surname, "fatima@voorbeeld.example"):
        assert private.encode() not in held
