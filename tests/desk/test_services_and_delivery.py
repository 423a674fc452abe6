"""Describing services and minding what could not be delivered, through the pages."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from catalogue.services import text
from house import House
from open_forms.test_import import component, form
from raadhuis.catalogue import queries
from raadhuis.journal import queries as journal
from raadhuis.journal.actions import send
from raadhuis.journal.models import Outbox
from raadhuis.kernel.db import durable
from raadhuis.site import runner

PARKING = "parkeervergunning"
NEW = "/werk/diensten/nieuw/"


@pytest.fixture
def tess(house: House) -> Client:
    return house.client("tess")


def upload(client: Client, content: str | bytes) -> HttpResponse:
    body = content if isinstance(content, bytes) else content.encode()
    return client.post(NEW, {"file": SimpleUploadedFile("dienst.yaml", body)})


def states(service: str = PARKING) -> list[tuple[int, str]]:
    return [(line.version, line.state) for line in queries.versions(service)]


def other(title: str = "Parkeren in de buurt") -> str:
    return text(PARKING).replace("nl: Parkeervergunning voor bewoners", f"nl: {title}", 1)


BROKEN = {
    "not yaml": ("id: x\ntitle: [nl: {\n", 3),
    "unknown field": (text(PARKING).replace("kind: permit", "kind: permit\nkleur: rood", 1), None),
    "wrong kind": (text(PARKING).replace("kind: permit", "kind: gunst", 1), None),
    "not a mapping": ("- een\n- twee\n", 1),
    "alias bomb": ("a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nid: *c\n", None),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_cannot_be_read_is_shown_with_its_line_and_what_was_pasted_is_kept(tess: Client, name: str) -> None:
    content, line = BROKEN[name]
    response = tess.post(NEW, {"text": content})
    page = html.unescape(response.content.decode())
    assert response.status_code == 422 and "Dit bestand klopt nog niet" in page
    found = [int(part.split(":")[0].split("<")[0]) for part in page.split("regel ")[1:] if part[:1].isdigit()]
    assert found and all(0 < number <= content.count("\n") + 1 for number in found)
    if line is not None:
        assert line in found
    else:
        assert name == "alias bomb" or max(found) > 1
    assert content.splitlines()[0][:12] in page.split("<textarea")[1]
    assert states() == [(1, "published")]


def test_the_line_of_a_wrong_word_is_the_line_where_it_stands(tess: Client) -> None:
    wrong = text(PARKING).replace("kind: permit", "kind: gunst", 1)
    line = wrong.splitlines().index("kind: gunst") + 1
    assert f"regel {line}:" in tess.post(NEW, {"text": wrong}).content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Kies een YAML-bestand"), (b"\xff\xfe\x00a", "UTF-8"), (b"x" * 2_000_001, "te groot")],
    ids=["nothing", "not text", "too large"],
)
def test_a_file_that_is_no_description_gets_a_sentence(tess: Client, content: bytes, said: str) -> None:
    response = upload(tess, content) if content else tess.post(NEW, {"text": "  "})
    assert response.status_code == 422 and said in response.content.decode()


def test_a_draft_is_looked_over_and_published(house: House, tess: Client) -> None:
    saved = upload(tess, other())
    assert saved.status_code == 303 and saved.headers["Location"].startswith(f"/werk/diensten/{PARKING}/")
    page = tess.get(f"/werk/diensten/{PARKING}/").content.decode()
    assert "Het concept" in page and "Publiceer" in page and "Parkeren in de buurt" in page
    assert "Parkeren in de buurt" not in house.client().get("/").content.decode()
    assert tess.post(f"/werk/diensten/{PARKING}/publiceren/").status_code == 303
    assert states() == [(2, "published"), (1, "retired")]
    assert "Parkeren in de buurt" in house.client().get("/").content.decode()
    old = tess.get(f"/werk/diensten/{PARKING}/bron.yaml?versie=1")
    assert old.content.decode() == text(PARKING)
    assert old.headers["Content-Disposition"] == f'attachment; filename="{PARKING}.yaml"'
    assert tess.post(f"/werk/diensten/{PARKING}/publiceren/").status_code == 404, "there is no draft any more"


def test_an_export_becomes_a_draft_of_the_chosen_team_and_tells_first_what_must_be_decided(tess: Client) -> None:
    texts = [component("textfield", f"vraag{n}", f"Wat wilt u kwijt over punt {n}?") for n in range(20)]
    file = SimpleUploadedFile("form.zip", form(*texts))
    saved = tess.post(NEW, {"file": file, "team": "openbare-ruimte"})
    assert saved.status_code == 303
    service = saved.headers["Location"].split("/")[3]
    assert queries.draft_of(service).definition.owner == "openbare-ruimte"
    page = html.unescape(tess.get(saved.headers["Location"]).content.decode())
    assert page.index("Dit moet u nog beslissen") < page.index("Nog niet in het Engels (") < page.index("punt 19")
    assert "1 van de 1 stappen kwamen mee" in page and "20 van de 20 onderdelen kwamen mee" in page
    other_team = tess.post(NEW, {"file": SimpleUploadedFile("form.zip", form(texts[0])), "team": "nergens"})
    assert other_team.status_code == 303
    assert queries.draft_of(service).definition.owner != "nergens"


def test_what_check_finds_wrong_is_shown_and_not_published(tess: Client) -> None:
    wrong = text(PARKING).replace("status: in-behandeling", "status: nergens", 1)
    assert upload(tess, wrong).status_code == 303, "a draft may be wrong"
    page = tess.get(f"/werk/diensten/{PARKING}/").content.decode()
    line = next(n for n, found in enumerate(wrong.splitlines(), 1) if "status: nergens" in found)
    assert f"regel {line}:" in page and "Los eerst de fouten op" in page
    refused = tess.post(f"/werk/diensten/{PARKING}/publiceren/")
    assert refused.status_code == 409 and "niet gepubliceerd" in refused.content.decode()
    assert states() == [(2, "draft"), (1, "published")]


def test_a_draft_is_thrown_away_and_a_service_without_another_version_is_gone(tess: Client) -> None:
    upload(tess, other())
    assert (
        tess.post(f"/werk/diensten/{PARKING}/weggooien/").headers["Location"].startswith(f"/werk/diensten/{PARKING}/")
    )
    assert states() == [(1, "published")]
    fresh = text(PARKING).replace(f"id: {PARKING}", "id: gloednieuw", 1)
    assert upload(tess, fresh).status_code == 303
    gone = tess.post("/werk/diensten/gloednieuw/weggooien/")
    assert gone.status_code == 303 and gone.headers["Location"].startswith("/werk/diensten/?")
    assert tess.get("/werk/diensten/gloednieuw/").status_code == 404


def test_a_service_is_retired_and_takes_no_new_applications(house: House, tess: Client) -> None:
    assert tess.post(f"/werk/diensten/{PARKING}/intrekken/").status_code == 303
    assert states() == [(1, "retired")]
    assert house.client("fatima").post(f"/diensten/{PARKING}/begin/").status_code == 404
    assert "Parkeervergunning" not in house.client().get("/").content.decode()


@pytest.mark.parametrize("who", ["murat", "marco", "els", "ada"])
def test_others_read_services_and_change_nothing(house: House, who: str) -> None:
    client = house.client(who)
    assert client.get("/werk/diensten/").status_code == client.get(f"/werk/diensten/{PARKING}/").status_code == 200
    page = client.get(f"/werk/diensten/{PARKING}/").content.decode()
    assert "Trek in" not in page and "Nieuwe versie" not in page
    assert client.get(NEW).status_code == upload(client, other()).status_code == 403
    for verb in ("publiceren", "weggooien", "intrekken"):
        assert client.post(f"/werk/diensten/{PARKING}/{verb}/").status_code == 403
    assert states() == [(1, "published")]


@pytest.mark.parametrize("query", ["versie=99", "versie=0"])
def test_a_version_that_is_not_there_is_absent(tess: Client, query: str) -> None:
    assert tess.get(f"/werk/diensten/{PARKING}/bron.yaml?{query}").status_code == 404
    assert tess.get("/werk/diensten/nergens/bron.yaml").status_code == 404


# Delivery -------------------------------------------------------------------------------------------------------
@pytest.fixture
def dead(house: House) -> Outbox:
    """A mail that could not be delivered."""
    with durable():
        row = send("mail", {"to": "a@voorbeeld.example", "subject": "Dag", "text": "Tekst"}, key="k")
    Outbox.objects.filter(id=row).update(state="dead", attempts=12, last_error="AdapterUnavailable")
    return Outbox.objects.get(id=row)


def test_a_dead_letter_is_shown_and_sent_again_by_an_administrator(house: House, dead: Outbox) -> None:
    ada = house.client("ada")
    page = ada.get("/werk/bezorging/").content.decode()
    assert "AdapterUnavailable" in page and "Verstuur opnieuw" in page
    assert "a@voorbeeld.example" not in page and "Tekst" not in page
    before = len(house.mails("a@voorbeeld.example"))
    assert ada.post(f"/werk/bezorging/{dead.id}/opnieuw/").status_code == 303
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("waiting", 0)
    assert ada.post(f"/werk/bezorging/{dead.id}/opnieuw/").status_code == 409, "it waits already"
    runner.deliver()
    assert len(house.mails("a@voorbeeld.example")) == before + 1
    dead.refresh_from_db()
    assert (dead.state, bytes(dead.payload)) == ("done", b"")
    assert journal.after(journal.last_sequence() - 2)[-1].kind in {"outbox.resent", "identity.logged_in"}


def test_a_team_lead_sees_what_was_not_delivered_and_asks_an_administrator(house: House, dead: Outbox) -> None:
    marco = house.client("marco")
    page = marco.get("/werk/bezorging/").content.decode()
    assert "Vraag een beheerder" in page and "Verstuur opnieuw" not in page
    assert marco.post(f"/werk/bezorging/{dead.id}/opnieuw/").status_code == 403


@pytest.mark.parametrize("who", ["murat", "ingrid", "els", "tess"])
def test_others_do_not_see_the_delivery(house: House, dead: Outbox, who: str) -> None:
    client = house.client(who)
    assert client.get("/werk/bezorging/").status_code == 403
    assert client.post(f"/werk/bezorging/{dead.id}/opnieuw/").status_code == 403
    dead.refresh_from_db()
    assert dead.state == "dead"
