"""The Zaken API, for reading: a case that the portal made is whole here, and nobody sees more than their rights."""

from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.work import Case, many, parking, street
from house import House
from raadhuis.adapters.standins.people import RESIDENTS
from raadhuis.cases import actions
from raadhuis.cases.models import Zaak, ZaakEigenschap, ZaakKenmerk, ZaakObject
from raadhuis.cases.zrc.stored import make_missing
from raadhuis.catalogue.models import ZaakType
from raadhuis.catalogue.ztc.queries import newest_zaaktypen
from raadhuis.clients.schema import NewRight
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.ids import uuid7
from zgw.clients import HOST, Application, codes

ROOT = "/zaken/api/v1"
CRS = {"Accept-Crs": "EPSG:4326"}
FATIMA = next(one for one in RESIDENTS if one.id == "fatima")


def get(app: Application, path: str, status: int = 200, **query: str) -> Any:
    """What a client reads."""
    asked = "&".join(f"{k}={v}" for k, v in query.items())
    response = app.ask("GET", f"{path}?{asked}" if query else path, **CRS)
    assert response.status_code == status, response.content[:500]
    return orjson.loads(response.content)


def address(zaak: UUID) -> str:
    """Where a case is."""
    return f"{HOST}{ROOT}/zaken/{zaak}"


def copy_of(row: Any, **other: Any) -> Any:
    """Another row of the same table."""
    held = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)._default_manager.create(**held | {"id": uuid7()} | other)


@pytest.fixture
def case(house: House) -> Case:
    """A parking permit that a person must decide on, with a document, its first status and its applicant."""
    return parking(house)


def reader(zaak: Zaak, level: str = "zeer_geheim", *, one_version: bool = False) -> Application:
    """An application that may read cases of this kind."""
    kind = f"{MARK}catalogi/api/v1/zaaktypen/{zaak.zaaktype}"
    return Application(
        NewRight(component="zrc", scopes=["zaken.lezen"], type=kind, level=level, one_version=one_version)
    )


def test_a_case_of_the_portal_is_whole(app: Application, case: Case, house: House) -> None:
    zaak = get(app, address(case.id))
    assert zaak["identificatie"] == case.zaak.identificatie
    assert zaak["bronorganisatie"] and zaak["startdatum"] and zaak["uiterlijkeEinddatumAfdoening"]
    assert app.get(zaak["zaaktype"])["identificatie"]
    status = get(app, zaak["status"])
    assert status["indicatieLaatstGezetteStatus"] and app.get(status["statustype"])["zaaktype"] == zaak["zaaktype"]
    rol = get(app, zaak["rollen"][0])
    assert rol["betrokkeneIdentificatie"]["inpBsn"] == FATIMA.bsn
    assert rol["omschrijvingGeneriek"] == "initiator" and app.get(rol["roltype"])["zaaktype"] == zaak["zaaktype"]
    relation = get(app, zaak["zaakinformatieobjecten"][0])
    assert relation["zaak"] == zaak["url"] and relation["titel"]
    task = case.task("beoordelen").id
    actions.claim(task, house.staff("ingrid"))
    actions.decide(task, house.staff("ingrid"), result="grant", motivation="Het klopt.")
    closed = get(app, address(case.id))
    assert closed["einddatum"] and closed["archiefactiedatum"]
    assert get(app, closed["resultaat"])["resultaattype"] in app.get(closed["zaaktype"])["resultaattypen"]
    assert get(app, f"{address(case.id)}/besluiten")[0]["besluit"].startswith(f"{HOST}/besluiten/api/v1/besluiten/")
    assert len(get(app, f"{ROOT}/statussen", zaak=closed["url"])["results"]) > 1


