"""Loading many cases from lines: the same rules as one by one, a line whole or not at all."""

from typing import Any

import orjson
import pytest

from raadhuis.cases.models import AuditRegel, Rol, Zaak
from raadhuis.cases.sealed import case_data
from raadhuis.cases.zrc import rendering
from raadhuis.cases.zrc.loading import Loaded, load
from raadhuis.catalogue.models import Eigenschap, ResultaatType
from raadhuis.clients.schema import by_command
from raadhuis.journal.models import Event
from raadhuis.kernel import clock
from raadhuis.kernel.documents import read
from raadhuis.kernel.ids import uuid7
from zgw.clients import HOST, Application
from zgw.register import Register, got


@pytest.fixture
def register(app: Application) -> Register:
    """A published zaaktype."""
    return Register(app)


def loaded(*lines: Any) -> list[Loaded]:
    """How each line fared."""
    return list(load([one if isinstance(one, bytes) else orjson.dumps(one) for one in lines], by_command(), f"{HOST}/"))


def whole(register: Register, **zaak: Any) -> dict[str, Any]:
    """A case with all that may come along, closed."""
    return {
        "zaak": register.zaak_body(**zaak),
        "rollen": [
            {
                "betrokkeneType": "natuurlijk_persoon",
                "roltype": register.initiator,
                "roltoelichting": "Aanvrager",
                "betrokkeneIdentificatie": {"inpBsn": "999990755"},
            }
        ],
        "eigenschappen": [{"eigenschap": register.eigenschap, "waarde": "12"}],
        "resultaat": {"resultaattype": register.granted},
        "statussen": [
            {"statustype": register.last, "datumStatusGezet": clock.now().isoformat()},
            {"statustype": register.first, "datumStatusGezet": f"{clock.today()}T00:00:01+01:00"},
        ],
    }


def test_a_line_is_a_case_as_if_it_was_sent(register: Register) -> None:
    id = str(uuid7())
    outcomes = loaded(whole(register, identificatie="L-1", uuid=id), register.zaak_body(identificatie="L-2"))
    assert [(one.line, one.identificatie, one.faults) for one in outcomes] == [(1, "L-1", ()), (2, "L-2", ())]
    zaak = got(register.app, f"/zaken/api/v1/zaken/{id}")
    assert zaak["einddatum"] == clock.today().isoformat() and zaak["archiefactiedatum"]
    assert len(zaak["rollen"]) == len(zaak["eigenschappen"]) == 1
    assert got(register.app, zaak["status"])["statustype"] == register.last
    assert got(register.app, zaak["rollen"][0])["betrokkeneIdentificatie"]["inpBsn"] == "999990755"
    trail = [(one["resource"], one["actie"]) for one in got(register.app, f"{zaak['url']}/audittrail")]
    assert trail[0] == ("zaak", "create") and ("status", "create") in trail and ("rol", "create") in trail
    for row in Zaak.objects.all():
        assert row.body is not None and read(row.body) == read(rendering.zaken([row])[0])
    kinds = list(Event.objects.filter(zaak=id).values_list("kind", flat=True))
    assert kinds.count("case.created") == 1 and kinds.count("case.closed") == 1


def test_what_is_wrong_is_told_by_line_and_the_rest_comes_in(register: Register) -> None:
    there = register.zaak(identificatie="L-1")
    no_result = {key: value for key, value in whole(register, identificatie="L-3").items() if key != "resultaat"}
    outcomes = loaded(
        register.zaak_body(identificatie="L-1"),
        b"{geen json",
        b"",
        no_result,
        {"zaak": register.zaak_body(), "rollen": [{"roltype": register.first}]},
        {"zaak": register.zaak_body(), "iets": 1},
        register.zaak_body(identificatie="L-7"),
        register.zaak_body(identificatie="L-7"),
        register.zaak_body(uuid=there["uuid"]),
    )
    assert {one.line: {fault.name: fault.code for fault in one.faults} for one in outcomes} == {
        1: {"zaak.identificatie": "identificatie-niet-uniek"},
        2: {"nonFieldErrors": "parse_error"},
        4: {"nonFieldErrors": "resultaat-does-not-exist"},
        5: {"rollen.0.betrokkeneType": "required", "rollen.0.roltoelichting": "required"},
        6: {"iets": "invalid"},
        7: {},
        8: {"zaak.identificatie": "identificatie-niet-uniek"},
        9: {"zaak.uuid": "unique"},
    }
    assert sorted(Zaak.objects.values_list("identificatie", flat=True)) == ["L-1", "L-7"]
    # Of the line whose last status was refused there is nothing left, nor was anything told.
    assert not Rol.objects.exists() and AuditRegel.objects.filter(bron="zrc").count() == 2
    assert Event.objects.filter(kind="case.created").count() == 2


def test_a_loaded_case_is_at_the_desk_and_in_the_portal_as_one_that_was_sent(register: Register) -> None:
    lines = whole(register, identificatie="L-1")
    (outcome,) = loaded(lines)
    zaak = Zaak.objects.get(pk=outcome.uuid)
    assert zaak.applicant and case_data(zaak)["applicant"]["bsn"] == "999990755"
    assert zaak.status_key == "" and zaak.result_key == "" and zaak.einddatum == clock.today()


def test_a_line_may_point_at_a_case_that_stands_before_it(register: Register) -> None:
    id = str(uuid7())
    outcomes = loaded(
        register.zaak_body(uuid=id, identificatie="L-1"),
        register.zaak_body(identificatie="L-2", hoofdzaak=f"{HOST}/zaken/api/v1/zaken/{id}"),
        register.zaak_body(uuid=id, identificatie="L-3"),
    )
    assert [one.faults for one in outcomes[:2]] == [(), ()]
    assert [fault.code for fault in outcomes[2].faults] == ["unique"]
    assert got(register.app, f"/zaken/api/v1/zaken/{id}")["deelzaken"] == [
        f"{HOST}/zaken/api/v1/zaken/{outcomes[1].uuid}"
    ]


def test_a_date_that_hangs_on_a_part_is_told_by_the_part_that_comes_along(register: Register) -> None:
    ResultaatType.objects.filter(pk=register.granted.rpartition("/")[2]).update(
        afleidingswijze="eigenschap", brondatum={"datumkenmerk": "kleur"}, archiefactietermijn="P1Y"
    )
    name = Eigenschap.objects.get(pk=register.eigenschap.rpartition("/")[2]).naam
    ResultaatType.objects.update(brondatum={"datumkenmerk": name})
    line = whole(register) | {"eigenschappen": [{"eigenschap": register.eigenschap, "waarde": "20260131"}]}
    (outcome,) = loaded(line)
    zaak = got(register.app, f"/zaken/api/v1/zaken/{outcome.uuid}")
    assert (zaak["startdatumBewaartermijn"], zaak["archiefactiedatum"]) == ("2026-01-31", "2027-01-31")
