"""The Catalogi API: every operation, and the standard's rules on writing by their codes."""

from typing import Any

import orjson
import pytest

from raadhuis.clients.schema import NewRight
from zgw.clients import HOST, Application, codes

ROOT = "/catalogi/api/v1"
LIST = "https://selectielijst.openzaak.nl/api/v1"
# Rows of the 2020 retention list: a process type with a result whose term is nothing, and one of another kind.
PROCESS = f"{LIST}/procestypen/b594c8d1-ea6a-4bcd-a6aa-2c7a8ad3fe5b"
OTHER_PROCESS = f"{LIST}/procestypen/046d5ff0-4c71-464b-8c29-cd88fa204524"
RESULT = f"{LIST}/resultaten/6711baff-798b-4c7f-9133-8ad02c8b7c6f"
GRANTED = f"{LIST}/resultaattypeomschrijvingen/fb65d251-1518-4185-865f-b8bdcfad07b1"


class Types:
    """A catalogue with a zaaktype in the making, and what can be made in it."""

    def __init__(self, app: Application, domein: str = "TEST") -> None:
        self.app = app
        catalogus = {"domein": domein, "rsin": "000000000", "contactpersoonBeheerNaam": "Tester"}
        self.catalogus = app.post(f"{ROOT}/catalogussen", catalogus)["url"]
        self.zaaktype = self.new_zaaktype()

    def zaaktype_body(self, **other: Any) -> dict[str, Any]:
        """A zaaktype as a client sends it."""
        return {
            "identificatie": "ZAAKTYPE-1",
            "omschrijving": "Vergunning",
            "vertrouwelijkheidaanduiding": "openbaar",
            "doel": "Iets mogen",
            "aanleiding": "Iemand vraagt het",
            "indicatieInternOfExtern": "extern",
            "handelingInitiator": "aanvragen",
            "onderwerp": "Vergunning",
            "handelingBehandelaar": "behandelen",
            "doorlooptijd": "P56D",
            "opschortingEnAanhoudingMogelijk": True,
            "verlengingMogelijk": False,
            "publicatieIndicatie": False,
            "productenOfDiensten": [],
            "selectielijstProcestype": PROCESS,
            "referentieproces": {"naam": "Vergunnen"},
            "verantwoordelijke": "Team",
            "catalogus": self.catalogus,
            "besluittypen": [],
            "gerelateerdeZaaktypen": [],
            "beginGeldigheid": "2026-01-01",
            "versiedatum": "2026-01-01",
            **other,
        }

    def new_zaaktype(self, **other: Any) -> str:
        """The address of a new zaaktype."""
        return str(self.app.post(f"{ROOT}/zaaktypen", self.zaaktype_body(**other))["url"])

    def resultaattype_body(self, **other: Any) -> dict[str, Any]:
        """A resultaattype as a client sends it."""
        return {
            "zaaktype": self.zaaktype,
            "omschrijving": "Verleend",
            "resultaattypeomschrijving": GRANTED,
            "selectielijstklasse": RESULT,
            "brondatumArchiefprocedure": {"afleidingswijze": "afgehandeld"},
            **other,
        }

    def bodies(self) -> dict[str, dict[str, Any]]:
        """By resource a body that is right."""
        kind = {
            "catalogus": self.catalogus,
            "omschrijving": "Aanvraagformulier",
            "vertrouwelijkheidaanduiding": "openbaar",
            "informatieobjectcategorie": "brief",
            "beginGeldigheid": "2026-01-01",
        }
        return {
            "statustypen": {"zaaktype": self.zaaktype, "omschrijving": "Ontvangen", "volgnummer": 1},
            "resultaattypen": self.resultaattype_body(),
            "roltypen": {
                "zaaktype": self.zaaktype,
                "omschrijving": "Aanvrager",
                "omschrijvingGeneriek": "initiator",
            },
            "eigenschappen": {
                "zaaktype": self.zaaktype,
                "naam": "oppervlakte",
                "definitie": "Hoe groot",
                "specificatie": {"formaat": "getal", "lengte": "5", "kardinaliteit": "1"},
            },
            "informatieobjecttypen": kind,
            "besluittypen": {
                "catalogus": self.catalogus,
                "omschrijving": "Besluit op aanvraag",
                "publicatieIndicatie": False,
                "informatieobjecttypen": [],
                "beginGeldigheid": "2026-01-01",
            },
            "zaakobjecttypen": {
                "zaaktype": self.zaaktype,
                "anderObjecttype": False,
                "objecttype": "https://objecttypen.example/boom",
                "relatieOmschrijving": "boom",
                "beginGeldigheid": "2026-01-01",
                "catalogus": self.catalogus,
            },
        }

    def make(self, name: str, **other: Any) -> dict[str, Any]:
        """A new row of a resource."""
        found: dict[str, Any] = self.app.post(f"{ROOT}/{name}", {**self.bodies()[name], **other})
        return found


