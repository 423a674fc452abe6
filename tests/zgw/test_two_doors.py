"""One truth, two doors: what another application makes is seen and worked on by our people, and the other way round."""

import pytest

from cases.work import Case, parking
from house import House
from raadhuis.cases import actions
from raadhuis.cases.models import Task, Zaak
from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel import clock
from zgw.clients import Application
from zgw.register import CASES, Register, got, own
from zgw.test_zaken import address


@pytest.fixture
def service(house: House, app: Application) -> Register:
    """What a client needs to work on cases of the parking permit."""
    published = catalogue.published("parkeervergunning")
    found = Register.__new__(Register)
    found.app = app
    types = own("/catalogi/api/v1")
    found.zaaktype = f"{types}/zaaktypen/{published.zaaktype_id}"
    found.initiator = f"{types}/roltypen/{next(iter(published.roltypen.values()))}"
    return found


def test_a_case_on_a_service_gets_its_tasks(service: Register, house: House) -> None:
    zaak = service.zaak()
    row = Zaak.objects.get(pk=zaak["uuid"])
    assert row.service == "parkeervergunning" and row.version is not None
    task = Task.objects.get(zaak=row, open=True)
    page = house.client("ingrid").get("/werk/").content.decode()
    assert zaak["identificatie"] in page
    assert house.client("ingrid").get(f"/werk/zaken/{zaak['uuid']}/").status_code == 200
    assert house.client("ingrid").get(f"/werk/taken/{task.id}/").status_code == 200


def test_who_applied_is_known_at_the_desk(service: Register, house: House) -> None:
    zaak = service.zaak()
    who = {"inpBsn": "999990755", "voornamen": "Anna", "geslachtsnaam": "Jansen"}
    contact = {"naam": "A. Jansen", "emailadres": "anna@voorbeeld.example"}
    made = service.rol(zaak["url"], betrokkeneIdentificatie=who, contactpersoonRol=contact)
    page = house.client("ingrid").get(f"/werk/zaken/{zaak['uuid']}/").content.decode()
    assert "Anna Jansen" in page and "anna@voorbeeld.example" in page and "999990755" not in page
    service.app.delete(made["url"])
    assert "Anna Jansen" not in house.client("ingrid").get(f"/werk/zaken/{zaak['uuid']}/").content.decode()


def test_closing_it_there_ends_the_work_here(service: Register, house: House) -> None:
    published = catalogue.published("parkeervergunning")
    zaak = service.zaak()["url"]
    types = own("/catalogi/api/v1")
    result = {"zaak": zaak, "resultaattype": f"{types}/resultaattypen/{published.resultaattypen['verleend']}"}
    service.app.post(f"{CASES}/resultaten", result)
    last = published.definition.zaaktype.statustypen[-1].key
    service.status(zaak, f"{types}/statustypen/{published.statustypen[last]}")
    row = Zaak.objects.get(pk=zaak.rpartition("/")[2])
    assert (row.status_key, row.result_key) == (last, "verleend") and row.einddatum == clock.today()
    assert not row.tasks.filter(open=True).exists()
    page = house.client("ingrid").get(f"/werk/zaken/{row.pk}/").content.decode()
    assert row.identificatie in page


def test_what_staff_do_is_seen_there_at_once(house: House, app: Application) -> None:
    case: Case = parking(house)
    before = got(app, address(case.id))
    task = case.task("beoordelen").id
    actions.claim(task, house.staff("ingrid"))
    actions.decide(task, house.staff("ingrid"), result="grant", motivation="Het klopt.")
    after = got(app, address(case.id))
    assert before["einddatum"] is None and after["einddatum"] and after["resultaat"]
    assert got(app, after["status"])["indicatieLaatstGezetteStatus"]


def test_a_case_of_the_portal_can_be_ended_there(house: House, app: Application) -> None:
    """Also one with a document of the applicant: of that it is known that no terms of use rest on it."""
    case: Case = parking(house)
    published = catalogue.published("parkeervergunning")
    types, zaak = own("/catalogi/api/v1"), address(case.id)
    result = {"zaak": zaak, "resultaattype": f"{types}/resultaattypen/{published.resultaattypen['verleend']}"}
    app.post(f"{CASES}/resultaten", result)
    last = published.statustypen[published.definition.zaaktype.statustypen[-1].key]
    body = {"zaak": zaak, "statustype": f"{types}/statustypen/{last}", "datumStatusGezet": clock.now().isoformat()}
    app.post(f"{CASES}/statussen", body)
    assert got(app, zaak)["einddatum"]


def test_a_case_of_nobodys_service_is_read_by_the_team_that_was_named(
    house: House, app: Application, settings: object
) -> None:
    register = Register(app)
    team = next(iter(house.staff("ria").teams))
    zaak = register.zaak(omschrijving="Losse zaak")
    place = f"/werk/zaken/{zaak['uuid']}/"
    assert house.client("ria").get(place).status_code == 404
    body = {
        "zaak": zaak["url"],
        "betrokkeneType": "organisatorische_eenheid",
        "roltype": register.handler,
        "roltoelichting": "Behandelt",
        "betrokkeneIdentificatie": {"identificatie": team},
    }
    app.post(f"{CASES}/rollen", body)
    assert house.client("ria").get(place).status_code == 200
    settings.RAADHUIS_OTHER_CASES = [team]  # type: ignore[attr-defined]
    other = register.zaak(omschrijving="Nog een zaak")
    page = house.client("ria").get(f"/werk/zaken/{other['uuid']}/")
    assert page.status_code == 200 and "Nog een zaak" in page.content.decode()
