"""Attempts to reach by what points at it what an application may not see: each answer is that of what is not there."""

from typing import Any

import pytest

from raadhuis.cases.models import Besluit, BesluitInformatieObject, Zaak, ZaakInformatieObject
from raadhuis.clients.schema import NewRight
from raadhuis.kernel.documents import MARK
from zgw.clients import Application, codes
from zgw.estate import ABOVE, LEVEL, NOWHERE, Estate, Lot, right
from zgw.register import CASES, DECISIONS, DOCUMENTS, got, sent
from zgw.test_writing_zaken import _ADDRESS

CASE = ("zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.statussen.toevoegen")
PAPER = ("documenten.lezen", "documenten.aanmaken", "documenten.bijwerken")
DECISION = ("besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken")
EIO = f"{DOCUMENTS}/enkelvoudiginformatieobjecten"


@pytest.fixture
def estate(app: Application) -> Estate:
    return Estate(app)


@pytest.fixture
def mine(estate: Estate) -> Application:
    """An application that may do nearly all with the own type, up to the level."""
    scopes = {"zrc": CASE, "drc": PAPER, "brc": DECISION}
    rights = [right(component, one, estate.own, LEVEL) for component, several in scopes.items() for one in several]
    return Application(*rights)


@pytest.fixture
def foreigners(estate: Estate) -> list[Lot]:
    """Rows that the application may not see: of another type, and of its own above the level."""
    return [estate.lots["other"], estate.lots["above"]]


def absent(url: str) -> str:
    """The address of a row of the same kind that is not there."""
    return f"{url[:-36]}{NOWHERE.format(1)}"


def same(mine: Application, method: str, path: str, body: Any, foreign_url: str) -> Any:
    """The problem, which must be the same when the row is not there at all."""
    refused = []
    for url in (foreign_url, absent(foreign_url)):
        text = {name: _put(value, url) for name, value in body.items()}
        refused.append(sent(mine, method, path, text, 400)["invalidParams"])
    assert refused[0] == refused[1]
    return {one["name"]: one["code"] for one in refused[0]}


def _put(value: Any, url: str) -> Any:
    if isinstance(value, list):
        return [_put(one, url) for one in value]
    if isinstance(value, dict):
        return {name: _put(one, url) for name, one in value.items()}
    return url if value == "HERE" else value


def test_a_case_becomes_no_part_of_one_that_may_not_be_seen(
    estate: Estate, mine: Application, foreigners: list[Lot]
) -> None:
    for foreign in foreigners:
        hidden, own = foreign.at["fresh"], estate.lots["own"].at["fresh"]
        body = estate.own.zaak_body(vertrouwelijkheidaanduiding=LEVEL)
        before = Zaak.objects.count()
        for method, path, about in (("POST", f"{CASES}/zaken", body), ("PATCH", own, {}), ("PUT", own, body)):
            assert same(mine, method, path, {**about, "hoofdzaak": "HERE"}, hidden) == {"hoofdzaak": "no_match"}
            related = {"relevanteAndereZaken": [{"url": "HERE", "aardRelatie": "vervolg"}]}
            assert same(mine, method, path, {**about, **related}, hidden) == {"relevanteAndereZaken.0.url": "bad-url"}
        assert Zaak.objects.count() == before and got(estate.app, hidden)["deelzaken"] == []


def test_what_others_related_stays_when_a_case_is_changed(
    estate: Estate, mine: Application, foreigners: list[Lot]
) -> None:
    """Who may not see a related case may still change its own, and send back what it read."""
    for foreign in foreigners:
        own, hidden = estate.lots["own"].at["fresh"], foreign.at["fresh"]
        related = {"hoofdzaak": hidden, "relevanteAndereZaken": [{"url": hidden, "aardRelatie": "vervolg"}]}
        sent(estate.app, "PATCH", own, related, 200)
        changed = sent(mine, "PATCH", own, {"toelichting": "Meer"}, 200)
        again = sent(mine, "PATCH", own, {name: changed[name] for name in related}, 200)
        assert {name: again[name] for name in related} == related


def test_a_document_that_may_not_be_seen_comes_into_no_case_or_decision(
    estate: Estate, mine: Application, foreigners: list[Lot]
) -> None:
    """It would be shown to the applicant of the case."""
    for foreign in foreigners:
        own, hidden = estate.lots["own"].at, foreign.at["free"]
        before = ZaakInformatieObject.objects.count(), BesluitInformatieObject.objects.count()
        for path, about in (
            (f"{CASES}/zaakinformatieobjecten", {"zaak": own["zaken"]}),
            (f"{DECISIONS}/besluitinformatieobjecten", {"besluit": own["besluiten"]}),
        ):
            assert same(mine, "POST", path, {**about, "informatieobject": "HERE"}, hidden) == {
                "informatieobject": "bad-url"
            }
        assert (ZaakInformatieObject.objects.count(), BesluitInformatieObject.objects.count()) == before
    paper = {"zaak": own["zaken"], "informatieobject": own["spare"]}
    assert sent(mine, "POST", f"{CASES}/zaakinformatieobjecten", paper, 201)["informatieobject"] == own["spare"]


def test_no_decision_on_a_case_that_may_not_be_seen(estate: Estate, mine: Application, foreigners: list[Lot]) -> None:
    for foreign in foreigners:
        body, before = {**estate.lots["own"].bodies["besluiten"], "zaak": "HERE"}, Besluit.objects.count()
        found = same(mine, "POST", f"{DECISIONS}/besluiten", body, foreign.at["zaken"])
        assert found == {"zaak": "does_not_exist"} and Besluit.objects.count() == before
        hidden = {"besluit": "HERE"}
        path = f"{estate.lots['own'].at['zaken']}/besluiten"
        assert same(mine, "POST", path, hidden, foreign.at["besluiten"]) == {"besluit": "inconsistent-relation"}


