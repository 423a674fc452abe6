"""The Documenten API: lists, filters, `expand`, the trail, and telling those who listen."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.work import Case, parking
from house import House
from raadhuis.cases.models import EnkelvoudigInformatieObject, ZaakInformatieObject
from raadhuis.journal.models import Event, Outbox
from raadhuis.kernel import privacy
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.ids import uuid7
from raadhuis.notices.models import Abonnement, Stamp
from zgw.clients import HOST, Application, codes
from zgw.contracts import FOLDER, Contract
from zgw.papers import EIO, ROOT, WORDS, Papers, downloaded, id_of, in_besluit, in_zaak, problem, send_part


@pytest.fixture
def papers(app: Application) -> Papers:
    return Papers(app)


@pytest.fixture
def case(house: House) -> Case:
    return parking(house)


def urls(app: Application, **query: str) -> set[str]:
    """The addresses of what a list gives."""
    return {one["url"] for one in app.get(EIO, **{k: quote(v, safe=":/,") for k, v in query.items()})["results"]}


def test_a_document_of_the_portal_is_whole(app: Application, case: Case) -> None:
    relation = ZaakInformatieObject.objects.get(zaak=case.id)
    found = app.get(f"{EIO}/{relation.informatieobject_id}")
    assert found["tonenAanInitiator"] is True and found["versie"] == 1
    assert found["integriteit"]["algoritme"] == "sha_256" and found["integriteit"]["datum"]
    assert app.get(found["informatieobjecttype"])["omschrijving"]
    assert len(downloaded(app, found["inhoud"])) == found["bestandsomvang"]
    assert urls(app) == {found["url"]}


def test_a_document_made_here_is_seen_at_the_desk_and_by_who_applied(papers: Papers, case: Case, house: House) -> None:
    app, zaak = papers.app, f"{HOST}/zaken/api/v1/zaken/{case.id}"
    zaaktype = app.get(f"{HOST}/catalogi/api/v1/zaaktypen/{case.zaak.zaaktype}")
    own = {"informatieobjecttype": zaaktype["informatieobjecttypen"][0]}
    shown = papers.make(b"voor u", titel="Rapport", status="definitief", tonenAanInitiator=True, **own)
    hidden = papers.make(b"nog niet", titel="Kladje", status="in_bewerking", **own)
    for one in (shown, hidden):
        app.post("/zaken/api/v1/zaakinformatieobjecten", {"zaak": zaak, "informatieobject": one["url"]})
    staff, fatima = house.client("ingrid"), house.client("fatima")
    for client, name, one, status in (
        (staff, "desk_document", shown, 200),
        (staff, "desk_document", hidden, 200),
        (fatima, "document", shown, 200),
        (fatima, "document", hidden, 404),
        (house.client("willem"), "document", shown, 404),
    ):
        response = client.get(reverse(name, args=[id_of(one["url"])]))
        assert response.status_code == status, (name, one["titel"])
        if status == 200:
            content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
            assert content == (b"voor u" if one is shown else b"nog niet")


def test_lists_are_filtered(papers: Papers, case: Case) -> None:
    app = papers.app
    note = papers.new_kind("Nota", vertrouwelijkheidaanduiding="openbaar")
    old = papers.make(titel="Oude brief", auteur="A", creatiedatum="2025-01-01", trefwoorden=["boom", "groot"])
    new = papers.make(titel="Nieuwe BRIEF", auteur="B", identificatie="N-1", trefwoorden=["boom", "klein"])
    other = papers.make(titel="Nota", informatieobjecttype=note, status="in_bewerking", bronorganisatie="517439943")
    papers.take_out(other["url"])
    a, b, c = old["url"], new["url"], other["url"]
    own = urls(app) - {a, b, c}  # What the portal made.
    for query, wanted in (
        ({"identificatie": "N-1"}, {b}),
        ({"bronorganisatie": "517439943"}, {c}),
        ({"titel": "brief"}, {a, b}),
        ({"auteur": "b"}, {b}),
        ({"creatiedatum": "2025-01-01"}, {a}),
        ({"creatiedatum__lte": "2025-12-31"}, {a}),
        ({"creatiedatum__gte": "2025-01-01", "creatiedatum__lte": "2026-11-01", "titel": "nieuw"}, {b}),
        ({"trefwoorden": "boom"}, {a, b}),
        ({"trefwoorden": "boom,klein"}, {b}),
        ({"trefwoorden__overlap": "groot,klein"}, {a, b}),
        ({"trefwoorden": "bo"}, set()),
        ({"informatieobjecttype": note}, {c}),
        ({"informatieobjecttype": f"{note},{papers.kind}"}, {a, b, c}),
        ({"informatieobjecttype": "https://elders.example/1"}, set()),
        ({"vertrouwelijkheidaanduiding": "openbaar"}, {c}),
        ({"status": "in_bewerking"}, {c}),
        ({"locked": "true"}, {c}),
        ({"locked": "false", "titel": "brief"}, {a, b}),
    ):
        assert urls(app, **query) - own == wanted, query
    titles = [one["titel"] for one in app.get(EIO, ordering="-titel", bronorganisatie="159351741")["results"]]
    assert titles == ["Oude brief", "Nieuwe BRIEF"]
    dated = [one["url"] for one in app.get(EIO, ordering="creatiedatum", bronorganisatie="159351741")["results"]]
    assert dated == [a, b]
    for name, wrong in (
        *(("creatiedatum__gte", "gisteren"), ("vertrouwelijkheidaanduiding", "x"), ("locked", "ja"), ("ordering", "x")),
        *(("informatieobjecttype", "x"), ("objectinformatieobjecten_object", "x")),
        *(("objectinformatieobjecten__objectType", "x"), ("trefwoorden", ",".join("abcdefghijklmnopqrstuvwxyz"))),
    ):
        assert codes(problem(app.ask("GET", f"{EIO}?{name}={wrong}"))) == {name: "invalid"}
    assert codes(problem(app.ask("GET", f"{EIO}?kleur=rood"))) == {"nonFieldErrors": "unknown-parameters"}
    assert problem(app.ask("GET", f"{EIO}?page=2"), 404)


def test_documents_are_found_by_what_they_belong_to(papers: Papers, case: Case) -> None:
    """Both spellings: the contract has one underscore, clients in the field have two."""
    app, mine, decided = papers.app, papers.make(), papers.make()
    in_zaak(mine, case.zaak)
    besluit = f"{HOST}/besluiten/api/v1/besluiten/{in_besluit(decided).besluit_id}"
    zaak = f"{HOST}/zaken/api/v1/zaken/{case.id}"
    of_case = {f"{HOST}{EIO}/{id}" for id in case.zaak.documenten.values_list("informatieobject", flat=True)}
    assert len(of_case) == 2
    for name in ("objectinformatieobjecten_object", "objectinformatieobjecten__object"):
        assert urls(app, **{name: zaak}) == of_case
        assert urls(app, **{name: besluit}) == {decided["url"]}
        assert urls(app, **{name: besluit, f"{name}Type": "zaak"}) == set()
        assert urls(app, **{name: "https://elders.example/1"}) == set()
        assert urls(app, **{f"{name}Type": "besluit"}) == {decided["url"]}
        assert urls(app, **{f"{name}Type": "verzoek"}) == set()
        assert urls(app, **{name: zaak, f"{name}Type": "zaak", "titel": mine["titel"]}) == {mine["url"]}
    assert urls(app, objectinformatieobjecten_object=zaak, objectinformatieobjecten__object=besluit) == set()
    plain = app.get(f"{ROOT}/objectinformatieobjecten", object=zaak)
    assert {one["informatieobject"] for one in plain} == of_case and {one["objectType"] for one in plain} == {"zaak"}
    both = app.get(f"{ROOT}/objectinformatieobjecten", object=zaak, informatieobject=mine["url"])
    assert [one["informatieobject"] for one in both] == [mine["url"]]
    assert problem(app.ask("GET", f"{ROOT}/objectinformatieobjecten?object=x"))


def test_zoek_finds_by_id(papers: Papers) -> None:
    app, first, second = papers.app, papers.make(identificatie="Z-1"), papers.make()
    ids = [first["url"][-36:], second["url"][-36:]]
    found = app.post(f"{EIO}/_zoek", {"uuid__in": ids, "expand": "informatieobjecttype"}, status=200)
    assert found["count"] == 2 and found["results"][0]["_expand"]["informatieobjecttype"]["url"] == papers.kind
    one = app.post(f"{EIO}/_zoek", {"uuid__in": ids, "identificatie": "Z-1"}, status=200)["results"]
    assert [each["url"] for each in one] == [first["url"]]
    assert app.post(f"{EIO}/_zoek", {"uuid__in": []}, status=200)["count"] == 0
    assert codes(app.post(f"{EIO}/_zoek", {}, status=400)) == {"uuid__in": "required"}
    assert codes(app.post(f"{EIO}/_zoek", {"uuid__in": ["x"]}, status=400)) == {"uuid__in": "invalid"}
    assert codes(app.post(f"{EIO}/_zoek?titel=x", {"uuid__in": ids}, status=400))


def test_drc_011_to_014_expand(papers: Papers, case: Case) -> None:
    app, made = papers.app, papers.make()
    shown = app.get(made["url"], expand="informatieobjecttype.catalogus")
    kind = shown["_expand"]["informatieobjecttype"]
    assert kind["url"] == papers.kind and kind["_expand"]["catalogus"]["url"] == papers.catalogus
    relation = in_zaak(made, case.zaak)
    path = "informatieobject.informatieobjecttype"
    for url in (
        f"{HOST}{ROOT}/objectinformatieobjecten/{relation.id}",
        app.post(f"{ROOT}/gebruiksrechten", rights_of(made))["url"],
        f"{HOST}/zaken/api/v1/zaakinformatieobjecten/{relation.id}",
    ):
        found = app.get(url, expand=path)["_expand"]["informatieobject"]
        assert found["url"] == made["url"] and found["_expand"]["informatieobjecttype"]["url"] == papers.kind
    assert app.get(EIO, expand="informatieobjecttype")["results"][0]["_expand"]
    assert app.get(f"{ROOT}/gebruiksrechten", expand=path)[0]["_expand"]
    for wrong in ("zaak", "informatieobjecttype.kleur", "bestandsdelen", "x" * 100):
        assert codes(problem(app.ask("GET", f"{made['url']}?expand={wrong}"))) == {"expand": "unknown-expand"}
    deep = ".".join(["informatieobjecttype", *["catalogus", "informatieobjecttypen"] * 5])
    assert codes(problem(app.ask("GET", f"{made['url']}?expand={deep}"))) == {"expand": "too-many"}


def rights_of(document: dict[str, Any], start: str = "2026-01-01T00:00:00Z") -> dict[str, str]:
    """Terms of use as a client sends them."""
    return {"informatieobject": document["url"], "startdatum": start, "omschrijvingVoorwaarden": "Lezen"}


def test_terms_of_use_are_found(papers: Papers) -> None:
    app, place = papers.app, f"{ROOT}/gebruiksrechten"
    first, second = papers.make(), papers.make()
    early = app.post(place, rights_of(first))["url"]
    late = app.post(place, rights_of(second, "2026-06-01T00:00:00Z"))["url"]
    for query, wanted in (
        ({}, [early, late]),
        ({"informatieobject": second["url"]}, [late]),
        ({"informatieobject": "https://elders.example/1"}, []),
        ({"startdatum__lt": "2026-06-01T00:00:00Z"}, [early]),
        ({"startdatum__gte": "2026-06-01T00:00:00Z"}, [late]),
        ({"einddatum__gt": "2020-01-01T00:00:00Z"}, []),
    ):
        assert [one["url"] for one in app.get(place, **query)] == wanted, query
    assert codes(problem(app.ask("GET", f"{place}?startdatum__lt=x"))) == {"startdatum__lt": "invalid"}


def test_an_answer_that_one_has_is_not_sent_again(papers: Papers) -> None:
    app, made = papers.app, papers.make()
    terms = app.post(f"{ROOT}/gebruiksrechten", rights_of(made))
    for url in (made["url"], terms["url"]):
        etag = app.ask("GET", url).headers["ETag"]
        assert app.ask("GET", url, **{"If-None-Match": etag}).status_code == 304
        head = app.ask("HEAD", url)
        assert head.status_code == 200 and head.headers["ETag"] == etag and not head.content
    lock = papers.take_out(made["url"])
    before = app.ask("GET", made["url"]).headers["ETag"]
    app.patch(made["url"], {"titel": "Anders", "lock": lock})
    assert app.ask("GET", made["url"], **{"If-None-Match": before}).status_code == 200


def test_a_change_of_what_was_changed_meanwhile_is_refused(papers: Papers) -> None:
    app, made = papers.app, papers.make()
    lock, etag = papers.take_out(made["url"]), app.ask("GET", made["url"]).headers["ETag"]
    terms = app.post(f"{ROOT}/gebruiksrechten", rights_of(made))["url"]  # Sets `indicatieGebruiksrecht`.
    late = app.ask("PATCH", made["url"], {"titel": "Anders", "lock": lock}, **{"If-Match": etag})
    assert problem(late, 412) and app.get(made["url"])["versie"] == 1
    etag = app.ask("GET", made["url"]).headers["ETag"]
    assert app.ask("PATCH", made["url"], {"titel": "Anders", "lock": lock}, **{"If-Match": etag}).status_code == 200
    assert problem(app.ask("PATCH", terms, {"einddatum": None}, **{"If-Match": etag}), 412)


def test_every_change_is_in_the_trail(papers: Papers) -> None:
    app, made = papers.app, papers.make()
    url, lock = made["url"], papers.take_out(made["url"])
    app.ask("PATCH", url, {"titel": "Anders", "lock": lock}, **{"X-Audit-Toelichting": "Tikfout"})
    part = app.patch(url, {"inhoud": None, "bestandsomvang": 4, "lock": lock})["bestandsdelen"][0]
    send_part(app, part, b"deel", lock)
    papers.bring_back(url, lock)
    terms = app.post(f"{ROOT}/gebruiksrechten", rights_of(made))["url"]
    app.delete(terms)
    lines = app.get(f"{url}/audittrail")
    assert [(one["resource"], one["actie"]) for one in lines] == [
        ("enkelvoudiginformatieobject", "create"),
        ("enkelvoudiginformatieobject", "partial_update"),
        ("enkelvoudiginformatieobject", "partial_update"),
        ("enkelvoudiginformatieobject", "partial_update"),
        ("bestandsdeel", "update"),
        ("enkelvoudiginformatieobject", "partial_update"),
        ("gebruiksrechten", "create"),
        ("gebruiksrechten", "destroy"),
    ]
    assert lines[2]["toelichting"] == "Tikfout" and lines[2]["wijzigingen"]["nieuw"]["titel"] == "Anders"
    assert lines[2]["wijzigingen"]["oud"]["titel"] == made["titel"]
    assert lines[7]["wijzigingen"]["nieuw"] == {} and {one["hoofdObject"] for one in lines} == {url}
    assert app.get(f"{url}/audittrail/{lines[2]['uuid']}") == lines[2]
    assert lock not in str(lines), "whoever reads the trail cannot unlock"
    other = papers.make()["url"]
    assert problem(app.ask("GET", f"{other}/audittrail/{lines[2]['uuid']}"), 404)
    kinds = Event.objects.filter(kind__startswith="document.").order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == [
        *("document.added", "document.locked", "document.changed", "document.changed", "document.part_kept"),
        *("document.unlocked", "document.detail_changed", "document.detail_changed", "document.added"),
    ]


def test_those_who_listen_are_told(papers: Papers) -> None:
    mine = {"name": "documenten", "filters": {"bronorganisatie": "159351741", "informatieobjecttype": "*"}}
    Abonnement.objects.create(callback_url="https://a.example/", auth=b"", kanalen=[mine])
    other = {"name": "documenten", "filters": {"vertrouwelijkheidaanduiding": "openbaar"}}
    Abonnement.objects.create(callback_url="https://b.example/", auth=b"", kanalen=[other])
    Stamp.objects.update_or_create(id=1, defaults={"number": 9})
    made = papers.make()
    lock = papers.take_out(made["url"])  # Is told to nobody, and neither is a part that comes in.
    part = papers.app.patch(made["url"], {"inhoud": None, "bestandsomvang": 4, "lock": lock})["bestandsdelen"][0]
    send_part(papers.app, part, b"deel", lock)
    papers.bring_back(made["url"], lock)  # From now on the file is there.
    papers.app.post(f"{ROOT}/gebruiksrechten", rights_of(made))
    papers.app.delete(made["url"])
    told = [privacy.decrypt_json("outbox", row.payload) for row in Outbox.objects.order_by("number")]
    assert [(one["resource"], one["action"]) for one in told] == [
        ("enkelvoudiginformatieobject", "create"),
        ("enkelvoudiginformatieobject", "partial_update"),
        ("enkelvoudiginformatieobject", "partial_update"),
        ("gebruiksrechten", "create"),
        ("enkelvoudiginformatieobject", "destroy"),
    ]
    assert {one["main"] for one in told} == {made["url"].replace(f"{HOST}/", MARK)}
    assert told[0]["features"] == {
        "bronorganisatie": "159351741",
        "informatieobjecttype": papers.kind.replace(f"{HOST}/", MARK),
        "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
    }


def test_pages_are_counted_whether_they_are_full_or_not(papers: Papers) -> None:
    app = papers.app
    made = id_of(papers.make()["url"])
    row = EnkelvoudigInformatieObject.objects.get(pk=made)
    held = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}

    def add(number: int) -> None:
        rows = (EnkelvoudigInformatieObject(**held | {"id": uuid7()}) for _ in range(number))
        EnkelvoudigInformatieObject.objects.bulk_create(rows)

    for extra, total, pages in ((98, 99, [99]), (1, 100, [100]), (1, 101, [100, 1]), (99, 200, [100, 100])):
        add(extra)
        for number, size in enumerate(pages, 1):
            found = app.get(EIO, page=str(number))
            assert (found["count"], len(found["results"])) == (total, size)
            assert (found["next"] is None) == (number == len(pages))
        assert problem(app.ask("GET", f"{EIO}?page={len(pages) + 1}"), 404)
    assert app.get(EIO, identificatie="er niet")["count"] == 0


def test_a_page_costs_as_many_statements_as_one_document(papers: Papers) -> None:
    papers.make()
    reader = papers.reader()
    urls(reader)  # Known from now on.
    with CaptureQueriesContext(connection) as one:
        assert len(urls(reader)) == 1
    for _ in range(5):
        papers.make(None, bestandsomvang=5)
    with CaptureQueriesContext(connection) as many:
        assert len(urls(reader)) == 6
    assert len(many) <= len(one) + 1, "the parts that are waited for are one statement"


def test_an_address_of_ours_is_known_from_any_other() -> None:
    from raadhuis.cases.drc.queries import find_document

    for text in ("", "x", f"{MARK}documenten/api/v1/enkelvoudiginformatieobjecten/x", f"{HOST}{EIO}/{UUID(int=7)}"):
        assert find_document(text) is None


def test_other_rooms_find_a_document(papers: Papers) -> None:
    from raadhuis.cases.drc import queries, rendering

    made = papers.make()
    row = queries.find_document(made["url"].replace(f"{HOST}/", MARK))
    assert row is not None and row.pk == id_of(made["url"]) and WORDS
    assert rendering.documents([row])[0].count(MARK.encode()) == 3


@pytest.mark.skipif(not FOLDER.exists(), reason="the OpenAPI files of the standard are not on this machine")
def test_every_operation_is_there(app: Application) -> None:
    for method, path in Contract.of(ROOT).operations():
        place = ROOT + path.replace("{", "").replace("}", "").replace("enkelvoudiginformatieobject_uuid", "uuid")
        answer = app.ask(method, place.replace("uuid", str(UUID(int=7))), {} if method in {"POST", "PUT"} else None)
        assert answer.status_code != 405, (method, path)