@pytest.fixture
def types(app: Application) -> Types:
    return Types(app)


RESOURCES = (
    *("statustypen", "resultaattypen", "roltypen", "eigenschappen"),
    *("informatieobjecttypen", "besluittypen", "zaakobjecttypen"),
)


@pytest.mark.parametrize("name", RESOURCES)
def test_what_is_made_is_read_changed_and_taken_away(types: Types, name: str) -> None:
    app, made = types.app, types.make(name)
    assert app.get(made["url"]) == made
    assert made["url"].startswith(f"{HOST}{ROOT}/{name}/")
    assert app.get(f"{ROOT}/{name}", status="alles") if name != "zaakobjecttypen" else app.get(f"{ROOT}/{name}")
    again = {key: value for key, value in made.items() if key in types.bodies()[name]}
    assert app.put(made["url"], again)["url"] == made["url"]
    field = (
        "relatieOmschrijving" if name == "zaakobjecttypen" else "naam" if name == "eigenschappen" else "omschrijving"
    )
    assert app.patch(made["url"], {field: "Anders"})[field] == "Anders"
    assert app.get(made["url"])[field] == "Anders"
    app.delete(made["url"])
    assert app.ask("GET", made["url"]).status_code == 404


def test_a_list_has_pages_of_one_hundred(types: Types) -> None:
    app = types.app
    for number in range(101):
        types.make("eigenschappen", naam=f"e{number}")
    first = app.get(f"{ROOT}/eigenschappen", zaaktype=types.zaaktype, status="concept")
    assert (first["count"], len(first["results"]), first["previous"]) == (101, 100, None)
    second = app.get(first["next"])
    assert (len(second["results"]), second["next"]) == (1, None)
    assert app.ask("GET", f"{ROOT}/eigenschappen?page=3").status_code == 404
    assert app.ask("GET", f"{ROOT}/eigenschappen?page=nul").status_code == 404


def test_a_zaaktype_tells_all_that_belongs_to_it(types: Types) -> None:
    app = types.app
    made = {name: types.make(name)["url"] for name in ("statustypen", "resultaattypen", "roltypen", "eigenschappen")}
    besluit, kind = types.make("besluittypen"), types.make("informatieobjecttypen")
    relation = app.post(
        f"{ROOT}/zaaktype-informatieobjecttypen",
        {
            "zaaktype": types.zaaktype,
            "informatieobjecttype": kind["url"],
            "volgnummer": 1,
            "richting": "inkomend",
            "catalogus": types.catalogus,
        },
    )
    app.patch(types.zaaktype, {"besluittypen": [besluit["omschrijving"]]})
    zaaktype = app.get(types.zaaktype)
    for name, url in made.items():
        assert zaaktype[name] == [url]
    assert zaaktype["besluittypen"] == [besluit["url"]]
    assert zaaktype["informatieobjecttypen"] == [kind["url"]]
    assert app.get(kind["url"])["zaaktypen"] == [types.zaaktype]
    assert app.get(besluit["url"])["zaaktypeIdentificaties"] == ["ZAAKTYPE-1"]
    assert app.get(types.catalogus)["zaaktypen"] == [types.zaaktype]
    assert app.get(relation["url"])["richting"] == "inkomend"
    app.patch(types.zaaktype, {"besluittypen": []})
    assert app.get(besluit["url"])["zaaktypen"] == []
    app.patch(types.zaaktype, {"identificatie": "ANDERS"})
    assert app.get(made["roltypen"])["zaaktypeIdentificatie"] == "ANDERS"


def test_the_last_statustype_is_the_end(types: Types) -> None:
    first, last = types.make("statustypen"), types.make("statustypen", volgnummer=2, omschrijving="Klaar")
    assert last["isEindstatus"]
    assert not types.app.get(first["url"])["isEindstatus"]
    types.app.delete(last["url"])
    assert types.app.get(first["url"])["isEindstatus"]


