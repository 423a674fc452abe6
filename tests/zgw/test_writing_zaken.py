"""Writing cases by another application: the standard's rules zrc-001 to zrc-023 by their codes, each in a test."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from django.db import connection

from house import House
from raadhuis.cases.models import AuditRegel, Zaak
from raadhuis.clients.schema import NewRight
from raadhuis.kernel import clock
from zgw.clients import HOST, Application, codes
from zgw.register import CASES, CRS, RSIN, Register, got, own, sent

LEVELS = ["zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.statussen.toevoegen"]


@pytest.fixture
def register(app: Application) -> Register:
    """A published zaaktype."""
    return Register(app)


def limited(register: Register, *scopes: str, level: str = "zeer_geheim") -> Application:
    """An application with just these scopes on this zaaktype."""
    kind = register.zaaktype.replace(f"{HOST}/", "\x01")
    return Application(NewRight(component="zrc", scopes=list(scopes), type=kind, level=level))


def patched(register: Register, zaak: str, status: int = 200, **values: Any) -> Any:
    """Changes a part of a case."""
    return sent(register.app, "PATCH", zaak, values, status)


def test_zrc_001_the_type_is_there_and_published(register: Register) -> None:
    concept = register.types.new_zaaktype(identificatie="CONCEPT")
    for kind, code in (
        ("https://elders.example/zaaktypen/1", "bad-url"),
        (own("/catalogi/api/v1/zaaktypen/00000000-0000-0000-0000-000000000001"), "bad-url"),
        (register.first, "invalid-resource"),
        (concept, "not-published"),
    ):
        assert codes(register.zaak(400, zaaktype=kind)) == {"zaaktype": code}
    zaak = register.zaak()
    other = register.types.new_zaaktype(identificatie="ANDER")
    assert codes(patched(register, zaak["url"], 400, zaaktype="https://elders.example/1")) == {"zaaktype": "bad-url"}
    app = limited(register, *LEVELS)
    answer = sent(app, "PATCH", zaak["url"], {"zaaktype": other}, 400)
    assert codes(answer) == {"zaaktype": "wijzigen-niet-toegelaten"}


def test_zrc_002_a_number_is_unique_and_stays(register: Register) -> None:
    zaak = register.zaak(identificatie="ZAAK-1")
    assert codes(register.zaak(400, identificatie="ZAAK-1")) == {"identificatie": "identificatie-niet-uniek"}
    assert register.zaak()["identificatie"]
    app = limited(register, *LEVELS)
    answer = sent(app, "PATCH", zaak["url"], {"identificatie": "ZAAK-2"}, 400)
    assert codes(answer) == {"identificatie": "wijzigen-niet-toegelaten"}
    assert sent(app, "PATCH", zaak["url"], {"identificatie": "ZAAK-1"}, 200)["identificatie"] == "ZAAK-1"


def test_zrc_006_the_right_to_make(register: Register) -> None:
    assert register.zaak(app=limited(register, "zaken.aanmaken"))
    assert register.zaak(403, app=limited(register, "zaken.lezen"))["code"] == "permission_denied"
    assert register.zaak(
        403, app=limited(register, "zaken.aanmaken", level="openbaar"), vertrouwelijkheidaanduiding="geheim"
    )
    zaak = register.zaak(vertrouwelijkheidaanduiding="geheim")
    reader, blind = limited(register, "zaken.lezen", "zaken.bijwerken"), limited(register, *LEVELS, level="openbaar")
    assert sent(reader, "PATCH", zaak["url"], {"omschrijving": "Anders"}, 200)["omschrijving"] == "Anders"
    assert sent(blind, "PATCH", zaak["url"], {"omschrijving": "Weer anders"}, 404)
    assert sent(limited(register, "zaken.lezen", "zaken.verwijderen"), "PATCH", zaak["url"], {}, 403)
    # Nobody makes a case more secret than they may write, to lose sight of it.
    zaak = register.zaak()
    assert sent(blind, "PATCH", zaak["url"], {"vertrouwelijkheidaanduiding": "geheim"}, 403)


def test_zrc_007_closing_a_case(register: Register) -> None:
    zaak = register.zaak()["url"]
    assert codes(register.status(zaak, register.last, 400)) == {"nonFieldErrors": "resultaat-does-not-exist"}
    register.result(zaak)
    assert codes(register.result(zaak, 400)) == {"nonFieldErrors": "unique"}
    register.status(zaak, register.last)
    closed = got(register.app, zaak)
    assert closed["einddatum"] == clock.today().isoformat()
    assert closed["archiefnominatie"] == "vernietigen"
    app = limited(register, *LEVELS)
    for method, path, body in (
        ("PATCH", zaak, {"omschrijving": "Nee"}),
        ("PUT", zaak, register.zaak_body()),
        ("POST", f"{CASES}/rollen", {"zaak": zaak, "betrokkeneType": "medewerker", "roltype": register.handler}),
        ("POST", f"{zaak}/zaakeigenschappen", {"zaak": zaak, "eigenschap": register.eigenschap, "waarde": "1"}),
        ("DELETE", closed["resultaat"], None),
    ):
        if method == "POST" and "rollen" in path:
            body = {**(body or {}), "roltoelichting": "x", "betrokkeneIdentificatie": {"identificatie": "1"}}
        assert sent(app, method, path, body, 403)["code"] == "permission_denied", (method, path)
    forced = limited(register, *LEVELS, "zaken.geforceerd-bijwerken")
    assert sent(forced, "PATCH", zaak, {"omschrijving": "Ja"}, 200)["omschrijving"] == "Ja"


def test_zrc_008_opening_again(register: Register) -> None:
    zaak = register.closed()["url"]
    assert register.status(zaak, register.second, 403, app=limited(register, *LEVELS))["code"] == "permission_denied"
    register.status(zaak, register.second, app=limited(register, *LEVELS, "zaken.heropenen"))
    opened = got(register.app, zaak)
    assert [opened[one] for one in ("einddatum", "archiefactiedatum", "archiefnominatie")] == [None, None, None]


def test_zrc_009_confidentiality_is_inherited(register: Register) -> None:
    assert register.zaak()["vertrouwelijkheidaanduiding"] == "openbaar"
    assert register.zaak(vertrouwelijkheidaanduiding="geheim")["vertrouwelijkheidaanduiding"] == "geheim"
    zaak = register.zaak(vertrouwelijkheidaanduiding="intern")
    whole = register.zaak_body(identificatie=zaak["identificatie"])
    assert sent(register.app, "PUT", zaak["url"], whole, 200)["vertrouwelijkheidaanduiding"] == "intern"


def test_zrc_012_groups(register: Register) -> None:
    whole = {"indicatie": False, "eerdereOpschorting": False, "reden": ""}
    none = {"reden": "", "duur": None}
    for nothing in ({}, {"opschorting": None, "verlenging": None}, {"verlenging": none}):
        zaak = register.zaak(**nothing)
        assert (zaak["opschorting"], zaak["verlenging"]) == (whole, none)
        assert sent(register.app, "PUT", zaak["url"], zaak, 200)["verlenging"] == none
    assert codes(register.zaak(400, opschorting={}, verlenging={"reden": "Druk"})) == {
        "opschorting.indicatie": "required",
        "opschorting.reden": "required",
        "verlenging.duur": "required",
    }
    assert codes(register.zaak(400, verlenging={"duur": "P3D"})) == {"verlenging.reden": "required"}
    zaak = register.zaak(opschorting={"indicatie": True, "reden": "Wacht"}, verlenging={"reden": "Druk", "duur": "P5D"})
    assert zaak["opschorting"]["indicatie"] and zaak["verlenging"] == {"reden": "Druk", "duur": "P5D"}
    again = patched(register, zaak["url"], opschorting={"indicatie": False, "reden": ""})
    assert again["opschorting"] == {"indicatie": False, "eerdereOpschorting": True, "reden": ""}
    back = sent(register.app, "PUT", zaak["url"], again, 200)  # What we send is taken back as it is.
    assert back["verlenging"] == zaak["verlenging"]
    assert patched(register, zaak["url"], verlenging=None)["verlenging"] == none


def test_documents_that_were_stored_with_null_get_the_group(register: Register) -> None:
    """Migration 0016, also where somebody's words look like it."""
    words = '"verlenging":null'
    zaken = [register.zaak(toelichting=words), register.zaak(verlenging={"reden": "Druk", "duur": "P5D"})]
    ids = [zaak["uuid"] for zaak in zaken]
    told = dict(Zaak.objects.filter(pk__in=ids).values_list("pk", "body"))
    for id, body in told.items():
        old = bytes(body).replace(b'"verlenging":{"reden":"","duur":null}', b'"verlenging":null')
        Zaak.objects.filter(pk=id).exclude(body=old).update(body=old)
    import_module("raadhuis.cases.migrations.0016_extension_is_a_group").write(
        None, SimpleNamespace(connection=connection)
    )
    assert dict(Zaak.objects.filter(pk__in=ids).values_list("pk", "body")) == told
    assert got(register.app, zaken[0]["url"]) == zaken[0]


