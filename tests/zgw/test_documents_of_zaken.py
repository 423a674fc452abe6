"""Documents with cases: the rules zrc-003 to 005, 007, 017 and 022, over the Zaken and the Documenten API together."""

from typing import Any

import pytest

from raadhuis.kernel import clock
from zgw.clients import Application, codes
from zgw.register import CASES, DOCUMENTS, RSIN, Register, got, own, sent

EIO = f"{DOCUMENTS}/enkelvoudiginformatieobjecten"


@pytest.fixture
def register(app: Application) -> Register:
    """A published zaaktype."""
    return Register(app)


def document(register: Register, **other: Any) -> str:
    """The address of a new document."""
    body = {
        "bronorganisatie": RSIN,
        "informatieobjecttype": register.document_type,
        "creatiedatum": clock.today().isoformat(),
        "titel": "Tekening",
        "auteur": "Bouwer",
        "taal": "nld",
        "inhoud": "aGFsbG8=",
        "bestandsomvang": 5,
        "indicatieGebruiksrecht": False,
        **other,
    }
    return str(register.app.post(EIO, body)["url"])


def related(register: Register, zaak: str, informatieobject: str, expected: int = 201, **other: Any) -> Any:
    """Relates a document with a case."""
    body = {"zaak": zaak, "informatieobject": informatieobject, **other}
    return register.app.post(f"{CASES}/zaakinformatieobjecten", body, expected)


def test_zrc_003_the_document_is_there(register: Register) -> None:
    zaak = register.zaak()["url"]
    for nowhere in ("https://elders.example/1", own(f"{EIO}/00000000-0000-0000-0000-000000000001"), register.first):
        assert codes(related(register, zaak, nowhere, 400)) == {"informatieobject": "bad-url"}
    assert got(register.app, zaak)["zaakinformatieobjecten"] == []


def test_zrc_004_what_the_register_sets_and_what_stays(register: Register) -> None:
    zaak, paper = register.zaak()["url"], document(register)
    made = related(
        register, zaak, paper, titel="Bijlage", aardRelatieWeergave="Legt vast", registratiedatum="2020-01-01"
    )
    assert made["aardRelatieWeergave"] == "Hoort bij, omgekeerd: kent"
    assert made["registratiedatum"].startswith(str(clock.now().year))
    other = {"zaak": register.zaak()["url"], "informatieobject": document(register)}
    stays = "wijzigen-niet-toegelaten"
    assert codes(register.app.patch(made["url"], other, 400)) == {"zaak": stays, "informatieobject": stays}
    assert codes(register.app.put(made["url"], other, 400)) == {"zaak": stays, "informatieobject": stays}
    assert register.app.patch(made["url"], {"beschrijving": "Schets"})["titel"] == "Bijlage"
    whole = {"zaak": zaak, "informatieobject": paper, "titel": "Anders"}
    assert register.app.put(made["url"], whole)["beschrijving"] == ""
    assert codes(related(register, zaak, paper, 400)) == {"nonFieldErrors": "unique"}


def test_zrc_005_the_relation_is_mirrored(register: Register) -> None:
    zaak, paper = register.zaak()["url"], document(register)
    made = related(register, zaak, paper)
    mirrors = register.app.get(f"{DOCUMENTS}/objectinformatieobjecten", informatieobject=paper)
    assert [(one["object"], one["objectType"]) for one in mirrors] == [(zaak, "zaak")]
    assert got(register.app, zaak)["zaakinformatieobjecten"] == [made["url"]]
    register.app.delete(made["url"])
    assert register.app.get(f"{DOCUMENTS}/objectinformatieobjecten", informatieobject=paper) == []
    assert got(register.app, zaak)["zaakinformatieobjecten"] == []