def test_expand_puts_what_is_pointed_at_beside_it(types: Types) -> None:
    status = types.make("statustypen")
    found = types.app.get(types.zaaktype, expand="statustypen,catalogus,roltypen")
    assert found["_expand"]["statustypen"] == [status]
    assert found["_expand"]["catalogus"]["domein"] == "TEST"
    assert found["_expand"]["roltypen"] == []
    deep = types.app.get(f"{ROOT}/statustypen", status="alles", expand="zaaktype.catalogus")
    one = next(row for row in deep["results"] if row["url"] == status["url"])
    assert one["_expand"]["zaaktype"]["_expand"]["catalogus"]["url"] == types.catalogus
    problem = types.app.ask("GET", f"{types.zaaktype}?expand=statustypen.nergens")
    assert problem.status_code == 400


def test_an_etag_saves_the_answer(types: Types) -> None:
    first = types.app.ask("GET", types.zaaktype)
    again = types.app.ask("GET", types.zaaktype, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = types.app.ask("HEAD", types.zaaktype)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    types.app.patch(types.zaaktype, {"doel": "Anders"})
    changed = types.app.ask("GET", types.zaaktype, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_unknown_parameters_are_refused(types: Types) -> None:
    response = types.app.ask("GET", f"{ROOT}/zaaktypen?kleur=rood")
    assert response.status_code == 400
    assert codes(orjson.loads(response.content)) == {"nonFieldErrors": "unknown-parameters"}


def test_lists_are_filtered(types: Types) -> None:
    app = types.app
    assert app.get(f"{ROOT}/zaaktypen", catalogus=types.catalogus)["count"] == 0  # Definitive ones only.
    found = app.get(f"{ROOT}/zaaktypen", catalogus=types.catalogus, status="concept", identificatie="ZAAKTYPE-1")
    assert [one["url"] for one in found["results"]] == [types.zaaktype]
    for days, count in (("2025-12-31", 0), ("2026-01-01", 1)):
        found = app.get(f"{ROOT}/zaaktypen", catalogus=types.catalogus, status="alles", datumGeldigheid=days)
        assert found["count"] == count
    app.patch(types.zaaktype, {"trefwoorden": ["markt", "feest"]})
    assert app.get(f"{ROOT}/zaaktypen", status="alles", trefwoorden="feest,markt")["count"] == 1
    assert app.get(f"{ROOT}/zaaktypen", status="alles", trefwoorden="feest,brand")["count"] == 0
    assert app.get(f"{ROOT}/catalogussen", domein="TEST", rsin="000000000")["count"] == 1
    elsewhere = "https://elders.example/catalogi/api/v1/catalogussen/b594c8d1-ea6a-4bcd-a6aa-2c7a8ad3fe5b"
    assert app.get(f"{ROOT}/zaaktypen", catalogus=elsewhere, status="alles")["count"] == 0
    assert app.ask("GET", f"{ROOT}/zaaktypen?status=misschien").status_code == 400
    assert app.ask("GET", f"{ROOT}/zaaktypen?datumGeldigheid=gisteren").status_code == 400


def test_our_own_services_are_in_the_catalogue(app: Application) -> None:
    found = app.get(f"{ROOT}/zaaktypen", status="definitief")["results"]
    permit = next(one for one in found if "parkeer" in one["omschrijving"].lower())
    assert permit["statustypen"] and permit["resultaattypen"] and permit["roltypen"]
    assert app.get(permit["statustypen"][0])["zaaktype"] == permit["url"]


# The rules, by their codes


def test_ztc_001_the_process_type_is_one_of_the_retention_list(types: Types) -> None:
    body = types.zaaktype_body(selectielijstProcestype=f"{LIST}/procestypen/00000000-0000-0000-0000-000000000000")
    assert codes(types.app.post(f"{ROOT}/zaaktypen", body, 400)) == {"selectielijstProcestype": "invalid-resource"}


def test_ztc_002_a_result_is_one_of_the_list_and_of_the_same_process(types: Types) -> None:
    app, name = types.app, f"{ROOT}/resultaattypen"
    made = app.post(name, types.resultaattype_body())
    assert made["omschrijvingGeneriek"] == "Toegekend"
    assert (made["archiefnominatie"], made["archiefactietermijn"]) == ("vernietigen", "P10Y")
    wrong = types.resultaattype_body(resultaattypeomschrijving=RESULT)
    assert codes(app.post(name, wrong, 400)) == {"resultaattypeomschrijving": "invalid-resource"}
    wrong = types.resultaattype_body(selectielijstklasse=PROCESS)
    assert codes(app.post(name, wrong, 400)) == {"selectielijstklasse": "invalid-resource"}
    other = types.new_zaaktype(identificatie="ANDER", selectielijstProcestype=OTHER_PROCESS)
    wrong = types.resultaattype_body(zaaktype=other)
    assert codes(app.post(name, wrong, 400)) == {"nonFieldErrors": "procestype-mismatch"}


ARCHIVE = "brondatumArchiefprocedure"


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        ({"afleidingswijze": "hoofdzaak"}, {f"{ARCHIVE}.afleidingswijze": "invalid-afleidingswijze-for-procestermijn"}),
        ({"afleidingswijze": "afgehandeld", "datumkenmerk": "x"}, {f"{ARCHIVE}.datumkenmerk": "must-be-empty"}),
        ({"afleidingswijze": "afgehandeld", "einddatumBekend": True}, {f"{ARCHIVE}.einddatumBekend": "must-be-empty"}),
        ({"afleidingswijze": "afgehandeld", "objecttype": "pand"}, {f"{ARCHIVE}.objecttype": "must-be-empty"}),
        ({"afleidingswijze": "afgehandeld", "registratie": "x"}, {f"{ARCHIVE}.registratie": "must-be-empty"}),
        ({"afleidingswijze": "afgehandeld", "procestermijn": "P1Y"}, {f"{ARCHIVE}.procestermijn": "must-be-empty"}),
        ({"afleidingswijze": "nooit"}, {f"{ARCHIVE}.afleidingswijze": "invalid_choice"}),
        ({}, {f"{ARCHIVE}.afleidingswijze": "required"}),
    ],
)
def test_ztc_003_to_008_how_the_archive_date_comes_about(
    types: Types, procedure: dict[str, Any], expected: dict[str, str]
) -> None:
    body = types.resultaattype_body(**{ARCHIVE: procedure})
    assert codes(types.app.post(f"{ROOT}/resultaattypen", body, 400)) == expected