def test_zrc_013_the_whole_and_its_parts(register: Register) -> None:
    whole = register.zaak()
    part = register.zaak(hoofdzaak=whole["url"])
    assert got(register.app, whole["url"])["deelzaken"] == [part["url"]]
    assert codes(register.zaak(400, hoofdzaak=part["url"])) == {"hoofdzaak": "deelzaak-als-hoofdzaak"}
    assert codes(register.zaak(400, hoofdzaak=own(f"{CASES}/zaken/1"))) == {"hoofdzaak": "no_match"}
    assert codes(patched(register, whole["url"], 400, hoofdzaak=whole["url"])) == {"hoofdzaak": "self-forbidden"}
    assert codes(patched(register, whole["url"], 400, hoofdzaak=register.zaak()["url"])) == {
        "hoofdzaak": "deelzaak-als-hoofdzaak"
    }


def test_zrc_014_payment(register: Register) -> None:
    moment = (clock.now() - timedelta(days=1)).isoformat()
    assert codes(register.zaak(400, betalingsindicatie="nvt", laatsteBetaaldatum=moment)) == {
        "laatsteBetaaldatum": "betaling-nvt"
    }
    later = (clock.now() + timedelta(days=1)).isoformat()
    assert codes(register.zaak(400, betalingsindicatie="geheel", laatsteBetaaldatum=later)) == {
        "laatsteBetaaldatum": "future_not_allowed"
    }
    zaak = register.zaak(betalingsindicatie="geheel", laatsteBetaaldatum=moment)
    assert zaak["laatsteBetaaldatum"] and zaak["betalingsindicatieWeergave"]
    assert patched(register, zaak["url"], betalingsindicatie="nvt")["laatsteBetaaldatum"] is None