def test_what_other_applications_wrote_is_shown_too(app: Application, case: Case) -> None:
    zaak = case.zaak
    eigenschap = ZaakEigenschap.objects.create(zaak=zaak, eigenschap=uuid7(), naam="kleur", waarde="rood")
    ZaakKenmerk.objects.create(zaak=zaak, kenmerk="A-1", bron="Ander systeem")
    thing = ZaakObject.objects.create(
        zaak=zaak, object="https://elders.example/pand/1", object_type="pand", object_identificatie=b""
    )
    part = copy_of(zaak, identificatie="DEEL-1", hoofdzaak_id=zaak.id, submission=None)
    found = get(app, address(zaak.id))
    assert found["kenmerken"] == [{"kenmerk": "A-1", "bron": "Ander systeem"}]
    assert found["deelzaken"] == [address(part.id)]
    assert get(app, address(part.id))["hoofdzaak"] == found["url"]
    assert get(app, found["eigenschappen"][0])["waarde"] == eigenschap.waarde
    assert get(app, f"{address(zaak.id)}/zaakeigenschappen")[0]["naam"] == "kleur"
    assert get(app, f"{address(part.id)}/zaakeigenschappen/{eigenschap.id}", 404)
    assert get(app, f"{HOST}{ROOT}/zaakobjecten/{thing.id}")["objectType"] == "pand"
    assert get(app, f"{ROOT}/zaakobjecten", objectType="pand")["count"] == 1


def test_lists_are_filtered(app: Application, case: Case, house: House) -> None:
    other = street(house)
    own, zaken = address(case.id), f"{ROOT}/zaken"
    bsn = "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"

    def found(**query: str) -> list[str]:
        return [one["url"] for one in get(app, zaken, **query)["results"]]

    assert set(found()) == {own, address(other.id)}
    assert found(identificatie=case.zaak.identificatie) == [own]
    assert found(zaaktype=get(app, own)["zaaktype"]) == [own]
    assert found(**{bsn: FATIMA.bsn}) == [own]
    assert found(**{bsn: FATIMA.bsn, "rol__omschrijvingGeneriek": "behandelaar"}) == []
    assert found(**{bsn: "999990019"}) == [] and found(**{bsn: ""}) == []
    assert found(rol__betrokkeneType="medewerker") == []
    assert found(startdatum__gt="2999-01-01") == [] and own in found(startdatum__lte="2999-01-01")
    assert found(einddatum__isnull="false") == []
    assert own not in found(maximaleVertrouwelijkheidaanduiding="openbaar")
    assert found(bronorganisatie__in="000000000,111111111") == []
    numbers = [get(app, url)["identificatie"] for url in found(ordering="identificatie")]
    assert numbers == sorted(numbers)
    elsewhere = "https://elders.example/catalogi/api/v1/zaaktypen/b594c8d1-ea6a-4bcd-a6aa-2c7a8ad3fe5b"
    assert found(zaaktype=elsewhere) == []
    for name, wrong in (
        ("startdatum", "gisteren"),
        ("einddatum__isnull", "ja"),
        ("zaaktype", "x"),
        ("ordering", "kleur"),
    ):
        assert codes(get(app, zaken, 400, **{name: wrong})) == {name: "invalid"}
    assert codes(get(app, zaken, 400, kleur="rood")) == {"nonFieldErrors": "unknown-parameters"}


def test_the_newest_status_is_found(app: Application, case: Case, house: House) -> None:
    task = case.task("beoordelen").id
    actions.claim(task, house.staff("ingrid"))
    actions.decide(task, house.staff("ingrid"), result="grant", motivation="Het klopt.")
    newest = get(app, f"{ROOT}/statussen", indicatieLaatstGezetteStatus="true")["results"]
    assert [one["url"] for one in newest] == [get(app, address(case.id))["status"]]
    older = get(app, f"{ROOT}/statussen", indicatieLaatstGezetteStatus="false")["results"]
    assert older and all(not one["indicatieLaatstGezetteStatus"] for one in older)
    assert get(app, f"{ROOT}/statussen", 400, indicatieLaatstGezetteStatus="ja")


def test_places_need_a_coordinate_system(app: Application, case: Case) -> None:
    assert app.ask("GET", address(case.id)).status_code == 412
    assert app.ask("GET", f"{ROOT}/zaken").status_code == 412
    assert app.ask("GET", address(case.id), **{"Accept-Crs": "EPSG:28992"}).status_code == 406
    assert app.ask("GET", address(case.id), **CRS).headers["Content-Crs"] == "EPSG:4326"