@pytest.mark.parametrize(
    ("way", "parts"),
    [
        ("eigenschap", ["datumkenmerk"]),
        ("zaakobject", ["datumkenmerk", "objecttype"]),
        ("ander_datumkenmerk", ["datumkenmerk", "objecttype", "registratie"]),
        ("termijn", ["procestermijn"]),
    ],
)
def test_ztc_004_and_006_to_008_what_each_way_needs(types: Types, way: str, parts: list[str]) -> None:
    rows = orjson.loads(_shelf("resultaten"))
    own = next(row for row in rows if row["procestermijn"] not in {"nihil", "ingeschatte_bestaansduur_procesobject"})
    zaaktype = types.new_zaaktype(
        identificatie="LANG", selectielijstProcestype=f"{LIST}/procestypen/{own['procesType']}"
    )
    result = f"{LIST}/resultaten/{own['url']}"
    body = types.resultaattype_body(
        zaaktype=zaaktype, selectielijstklasse=result, **{ARCHIVE: {"afleidingswijze": way}}
    )
    assert codes(types.app.post(f"{ROOT}/resultaattypen", body, 400)) == {f"{ARCHIVE}.{p}": "required" for p in parts}
    given = {"datumkenmerk": "dag", "objecttype": "pand", "registratie": "BAG", "procestermijn": "P5Y"}
    body[ARCHIVE] |= {part: given[part] for part in parts}
    made = types.app.post(f"{ROOT}/resultaattypen", body)
    assert {part: made[ARCHIVE][part] for part in parts} == {part: given[part] for part in parts}


def _shelf(name: str) -> bytes:
    from raadhuis.catalogue.ztc import reference

    return (reference.SHELF / f"{name}.json").read_bytes()


def test_ztc_009_what_is_published_stays_but_for_its_last_day(types: Types) -> None:
    app = types.app
    types.make("statustypen")
    assert app.post(f"{types.zaaktype}/publish", {}, 200)["concept"] is False
    writer = Application(NewRight(component="ztc", scopes=["catalogi.lezen", "catalogi.schrijven"]))
    assert codes(writer.patch(types.zaaktype, {"doel": "Anders"}, 400)) == {"nonFieldErrors": "non-concept-object"}
    assert codes(writer.put(types.zaaktype, types.zaaktype_body(), 400)) == {"nonFieldErrors": "non-concept-object"}
    assert codes(writer.delete(types.zaaktype, 400)) == {"nonFieldErrors": "non-concept-object"}
    assert writer.patch(types.zaaktype, {"eindeGeldigheid": "2027-01-01"})["eindeGeldigheid"] == "2027-01-01"
    assert app.patch(types.zaaktype, {"doel": "Verbeterd"})["doel"] == "Verbeterd"  # With the scope to correct.


