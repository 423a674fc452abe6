"""The Besluiten API: decisions, and the documents in which they are laid down.

In: requests. Out: documents of decisions. Always holds: what a client may read or write is decided in one place
(`cases.brc.access`).
"""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path

from raadhuis.cases.brc import actions, queries, shapes
from raadhuis.kernel.documents import localised
from raadhuis.zgw import expand
from raadhuis.zgw.door import Api, Asked, Operation, created, doors, page, page_number, plain, resource

API = Api(prefix="besluiten/api/v1", component="brc", version="1.1.0")
_READ, _AUDIT = (queries.READ,), (queries.TRAIL,)
_ADD, _CHANGE, _REMOVE = (actions.ADD,), (actions.CHANGE,), (actions.REMOVE,)
BIO = "besluitinformatieobjecten"


def _filters(asked: Asked, parameters: dict[str, str]) -> dict[str, str]:
    return {name: localised(text, asked.host) for name, text in parameters.items() if name not in {"page", "expand"}}


def _sent(schema: str, asked: Asked, *, partly: bool = False) -> dict[str, Any]:
    asked.parameters()
    values = shapes.sent(schema, asked.body(), partial=partly)
    return {name: localised(value, asked.host) for name, value in values.items()}


def _list(asked: Asked) -> HttpResponse:
    parameters = asked.parameters(*queries.RESOURCES["besluiten"].filters, "page", "expand")
    wanted, number = expand.wanted(parameters), page_number(parameters)
    count, bodies = queries.listed(_filters(asked, parameters), asked.client, number)
    return page(asked, count, expand.expanded(asked, "besluiten", bodies, wanted), number=number)


def _relations(asked: Asked) -> HttpResponse:
    parameters = asked.parameters(*queries.RESOURCES[BIO].filters, "expand")
    wanted = expand.wanted(parameters)
    bodies = queries.relations(_filters(asked, parameters), asked.client)
    return plain(asked, expand.expanded(asked, BIO, bodies, wanted))


def _show(name: str, asked: Asked, id: UUID) -> HttpResponse:
    wanted = expand.wanted(asked.parameters("expand"))
    return resource(asked, expand.expanded(asked, name, [queries.document(name, id, asked.client)], wanted)[0])


def _create(asked: Asked) -> HttpResponse:
    return created(asked, actions.create_besluit(_sent("Besluit", asked), asked.asker))


def _change(partly: bool, asked: Asked, id: UUID) -> HttpResponse:
    sent = _sent("Besluit", asked, partly=partly)
    return resource(asked, actions.change_besluit(id, sent, asked.asker, partial=partly, still=asked.require_still))


def _remove(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    actions.remove_besluit(id, asked.asker)
    return HttpResponse(status=204)


def _add_document(asked: Asked) -> HttpResponse:
    return created(asked, actions.add_document(_sent("BesluitInformatieObject", asked), asked.asker))


def _remove_document(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    actions.remove_document(id, asked.asker)
    return HttpResponse(status=204)


def _trail(asked: Asked, besluit: UUID) -> HttpResponse:
    asked.parameters()
    return plain(asked, queries.trail_of(besluit, asked.client))


def _trail_line(asked: Asked, besluit: UUID, id: UUID) -> HttpResponse:
    asked.parameters()
    return resource(asked, queries.trail_of(besluit, asked.client, id)[0])


_BESLUITEN, _BIOS = "besluiten", BIO
urlpatterns = [
    path(_BESLUITEN, doors(API, get=Operation(_list, _READ), post=Operation(_create, _ADD)), name="zgw_brc_besluiten"),
    path(
        f"{_BESLUITEN}/<uuid:id>",
        doors(
            API,
            get=Operation(partial(_show, "besluiten"), _READ),
            put=Operation(partial(_change, False), _CHANGE),
            patch=Operation(partial(_change, True), _CHANGE),
            delete=Operation(_remove, _REMOVE),
        ),
        name="zgw_brc_besluiten_one",
    ),
    path(f"{_BESLUITEN}/<uuid:besluit>/audittrail", doors(API, get=Operation(_trail, _AUDIT)), name="zgw_brc_trail"),
    path(
        f"{_BESLUITEN}/<uuid:besluit>/audittrail/<uuid:id>",
        doors(API, get=Operation(_trail_line, _AUDIT)),
        name="zgw_brc_trail_one",
    ),
    path(_BIOS, doors(API, get=Operation(_relations, _READ), post=Operation(_add_document, _ADD)), name="zgw_brc_bio"),
    path(
        f"{_BIOS}/<uuid:id>",
        doors(API, get=Operation(partial(_show, BIO), _READ), delete=Operation(_remove_document, _REMOVE)),
        name="zgw_brc_bio_one",
    ),
]