def test_zrc_015_products_of_the_type(register: Register) -> None:
    one, other = "https://producten.example/1", "https://producten.example/9"
    assert register.zaak(productenOfDiensten=[one])["productenOfDiensten"] == [one]
    assert codes(register.zaak(400, productenOfDiensten=[one, other])) == {
        "productenOfDiensten": "invalid-products-services"
    }


def test_zrc_016_to_020_a_type_belongs_to_the_type_of_the_case(register: Register) -> None:
    zaak = register.zaak()["url"]
    kind = register.types.new_zaaktype(identificatie="ANDER")

    def other(name: str) -> str:
        return str(register.types.make(name, zaaktype=kind)["url"])

    mismatch = {"nonFieldErrors": "zaaktype-mismatch"}
    assert codes(register.status(zaak, other("statustypen"), 400)) == mismatch
    assert codes(register.result(zaak, 400, resultaattype=other("resultaattypen"))) == mismatch
    assert codes(register.rol(zaak, 400, roltype=other("roltypen"))) == mismatch
    body = {"zaak": zaak, "eigenschap": other("eigenschappen"), "waarde": "1"}
    assert codes(register.app.post(f"{zaak}/zaakeigenschappen", body, 400)) == mismatch


def test_zrc_022_archiving(register: Register) -> None:
    assert codes(register.zaak(400, archiefstatus="gearchiveerd")) == {
        "archiefnominatie": "archiefnominatie-not-set",
        "archiefactiedatum": "archiefactiedatum-not-set",
    }
    whole = {"archiefnominatie": "vernietigen", "archiefactiedatum": "2030-01-01"}
    assert register.zaak(archiefstatus="overgedragen", **whole)["archiefstatus"] == "overgedragen"
    zaak = register.zaak()["url"]
    assert patched(register, zaak, archiefstatus="gearchiveerd", **whole)["archiefactiedatum"] == "2030-01-01"


def test_zrc_023_removing_takes_all_along(register: Register) -> None:
    zaak = register.zaak(kenmerken=[{"kenmerk": "A1", "bron": "Ander"}])["url"]
    part = register.zaak(hoofdzaak=zaak)["url"]
    rol = register.rol(zaak)["url"]
    status = register.status(zaak, register.first)["url"]
    assert got(register.app, f"{zaak}/audittrail")
    register.app.delete(zaak)
    for gone in (zaak, part, rol, status, f"{zaak}/audittrail"):
        assert got(register.app, gone, 404)
    assert not AuditRegel.objects.filter(bron="zrc").exists() and not Zaak.objects.exists()


