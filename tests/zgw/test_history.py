"""The history model of the catalogue: which versions of other types an answer shows, on which day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from raadhuis.catalogue.ztc import history, queries
from raadhuis.catalogue.ztc.actions import renew
from raadhuis.catalogue.ztc.moving import export_catalogue, import_catalogue
from raadhuis.catalogue.ztc.rendering import store
from raadhuis.catalogue.ztc.resources import RESOURCES
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from zgw.clients import HOST, Application, codes
from zgw.test_catalogi import GRANTED, RESULT, ROOT, Types


def day(number: int) -> str:
    """So many days from today."""
    return (clock.today() + timedelta(days=number)).isoformat()


def on(number: int) -> Any:
    """Noon, so many days from today."""
    there = clock.today() + timedelta(days=number)
    return clock.at(datetime(there.year, there.month, there.day, 12, tzinfo=clock.AMSTERDAM))


class Town:
    """Types that are related to one another, in versions. `begin` and `end` count days from today."""

    def __init__(self, app: Application) -> None:
        self.app, self.types = app, Types(app)

    def besluittype(self, begin: int, end: int | None = None, *, publish: bool = True, **other: Any) -> str:
        """A version of the besluittype; its address."""
        return self._version("besluittypen", begin, end, publish, **other)

    def document_type(self, begin: int, end: int | None = None, *, publish: bool = True) -> str:
        """A version of the informatieobjecttype."""
        return self._version("informatieobjecttypen", begin, end, publish)

    def zaaktype(self, begin: int, end: int | None = None, *, publish: bool = True, **other: Any) -> str:
        """A version of a zaaktype, with a document in it when `kind` names its type."""
        kind = other.pop("kind", None)
        days = {"beginGeldigheid": day(begin), "eindeGeldigheid": day(end) if end is not None else None}
        url = self.types.new_zaaktype(**{"identificatie": "ZT", **days, **other})
        if kind:
            relation = {"zaaktype": url, "informatieobjecttype": kind, "volgnummer": 1, "richting": "inkomend"}
            self.app.post(f"{ROOT}/zaaktype-informatieobjecttypen", relation)
        if publish:
            self.app.post(f"{url}/publish", {}, 200)
        return url

    def _version(self, name: str, begin: int, end: int | None, publish: bool, **other: Any) -> str:
        days = {"beginGeldigheid": day(begin), "eindeGeldigheid": day(end) if end is not None else None}
        url = str(self.types.make(name, **{**days, **other})["url"])
        if publish:
            self.app.post(f"{url}/publish", {}, 200)
        return url

    def shown(self, url: str, name: str, **query: str) -> Any:
        """An attribute of what is at an address."""
        return self.app.get(url, **query)[name]


@pytest.fixture
def town(app: Application) -> Town:
    return Town(app)


def test_a_new_version_is_shown_by_all_that_mention_it_by_name(town: Town) -> None:
    app, first = town.app, town.besluittype(-30)
    paper = town.document_type(-30)
    zaaktype = town.zaaktype(-30, besluittypen=["Besluit op aanvraag"], kind="Aanvraagformulier", publish=False)
    result = app.post(
        f"{ROOT}/resultaattypen",
        {
            "zaaktype": zaaktype,
            "omschrijving": "Verleend",
            "resultaattypeomschrijving": GRANTED,
            "selectielijstklasse": RESULT,
            "brondatumArchiefprocedure": {"afleidingswijze": "afgehandeld"},
            "besluittypen": [first],
            "informatieobjecttypen": [paper],
        },
    )["url"]
    app.post(f"{zaaktype}/publish", {}, 200)
    relation = app.get(f"{ROOT}/zaaktype-informatieobjecttypen", zaaktype=zaaktype)["results"][0]["url"]
    assert town.shown(zaaktype, "besluittypen") == town.shown(result, "besluittypen") == [first]
    assert town.shown(relation, "informatieobjecttype") == paper
    for old in (first, paper):
        app.patch(old, {"eindeGeldigheid": day(-1)})
    assert town.shown(zaaktype, "besluittypen") == town.shown(zaaktype, "informatieobjecttypen") == []
    second, sheet = town.besluittype(0, informatieobjecttypen=["Aanvraagformulier"]), town.document_type(0)
    assert town.shown(zaaktype, "besluittypen") == town.shown(result, "besluittypen") == [second]
    assert town.shown(zaaktype, "informatieobjecttypen") == town.shown(result, "informatieobjecttypen") == [sheet]
    assert town.shown(second, "informatieobjecttypen") == [sheet]
    assert town.shown(relation, "informatieobjecttype") == sheet
    # The other way round it is the name that is related, so every version tells it.
    for version in (first, second):
        assert town.shown(version, "zaaktypen") == [zaaktype]
        assert town.shown(version, "resultaattypen") == [result]
    for version in (paper, sheet):
        assert town.shown(version, "zaaktypen") == [zaaktype]
        assert town.shown(version, "zaaktypeIdentificaties") == ["ZT"]
        assert town.shown(version, "besluittypen") == [second]


def test_a_day_that_begins_shows_what_begins_without_a_write(town: Town) -> None:
    old, new = town.besluittype(-30, 0), town.besluittype(1)
    zaaktype = town.zaaktype(-30, besluittypen=[old])
    assert town.shown(zaaktype, "besluittypen") == [old]  # Its last day counts.
    before = town.app.ask("GET", zaaktype).headers["ETag"]
    with on(1):
        assert town.shown(zaaktype, "besluittypen") == [new]
        assert town.app.ask("GET", zaaktype).headers["ETag"] != before
        read = town.app.get(zaaktype)
        while renew():
            pass
        with CaptureQueriesContext(connection) as asked:
            assert town.app.get(zaaktype) == read
        assert sum("catalogue_" in one["sql"] for one in asked.captured_queries) == 1


def test_nothing_is_renewed_twice(town: Town) -> None:
    town.zaaktype(-30, besluittypen=[town.besluittype(-30, 0)])
    while renew():
        pass
    assert not renew()
    with on(1):
        assert renew()
        while renew():
            pass
        assert not renew()


def test_datum_geldigheid_of_one_zaaktype_and_of_what_hangs_on_it(town: Town) -> None:
    old, now, later = town.besluittype(-30, -10), town.besluittype(-9, 9), town.besluittype(10)
    zaaktype = town.zaaktype(-30, 20, besluittypen=[old])
    for number, expected in ((-30, old), (-10, old), (-9, now), (0, now), (9, now), (10, later), (20, later)):
        found = town.app.get(zaaktype, datumGeldigheid=day(number), expand="besluittypen")
        assert found["besluittypen"] == [expected]
        assert [one["url"] for one in found["_expand"]["besluittypen"]] == [expected]
        assert found["_expand"]["besluittypen"][0]["zaaktypen"] == [zaaktype]
    for number in (-31, 21):  # Then there is no such zaaktype.
        assert town.app.ask("GET", f"{zaaktype}?datumGeldigheid={day(number)}").status_code == 404
    wrong = town.app.ask("GET", f"{zaaktype}?datumGeldigheid=morgen")
    assert (wrong.status_code, codes(orjson.loads(wrong.content))) == (400, {"datumGeldigheid": "invalid"})


def test_datum_geldigheid_of_lists(town: Town) -> None:
    old, later = town.besluittype(-30, -10), town.besluittype(-9)
    first = town.zaaktype(-30, -20, besluittypen=["Besluit op aanvraag"])
    second = town.zaaktype(-19, besluittypen=["Besluit op aanvraag"])
    found = town.app.get(f"{ROOT}/zaaktypen", identificatie="ZT")["results"]
    assert {one["url"]: one["besluittypen"] for one in found} == {first: [later], second: [later]}
    for number, version, shown in ((-25, first, old), (-15, second, old), (0, second, later)):
        found = town.app.get(f"{ROOT}/zaaktypen", identificatie="ZT", datumGeldigheid=day(number))["results"]
        assert [(one["url"], one["besluittypen"]) for one in found] == [(version, [shown])]
        found = town.app.get(f"{ROOT}/besluittypen", catalogus=town.types.catalogus, datumGeldigheid=day(number))
        assert [(one["url"], one["zaaktypen"]) for one in found["results"]] == [(shown, [version])]
    deep = town.app.get(f"{ROOT}/zaaktypen", identificatie="ZT", datumGeldigheid=day(-15), expand="besluittypen")
    assert deep["results"][0]["_expand"]["besluittypen"][0]["url"] == old


def test_a_gap_shows_nothing_and_loses_nothing(town: Town) -> None:
    app, old = town.app, town.besluittype(-30, -10)
    paper = town.document_type(-30, -10)
    zaaktype = town.zaaktype(-30, besluittypen=[old], kind=paper)
    relation = app.get(f"{ROOT}/zaaktype-informatieobjecttypen", zaaktype=zaaktype)["results"][0]
    assert town.shown(zaaktype, "besluittypen") == town.shown(zaaktype, "informatieobjecttypen") == []
    assert town.shown(zaaktype, "besluittypeOmschrijving") == ["Besluit op aanvraag"]
    assert relation["informatieobjecttype"] == paper  # The contract lets it not be empty.
    app.patch(zaaktype, {"eindeGeldigheid": day(100)})
    new = town.besluittype(0)
    assert town.shown(zaaktype, "besluittypen") == [new]


def test_concepts_are_shown_by_concepts_alone(town: Town) -> None:
    app = town.app
    idea = town.besluittype(-5, publish=False)
    making = town.zaaktype(-30, publish=False, besluittypen=[idea])
    assert town.shown(making, "besluittypen") == [idea]
    assert town.shown(idea, "zaaktypen") == [making]
    app.post(f"{idea}/publish", {}, 200)
    assert town.shown(idea, "zaaktypen") == []  # What is definitive tells of no concept.
    app.post(f"{making}/publish", {}, 200)
    assert town.shown(idea, "zaaktypen") == [making]
    app.patch(idea, {"eindeGeldigheid": day(-1)})
    town.besluittype(0, publish=False)
    assert town.shown(making, "besluittypen") == []


def test_a_concept_shows_what_is_definitive_before_what_is_a_concept(town: Town) -> None:
    settled = town.besluittype(-30)
    making = town.zaaktype(-30, publish=False, besluittypen=["Besluit op aanvraag"])
    town.besluittype(-5, publish=False)
    assert town.shown(making, "besluittypen") == [settled]


def test_parts_and_related_zaaktypen_follow_their_name(town: Town) -> None:
    app, names = town.app, {"identificatie": "DEEL"}
    first = town.zaaktype(-30, **names)
    related = [{"zaaktype": first, "aardRelatie": "vervolg", "toelichting": ""}]
    whole = town.zaaktype(-30, gerelateerdeZaaktypen=related, publish=False)
    app.patch(whole, {"deelzaaktypen": [first]})
    app.post(f"{whole}/publish", {}, 200)
    assert town.shown(whole, "deelzaaktypen") == [first]
    app.patch(first, {"eindeGeldigheid": day(-1)})
    assert town.shown(whole, "deelzaaktypen") == town.shown(whole, "gerelateerdeZaaktypen") == []
    assert town.shown(whole, "deelzaaktypeIdentificaties") == ["DEEL"]
    second = town.zaaktype(0, **names)
    assert town.shown(whole, "deelzaaktypen") == [second]
    assert town.shown(whole, "gerelateerdeZaaktypen")[0]["zaaktype"] == second
    found = town.app.get(whole, datumGeldigheid=day(-3))
    assert found["deelzaaktypen"] == [found["gerelateerdeZaaktypen"][0]["zaaktype"]] == [first]


def test_filters_on_a_relation_go_by_name_too(town: Town) -> None:
    app, old = town.app, town.besluittype(-30, -1)
    paper = town.document_type(-30, -1)
    new, sheet = town.besluittype(0, informatieobjecttypen=[paper]), town.document_type(0)
    zaaktype = town.zaaktype(-30, besluittypen=[old], kind=paper)
    assert [one["url"] for one in app.get(f"{ROOT}/besluittypen", zaaktypen=zaaktype)["results"]] == [old, new]
    today = app.get(f"{ROOT}/besluittypen", zaaktypen=zaaktype, datumGeldigheid=day(0))
    assert [one["url"] for one in today["results"]] == [new]
    for version in (paper, sheet):
        found = app.get(f"{ROOT}/zaaktype-informatieobjecttypen", informatieobjecttype=version)["results"]
        assert [one["informatieobjecttype"] for one in found] == [sheet]
        assert app.get(f"{ROOT}/besluittypen", informatieobjecttypen=version)["count"] == 2
    assert app.get(f"{ROOT}/besluittypen", zaaktypen=town.zaaktype(-5, identificatie="ANDER"))["count"] == 0


def test_a_decision_of_todays_version_fits_a_case_of_an_old_zaaktype(town: Town) -> None:
    old = town.besluittype(-30, -1)
    zaaktype = town.zaaktype(-30, -1, besluittypen=[old])
    new = town.besluittype(0)
    found = queries.has_decision_type(_id(zaaktype), _id(new))
    assert found and town.shown(zaaktype, "besluittypen") == [new]


def test_what_moves_keeps_the_versions_it_was_related_to(town: Town) -> None:
    app, old = town.app, town.besluittype(-30, -10)
    zaaktype, new = town.zaaktype(-30, besluittypen=[old]), town.besluittype(-9)
    own = queries.catalogue("TEST", "000000000")
    out = export_catalogue(own, f"{HOST}/")
    before = {url: app.get(url) for url in (old, new, zaaktype)}
    for url in (zaaktype, old, new, town.types.zaaktype):
        app.delete(url)
    account = import_catalogue(out, ("TEST", "000000000"), SYSTEM)
    assert {line.state for line in account.lines} == {"imported"}
    assert {url: app.get(url) for url in before} == before
    held = queries.as_related("zaaktypen", [zaaktype[-36:]])[zaaktype[-36:]]
    assert [one[-36:] for one in orjson.loads(held.replace(b"\x01", b""))["besluittypen"]] == [old[-36:]]
    assert {line.state for line in import_catalogue(out, ("TEST", "000000000"), SYSTEM).lines} == {"there"}


def test_what_is_stored_is_what_would_be_made_on_that_day(town: Town) -> None:
    """On every turn of the calendar: read as stored, by datumGeldigheid, and made anew, are the same."""
    papers = [town.document_type(*days) for days in ((-30, -21), (-20, -11), (-5, 4), (8, None))]
    for begin, end in ((-30, -16), (-15, -5), (-4, 0), (1, 12)):
        town.besluittype(begin, end, informatieobjecttypen=["Aanvraagformulier"])
    for begin, end in ((-30, -12), (-11, 6), (7, None)):
        town.zaaktype(begin, end, besluittypen=["Besluit op aanvraag"], kind=papers[0])
    ids = {name: [str(one.pk) for one in RESOURCES[name].rows.all()] for name in sorted(history.DATED)}
    for number in (-31, -30, -21, -20, -16, -12, -11, -5, -1, 0, 1, 4, 5, 6, 7, 8, 12, 13):
        then = clock.today() + timedelta(days=number)
        asked = {name: queries.documents(name, ids[name], then) for name in ids}
        with on(number):
            stored = {name: queries.documents(name, ids[name]) for name in ids}
            for name in ids:
                store(RESOURCES[name], [UUID(id) for id in ids[name]])
            made = {name: queries.documents(name, ids[name]) for name in ids}
        assert asked == stored == made


def _id(url: str) -> UUID:
    return UUID(url[-36:])