def test_zrc_007_before_closing_it_is_said_of_each_document_whether_it_has_terms(register: Register) -> None:
    zaak = register.zaak()["url"]
    paper = document(register, indicatieGebruiksrecht=None)
    related(register, zaak, paper)
    register.result(zaak)
    assert codes(register.status(zaak, register.last, 400)) == {"nonFieldErrors": "indicatiegebruiksrecht-unset"}
    lock = register.app.post(f"{paper}/lock", {}, 200)["lock"]
    register.app.patch(paper, {"indicatieGebruiksrecht": False, "lock": lock})
    assert codes(register.status(zaak, register.last, 400)) == {"nonFieldErrors": "informatieobject-locked"}
    register.app.post(f"{paper}/unlock", {"lock": lock}, 204)
    register.status(zaak, register.last)


def test_zrc_017_the_type_of_document_belongs_to_the_type_of_case(register: Register) -> None:
    zaak = register.zaak()["url"]
    kind = str(register.types.make("informatieobjecttypen", omschrijving="Vreemd")["url"])
    register.app.post(f"{kind}/publish", {}, 200)
    paper = document(register, informatieobjecttype=kind)
    code = "missing-zaaktype-informatieobjecttype-relation"
    assert codes(related(register, zaak, paper, 400)) == {"nonFieldErrors": code}


def test_zrc_022_documents_are_archived_first(register: Register) -> None:
    zaak, paper = register.zaak()["url"], document(register, status="definitief")
    related(register, zaak, paper)
    body = {"archiefstatus": "gearchiveerd", "archiefnominatie": "vernietigen", "archiefactiedatum": "2030-01-01"}
    assert codes(sent(register.app, "PATCH", zaak, body, 400)) == {"nonFieldErrors": "documents-not-archived"}
    lock = register.app.post(f"{paper}/lock", {}, 200)["lock"]
    register.app.patch(paper, {"status": "gearchiveerd", "lock": lock})
    assert sent(register.app, "PATCH", zaak, body, 200)["archiefstatus"] == "gearchiveerd"
    other = document(register)
    assert codes(related(register, zaak, other, 400)) == {"zaak": "zaak-gearchiveerd"}


def test_zrc_023_a_document_stays_when_its_case_goes_and_no_longer_points_at_it(register: Register) -> None:
    zaak, paper = register.zaak()["url"], document(register)
    related(register, zaak, paper)
    register.app.delete(zaak)
    assert register.app.get(f"{DOCUMENTS}/objectinformatieobjecten", informatieobject=paper) == []
    assert register.app.get(paper)["url"] == paper
    register.app.delete(paper)


def test_a_status_knows_its_documents(register: Register) -> None:
    zaak, paper = register.zaak()["url"], document(register)
    status = register.status(zaak, register.first)["url"]
    made = related(register, zaak, paper, status=status)
    assert got(register.app, status)["zaakinformatieobjecten"] == [made["url"]]
    elsewhere = register.status(register.zaak()["url"], register.first)["url"]
    assert codes(register.app.patch(made["url"], {"status": elsewhere}, 400)) == {"status": "does_not_exist"}


def test_zrc_025_to_028_what_is_put_in(register: Register) -> None:
    """Expand goes to any depth and over all APIs; what is not there is refused, what may not be read is left out."""
    zaak, paper = register.zaak()["url"], document(register)
    related(register, zaak, paper)
    register.rol(zaak)
    register.status(zaak, register.first)
    paths = "zaaktype.catalogus,status.statustype.zaaktype,rollen.roltype,zaakinformatieobjecten.informatieobject"
    whole = got(register.app, f"{zaak}?expand={paths}")
    put_in = whole["_expand"]
    assert put_in["zaaktype"]["_expand"]["catalogus"]["domein"] == "TEST"
    assert put_in["status"]["_expand"]["statustype"]["_expand"]["zaaktype"]["url"] == register.zaaktype
    assert put_in["rollen"][0]["_expand"]["roltype"]["omschrijvingGeneriek"] == "initiator"
    relation = put_in["zaakinformatieobjecten"][0]
    assert relation["_expand"]["informatieobject"]["titel"] == "Tekening"
    for wrong in ("nergens", "status.nergens", "zaaktype..x"):
        assert codes(got(register.app, f"{zaak}?expand={wrong}", 400)) == {"expand": "unknown-expand"}
    assert "_expand" not in got(register.app, f"{zaak}?expand=resultaat")