def test_the_document_that_is_stored_is_the_document(register: Register) -> None:
    """After every kind of write the stored document is what would be made of the rows."""
    from raadhuis.cases.zrc import rendering

    zaak = register.zaak(kenmerken=[{"kenmerk": "A1", "bron": "Ander"}])["url"]
    steps = [
        lambda: register.rol(zaak),
        lambda: register.status(zaak, register.first),
        lambda: register.app.post(
            f"{zaak}/zaakeigenschappen", {"zaak": zaak, "eigenschap": register.eigenschap, "waarde": "12"}
        ),
        lambda: patched(register, zaak, toelichting="Meer", kenmerken=[]),
        lambda: register.app.post(
            f"{CASES}/zaakobjecten",
            {"zaak": zaak, "objectType": "adres", "objectIdentificatie": _ADDRESS, "relatieomschrijving": "Waar"},
        ),
        lambda: register.result(zaak),
        lambda: register.app.delete(got(register.app, zaak)["rollen"][0]),
        lambda: register.status(zaak, register.last),
        lambda: register.status(zaak, register.second),
        lambda: register.app.delete(got(register.app, zaak)["resultaat"]),
    ]
    for number, step in enumerate(steps):
        step()
        row = Zaak.objects.get()
        assert row.body is not None, number
        assert orjson.loads(bytes(row.body).replace(b"\x01", b"")) == orjson.loads(
            rendering.zaken([row])[0].replace(b"\x01", b"")
        ), number


_ADDRESS = {
    "identificatie": "0123",
    "wplWoonplaatsNaam": "Voorbeeldstad",
    "gorOpenbareRuimteNaam": "Dorpsstraat",
    "huisnummer": 1,
}


def test_the_trail_tells_who_and_what(register: Register) -> None:
    zaak = register.zaak()["url"]
    response = register.app.ask("PATCH", zaak, {"omschrijving": "Nieuw"}, **CRS, **{"X-Audit-Toelichting": "Typefout"})
    assert response.status_code == 200
    register.rol(zaak)
    lines = got(register.app, f"{zaak}/audittrail")
    assert [one["actie"] for one in lines] == ["create", "partial_update", "create"]
    change = lines[1]
    assert change["toelichting"] == "Typefout" and change["bron"] == "zrc" and change["hoofdObject"] == zaak
    assert (change["wijzigingen"]["oud"]["omschrijving"], change["wijzigingen"]["nieuw"]["omschrijving"]) == (
        "",
        "Nieuw",
    )
    assert lines[2]["wijzigingen"]["nieuw"]["betrokkeneIdentificatie"]["inpBsn"] == "999990755"
    assert got(register.app, f"{zaak}/audittrail/{change['uuid']}") == change
    assert not AuditRegel.objects.filter(sealed__contains=b"999990755").exists()
    assert limited(register, *LEVELS).ask("GET", f"{zaak}/audittrail").status_code == 403
    blind = limited(register, "zaken.lezen", "audittrails.lezen", level="openbaar")
    patched(register, zaak, vertrouwelijkheidaanduiding="geheim")
    assert blind.ask("GET", f"{zaak}/audittrail").status_code == 404


