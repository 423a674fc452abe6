"""The Documenten API: rights by type and level hold on every route; what is not yours is not there."""

from typing import Any

import pytest

from cases.work import parking
from house import House
from raadhuis.catalogue.models import InformatieObjectType
from raadhuis.clients.actions import change_applicatie
from raadhuis.clients.schema import NewApplicatie, NewRight
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.ids import uuid7
from zgw.clients import HOST, SECRET, Application
from zgw.papers import EIO, ROOT, Papers, downloaded, files, id_of, in_zaak, problem, send_part

ALL = ("lezen", "aanmaken", "bijwerken", "geforceerd-bijwerken", "lock", "geforceerd-unlock", "verwijderen")
EVERY = (*(f"documenten.{one}" for one in ALL), "audittrails.lezen")


@pytest.fixture
def papers(app: Application) -> Papers:
    return Papers(app)


def terms(document: dict[str, Any]) -> dict[str, str]:
    """Terms of use as a client sends them."""
    return {
        "informatieobject": document["url"],
        "startdatum": "2026-01-01T00:00:00Z",
        "omschrijvingVoorwaarden": "Lezen",
    }


def sending(document: dict[str, Any]) -> dict[str, str]:
    """A sending as a client sends it."""
    who = "https://elders.example/personen/1"
    return {
        "informatieobject": document["url"],
        "betrokkene": who,
        "contactPersoon": who,
        "aardRelatie": "afzender",
    }


def test_rights_hold_on_every_route(papers: Papers, house: House) -> None:
    """By type and level: nothing of a document of another type shows, or can be written."""
    app, zaak = papers.app, parking(house).zaak
    foreign = papers.make(None, bestandsomvang=4)
    url, lock, part = foreign["url"], foreign["lock"], foreign["bestandsdelen"][0]
    right, sent = (
        app.post(f"{ROOT}/gebruiksrechten", terms(foreign)),
        app.post(f"{ROOT}/verzendingen", sending(foreign)),
    )
    relation = in_zaak(foreign, zaak)
    line = app.get(f"{url}/audittrail")[0]["uuid"]
    mine = papers.reader(*EVERY, kind=papers.new_kind("Nota"))
    kept = files()
    own = mine.post(EIO, papers.body(informatieobjecttype=papers.new_kind("Nota 2")), status=403)
    assert own["code"] == "permission_denied" and files() == kept
    for method, path, body in (
        ("GET", url, None),
        ("HEAD", url, None),
        ("GET", f"{url}/download", None),
        ("GET", f"{url}?versie=1", None),
        ("GET", f"{url}/audittrail", None),
        ("GET", f"{url}/audittrail/{line}", None),
        ("PUT", url, papers.body(lock=lock)),
        ("PATCH", url, {"titel": "x", "lock": lock}),
        ("DELETE", url, None),
        ("POST", f"{url}/lock", None),
        ("POST", f"{url}/unlock", {"lock": lock}),
        ("GET", right["url"], None),
        ("PUT", right["url"], terms(foreign)),
        ("PATCH", right["url"], {"omschrijvingVoorwaarden": "x"}),
        ("DELETE", right["url"], None),
        ("GET", sent["url"], None),
        ("PUT", sent["url"], sending(foreign)),
        ("PATCH", sent["url"], {"toelichting": "x"}),
        ("DELETE", sent["url"], None),
        ("GET", f"{ROOT}/objectinformatieobjecten/{relation.id}", None),
        ("DELETE", f"{ROOT}/objectinformatieobjecten/{relation.id}", None),
    ):
        assert mine.ask(method, path, body).status_code == 404, (method, path)
    assert send_part(mine, part, b"deel", lock).status_code == 404
    for path in (EIO, f"{ROOT}/verzendingen", f"{EIO}?titel=Brief", f"{EIO}?objectinformatieobjecten__objectType=zaak"):
        assert mine.get(path)["count"] == 0, path
    for path in ("gebruiksrechten", "objectinformatieobjecten"):
        assert mine.get(f"{ROOT}/{path}") == [] == mine.get(f"{ROOT}/{path}?informatieobject={url}")
    assert mine.post(f"{EIO}/_zoek", {"uuid__in": [url[-36:]]}, status=200)["count"] == 0
    for path, body in (("gebruiksrechten", terms(foreign)), ("verzendingen", sending(foreign))):
        assert mine.post(f"{ROOT}/{path}", body, status=400)["invalidParams"][0]["name"] == "informatieobject"
    pair = {"informatieobject": url, "object": f"{HOST}/zaken/api/v1/zaken/{zaak.id}", "objectType": "zaak"}
    refused = mine.post(f"{ROOT}/objectinformatieobjecten", pair, status=400)["invalidParams"]
    assert [one["name"] for one in refused] == ["informatieobject"]
    assert app.get(url)["titel"] == foreign["titel"] and app.get(url)["locked"]