@pytest.mark.parametrize("name", [one for one in RESOURCES if "object" not in one and "besluit" not in one])
def test_ztc_010_children_of_what_is_published_stay(types: Types, name: str) -> None:
    made, spare = types.make(name), types.bodies()
    types.app.post(f"{types.zaaktype}/publish", {}, 200)
    writer = Application(NewRight(component="ztc", scopes=["catalogi.lezen", "catalogi.schrijven"]))
    expected = {"nonFieldErrors": "non-concept-zaaktype"}
    assert codes(writer.post(f"{ROOT}/{name}", {**spare[name], "volgnummer": 7}, 400)) == expected
    assert codes(writer.put(made["url"], spare[name], 400)) == expected
    assert codes(writer.patch(made["url"], {"toelichting": "x"}, 400)) == expected
    assert codes(writer.delete(made["url"], 400)) == expected


def test_ztc_012_a_zaaktype_is_published_after_what_it_refers_to(types: Types) -> None:
    app, kind = types.app, types.make("informatieobjecttypen")
    relation = {
        "zaaktype": types.zaaktype,
        "informatieobjecttype": kind["omschrijving"],
        "volgnummer": 1,
        "richting": "inkomend",
    }
    app.post(f"{ROOT}/zaaktype-informatieobjecttypen", {**relation, "catalogus": types.catalogus})
    assert codes(app.post(f"{types.zaaktype}/publish", {}, 400)) == {"nonFieldErrors": "concept-relation"}
    assert app.post(f"{kind['url']}/publish", {}, 200)["concept"] is False
    assert app.post(f"{types.zaaktype}/publish", {}, 200)["concept"] is False


def test_ztc_015_a_date_has_eight_characters(types: Types) -> None:
    wrong = {"formaat": "datum", "lengte": "10", "kardinaliteit": "1"}
    body = {**types.bodies()["eigenschappen"], "specificatie": wrong}
    assert "specificatie.lengte" in codes(types.app.post(f"{ROOT}/eigenschappen", body, 400))


def test_ztc_016_published_versions_do_not_overlap(types: Types) -> None:
    app = types.app
    app.post(f"{types.zaaktype}/publish", {}, 200)
    second = types.new_zaaktype(beginGeldigheid="2026-06-01")
    assert codes(app.post(f"{second}/publish", {}, 400)) == {"nonFieldErrors": "overlap"}
    app.patch(types.zaaktype, {"eindeGeldigheid": "2026-05-31"})
    newest = app.post(f"{second}/publish", {}, 200)
    assert newest["beginObject"] == "2026-01-01"


def test_every_fault_is_told_at_once(types: Types) -> None:
    body = types.zaaktype_body(identificatie="x" * 51, doorlooptijd="acht weken", verlengingMogelijk="ja", doel=None)
    del body["onderwerp"]
    assert codes(types.app.post(f"{ROOT}/zaaktypen", body, 400)) == {
        "identificatie": "max_length",
        "doorlooptijd": "invalid",
        "verlengingMogelijk": "invalid",
        "doel": "null",
        "onderwerp": "required",
    }


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"a": NaN}', b"[" * 100_000, b'{"doel": "\\u0000"}', b"\xff\xfe"]
)
def test_nonsense_is_refused(types: Types, body: bytes) -> None:
    response = types.app.ask("POST", f"{ROOT}/zaaktypen", body)
    assert response.status_code == 400


def test_references_that_lead_nowhere_are_told(types: Types) -> None:
    nowhere = f"{HOST}{ROOT}/zaaktypen/b594c8d1-ea6a-4bcd-a6aa-2c7a8ad3fe5b"
    body = {**types.bodies()["statustypen"], "zaaktype": nowhere}
    assert codes(types.app.post(f"{ROOT}/statustypen", body, 400)) == {"zaaktype": "does_not_exist"}
    body["zaaktype"] = "https://elders.example/zaaktypen/1"
    assert codes(types.app.post(f"{ROOT}/statustypen", body, 400)) == {"zaaktype": "no_match"}