def test_if_match_keeps_two_from_overwriting(register: Register) -> None:
    zaak = register.zaak()["url"]
    etag = register.app.ask("GET", zaak, **CRS).headers["ETag"]
    first = register.app.ask("PATCH", zaak, {"omschrijving": "Een"}, **CRS, **{"If-Match": etag})
    second = register.app.ask("PATCH", zaak, {"omschrijving": "Twee"}, **CRS, **{"If-Match": etag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert got(register.app, zaak)["omschrijving"] == "Een"
    third = register.app.ask("PATCH", zaak, {"omschrijving": "Twee"}, **CRS, **{"If-Match": first.headers["ETag"]})
    assert third.status_code == 200


def test_numbers_set_apart(register: Register) -> None:
    one = register.app.post(f"{CASES}/zaaknummer_reserveren", {"bronorganisatie": RSIN})
    many = register.app.post(f"{CASES}/zaaknummer_reserveren", {"bronorganisatie": RSIN, "aantal": 3})
    numbers = {one["zaaknummer"], *(other["zaaknummer"] for other in many)}
    assert len(numbers) == 4
    assert register.zaak(identificatie=one["zaaknummer"])["identificatie"] == one["zaaknummer"]
    assert codes(register.app.post(f"{CASES}/zaaknummer_reserveren", {"bronorganisatie": RSIN, "aantal": 0}, 400))


def test_closing_in_one_go(register: Register) -> None:
    zaak = register.zaak()["url"]
    id = zaak.rpartition("/")[2]
    body = {
        "zaak": {"toelichting": "Klaar"},
        "status": {"statustype": register.last, "datumStatusGezet": clock.now().isoformat()},
        "resultaat": {"resultaattype": register.granted, "toelichting": "Ja"},
    }
    bad = {**body, "status": {**body["status"], "statustype": register.initiator}}
    assert sent(register.app, "POST", f"{CASES}/zaak_afsluiten/{id}", bad, 400)
    assert got(register.app, zaak)["resultaat"] is None, "all of it or nothing"
    done = sent(register.app, "POST", f"{CASES}/zaak_afsluiten/{id}", body, 200)
    assert done["zaak"]["einddatum"] and done["zaak"]["toelichting"] == "Klaar"
    assert got(register.app, zaak) == done["zaak"]
    assert codes(sent(register.app, "POST", f"{CASES}/zaak_afsluiten/{id}", {"zaak": {}}, 400)) == {
        "status": "required",
        "resultaat": "required",
    }


def test_changing_along(register: Register) -> None:
    zaak = register.zaak()["url"]
    id = zaak.rpartition("/")[2]
    register.rol(zaak)
    handler = {
        "betrokkeneType": "medewerker",
        "roltype": register.handler,
        "roltoelichting": "Behandelt",
        "betrokkeneIdentificatie": {"identificatie": "ingrid"},
    }
    body = {
        "zaak": {"omschrijving": "Bij"},
        "status": {"statustype": register.second, "datumStatusGezet": clock.now().isoformat()},
        "rollen": [handler],
    }
    done = sent(register.app, "POST", f"{CASES}/zaak_bijwerken/{id}", body, 200)
    assert done["zaak"]["omschrijving"] == "Bij" and len(done["zaak"]["rollen"]) == 1
    assert got(register.app, zaak) == done["zaak"]


def test_zrc_029_searching(register: Register) -> None:
    square = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]
    inside = register.zaak(zaakgeometrie={"type": "Point", "coordinates": [5.05, 52.05]})
    register.zaak(zaakgeometrie={"type": "Point", "coordinates": [5.2, 52.05]})
    where = {"within": {"type": "Polygon", "coordinates": [square]}}
    found = sent(register.app, "POST", f"{CASES}/zaken/_zoek", {"zaakgeometrie": where}, 200)
    assert [one["url"] for one in found["results"]] == [inside["url"]] and found["count"] == 1
    by_id = sent(register.app, "POST", f"{CASES}/zaken/_zoek", {"uuid__in": [inside["uuid"]]}, 200)
    assert by_id["count"] == 1
    fields = {"fields": ["identificatie", {"zaaktype": ["omschrijving"]}], "identificatie": inside["identificatie"]}
    chosen = sent(register.app, "POST", f"{CASES}/zaken/_zoek", fields, 200)["results"]
    assert chosen == [
        {"identificatie": inside["identificatie"], "_expand": {"zaaktype": {"omschrijving": "Vergunning"}}}
    ]
    blind = limited(register, "zaken.lezen", level="openbaar")
    patched(register, inside["url"], vertrouwelijkheidaanduiding="geheim")
    assert sent(blind, "POST", f"{CASES}/zaken/_zoek", {"zaakgeometrie": where}, 200)["results"] == []
    assert codes(sent(blind, "POST", f"{CASES}/zaken/_zoek", {"fields": ["url"], "expand": "status"}, 400))
    assert sent(register.app, "POST", f"{CASES}/zaken/_zoek", {"zaakgeometrie": {"within": {"type": "Point"}}}, 400)


def test_who_applied_sees_the_case_in_the_portal(register: Register, house: House) -> None:
    from raadhuis.adapters.standins.people import RESIDENTS

    fatima = next(one for one in RESIDENTS if one.id == "fatima")
    zaak = register.zaak(omschrijving="Boom in de tuin")
    register.rol(zaak["url"], betrokkeneIdentificatie={"inpBsn": fatima.bsn})
    shown = house.client("fatima").get("/mijn/zaken/")
    assert zaak["identificatie"] in shown.content.decode()
    page = house.client("fatima").get(f"/mijn/zaken/{zaak['uuid']}/")
    assert page.status_code == 200 and "Boom in de tuin" in page.content.decode()