def test_expand_shows_nothing_that_one_may_not_read(papers: Papers, house: House) -> None:
    zaak = parking(house).zaak
    relation = in_zaak(papers.make(), zaak)
    kind = f"{MARK}catalogi/api/v1/zaaktypen/{zaak.zaaktype}"
    reader = Application(NewRight(component="zrc", scopes=["zaken.lezen"], type=kind, level="zeer_geheim"))
    shown = reader.get(f"/zaken/api/v1/zaakinformatieobjecten/{relation.id}", expand="informatieobject,zaak")
    assert set(shown["_expand"]) == {"zaak"}


def test_a_level_is_a_border(papers: Papers) -> None:
    open_, secret = (
        papers.make(vertrouwelijkheidaanduiding="openbaar"),
        papers.make(vertrouwelijkheidaanduiding="geheim"),
    )
    low = papers.reader(*EVERY, level="vertrouwelijk")
    assert [one["url"] for one in low.get(EIO)["results"]] == [open_["url"]]
    assert problem(low.ask("GET", secret["url"]), 404)
    assert problem(low.ask("POST", EIO, papers.body(vertrouwelijkheidaanduiding="geheim")), 403)
    low.post(EIO, papers.body(vertrouwelijkheidaanduiding="vertrouwelijk"))
    # Raising it beyond one's own reach is refused, and so is what the type itself says beyond it.
    lock = low.post(f"{open_['url']}/lock", None, status=200)["lock"]
    assert problem(low.ask("PATCH", open_["url"], {"vertrouwelijkheidaanduiding": "geheim", "lock": lock}), 403)
    high = papers.new_kind("Geheim", vertrouwelijkheidaanduiding="zeer_geheim")
    assert problem(
        papers.reader(*EVERY, kind=high, level="openbaar").ask("POST", EIO, papers.body(informatieobjecttype=high)), 403
    )
    assert papers.app.get(open_["url"])["versie"] == 1


def test_an_earlier_version_has_its_own_level(papers: Papers) -> None:
    """What was secret does not become readable because a later version is public."""
    made = papers.make(b"geheim", vertrouwelijkheidaanduiding="geheim")
    lock = papers.take_out(made["url"])
    papers.app.patch(made["url"], {"vertrouwelijkheidaanduiding": "openbaar", "inhoud": "b3Blbg==", "lock": lock})
    low = papers.reader(level="openbaar")
    assert downloaded(low, f"{made['url']}/download") == b"open"
    for path in (f"{made['url']}?versie=1", f"{made['url']}/download?versie=1"):
        assert problem(low.ask("GET", path), 404)
    before = papers.app.get(made["url"], versie="1")["beginRegistratie"]
    assert problem(low.ask("GET", f"{made['url']}?registratieOp={before}"), 404)
    assert downloaded(papers.app, f"{made['url']}/download?versie=1") == b"geheim"


def test_a_right_follows_a_type_over_its_versions(papers: Papers) -> None:
    made = papers.make()
    follows, tied = papers.reader(), papers.reader(one_version=True)
    kind = InformatieObjectType.objects.get(pk=id_of(papers.kind))
    held = {field.attname: getattr(kind, field.attname) for field in kind._meta.concrete_fields}
    newer = InformatieObjectType.objects.create(**held | {"id": uuid7(), "body": b""})
    lock = papers.take_out(made["url"])
    changed = {"informatieobjecttype": papers.kind.replace(str(kind.pk), str(newer.pk)), "lock": lock}
    papers.app.patch(made["url"], changed)
    assert follows.get(EIO)["count"] == 1 and tied.get(EIO)["count"] == 0


