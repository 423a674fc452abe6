"""Other applications, through the administrator's pages: let in, what they may, a new secret, out."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from cases.work import parking, street
from house import House, sentences
from raadhuis.catalogue.ztc.queries import newest_zaaktypen
from raadhuis.clients import queries
from raadhuis.kernel import clock
from raadhuis.notices.models import Abonnement
from zgw.clients import Application, token

PLACE = "/werk/applicaties/"
READING = {"label": "Mijn zaken", "client_id": "mijn-zaken", "right": ["read_types"]}


def secret_of(page: HttpResponse) -> str:
    """The secret that the page shows."""
    assert page.status_code == 200, sentences(page)
    found = re.search(r"<dt>Geheim</dt><dd>([^<]+)</dd>", page.content.decode())
    assert found
    return found[1]


def ask(client_id: str, secret: str, path: str) -> int:
    """What the application is answered."""
    headers = {"Authorization": f"Bearer {token(client_id, secret)}", "Accept-Crs": "EPSG:4326"}
    return Client().get(path, headers=headers).status_code


def test_an_application_is_let_in_and_can_speak_at_once(house: House) -> None:
    ada = house.client("ada")
    assert "nog geen applicatie" in ada.get(PLACE).content.decode()
    secret = secret_of(ada.post(f"{PLACE}nieuw/", READING))
    assert ask("mijn-zaken", secret, "/catalogi/api/v1/zaaktypen") == 200
    assert ask("mijn-zaken", secret, "/zaken/api/v1/zaken") == 403
    listed = ada.get(PLACE).content.decode()
    assert "Mijn zaken" in listed and "catalogi.lezen" in listed and secret not in listed


def test_the_kinds_of_cases_are_chosen(house: House) -> None:
    permit, report = parking(house), street(house)
    kinds = {one.omschrijving: one.address for one in newest_zaaktypen()}
    chosen = next(address for address in kinds.values() if str(permit.zaak.zaaktype) in address)
    ada = house.client("ada")
    form = READING | {"right": ["read_cases"], "zaaktype": [chosen], "level": "zaakvertrouwelijk"}
    secret = secret_of(ada.post(f"{PLACE}nieuw/", form))
    assert ask("mijn-zaken", secret, f"/zaken/api/v1/zaken/{permit.id}") == 200
    assert ask("mijn-zaken", secret, f"/zaken/api/v1/zaken/{report.id}") == 404
    name = next(words for words, address in kinds.items() if address == chosen)
    assert f"zaken.lezen ({name}, zaakvertrouwelijk)" in ada.get(PLACE).content.decode()


def test_a_new_secret_takes_the_place_of_the_old_one(house: House) -> None:
    ada = house.client("ada")
    first = secret_of(ada.post(f"{PLACE}nieuw/", READING | {"right": ["everything"]}))
    client = queries.applicaties()[1][0]
    second = secret_of(ada.post(f"{PLACE}{client.id}/geheim/"))
    assert ask("mijn-zaken", first, "/catalogi/api/v1/zaaktypen") == 403
    assert ask("mijn-zaken", second, "/catalogi/api/v1/zaaktypen") == 200
    gone = ada.post(f"{PLACE}{client.id}/weg/", follow=True)
    assert "kan er niet meer in" in gone.content.decode()
    assert ask("mijn-zaken", second, "/catalogi/api/v1/zaaktypen") == 403
    assert ada.post(f"{PLACE}{client.id}/weg/").status_code == 404
    assert ada.post(f"{PLACE}{client.id}/anders/").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, ["Schrijf op hoe de applicatie heet.", "Gebruik 2 tot 50 letters", "Kies wat de applicatie mag."]),
        (READING | {"client_id": "met spaties"}, ["Gebruik 2 tot 50 letters"]),
        (READING | {"client_id": "x" * 51}, ["Gebruik 2 tot 50 letters"]),
        (READING | {"right": ["read_cases"]}, ["Kies minstens één soort zaak.", "Kies tot welk niveau"]),
        (READING | {"right": ["read_cases"], "zaaktype": ["nergens"], "level": "geheim"}, ["minstens één soort zaak"]),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    house: House, form: dict[str, object], said: list[str]
) -> None:
    page = house.client("ada").post(f"{PLACE}nieuw/", form)
    assert page.status_code == 422
    for sentence in said:
        assert sentence in page.content.decode()
    if form:
        assert 'value="Mijn zaken"' in page.content.decode()
    assert queries.applicaties()[0] == 0


def test_a_client_id_is_given_once(house: House) -> None:
    Application(client_id="mijn-zaken")
    page = house.client("ada").post(f"{PLACE}nieuw/", READING)
    assert page.status_code == 422 and "hoort al bij een applicatie" in page.content.decode()


@pytest.mark.parametrize("who", ["murat", "marco", "tess", "els"])
def test_only_an_administrator_comes_here(house: House, who: str) -> None:
    client = house.client(who)
    assert client.get(PLACE).status_code == 403
    assert client.post(f"{PLACE}nieuw/", READING).status_code == 403
    assert "/werk/applicaties/" not in client.get("/werk/").content.decode()
    assert queries.applicaties()[0] == 0


def test_how_it_goes_with_subscriptions_is_shown(house: House) -> None:
    app, moment = Application(), clock.now()
    states: dict[str, dict[str, object]] = {
        "goed": {},
        "weg": {"rests": 2, "rests_until": moment, "last_error": "503"},
        "gestopt": {"stopped": moment},
    }
    for name, state in states.items():
        Abonnement.objects.create(
            applicatie=app.id,
            callback_url=f"https://{name}.example/",
            auth=b"",
            kanalen=[{"name": "zaken", "filters": {}}],
            **state,
        )
    page = house.client("ada").get(PLACE).content.decode()
    for words in ("Berichten komen aan.", "antwoordt niet goed (503)", "niet meer bestaat", "https://weg.example/"):
        assert words in page
    assert "niet bezorgd" not in page and "Verstuur alles opnieuw" not in page
