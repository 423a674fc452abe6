"""The Documenten API: the standard's rules on writing, by their codes."""

from typing import Any

import orjson
import pytest

from cases.work import Case, parking
from house import House
from raadhuis.cases.models import (
    AuditRegel,
    EnkelvoudigInformatieObject,
    Gebruiksrechten,
    InformatieObjectVersie,
    Verzending,
)
from raadhuis.catalogue.models import InformatieObjectType
from raadhuis.journal.models import Event
from zgw.clients import HOST, Application, codes
from zgw.papers import EIO, ROOT, WORDS, Papers, downloaded, files, id_of, in_besluit, in_zaak, problem

RIGHTS, OIO = f"{ROOT}/gebruiksrechten", f"{ROOT}/objectinformatieobjecten"
NOWHERE = "00000000-0000-0000-0000-000000000007"


@pytest.fixture
def papers(app: Application) -> Papers:
    return Papers(app)


@pytest.fixture
def case(house: House) -> Case:
    return parking(house)


def rights_for(document: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Terms of use as a client sends them."""
    return {
        "informatieobject": document["url"],
        "startdatum": "2026-01-01T00:00:00Z",
        "omschrijvingVoorwaarden": "Alleen lezen",
        **other,
    }


def nothing_left() -> bool:
    """Whether neither a row nor a file is there."""
    return not files() and not EnkelvoudigInformatieObject.objects.exists()


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("https://elders.example/catalogi/api/v1/informatieobjecttypen/1", "bad-url"),
        (f"{HOST}/catalogi/api/v1/informatieobjecttypen/{NOWHERE}", "bad-url"),
        (f"{HOST}/catalogi/api/v1/zaaktypen/{NOWHERE}", "invalid-resource"),
        (f"{HOST}/catalogi/api/v1/informatieobjecttypen/x", "bad-url"),
        ("geen adres", "invalid"),
    ],
)
def test_drc_001_the_type_is_there(papers: Papers, kind: str, code: str) -> None:
    assert codes(papers.refused(informatieobjecttype=kind)) == {"informatieobjecttype": code}
    assert nothing_left()


def test_drc_001_the_type_is_published(papers: Papers) -> None:
    concept = papers.new_kind("Concept", published=False)
    assert codes(papers.refused(informatieobjecttype=concept)) == {"informatieobjecttype": "not-published"}
    made = papers.make()
    lock = papers.take_out(made["url"])
    changed = papers.app.patch(made["url"], {"informatieobjecttype": concept, "lock": lock}, status=400)
    assert codes(changed) == {"informatieobjecttype": "not-published"}


def test_drc_010_a_change_asks_for_nothing_but_the_lock(papers: Papers) -> None:
    """Also what is definitief or archived may be changed, and the type too; since 1.3 a locked document stays."""
    app, made = papers.app, papers.make(status="definitief")
    url, lock = made["url"], papers.take_out(made["url"])
    assert app.patch(url, {"titel": "Anders", "status": "gearchiveerd", "lock": lock})["versie"] == 2
    changed = app.patch(url, {"informatieobjecttype": papers.new_kind("Nota"), "lock": lock})
    assert changed["informatieobjecttype"] != papers.kind and changed["versie"] == 3
    # A type that is a concept again since: the document keeps it.
    InformatieObjectType.objects.filter(pk=id_of(changed["informatieobjecttype"])).update(concept=True)
    assert app.put(url, papers.body(informatieobjecttype=changed["informatieobjecttype"], lock=lock))["versie"] == 4
    assert codes(app.delete(url, status=400)) == {"nonFieldErrors": "locked"}


def test_drc_002_to_004_relations_are_those_of_cases_and_decisions(papers: Papers, case: Case) -> None:
    app, made = papers.app, papers.make()
    zaak = f"{HOST}/zaken/api/v1/zaken/{case.id}"
    wanted = {"informatieobject": made["url"], "object": zaak, "objectType": "zaak"}
    assert codes(app.post(OIO, wanted, status=400)) == {"nonFieldErrors": "inconsistent-relation"}
    for other in (
        {"object": f"{HOST}/zaken/api/v1/zaken/{NOWHERE}"},
        {"object": "https://elders.example/zaken/1"},
        {"objectType": "besluit"},
        {"objectType": "verzoek", "object": "https://elders.example/verzoeken/1"},
    ):
        assert codes(app.post(OIO, {**wanted, **other}, status=400)) == {"object": "bad-url"}
    strange = {**wanted, "informatieobject": f"{HOST}{EIO}/{NOWHERE}"}
    assert codes(app.post(OIO, strange, status=400)) == {"informatieobject": "bad-url"}
    assert app.get(OIO, informatieobject=made["url"]) == []
    relation = in_zaak(made, case.zaak)
    assert codes(app.post(OIO, wanted, status=400)) == {"nonFieldErrors": "unique"}
    found = app.get(OIO, informatieobject=made["url"])
    assert found == [{**wanted, "url": f"{HOST}{OIO}/{relation.id}"}]
    assert app.get(found[0]["url"]) == found[0]
    assert codes(app.delete(found[0]["url"], status=400)) == {"nonFieldErrors": "inconsistent-relation"}
    relation.delete()  # As the Zaken API does.
    assert problem(app.ask("GET", found[0]["url"]), 404) and app.delete(found[0]["url"], status=404)


def test_decisions_keep_relations_too(papers: Papers) -> None:
    made = papers.make()
    relation = in_besluit(made)
    besluit = f"{HOST}/besluiten/api/v1/besluiten/{relation.besluit_id}"
    wanted = {"informatieobject": made["url"], "object": besluit, "objectType": "besluit"}
    assert papers.app.get(OIO, object=besluit) == [{**wanted, "url": f"{HOST}{OIO}/{relation.id}"}]
    assert codes(papers.app.post(OIO, wanted, status=400)) == {"nonFieldErrors": "unique"}
    assert codes(papers.app.delete(f"{OIO}/{relation.id}", status=400)) == {"nonFieldErrors": "inconsistent-relation"}


@pytest.mark.parametrize("status", ["in_bewerking", "ter_vaststelling"])
def test_drc_005_what_was_received_is_finished(papers: Papers, status: str) -> None:
    refused = papers.refused(status=status, ontvangstdatum="2026-11-02")
    assert codes(refused) == {"status": "invalid_for_received"}
    made = papers.make(status=status)
    lock = papers.take_out(made["url"])
    late = papers.app.patch(made["url"], {"ontvangstdatum": "2026-11-02", "lock": lock}, status=400)
    assert codes(late) == {"status": "invalid_for_received"}
    received = papers.make(status="definitief", ontvangstdatum="2026-11-02")
    lock = papers.take_out(received["url"])
    assert codes(papers.app.patch(received["url"], {"status": status, "lock": lock}, status=400)) == {
        "status": "invalid_for_received"
    }
    body = papers.body(status=status, ontvangstdatum="2026-11-02", lock=lock)
    assert codes(papers.app.put(received["url"], body, status=400)) == {"status": "invalid_for_received"}
    assert papers.app.get(received["url"])["versie"] == 1


def test_drc_006_terms_of_use_set_the_indication(papers: Papers) -> None:
    app = papers.app
    assert codes(papers.refused(indicatieGebruiksrecht=True)) == {"indicatieGebruiksrecht": "missing-gebruiksrechten"}
    made = papers.make()
    assert made["indicatieGebruiksrecht"] is None
    lock = papers.take_out(made["url"])
    by_hand = app.patch(made["url"], {"indicatieGebruiksrecht": True, "lock": lock}, status=400)
    assert codes(by_hand) == {"indicatieGebruiksrecht": "missing-gebruiksrechten"}
    assert app.patch(made["url"], {"indicatieGebruiksrecht": False, "lock": lock})["indicatieGebruiksrecht"] is False
    first, second = app.post(RIGHTS, rights_for(made)), app.post(RIGHTS, rights_for(made))
    assert app.get(made["url"])["indicatieGebruiksrecht"] is True
    for value in (False, None):
        denied = app.patch(made["url"], {"indicatieGebruiksrecht": value, "lock": lock}, status=400)
        assert codes(denied) == {"indicatieGebruiksrecht": "existing-gebruiksrechten"}
    # A whole new version that does not speak of it leaves it as it is.
    assert app.put(made["url"], papers.body(lock=lock))["indicatieGebruiksrecht"] is True
    app.delete(first["url"])
    assert app.get(made["url"])["indicatieGebruiksrecht"] is True
    app.delete(second["url"])
    assert app.get(made["url"])["indicatieGebruiksrecht"] is None


def test_terms_of_use_are_changed_but_not_moved(papers: Papers) -> None:
    app, made, other = papers.app, papers.make(), papers.make()
    terms = app.post(RIGHTS, rights_for(made))
    assert app.patch(terms["url"], {"einddatum": "2027-01-01T12:00:00Z"})["einddatum"] == "2027-01-01T12:00:00Z"
    assert app.put(terms["url"], rights_for(made, omschrijvingVoorwaarden="Niets"))["einddatum"] is None
    for method in (app.put, app.patch):
        moved = method(terms["url"], rights_for(other), status=400)
        assert codes(moved) == {"informatieobject": "wijzigen-niet-toegelaten"}
    for address in (f"{HOST}{EIO}/{NOWHERE}", "https://elders.example/1"):
        assert codes(app.post(RIGHTS, rights_for({"url": address}), status=400)) == {"informatieobject": "bad-url"}
    assert codes(app.post(RIGHTS, {}, status=400))["omschrijvingVoorwaarden"] == "required"
    assert Gebruiksrechten.objects.count() == 1


def test_drc_007_confidentiality_comes_from_the_type(papers: Papers) -> None:
    assert papers.make()["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"
    assert papers.make(vertrouwelijkheidaanduiding="")["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"
    assert papers.make(vertrouwelijkheidaanduiding="geheim")["vertrouwelijkheidaanduiding"] == "geheim"


def test_drc_008_a_document_of_a_case_or_decision_stays(papers: Papers, case: Case) -> None:
    made = papers.make()
    for relation in (in_zaak(made, case.zaak), in_besluit(made)):
        assert codes(papers.app.delete(made["url"], status=400)) == {"nonFieldErrors": "pending-relations"}
        relation.delete()
    papers.app.delete(made["url"])


def test_drc_008_what_is_deleted_is_gone_with_all_that_hangs_on_it(papers: Papers) -> None:
    app, made, other = papers.app, papers.make(trefwoorden=["a"]), papers.make(b"Een ander")
    lock = papers.take_out(made["url"])
    app.patch(made["url"], {"inhoud": "bmlldXc=", "bestandsomvang": 5, "lock": lock})
    assert codes(app.delete(made["url"], status=400)) == {"nonFieldErrors": "locked"}
    papers.bring_back(made["url"], lock)
    terms = app.post(RIGHTS, rights_for(made))
    assert len(files()) == 3
    app.delete(made["url"])
    assert problem(app.ask("GET", made["url"]), 404) and problem(app.ask("GET", terms["url"]), 404)
    assert not InformatieObjectVersie.objects.exists() and not Gebruiksrechten.objects.exists()
    assert set(AuditRegel.objects.values_list("main", flat=True)) == {id_of(other["url"])}
    assert len(files()) == 1 and downloaded(app, other["inhoud"]) == b"Een ander"
    assert Event.objects.filter(kind="document.removed").count() == 1


def test_drc_009_who_changes_a_document_took_it_out(papers: Papers) -> None:
    app, made = papers.app, papers.make()
    url = made["url"]
    assert codes(app.patch(url, {"titel": "Anders"}, status=400)) == {"nonFieldErrors": "unlocked"}
    assert codes(app.put(url, papers.body(lock="x"), status=400)) == {"nonFieldErrors": "unlocked"}
    lock = papers.take_out(url)
    assert len(lock) >= 32 and lock != papers.take_out(papers.make()["url"])
    assert codes(app.post(f"{url}/lock", None, status=400)) == {"nonFieldErrors": "existing-lock"}
    assert app.get(url)["locked"] and lock.encode() not in app.ask("GET", url).content
    assert codes(app.patch(url, {"titel": "Anders"}, status=400)) == {"nonFieldErrors": "missing-lock-id"}
    assert codes(app.put(url, papers.body(), status=400)) == {"lock": "required"}
    wrong = {"titel": "Anders", "lock": lock[:-1] + "é"}
    assert codes(app.patch(url, wrong, status=400)) == {"nonFieldErrors": "incorrect-lock-id"}
    assert codes(app.put(url, papers.body(lock="x"), status=400)) == {"nonFieldErrors": "incorrect-lock-id"}
    assert app.patch(url, {"titel": "Anders", "lock": lock})["titel"] == "Anders"
    assert codes(app.post(f"{url}/unlock", {"lock": "x"}, status=400)) == {"nonFieldErrors": "incorrect-lock-id"}
    papers.bring_back(url, lock)
    assert not app.get(url)["locked"] and app.get(url)["versie"] == 2
    assert codes(app.post(f"{url}/unlock", {"lock": lock}, status=400)) == {"nonFieldErrors": "unlocked"}
    assert len(files()) == 2, "of what was refused no byte stays"


def test_drc_009_a_lock_is_forced_by_who_may(papers: Papers) -> None:
    url = papers.make()["url"]
    plain, forcing = papers.reader("documenten.lock"), papers.reader("documenten.geforceerd-unlock")
    lock = plain.post(f"{url}/lock", None, status=200)["lock"]
    assert codes(plain.post(f"{url}/unlock", {}, status=400)) == {"nonFieldErrors": "missing-lock-id"}
    forcing.post(f"{url}/unlock", None, status=204)
    assert not papers.app.get(url)["locked"]
    assert codes(plain.post(f"{url}/unlock", {"lock": lock}, status=400)) == {"nonFieldErrors": "unlocked"}
    assert problem(forcing.ask("POST", f"{url}/lock"), 403)


def test_sendings_are_kept_and_their_people_encrypted(papers: Papers) -> None:
    app, made = papers.app, papers.make()
    person = "https://elders.example/personen/1"
    body = {
        "betrokkene": person,
        "informatieobject": made["url"],
        "aardRelatie": "geadresseerde",
        "contactPersoon": person,
        "contactpersoonnaam": "Jansen",
        "verzenddatum": "2026-11-03",
        "binnenlandsCorrespondentieadres": {
            "huisnummer": 1,
            "naamOpenbareRuimte": "Markt",
            "woonplaatsnaam": "Waterrijk",
        },
    }
    sent = app.post(f"{ROOT}/verzendingen", body)
    assert {key: sent[key] for key in body} == body and sent["mijnOverheid"] is False
    assert b"Jansen" not in bytes(Verzending.objects.get().sealed)
    assert app.get(f"{ROOT}/verzendingen", betrokkene=person)["results"] == [sent]
    assert app.get(f"{ROOT}/verzendingen", aardRelatie="afzender")["count"] == 0
    assert app.patch(sent["url"], {"emailadres": "a@b.nl"})["contactpersoonnaam"] == "Jansen"
    whole = app.put(
        sent["url"], {k: body[k] for k in ("betrokkene", "informatieobject", "aardRelatie", "contactPersoon")}
    )
    assert whole["contactpersoonnaam"] == "" and whole["binnenlandsCorrespondentieadres"] is None
    short = app.post(f"{ROOT}/verzendingen", {**body, "binnenlandsCorrespondentieadres": {"huisnummer": 0}}, status=400)
    assert codes(short)["binnenlandsCorrespondentieadres.huisnummer"] == "min_value"
    app.delete(sent["url"])
    assert not Verzending.objects.exists()


def test_bad_bodies_are_refused_by_the_name_of_the_field(papers: Papers) -> None:
    for name, value, code in (
        ("inhoud", "dit is geen base64!", "invalid"),
        ("inhoud", "abc", "incorrect-base64-padding"),
        ("inhoud", "é", "invalid"),
        ("inhoud", 7, "invalid"),
        ("inhoud", ["YQ=="], "invalid"),
        ("bestandsomvang", len(WORDS) + 1, "file-size"),
        ("bestandsomvang", -1, "min_value"),
        ("bestandsomvang", 2**62, "max_value"),
        ("titel", "a\0b", "control-characters"),
        ("titel", "x" * 201, "max_length"),
        ("bestandsnaam", "x" * 256, "max_length"),
        ("taal", "nl", "min_length"),
        ("creatiedatum", "gisteren", "invalid"),
        ("status", "klaar", "invalid_choice"),
        ("trefwoorden", "vergunning", "not_a_list"),
        ("trefwoorden.0", ["x" * 201], "max_length"),
        ("integriteit.algoritme", {"algoritme": "geen", "waarde": "a", "datum": "2026-01-01"}, "invalid_choice"),
    ):
        assert codes(papers.refused(**{name.partition(".")[0]: value})) == {name: code}, name
    assert set(codes(papers.app.post(EIO, {}, status=400))) == {
        *("auteur", "bronorganisatie", "creatiedatum", "informatieobjecttype", "taal", "titel")
    }
    assert problem(papers.app.ask("POST", EIO, b'{"titel": NaN}'))["code"] == "parse_error"
    assert problem(papers.app.ask("POST", EIO, orjson.dumps([1])))
    assert nothing_left()


def test_a_message_that_is_too_large_is_refused(papers: Papers, settings: Any) -> None:
    settings.RAADHUIS_MAX_BASE64_BYTES = 5000
    assert codes(papers.refused(b"x" * 5000)) == {"nonFieldErrors": "too-large"}
    papers.make(b"x" * 2000)
    assert len(files()) == 1
