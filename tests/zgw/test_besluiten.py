"""The Besluiten API: every operation, and the standard's rules by their codes (brc-001 to brc-009)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cases.work import own
from house import House
from raadhuis.cases.models import AuditRegel, Besluit, BesluitInformatieObject, EnkelvoudigInformatieObject
from raadhuis.clients.schema import NewRight
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock
from raadhuis.kernel.documents import MARK
from raadhuis.site import runner
from raadhuis.site.example.filler import apply
from zgw.clients import HOST, Application, codes
from zgw.papers import Papers
from zgw.receivers import Receiver
from zgw.register import CRS, RSIN, Register

ROOT = "/besluiten/api/v1"
BIO = f"{ROOT}/besluitinformatieobjecten"


@pytest.fixture
def register(app: Application) -> Register:
    """A zaaktype, a besluittype and a type of document that belong together, all published."""
    return Register(app)


def body(register: Register, **other: Any) -> dict[str, Any]:
    """A decision as a client sends it."""
    return {
        "verantwoordelijkeOrganisatie": RSIN,
        "besluittype": register.besluittype,
        "datum": "2026-11-01",
        "ingangsdatum": "2026-11-02",
        **other,
    }


def make(register: Register, status: int = 201, **other: Any) -> Any:
    """A new decision, or the problem that there must be."""
    return register.app.post(f"{ROOT}/besluiten", body(register, **other), status)


def paper(register: Register, **other: Any) -> str:
    """The address of a document of the type that goes with the besluittype."""
    return str(Papers(register.app).make(informatieobjecttype=register.document_type, **other)["url"])


def relate(register: Register, besluit: str, document: str, status: int = 201) -> Any:
    """A document goes with a decision."""
    return register.app.post(BIO, {"besluit": besluit, "informatieobject": document}, status)


def holder(register: Register, *scopes: str, **other: Any) -> Application:
    """An application with these scopes for the besluittype."""
    address = register.besluittype.replace(f"{HOST}/", MARK)
    return Application(NewRight(component="brc", scopes=list(scopes), type=address, **other))


# Making, reading, changing ----------------------------------------------------------------------------------------
def test_a_decision_is_made_read_changed_and_removed(register: Register) -> None:
    app = register.app
    made = make(register, toelichting="Omdat het kan", vervalreden="tijdelijk", vervaldatum="2027-11-02")
    assert made["identificatie"].startswith("B2026-") and made["zaak"] == ""
    assert made["vervalredenWeergave"] == "Besluit met tijdelijke werking"
    assert app.get(made["url"]) == made
    changed = app.patch(made["url"], {"toelichting": "Omdat het mag"})
    assert changed == {**made, "toelichting": "Omdat het mag"}
    whole = app.put(made["url"], body(register, datum="2026-10-31"))
    assert (whole["datum"], whole["toelichting"], whole["vervaldatum"]) == ("2026-10-31", "", None)
    assert whole["identificatie"] == made["identificatie"]
    assert app.put(made["url"], whole) == whole, "what was read can be sent back"
    app.delete(made["url"])
    assert app.ask("GET", made["url"]).status_code == 404
    kinds = [one.kind for one in journal.after(0) if one.kind.startswith("besluit.")]
    assert kinds == ["besluit.added", *["besluit.changed"] * 3, "besluit.removed"]


def test_a_list_has_pages_and_filters(register: Register) -> None:
    app, zaak = register.app, register.zaak()["url"]
    one, two = make(register, identificatie="B-1"), make(register, identificatie="B-2", zaak=zaak)
    whole = app.get(f"{ROOT}/besluiten")
    assert whole["count"] == 2 and [row["url"] for row in whole["results"]] == [one["url"], two["url"]]
    for query, found in (
        ({"identificatie": "B-1"}, [one]),
        ({"verantwoordelijkeOrganisatie": RSIN}, [one, two]),
        ({"verantwoordelijkeOrganisatie": "111222333"}, []),
        ({"besluittype": register.besluittype}, [one, two]),
        ({"besluittype": "https://elders.example/1"}, []),
        ({"zaak": zaak}, [two]),
    ):
        assert app.get(f"{ROOT}/besluiten", **query)["results"] == found, query
    for query in ("kleur=rood", "zaak=x", "page=0", "identificatie=%00"):
        assert app.ask("GET", f"{ROOT}/besluiten?{query}").status_code in {400, 404}, query


def test_who_means_another_version_is_told_so(register: Register) -> None:
    made = make(register)
    held = register.app.ask("GET", made["url"])
    register.app.patch(made["url"], {"toelichting": "Anders"})
    answer = register.app.ask("PATCH", made["url"], {"toelichting": "Zo"}, **{"If-Match": held.headers["ETag"]})
    assert answer.status_code == 412
    assert register.app.ask("HEAD", made["url"]).headers["ETag"] != held.headers["ETag"]


def test_expand_shows_what_the_client_may_read_by_itself(register: Register) -> None:
    zaak = register.zaak()["url"]
    made, document = make(register, zaak=zaak), paper(register)
    relation = relate(register, made["url"], document)
    found = register.app.get(made["url"], expand="besluittype,zaak.zaaktype")["_expand"]
    assert found["besluittype"]["url"] == register.besluittype
    assert found["zaak"]["_expand"]["zaaktype"]["url"] == register.zaaktype
    whole = register.app.get(relation["url"], expand="besluit.besluittype,informatieobject")["_expand"]
    assert whole["besluit"]["_expand"]["besluittype"]["url"] == register.besluittype
    assert whole["informatieobject"]["url"] == document
    reader = holder(register, "besluiten.lezen")
    assert "_expand" not in reader.get(made["url"], expand="zaak"), "no right to the case"
    assert list(reader.get(relation["url"], expand="besluit,informatieobject")["_expand"]) == ["besluit"]
    assert codes(register.app.ask("GET", f"{made['url']}?expand=kleur").json()) == {"expand": "unknown-expand"}


# The rules ----------------------------------------------------------------------------------------------------------
def test_brc_001_the_type_is_there_published_and_stays(register: Register) -> None:
    assert codes(make(register, 400, besluittype=f"{register.besluittype[:-36]}{uuid4()}")) == {
        "besluittype": "bad-url"
    }
    assert codes(make(register, 400, besluittype="https://elders.example/1")) == {"besluittype": "bad-url"}
    assert codes(make(register, 400, besluittype=register.zaaktype)) == {"besluittype": "invalid-resource"}
    concept = register.types.make("besluittypen", omschrijving="Concept")["url"]
    assert codes(make(register, 400, besluittype=concept)) == {"besluittype": "not-published"}
    made = make(register)
    for problem in (
        register.app.patch(made["url"], {"besluittype": concept}, 400),
        register.app.put(made["url"], body(register, besluittype=concept), 400),
    ):
        assert codes(problem) == {"besluittype": "wijzigen-niet-toegelaten"}


def test_brc_002_the_number_is_unique_generated_and_stays(register: Register) -> None:
    made = make(register, identificatie="B-1")
    assert codes(make(register, 400, identificatie="B-1")) == {"identificatie": "identificatie-niet-uniek"}
    assert make(register, identificatie="B-1", verantwoordelijkeOrganisatie="111222333")
    assert make(register)["identificatie"] != make(register, identificatie="")["identificatie"]
    problem = register.app.patch(made["url"], {"identificatie": "B-9"}, 400)
    assert codes(problem) == {"identificatie": "wijzigen-niet-toegelaten"}
    problem = register.app.put(made["url"], body(register, verantwoordelijkeOrganisatie="111222333"), 400)
    assert codes(problem) == {"verantwoordelijkeOrganisatie": "wijzigen-niet-toegelaten"}


def test_what_a_decision_says_of_itself_is_checked(register: Register) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    problem = make(register, 400, datum=tomorrow, verantwoordelijkeOrganisatie="123456789")
    assert codes(problem) == {"datum": "future_not_allowed", "verantwoordelijkeOrganisatie": "invalid"}
    assert codes(make(register, 400, vervalreden="zomaar")) == {"vervalreden": "invalid_choice"}
    assert codes(register.app.post(f"{ROOT}/besluiten", {}, 400)) == dict.fromkeys(
        ("verantwoordelijkeOrganisatie", "besluittype", "datum", "ingangsdatum"), "required"
    )
    assert not Besluit.objects.exists()


def test_brc_003_the_document_is_there(register: Register) -> None:
    made = make(register)
    for address in (f"{HOST}/documenten/api/v1/enkelvoudiginformatieobjecten/{uuid4()}", "https://elders.example/1"):
        assert codes(relate(register, made["url"], address, 400)) == {"informatieobject": "bad-url"}
    document = paper(register)
    assert codes(relate(register, f"{HOST}{ROOT}/besluiten/{uuid4()}", document, 400)) == {"besluit": "does_not_exist"}
    assert codes(relate(register, "https://elders.example/1", document, 400)) == {"besluit": "no_match"}
    relate(register, made["url"], document)
    assert codes(relate(register, made["url"], document, 400)) == {"nonFieldErrors": "unique"}


def test_brc_004_the_kind_of_relation_is_the_servers_and_it_does_not_change(register: Register) -> None:
    made, document = make(register), paper(register)
    sent = {"besluit": made["url"], "informatieobject": document, "aardRelatie": "hoort_bij"}
    relation = register.app.post(BIO, sent)
    assert set(relation) == {"url", "besluit", "informatieobject"}, "what was sent of it is passed over"
    for method in ("PUT", "PATCH"):
        assert register.app.ask(method, relation["url"], sent).status_code == 405


def test_brc_005_the_relation_is_seen_from_the_document_too(register: Register) -> None:
    made, document = make(register), paper(register)
    relation = relate(register, made["url"], document)
    mirror = register.app.get("/documenten/api/v1/objectinformatieobjecten", object=made["url"])
    assert [(one["informatieobject"], one["object"], one["objectType"]) for one in mirror] == [
        (document, made["url"], "besluit")
    ]
    assert register.app.get(BIO, besluit=made["url"]) == [relation]
    assert register.app.get(BIO, informatieobject=document) == [relation]
    register.app.delete(relation["url"])
    assert register.app.get("/documenten/api/v1/objectinformatieobjecten", object=made["url"]) == []
    assert register.app.get(BIO) == [] and register.app.ask("DELETE", relation["url"]).status_code == 404


def test_brc_006_the_case_sees_its_decisions_and_stays_the_same(register: Register) -> None:
    zaak, other = register.zaak()["url"], register.zaak()["url"]
    made = make(register, zaak=zaak)
    assert [one["besluit"] for one in register.app.get(f"{zaak}/besluiten")] == [made["url"]]
    for changed in (other, ""):
        problem = register.app.patch(made["url"], {"zaak": changed}, 400)
        assert codes(problem) == {"zaak": "wijzigen-niet-toegelaten"}
    register.app.delete(made["url"])
    assert register.app.get(f"{zaak}/besluiten") == []
    assert codes(make(register, 400, zaak=f"{zaak[:-12]}{'0' * 12}")) == {"zaak": "does_not_exist"}
    assert codes(make(register, 400, zaak="https://elders.example/1")) == {"zaak": "bad-url"}


def test_brc_007_the_type_belongs_to_the_type_of_the_case(register: Register) -> None:
    other = register.types.make("besluittypen", omschrijving="Iets anders")["url"]
    register.app.post(f"{other}/publish", {}, 200)
    zaak = register.zaak()["url"]
    assert codes(make(register, 400, zaak=zaak, besluittype=other)) == {"nonFieldErrors": "zaaktype-mismatch"}
    assert make(register, besluittype=other)["zaak"] == "", "without a case any type will do"
    register.app.patch(register.besluittype, {"eindeGeldigheid": "2026-11-30"})
    held = register.app.get(register.besluittype)
    newer = register.types.make(
        "besluittypen",
        omschrijving=held["omschrijving"],
        beginGeldigheid="2026-12-01",
        informatieobjecttypen=[register.document_type],
    )["url"]
    register.app.post(f"{newer}/publish", {}, 200)
    assert make(register, zaak=zaak, besluittype=newer), "a newer version of the same type"


def test_brc_008_the_document_is_of_a_type_that_goes_with_the_decision(register: Register) -> None:
    made = make(register)
    problem = relate(register, made["url"], str(Papers(register.app).make()["url"]), 400)
    assert codes(problem) == {"nonFieldErrors": "missing-besluittype-informatieobjecttype-relation"}
    assert not BesluitInformatieObject.objects.exists()


def test_brc_009_removing_takes_all_that_hangs_on_it_along(register: Register) -> None:
    made, document = make(register), paper(register)
    relate(register, made["url"], document)
    register.app.delete(made["url"])
    assert not BesluitInformatieObject.objects.exists()
    assert not AuditRegel.objects.filter(main=made["url"].rpartition("/")[2]).exists()
    assert register.app.get(document)["url"] == document, "the document itself stays"
    assert register.app.ask("GET", f"{made['url']}/audittrail").status_code == 404


def test_a_decision_on_a_closed_case_leaves_the_case_as_it_is(register: Register) -> None:
    zaak = register.closed()
    make(register, zaak=zaak["url"])
    now = register.app.ask("GET", zaak["url"], **CRS).json()
    assert now["einddatum"] == zaak["einddatum"] and now["archiefactiedatum"] == zaak["archiefactiedatum"]


# Trail, notices, rights -------------------------------------------------------------------------------------------
def test_the_trail_tells_every_change(register: Register) -> None:
    app = register.app
    made, document = make(register), paper(register)
    relation = relate(register, made["url"], document)
    app.ask("PATCH", made["url"], {"toelichting": "Anders"}, **{"X-Audit-Toelichting": "Schrijffout"})
    app.delete(relation["url"])
    lines = app.get(f"{made['url']}/audittrail")
    assert [(one["resource"], one["actie"], one["resultaat"]) for one in lines] == [
        ("besluit", "create", 201),
        ("besluitinformatieobject", "create", 201),
        ("besluit", "partial_update", 200),
        ("besluitinformatieobject", "destroy", 204),
    ]
    assert lines[2]["toelichting"] == "Schrijffout" and lines[2]["wijzigingen"]["oud"]["toelichting"] == ""
    assert lines[2]["wijzigingen"]["nieuw"]["toelichting"] == "Anders" and lines[0]["bron"] == "brc"
    assert app.get(f"{made['url']}/audittrail/{lines[0]['uuid']}") == lines[0]
    assert app.ask("GET", f"{made['url']}/audittrail/{uuid4()}").status_code == 404


def test_who_listens_is_told(register: Register, receivers: Callable[..., Receiver]) -> None:
    receiver = receivers()
    filters = {"besluittype": register.besluittype, "verantwoordelijkeOrganisatie": RSIN}
    wanted = {"callbackUrl": receiver.url, "auth": "x", "kanalen": [{"naam": "besluiten", "filters": filters}]}
    register.app.post("/notificaties/api/v1/abonnement", wanted)
    made, document = make(register), paper(register)
    relate(register, made["url"], document)
    register.app.patch(made["url"], {"toelichting": "Anders"})
    register.app.delete(made["url"])
    make(register, verantwoordelijkeOrganisatie="111222333")
    runner.deliver_notices()
    assert [(one["resource"], one["actie"]) for one in receiver.notices] == [
        ("besluit", "create"),
        ("besluitinformatieobject", "create"),
        ("besluit", "partial_update"),
        ("besluit", "destroy"),
    ]
    assert {one["hoofdObject"] for one in receiver.notices} == {made["url"].replace(HOST, "http://localhost:8000")}


def test_rights_follow_the_type(register: Register) -> None:
    made, document = make(register), paper(register)
    relation = relate(register, made["url"], document)
    other = register.types.make("besluittypen", omschrijving="Iets anders")["url"]
    register.app.post(f"{other}/publish", {}, 200)
    hidden = make(register, besluittype=other)
    reader = holder(register, "besluiten.lezen")
    assert reader.get(f"{ROOT}/besluiten")["results"] == [made]
    assert reader.get(BIO) == [relation] and reader.get(relation["url"]) == relation
    assert reader.ask("GET", hidden["url"]).status_code == 404
    for method, url, data in (
        ("PATCH", made["url"], {"toelichting": "x"}),
        ("DELETE", made["url"], None),
        ("POST", f"{ROOT}/besluiten", body(register)),
        ("POST", BIO, {"besluit": made["url"], "informatieobject": document}),
        ("DELETE", relation["url"], None),
        ("GET", f"{made['url']}/audittrail", None),
    ):
        assert reader.ask(method, url, data).status_code == 403, (method, url)
    writer = holder(register, "besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken", "besluiten.verwijderen")
    assert writer.ask("PATCH", hidden["url"], {"toelichting": "x"}).status_code == 404
    assert writer.ask("DELETE", hidden["url"]).status_code == 404
    assert writer.ask("POST", f"{ROOT}/besluiten", body(register, besluittype=other)).status_code == 403
    problem = writer.post(BIO, {"besluit": hidden["url"], "informatieobject": document}, 400)
    assert codes(problem) == {"besluit": "does_not_exist"}
    assert writer.patch(made["url"], {"toelichting": "x"})["toelichting"] == "x"


def test_a_right_follows_the_versions_of_a_type_unless_it_was_tied_to_one(register: Register) -> None:
    reader = holder(register, "besluiten.lezen")
    tied = holder(register, "besluiten.lezen", one_version=True)
    register.app.patch(register.besluittype, {"eindeGeldigheid": "2026-11-30"})
    held = register.app.get(register.besluittype)
    newer = register.types.make("besluittypen", omschrijving=held["omschrijving"], beginGeldigheid="2026-12-01")["url"]
    register.app.post(f"{newer}/publish", {}, 200)
    made = make(register, besluittype=newer)
    assert reader.get(made["url"]) == made
    assert tied.ask("GET", made["url"]).status_code == 404


def test_what_the_rules_decide_is_there_for_others(house: House, app: Application) -> None:
    apply("parkeervergunning", house.person("fatima"), own())
    runner.deliver()  # The letters.
    found = app.get(f"{ROOT}/besluiten")["results"]
    assert len(found) == 1
    (relation,) = app.get(BIO, besluit=found[0]["url"])
    letter = EnkelvoudigInformatieObject.objects.get(besluiten__isnull=False)
    assert relation["informatieobject"].endswith(str(letter.pk))
    zaak = found[0]["zaak"]
    assert [one["besluit"] for one in app.get(f"{zaak}/besluiten")] == [found[0]["url"]]
