"""A catalogue that moves: out of one register and into another, without loss and without false success."""

import io
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from raadhuis.catalogue.ztc.comparing import compare
from raadhuis.catalogue.ztc.moving import export_catalogue, import_catalogue
from raadhuis.catalogue.ztc.queries import catalogue
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.problems import Invalid
from raadhuis.site.commands import run
from zgw.clients import HOST, Application
from zgw.test_catalogi import ROOT, Types

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "zgw" / "catalogue" / "openzaak-zaaktype-export.zip"
RSIN = "000000000"


def packed(**lists: Any) -> bytes:
    """A ZIP with these lists."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, rows in lists.items():
            archive.writestr(f"{name}.json", rows if isinstance(rows, bytes) else orjson.dumps(rows))
    return out.getvalue()


def whole(app: Application) -> Types:
    """A catalogue with something of everything, that refers to itself in every way."""
    types = Types(app)
    kind = types.make("informatieobjecttypen")
    besluit = types.make("besluittypen", informatieobjecttypen=[kind["url"]])
    status = types.make("statustypen")
    types.make("eigenschappen", statustype=status["url"])
    types.make("resultaattypen", besluittypen=[besluit["url"]], informatieobjecttypen=[kind["url"]])
    types.make("roltypen")
    types.make("zaakobjecttypen")
    relation = {"zaaktype": types.zaaktype, "informatieobjecttype": kind["url"], "volgnummer": 1, "richting": "intern"}
    app.post(f"{ROOT}/zaaktype-informatieobjecttypen", {**relation, "statustype": status["url"]})
    other = types.new_zaaktype(identificatie="DEEL")
    related = [{"zaaktype": other, "aardRelatie": "vervolg", "toelichting": "daarna"}]
    app.patch(
        types.zaaktype,
        {"besluittypen": [besluit["url"]], "deelzaaktypen": [other], "gerelateerdeZaaktypen": related},
    )
    return types


def everything(app: Application, catalogus: str) -> dict[str, Any]:
    """All documents of a catalogue by address."""
    found = {catalogus: app.get(catalogus)}
    for name in ("zaaktypen", "informatieobjecttypen", "besluittypen"):
        for one in app.get(f"{ROOT}/{name}", catalogus=catalogus, status="alles")["results"]:
            found[one["url"]] = one
    for zaaktype in app.get(f"{ROOT}/zaaktypen", catalogus=catalogus, status="alles")["results"]:
        for name in ("statustypen", "resultaattypen", "roltypen", "eigenschappen", "zaaktype-informatieobjecttypen"):
            for one in app.get(f"{ROOT}/{name}", zaaktype=zaaktype["url"], status="alles")["results"]:
                found[one["url"]] = one
        for one in app.get(f"{ROOT}/zaakobjecttypen", zaaktype=zaaktype["url"])["results"]:
            found[one["url"]] = one
    return found


def test_what_goes_out_comes_in_again_without_loss(app: Application) -> None:
    types = whole(app)
    before = everything(app, types.catalogus)
    own = catalogue("TEST", RSIN)
    out = export_catalogue(own, f"{HOST}/")
    for url in [one for one in before if "zaaktypen" in one]:
        app.delete(url)
    for url in [one for one in before if "besluittypen" in one or "/informatieobjecttypen" in one]:
        app.delete(url)
    account = import_catalogue(out, ("TEST", RSIN), SYSTEM)
    assert [line for line in account.lines if line.state != "imported" or line.why] == []
    assert everything(app, types.catalogus) == before
    again = import_catalogue(out, ("TEST", RSIN), SYSTEM)
    assert {line.state for line in again.lines} == {"there"}
    assert compare(out, own) == []


def test_what_differs_is_named_and_left_as_it_is(app: Application) -> None:
    types = whole(app)
    own = catalogue("TEST", RSIN)
    out = export_catalogue(own, f"{HOST}/")
    app.patch(types.zaaktype, {"doel": "Hier anders"})
    account = import_catalogue(out, ("TEST", RSIN), SYSTEM)
    assert [(line.name, line.state, line.why) for line in account.lines if line.state != "there"] == [
        ("ZAAKTYPE-1", "differs", ["`doel` is hier anders"])
    ]
    assert app.get(types.zaaktype)["doel"] == "Hier anders"
    found = compare(out, own)
    assert [(one.attribute, one.here, one.there) for one in found] == [("doel", "Hier anders", "Iets mogen")]
    app.post(f"{ROOT}/roltypen", {**types.bodies()["roltypen"], "omschrijving": "Nieuw"})
    new = compare(out, own)[0]
    assert (new.what, new.attribute, new.here, new.there) == ("roltypen ZAAKTYPE-1 Nieuw", "", True, False)


def test_one_zaaktype_goes_out_with_what_it_needs(app: Application) -> None:
    types = whole(app)
    out = export_catalogue(catalogue("TEST", RSIN), f"{HOST}/", UUID(types.zaaktype.rpartition("/")[2]))
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        names = sorted(archive.namelist())
        zaaktypen = orjson.loads(archive.read("ZaakType.json"))
    assert "Catalogus.json" not in names and "InformatieObjectType.json" in names
    assert [one["identificatie"] for one in zaaktypen] == ["ZAAKTYPE-1"]
    assert zaaktypen[0]["begin_geldigheid"] == "2026-01-01"


@pytest.mark.skipif(not REAL.exists(), reason="the real export is not on this machine")
def test_a_real_export_comes_in(app: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["zgw", "import", str(REAL), "--domein", "ECHT", "--json"]) == 0
    told = orjson.loads(capsys.readouterr().out)
    assert (told["imported"], told["refused"], told["differs"]) == (28, 0, 0)
    found = app.get(f"{ROOT}/zaaktypen", identificatie="BPMN_e2e")["results"][0]
    assert len(found["statustypen"]) == 6 and found["concept"] is False
    # Types that are not in the export are named, and what the retention list does not know is kept and told.
    remarks = [why for line in told["lines"] for why in line["why"]]
    assert any("deelzaaktypen" in why for why in remarks) and any("selectielijst" in why for why in remarks)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "geen ZIP"),
        (b"PK\x03\x04 half", "geen ZIP"),
        (packed(Iets=[]), "geen catalogus"),
        (packed(ZaakType=b"{"), "geen geldige JSON"),
        (packed(ZaakType={"a": 1}), "lijst van objecten"),
        (packed(ZaakType=[1]), "lijst van objecten"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_a_sentence(house: object, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        import_catalogue(content, ("TEST", RSIN), SYSTEM)


def test_a_row_that_cannot_come_leaves_the_others_alone(house: object) -> None:
    url = "https://elders.example/catalogi/api/v1/informatieobjecttypen/b594c8d1-ea6a-4bcd-a6aa-2c7a8ad3fe5b"
    good = {
        "url": url,
        "catalogus": "x",
        "omschrijving": "Brief",
        "vertrouwelijkheidaanduiding": "openbaar",
        "informatieobjectcategorie": "brief",
        "begin_geldigheid": "2026-01-01",
        "concept": False,
        "omschrijving_generiek": None,
    }
    bad = {**good, "url": url[:-1] + "c", "begin_geldigheid": "morgen"}
    nameless = {**good, "url": "zonder"}
    own = [{**one, "catalogus": url.replace("informatieobjecttypen", "catalogussen")} for one in (good, bad, nameless)]
    account = import_catalogue(packed(InformatieObjectType=own), ("TEST", RSIN), SYSTEM)
    assert [line.state for line in account.lines] == ["imported", "refused", "refused"]
    assert "beginGeldigheid" in account.lines[1].why[0]


def test_the_commands(app: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole(app)
    file = tmp_path / "uit.zip"
    assert run(["zgw", "export", str(file), "--domein", "TEST", "--rsin", RSIN]) == 0
    assert run(["zgw", "compare", str(file), "--domein", "TEST", "--rsin", RSIN]) == 0
    assert run(["zgw", "import", str(file), "--domein", "TEST", "--rsin", RSIN]) == 0
    assert run(["zgw", "export", str(file), "--domein", "NIETS"]) == 1
    assert "Er is geen catalogus NIETS" in capsys.readouterr().err
    assert run(["zgw", "import", str(tmp_path / "weg.zip"), "--domein", "TEST"]) == 1
    assert run(["zgw", "client", "lezer", "--read-types"]) == 0
    secret = capsys.readouterr().out.split()[-1]
    assert run(["zgw", "clients"]) == 0
    assert "catalogi.lezen" in capsys.readouterr().out
    assert len(secret) > 40
    assert run(["zgw", "client", "lezer", "--new-secret"]) == 0
    assert run(["zgw", "client", "lezer", "--all"]) == 1  # It is there already.
    assert run(["zgw", "client", "niemand"]) == 1  # Without any right.
