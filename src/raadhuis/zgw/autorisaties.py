"""The Autorisaties API: which applications there are, and what each may do.

In: requests. Out: applications as JSON. Always holds: a secret never leaves and never comes in here; an application
that may change authorisations can give itself everything, so that scope is as good as all of them.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.urls import path

from raadhuis.clients import actions, queries
from raadhuis.clients.schema import LEVELS, TYPE_OF, ApplicatieView, NewApplicatie, NewRight
from raadhuis.kernel import documents
from raadhuis.kernel.documents import address, localised, written
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Attribute, fault, read
from raadhuis.zgw.door import Api, Asked, Operation, created, doors, page, page_number, plain, resource

API = Api(prefix="autorisaties/api/v1", component="ac", version="1.1.0")
COMPONENTS = {
    "ac": "Autorisaties API",
    "nrc": "Notificaties API",
    "zrc": "Zaken API",
    "ztc": "Catalogi API",
    "drc": "Documenten API",
    "brc": "Besluiten API",
}
CONTRACT = Path(queries.__file__).with_name("contract.json")
# The contract describes what all rights share; these attributes are those of the three that are about a type.
_TYPED = (
    *(Attribute(kind="uri", name=name, most=1000) for name in TYPE_OF.values()),
    Attribute(kind="choice", name="maxVertrouwelijkheidaanduiding", options=LEVELS),
)


@lru_cache(maxsize=1)
def _attributes() -> tuple[Attribute, ...]:
    shapes = msgspec.json.decode(CONTRACT.read_bytes(), type=dict[str, tuple[Attribute, ...]])["Applicatie"]

    def with_types(one: Attribute) -> Attribute:
        if one.name != "autorisaties" or one.of is None:
            return one
        right = msgspec.structs.replace(one.of, parts=(*one.of.parts, *_TYPED))
        return msgspec.structs.replace(one, of=right)

    return tuple(with_types(one) for one in shapes)


def document(one: ApplicatieView) -> bytes:
    """An application as the standard writes it."""
    return written(
        {
            "url": address(f"{API.prefix}/applicaties", one.id),
            "clientIds": one.client_ids,
            "label": one.label,
            "heeftAlleAutorisaties": one.everything,
            "alleenIsGereedVoorPublicatie": one.only_published,
            "autorisaties": [_right(right) for right in one.rights],
        }
    )


def _right(right: NewRight) -> dict[str, Any]:
    found: dict[str, Any] = {
        "component": right.component,
        "componentWeergave": COMPONENTS[right.component],
        "scopes": right.scopes,
    }
    if right.component in TYPE_OF:
        found[TYPE_OF[right.component]] = right.type
    if right.level:
        found["maxVertrouwelijkheidaanduiding"] = right.level
    return found


def _sent(asked: Asked, *, partly: bool = False) -> dict[str, Any]:
    asked.parameters()
    values = read(_attributes(), asked.body(), partial=partly)
    return {name: localised(value, asked.host) for name, value in values.items()}


def _new(sent: Mapping[str, Any]) -> NewApplicatie:
    return NewApplicatie(
        label=sent["label"],
        client_ids=sent["clientIds"],
        everything=sent.get("heeftAlleAutorisaties", False),
        only_published=sent.get("alleenIsGereedVoorPublicatie", False),
        rights=[
            NewRight(
                component=right["component"],
                scopes=right["scopes"],
                type=right.get(TYPE_OF.get(right["component"], ""), ""),
                level=right.get("maxVertrouwelijkheidaanduiding", ""),
            )
            for right in sent.get("autorisaties", ())
        ],
    )


def _list(asked: Asked) -> HttpResponse:
    parameters = asked.parameters("clientIds", "page")
    number = page_number(parameters)
    named = parameters["clientIds"].split(",") if "clientIds" in parameters else None
    count, found = queries.applicaties(client_ids=named, page=number)
    return page(asked, count, [document(one) for one in found], number=number)


def _create(asked: Asked) -> HttpResponse:
    id = actions.add_applicatie(_new(_sent(asked)), asked.client.actor())
    return created(asked, document(_one(id)))


def _one(id: UUID) -> ApplicatieView:
    found = queries.applicatie(id)
    if found is None:
        raise Absent
    return found


def _show(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    return resource(asked, document(_one(id)))


def _consumer(asked: Asked) -> HttpResponse:
    parameters = asked.parameters("clientId")
    if not parameters.get("clientId"):
        raise fault("clientId", "required", "Dit veld is vereist.")
    _, found = queries.applicaties(client_ids=[parameters["clientId"]])
    if not found:
        raise Absent
    # The contract says a list, the text beside it one application; we hold to the contract.
    return plain(asked, [document(one) for one in found])


def _replace(asked: Asked, id: UUID) -> HttpResponse:
    actions.change_applicatie(id, _new(_sent(asked)), asked.client.actor())
    return resource(asked, document(_one(id)))


def _change(asked: Asked, id: UUID) -> HttpResponse:
    now = _one(id)
    held = documents.read(document(now))
    if "heeftAlleAutorisaties" in (sent := _sent(asked, partly=True)) and sent["heeftAlleAutorisaties"]:
        held["autorisaties"] = []
    new = _new({**held, **sent})
    if "autorisaties" not in sent and new.rights:
        new = msgspec.structs.replace(new, rights=now.rights)  # With what this API cannot say of them.
    actions.change_applicatie(id, new, asked.client.actor())
    return resource(asked, document(_one(id)))


def _remove(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    actions.remove_applicatie(id, asked.client.actor())
    return HttpResponse(status=204)


_READ, _WRITE = ("autorisaties.lezen",), ("autorisaties.bijwerken",)
_PLACE = "applicaties"
urlpatterns = [
    path(_PLACE, doors(API, get=Operation(_list, _READ), post=Operation(_create, _WRITE)), name="zgw_applicaties"),
    path(f"{_PLACE}/consumer", doors(API, get=Operation(_consumer, _READ)), name="zgw_consumer"),
    path(
        f"{_PLACE}/<uuid:id>",
        doors(
            API,
            get=Operation(_show, _READ),
            put=Operation(_replace, _WRITE),
            patch=Operation(_change, _WRITE),
            delete=Operation(_remove, _WRITE),
        ),
        name="zgw_applicaties_one",
    ),
]