def test_each_scope_opens_what_it_says(papers: Papers) -> None:
    """403 without the scope for this type, where the document itself may be read."""
    made = papers.make()
    url, lock = made["url"], papers.take_out(made["url"])
    right = papers.app.post(f"{ROOT}/gebruiksrechten", terms(made))["url"]
    kind = papers.kind.replace(f"{HOST}/", MARK)
    other = papers.new_kind("Anders").replace(f"{HOST}/", MARK)
    # It has every scope, but for this type only that of reading.
    reader = Application(
        NewRight(component="drc", scopes=["documenten.lezen"], type=kind, level="zeer_geheim"),
        NewRight(component="drc", scopes=list(EVERY), type=other, level="zeer_geheim"),
    )
    assert reader.get(url)["url"] == url
    for method, path, body in (
        ("PATCH", url, {"titel": "x", "lock": lock}),
        ("PUT", url, papers.body(lock=lock)),
        ("DELETE", url, None),
        ("POST", f"{url}/unlock", {"lock": lock}),
        ("POST", f"{url}/lock", None),
        ("POST", EIO, papers.body()),
        ("POST", f"{ROOT}/gebruiksrechten", terms(made)),
        ("PATCH", right, {"omschrijvingVoorwaarden": "x"}),
        ("DELETE", right, None),
        ("POST", f"{ROOT}/verzendingen", sending(made)),
    ):
        assert problem(reader.ask(method, path, body), 403)["code"] == "permission_denied", (method, path)
    assert problem(reader.ask("GET", f"{url}/audittrail"), 404)
    assert papers.app.get(url)["versie"] == 1 and len(files()) == 1
    forced = papers.reader("documenten.geforceerd-bijwerken", "documenten.lezen")
    assert forced.patch(url, {"titel": "Ook zo", "lock": lock})["versie"] == 2


def test_who_may_read_only_what_is_ready_to_be_published(papers: Papers) -> None:
    """alleenIsGereedVoorPublicatie (Autorisaties 1.1): nothing else is met, whatever else was granted."""
    ready, not_yet = papers.make(b"klaar", isGereedVoorPublicatie=True), papers.make(isGereedVoorPublicatie=False)
    unknown = papers.make()
    for document in (ready, not_yet, unknown):
        papers.app.post(f"{ROOT}/gebruiksrechten", terms(document))
    publisher = papers.reader(*EVERY)
    for everything in (False, True):
        change_applicatie(publisher.id, published_only(papers, publisher, everything=everything), SYSTEM)
        assert [one["url"] for one in publisher.get(EIO)["results"]] == [ready["url"]]
        assert downloaded(publisher, ready["inhoud"]) == b"klaar"
        for hidden in (not_yet, unknown):
            for path in (hidden["url"], hidden["inhoud"], f"{hidden['url']}/audittrail"):
                assert problem(publisher.ask("GET", path), 404)
        found = publisher.get(f"{ROOT}/gebruiksrechten", expand="informatieobject")
        assert [one["informatieobject"] for one in found] == [ready["url"]]
    # An earlier version that was not ready stays hidden too.
    lock = papers.take_out(not_yet["url"])
    papers.app.patch(not_yet["url"], {"isGereedVoorPublicatie": True, "lock": lock})
    assert publisher.get(not_yet["url"])["versie"] == 2
    assert problem(publisher.ask("GET", f"{not_yet['url']}?versie=1"), 404)


def published_only(papers: Papers, app: Application, *, everything: bool) -> NewApplicatie:
    """The same application, which from now on reads only what is ready."""
    right = NewRight(
        component="drc", scopes=list(EVERY), type=papers.kind.replace(f"{HOST}/", MARK), level="zeer_geheim"
    )
    return NewApplicatie(
        label="Publicatie",
        client_ids=[app.client_id],
        everything=everything,
        only_published=True,
        rights=[] if everything else [right],
        secrets={app.client_id: SECRET},
    )