def test_rights_hold_on_every_route(app: Application, case: Case, house: House) -> None:
    """zrc-006: by zaaktype and level; what is not yours is as absent as what is not there."""
    foreign = get(app, address(street(house).id))
    mine = reader(case.zaak)
    assert [one["url"] for one in get(mine, f"{ROOT}/zaken")["results"]] == [address(case.id)]
    assert get(mine, foreign["url"], 404)["code"] == "not_found"
    for url in [foreign["status"], *foreign["rollen"], *foreign["zaakinformatieobjecten"]]:
        assert get(mine, url, 404)
    assert get(mine, f"{foreign['url']}/zaakeigenschappen", 404)
    for name in ("statussen", "rollen"):
        assert {one["zaak"] for one in get(mine, f"{ROOT}/{name}")["results"]} == {address(case.id)}
        assert get(mine, f"{ROOT}/{name}", zaak=foreign["url"])["count"] == 0
    plain = get(mine, f"{ROOT}/zaakinformatieobjecten")
    assert {one["zaak"] for one in plain} == {address(case.id)}
    # `expand` shows nothing that the client could not read by itself.
    Zaak.objects.filter(pk=case.id).update(hoofdzaak=UUID(foreign["uuid"]))
    shown = get(mine, address(case.id), expand="hoofdzaak,rollen.zaak,zaaktype.statustypen")
    assert "hoofdzaak" not in shown["_expand"]
    assert shown["_expand"]["rollen"][0]["_expand"]["zaak"]["url"] == address(case.id)
    assert shown["_expand"]["zaaktype"]["_expand"]["statustypen"]
    # Below the level of the case there is nothing.
    low = reader(case.zaak, "openbaar")
    assert get(low, f"{ROOT}/zaken")["count"] == 0
    assert get(low, address(case.id), 404)
    nothing = Application(NewRight(component="ztc", scopes=["catalogi.lezen"]))
    assert get(nothing, f"{ROOT}/zaken", 403)


def test_a_right_follows_a_zaaktype_over_its_versions(case: Case) -> None:
    follows, tied = reader(case.zaak), reader(case.zaak, one_version=True)
    newer = copy_of(ZaakType.objects.get(pk=case.zaak.zaaktype))
    Zaak.objects.filter(pk=case.id).update(zaaktype=newer.pk)
    assert get(follows, f"{ROOT}/zaken")["count"] == 1
    assert get(tied, f"{ROOT}/zaken")["count"] == 0


def test_a_page_costs_as_many_statements_as_one_case(
    app: Application, house: House, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    many(house, 120)
    with django_assert_max_num_queries(18):  # Nothing is known yet, and no document is stored.
        first = get(app, f"{ROOT}/zaken")
    assert len(first["results"]) == 100
    while make_missing():
        pass
    with django_assert_num_queries(3):  # The rights, the count, the page.
        assert get(app, f"{ROOT}/zaken") == first
    assert len(get(app, f"{ROOT}/zaken", page="2")["results"]) == 21
    assert get(app, f"{ROOT}/zaken", 404, page="3")


def test_many_rights_cost_as_much_as_one(case: Case, house: House, django_assert_num_queries: Any) -> None:
    kinds = [one.address for one in newest_zaaktypen()]
    many_rights = [NewRight(component="zrc", scopes=["zaken.lezen"], type=one, level="zeer_geheim") for one in kinds]
    one, all_of_them = reader(case.zaak), Application(*many_rights)
    path = f"{ROOT}/zaken/{case.id}"
    assert [app.ask("GET", path, **CRS).status_code for app in (one, all_of_them)] == [200, 200]  # Known from now on.
    with CaptureQueriesContext(connection) as few:
        one.ask("GET", path, **CRS)
    with django_assert_num_queries(len(few)):
        all_of_them.ask("GET", path, **CRS)


@pytest.mark.parametrize(
    "moment", ["0731-12-25T01:31:41%2B22:44", "9999-12-31T23:59:59-14:00", "2026-01-01T10:00:00-23:59"]
)
def test_a_moment_at_any_distance_from_utc_is_understood_or_refused(app: Application, moment: str) -> None:
    """A database knows fewer distances than ISO 8601 has words for."""
    for place in (
        f"{ROOT}/zaaknotities?aanmaakdatum__gt={moment}",
        f"/documenten/api/v1/gebruiksrechten?startdatum__lt={moment}",
    ):
        answer = app.ask("GET", place, **CRS)
        assert answer.status_code in {200, 400}, (place, answer.content[:200])
