"""Taking over a register of an older version of the standard, that names itself otherwise than where it is asked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from raadhuis.adapters.registers import Register as Reading
from raadhuis.cases import models
from raadhuis.cases.takeover.run import Account, take_over
from raadhuis.cases.takeover.verifying import verify
from raadhuis.cases.takeover.walking import PHASES, Walk
from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel.alone import alone
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import NotNow
from zgw import old_register as old
from zgw.clients import HOST, Application
from zgw.old_register import OldRegister
from zgw.other_register import bases
from zgw.papers import downloaded
from zgw.register import got


@pytest.fixture
def register() -> Iterator[OldRegister]:
    """The register, as it is."""
    found = OldRegister()
    yield found
    found.close()


def reading(register: OldRegister) -> Reading:
    """To be taken over."""
    return Reading(bases(register.url), "raadhuis", old.SECRET, waits=())


def taken(register: OldRegister) -> Account:
    """What became of everything."""
    return take_over(reading(register), register.url)


def here(url: str) -> str:
    """Where a row of theirs is here."""
    return url.replace(old.OLD, HOST)


def test_it_comes_as_it_was(register: OldRegister, app: Application) -> None:
    account = taken(register)
    assert {(one.address, one.code) for one in account.findings if one.state == "refused"} == {
        (old.FALSE, "checksum-mismatch"),
        (old.BROKEN, "invalid"),
        (old.LOST, "bad-url"),
        (old.at(old.ZRC, "statussen", 42), "does_not_exist"),
    }
    zaak = got(app, here(old.WHOLE))
    assert (zaak["identificatie"], zaak["registratiedatum"], zaak["einddatum"]) == (
        "OUD-0001",
        "2019-02-03",
        "2019-04-01",
    )
    assert (zaak["archiefnominatie"], zaak["archiefactiedatum"]) == ("blijvend_bewaren", "2031-05-06")
    assert zaak["deelzaken"] == [here(old.PART)] and zaak["resultaat"] == here(old.at(old.ZRC, "resultaten", 43))
    assert zaak["relevanteAndereZaken"] == [{"url": here(old.PART), "aardRelatie": "vervolg"}]
    assert zaak["communicatiekanaal"] == "https://referentielijsten.oud.example/kanaal/1"
    assert got(app, zaak["status"])["datumStatusGezet"] == "2019-04-01T10:00:00Z"
    rol = got(app, zaak["rollen"][0])
    assert (rol["registratiedatum"], rol["betrokkeneIdentificatie"]["inpBsn"]) == ("2019-02-03T09:00:00Z", "999990755")
    assert got(app, zaak["zaakobjecten"][0])["objectIdentificatie"]["gorOpenbareRuimteNaam"] == "Oudestraat"
    assert got(app, zaak["eigenschappen"][0])["waarde"] == "blauw"
    relation = got(app, zaak["zaakinformatieobjecten"][0])
    assert relation["registratiedatum"] == "2019-02-04T08:00:00.123456Z"
    for version, words in old.WORDS.items():
        assert downloaded(app, f"{here(old.LETTER)}/download?versie={version}") == words
    assert got(app, here(old.DECISION))["zaak"] == here(old.WHOLE)
    assert len(got(app, f"/documenten/api/v1/gebruiksrechten?informatieobject={here(old.LETTER)}")) == 1
    kind = app.get(here(old.ZAAKTYPEN[0]))
    assert kind["deelzaaktypeIdentificaties"] == ["OUD-3"] and kind["concept"] is False
    assert app.get(here(old.ZAAKTYPEN[2]))["concept"] is True
    events = models.Status.objects.filter(zaak=old.WHOLE[-36:]).count()
    assert events == 2 and models.Zaak.objects.get(pk=old.WHOLE[-36:]).applicant


def test_what_was_refused_is_all_that_differs(register: OldRegister, app: Application) -> None:
    taken(register)
    found = verify(reading(register))
    assert {(one.address, one.attribute) for one in found.differences} == {
        (old.FALSE, ""),
        (old.BROKEN, ""),
        (old.LOST, ""),
        (old.at(old.ZRC, "statussen", 42), ""),
    }
    register.rows["zaken"] = register.rows["zaken"][:2]
    register.rows["statussen"] = register.rows["statussen"][:2]
    register.rows["enkelvoudiginformatieobjecten"] = register.rows["enkelvoudiginformatieobjecten"][:1]
    assert verify(reading(register)).same and taken(register).whole


def test_an_open_case_of_a_service_gets_its_tasks_and_a_closed_one_none(
    register: OldRegister, app: Application
) -> None:
    published = catalogue.published("parkeervergunning")
    kind = old.ZAAKTYPEN[0].replace(old.ZAAKTYPEN[0][-36:], str(published.zaaktype_id))
    opened, closed = (f"{old.ZRC}/zaken/{uuid7()}" for _ in range(2))
    for name in (*("statussen", "rollen", "resultaten", "zaakobjecten"), *old.PLAIN, "besluiten"):
        register.rows[name] = []
    register.rows["zaken"] = [
        old.zaak(opened, "OPEN-1", zaaktype=kind),
        old.zaak(closed, "DICHT-1", zaaktype=kind, einddatum="2019-04-01"),
    ]
    account = taken(register)
    assert account.counts["zaken"]["taken"] == 2
    assert models.Task.objects.filter(zaak=opened[-36:], open=True).exists()
    assert not models.Task.objects.filter(zaak=closed[-36:]).exists()
    row = models.Zaak.objects.get(pk=closed[-36:])
    assert row.service == "parkeervergunning" and row.teams.exists()


def test_types_go_into_the_catalogue_that_is_here_by_another_id(register: OldRegister, app: Application) -> None:
    told = {"domein": "OUD", "rsin": "159351741", "contactpersoonBeheerNaam": "Hier een ander"}
    own = app.post("/catalogi/api/v1/catalogussen", told)["url"]
    account = taken(register)
    notes = {(one.address, one.code) for one in account.findings if one.state == "note"}
    assert (old.CATALOGUS, "other-id") in notes and account.counts["catalogussen"]["there"] == 1
    assert app.get(here(old.ZAAKTYPEN[0]))["catalogus"] == own
    assert {one.resource for one in verify(reading(register)).differences} == {
        *("enkelvoudiginformatieobjecten", "zaken", "statussen")
    }


def test_a_register_that_does_not_show_all_that_it_counts_is_told(register: OldRegister, app: Application) -> None:
    register.hidden = 1
    found = {(one.resource, one.attribute) for one in verify(reading(register), group="besluiten").differences}
    assert ("besluiten", "count: 2") in found


def test_a_register_has_few_bases_however_many_rows_it_has(register: OldRegister, app: Application) -> None:
    walk = Walk(reading(register))
    seen = [row.address for phase in PHASES for batch in walk.batches(phase) for row in batch.rows[phase.path]]
    assert len(seen) > 20
    assert set(walk.addresses.bases) == {
        f"{base}/" for base in (*bases(register.url).values(), *bases(old.OLD).values())
    }


def test_one_take_over_at_a_time(register: OldRegister, app: Application) -> None:
    def also() -> None:
        try:
            taken(register)
        finally:
            connection.close()

    with alone("take-over") as mine, ThreadPoolExecutor(1) as other:
        assert mine
        with pytest.raises(NotNow):
            other.submit(also).result()
    assert not models.TakeOver.objects.exists()


def test_a_text_cannot_pass_for_an_address_of_ours(register: OldRegister, app: Application) -> None:
    row = old.zaak(f"{old.ZRC}/zaken/{uuid7()}", "TEKEN-1", omschrijving="\x01zaken/api/v1/zaken/1")
    register.rows["zaken"] = [row]
    assert [(one.address, one.attribute, one.code) for one in taken(register).findings if one.resource == "zaken"] == [
        (row["url"], "omschrijving", "control-characters")
    ]
