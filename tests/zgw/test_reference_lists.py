"""The retention list, as anybody reads it: our own rows at our own addresses."""

from typing import Any

import orjson
import pytest
from django.test import Client as Http

from house import House
from zgw.clients import HOST
from zgw.test_catalogi import ROOT as CATALOGI
from zgw.test_catalogi import Types, types

ROOT = "/referentielijsten/api/v1"
__all__ = ["types"]


def get(path: str, status: int = 200) -> Any:
    response = Http().get(path.removeprefix(HOST))
    assert response.status_code == status and response.headers["API-version"]
    return orjson.loads(response.content)


def test_the_list_is_served_whole_and_by_row(house: House) -> None:
    processes = get(f"{ROOT}/procestypen")
    assert len(processes) == len({one["url"] for one in processes}) > 20
    assert get(processes[0]["url"]) == processes[0]
    assert get(f"{ROOT}/procestypen?jaar=2020") == processes and get(f"{ROOT}/procestypen?jaar=1999") == []
    first, results = get(f"{ROOT}/resultaten"), []
    while first:
        results += first["results"]
        first = get(first["next"]) if first["next"] else None
    assert len(results) == 346
    assert sum(one["bewaartermijn"] is None for one in results) == 94
    of_one = get(f"{ROOT}/resultaten?procesType={processes[0]['url']}")["results"]
    assert of_one and {one["procesType"] for one in of_one} == {processes[0]["url"]}
    assert [one["omschrijving"] for one in get(f"{ROOT}/resultaattypeomschrijvingen")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{ROOT}/procestypen/00000000-0000-0000-0000-000000000000", 404),
        (f"{ROOT}/nergens", 404),
        (f"{ROOT}/resultaten?kleur=rood", 400),
        (f"{ROOT}/resultaten?page=99", 404),
    ],
)
def test_what_is_not_there_is_a_problem(house: House, path: str, status: int) -> None:
    assert get(path, status)["status"] == status


def test_a_zaaktype_may_name_our_own_address(types: Types) -> None:
    own = next(one["url"] for one in get(f"{ROOT}/procestypen"))
    made = types.app.patch(types.zaaktype, {"selectielijstProcestype": own})
    assert made["selectielijstProcestype"] == own
    assert types.app.get(types.zaaktype)["selectielijstProcestype"] == own
    wrong = own.replace("procestypen", "resultaten")
    assert (
        types.app.ask(
            "PATCH", f"{CATALOGI}/zaaktypen/{types.zaaktype.rpartition('/')[2]}", {"selectielijstProcestype": wrong}
        ).status_code
        == 400
    )