def test_a_mirrored_relation_does_not_tell_what_there_is(
    estate: Estate, mine: Application, foreigners: list[Lot]
) -> None:
    for foreign in foreigners:
        own, place = estate.lots["own"].at, f"{DOCUMENTS}/objectinformatieobjecten"
        body = {"informatieobject": own["spare"], "object": "HERE", "objectType": "zaak"}
        assert same(mine, "POST", place, body, foreign.at["zaken"]) == {"object": "bad-url"}
        if foreign is estate.lots["other"]:  # Decisions have no level.
            decision = {**body, "objectType": "besluit"}
            assert same(mine, "POST", place, decision, foreign.at["besluiten"]) == {"object": "bad-url"}
        # What is the application's own is told as it is.
        known = {**body, "object": own["fresh"]}
        assert codes(sent(mine, "POST", place, known, 400)) == {"nonFieldErrors": "inconsistent-relation"}


def test_what_an_object_is_about_is_not_told_by_its_faults(
    estate: Estate, mine: Application, foreigners: list[Lot]
) -> None:
    """What is sent is read by the kind of the object that is there: for who may not see it there is none."""
    body, place = {"objectIdentificatie": {"huisnummer": "geen getal"}}, f"{CASES}/zaakobjecten"
    what = {"objectType": "adres", "objectIdentificatie": _ADDRESS}
    own = estate.app.post(place, {"zaak": estate.lots["own"].at["fresh"], **what})["url"]
    assert codes(sent(mine, "PATCH", own, body, 400))
    for foreign in foreigners:
        hidden = estate.app.post(place, {"zaak": foreign.at["fresh"], **what})["url"]
        refused = [codes(sent(mine, "PATCH", url, body, 400)) for url in (hidden, absent(hidden))]
        assert refused[0] == refused[1]


def test_a_case_is_not_moved_out_of_reach_or_into_it(estate: Estate) -> None:
    """By force a case may get another type, but only one that the application may write on, at a level that it may."""
    scopes = ("zaken.lezen", "zaken.geforceerd-bijwerken")
    forced = Application(*(right("zrc", one, estate.own, LEVEL) for one in scopes))
    own, other = estate.lots["own"].at["fresh"], estate.lots["other"]
    for change in ({"zaaktype": other.register.zaaktype}, {"vertrouwelijkheidaanduiding": ABOVE}):
        for method, body in (("PATCH", {}), ("PUT", estate.own.zaak_body())):
            assert sent(forced, method, own, {**body, **change}, 403)["code"] == "permission_denied"
    along = f"{CASES}/zaak_bijwerken/{own[-36:]}"
    assert sent(forced, "POST", along, {"zaak": {"zaaktype": other.register.zaaktype}}, 403)
    for hidden in (other.at["fresh"], estate.lots["above"].at["fresh"]):
        lowered = {"zaaktype": estate.own.zaaktype, "vertrouwelijkheidaanduiding": "openbaar"}
        assert forced.ask("PATCH", hidden, lowered, **{"Accept-Crs": "EPSG:4326"}).status_code == 404
    newer = estate.lots["newer"].register.zaaktype
    assert sent(forced, "PATCH", own, {"zaaktype": newer}, 200)["zaaktype"] == newer


def test_two_rights_do_not_make_a_third(estate: Estate) -> None:
    """One type up to a high level and another up to a low one: not the second up to the high one."""
    both = Application(
        right("zrc", "zaken.lezen", estate.lots["other"].register, "zeer_geheim"),
        right("zrc", "zaken.lezen", estate.own, LEVEL),
    )
    seen = {one["url"] for one in got(both, f"{CASES}/zaken")["results"]}
    assert estate.lots["other"].at["zaken"] in seen and estate.lots["own"].at["zaken"] in seen
    assert estate.lots["above"].at["zaken"] not in seen
    got(both, estate.lots["above"].at["zaken"], 404)


def test_a_right_for_documents_opens_no_cases_and_the_other_way_round(estate: Estate) -> None:
    own = estate.lots["own"].at
    papers, cases = (Application(*(right(c, s, estate.own, LEVEL) for s in several)) for c, several in BOTH.items())
    shown = papers.get(f"{DOCUMENTS}/objectinformatieobjecten", object=own["zaken"], expand="informatieobject")
    assert {one["object"] for one in shown} == {own["zaken"]}
    assert papers.ask("GET", own["zaken"], **{"Accept-Crs": "EPSG:4326"}).status_code == 403
    listed = f"{CASES}/zaakinformatieobjecten?zaak={own['zaken']}&expand=informatieobject,zaak.zaaktype"
    assert [set(one["_expand"]) for one in got(cases, listed)] == [{"zaak"}]
    assert cases.ask("GET", EIO).status_code == 403


BOTH = {"drc": PAPER, "zrc": CASE}


def test_a_wrong_number_of_a_right_opens_nothing(estate: Estate) -> None:
    """A right for a type that is not there, or at a level that is none, is a right for nothing."""
    nothing = Application(
        NewRight(component="zrc", scopes=["zaken.lezen"], type=f"{MARK}catalogi/api/v1/zaaktypen/x", level="geheim"),
        NewRight(component="drc", scopes=["documenten.lezen"], type="https://elders.example/x", level="geheim"),
    )
    assert got(nothing, f"{CASES}/zaken")["count"] == 0 == nothing.get(EIO)["count"]
    got(nothing, estate.hub, 404)
