"""The retention list (selectielijst 2020), served in the shape of the national reference-list API, for everybody.

In: requests, without a token. Out: process types, results and generic names of results. Always holds: an address of
ours and one of the national server name the same row by its id; the results come in pages, the short lists whole.
"""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path

from raadhuis.catalogue.ztc import reference
from raadhuis.kernel.documents import address, written
from raadhuis.kernel.problems import Absent
from raadhuis.zgw.door import Api, Asked, Operation, doors, page, page_number, plain, resource

API = Api(prefix="referentielijsten/api/v1", component="", version="1.0.0")
PAGE = 100


def document(name: str, row: dict[str, Any]) -> bytes:
    """A row as the reference-list API writes it."""
    found = {**row, "url": address(f"{API.prefix}/{name}", row["url"])}
    if name == "resultaten":
        found["procesType"] = address(f"{API.prefix}/procestypen", row["procesType"])
        # 94 results have no term: they are kept for ever, or as long as something lasts.
        found["bewaartermijn"] = row.get("bewaartermijn")
    return written(found)


def _show(name: str, asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    row = reference.rows(name).get(str(id))
    if row is None:
        raise Absent
    return resource(asked, document(name, row))


def _whole(name: str, asked: Asked) -> HttpResponse:
    year = asked.parameters("jaar" if name == "procestypen" else "").get("jaar", "")
    rows = [row for row in reference.rows(name).values() if not year or str(row.get("jaar")) == year]
    return plain(asked, [document(name, row) for row in rows])


def _results(asked: Asked) -> HttpResponse:
    parameters = asked.parameters("procesType", "page")
    process, number = parameters.get("procesType", "").rstrip("/").rpartition("/")[2], page_number(parameters)
    rows = [row for row in reference.rows("resultaten").values() if not process or row["procesType"] == process]
    shown = rows[(number - 1) * PAGE : number * PAGE]
    return page(asked, len(rows), [document("resultaten", row) for row in shown], number=number, size=PAGE)


def _lists() -> dict[str, Operation]:
    whole = {name: Operation(partial(_whole, name), public=True) for name in reference.LISTS if name != "resultaten"}
    return {**whole, "resultaten": Operation(_results, public=True)}


urlpatterns = [
    pattern
    for name, listing in _lists().items()
    for pattern in (
        path(f"{name}", doors(API, get=listing), name=f"zgw_lists_{name}"),
        path(
            f"{name}/<uuid:id>",
            doors(API, get=Operation(partial(_show, name), public=True)),
            name=f"zgw_lists_{name}_one",
        ),
    )
]
